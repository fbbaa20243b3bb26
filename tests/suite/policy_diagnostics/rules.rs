//! Rules and prerequisites.

use insta::assert_snapshot;

use super::{HEAD, RULE, after, report, rule};

#[test]
fn no_rules() {
    assert_snapshot!(
        report(HEAD),
        @r#"
        1:1: error[missing-key]: the policy has no `rule`
          here: `rule` is missing here
          hint: a policy needs at least one table headed `[[rule]]`
        "#
    );
}

#[test]
fn an_empty_list_of_rules() {
    assert_snapshot!(
        report(&format!("rule = []\n{HEAD}")),
        @r#"
        1:8: error[no-rules]: the list of rules is empty
          here: this says nothing of any device
          hint: a policy needs at least one table headed `[[rule]]`
        "#
    );
}

#[test]
fn one_bracket_instead_of_two() {
    assert_snapshot!(
        report(&format!("{HEAD}{}", RULE.replace("[[rule]]", "[rule]"))),
        @r#"
        5:1: error[wrong-type]: `rule` is a table, expected a list of tables, each headed `[[rule]]`
          here: this is a table
        "#
    );
}

#[test]
fn rules_in_the_plural() {
    assert_snapshot!(
        report(&format!("{HEAD}{}", RULE.replace("[[rule]]", "[[rules]]"))),
        @r#"
        5:3: error[unknown-key]: unknown key `rules` in the policy
          here: did you mean `rule`?
          hint: understood: `id`, `extends`, `title`, `source`, `documented`, `hit-policy`, `prerequisite`, `rule`, `case`, `accepted`
        "#
    );
}

#[test]
fn an_unknown_key_of_a_rule() {
    assert_snapshot!(
        rule(r#"mechansim = "ClearPasscode""#),
        @r#"
        10:1: error[unknown-key]: unknown key `mechansim` in the rule
          here: did you mean `mechanism`?
          hint: understood: `id`, `when`, `then`, `scope`, `mechanism`, `needs`, `intended`, `intended-because`, `source`
        "#
    );
}

#[test]
fn an_unknown_effect() {
    assert_snapshot!(
        rule(r#"then = "remove""#),
        @r#"
        8:8: error[unknown-value]: invalid value `remove` for `then`
          here: did you mean `remove-passcode`?
          hint: understood: `reset-passcode`, `remove-passcode`, `unsupported`
        "#
    );
}

#[test]
fn an_effect_that_is_no_word() {
    assert_snapshot!(
        rule("then = true"),
        @r#"
        8:8: error[wrong-type]: `then` is a truth value, expected a string such as "reset-passcode"
          here: this is a truth value
        "#
    );
}

#[test]
fn an_unknown_scope() {
    assert_snapshot!(
        rule(r#"scope = "profile""#),
        @r#"
        10:9: error[unknown-value]: invalid value `profile` for `scope`
          here: not understood
          hint: understood: `device`, `work-profile`
        "#
    );
}

#[test]
fn an_unknown_mechanism() {
    assert_snapshot!(
        rule(r#"mechanism = "clearPasscode""#),
        @r#"
        10:13: error[unknown-value]: invalid value `clearPasscode` for `mechanism`
          here: did you mean `ClearPasscode`?
          hint: understood: `ClearPasscode`, `resetPassword`, `resetPasswordWithToken`, `LockAndResetPIN`
        "#
    );
}

#[test]
fn the_same_name_twice() {
    assert_snapshot!(
        after(RULE),
        @r#"
        11:6: error[duplicate-id]: the name `iphones` is used twice
          here: second use
          6:6: first use
        "#
    );
}

#[test]
fn the_name_of_a_prerequisite_again() {
    assert_snapshot!(
        report(&format!("{HEAD}[[prerequisite]]\nid = \"iphones\"\nholds = {{ platform = \"ios\" }}\nsource = \"step 1\"\n{RULE}")),
        @r#"
        10:6: error[duplicate-id]: the name `iphones` is used twice
          here: second use
          6:6: first use
        "#
    );
}

#[test]
fn a_prerequisite_without_conditions_and_source() {
    assert_snapshot!(
        report(&format!("{HEAD}[[prerequisite]]\nid = \"enrolled\"\nholds = {{}}\n{RULE}")),
        @r#"
        5:1: error[missing-key]: the prerequisite has no `source`
          here: `source` is missing here
        7:9: error[empty-condition]: `holds` has no conditions
          here: this would match every device
          hint: name at least one fact, for example `platform = "android"`
        "#
    );
}

#[test]
fn needs_and_mechanism_of_what_does_not_work() {
    assert_snapshot!(
        report(&(HEAD.to_owned() + &RULE.replace("remove-passcode", "unsupported") + "needs = { supervised = true }\nmechanism = \"ClearPasscode\"\n")),
        @r#"
        10:9: error[needs-of-unsupported]: a rule that gives `unsupported` cannot have `needs`
          here: nothing can be needed for what does not work
          hint: put the facts into `when`
        11:13: error[mechanism-of-unsupported]: a rule that gives `unsupported` cannot have a `mechanism`
          here: what does not work is not done in any way
          hint: remove `mechanism`
        "#
    );
}

#[test]
fn an_intended_reading_without_reason() {
    assert_snapshot!(
        rule(r#"intended = { os-version = "<7.0" }"#),
        @r#"
        10:12: error[intended-without-reason]: `intended` has no `intended-because`
          here: who says that this was meant?
          hint: add `intended-because` with the later document that shows it
        "#
    );
}

#[test]
fn a_reason_without_intended_reading() {
    assert_snapshot!(
        rule(r#"intended-because = "a later page""#),
        @r#"
        10:20: error[reason-without-intended]: `intended-because` has no `intended`
          here: a reason for what?
          hint: add `intended` with the conditions that were meant
        "#
    );
}

#[test]
fn an_intended_reading_that_says_the_same() {
    assert_snapshot!(
        after("intended = { platform = \"ios\" }\nintended-because = \"a later page\"\n"),
        @r#"
        10:12: warning[intended-as-literal]: `intended` says the same as `when`
          here: this changes nothing
          hint: remove `intended` and `intended-because`
        "#
    );
}

#[test]
fn an_intended_reading_without_words() {
    assert_snapshot!(
        after("intended = { platform = \"ipados\" }\nintended-because = \"\"\n"),
        @r#"
        11:20: error[empty-text]: `intended-because` is empty
          here: expected some words
        "#
    );
}

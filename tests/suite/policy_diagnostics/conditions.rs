//! Conditions: facts, values and modes.

use insta::assert_snapshot;

use super::rule;

#[test]
fn an_unknown_fact() {
    assert_snapshot!(
        rule(r#"when = { plattform = "ios" }"#),
        @r#"
        7:10: error[unknown-key]: unknown key `plattform` in the condition
          here: did you mean `platform`?
          hint: understood: `platform`, `management`, `os-version`, `ownership`, `supervised`, `encrypted`, `passcode-required`, `passcode-set`, `reset-token`, `unlock-token`, `management-state`, `azure-ad-joined`
        "#
    );
}

#[test]
fn an_unknown_value() {
    assert_snapshot!(
        rule(r#"when = { platform = ["andriod", "blackberry"] }"#),
        @r#"
        7:22: error[unknown-value]: invalid value `andriod` for `platform`
          here: did you mean `android`?
          hint: understood: `android`, `ios`, `ipados`, `visionos`, `watchos`, `tvos`, `macos`, `windows`, `windows-phone`, `linux`, `chromeos`
        7:33: error[unknown-value]: invalid value `blackberry` for `platform`
          here: not understood
          hint: understood: `android`, `ios`, `ipados`, `visionos`, `watchos`, `tvos`, `macos`, `windows`, `windows-phone`, `linux`, `chromeos`
        "#
    );
}

#[test]
fn a_truth_value_in_quotes() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", supervised = "true" }"#),
        @r#"
        7:41: error[wrong-type]: `supervised` is a string, expected `true` or `false`, without quotes
          here: this is a string
        "#
    );
}

#[test]
fn a_value_of_the_wrong_type() {
    assert_snapshot!(
        rule("when = { platform = 7 }"),
        @r#"
        7:21: error[wrong-type]: `platform` is an integer, expected a string such as "android"
          here: this is an integer
        "#
    );
}

#[test]
fn conditions_that_are_no_table() {
    assert_snapshot!(
        rule(r#"when = "ios""#),
        @r#"
        7:8: error[wrong-type]: `when` is a string, expected a table such as `{ platform = "android" }`
          here: this is a string
        "#
    );
}

#[test]
fn no_conditions() {
    assert_snapshot!(
        rule("when = {}"),
        @r#"
        7:8: error[empty-condition]: `when` has no conditions
          here: this would match every device
          hint: name at least one fact, for example `platform = "android"`
        "#
    );
}

#[test]
fn an_empty_list() {
    assert_snapshot!(
        rule("when = { platform = [] }"),
        @r#"
        7:21: error[empty-list]: the list is empty
          here: expected at least one value
        "#
    );
}

#[test]
fn a_condition_that_rules_out_every_value() {
    assert_snapshot!(
        rule(r#"when = { platform = "ios", supervised = { not = [true, false] } }"#),
        @r#"
        7:41: error[empty-condition]: no value of `supervised` satisfies this condition
          here: every value is ruled out
        "#
    );
}

#[test]
fn a_misspelt_not() {
    assert_snapshot!(
        rule(r#"when = { platform = { nto = ["ios"] } }"#),
        @r#"
        7:23: error[unknown-key]: unknown key `nto` in the condition
          here: did you mean `not`?
          hint: understood: `not`
        "#
    );
}

#[test]
fn a_value_twice_in_a_list() {
    assert_snapshot!(
        rule(r#"when = { platform = ["ios", "ipados", "ios"] }"#),
        @r#"
        7:39: warning[duplicate-value]: `ios` is in the list twice
          here: second time
        "#
    );
}

#[test]
fn a_mode_that_does_not_exist_on_the_platform() {
    assert_snapshot!(
        rule(r#"when = { platform = "macos", management = "personal-work-profile" }"#),
        @r#"
        7:43: error[impossible-management]: `personal-work-profile` does not exist on `macos`
          here: no such device exists
          hint: modes that exist there: `device-enrollment`, `user-enrollment`, `mdm`, `not-managed`
        "#
    );
}

#[test]
fn a_mode_that_exists_on_no_listed_platform() {
    assert_snapshot!(
        rule(r#"when = { platform = ["ios", "macos"], management = ["shared-ipad", "mdm"] }"#),
        @r#"
        7:53: error[impossible-management]: `shared-ipad` does not exist on `ios`, `macos`
          here: no such device exists
          hint: modes that exist there: `device-enrollment`, `user-enrollment`, `mdm`, `not-managed`
        "#
    );
}

#[test]
fn modes_of_which_none_is_left() {
    assert_snapshot!(
        rule(r#"when = { platform = "linux", management = { not = ["mdm", "not-managed"] } }"#),
        @r#"
        7:43: error[impossible-management]: no mode that is left exists on `linux`
          here: no such device exists
          hint: modes that exist there: `mdm`, `not-managed`
        "#
    );
}

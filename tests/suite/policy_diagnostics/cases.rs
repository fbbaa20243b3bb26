//! Cases, those that cannot be read and those that fail.

use eligibility::cases;
use eligibility::policy::PolicyDocument;
use insta::assert_snapshot;

use super::{HEAD, RULE, after, render};

/// Returns what the cases say that fail.
fn failing(case: &str) -> String {
    let text = format!("{HEAD}{RULE}{case}");
    let (policy, _) = PolicyDocument::parse(&text).expect("it is well-formed");
    cases::failures(&policy).map(|failure| render(&text, &failure.diagnostic())).collect()
}

#[test]
fn a_case_without_facts() {
    assert_snapshot!(
        after("[[case]]\nexpect = \"eligible\"\n"),
        @r#"
        10:1: error[missing-key]: the case has no `facts`
          here: `facts` is missing here
        "#
    );
}

#[test]
fn a_case_without_expectation() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\n"),
        @r#"
        10:1: error[missing-key]: the case has no `expect`
          here: `expect` is missing here
        "#
    );
}

#[test]
fn one_bracket_instead_of_two() {
    assert_snapshot!(
        after("[case]\nfacts = {}\nexpect = \"missing-facts\"\n"),
        @r#"
        10:1: error[wrong-type]: `case` is a table, expected a list of tables, each headed `[[case]]`
          here: this is a table
        "#
    );
}

#[test]
fn an_unknown_expectation() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\nexpect = \"eligable\"\n"),
        @r#"
        12:10: error[unknown-value]: invalid value `eligable` for `expect`
          here: did you mean `eligible`?
          hint: understood: `eligible`, `conditional`, `ineligible`, `missing-facts`, `no-rule-matches`, `conflict`
        "#
    );
}

#[test]
fn an_unknown_clause() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\nexpect = \"eligible\"\nrule = \"iphone\"\n"),
        @r#"
        13:8: error[unknown-value]: invalid value `iphone` for `rule`
          here: did you mean `iphones`?
          hint: understood: `iphones`
        "#
    );
}

#[test]
fn an_unknown_reading_and_scope() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\nexpect = \"eligible\"\nreading = \"litteral\"\nscope = \"devcie\"\n"),
        @r#"
        13:11: error[unknown-value]: invalid value `litteral` for `reading`
          here: did you mean `literal`?
          hint: understood: `literal`, `intended`
        14:9: error[unknown-value]: invalid value `devcie` for `scope`
          here: did you mean `device`?
          hint: understood: `device`, `work-profile`
        "#
    );
}

#[test]
fn an_unknown_mechanism() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\nexpect = \"eligible\"\nmechanism = \"resetpassword\"\n"),
        @r#"
        13:13: error[unknown-value]: invalid value `resetpassword` for `mechanism`
          here: did you mean `resetPassword`?
          hint: understood: `ClearPasscode`, `resetPassword`, `resetPasswordWithToken`, `LockAndResetPIN`, `none`
        "#
    );
}

#[test]
fn a_device_that_does_not_exist() {
    assert_snapshot!(
        after("[[case]]\nfacts = { platform = \"macos\", management = \"dedicated\" }\nexpect = \"eligible\"\n"),
        @r#"
        11:44: error[impossible-management]: `dedicated` does not exist on `macos`
          here: no such device exists
          hint: modes that exist there: `device-enrollment`, `user-enrollment`, `mdm`, `not-managed`
        "#
    );
}

#[test]
fn devices_of_which_one_does_not_exist() {
    assert_snapshot!(
        after("[[case]]\nfacts = { platform = [\"ios\", \"ipados\"], management = \"shared-ipad\" }\nexpect = \"eligible\"\n"),
        @r#"
        11:54: error[impossible-management]: `shared-ipad` does not exist on `ios`
          here: no such device exists
          hint: modes that exist there: `device-enrollment`, `user-enrollment`, `mdm`, `not-managed`
        "#
    );
}

#[test]
fn an_unknown_fact_and_a_value_of_the_wrong_type() {
    assert_snapshot!(
        after("[[case]]\nfacts = { suprvised = true, encrypted = \"yes\" }\nexpect = \"eligible\"\n"),
        @r#"
        11:11: error[unknown-key]: unknown key `suprvised` in the facts of the case
          here: did you mean `supervised`?
          hint: understood: `platform`, `management`, `os-version`, `ownership`, `supervised`, `encrypted`, `passcode-required`, `passcode-set`, `reset-token`, `unlock-token`, `management-state`, `azure-ad-joined`
        11:41: error[wrong-type]: `encrypted` is a string, expected `true` or `false`, without quotes
          here: this is a string
        "#
    );
}

#[test]
fn a_range_instead_of_a_version() {
    assert_snapshot!(
        after("[[case]]\nfacts = { os-version = [\">=7.0\", 7.1] }\nexpect = \"eligible\"\n"),
        @r#"
        11:25: error[bad-version]: `>=7.0` is not a version: expected one to four numbers joined by dots
          here: a device has one version
          hint: write a version such as `7.1.2`, or a list of versions
        11:34: error[wrong-type]: `os-version` is a float, expected a string such as "7.0"
          here: this is a float
        "#
    );
}

#[test]
fn a_rule_behind_a_gap() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\nexpect = \"no-rule-matches\"\nrule = \"iphones\"\n"),
        @r#"
        13:8: error[impossible-expectation]: a case that expects `no-rule-matches` cannot expect `rule` as well
          here: no rule gives such an answer
          hint: remove `rule`, or change `expect`
        "#
    );
}

#[test]
fn an_action_on_a_device_that_is_refused() {
    assert_snapshot!(
        after("[[case]]\nfacts = {}\nexpect = \"ineligible\"\naction = \"remove-passcode\"\nmechanism = \"none\"\n"),
        @r#"
        13:10: error[impossible-expectation]: a case that expects `ineligible` cannot expect `action` as well
          here: nothing happens to such a device
          hint: remove `action`, or change `expect`
        14:13: error[impossible-expectation]: a case that expects `ineligible` cannot expect `mechanism` as well
          here: nothing happens to such a device
          hint: remove `mechanism`, or change `expect`
        "#
    );
}

#[test]
fn a_case_that_fails() {
    assert_snapshot!(
        failing("[[case]]\nfacts = { platform = \"ipados\" }\nexpect = \"eligible\"\nrule = \"iphones\"\naction = \"remove-passcode\"\nmechanism = \"none\"\n"),
        @r#"
        10:1: error[case-failed]: a case fails: expected verdict `eligible`, got `no-rule-matches`, expected rule `iphones`, got `none`, expected action `remove-passcode`, got `none`
          here: for platform ipados
        "#
    );
}

#[test]
fn a_case_without_known_facts() {
    assert_snapshot!(
        failing("[[case]]\nfacts = {}\nexpect = \"eligible\"\n"),
        @r#"
        10:1: error[case-failed]: a case fails: expected verdict `eligible`, got `missing-facts`
          here: for a device with no known facts
        "#
    );
}

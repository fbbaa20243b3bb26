//! What is no TOML, and what is then reported of the rest of the file.

use acceptance::{read, root};
use eligibility::policy::PolicyDocument;
use insta::assert_snapshot;

use super::{HEAD, RULE, report, rule};

#[test]
fn a_text_that_is_no_toml() {
    assert_snapshot!(
        report("hello world\n"),
        @r#"
        1:7: error[syntax]: key with no value, expected `=`
          here: not valid TOML
        "#
    );
}

#[test]
fn a_string_without_its_end() {
    assert_snapshot!(
        report(&(HEAD.replace("page\"\nsource", "page\nsource") + RULE)),
        @r#"
        2:28: error[syntax]: invalid basic string, expected `"`
          here: not valid TOML
        "#
    );
}

#[test]
fn words_without_quotes() {
    assert_snapshot!(
        rule("source = first bullet"),
        @r#"
        9:10: error[syntax]: string values must be quoted, expected literal string
          here: not valid TOML
        "#
    );
}

#[test]
fn a_key_without_value() {
    assert_snapshot!(
        rule("then = "),
        @r#"
        8:8: error[syntax]: string values must be quoted, expected literal string
          here: not valid TOML
        "#
    );
}

#[test]
fn a_key_twice() {
    assert_snapshot!(
        report(&format!("{HEAD}title = \"Another\"\n{RULE}")),
        @r#"
        5:1: error[duplicate-key]: the key `title` is used twice in one table
          here: second use
        "#
    );
}

#[test]
fn a_brace_that_is_not_closed() {
    assert_snapshot!(
        report(&format!("{HEAD}{}", RULE.replace("\"ios\" }", "\"ios\""))),
        @r#"
        8:1: error[syntax]: missing comma between key-value pairs, expected `,`
          here: not valid TOML
          hint: a `{` or `[` before this place is not closed
        "#
    );
}

#[test]
fn a_list_that_is_not_closed() {
    assert_snapshot!(
        report(&format!("{HEAD}{}", RULE.replace("\"ios\" }", "[\"ios\" }"))),
        @r#"
        7:28: error[syntax]: missing comma between array elements, expected `,`
          here: not valid TOML
          hint: a `{` or `[` before this place is not closed
        "#
    );
}

#[test]
fn several_mistakes_at_once() {
    assert_snapshot!(
        report(&format!("{}{}", HEAD.replace("2018-03-29", "2018-02-30"), RULE.replace("\"first bullet\"", "first bullet").replace("platform", "plattform"))),
        @r#"
        4:14: error[bad-date]: invalid date, expected day between 01 and 28
          here: there is no such date
          hint: dates are written as year, month and day: 2018-03-29
        7:10: error[unknown-key]: unknown key `plattform` in the condition
          here: did you mean `platform`?
          hint: understood: `platform`, `management`, `os-version`, `ownership`, `supervised`, `encrypted`, `passcode-required`, `passcode-set`, `reset-token`, `unlock-token`, `management-state`, `azure-ad-joined`
        9:10: error[syntax]: string values must be quoted, expected literal string
          here: not valid TOML
        "#
    );
}

#[test]
fn one_table_instead_of_a_list_twice() {
    assert_snapshot!(
        report(&format!("{HEAD}{0}{0}", RULE.replace("[[rule]]", "[rule]"))),
        @r#"
        10:1: error[wrong-type]: `rule` is a table, expected a list of tables, each headed `[[rule]]`
          here: this is a table
        "#
    );
}

/// A text is used, or refused with reasons that point into it; nothing else can happen.
fn check(text: &str) {
    if let Err(invalid) = PolicyDocument::parse(text) {
        let problems = invalid.into_problems();
        assert!(!problems.is_empty(), "refused without a reason:\n{text}");
        for problem in problems {
            let span = problem.primary.span.clone();
            assert!(text.get(span).is_some(), "{problem:?}\n{text}");
        }
    }
}

#[test]
fn a_text_that_ends_anywhere_or_lacks_a_character_is_refused_for_a_reason_in_it() {
    let whole = read(&root().join("policies/intune/2017-08-09.toml"));
    for at in (0..whole.len()).step_by(5) {
        check(&whole[..at]);
        check(&format!("{}{}", &whole[..at], &whole[at + 1..]));
    }
}

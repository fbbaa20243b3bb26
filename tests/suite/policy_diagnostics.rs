//! Messages for mistakes in a policy file, one snapshot per mistake.
//!
//! The rendering here is plain: place, severity, code and message; then the remark at the place
//! and at other places, then the hint.

mod cases;
mod conditions;
mod mistakes;
mod rules;
mod syntax;
mod versions;

use eligibility::diagnostic::{Diagnostic, Severity, position};
use eligibility::policy::PolicyDocument;
use insta::assert_snapshot;

const HEAD: &str = r#"id = "phones"
title = "Phones of the page"
source = "https://example.com/page"
documented = 2018-03-29
"#;

const RULE: &str = r#"[[rule]]
id = "iphones"
when = { platform = "ios" }
then = "remove-passcode"
source = "first bullet"
"#;

/// Returns a text with the line of a key replaced by this one, or with the line added at the end.
fn with(text: &str, line: &str) -> String {
    let (key, _) = line.split_once(" = ").unwrap();
    let is_key = |other: &&str| other.starts_with(&format!("{key} = "));
    match text.lines().find(is_key) {
        Some(old) => text.replacen(old, line, 1),
        None => format!("{text}{line}\n"),
    }
}

/// Returns the policy of one rule in which one line of the head is another.
fn head(line: &str) -> String {
    report(&(with(HEAD, line) + RULE))
}

/// Returns the policy of one rule in which one line of the rule is another.
fn rule(line: &str) -> String {
    report(&format!("{HEAD}{}", with(RULE, line)))
}

/// Returns the policy of one rule with more behind it.
fn after(text: &str) -> String {
    report(&format!("{HEAD}{RULE}{text}"))
}

fn report(text: &str) -> String {
    let problems = match PolicyDocument::parse(text) {
        Ok((_, warnings)) => warnings,
        Err(invalid) => invalid.into_problems(),
    };
    problems.iter().map(|problem| render(text, problem)).collect()
}

fn render(text: &str, problem: &Diagnostic) -> String {
    let place = |offset| {
        let (line, column) = position(text, offset);
        format!("{line}:{column}")
    };
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let start = place(problem.primary.span.start);
    let mut lines = vec![format!("{start}: {severity}[{}]: {}", problem.code, problem.message)];
    lines.push(format!("  here: {}", problem.primary.text));
    lines.extend(
        problem.related.iter().map(|one| format!("  {}: {}", place(one.span.start), one.text)),
    );
    lines.extend(problem.hint.iter().map(|hint| format!("  hint: {hint}")));
    lines.join("\n") + "\n"
}

#[test]
fn a_policy_without_mistakes() {
    assert_snapshot!(after(""), @"");
}

#[test]
fn a_missing_key() {
    assert_snapshot!(
        report(&(HEAD.replace("title = \"Phones of the page\"\n", "") + RULE)),
        @r#"
        1:1: error[missing-key]: the policy has no `title`
          here: `title` is missing here
        "#
    );
}

#[test]
fn an_empty_file() {
    assert_snapshot!(
        report(""),
        @r#"
        1:1: error[missing-key]: the policy has no `id`
          here: `id` is missing here
        1:1: error[missing-key]: the policy has no `title`
          here: `title` is missing here
        1:1: error[missing-key]: the policy has no `source`
          here: `source` is missing here
        1:1: error[missing-key]: the policy has no `documented`
          here: `documented` is missing here
        1:1: error[missing-key]: the policy has no `rule`
          here: `rule` is missing here
          hint: a policy needs at least one table headed `[[rule]]`
        "#
    );
}

#[test]
fn an_unknown_key_of_the_policy() {
    assert_snapshot!(
        head(r#"titel = "Phones""#),
        @r#"
        5:1: error[unknown-key]: unknown key `titel` in the policy
          here: did you mean `title`?
          hint: understood: `id`, `extends`, `title`, `source`, `documented`, `hit-policy`, `prerequisite`, `rule`, `case`, `accepted`
        "#
    );
}

#[test]
fn a_misspelt_key_is_not_missing_as_well() {
    assert_snapshot!(
        report(&(HEAD.replace("title", "titel") + RULE)),
        @r#"
        2:1: error[unknown-key]: unknown key `titel` in the policy
          here: did you mean `title`?
          hint: understood: `id`, `extends`, `title`, `source`, `documented`, `hit-policy`, `prerequisite`, `rule`, `case`, `accepted`
        "#
    );
}

#[test]
fn an_unknown_hit_policy() {
    assert_snapshot!(
        head(r#"hit-policy = "uniqe""#),
        @r#"
        5:14: error[unknown-value]: invalid value `uniqe` for `hit-policy`
          here: did you mean `unique`?
          hint: understood: `unique`, `first`
        "#
    );
}

#[test]
fn a_name_with_capitals_and_spaces() {
    assert_snapshot!(
        head(r#"id = "My Policy""#),
        @r#"
        1:6: error[bad-name]: `My Policy` is no name
          here: expected lower-case letters, digits and hyphens
          hint: write `my-policy`
        "#
    );
}

#[test]
fn a_key_without_words() {
    assert_snapshot!(
        head(r#"title = "  ""#),
        @r#"
        2:9: error[empty-text]: `title` is empty
          here: expected some words
        "#
    );
}

#[test]
fn a_date_that_is_none() {
    assert_snapshot!(
        head("documented = 2018-02-30"),
        @r#"
        4:14: error[bad-date]: invalid date, expected day between 01 and 28
          here: there is no such date
          hint: dates are written as year, month and day: 2018-03-29
        "#
    );
}

#[test]
fn a_month_that_is_none() {
    assert_snapshot!(
        head("documented = 2018-13-01"),
        @r#"
        4:14: error[bad-date]: invalid date, expected month between 01 and 12
          here: there is no such date
          hint: dates are written as year, month and day: 2018-03-29
        "#
    );
}

#[test]
fn a_date_with_too_few_digits() {
    assert_snapshot!(
        head("documented = 2018-3-29"),
        @r#"
        4:14: error[bad-date]: invalid date, expected a two-digit month (MM)
          here: there is no such date
          hint: dates are written as year, month and day: 2018-03-29
        "#
    );
}

#[test]
fn a_date_in_another_order() {
    assert_snapshot!(
        head("documented = 29.03.2018"),
        @r#"
        4:14: error[wrong-type]: `documented` is a float, expected a date such as 2018-03-29, without quotes
          here: this is a float
        "#
    );
}

#[test]
fn a_date_in_quotes() {
    assert_snapshot!(
        head(r#"documented = "2018-03-29""#),
        @r#"
        4:14: error[wrong-type]: `documented` is a string, expected a date such as 2018-03-29, without quotes
          here: this is a string
        "#
    );
}

#[test]
fn a_date_with_a_time() {
    assert_snapshot!(
        head("documented = 2018-03-29T10:00:00"),
        @r#"
        4:14: error[wrong-type]: `documented` is a date with a time, expected a date such as 2018-03-29, without quotes
          here: this is a date with a time
        "#
    );
}

//! Messages for mistakes in a policy file, one snapshot per part of the file.
//!
//! The rendering here is plain: place, severity, code and message; then the remark at the place
//! and at other places, then the hint.

mod cases;
mod conditions;
mod mistakes;
mod rules;
mod syntax;

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

/// Returns reports, each below the name of its mistake.
fn listed(mistakes: &[(&str, String)]) -> String {
    let shown = mistakes.iter().map(|(name, report)| format!("# {name}\n{report}\n"));
    shown.collect()
}

#[test]
fn a_policy_without_mistakes() {
    assert_eq!(after(""), "");
}

#[test]
fn mistakes_in_the_head() {
    assert_snapshot!(listed(&[
        ("a missing key", report(&(HEAD.replace("title = \"Phones of the page\"\n", "") + RULE))),
        ("an empty file", report("")),
        ("an unknown key of the policy", head(r#"titel = "Phones""#)),
        ("a misspelt key is not missing as well", report(&(HEAD.replace("title", "titel") + RULE))),
        ("an unknown hit policy", head(r#"hit-policy = "uniqe""#)),
        ("a name with capitals and spaces", head(r#"id = "My Policy""#)),
        ("a key without words", head(r#"title = "  ""#)),
        ("a date that is none", head("documented = 2018-02-30")),
        ("a month that is none", head("documented = 2018-13-01")),
        ("a date with too few digits", head("documented = 2018-3-29")),
        ("a date in another order", head("documented = 29.03.2018")),
        ("a date in quotes", head(r#"documented = "2018-03-29""#)),
        ("a date with a time", head("documented = 2018-03-29T10:00:00")),
    ]));
}

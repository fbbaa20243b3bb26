//! Reading a file of assumptions, with all its problems at once.

use eligibility::diagnostic::{Diagnostic, InvalidDocument, Severity};
use eligibility::document::{Node, Section, Text, read_document, unknown_key, unknown_word};
use eligibility::facts::FactName;

use super::Assumptions;
use super::sample::{Draw, Share, Test, sum_is_usable};
use crate::forecast::variable::Variable;
use crate::model::Problems;
use crate::user;

pub(super) fn read(text: &str) -> Result<Assumptions, InvalidDocument> {
    let (assumptions, problems) = read_document(text, "file", |mut file, problems| {
        let title = file.require_text("title", problems).map(|title| title.value);
        let people = file.take("people").and_then(|node| node.section("people", problems));
        let timing = people.map(|section| user::Timing::read(section, problems));
        let draws = file.sections("draw", problems);
        let draws: Vec<_> =
            draws.into_iter().filter_map(|section| draw(section, problems)).collect();
        file.finish(problems);
        Assumptions {
            title: title.unwrap_or_default(),
            timing: timing.unwrap_or_default(),
            by_topic: Assumptions::places(&draws),
            draws,
            given: Vec::new(),
        }
    });
    let broken = problems.iter().any(|problem| problem.severity == Severity::Error);
    if broken { Err(InvalidDocument::new(text, problems)) } else { Ok(assumptions) }
}

fn draw(mut section: Section<'_>, problems: &mut Problems) -> Option<Draw> {
    let what = section.require_text("what", problems);
    let when = section.take("when").and_then(|node| node.section("when", problems));
    let shares = section.require("shares", problems);
    let shares = shares.and_then(|node| Some((node, node.section("shares", problems)?)));
    let origin = section.require_text("origin", problems);
    section.finish(problems);
    let what = what.and_then(|name| variable("what", &name, problems));
    let when = when.map(|mut section| {
        let entries = section.rest().into_iter();
        entries.filter_map(|(key, node)| condition(&key, node, problems)).collect()
    });
    let (what, (node, mut section)) = what.zip(shares)?;
    // Every share is read before any is missed, so that all problems are found.
    let entries = section.rest().into_iter();
    let shares: Vec<_> = entries.map(|(word, node)| share(what, &word, node, problems)).collect();
    let shares: Vec<_> = shares.into_iter().collect::<Option<_>>()?;
    if !sum_is_usable(&shares) {
        let message = format!("the shares of `{}` are nothing, or too much", what.name());
        let problem = Diagnostic::error("unusable-shares", message, node.span());
        return problem.label(format!("expected a sum from 1 to {}", u32::MAX)).report(problems);
    }
    Some(Draw { what, when: when.unwrap_or_default(), shares, origin: origin?.value })
}

fn variable(key: &str, name: &Text, problems: &mut Problems) -> Option<Variable> {
    let found = Variable::named(&name.value);
    if found.is_none() {
        let names: Vec<_> = Variable::names().collect();
        problems.push(unknown_word(key, name, &names));
    }
    found
}

fn share(what: Variable, word: &Text, node: Node<'_>, problems: &mut Problems) -> Option<Share> {
    let part = node.integer(&word.value, 0, u32::MAX.into(), problems)?;
    let value = value(what, word, problems)?;
    Some(Share { word: word.value.clone(), part: u32::try_from(part).unwrap_or(u32::MAX), value })
}

fn value(
    variable: Variable,
    word: &Text,
    problems: &mut Problems,
) -> Option<eligibility::facts::Value> {
    let found = variable.value(&word.value);
    if found.is_none() {
        problems.push(match variable {
            Variable::Fact(FactName::OsVersion) => {
                let message = format!("`{}` is no version", word.value);
                let problem = Diagnostic::error("unknown-value", message, word.span.clone());
                problem.label("expected one to four numbers")
            }
            _ => unknown_word(variable.name(), word, variable.choices()),
        });
    }
    found
}

/// Returns one key of `when`: a word, `true` or `false`, a list of words, or a bound of versions.
fn condition(key: &Text, node: Node<'_>, problems: &mut Problems) -> Option<(Variable, Test)> {
    let Some(variable) = Variable::named(&key.value) else {
        let names: Vec<_> = Variable::names().collect();
        return unknown_key("condition", key, &names).report(problems);
    };
    if variable == Variable::Fact(FactName::OsVersion)
        && let Some(text) = node.as_text()
    {
        let bound = |mark: &str| text.value.strip_prefix(mark).and_then(|rest| rest.parse().ok());
        if let Some(test) = bound("<").map(Test::Below).or(bound(">=").map(Test::From)) {
            return Some((variable, test));
        }
    }
    let nodes = node.one_or_more();
    let words = nodes.into_iter().filter_map(|node| match node.as_bool() {
        Some(truth) => Some(Text { value: truth.to_string(), span: node.span() }),
        None => node.text(variable.name(), problems),
    });
    let words: Vec<_> = words.collect();
    let values: Option<Vec<_>> = words.iter().map(|word| value(variable, word, problems)).collect();
    Some((variable, Test::OneOf(values?)))
}

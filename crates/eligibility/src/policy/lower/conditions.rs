//! The grammar of conditions: a word, a list of words, `not = […]`, or ranges of versions.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::document::{Node, Problems, Text, unknown_key, unknown_word};
use crate::facts::{ChoiceSet, FactName, FactValue, Management, Platform, Value};
use crate::policy::condition::{Condition, Conjunction, Test};
use crate::policy::version_set::{InvalidVersionSet, VersionSet};

/// Reads a table of conditions; `None` only if something was reported.
pub(in crate::policy) fn conjunction(
    node: Node<'_>,
    key: &'static str,
    problems: &mut Problems,
) -> Option<Conjunction> {
    let Some(mut section) = node.as_section(key) else {
        return node.wrong_type(key, "a table such as `{ platform = \"android\" }`", problems);
    };
    let entries = section.rest();
    if entries.is_empty() {
        let message = format!("`{key}` has no conditions");
        return Diagnostic::error("empty-condition", message, node.span())
            .label("this would match every device")
            .hint("name at least one fact, for example `platform = \"android\"`")
            .report(problems);
    }
    let read: Vec<_> =
        entries.iter().map(|(name, value)| condition(name, *value, problems)).collect();
    let conjunction = Conjunction::new(read.into_iter().collect::<Option<Vec<_>>>()?);
    impossible_modes(&conjunction, &entries, problems)?;
    Some(conjunction)
}

fn condition(name: &Text, node: Node<'_>, problems: &mut Problems) -> Option<Condition> {
    let Ok(fact) = name.value.parse::<FactName>() else {
        return unknown_key("condition", name, FactName::WORDS).report(problems);
    };
    let (inner, negated) = match node.as_section("condition") {
        None => (node, false),
        Some(mut section) => {
            let inner = section.require("not", problems);
            section.finish(problems);
            (inner?, true)
        }
    };
    let test = match fact {
        FactName::OsVersion => Test::Versions(versions(inner, negated, problems)?),
        _ => Test::Choices(choices(fact, inner, negated, problems)?),
    };
    let empty = match &test {
        Test::Versions(set) => set.is_empty(),
        Test::Choices(set) => set.is_empty(),
    };
    if empty {
        let message = format!("no value of `{fact}` satisfies this condition");
        return Diagnostic::error("empty-condition", message, node.span())
            .label("every value is ruled out")
            .report(problems);
    }
    Some(Condition { fact, test })
}

/// Returns the items of a list, or the single value in place of a list.
pub(super) fn items<'a>(node: Node<'a>, problems: &mut Problems) -> Option<Vec<Node<'a>>> {
    let items = node.one_or_more();
    if items.is_empty() {
        return Diagnostic::error("empty-list", "the list is empty", node.span())
            .label("expected at least one value")
            .report(problems);
    }
    Some(items)
}

fn choices(
    fact: FactName,
    node: Node<'_>,
    negated: bool,
    problems: &mut Problems,
) -> Option<ChoiceSet> {
    let mut seen: Vec<u8> = Vec::new();
    let mut all_read = true;
    for item in items(node, problems)? {
        match choice(fact, item, problems) {
            None => all_read = false,
            Some(choice) if seen.contains(&choice) => {
                let message =
                    format!("`{}` is in the list twice", fact.text(Value::Choice(choice)));
                problems.push(
                    Diagnostic::warning("duplicate-value", message, item.span())
                        .label("second time"),
                );
            }
            Some(choice) => seen.push(choice),
        }
    }
    let set = ChoiceSet::from_choices(seen);
    all_read.then(|| if negated { set.complement(fact.choices().len()) } else { set })
}

pub(super) fn choice(fact: FactName, node: Node<'_>, problems: &mut Problems) -> Option<u8> {
    let truth_value = fact.choices() == <bool as FactValue>::CHOICES;
    if truth_value {
        return match node.as_bool() {
            Some(value) => Some(u8::from(value)),
            None => node.wrong_type(fact.as_str(), "`true` or `false`, without quotes", problems),
        };
    }
    let text = node.unread_word(fact.as_str(), fact.choices(), problems)?;
    match fact.parse(&text.value) {
        Ok(Value::Choice(choice)) => Some(choice),
        _ => {
            let problem = unknown_word(fact.as_str(), &text, fact.choices());
            let negated = text.value.strip_prefix('!').or(text.value.strip_prefix("not "));
            problems.push(match negated.map(str::trim) {
                Some(word) => {
                    problem.hint(format!("to leave values out, write `{{ not = [\"{word}\"] }}`"))
                }
                None => problem,
            });
            None
        }
    }
}

fn versions(node: Node<'_>, negated: bool, problems: &mut Problems) -> Option<VersionSet> {
    let mut ranges = Vec::new();
    let mut all_read = true;
    for item in items(node, problems)? {
        match version_set(item, problems) {
            Some(set) => ranges.extend_from_slice(set.ranges()),
            None => all_read = false,
        }
    }
    let set = VersionSet::from_ranges(ranges);
    all_read.then(|| if negated { set.complement() } else { set })
}

fn version_set(node: Node<'_>, problems: &mut Problems) -> Option<VersionSet> {
    let Some(text) = node.as_text() else {
        let none = node.wrong_type("os-version", "a string such as \">=7.0, <8.0\"", problems);
        if let Some(problem) = problems.last_mut() {
            problem.hint = Some(
                "put it in quotes: `\"9.0\"` is one version, `\"9.x\"` a series, `\">=9.0\"` an open range"
                    .to_owned(),
            );
        }
        return none;
    };
    let error = match VersionSet::parse(&text.value) {
        Ok(set) => return Some(set),
        Err(error) => error,
    };
    let problem = match &error {
        InvalidVersionSet::Notation(_) => {
            Diagnostic::error("bad-version-range", error.to_string(), text.span)
                .label(match VersionSet::suggestion(&text.value) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "not understood".to_owned(),
                })
                .hint(
                    "a range is comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`) \
                    or a version",
                )
        }
        InvalidVersionSet::Empty(_) => {
            Diagnostic::error("impossible-version-range", error.to_string(), text.span)
                .label("the bounds leave nothing between them")
        }
    };
    problem.report(problems)
}

/// Reports modes that exist on none of the platforms named beside them; `None` if no device is
/// left at all.
///
/// Only modes that are listed count: `not = […]` naturally covers modes of other platforms.
fn impossible_modes(
    conjunction: &Conjunction,
    written: &[(Text, Node<'_>)],
    problems: &mut Problems,
) -> Option<()> {
    let (Some(modes), Some(platforms)) = (
        chosen::<Management>(conjunction, FactName::Management),
        chosen::<Platform>(conjunction, FactName::Platform),
    ) else {
        return Some(());
    };
    let exists = |mode: Management| platforms.iter().any(|platform| mode.exists_on(*platform));
    let node =
        written.iter().find(|(name, _)| name.value == "management").map(|(_, node)| *node)?;
    let listed = node.as_section("condition").is_none();
    for mode in modes.iter().filter(|mode| listed && !exists(**mode)) {
        let place = items(node, problems)?
            .into_iter()
            .find(|item| item.as_text().is_some_and(|text| text.value == mode.as_str()))?;
        problems.push(impossible_mode(*mode, &platforms, place.span()));
    }
    if !listed && !modes.iter().any(|mode| exists(*mode)) {
        let message = format!("no mode that is left exists on {}", quoted(&platforms));
        problems.push(
            Diagnostic::error("impossible-management", message, node.span())
                .label("no such device exists")
                .hint(format!("modes that exist there: {}", quoted(&modes_on(&platforms)))),
        );
    }
    modes.iter().any(|mode| exists(*mode)).then_some(())
}

/// Returns the problem of a mode that exists on none of these platforms.
pub(super) fn impossible_mode(
    mode: impl std::fmt::Display,
    platforms: &[Platform],
    place: Range<usize>,
) -> Diagnostic {
    let message = format!("`{mode}` does not exist on {}", quoted(platforms));
    Diagnostic::error("impossible-management", message, place)
        .label("no such device exists")
        .hint(format!("modes that exist there: {}", quoted(&modes_on(platforms))))
}

fn modes_on(platforms: &[Platform]) -> Vec<Management> {
    let exists = |mode: &Management| platforms.iter().any(|platform| mode.exists_on(*platform));
    Management::ALL.iter().copied().filter(exists).collect()
}

fn quoted<T: std::fmt::Display>(words: &[T]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn chosen<T: FactValue>(conjunction: &Conjunction, fact: FactName) -> Option<Vec<T>> {
    match &conjunction.on(fact)?.test {
        Test::Choices(set) => {
            set.iter().map(|choice| T::from_value(Value::Choice(choice))).collect()
        }
        Test::Versions(_) => None,
    }
}

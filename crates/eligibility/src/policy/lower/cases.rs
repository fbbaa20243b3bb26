//! The grammar of cases: facts of devices, and what the policy must say of them.

use std::ops::Range;

use super::{Problems, conditions, optional, word_or};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Section, Text, unknown_key, unknown_word};
use crate::facts::{Fact, FactName, Facts, OsVersion, Platform, SEPARATOR, Value};
use crate::policy::case::{Case, Expected};
use crate::policy::document::RuleDocument;
use crate::policy::rule::{Clause, Mechanism, Prerequisite, Reading};

/// The number of devices that the cases of a file may mean: each is decided.
const MOST_DEVICES: usize = 100_000;

/// The number of further devices that the cases of a file may mean; none once there were too many.
pub(super) struct DevicesLeft(Option<usize>);

impl DevicesLeft {
    /// Returns the count before any case.
    pub(super) fn all() -> Self {
        Self(Some(MOST_DEVICES))
    }

    /// Takes some; false if fewer are left, which is reported once.
    fn take(&mut self, devices: usize, node: Node<'_>, problems: &mut Problems) -> bool {
        let Some(before) = self.0 else { return false };
        self.0 = before.checked_sub(devices);
        if self.0.is_none() {
            let message = format!("the cases stand for more than {MOST_DEVICES} devices");
            problems.push(
                Diagnostic::error("too-many-devices", message, node.span())
                    .hint("a list means each of its values: take fewer"),
            );
        }
        self.0.is_some()
    }
}

/// The clauses that a case can name.
pub(super) struct Clauses<'a> {
    /// All names of the file, also of clauses that could not be read.
    pub(super) names: Vec<&'a str>,
    /// Some name could not be read, which was reported; a name that is not there may be that one.
    pub(super) incomplete: bool,
    pub(super) prerequisites: &'a [Prerequisite],
    pub(super) rules: &'a [RuleDocument],
}

/// Reads one case; `None` only if something was reported.
pub(super) fn case(
    mut section: Section<'_>,
    clauses: &Clauses<'_>,
    left: &mut DevicesLeft,
    problems: &mut Problems,
) -> Option<Case> {
    let span = section.span();
    let devices = section.require("facts", problems).and_then(|node| devices(node, left, problems));
    let expect = section.require("expect", problems);
    let expect: Option<Expected> = expect.and_then(|node| node.word("expect", problems));
    let reading = word_or(&mut section, "reading", Reading::Literal, problems);
    let scope = optional(section.take("scope"), |node| node.word("scope", problems));
    let rule = section.take("rule");
    let action = section.take("action");
    let mechanism = section.take("mechanism");
    if let Some(expect) = expect {
        let allowed = expect.allows();
        for (key, node, sensible) in [
            ("rule", rule, expect.has_clauses()),
            ("action", action, allowed),
            ("mechanism", mechanism, allowed),
        ] {
            if let Some(node) = node.filter(|_| !sensible) {
                problems.push(never(key, node, expect));
            }
        }
    }
    let named = optional(rule, |node| named(node, clauses, problems));
    let action = optional(action, |node| node.word("action", problems));
    let mechanism = optional(mechanism, |node| self::mechanism(node, problems));
    section.finish(problems);
    Some(Case {
        devices: devices?,
        reading: reading?,
        scope: scope?,
        expect: expect?,
        clauses: named?.unwrap_or_default(),
        action: action?,
        mechanism: mechanism?,
        span,
    })
}

/// Returns a mechanism, or `none` for a policy that names none.
#[expect(clippy::option_option, reason = "none and not understood are two answers")]
fn mechanism(node: Node<'_>, problems: &mut Problems) -> Option<Option<Mechanism>> {
    let text = node.text("mechanism", problems)?;
    if text.value == "none" {
        return Some(None);
    }
    text.value.parse().ok().map(Some).or_else(|| {
        let words: Vec<_> = Mechanism::WORDS.iter().copied().chain(["none"]).collect();
        unknown_word("mechanism", &text, &words).report(problems)
    })
}

fn never(key: &str, node: Node<'_>, expect: Expected) -> Diagnostic {
    let message = format!("a case that expects `{expect}` cannot expect `{key}` as well");
    let never = match key {
        "rule" => "no rule gives such an answer",
        _ => "nothing happens to such a device",
    };
    Diagnostic::error("impossible-expectation", message, node.span())
        .label(never)
        .hint(format!("remove `{key}`, or change `expect`"))
}

/// Returns the clauses that are named: one name, or a list.
fn named(node: Node<'_>, clauses: &Clauses<'_>, problems: &mut Problems) -> Option<Vec<Clause>> {
    let mut found = Vec::new();
    let mut all_found = true;
    for item in conditions::items(node, problems)? {
        let name = item.text("rule", problems);
        match name.and_then(|name| clauses.find(&name, problems)) {
            Some(clause) => found.push(clause),
            None => all_found = false,
        }
    }
    found.sort_unstable();
    found.dedup();
    all_found.then_some(found)
}

impl Clauses<'_> {
    /// Returns the names of clauses: one, or a list.
    pub(super) fn names(
        &self,
        node: Node<'_>,
        key: &'static str,
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        let mut names = Vec::new();
        let mut all_found = true;
        for item in conditions::items(node, problems)? {
            match item.text(key, problems) {
                Some(name) if self.names.contains(&name.value.as_str()) => names.push(name.value),
                Some(_) if self.incomplete => all_found = false,
                Some(name) => {
                    problems.push(unknown_word(key, &name, &self.names));
                    all_found = false;
                }
                None => all_found = false,
            }
        }
        all_found.then_some(names)
    }

    fn find(&self, name: &Text, problems: &mut Problems) -> Option<Clause> {
        if !self.names.contains(&name.value.as_str()) {
            if !self.incomplete {
                problems.push(unknown_word("rule", name, &self.names));
            }
            return None;
        }
        let rules = (0..).zip(self.rules).map(|(at, rule)| (&rule.id, Clause::Rule(at)));
        let prerequisites =
            (0..).zip(self.prerequisites).map(|(at, one)| (&one.id, Clause::Prerequisite(at)));
        rules.chain(prerequisites).find(|(id, _)| **id == name.value).map(|(_, clause)| clause)
    }
}

/// Returns the devices of a table of facts: one for each combination of listed values.
fn devices(node: Node<'_>, left: &mut DevicesLeft, problems: &mut Problems) -> Option<Vec<Facts>> {
    let entries = node.section("facts", problems)?.rest();
    let read: Vec<_> = entries.iter().map(|(name, value)| fact(name, *value, problems)).collect();
    let read = read.into_iter().collect::<Option<Vec<_>>>()?;
    let count = read.iter().fold(1_usize, |count, (_, values)| count.saturating_mul(values.len()));
    if !left.take(count, node, problems) {
        return None;
    }
    let mut devices = vec![Facts::default()];
    for (fact_name, values) in read {
        devices = devices
            .into_iter()
            .flat_map(|device| values.iter().map(move |value| with(device, fact_name, *value)))
            .collect();
    }
    let place = entries.iter().find(|(name, _)| name.value == "management");
    let place = place.map_or(node.span(), |(_, node)| node.span());
    let before = problems.len();
    let possible: Vec<_> =
        devices.iter().map(|device| is_possible(device, &place, before, problems)).collect();
    possible.into_iter().all(|possible| possible).then_some(devices)
}

fn with(mut device: Facts, fact_name: FactName, fact: Fact<Value>) -> Facts {
    device.set(fact_name, fact);
    device
}

/// Returns true if a device can exist; otherwise says so once for those of a case, whose problems
/// begin at `before`.
fn is_possible(
    device: &Facts,
    place: &Range<usize>,
    before: usize,
    problems: &mut Problems,
) -> bool {
    if !device.possible() {
        let may_be = |platform: &Platform| device.platform.admits(*platform);
        let platforms: Vec<_> = Platform::ALL.iter().copied().filter(may_be).collect();
        let modes = device.management;
        let problem = conditions::impossible_mode(modes, &platforms, place.clone());
        if !problems[before..].contains(&problem) {
            problems.push(problem);
        }
    }
    device.possible()
}

fn fact(
    name: &Text,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<(FactName, Vec<Fact<Value>>)> {
    let Ok(fact_name) = name.value.parse::<FactName>() else {
        return unknown_key("facts of the case", name, FactName::WORDS).report(problems);
    };
    let items = conditions::items(node, problems)?;
    let values: Vec<_> = items.into_iter().map(|item| stated(fact_name, item, problems)).collect();
    Some((fact_name, values.into_iter().collect::<Option<Vec<_>>>()?))
}

/// Reads one value, or several with the true one among them: `dedicated|fully-managed`.
fn stated(fact_name: FactName, node: Node<'_>, problems: &mut Problems) -> Option<Fact<Value>> {
    if let Some(text) = node.as_text().filter(|text| text.value.contains(SEPARATOR))
        && let Ok(fact) = fact_name.parse_fact(&text.value, SEPARATOR)
    {
        return Some(fact);
    }
    value(fact_name, node, problems).map(Fact::Known)
}

fn value(fact_name: FactName, node: Node<'_>, problems: &mut Problems) -> Option<Value> {
    if fact_name != FactName::OsVersion {
        return conditions::choice(fact_name, node, problems).map(Value::Choice);
    }
    let Some(text) = node.as_text() else {
        return node.wrong_type("os-version", "a string such as \"7.0\"", problems);
    };
    match text.value.parse::<OsVersion>() {
        Ok(version) => Some(Value::Version(version)),
        Err(error) => Diagnostic::error("bad-version", error.to_string(), text.span)
            .label("a device has one version")
            .hint("write a version such as `7.1.2`, or a list of versions")
            .report(problems),
    }
}

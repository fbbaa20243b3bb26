//! One key of an `expect` table, or an outcome that a step demands.

use std::ops::Range;

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, Text, unknown_key, unknown_word};

use super::Mode;
use crate::machine::Setup;
use crate::model::{Domain, Problems, Value};

/// The subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An observable of the device, by its place and its name.
    Observable(usize, &'static str),
    /// The outcome of the step's call under this key.
    Outcome(&'static str),
}

impl Subject {
    /// Returns the key that names it in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observable(_, name) | Self::Outcome(name) => name,
        }
    }
}

/// An expectation: a subject and its accepted values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The subject.
    pub subject: Subject,
    /// The allowed values.
    pub wanted: Wanted,
    /// Its place in the file.
    pub span: Range<usize>,
}

/// The values that will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any of these.
    AnyOf(Vec<Value>),
    /// Any but these.
    NoneOf(Vec<Value>),
    /// A number that is at least the first and at most the second.
    Between(i64, i64),
}

impl Expectation {
    /// Returns true if a value will do.
    pub fn is_met(&self, found: &Value) -> bool {
        match (&self.wanted, found) {
            (Wanted::AnyOf(values), found) => values.contains(found),
            (Wanted::NoneOf(values), found) => !values.contains(found),
            (Wanted::Between(low, high), Value::Number(found)) => (low..=high).contains(&found),
            (Wanted::Between(..), _) => false,
        }
    }
}

/// The code of a problem that is one only if every variant of the scenario has it.
pub(super) const SHOWS_NOTHING: &str = "shows-nothing";

impl Expectation {
    /// Returns true if whatever meets this expectation meets another one about the same subject.
    fn implies(&self, other: &Self) -> bool {
        let meets = |values: &[Value]| values.iter().all(|value| other.is_met(value));
        let same = self.subject == other.subject;
        same && match (&self.wanted, &other.wanted) {
            (Wanted::AnyOf(values), _) => meets(values),
            (Wanted::NoneOf(mine), Wanted::NoneOf(theirs)) => {
                theirs.iter().all(|value| mine.contains(value))
            }
            (Wanted::Between(low, high), Wanted::Between(least, most)) => {
                least <= low && high <= most
            }
            _ => false,
        }
    }

    /// Returns true if nothing that meets this expectation meets another one about the same subject.
    fn excludes(&self, other: &Self) -> bool {
        let Wanted::AnyOf(values) = &self.wanted else { return false };
        self.subject == other.subject && !values.iter().any(|value| other.is_met(value))
    }
}

/// Returns true if a claim checks nothing, whatever happens: what it expects follows from its
/// `when`, or, of one that says never, contradicts it.
pub(super) fn follows(mode: Mode, when: &[Expectation], expect: &[Expectation]) -> bool {
    let implied = |wanted: &Expectation| when.iter().any(|known| known.implies(wanted));
    let excluded = |wanted: &Expectation| when.iter().any(|known| known.excludes(wanted));
    match mode {
        Mode::Always | Mode::Eventually(_) => !expect.is_empty() && expect.iter().all(implied),
        Mode::Never => expect.iter().any(excluded),
        Mode::Sometimes => false,
    }
}

/// Reads an `expect` or `when` table.
pub(super) fn read_observables(
    setup: &Setup,
    mut section: Section<'_>,
    problems: &mut Problems,
) -> Vec<Expectation> {
    let observables = setup.observables();
    let mut expectations = Vec::new();
    let entries = section.rest();
    if entries.is_empty() {
        let problem = Diagnostic::error("no-values", "this table is empty", section.span());
        problems.push(problem.hint("name what is observed: `{ device-lock = \"pin\" }`"));
    }
    for (key, node) in entries {
        let place = observables.iter().position(|known| known.name == key.value);
        let Some(place) = place else {
            problems.push(unknown_observable(setup, &key));
            continue;
        };
        let observable = &observables[place];
        if let Some(wanted) = read_values(observable.name, observable.domain, node, problems) {
            let subject = Subject::Observable(place, observable.name);
            expectations.push(Expectation { subject, wanted, span: key.span });
        }
    }
    expectations
}

/// Reports a key of an `expect` or `when` table that no observable of the device has.
fn unknown_observable(setup: &Setup, key: &Text) -> Diagnostic {
    let name = key.value.as_str();
    let problem = |message: String| Diagnostic::error("unknown-key", message, key.span.clone());
    if setup.outcome_keys().iter().any(|outcome| outcome.name == name) {
        let message = format!("`{name}` is an outcome of a call, not an observable");
        return problem(message).hint("write it beside `do`, outside the table");
    }
    if setup.is_of_service(name) {
        let message =
            format!("`{name}` is observed at the service, which does not manage the device");
        return problem(message).hint(Setup::HOW_TO_BE_MANAGED);
    }
    let known: Vec<_> = setup.observables().iter().map(|known| known.name).collect();
    unknown_key("list of what can be observed", key, &known)
}

/// Takes the outcome keys from a step.
pub(super) fn read_outcomes(
    setup: &Setup,
    section: &mut Section<'_>,
    problems: &mut Problems,
) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for key in setup.outcome_keys() {
        let Some(node) = section.take(key.name) else { continue };
        if let Some(wanted) = read_values(key.name, key.domain, node, problems) {
            let subject = Subject::Outcome(key.name);
            expectations.push(Expectation { subject, wanted, span: node.span() });
        }
    }
    expectations
}

/// Returns the expected values; some value of the domain must be among them, and some not.
fn read_values(
    key: &'static str,
    domain: Domain,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<Wanted> {
    let wanted = read_wanted(key, domain, node, problems)?;
    let (values, is_any) = match &wanted {
        Wanted::AnyOf(values) => (values, true),
        Wanted::NoneOf(values) => (values, false),
        Wanted::Between(low, high) if low > high => {
            let message = format!("no number satisfies these comparisons of `{key}`");
            return Diagnostic::error("no-values", message, node.span()).report(problems);
        }
        Wanted::Between(low, high) => {
            let message = match domain {
                Domain::NumberFrom(least) if *high < least => {
                    format!("no number satisfies this: `{key}` is never below {least}")
                }
                Domain::NumberFrom(least) if *low <= least && *high == i64::MAX => format!(
                    "every number satisfies this: `{key}` is never below {least}, so nothing is \
                     checked"
                ),
                _ => return Some(wanted),
            };
            problems.push(Diagnostic::error("no-values", message, node.span()));
            return None;
        }
    };
    let message = if values.is_empty() {
        format!("`{key}` lists no value")
    } else if !domain.is_covered_by(values) {
        return Some(wanted);
    } else if is_any {
        format!("`{key}` may have every value that there is, so nothing is checked")
    } else {
        format!("`{key}` may have no value that there is")
    };
    Diagnostic::error("no-values", message, node.span()).report(problems)
}

fn read_wanted(
    key: &'static str,
    domain: Domain,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<Wanted> {
    if let Some(mut section) = node.as_section("expectation") {
        let Some(unwanted) = section.take("not") else {
            let message = format!("`{key}` is a table without `not`");
            let problem = Diagnostic::error("no-values", message, node.span());
            return problem.hint("any but these values: `{ not = [\"…\"] }`").report(problems);
        };
        section.finish(problems);
        return read_list(key, domain, unwanted, problems).map(Wanted::NoneOf);
    }
    let may_be_range = |text: &Text| match domain {
        Domain::Number | Domain::NumberFrom(_) => true,
        Domain::Any(_) => text.value.starts_with(['<', '>']),
        _ => false,
    };
    if let Some(text) = node.as_text().filter(may_be_range) {
        let range = read_range(&text.value);
        if range.is_none() {
            let message = format!("invalid value `{}` for `{key}`", text.value);
            let problem = Diagnostic::error("unknown-value", message, text.span);
            problems.push(problem.hint("a number, or comparisons such as `\">=2, <5\"`"));
        }
        return range;
    }
    read_list(key, domain, node, problems).map(Wanted::AnyOf)
}

/// Returns one value or a list of them.
fn read_list(
    key: &'static str,
    domain: Domain,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<Vec<Value>> {
    let nodes = node.one_or_more();
    nodes.into_iter().map(|node| read_value(key, domain, node, problems)).collect()
}

/// Comparisons with whole numbers, joined by commas: `>=2, <5`.
fn read_range(text: &str) -> Option<Wanted> {
    let (mut low, mut high) = (i64::MIN, i64::MAX);
    for part in text.split(',').map(str::trim) {
        let number = |text: &str| text.trim().parse::<i64>().ok();
        if let Some(rest) = part.strip_prefix(">=") {
            low = low.max(number(rest)?);
        } else if let Some(rest) = part.strip_prefix("<=") {
            high = high.min(number(rest)?);
        } else if let Some(rest) = part.strip_prefix('>') {
            low = low.max(number(rest)?.checked_add(1)?);
        } else if let Some(rest) = part.strip_prefix('<') {
            high = high.min(number(rest)?.checked_sub(1)?);
        } else {
            return None;
        }
    }
    Some(Wanted::Between(low, high))
}

fn read_value(
    key: &'static str,
    domain: Domain,
    node: Node<'_>,
    problems: &mut Problems,
) -> Option<Value> {
    let word = |words: &'static [&'static str], problems: &mut Problems| {
        let text = node.text(key, problems)?;
        let found = words.iter().find(|word| **word == text.value);
        let is_other_value = match domain {
            Domain::TruthOr(_) => text.value.parse::<bool>().is_ok(),
            Domain::Any(_) => {
                text.value.parse::<bool>().is_ok() || text.value.parse::<i64>().is_ok()
            }
            _ => false,
        };
        if found.is_none() {
            let mut problem = unknown_word(key, &text, words);
            if is_other_value {
                problem.hint = Some(format!("without quotes: `{key} = {}`", text.value));
            }
            problems.push(problem);
        }
        found.copied().map(Value::Word)
    };
    match domain {
        Domain::Truth => node.truth(key, problems).map(Value::Truth),
        Domain::Number => node.integer(key, i64::MIN, i64::MAX, problems).map(Value::Number),
        Domain::NumberFrom(least) => {
            let number = node.integer(key, i64::MIN, i64::MAX, problems)?;
            if number < least {
                let message = format!("invalid value `{number}` for `{key}`");
                let problem = Diagnostic::error("no-values", message, node.span());
                problems.push(problem.hint(format!("it is never below {least}")));
                return None;
            }
            Some(Value::Number(number))
        }
        Domain::Words(words) => word(words, problems),
        Domain::TruthOr(words) => match node.as_bool() {
            Some(truth) => Some(Value::Truth(truth)),
            None => word(words, problems),
        },
        Domain::Any(words) => match (node.as_bool(), node.as_integer()) {
            (Some(truth), _) => Some(Value::Truth(truth)),
            (None, Some(number)) => Some(Value::Number(number)),
            (None, None) => word(words, problems),
        },
    }
}

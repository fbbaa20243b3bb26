//! One outcome as an object; the shape that `decide` and device lists share.

use eligibility::decide::Outcome;
use eligibility::facts::{FactName, FactSet, Facts};
use eligibility::policy::Policy;
use serde::Serialize;
use serde_json::{Map, Value};

/// An outcome with everything as text.
#[derive(Serialize)]
pub(crate) struct OutcomeObject<'a> {
    pub(crate) decision: &'static str,
    pub(crate) cause: Option<&'static str>,
    pub(crate) action: Option<&'static str>,
    pub(crate) scope: Option<&'static str>,
    pub(crate) mechanism: Option<&'static str>,
    pub(crate) rule: Option<&'a str>,
    pub(crate) reasons: Vec<&'static str>,
    pub(crate) needs: Vec<&'static str>,
    pub(crate) missing: Vec<&'static str>,
}

impl<'a> OutcomeObject<'a> {
    pub(crate) fn new(policy: &'a Policy, outcome: &Outcome) -> Self {
        let mut reasons: Vec<_> =
            outcome.reasons().iter().map(|reason| reason.code.as_str()).collect();
        reasons.dedup();
        Self {
            decision: outcome.verdict().word().as_str(),
            cause: outcome.verdict().cause().map(eligibility::decide::Cause::as_str),
            action: outcome.action().map(eligibility::policy::Action::as_str),
            scope: outcome.scope().map(eligibility::policy::Scope::as_str),
            mechanism: outcome.mechanism().map(eligibility::policy::Mechanism::as_str),
            rule: outcome.rule().map(|rule| policy.rules[usize::from(rule)].id.as_str()),
            reasons,
            needs: names(outcome.needs()),
            missing: names(outcome.missing()),
        }
    }
}

/// The names of a set of facts.
pub(crate) fn names(facts: FactSet) -> Vec<&'static str> {
    facts.iter().map(FactName::as_str).collect()
}

/// The known facts by name; truth values as such, everything else as text.
pub(crate) fn facts_object(facts: &Facts) -> Map<String, Value> {
    let known = FactName::ALL.iter().filter_map(|kind| {
        let text = kind.text(facts.get(*kind).known()?);
        let value = match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::String(text),
        };
        Some((kind.to_string(), value))
    });
    known.collect()
}

/// An object as pretty JSON with a line end.
pub(crate) fn pretty(object: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(object).expect("plain data has a JSON form");
    text.push('\n');
    text
}

//! JSON objects, and the forms of values in them.

use eligibility::facts::{FactName, FactSet, Facts};
use serde::Serialize;
use serde_json::{Map, Value};

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

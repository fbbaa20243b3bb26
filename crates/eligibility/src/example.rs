//! Devices for the unit tests.

use crate::facts::{FactName, Facts, SEPARATOR};

/// Returns a device: `platform ios, os-version 17.1`.
pub(crate) fn device(text: &str) -> Facts {
    let mut facts = Facts::default();
    for part in text.split(", ").filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once(' ').expect("a fact has a value");
        let name: FactName = name.parse().expect("the fact exists");
        facts.set(name, name.parse_fact(value, SEPARATOR).expect("the value exists"));
    }
    facts
}

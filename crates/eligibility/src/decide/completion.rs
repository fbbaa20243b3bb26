//! Every device that agrees with what is known.

use crate::classes::Classes;
use crate::facts::{Fact, FactName, FactSet, Facts, Value, presumed};
use crate::policy::Policy;

/// Returns the facts that decide which rules match and are not known.
pub(super) fn open_facts(policy: &Policy, facts: &Facts) -> FactSet {
    policy.deciding_facts().iter().filter(|name| !facts.get(*name).is_known()).collect()
}

/// Returns all devices that agree with `facts`, differing in the facts that are `open` only.
pub(super) fn completions(
    policy: &Policy,
    facts: &Facts,
    open: FactSet,
) -> impl Iterator<Item = Facts> {
    let mut devices = vec![*facts];
    for name in open.iter() {
        let values = values(policy, name, facts.get(name));
        devices = devices
            .iter()
            .flat_map(|device| values.iter().map(|value| with(device, name, *value)))
            .filter(Facts::possible)
            .collect();
    }
    devices.into_iter()
}

fn with(device: &Facts, name: FactName, value: Value) -> Facts {
    let mut completed = *device;
    completed.set(name, Fact::Known(value));
    completed
}

/// Returns the values that an open fact may have: the words of its set, if it is one of a set;
/// otherwise every presumed word of a closed set, or one version for each class.
fn values(policy: &Policy, name: FactName, fact: Fact<Value>) -> Vec<Value> {
    if let Fact::OneOf(choices) = fact {
        // A stated set excludes the other words, so nothing is presumed.
        return choices.iter().map(Value::Choice).collect();
    }
    if name == FactName::OsVersion {
        return Classes::distinct(name, &policy.version_bounds()).witnesses().to_vec();
    }
    name.values().filter(|value| presumed(name, *value)).collect()
}

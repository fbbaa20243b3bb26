//! Every device that agrees with what is known.

use crate::classes::Classes;
use crate::facts::{Fact, FactName, FactSet, Facts, Value, presumed};
use crate::policy::Policy;

/// Returns the facts that decide which rules match and are not known.
pub(super) fn open_facts(policy: &Policy, facts: &Facts) -> FactSet {
    policy.deciding_facts().iter().filter(|kind| !facts.get(*kind).is_known()).collect()
}

/// Returns all devices that agree with `facts`, differing in the open facts only.
pub(super) fn completions(policy: &Policy, facts: &Facts) -> impl Iterator<Item = Facts> {
    let mut devices = vec![*facts];
    for kind in open_facts(policy, facts).iter() {
        let values = values(policy, kind, facts.get(kind));
        devices = devices
            .iter()
            .flat_map(|device| values.iter().map(|value| with(device, kind, *value)))
            .filter(Facts::possible)
            .collect();
    }
    devices.into_iter()
}

fn with(device: &Facts, kind: FactName, value: Value) -> Facts {
    let mut completed = *device;
    completed.set(kind, Fact::Known(value));
    completed
}

/// Returns the values that an open fact may have: the words of its set, if it is one of a set;
/// otherwise every presumed word of a closed set, or one version for each class.
fn values(policy: &Policy, kind: FactName, fact: Fact<Value>) -> Vec<Value> {
    if let Fact::OneOf(choices) = fact {
        // A stated set excludes the other words, so nothing is presumed.
        return choices.iter().map(Value::Choice).collect();
    }
    let classes = Classes::distinct(kind, &policy.version_bounds());
    let witnesses = classes.witnesses().iter().copied();
    witnesses.filter(|value| presumed(kind, *value)).collect()
}

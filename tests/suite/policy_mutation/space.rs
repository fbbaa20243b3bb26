//! The finite space of devices: every value of every fact that either of two policies tests,
//! and for versions one from each stretch between the bounds of both.

use std::collections::BTreeSet;

use eligibility::decide::decide;
use eligibility::facts::{Fact, FactName, Facts, OsVersion, Value};
use eligibility::policy::{Policy, PolicyDocument, Reading, Rule, Test, Truth};

/// Returns true if two policies with the same clauses decide every device alike, in both readings.
pub(super) fn same_decisions(one: &PolicyDocument, other: &PolicyDocument) -> bool {
    Reading::ALL.iter().all(|reading| same_in(&one.read(*reading), &other.read(*reading)))
}

fn same_in(one: &Policy, other: &Policy) -> bool {
    if one == other {
        return true;
    }
    let changed: Vec<(&Rule, &Rule)> =
        one.rules.iter().zip(&other.rules).filter(|(one, other)| one != other).collect();
    let only_rules = one.prerequisites == other.prerequisites;
    let holds = |rule: &Rule, device: &Facts| rule.when.truth(device) == Truth::Holds;
    // A device that neither form of a changed rule matches cannot tell the two policies apart.
    let concerned = |device: &Facts| {
        !only_rules || changed.iter().any(|(one, other)| holds(one, device) || holds(other, device))
    };
    devices(one, other)
        .filter(concerned)
        .all(|device| decide(one, &device) == decide(other, &device))
}

fn devices(one: &Policy, other: &Policy) -> impl Iterator<Item = Facts> {
    let mut devices = vec![Facts::default()];
    let deciding = one.deciding_facts().union(other.deciding_facts());
    for fact in one.facts().union(other.facts()).iter() {
        let mut values: Vec<_> = values(fact, one, other).into_iter().map(Fact::Known).collect();
        if !deciding.contains(fact) {
            values.push(Fact::Unknown);
        }
        devices = devices
            .iter()
            .flat_map(|device| values.iter().map(|value| with(*device, fact, *value)))
            .filter(Facts::possible)
            .collect();
    }
    devices.into_iter()
}

fn with(mut device: Facts, fact: FactName, value: Fact<Value>) -> Facts {
    device.set(fact, value);
    device
}

fn values(fact: FactName, one: &Policy, other: &Policy) -> Vec<Value> {
    if fact != FactName::OsVersion {
        return (0..).take(fact.choices().len()).map(Value::Choice).collect();
    }
    let mut starts = BTreeSet::from([OsVersion::MIN]);
    for condition in one.conditions().chain(other.conditions()) {
        if let Test::Versions(set) = &condition.test {
            for range in set.ranges() {
                starts.insert(range.from);
                starts.extend(range.before);
            }
        }
    }
    starts.into_iter().map(Value::Version).collect()
}

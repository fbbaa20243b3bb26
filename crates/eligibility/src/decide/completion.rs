//! Every device that agrees with what is known.

use crate::facts::{Fact, FactName, FactSet, Facts, Management, ManagementState, OsVersion, Value};
use crate::policy::Policy;

/// The facts that decide which rules match and are not known.
pub(super) fn open_facts(policy: &Policy, facts: &Facts) -> FactSet {
    policy.deciding_facts().iter().filter(|kind| !facts.get(*kind).is_known()).collect()
}

/// All devices that agree with `facts`, differing in the open facts only.
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

/// The values that an open fact may have: the words of its set, if it is one of a set; otherwise
/// one version for each stretch between the bounds that the policy uses, and every presumed word of
/// a closed set.
fn values(policy: &Policy, kind: FactName, fact: Fact<Value>) -> Vec<Value> {
    if let Fact::OneOf(choices) = fact {
        // Whoever states a set has excluded the other words, so nothing is presumed.
        return choices.iter().map(Value::Choice).collect();
    }
    if kind == FactName::OsVersion {
        let mut starts = policy.version_bounds();
        starts.insert(OsVersion::MIN);
        return starts.into_iter().map(Value::Version).collect();
    }
    let choices = 0..u8::try_from(kind.choices().len()).unwrap_or(u8::MAX);
    choices.map(Value::Choice).filter(|value| presumed(kind, *value)).collect()
}

/// Whether a device may have this value when nothing is known of the fact.
///
/// relatch is asked about devices that one manages, and about actions that nothing outranks. So
/// an unknown `management` is one of the ways to be managed, never `not-managed`; and an unknown
/// `management-state` is not a pending retire, wipe or delete. Every other value is possible.
///
/// ```
/// use eligibility::decide::presumed;
/// use eligibility::facts::FactName;
///
/// let management = |word| FactName::Management.parse(word).unwrap();
/// assert!(presumed(FactName::Management, management("dedicated")));
/// assert!(!presumed(FactName::Management, management("not-managed")));
/// ```
pub fn presumed(kind: FactName, value: Value) -> bool {
    const OUTRANKING: [ManagementState; 3] = [
        ManagementState::RetirePending,
        ManagementState::WipePending,
        ManagementState::DeletePending,
    ];
    let is = |choice: u8| value == Value::Choice(choice);
    match kind {
        FactName::Management => !is(Management::NotManaged as u8),
        FactName::ManagementState => !OUTRANKING.iter().any(|state| is(*state as u8)),
        _ => true,
    }
}

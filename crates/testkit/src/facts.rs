//! Random facts.

use eligibility::decide::presumed;
use eligibility::facts::{Fact, FactName, Facts, OsVersion, Value};
use proptest::prelude::*;

/// Any value of a fact; versions are near those that policies name.
pub fn any_value(kind: FactName) -> BoxedStrategy<Value> {
    if kind == FactName::OsVersion {
        let version = (0_u32..12, 0_u32..3, 0_u32..3, 0_u32..2);
        return version
            .prop_map(|(major, minor, patch, build)| {
                Value::Version(OsVersion::new([major, minor, patch, build]))
            })
            .boxed();
    }
    (0..kind.choices().len())
        .prop_map(|choice| Value::Choice(u8::try_from(choice).expect("closed sets are small")))
        .boxed()
}

/// Any facts of a device that can exist; each is unknown once in four times.
pub fn any_facts() -> impl Strategy<Value = Facts> {
    let each: Vec<_> = FactName::ALL
        .iter()
        .map(|kind| prop_oneof![3 => any_value(*kind).prop_map(Fact::Known), 1 => Just(Fact::Unknown)])
        .collect();
    each.prop_map(|values| {
        let mut facts = Facts::default();
        for (kind, value) in FactName::ALL.iter().zip(values) {
            facts.set(*kind, value);
            if !facts.possible() {
                facts.set(*kind, Fact::Unknown);
            }
        }
        facts
    })
}

/// Facts, and the same facts with some of them forgotten; only what is presumed of an unknown
/// fact is forgotten.
pub fn less_known() -> impl Strategy<Value = (Facts, Facts)> {
    (any_facts(), proptest::collection::vec(any::<bool>(), FactName::ALL.len())).prop_map(
        |(facts, forget)| {
            let mut less = facts;
            for (kind, forget) in FactName::ALL.iter().zip(forget) {
                let value = facts.get(*kind).known();
                if forget && value.is_some_and(|value| presumed(*kind, value)) {
                    less.set(*kind, Fact::Unknown);
                }
            }
            (facts, less)
        },
    )
}

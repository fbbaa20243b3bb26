//! Random facts.

use eligibility::facts::{ChoiceSet, Fact, FactName, Facts, OsVersion, Value, presumed};
use proptest::prelude::*;

/// Returns any value of a fact; versions are near those that policies name.
fn any_value(name: FactName) -> BoxedStrategy<Value> {
    if name == FactName::OsVersion {
        let version = (0_u32..12, 0_u32..3, 0_u32..3, 0_u32..2);
        return version
            .prop_map(|(major, minor, patch, build)| {
                Value::Version(OsVersion::new([major, minor, patch, build]))
            })
            .boxed();
    }
    (0..name.choices().len())
        .prop_map(|choice| Value::Choice(u8::try_from(choice).expect("closed sets are small")))
        .boxed()
}

/// Anything that can be known of a fact: a value, a set of values, or nothing.
fn any_fact(name: FactName) -> BoxedStrategy<Fact<Value>> {
    let unknown = Just(Fact::Unknown);
    let known = any_value(name).prop_map(Fact::Known);
    if name == FactName::OsVersion {
        return prop_oneof![3 => known, 1 => unknown].boxed();
    }
    prop_oneof![6 => known, 1 => any_set(name), 2 => unknown].boxed()
}

/// Returns any two or more words of a fact.
fn any_set(name: FactName) -> impl Strategy<Value = Fact<Value>> {
    let words = u8::try_from(name.choices().len()).expect("closed sets are small");
    let words: Vec<_> = (0..words).collect();
    let most = words.len();
    proptest::sample::subsequence(words, 2..=most)
        .prop_map(|words| Fact::OneOf(ChoiceSet::from_choices(words)))
}

/// Returns any facts of a device that can exist; some are unknown, some are one of a set.
pub fn any_facts() -> impl Strategy<Value = Facts> {
    let each: Vec<_> = FactName::ALL.iter().map(|name| any_fact(*name)).collect();
    each.prop_map(|values| {
        let mut facts = Facts::default();
        for (name, value) in FactName::ALL.iter().zip(values) {
            facts.set(*name, value);
            if !facts.possible() {
                facts.set(*name, Fact::Unknown);
            }
        }
        facts
    })
}

/// Facts, and the same facts with some of them forgotten, or known to be one of a set only; only
/// what is presumed of an unknown fact is forgotten.
pub fn less_known() -> impl Strategy<Value = (Facts, Facts)> {
    let forget =
        proptest::collection::vec((any::<bool>(), any::<Option<u16>>()), FactName::ALL.len());
    (any_facts(), forget).prop_map(|(facts, forget)| {
        let mut less = facts;
        for (name, (forget, others)) in FactName::ALL.iter().zip(forget) {
            match (facts.get(*name).known(), others) {
                (Some(value), None) if forget && presumed(*name, value) => {
                    less.set(*name, Fact::Unknown);
                }
                (Some(Value::Choice(choice)), Some(others)) if forget => {
                    let words = 0..u8::try_from(name.choices().len()).expect("they are few");
                    let set = words.filter(|word| *word == choice || others >> word & 1 == 1);
                    less.set(*name, Fact::OneOf(ChoiceSet::from_choices(set)));
                }
                _ => {}
            }
        }
        (facts, less)
    })
}

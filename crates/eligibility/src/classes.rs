//! Classes of the values of one fact, and cells: combinations of classes.
//!
//! The space of devices is infinite only because versions are. Two values belong to one *class* if
//! no condition in question distinguishes them; a *cell* is one class, or unknown, for each fact. A
//! decision is the same for every device of a cell, so whatever holds for the witness of each cell
//! holds for all devices. Completions, the analysis of policies, the counting of fleets and decision
//! trees for other engines all use these two notions.

mod bit_set;
mod cells;
mod tree;

pub(crate) use bit_set::BitSet;
pub use cells::Cells;
pub use tree::{Branch, TooManyCells, Tree};

use std::collections::BTreeSet;

use crate::facts::{
    ChoiceSet, Fact, FactName, FactValue, Management, OsVersion, Platform, Value, presumed,
};
use crate::policy::{Condition, Test, VersionRange, VersionSet};

/// The classes of the values of one fact, numbered from 0.
///
/// ```
/// use eligibility::classes::Classes;
/// use eligibility::facts::FactName;
///
/// let classes = Classes::distinct(FactName::OsVersion, &["7.0".parse()?].into());
/// let class = |version: &str| classes.class(FactName::OsVersion.parse(version).unwrap());
/// assert_eq!(classes.len(), 2);
/// assert_eq!(class("6.0"), class("6.0.1"));
/// assert_ne!(class("6.0.1"), class("7.0"));
/// # Ok::<(), eligibility::facts::InvalidVersion>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classes {
    fact: FactName,
    /// The first version of each interval between bounds; empty unless the fact is `os-version`.
    starts: Vec<OsVersion>,
    /// The class of each word of the closed set, or of each interval.
    numbers: Vec<u16>,
    /// The first value of each class.
    witnesses: Vec<Value>,
}

impl Classes {
    /// Creates the finest classes: each word, and each interval between bounds, is one.
    pub fn distinct(fact: FactName, bounds: &BTreeSet<OsVersion>) -> Self {
        Self::new(fact, bounds, |_, index| index)
    }

    /// Creates the coarsest classes that these conditions allow.
    ///
    /// Two values share a class if every condition accepts both or neither, if both or neither are
    /// presumed of an unknown fact (see [`presumed`]), and, for platforms and management modes, if
    /// they exist together with the same values of the other: then exchanging one for the other
    /// changes no decision.
    pub(crate) fn merged(fact: FactName, conditions: &[&Condition]) -> Self {
        let conditions: Vec<_> = conditions.iter().filter(|one| one.fact == fact).collect();
        let bounds = conditions.iter().flat_map(|condition| condition.bounds()).collect();
        Self::new(fact, &bounds, |value, _| {
            let accepted: Vec<_> = conditions.iter().map(|one| one.accepts(value)).collect();
            (accepted, coexisting(fact, value), presumed(fact, value))
        })
    }

    /// Numbers the classes of values with equal traits in the order of their first values.
    fn new<T: PartialEq>(
        fact: FactName,
        bounds: &BTreeSet<OsVersion>,
        traits: impl Fn(Value, usize) -> T,
    ) -> Self {
        let later = bounds.iter().copied().filter(|bound| *bound != OsVersion::MIN);
        let starts = std::iter::once(OsVersion::MIN).chain(later);
        let starts: Vec<_> = starts.filter(|_| fact == FactName::OsVersion).collect();
        let values: Vec<_> = match fact {
            FactName::OsVersion => starts.iter().copied().map(Value::Version).collect(),
            _ => fact.values().collect(),
        };
        let mut numbers = Vec::with_capacity(values.len());
        let (mut witnesses, mut seen) = (Vec::new(), Vec::new());
        for (index, value) in values.into_iter().enumerate() {
            let traits = traits(value, index);
            let class = seen.iter().position(|other| *other == traits).unwrap_or_else(|| {
                seen.push(traits);
                witnesses.push(value);
                seen.len() - 1
            });
            numbers.push(u16::try_from(class).expect("policies have fewer bounds"));
        }
        Self { fact, starts, numbers, witnesses }
    }

    /// Returns the fact.
    pub fn fact(&self) -> FactName {
        self.fact
    }

    /// Returns the number of classes, at least one.
    #[allow(clippy::len_without_is_empty, reason = "there is always a class")]
    pub fn len(&self) -> usize {
        self.witnesses.len()
    }

    /// Returns the class of a value of this fact.
    pub fn class(&self, value: Value) -> usize {
        let index = match value {
            Value::Choice(choice) => usize::from(choice),
            // The first interval starts at the smallest version, so one starts at or before it.
            Value::Version(version) => self.starts.partition_point(|start| *start <= version) - 1,
        };
        self.numbers[index].into()
    }

    /// Returns a fact with the witness of its class in place of a known value.
    ///
    /// A set stays as it is: that a platform is open shows in what is missing, even if all that it
    /// may be belong to one class.
    pub fn representative(&self, fact: Fact<Value>) -> Fact<Value> {
        match fact {
            Fact::Known(value) => Fact::Known(self.witness(self.class(value))),
            Fact::OneOf(_) | Fact::Unknown => fact,
        }
    }

    /// Returns a value of a class.
    pub fn witness(&self, class: usize) -> Value {
        self.witnesses[class]
    }

    /// Returns a value of each class.
    pub fn witnesses(&self) -> &[Value] {
        &self.witnesses
    }

    /// Returns the first version of each interval that conditions distinguish, with its class, in
    /// their order; nothing unless the fact is `os-version`.
    pub fn intervals(&self) -> impl Iterator<Item = (OsVersion, usize)> {
        self.starts.iter().copied().zip(self.numbers.iter().map(|class| usize::from(*class)))
    }

    /// Returns the classes that satisfy a condition on this fact.
    pub(crate) fn accepted(&self, condition: &Condition) -> BitSet {
        let mut classes = BitSet::none(self.len());
        for (class, witness) in self.witnesses.iter().enumerate() {
            if condition.accepts(*witness) {
                classes.insert(class);
            }
        }
        classes
    }

    /// Returns the test that exactly the values of some classes satisfy.
    pub(crate) fn test(&self, classes: &BitSet) -> Test {
        let inside = (0_u8..).zip(&self.numbers);
        let inside = inside.filter(|(_, class)| classes.contains((**class).into()));
        if self.fact == FactName::OsVersion {
            let numbers = self.numbers.iter().enumerate();
            let inside = numbers.filter(|(_, class)| classes.contains((**class).into()));
            let ranges = inside.map(|(index, _)| VersionRange {
                from: self.starts[index],
                before: self.starts.get(index + 1).copied(),
            });
            return Test::Versions(VersionSet::from_ranges(ranges));
        }
        Test::Choices(ChoiceSet::from_choices(inside.map(|(choice, _)| choice)))
    }
}

/// Returns the management modes that exist on a platform, and the other way round.
fn coexisting(fact: FactName, value: Value) -> ChoiceSet {
    match (Platform::from_value(value), Management::from_value(value)) {
        (Some(platform), _) if fact == FactName::Platform => {
            positions(Management::ALL.iter().map(|mode| mode.exists_on(platform)))
        }
        (_, Some(mode)) if fact == FactName::Management => {
            positions(Platform::ALL.iter().map(|platform| mode.exists_on(*platform)))
        }
        _ => positions(std::iter::empty()),
    }
}

/// Returns the positions of what is true.
fn positions(all: impl Iterator<Item = bool>) -> ChoiceSet {
    let those = (0..).zip(all).filter(|(_, is_true)| *is_true);
    ChoiceSet::from_choices(those.map(|(position, _)| position))
}

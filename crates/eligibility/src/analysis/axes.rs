//! The axes of the space: one for each fact that a policy asks for, cut where any policy cuts it.

use std::collections::BTreeSet;

use super::atoms::Atoms;
use crate::facts::{ChoiceSet, FactName, FactSet, Management, OsVersion, Platform, Value};
use crate::policy::{Condition, Policy, Test, VersionRange, VersionSet};

/// One fact, in pieces: its words, or the stretches of versions between bounds.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) fact: FactName,
    /// The first version of each stretch; empty unless the fact is `os-version`.
    starts: Vec<OsVersion>,
}

impl Axis {
    /// How many pieces there are.
    pub(super) fn size(&self) -> usize {
        if self.fact == FactName::OsVersion { self.starts.len() } else { self.fact.choices().len() }
    }

    /// A value in a piece.
    pub(super) fn value(&self, atom: usize) -> Value {
        match self.starts.get(atom) {
            Some(version) => Value::Version(*version),
            None => Value::Choice(u8::try_from(atom).expect("closed sets are small")),
        }
    }

    /// The pieces that satisfy a condition on this fact.
    pub(super) fn accepted(&self, condition: &Condition) -> Atoms {
        let mut atoms = Atoms::none(self.size());
        for atom in 0..self.size() {
            if condition.accepts(self.value(atom)) {
                atoms.insert(atom);
            }
        }
        atoms
    }

    /// The pieces as values that satisfy a condition.
    pub(super) fn test(&self, atoms: &Atoms) -> Test {
        if self.fact == FactName::OsVersion {
            let ranges = atoms.iter().map(|atom| VersionRange {
                from: self.starts[atom],
                before: self.starts.get(atom + 1).copied(),
            });
            return Test::Versions(VersionSet::from_ranges(ranges));
        }
        let choices = atoms.iter().map(|atom| u8::try_from(atom).expect("closed sets are small"));
        Test::Choices(ChoiceSet::from_choices(choices))
    }
}

/// All axes, in the order of the facts: platform first, management mode second.
#[derive(Clone, Debug)]
pub(super) struct Axes(Vec<Axis>);

impl Axes {
    /// The axes on which the policies' clauses can be told apart.
    pub(super) fn of(policies: &[&Policy]) -> Self {
        let bounds = policies.iter().flat_map(|policy| policy.version_bounds());
        let asked = policies.iter().map(|policy| policy.deciding_facts());
        Self::new(asked.fold(FactSet::EMPTY, FactSet::union), bounds.collect())
    }

    /// The axes of these facts, versions cut at these bounds.
    pub(super) fn new(facts: FactSet, bounds: BTreeSet<OsVersion>) -> Self {
        let mut starts = bounds;
        starts.insert(OsVersion::MIN);
        let axis = |fact| Axis {
            fact,
            starts: starts.iter().copied().filter(|_| fact == FactName::OsVersion).collect(),
        };
        Self(facts.iter().map(axis).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Axis> {
        self.0.iter()
    }

    pub(super) fn get(&self, index: usize) -> &Axis {
        &self.0[index]
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The position of the axis of a fact.
    pub(super) fn position(&self, fact: FactName) -> Option<usize> {
        self.0.iter().position(|axis| axis.fact == fact)
    }

    /// The management modes that exist on any of these platforms.
    pub(super) fn modes_on(platforms: &Atoms) -> Atoms {
        let mut modes = Atoms::none(Management::WORDS.len());
        for platform in platforms.iter().map(|atom| Platform::ALL[atom]) {
            for mode in Management::on(platform) {
                modes.insert(*mode as usize);
            }
        }
        modes
    }
}

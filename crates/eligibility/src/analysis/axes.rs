//! The axes of the space: the classes of each fact that a policy asks for, cut where any policy cuts
//! it.

use std::collections::BTreeSet;

use crate::classes::{BitSet, Classes};
use crate::facts::{FactName, FactSet, Management, OsVersion, Platform};
use crate::policy::Policy;

/// All axes, in the order of the facts: platform first, management mode second.
#[derive(Clone, Debug)]
pub(super) struct Axes(Vec<Classes>);

impl Axes {
    /// The axes on which the policies' clauses can be told apart.
    pub(super) fn of(policies: &[&Policy]) -> Self {
        let bounds = policies.iter().flat_map(|policy| policy.version_bounds());
        let asked = policies.iter().map(|policy| policy.deciding_facts());
        Self::new(asked.fold(FactSet::EMPTY, FactSet::union), &bounds.collect())
    }

    /// The axes of these facts, versions cut at these bounds.
    pub(super) fn new(facts: FactSet, bounds: &BTreeSet<OsVersion>) -> Self {
        Self(facts.iter().map(|fact| Classes::distinct(fact, bounds)).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Classes> {
        self.0.iter()
    }

    pub(super) fn get(&self, index: usize) -> &Classes {
        &self.0[index]
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The position of the axis of a fact.
    pub(super) fn position(&self, fact: FactName) -> Option<usize> {
        self.0.iter().position(|axis| axis.fact() == fact)
    }

    /// The management modes that exist on any of these platforms.
    pub(super) fn modes_on(platforms: &BitSet) -> BitSet {
        let mut modes = BitSet::none(Management::WORDS.len());
        for platform in platforms.iter().map(|class| Platform::ALL[class]) {
            for mode in Management::on(platform) {
                modes.insert(*mode as usize);
            }
        }
        modes
    }
}

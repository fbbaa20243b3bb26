//! The axes of the space: the classes of each fact that a policy tests, cut where any policy
//! cuts it.

use std::collections::BTreeSet;

use super::partition::Cube;
use crate::classes::{BitSet, Classes};
use crate::facts::{FactName, FactSet, Management, OsVersion, Platform};
use crate::policy::{Condition, Conjunction, Policy};

/// All axes, in the order of the facts: platform first, management mode second.
#[derive(Clone, Debug)]
pub(super) struct Axes(Vec<Classes>);

impl Axes {
    /// Returns the axes on which the policies' clauses can be distinguished.
    pub(super) fn of(policies: &[&Policy]) -> Self {
        Self::telling(policies, &[])
    }

    /// Returns the axes on which the policies' clauses and more conditions can be distinguished.
    pub(super) fn telling(policies: &[&Policy], more: &[&Conjunction]) -> Self {
        let asked = policies.iter().map(|policy| policy.deciding_facts());
        let facts = more.iter().map(|one| one.facts()).chain(asked);
        let facts = facts.fold(FactSet::EMPTY, FactSet::union);
        let facts = facts.iter().fold(facts, |all, fact| all.union(fact.with_dependents()));
        let more = more.iter().flat_map(|one| one.conditions());
        let conditions = policies.iter().flat_map(|policy| policy.conditions()).chain(more);
        Self::new(facts, &conditions.flat_map(Condition::bounds).collect())
    }

    /// Returns the axes of these facts, versions cut at these bounds.
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

    /// Returns the position of the axis of a fact.
    pub(super) fn position(&self, fact: FactName) -> Option<usize> {
        self.0.iter().position(|axis| axis.fact() == fact)
    }

    /// Returns true if some device of a cube exists.
    pub(super) fn any_exists(&self, cube: &Cube) -> bool {
        let literal = |fact| self.position(fact).map(|axis| &cube[axis]);
        let together = match (literal(FactName::Platform), literal(FactName::Management)) {
            (Some(platforms), Some(modes)) => Self::modes_on(platforms).intersects(modes),
            _ => true,
        };
        together && cube.iter().all(|literal| !literal.is_empty())
    }

    /// Returns the management modes that exist on any of these platforms.
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

//! Policies: from a TOML text to rules that can be asked.
//!
//! [`PolicyDocument::parse`] reads and checks the text; [`PolicyDocument::read`] chooses a
//! [`Reading`] and gives the [`Policy`] that [`decide`](crate::decide::decide) asks.

mod accepted;
mod case;
mod condition;
mod document;
mod lower;
mod rule;
mod version_set;

pub use accepted::{Accepted, FindingCode};
pub use case::{Case, Expected};
pub use condition::{Condition, Conjunction, Test, Truth};
pub use document::{Base, PolicyDocument, RuleDocument};
pub use rule::{Action, Clause, Effect, HitPolicy, Mechanism, Prerequisite, Reading, Rule, Scope};
pub use version_set::{VersionRange, VersionSet};

use std::collections::BTreeSet;

use crate::facts::{FactSet, Facts, OsVersion};

/// A policy in one reading, by which devices are decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The name of the policy, for example `intune-2018-03-29`.
    pub id: String,
    /// The reading that was chosen.
    pub reading: Reading,
    /// The prerequisites.
    pub prerequisites: Vec<Prerequisite>,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

impl Policy {
    /// Returns the facts that decide which rules match; the facts that are only needed are not in
    /// it.
    ///
    /// Platform and management mode come together, since each narrows the other: a policy that
    /// tests one is decided by both.
    pub fn deciding_facts(&self) -> FactSet {
        let rules = self.rules.iter().map(|rule| rule.when.facts());
        let prerequisites = self.prerequisites.iter().map(|one| one.holds.facts());
        let facts = rules.chain(prerequisites).fold(FactSet::EMPTY, FactSet::union);
        facts.iter().fold(facts, |all, fact| all.union(fact.with_dependents()))
    }

    /// Returns all facts on which decisions depend; platform and management mode come together
    /// here, too.
    pub fn facts(&self) -> FactSet {
        let needs = self.rules.iter().flat_map(|rule| rule.needs.facts().iter());
        needs.fold(self.deciding_facts(), |all, fact| all.union(fact.with_dependents()))
    }

    /// Returns all conditions of the policy, prerequisites first.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let prerequisites = self.prerequisites.iter().map(|one| &one.holds);
        let rules = self.rules.iter().flat_map(|rule| [&rule.when, &rule.needs]);
        prerequisites.chain(rules).flat_map(Conjunction::conditions)
    }

    /// Returns the versions at which some condition begins or ceases to hold, in order.
    pub fn version_bounds(&self) -> BTreeSet<OsVersion> {
        self.conditions().flat_map(Condition::bounds).collect()
    }

    /// Returns true if a known device meets the prerequisites.
    pub(crate) fn prerequisites_hold(&self, device: &Facts) -> bool {
        self.prerequisites.iter().all(|one| one.holds.truth(device) == Truth::Holds)
    }

    /// Returns the name of a clause of this policy.
    ///
    /// # Panics
    ///
    /// If the clause belongs to another, larger policy.
    pub fn clause_id(&self, clause: Clause) -> &str {
        match clause {
            Clause::Rule(index) => &self.rules[usize::from(index)].id,
            Clause::Prerequisite(index) => &self.prerequisites[usize::from(index)].id,
        }
    }
}

#[cfg(test)]
mod tests;

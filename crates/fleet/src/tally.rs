//! Counting what was decided.

use std::collections::{BTreeMap, HashMap};

use eligibility::facts::{Fact, FactKind, Facts, Value};

use crate::evaluator::DecisionId;

/// How many devices got which decision, apart for each combination of some facts.
#[derive(Clone, Debug)]
pub struct Tally {
    by: Vec<FactKind>,
    groups: HashMap<Vec<Fact<Value>>, Vec<u64>>,
}

impl Tally {
    /// An empty tally, grouped by these facts.
    pub fn new(by: &[FactKind]) -> Self {
        Self { by: by.to_vec(), groups: HashMap::new() }
    }

    /// Counts one device.
    pub fn add(&mut self, facts: &Facts, decision: DecisionId) {
        let key = self.by.iter().map(|kind| facts.get(*kind)).collect();
        let counts = self.groups.entry(key).or_default();
        if counts.len() <= decision.index() {
            counts.resize(decision.index() + 1, 0);
        }
        counts[decision.index()] += 1;
    }

    /// The facts by which it is grouped.
    pub fn by(&self) -> &[FactKind] {
        &self.by
    }

    /// The groups in the order of their facts, each with its counts by [`DecisionId::index`].
    pub fn groups(&self) -> BTreeMap<&[Fact<Value>], &[u64]> {
        self.groups.iter().map(|(key, counts)| (key.as_slice(), counts.as_slice())).collect()
    }

    /// The counts of all groups together, by [`DecisionId::index`].
    pub fn totals(&self) -> Vec<u64> {
        let mut totals = Vec::new();
        for counts in self.groups.values() {
            if totals.len() < counts.len() {
                totals.resize(counts.len(), 0);
            }
            for (total, count) in totals.iter_mut().zip(counts) {
                *total += count;
            }
        }
        totals
    }
}

/// How many devices got which pair of decisions from two evaluators.
#[derive(Clone, Debug, Default)]
pub struct Differences(BTreeMap<(DecisionId, DecisionId), u64>);

impl Differences {
    /// Counts one device.
    pub fn add(&mut self, before: DecisionId, after: DecisionId) {
        *self.0.entry((before, after)).or_default() += 1;
    }

    /// The pairs that occurred, with the number of devices.
    pub fn iter(&self) -> impl Iterator<Item = (DecisionId, DecisionId, u64)> {
        self.0.iter().map(|((before, after), count)| (*before, *after, *count))
    }
}

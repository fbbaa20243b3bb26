//! The meaning of the counts of a census.

use std::collections::BTreeMap;

use eligibility::decide::{Cause, Outcome, Reason, ReasonCode, VerdictWord};
use eligibility::facts::{Fact, FactName, FactSet, Value};

use crate::census::Census;
use crate::program::{DecisionId, Program};

/// The number of devices by verdict, in the order of [`VerdictWord::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts([u64; 4]);

impl VerdictCounts {
    /// Counts devices.
    pub fn add(&mut self, verdict: VerdictWord, devices: u64) {
        self.0[verdict as usize] += devices;
    }

    /// Returns the devices with a verdict.
    pub const fn of(&self, verdict: VerdictWord) -> u64 {
        self.0[verdict as usize]
    }

    /// Returns all devices.
    pub fn devices(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// The devices that share the values of the facts by which a summary is grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The values, in the order of the facts.
    pub values: Vec<Fact<Value>>,
    /// Their decisions.
    pub verdicts: VerdictCounts,
}

/// The headlines of a fleet, counted in every way that a report shows.
///
/// A device counts once for each different code, rule or fact behind its headline, so the maps
/// can add up to more than the number of devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// By verdict.
    pub verdicts: VerdictCounts,
    /// Undetermined devices by cause.
    pub causes: BTreeMap<Cause, u64>,
    /// By verdict and reason.
    pub why: BTreeMap<(VerdictWord, Reason), u64>,
    /// By reason code.
    pub reasons: BTreeMap<ReasonCode, u64>,
    /// By the position of a rule behind the headline.
    pub rules: BTreeMap<u16, u64>,
    /// Conditional devices by a fact that still has to hold.
    pub open_needs: BTreeMap<FactName, u64>,
    /// Ineligible devices by a fact that breaks what is needed.
    pub broken_needs: BTreeMap<FactName, u64>,
    /// Undetermined devices by a fact whose knowledge could decide them.
    pub missing: BTreeMap<FactName, u64>,
    /// By the facts that were given; one group of all devices if it has none.
    pub groups: Vec<Group>,
}

impl Summary {
    /// Summarises how a program decides the devices of a census, and groups them by facts.
    ///
    /// The census must distinguish what the policy of the program does, and the values of the
    /// facts.
    pub fn new(program: &Program, census: &Census, by: &[FactName]) -> Self {
        let mut summary = Self::default();
        let mut totals: BTreeMap<DecisionId, u64> = BTreeMap::new();
        let mut groups: BTreeMap<Vec<Fact<Value>>, VerdictCounts> = BTreeMap::new();
        for (facts, devices) in census.cells() {
            let id = program.decide(&facts);
            *totals.entry(id).or_default() += devices;
            let key = by.iter().map(|name| facts.get(*name)).collect();
            let verdict = program.decision(id).headline().verdict().word();
            groups.entry(key).or_default().add(verdict, devices);
        }
        for (id, devices) in totals {
            summary.add(program.decision(id).headline(), devices);
        }
        summary.groups =
            groups.into_iter().map(|(values, verdicts)| Group { values, verdicts }).collect();
        summary
    }

    fn add(&mut self, headline: &Outcome, devices: u64) {
        self.verdicts.add(headline.verdict().word(), devices);
        if let Some(cause) = headline.verdict().cause() {
            *self.causes.entry(cause).or_default() += devices;
        }
        for reason in headline.reasons() {
            *self.why.entry((headline.verdict().word(), *reason)).or_default() += devices;
        }
        let mut codes: Vec<_> = headline.reasons().iter().map(|reason| reason.code).collect();
        codes.dedup();
        for code in codes {
            *self.reasons.entry(code).or_default() += devices;
        }
        let mut rules: Vec<_> = headline.rules().collect();
        rules.sort_unstable();
        rules.dedup();
        for rule in rules {
            *self.rules.entry(rule).or_default() += devices;
        }
        let needs = match headline.verdict().word() {
            VerdictWord::Ineligible => &mut self.broken_needs,
            _ => &mut self.open_needs,
        };
        add_each(needs, headline.needs(), devices);
        add_each(&mut self.missing, headline.missing(), devices);
    }
}

fn add_each(counts: &mut BTreeMap<FactName, u64>, facts: FactSet, devices: u64) {
    for fact in facts.iter() {
        *counts.entry(fact).or_default() += devices;
    }
}

/// Returns the number of devices of a census per pair of decisions from two programs.
///
/// The census must distinguish what the policies of both do.
pub fn differences(
    before: &Program,
    after: &Program,
    census: &Census,
) -> BTreeMap<(DecisionId, DecisionId), u64> {
    let mut pairs = BTreeMap::new();
    for (facts, devices) in census.cells() {
        *pairs.entry((before.decide(&facts), after.decide(&facts))).or_default() += devices;
    }
    pairs
}

#[cfg(test)]
mod tests;

//! What the counts of a tally mean.

use std::collections::BTreeMap;

use eligibility::decide::{Cause, Outcome, Reason, ReasonCode, VerdictWord};
use eligibility::facts::{Fact, FactKind, FactSet, Value};

use crate::evaluator::Evaluator;
use crate::tally::Tally;

/// The number of devices by verdict, in the order of [`VerdictWord::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VerdictCounts([u64; 4]);

impl VerdictCounts {
    /// Counts devices.
    pub fn add(&mut self, verdict: VerdictWord, devices: u64) {
        self.0[verdict as usize] += devices;
    }

    /// The devices with a verdict.
    pub const fn of(&self, verdict: VerdictWord) -> u64 {
        self.0[verdict as usize]
    }

    /// All devices.
    pub fn devices(&self) -> u64 {
        self.0.iter().sum()
    }
}

/// The devices that share the values of the facts by which a tally is grouped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The values, in the order of [`Tally::by`].
    pub values: Vec<Fact<Value>>,
    /// How they were decided.
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
    pub open_needs: BTreeMap<FactKind, u64>,
    /// Ineligible devices by a fact that breaks what is needed.
    pub broken_needs: BTreeMap<FactKind, u64>,
    /// Undetermined devices by a fact whose knowledge could decide them.
    pub missing: BTreeMap<FactKind, u64>,
    /// By the facts of the tally; one group of all devices if it has none.
    pub groups: Vec<Group>,
}

impl Summary {
    /// Says what a tally of an evaluator's decisions means.
    ///
    /// # Panics
    ///
    /// If the tally counts decisions of another evaluator.
    pub fn new(evaluator: &Evaluator, tally: &Tally) -> Self {
        let mut summary = Self::default();
        for (decision, devices) in evaluator.decisions().iter().zip(tally.totals()) {
            if devices > 0 {
                summary.add(decision.headline(), devices);
            }
        }
        summary.groups = tally
            .groups()
            .into_iter()
            .map(|(values, counts)| Group {
                values: values.to_vec(),
                verdicts: verdicts(evaluator, counts),
            })
            .collect();
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

fn add_each(counts: &mut BTreeMap<FactKind, u64>, facts: FactSet, devices: u64) {
    for fact in facts.iter() {
        *counts.entry(fact).or_default() += devices;
    }
}

fn verdicts(evaluator: &Evaluator, counts: &[u64]) -> VerdictCounts {
    let mut verdicts = VerdictCounts::default();
    for (decision, devices) in evaluator.decisions().iter().zip(counts) {
        verdicts.add(decision.headline().verdict().word(), *devices);
    }
    verdicts
}

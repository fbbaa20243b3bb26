//! The changes that a fleet needs, and the facts to find out.

use std::collections::BTreeMap;

use eligibility::costs::Costs;
use eligibility::decide::{Reason, Verdict, VerdictWord};
use eligibility::facts::{FactName, Facts};
use fleet::{Measures, Program, Remedy, Step, frontier};
use schemars::JsonSchema;
use serde::Serialize;

use super::advice::Advisor;
use crate::json::Word;

/// The best measures, and what they leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remedies {
    /// The costs.
    pub(crate) costs: String,
    /// The best sets of one, two and three measures.
    pub(crate) measures: Vec<Measures>,
    /// The cheapest changes that the policy rewards and a caution contradicts, with the caution and
    /// the devices.
    pub(crate) contradicted: Vec<(Vec<Step>, String, u64)>,
    /// The devices that no changes make eligible, by the first reason of their decision.
    pub(crate) out_of_reach: Vec<(Reason, u64)>,
    /// The facts that would settle devices.
    pub(crate) find_out: Vec<FindOut>,
}

/// A fact that would settle devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct FindOut {
    /// The fact.
    #[schemars(with = "Word<FactName>")]
    pub(crate) fact: FactName,
    /// The devices whose decision depends on it.
    pub(crate) devices: u64,
    /// The devices whose decision depends on it alone.
    pub(crate) alone: u64,
    /// Its place.
    pub(crate) place: Option<String>,
}

/// Finds what would have to change for devices.
pub(crate) fn find(
    program: &Program,
    advisor: &Advisor<'_>,
    costs: &Costs,
    devices: &[(Facts, u64)],
) -> Remedies {
    let mut reachable: Vec<(Vec<Remedy>, u64)> = Vec::new();
    let mut contradicted: BTreeMap<(Vec<Step>, String), u64> = BTreeMap::new();
    let mut out_of_reach: BTreeMap<Reason, u64> = BTreeMap::new();
    let mut find_out: BTreeMap<FactName, (u64, u64)> = BTreeMap::new();
    for (facts, number) in devices {
        let decision = program.decision(program.decide(facts));
        let headline = decision.headline();
        if headline.verdict() == Verdict::Eligible {
            continue;
        }
        if headline.verdict().word() != VerdictWord::Ineligible {
            let open = headline.needs().union(headline.missing());
            for fact in open.iter() {
                let (all, alone) = find_out.entry(fact).or_default();
                *all += number;
                *alone += if open.len() == 1 { *number } else { 0 };
            }
        }
        let advice = advisor.advice(facts);
        let sound = advice.remedies.iter().filter(|(_, caution)| caution.is_none());
        let sound: Vec<_> = sound.map(|(remedy, _)| remedy.clone()).collect();
        // One line for a device: the cheapest of its changes that look like a gain.
        let looks = advice.remedies.iter().find_map(|(one, id)| Some((one, id.as_ref()?)));
        if let Some((remedy, id)) = looks {
            *contradicted.entry((remedy.steps.clone(), id.clone())).or_default() += number;
        }
        match (sound.is_empty(), headline.reasons().first()) {
            (false, _) => reachable.push((sound, *number)),
            (true, Some(reason)) => *out_of_reach.entry(*reason).or_default() += number,
            (true, None) => {}
        }
    }
    let mut out_of_reach: Vec<_> = out_of_reach.into_iter().collect();
    out_of_reach.sort_by_key(|(reason, devices)| (std::cmp::Reverse(*devices), *reason));
    let find_out = find_out.into_iter().map(|(fact, (devices, alone))| {
        let place = costs.place(fact).map(str::to_owned);
        FindOut { fact, devices, alone, place }
    });
    Remedies {
        costs: costs.title.clone(),
        measures: frontier(&reachable),
        contradicted: contradicted.into_iter().map(|((steps, id), all)| (steps, id, all)).collect(),
        out_of_reach,
        find_out: find_out.collect(),
    }
}

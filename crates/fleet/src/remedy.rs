//! The changes by which devices become eligible.
//!
//! [`remedies`] enumerates the changes of one device by their number, so the sets it returns are
//! all inclusion-minimal ones. [`frontier`] counts the devices of every set of few measures:
//! coverage is not submodular (two changes may only work together), so a greedy choice would prove
//! nothing.

use eligibility::classes::Cells;
use eligibility::costs::{Change, Costs};
use eligibility::decide::{Decision, Verdict};
use eligibility::facts::{Fact, FactName, Facts, Value};

use crate::program::Program;

/// The most measures of one step.
const MOST: usize = 3;

/// A change of one fact of one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// The fact.
    pub fact: FactName,
    /// Its new value; of a version, this or any later one.
    pub value: Value,
}

/// Changes that together make a device eligible, none of them superfluous.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// The changes, in the order of facts.
    pub steps: Vec<Step>,
    /// Their total cost.
    pub cost: u64,
}

impl Remedy {
    /// Returns the device after the changes.
    pub fn apply(&self, facts: &Facts) -> Facts {
        let mut changed = *facts;
        for step in &self.steps {
            changed.set(step.fact, Fact::Known(step.value));
        }
        changed
    }

    /// Returns true if every change is one of these measures, a later version counting as well.
    fn is_within(&self, measures: &[Step]) -> bool {
        self.steps.iter().all(|step| measures.iter().any(|measure| measure.brings(step)))
    }
}

impl Step {
    /// Returns true if this change brings about another.
    fn brings(&self, other: &Self) -> bool {
        let later = self.fact == FactName::OsVersion && self.value >= other.value;
        self.fact == other.fact && (self.value == other.value || later)
    }
}

/// The best set of measures of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    /// The measures.
    pub steps: Vec<Step>,
    /// The devices that become eligible by them.
    pub unlocked: u64,
    /// The cost of the cheapest changes of these devices.
    pub cost: u64,
}

/// The goal of changes: a device that is eligible, and whose promise is sound.
pub struct Goal<'g> {
    /// The policy.
    pub program: &'g Program,
    /// Versions are distinguished as in these cells, which must be at least as fine as the policy.
    pub cells: &'g Cells,
    /// Returns true if the promise for an eligible device is sound.
    pub sound: &'g dyn Fn(&Facts, &Decision) -> bool,
}

/// Returns all inclusion-minimal sets of changes by which a device reaches the goal with everything
/// else that is unknown still unknown, the cheapest first; none for a device that is there.
pub fn remedies(goal: &Goal<'_>, facts: &Facts, costs: &Costs) -> Vec<Remedy> {
    let mut found: Vec<Remedy> = Vec::new();
    if goal.is_reached(facts) {
        return found;
    }
    let changes: Vec<_> = costs.changes(facts).collect();
    let options = goal.options(facts, &changes);
    let update = changes.iter().find(|one| one.fact == FactName::OsVersion);
    let update = update.map(|change| change.cost.unwrap_or(u64::MAX));
    for size in 1..=options.len() + usize::from(update.is_some()) {
        let is_new = |found: &[Remedy], candidate: &Remedy| {
            !found.iter().any(|known| known.is_within(&candidate.steps))
        };
        let mut candidates = Vec::new();
        combine(&options, size, &mut Remedy::default(), &mut candidates);
        candidates.retain(|one| is_new(&found, one) && goal.is_reached_by(one, facts));
        if let Some(cost) = update {
            let mut without = Vec::new();
            combine(&options, size - 1, &mut Remedy::default(), &mut without);
            let updated = without.into_iter().filter(|one| is_new(&found, one));
            candidates.extend(updated.filter_map(|one| goal.updated(one, cost, facts)));
        }
        candidates.sort_by(|one, other| one.steps.cmp(&other.steps));
        for candidate in candidates {
            if is_new(&found, &candidate) {
                found.push(candidate);
            }
        }
    }
    found.sort_by(|one, other| (one.cost, &one.steps).cmp(&(other.cost, &other.steps)));
    found
}

/// Returns the best sets of up to three measures, each with more devices than the one before.
///
/// `devices` have their remedies and their number.
pub fn frontier(devices: &[(Vec<Remedy>, u64)]) -> Vec<Measures> {
    let remedies = devices.iter().flat_map(|(remedies, _)| remedies);
    let mut steps: Vec<Step> = remedies.flat_map(|remedy| remedy.steps.clone()).collect();
    steps.sort_unstable();
    steps.dedup();
    let mut frontier: Vec<Measures> = Vec::new();
    for size in 1..=MOST {
        let mut best: Option<Measures> = None;
        subsets(&steps, size, &mut Vec::new(), &mut |chosen| {
            let measures = count(devices, chosen);
            let order = |one: &Measures| (one.unlocked, std::cmp::Reverse(one.cost));
            if best.as_ref().is_none_or(|best| order(best) < order(&measures)) {
                best = Some(measures);
            }
        });
        let before = frontier.last().map_or(0, |one| one.unlocked);
        frontier.extend(best.filter(|best| best.unlocked > before));
    }
    frontier
}

/// Returns the devices that measures make eligible.
fn count(devices: &[(Vec<Remedy>, u64)], measures: &[Step]) -> Measures {
    let mut counted = Measures { steps: measures.to_vec(), unlocked: 0, cost: 0 };
    for (remedies, devices) in devices {
        // The cheapest comes first.
        if let Some(remedy) = remedies.iter().find(|remedy| remedy.is_within(measures)) {
            counted.unlocked += devices;
            counted.cost = counted.cost.saturating_add(remedy.cost.saturating_mul(*devices));
        }
    }
    counted
}

fn subsets(steps: &[Step], size: usize, chosen: &mut Vec<Step>, each: &mut impl FnMut(&[Step])) {
    if size == 0 {
        each(chosen);
        return;
    }
    for (place, step) in steps.iter().enumerate() {
        // Of two versions, the later one brings about the other.
        if chosen.iter().any(|one| one.fact == FactName::OsVersion && one.fact == step.fact) {
            continue;
        }
        chosen.push(*step);
        subsets(&steps[place + 1..], size - 1, chosen, each);
        chosen.pop();
    }
}

impl Goal<'_> {
    fn is_reached(&self, facts: &Facts) -> bool {
        let decision = self.program.decision(self.program.decide(facts));
        decision.headline().verdict() == Verdict::Eligible && (self.sound)(facts, &decision)
    }

    /// Returns true if changes reach the goal.
    fn is_reached_by(&self, remedy: &Remedy, facts: &Facts) -> bool {
        let changed = remedy.apply(facts);
        changed.possible() && self.is_reached(&changed)
    }

    /// Adds the earliest version to changes that reaches the goal with them, as every later one
    /// does; `None` if there is none.
    fn updated(&self, mut remedy: Remedy, cost: u64, facts: &Facts) -> Option<Remedy> {
        let fact = FactName::OsVersion;
        if remedy.steps.iter().any(|step| step.fact == fact) {
            return None;
        }
        let mut changed = remedy.apply(facts);
        let later: Vec<_> = self.later_versions(facts.get(fact)).collect();
        let reached = later.iter().rev().take_while(|version| {
            changed.set(fact, Fact::Known(**version));
            changed.possible() && self.is_reached(&changed)
        });
        let value = *reached.last()?;
        remedy.steps.push(Step { fact, value });
        remedy.steps.sort_unstable();
        remedy.cost = remedy.cost.saturating_add(cost);
        Some(remedy)
    }

    /// Returns the values that each fact but the version could be changed to, each with its cost.
    fn options(&self, facts: &Facts, changes: &[&Change]) -> Vec<Vec<(Step, u64)>> {
        let mut options: Vec<Vec<(Step, u64)>> = Vec::new();
        for fact in self.cells.facts().iter() {
            let mut values: Vec<(Step, u64)> = Vec::new();
            for change in changes.iter().filter(|change| change.fact == fact) {
                let Some(value) = change.to else { continue };
                let known = values.iter().any(|(step, _)| step.value == value);
                if !known && facts.get(fact) != Fact::Known(value) {
                    values.push((Step { fact, value }, change.cost.unwrap_or(u64::MAX)));
                }
            }
            if !values.is_empty() {
                options.push(values);
            }
        }
        options
    }

    /// Returns the distinguished versions after one; all of them if it is unknown.
    fn later_versions(&self, version: Fact<Value>) -> impl Iterator<Item = Value> {
        let versions = self.cells.classes().filter(|one| one.fact() == FactName::OsVersion);
        let witnesses = versions.flat_map(|classes| classes.witnesses().iter().copied());
        witnesses.filter(move |later| version.known().is_none_or(|now| *later > now))
    }
}

/// All choices of one value for each of `size` facts.
fn combine(
    options: &[Vec<(Step, u64)>],
    size: usize,
    chosen: &mut Remedy,
    candidates: &mut Vec<Remedy>,
) {
    if size == 0 {
        candidates.push(chosen.clone());
        return;
    }
    for (place, values) in options.iter().enumerate() {
        for (step, cost) in values {
            let before = chosen.cost;
            chosen.steps.push(*step);
            chosen.cost = before.saturating_add(*cost);
            combine(&options[place + 1..], size - 1, chosen, candidates);
            chosen.cost = before;
            chosen.steps.pop();
        }
    }
}

#[cfg(test)]
mod tests;

//! A whole policy held against the behaviour of all simulated devices.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use eligibility::analysis::{Region, Releases, Survey, TooComplex};
use eligibility::decide::{Decision, decide};
use eligibility::facts::{Fact, FactName, Facts, Value, presumed};
use eligibility::policy::{Clause, Policy, PolicyDocument, Reading, Scope, Truth};

use crate::behaviour::{Behaviour, Family};
use crate::explanation::Explanations;
use crate::judge::{self, DisagreementCode, Label};
use crate::trial_result::TrialResult;

/// Devices about which a policy and the simulated devices disagree, all in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// In what.
    pub code: DisagreementCode,
    /// The scope of the promise.
    pub scope: Scope,
    /// The clauses of the policy.
    pub clauses: Vec<Clause>,
    /// The result on such a device.
    pub result: TrialResult,
    /// The explanation on record, by its place; `None` without one.
    pub explanation: Option<usize>,
    /// The devices.
    pub region: Region,
}

/// Devices that a policy does not cover, or for which its rules differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// The rules that contradict each other, with their scope; `None` where no rule covers the devices.
    pub contradiction: Option<(Scope, Vec<Clause>)>,
    /// The result with a cooperative user; `None` if that leads nowhere.
    pub done: Option<TrialResult>,
    /// The devices.
    pub region: Region,
}

/// The result of comparing a policy with the simulated devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// The disagreements, the worst first.
    pub disagreements: Vec<Disagreement>,
    /// The gaps of the policy.
    pub unsaid: Vec<Unsaid>,
    /// The rules that match no device that was tried, so that nothing is known of them.
    pub untried: Vec<Clause>,
}

/// Holds a policy in one reading against the behaviour of all simulated devices.
///
/// A device that the policy calls eligible must get there with a user who cooperates, at the scope
/// and by the operation that the rule names; one that it refuses must not, whatever the user does; and
/// what a rule needs must be possible, and needed by a user who does nothing. Devices without
/// a promise, or with two at once, are no disagreement.
///
/// # Errors
///
/// [`TooComplex`] if the rules distinguish too many kinds of devices.
pub fn verify(
    document: &PolicyDocument,
    reading: Reading,
    behaviour: &Behaviour,
    explanations: &Explanations,
    releases: &Releases,
) -> Result<Verification, TooComplex> {
    let policy = document.read(reading);
    let recorded = explanations.of(document.page(), reading);
    let mut verification = Verification::default();
    let decisions = Decisions::by(&policy);
    let tried = RefCell::new(vec![false; policy.rules.len()]);
    for family in behaviour.families() {
        let survey = survey(&policy, family);
        let explained = |device: &Facts, usual: bool| {
            let results = behaviour.of(device).ok()?;
            for (tried, rule) in tried.borrow_mut().iter_mut().zip(&policy.rules) {
                *tried = *tried || rule.when.truth(device) == Truth::Holds;
            }
            if is_presumed(device) != usual {
                return (!usual).then(BTreeSet::new);
            }
            let labels = judge::labels(&policy, behaviour, device, &decisions.of(device), results);
            let labels = labels.into_iter().filter(|label| usual || label.is_about_outranked());
            let explanation = |label: &Label| recorded.find(label.code()?, device);
            Some(labels.map(|label| (explanation(&label), label)).collect())
        };
        // What nothing simulates may lie in a region or not, and so may devices that are about to
        // be retired, wiped or deleted: both are looked at apart, so that the other regions need
        // not say each time what they leave out.
        for usual in [true, false] {
            let found = survey.regions(releases, |device| explained(device, usual))?;
            for ((explanation, label), region) in found {
                verification.note(label, explanation, region);
            }
        }
    }
    let untried = (0..).zip(tried.into_inner()).filter(|(_, tried)| !tried);
    verification.untried = untried.map(|(index, _)| Clause::Rule(index)).collect();
    verification.disagreements.sort_by_key(|one| (one.explanation.is_some(), one.code));
    Ok(verification)
}

/// Returns true if every fact is one that may be presumed: no retire, wipe or delete is pending.
fn is_presumed(device: &Facts) -> bool {
    let holds = |fact: &FactName| match device.get(*fact) {
        Fact::Known(value) => presumed(*fact, value),
        Fact::OneOf(choices) => choices.iter().all(|choice| presumed(*fact, Value::Choice(choice))),
        Fact::Unknown => true,
    };
    FactName::ALL.iter().all(holds)
}

/// Returns the devices of a family that a policy or their behaviour distinguishes.
fn survey(policy: &Policy, family: &Family) -> Survey {
    let bounds: BTreeSet<_> = policy.version_bounds();
    Survey {
        platforms: family.platforms.clone(),
        facts: family.facts.union(policy.facts()),
        versions: bounds.union(&family.cuts).copied().collect(),
    }
}

impl Verification {
    /// Puts a region where it belongs.
    fn note(&mut self, label: Label, explanation: Option<usize>, region: Region) {
        match label {
            Label::Disagreement { code, scope, clauses, result } => {
                let one = Disagreement { code, scope, clauses, result, explanation, region };
                self.disagreements.push(one);
            }
            Label::Gap { done } => {
                self.unsaid.push(Unsaid { contradiction: None, done, region });
            }
            Label::Contradiction { scope, clauses, done } => {
                self.unsaid.push(Unsaid { contradiction: Some((scope, clauses)), done, region });
            }
        }
    }
}

/// The decisions of a policy, each made once: most facts of a device are nothing to it.
struct Decisions<'p> {
    policy: &'p Policy,
    made: RefCell<HashMap<Facts, Decision>>,
}

impl<'p> Decisions<'p> {
    fn by(policy: &'p Policy) -> Self {
        Self { policy, made: RefCell::default() }
    }

    fn of(&self, device: &Facts) -> Decision {
        let asked = judge::asked_for(self.policy.facts(), device);
        let mut made = self.made.borrow_mut();
        made.entry(asked).or_insert_with(|| decide(self.policy, &asked)).clone()
    }
}

#[cfg(test)]
mod tests;

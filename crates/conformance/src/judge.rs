//! One device: what a policy promises it, held against what it does.

use std::collections::BTreeSet;

use device_sim::service::ActionState;
use device_sim::subject::NotSimulated;
use eligibility::closed_enum;
use eligibility::decide::{Cause, Decision, Outcome, ReasonCode, Verdict};
use eligibility::facts::{Fact, FactName, FactSet, Facts, Value};
use eligibility::policy::{Clause, Condition, Policy, Scope, Test};

use crate::behaviour::{Answer, Behaviour};
use crate::trial_result::{TrialResult, TrialResults};

closed_enum! {
    /// The disagreements of a policy and a device, the worst first for those who rely on the policy.
    pub enum DisagreementCode: "disagreement" {
        /// The policy calls the action eligible; it fails even with the most cooperative user.
        NotKept = "promise-not-kept",
        /// No such device can have what the rule needs, so its promise is empty.
        NeedNeverHolds = "need-never-holds",
        /// The policy calls the action eligible; it is carried out, but at another scope or by
        /// another operation than the rule says.
        KeptOtherwise = "kept-in-another-way",
        /// The policy refuses the action; it is carried out nevertheless.
        RefusedButDone = "refused-but-done",
        /// What a rule needs does not hold, no one does anything about it, and the action is
        /// carried out nevertheless.
        NotNeeded = "need-not-needed",
    }
}

/// The judgement of one device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Label {
    /// Policy and device disagree.
    Disagreement { code: DisagreementCode, scope: Scope, clauses: Vec<Clause>, result: TrialResult },
    /// No rule covers the device.
    Gap { done: Option<TrialResult> },
    /// Rules contradict each other.
    Contradiction { scope: Scope, clauses: Vec<Clause>, done: Option<TrialResult> },
}

impl Label {
    /// Returns the disagreement of policy and device, if there is one.
    pub(crate) fn code(&self) -> Option<DisagreementCode> {
        match self {
            Self::Disagreement { code, .. } => Some(*code),
            Self::Gap { .. } | Self::Contradiction { .. } => None,
        }
    }

    /// Returns true if something that outranks the action is to blame.
    pub(crate) fn is_about_outranked(&self) -> bool {
        matches!(
            self,
            Self::Disagreement { code: DisagreementCode::NotKept, result, .. }
                if result.state == ActionState::Canceled
        )
    }
}

/// Returns everything that is to be said of a device, whose results are given.
pub(crate) fn labels(
    policy: &Policy,
    behaviour: &Behaviour,
    device: &Facts,
    decision: &Decision,
    results: TrialResults,
) -> BTreeSet<Label> {
    if decision.headline().verdict() == Verdict::Undetermined(Cause::NoRuleMatches) {
        let done = Some(results.cooperative).filter(|result| result.is_done());
        return BTreeSet::from([Label::Gap { done }]);
    }
    let at_scope = |scope: &Scope| {
        at_scope(policy, behaviour, device, decision.scope(*scope), *scope, results)
    };
    Scope::ALL.iter().filter_map(at_scope).collect()
}

/// Returns the judgement of a device at one scope.
fn at_scope(
    policy: &Policy,
    behaviour: &Behaviour,
    device: &Facts,
    outcome: &Outcome,
    scope: Scope,
    results: TrialResults,
) -> Option<Label> {
    let clauses = clauses(outcome);
    let disagreement =
        |code, result| Label::Disagreement { code, scope, clauses: clauses.clone(), result };
    match outcome.verdict() {
        Verdict::Eligible => {
            let result = results.cooperative;
            if result.keeps(scope, outcome.mechanism()) {
                return None;
            }
            let code = if result.is_done() {
                DisagreementCode::KeptOtherwise
            } else {
                DisagreementCode::NotKept
            };
            Some(disagreement(code, result))
        }
        Verdict::Ineligible if breaks_needs(outcome) => {
            let rule = outcome.rules().next().map(|index| &policy.rules[usize::from(index)])?;
            if results.passive.keeps(scope, rule.mechanism) {
                return Some(disagreement(DisagreementCode::NotNeeded, results.passive));
            }
            let never = never_possible(behaviour, device, rule.needs.conditions());
            never.then(|| disagreement(DisagreementCode::NeedNeverHolds, results.cooperative))
        }
        Verdict::Ineligible => {
            let done = results.done_at(scope)?;
            Some(disagreement(DisagreementCode::RefusedButDone, done))
        }
        Verdict::Undetermined(Cause::Conflict) => {
            Some(Label::Contradiction { scope, clauses, done: results.done_at(scope) })
        }
        Verdict::Undetermined(_) | Verdict::Conditional => None,
    }
}

/// Returns the clauses behind an outcome, each once.
fn clauses(outcome: &Outcome) -> Vec<Clause> {
    let all: BTreeSet<_> = outcome.reasons().iter().filter_map(|reason| reason.clause).collect();
    all.into_iter().collect()
}

fn breaks_needs(outcome: &Outcome) -> bool {
    outcome.reasons().iter().any(|reason| reason.code == ReasonCode::NeedBroken)
}

/// Returns true if no device that is like this one in everything else can have what is needed.
fn never_possible(behaviour: &Behaviour, device: &Facts, needs: &[Condition]) -> bool {
    let mut mended = vec![*device];
    for condition in needs {
        let longer = mended.iter().flat_map(|device| {
            values(condition).into_iter().map(move |value| {
                let mut device = *device;
                device.set(condition.fact, Fact::Known(value));
                device
            })
        });
        mended = longer.collect();
    }
    let answers: Vec<Answer> = mended.iter().map(|device| behaviour.of(device)).collect();
    answers.iter().all(|answer| matches!(answer, Err(NotSimulated::NotPossible(_))))
}

/// Returns the values that satisfy a condition, one for each range of versions.
fn values(condition: &Condition) -> Vec<Value> {
    match &condition.test {
        Test::Choices(set) => set.iter().map(Value::Choice).collect(),
        Test::Versions(set) => {
            set.ranges().iter().map(|range| Value::Version(range.from)).collect()
        }
    }
}

/// Returns the facts of a device that a policy tests, and no others.
pub(crate) fn asked_for(facts: FactSet, device: &Facts) -> Facts {
    let mut asked = Facts::default();
    for fact in FactName::ALL.iter().filter(|fact| facts.contains(**fact)) {
        asked.set(*fact, device.get(*fact));
    }
    asked
}

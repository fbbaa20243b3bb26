//! One outcome as an object: the shape that `decide` and device lists share.

use eligibility::decide::{Cause, Outcome, ReasonCode, VerdictWord};
use eligibility::facts::FactName;
use eligibility::policy::{Action, Mechanism, Policy, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{Word, names};

/// The outcome for a device, at one scope or as the headline.
#[derive(Serialize, JsonSchema)]
pub(super) struct OutcomeObject<'a> {
    /// The decision.
    pub(super) decision: Word<VerdictWord>,
    /// The cause of an undetermined decision.
    pub(super) cause: Option<Word<Cause>>,
    /// The action.
    pub(super) action: Option<Word<Action>>,
    /// Whose passcode it is.
    pub(super) scope: Option<Word<Scope>>,
    /// The vendor operation by which it is done.
    pub(super) mechanism: Option<Word<Mechanism>>,
    /// The rule that decides, if one rule does.
    pub(super) rule: Option<&'a str>,
    /// The reasons, the most important first.
    pub(super) reasons: Vec<Word<ReasonCode>>,
    /// The unknown facts that the action requires: they make the decision conditional.
    pub(super) needs: Vec<Word<FactName>>,
    /// The unknown facts that would change the decision.
    pub(super) missing: Vec<Word<FactName>>,
}

impl<'a> OutcomeObject<'a> {
    pub(super) fn new(policy: &'a Policy, outcome: &Outcome) -> Self {
        let mut reasons: Vec<_> = outcome.reasons().iter().map(|reason| reason.code).collect();
        reasons.dedup();
        Self {
            decision: Word(outcome.verdict().word()),
            cause: outcome.verdict().cause().map(Word),
            action: outcome.action().map(Word),
            scope: outcome.scope().map(Word),
            mechanism: outcome.mechanism().map(Word),
            rule: outcome.rule().map(|rule| policy.rules[usize::from(rule)].id.as_str()),
            reasons: reasons.into_iter().map(Word).collect(),
            needs: names(outcome.needs()),
            missing: names(outcome.missing()),
        }
    }
}

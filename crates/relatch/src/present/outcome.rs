//! One outcome as an object; the shape that `decide` and device lists share.

use eligibility::decide::Outcome;
use eligibility::policy::Policy;
use serde::Serialize;

use super::json::names;

/// An outcome with everything as text.
#[derive(Serialize)]
pub(crate) struct OutcomeObject<'a> {
    pub(crate) decision: &'static str,
    pub(crate) cause: Option<&'static str>,
    pub(crate) action: Option<&'static str>,
    pub(crate) scope: Option<&'static str>,
    pub(crate) mechanism: Option<&'static str>,
    pub(crate) rule: Option<&'a str>,
    pub(crate) reasons: Vec<&'static str>,
    pub(crate) needs: Vec<&'static str>,
    pub(crate) missing: Vec<&'static str>,
}

impl<'a> OutcomeObject<'a> {
    pub(crate) fn new(policy: &'a Policy, outcome: &Outcome) -> Self {
        let mut reasons: Vec<_> =
            outcome.reasons().iter().map(|reason| reason.code.as_str()).collect();
        reasons.dedup();
        Self {
            decision: outcome.verdict().word().as_str(),
            cause: outcome.verdict().cause().map(eligibility::decide::Cause::as_str),
            action: outcome.action().map(eligibility::policy::Action::as_str),
            scope: outcome.scope().map(eligibility::policy::Scope::as_str),
            mechanism: outcome.mechanism().map(eligibility::policy::Mechanism::as_str),
            rule: outcome.rule().map(|rule| policy.rules[usize::from(rule)].id.as_str()),
            reasons,
            needs: names(outcome.needs()),
            missing: names(outcome.missing()),
        }
    }
}

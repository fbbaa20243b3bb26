//! One clause of a policy, explained.

use eligibility::analysis::{RuleProblem, RuleRegions};
use eligibility::policy::{Clause, Policy, PolicyDocument};

/// A clause with what follows from it.
pub(crate) struct ExplainedRule {
    /// The policy as it was written.
    pub(crate) document: PolicyDocument,
    /// The policy in the reading that was requested.
    pub(crate) policy: Policy,
    /// The clause.
    pub(crate) clause: Clause,
    /// The devices that it covers; none for a prerequisite.
    pub(crate) regions: Option<RuleRegions>,
    /// The reason why it has no effect, if it has none.
    pub(crate) problem: Option<RuleProblem>,
    /// The cases that it decides: their lines in the file and their words.
    pub(crate) cases: Vec<(usize, String)>,
}

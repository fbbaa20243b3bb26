//! The tests that a policy carries: devices, and the answers that the policy must give.
//!
//! Here they are data; [`cases`](crate::cases) runs them.

use std::ops::Range;

use super::rule::{Action, Clause, Mechanism, Reading, Scope};
use crate::closed_enum;
use crate::facts::Facts;

closed_enum! {
    /// The verdict that a case expects, with the cause where it is undetermined.
    pub enum Expected: "expectation" {
        /// The action works.
        Eligible = "eligible",
        /// The action works if something that is not known holds.
        Conditional = "conditional",
        /// The action does not work.
        Ineligible = "ineligible",
        /// The facts of the case do not suffice.
        MissingFacts = "missing-facts",
        /// The policy has a gap here.
        NoRuleMatches = "no-rule-matches",
        /// Rules that give different things match.
        Conflict = "conflict",
    }
}

impl Expected {
    /// Returns true if the action is allowed, perhaps under conditions.
    pub(crate) const fn allows(self) -> bool {
        matches!(self, Self::Eligible | Self::Conditional)
    }

    /// Returns true if some clause of the policy is behind such a verdict.
    pub(crate) const fn has_clauses(self) -> bool {
        !matches!(self, Self::MissingFacts | Self::NoRuleMatches)
    }
}

/// One `[[case]]` of a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The devices that must all get the same; one for each combination of the listed values.
    pub devices: Vec<Facts>,
    /// The reading in which it holds.
    pub reading: Reading,
    /// The scope whose answer is meant; `None` for the headline.
    pub scope: Option<Scope>,
    /// The verdict.
    pub expect: Expected,
    /// Exactly the clauses behind it, sorted; empty where the case does not say.
    pub clauses: Vec<Clause>,
    /// The action, if the case states one.
    pub action: Option<Action>,
    /// The vendor operation, where the case states it; `Some(None)` if the policy may name none.
    pub mechanism: Option<Option<Mechanism>>,
    /// The place of the case in the text, in bytes.
    pub span: Range<usize>,
}

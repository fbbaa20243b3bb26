//! A policy as a decision tree.

use eligibility::classes::Tree;
use eligibility::decide::{Outcome, Verdict};
use eligibility::facts::{FactName, FactSet};
use eligibility::policy::{Action, Mechanism, Policy, Scope};

use crate::args::Detail;

/// A policy as a decision tree.
pub(crate) struct Compiled {
    /// The policy in the reading that was requested.
    pub(crate) policy: Policy,
    /// The part of a decision that the tree distinguishes.
    pub(crate) detail: Detail,
    /// The tree. A leaf is a position in `decisions`, or `None` for devices that cannot exist.
    pub(crate) tree: Tree<Option<usize>>,
    /// The different decisions.
    pub(crate) decisions: Vec<Compact>,
}

/// A decision, as far as a tree distinguishes decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compact {
    pub(crate) verdict: Verdict,
    /// `None` in a tree of verdicts.
    pub(crate) details: Option<Details>,
}

/// The rest of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Details {
    pub(crate) action: Option<Action>,
    pub(crate) scope: Option<Scope>,
    pub(crate) mechanism: Option<Mechanism>,
    /// The position of the rule that decides, if one rule does.
    pub(crate) rule: Option<u16>,
    pub(crate) needs: FactSet,
    pub(crate) missing: FactSet,
}

impl Compact {
    /// Returns the part of an outcome that a tree of this detail keeps.
    pub(crate) fn of(outcome: &Outcome, detail: Detail) -> Self {
        let details = (detail == Detail::Full).then(|| Details {
            action: outcome.action(),
            scope: outcome.scope(),
            mechanism: outcome.mechanism(),
            rule: outcome.rule(),
            needs: outcome.needs(),
            missing: outcome.missing(),
        });
        Self { verdict: outcome.verdict(), details }
    }
}

/// Returns true if the fact is a truth value.
pub(crate) fn is_truth(fact: FactName) -> bool {
    fact.choices() == ["false", "true"]
}

/// Returns the word of a choice.
pub(crate) fn word(fact: FactName, choice: u8) -> &'static str {
    fact.choices()[usize::from(choice)]
}

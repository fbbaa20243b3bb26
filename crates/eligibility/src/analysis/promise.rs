//! The promise of a policy to devices at one scope, needs left open.

use std::fmt;

use crate::classes::BitSet;
use crate::policy::{Action, Condition, Conjunction, Mechanism, Policy, Rule, Scope};
use crate::text::serialize_as_text;

/// The promise of a policy to devices at one scope, needs left open.
///
/// Two devices with the same promise get the same outcome when what is needed is the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// The action works if the needs hold.
    Allowed {
        /// The action.
        action: Action,
        /// The vendor operation.
        mechanism: Option<Mechanism>,
        /// The conditions.
        needs: Conjunction,
    },
    /// Rules that give different things match.
    Conflict,
    /// The action does not work.
    Refused,
    /// No rule covers the devices.
    Gap,
}

impl Promise {
    /// Returns the promise of the one rule, or the rules of one effect, or the lack of one.
    pub(super) fn of_rules(matching: &[&Rule]) -> Self {
        let Some(first) = matching.first() else { return Self::Gap };
        if matching.iter().any(|rule| !rule.same_effect(first)) {
            return Self::Conflict;
        }
        match first.then.action() {
            None => Self::Refused,
            Some(action) => {
                Self::Allowed { action, mechanism: first.mechanism, needs: first.needs.clone() }
            }
        }
    }

    /// Returns the needs of an allowed action.
    pub(super) const fn needs(&self) -> Option<&Conjunction> {
        match self {
            Self::Allowed { needs, .. } => Some(needs),
            _ => None,
        }
    }

    /// Returns the promise to devices that have everything that is needed.
    pub(super) fn without_needs(&self) -> Self {
        let mut promise = self.clone();
        if let Self::Allowed { needs, .. } = &mut promise {
            *needs = Conjunction::default();
        }
        promise
    }

    /// Returns the promise to devices on which a condition holds, or fails.
    pub(super) fn settled(&self, condition: &Condition, holds: bool) -> Self {
        let mut promise = self.clone();
        match &mut promise {
            Self::Allowed { needs, .. } if needs.conditions().contains(condition) => {
                if !holds {
                    return Self::Refused;
                }
                let left = needs.conditions().iter().filter(|one| *one != condition);
                *needs = Conjunction::new(left.cloned());
            }
            _ => {}
        }
        promise
    }

    /// Returns the order in which headlines choose among scopes.
    fn rank(&self) -> u8 {
        match self {
            Self::Allowed { .. } => 0,
            Self::Conflict => 1,
            Self::Refused => 2,
            Self::Gap => 3,
        }
    }
}

serialize_as_text!(Promise);

impl fmt::Display for Promise {
    /// Returns the verdict, with the needs that it depends on: `eligible if reset-token active`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed { needs, .. } if needs.conditions().is_empty() => f.write_str("eligible"),
            Self::Allowed { needs, .. } => write!(f, "eligible if {needs}"),
            Self::Conflict => f.write_str("undetermined (conflict)"),
            Self::Refused => f.write_str("ineligible"),
            Self::Gap => f.write_str("undetermined (no rule)"),
        }
    }
}

/// One policy among those whose clauses are numbered through.
#[derive(Clone, Copy)]
pub(super) struct Numbered<'p> {
    pub(super) policy: &'p Policy,
    /// The number of its first prerequisite.
    prerequisites: usize,
    /// The number of its first rule.
    rules: usize,
}

impl<'p> Numbered<'p> {
    /// Returns a policy whose clauses come first.
    pub(super) fn first(policy: &'p Policy) -> Self {
        Self::from(policy, 0)
    }

    fn from(policy: &'p Policy, first: usize) -> Self {
        Self { policy, prerequisites: first, rules: first + policy.prerequisites.len() }
    }

    /// Returns two policies whose clauses come one after the other.
    pub(super) fn both([one, other]: [&'p Policy; 2]) -> [Self; 2] {
        [Self::first(one), Self::from(other, one.prerequisites.len() + one.rules.len())]
    }

    /// Returns a policy whose clauses are the last of each kind of the one that extends it, which
    /// come first.
    ///
    /// # Panics
    ///
    /// If the other does not extend it.
    pub(super) fn extended(policy: &'p Policy, by: &Policy) -> Self {
        let same = |(one, other): (&Rule, &Rule)| one.id == other.id && one.when == other.when;
        assert!(by.prerequisites.ends_with(&policy.prerequisites), "another's prerequisites");
        let prerequisites = by.prerequisites.len() - policy.prerequisites.len();
        let rules = by.rules.len() - policy.rules.len();
        assert!(by.rules[rules..].iter().zip(&policy.rules).all(same), "another's rules");
        Self { policy, prerequisites, rules: by.prerequisites.len() + rules }
    }

    /// Returns true if the prerequisites hold where these clauses do.
    pub(super) fn presupposed(self, holding: &BitSet) -> bool {
        (0..self.policy.prerequisites.len())
            .all(|index| holding.contains(self.prerequisites + index))
    }

    /// Returns the positions of the rules of a scope that match where these clauses hold, those
    /// included that come too late to decide.
    pub(super) fn all_matching(self, holding: &BitSet, scope: Scope) -> Vec<usize> {
        let mine = holding.iter().skip_while(|number| *number < self.rules);
        mine.map(|number| number - self.rules)
            .take_while(|index| *index < self.policy.rules.len())
            .filter(|index| self.policy.rules[*index].scope == scope)
            .collect()
    }

    /// Returns the promise of these matching rules, one of them perhaps left out.
    pub(super) fn promise_of(self, matching: &[usize], without: Option<usize>) -> Promise {
        let left = matching.iter().filter(|index| Some(**index) != without);
        let mut rules: Vec<&Rule> = left.map(|index| &self.policy.rules[*index]).collect();
        let lowest = rules.first().map(|rule| rule.rank);
        rules.retain(|rule| Some(rule.rank) == lowest);
        Promise::of_rules(&rules)
    }

    /// Returns the number of these matching rules that decide: the others come too late.
    pub(super) fn deciding(self, matching: &[usize]) -> usize {
        let rank = |index: &usize| self.policy.rules[*index].rank;
        let lowest = matching.first().map(rank);
        matching.iter().take_while(|index| Some(rank(index)) == lowest).count()
    }

    /// Returns the promise at a scope where these clauses hold.
    pub(super) fn promise(self, holding: &BitSet, scope: Scope) -> Promise {
        if !self.presupposed(holding) {
            return Promise::Refused;
        }
        self.promise_of(&self.all_matching(holding, scope), None)
    }

    /// Returns the promises at both scopes, in the order of [`Scope::ALL`].
    pub(super) fn promises(self, holding: &BitSet) -> [Promise; 2] {
        [self.promise(holding, Scope::Device), self.promise(holding, Scope::WorkProfile)]
    }
}

/// Returns the promise that a headline shows, with the scope that it comes from.
pub(super) fn headline([device, work_profile]: &[Promise; 2]) -> (&Promise, Scope) {
    if work_profile.rank() < device.rank() {
        (work_profile, Scope::WorkProfile)
    } else {
        (device, Scope::Device)
    }
}

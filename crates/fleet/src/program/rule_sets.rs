//! What each fact leaves possible, as sets of clauses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eligibility::decide::{Decision, decide};
use eligibility::facts::{Fact, FactName, FactSet, Facts};
use eligibility::policy::{Condition, Policy};

use super::DecisionId;
use crate::classes::{Class, Classes};

/// A set of clauses, a bit each.
type Clauses = Vec<u64>;

/// What the decision of a device depends on.
///
/// A clause is the condition of a rule, or one condition of a prerequisite or of what a rule
/// needs. A device and its completions differ in unknown facts only. So which clauses hold for a
/// completion follows from the clauses that no known fact breaks, and from the completion's values
/// of the unknown facts; these, in turn, are all values, except that a known platform limits the
/// management modes and the other way round.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    possible: Clauses,
    unknown: FactSet,
    /// The class of the platform or of the management mode, if the other is unknown.
    company: Option<Class>,
    /// Whether such a device can exist; one that cannot has no completions.
    possible_at_all: bool,
}

/// A policy as sets of clauses, with the decisions that were needed so far.
#[derive(Debug)]
pub(super) struct RuleSets {
    policy: Policy,
    classes: Classes,
    /// For each fact that matters, by class, the clauses that it does not break.
    possible: Vec<(FactName, Vec<Clauses>)>,
    decided: Mutex<Decided>,
}

#[derive(Debug, Default)]
struct Decided {
    by_key: HashMap<Key, DecisionId>,
    /// Of devices with a fact that is one of a set of several classes.
    by_facts: HashMap<Facts, DecisionId>,
    ids: HashMap<Arc<Decision>, DecisionId>,
    decisions: Vec<Arc<Decision>>,
}

impl RuleSets {
    pub(super) fn new(policy: Policy) -> Self {
        let classes = Classes::of(&[&policy], &[]);
        let clauses = clauses(&policy);
        let of_class = |value| {
            let mut possible = vec![0; clauses.len().div_ceil(64)];
            for (index, clause) in clauses.iter().enumerate() {
                let broken = |condition: &&Condition| match value {
                    (kind, Fact::Known(value)) => {
                        condition.fact == kind && !condition.accepts(value)
                    }
                    (_, Fact::Unknown | Fact::OneOf(_)) => false,
                };
                if !clause.iter().any(broken) {
                    possible[index / 64] |= 1 << (index % 64);
                }
            }
            possible
        };
        let possible = classes
            .kinds()
            .map(|kind| {
                let witnesses = classes.witnesses(kind).iter();
                (kind, witnesses.map(|value| of_class((kind, *value))).collect())
            })
            .collect();
        Self { classes, possible, policy, decided: Mutex::default() }
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(super) fn decide(&self, facts: &Facts) -> DecisionId {
        let decide = |facts| Arc::new(decide(&self.policy, facts));
        let Some(key) = self.key(facts) else {
            let representative = self.classes.representative(facts);
            let mut decided = self.decided();
            if let Some(id) = decided.by_facts.get(&representative) {
                return *id;
            }
            let id = decided.number(decide(&representative));
            decided.by_facts.insert(representative, id);
            return id;
        };
        let mut decided = self.decided();
        if let Some(id) = decided.by_key.get(&key) {
            return *id;
        }
        let id = decided.number(decide(facts));
        decided.by_key.insert(key, id);
        id
    }

    pub(super) fn decision(&self, id: DecisionId) -> Arc<Decision> {
        Arc::clone(&self.decided().decisions[id.index()])
    }

    pub(super) fn decisions(&self) -> Vec<Arc<Decision>> {
        self.decided().decisions.clone()
    }

    fn decided(&self) -> MutexGuard<'_, Decided> {
        self.decided.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what the decision depends on; `None` if a fact is one of a set of several classes.
    fn key(&self, facts: &Facts) -> Option<Key> {
        let mut key = Key {
            possible: Vec::new(),
            unknown: FactSet::EMPTY,
            company: None,
            possible_at_all: facts.possible(),
        };
        let mut company = [None, None];
        for (kind, sets) in &self.possible {
            let class = self.classes.class(*kind, facts.get(*kind))?;
            let set = &sets[class as usize];
            if key.possible.is_empty() {
                key.possible.clone_from(set);
            }
            for (all, one) in key.possible.iter_mut().zip(set) {
                *all &= one;
            }
            if class == 0 {
                key.unknown.insert(*kind);
            } else if *kind == FactName::Platform {
                company[0] = Some(class);
            } else if *kind == FactName::Management {
                company[1] = Some(class);
            }
        }
        if company.contains(&None) {
            key.company = company[0].or(company[1]);
        }
        Some(key)
    }
}

impl Decided {
    fn number(&mut self, decision: Arc<Decision>) -> DecisionId {
        let count = self.decisions.len();
        let next = DecisionId(u32::try_from(count).expect("decisions fit into memory"));
        let id = *self.ids.entry(Arc::clone(&decision)).or_insert(next);
        if id == next {
            self.decisions.push(decision);
        }
        id
    }
}

/// The clauses of a policy: all conditions of a rule together, and each that is needed alone.
fn clauses(policy: &Policy) -> Vec<Vec<&Condition>> {
    let rules = policy.rules.iter().map(|rule| rule.when.conditions().iter().collect());
    let prerequisites = policy.prerequisites.iter().map(|one| &one.holds);
    let needs = policy.rules.iter().map(|rule| &rule.needs);
    let alone = prerequisites.chain(needs).flat_map(eligibility::policy::Conjunction::conditions);
    rules.chain(alone.map(|condition| vec![condition])).collect()
}

//! Deciding each kind of device once.

use std::collections::HashMap;

use eligibility::decide::{Decision, decide};
use eligibility::facts::{Fact, FactKind, Facts, OsVersion, Value};
use eligibility::policy::{Policy, Test};

/// The number of facts.
const FACTS: usize = FactKind::ALL.len();

/// A kind of device: for each fact 0 if it is unknown or the policy does not ask for it, else
/// one more than the number of its word, or of its stretch of versions.
type Cell = [u32; FACTS];

/// The number of a decision of one [`Evaluator`], from 0 on in the order of first occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId(u32);

impl DecisionId {
    /// The position of the decision in [`Evaluator::decisions`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A policy that remembers what it decided.
///
/// Devices that the policy cannot tell apart share one decision: it is worked out by
/// [`decide`] when the first of them comes, and looked up after.
///
/// ```
/// use eligibility::decide::{Verdict, decide};
/// use eligibility::facts::Facts;
/// use eligibility::policy::{PolicyDocument, Reading};
/// use fleet::Evaluator;
///
/// # let text = r#"
/// # id = "p"
/// # title = "iPhones"
/// # source = "https://example.com"
/// # documented = 2018-03-29
/// # [[rule]]
/// # id = "ios"
/// # when = { platform = "ios" }
/// # then = "remove-passcode"
/// # source = "first bullet"
/// # "#;
/// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
/// let mut evaluator = Evaluator::new(document.read(Reading::Literal));
/// let id = evaluator.decide(&Facts::default());
/// let plain = decide(evaluator.policy(), &Facts::default());
/// assert_eq!(evaluator.decision(id), &plain);
/// ```
#[derive(Clone, Debug)]
pub struct Evaluator {
    policy: Policy,
    asked: Vec<FactKind>,
    version_cuts: Vec<OsVersion>,
    cells: HashMap<Cell, DecisionId>,
    ids: HashMap<Decision, DecisionId>,
    decisions: Vec<Decision>,
}

impl Evaluator {
    /// An evaluator that has decided nothing yet.
    pub fn new(policy: Policy) -> Self {
        Self {
            asked: policy.facts().iter().collect(),
            version_cuts: version_cuts(&policy),
            policy,
            cells: HashMap::new(),
            ids: HashMap::new(),
            decisions: Vec::new(),
        }
    }

    /// The policy that is asked.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decides a device.
    pub fn decide(&mut self, facts: &Facts) -> DecisionId {
        let cell = self.cell(facts);
        if let Some(id) = self.cells.get(&cell) {
            return *id;
        }
        let decision = decide(&self.policy, facts);
        let next =
            DecisionId(u32::try_from(self.decisions.len()).expect("decisions fit into memory"));
        let id = *self.ids.entry(decision.clone()).or_insert(next);
        if id == next {
            self.decisions.push(decision);
        }
        self.cells.insert(cell, id);
        id
    }

    /// A decision that was given.
    ///
    /// # Panics
    ///
    /// If `id` comes from another evaluator.
    pub fn decision(&self, id: DecisionId) -> &Decision {
        &self.decisions[id.index()]
    }

    /// All different decisions so far, by [`DecisionId::index`].
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    fn cell(&self, facts: &Facts) -> Cell {
        let mut cell = [0; FACTS];
        for kind in &self.asked {
            cell[*kind as usize] = match facts.get(*kind) {
                Fact::Unknown => 0,
                Fact::Known(Value::Choice(choice)) => u32::from(choice) + 1,
                Fact::Known(Value::Version(version)) => {
                    let stretch = self.version_cuts.partition_point(|cut| *cut <= version);
                    u32::try_from(stretch + 1).expect("a policy file has fewer bounds than that")
                }
            };
        }
        cell
    }
}

/// The versions at which any condition of the policy changes.
fn version_cuts(policy: &Policy) -> Vec<OsVersion> {
    let ranges = policy.conditions().filter_map(|condition| match &condition.test {
        Test::Versions(set) => Some(set.ranges()),
        Test::Choices(_) => None,
    });
    let mut cuts: Vec<_> =
        ranges.flatten().flat_map(|range| [Some(range.from), range.before]).flatten().collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

//! A policy that decides many devices.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eligibility::classes::Cells;
use eligibility::decide::{Decision, decide};
use eligibility::facts::Facts;
use eligibility::policy::Policy;
use inventory::FactsState;

/// The number of a decision of one [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId(u32);

impl DecisionId {
    /// Returns the position of the decision in [`Program::decisions`].
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A policy with the decisions that were needed so far, one for each cell.
///
/// The devices of a cell (see [`Cells`]) are decided alike, so one of them is decided, by
/// [`decide`], when the first of them is requested.
///
/// ```
/// use eligibility::decide::decide;
/// use eligibility::facts::Facts;
/// use eligibility::policy::{PolicyDocument, Reading};
/// use fleet::Program;
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
/// let program = Program::new(document.read(Reading::Literal));
/// let id = program.decide(&Facts::default());
/// assert_eq!(*program.decision(id), decide(program.policy(), &Facts::default()));
/// ```
#[derive(Debug)]
pub struct Program {
    policy: Policy,
    cells: Cells,
    decided: Mutex<Decided>,
}

/// The cell of devices, which are decided alike.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Cell {
    /// By its number.
    Numbered(u32),
    /// By its representative, where it has no number.
    Of(Facts),
}

#[derive(Debug, Default)]
struct Decided {
    by_cell: HashMap<Cell, DecisionId, FactsState>,
    ids: HashMap<Arc<Decision>, DecisionId, FactsState>,
    decisions: Vec<Arc<Decision>>,
}

impl Program {
    /// Creates a program that has decided nothing yet.
    pub fn new(policy: Policy) -> Self {
        Self { cells: Cells::of(&[&policy], &[]), policy, decided: Mutex::default() }
    }

    /// Returns the policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the cells that the policy distinguishes.
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Decides a device.
    pub fn decide(&self, facts: &Facts) -> DecisionId {
        let cell = match self.cells.cell(facts) {
            Some(number) => Cell::Numbered(number),
            None => Cell::Of(self.cells.representative(facts)),
        };
        let mut decided = self.decided();
        if let Some(id) = decided.by_cell.get(&cell) {
            return *id;
        }
        let id = decided.number(decide(&self.policy, &self.cells.representative(facts)));
        decided.by_cell.insert(cell, id);
        id
    }

    /// Returns a decision that was given.
    ///
    /// # Panics
    ///
    /// If `id` comes from another program.
    pub fn decision(&self, id: DecisionId) -> Arc<Decision> {
        Arc::clone(&self.decided().decisions[id.index()])
    }

    /// Returns all different decisions so far, by [`DecisionId::index`].
    pub fn decisions(&self) -> Vec<Arc<Decision>> {
        self.decided().decisions.clone()
    }

    fn decided(&self) -> MutexGuard<'_, Decided> {
        self.decided.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Decided {
    fn number(&mut self, decision: Decision) -> DecisionId {
        let decision = Arc::new(decision);
        let count = self.decisions.len();
        let next = DecisionId(u32::try_from(count).expect("decisions fit into memory"));
        let id = *self.ids.entry(Arc::clone(&decision)).or_insert(next);
        if id == next {
            self.decisions.push(decision);
        }
        id
    }
}

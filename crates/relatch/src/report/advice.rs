//! Notes on a device and the changes it needs, once for devices that are alike.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use eligibility::classes::Cells;
use eligibility::costs::Costs;
use eligibility::decide::Decision;
use eligibility::facts::Facts;
use eligibility::policy::Conjunction;
use fleet::{Goal, Program, Remedy, remedies};

use super::caution::Cautions;

/// Cautions and changes for the devices of a policy.
pub(crate) struct Advisor<'p> {
    program: &'p Program,
    cautions: &'p Cautions,
    costs: &'p Costs,
    cells: Cells,
    known: Mutex<HashMap<Facts, Arc<Advice>>>,
}

/// The cautions and changes for a device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Advice {
    /// The names of the cautions.
    pub(crate) cautions: Vec<String>,
    /// The minimal changes, the cheapest first; then those that the policy alone rewards, each with
    /// the caution that contradicts it.
    pub(crate) remedies: Vec<(Remedy, Option<String>)>,
}

impl<'p> Advisor<'p> {
    pub(crate) fn new(program: &'p Program, cautions: &'p Cautions, costs: &'p Costs) -> Self {
        let regions = regions(cautions, costs);
        let cells = Cells::with_regions(&[program.policy()], &regions, &[]);
        Self { program, cautions, costs, cells, known: Mutex::default() }
    }

    /// Returns the advice for a device.
    pub(crate) fn advice(&self, facts: &Facts) -> Arc<Advice> {
        let like = self.cells.representative(facts);
        let known = |advisor: &Self| advisor.lock().get(&like).map(Arc::clone);
        known(self).unwrap_or_else(|| {
            let advice = Arc::new(self.find(&like));
            self.lock().insert(like, Arc::clone(&advice));
            advice
        })
    }

    fn find(&self, facts: &Facts) -> Advice {
        let decide = |facts: &Facts| self.program.decision(self.program.decide(facts));
        let cautions = self.cautions.ids(facts, &decide(facts));
        let contradicted = Cell::new(false);
        let broken = |facts: &Facts, decision: &Decision| {
            let caution = self.cautions.broken_promise(facts, decision);
            contradicted.set(contradicted.get() || caution.is_some());
            caution
        };
        let by = |sound: &dyn Fn(&Facts, &Decision) -> bool| {
            let goal = Goal { program: self.program, cells: &self.cells, sound };
            remedies(&goal, facts, self.costs)
        };
        let sound = by(&|facts, decision| broken(facts, decision).is_none());
        // What nothing contradicts would only be found again.
        let by_page = if contradicted.get() { by(&|_, _| true) } else { Vec::new() };
        let by_page = by_page.into_iter().filter_map(|remedy| {
            let changed = remedy.apply(facts);
            let caution = broken(&changed, &decide(&changed))?;
            Some((remedy, Some(caution.to_owned())))
        });
        let remedies = sound.into_iter().map(|remedy| (remedy, None)).chain(by_page);
        Advice {
            cautions: cautions.into_iter().map(str::to_owned).collect(),
            remedies: remedies.collect(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Facts, Arc<Advice>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Advice {
    /// Returns the cheapest changes that no caution contradicts, else the cheapest with its
    /// caution.
    pub(crate) fn best(&self) -> Option<&(Remedy, Option<String>)> {
        self.remedies.first()
    }
}

/// Returns the devices that must be distinguished.
pub(crate) fn regions<'c>(cautions: &'c Cautions, costs: &'c Costs) -> Vec<&'c Conjunction> {
    cautions.regions().into_iter().chain(costs.regions()).collect()
}

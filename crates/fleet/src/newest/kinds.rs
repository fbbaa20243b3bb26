//! Numbers for combinations of facts, the same in all threads.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eligibility::facts::{FactName, Facts};
use inventory::Batch;

use super::record::KIND_BITS;

/// The combinations that occurred.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    facts: Vec<Facts>,
    numbers: HashMap<Facts, u32>,
}

impl Kinds {
    fn number(&self, facts: &Facts) -> u32 {
        let Known { facts: all, numbers } = &mut *self.lock();
        *numbers.entry(*facts).or_insert_with(|| {
            let number =
                u32::try_from(all.len()).ok().filter(|number| *number < (1 << KIND_BITS) - 1);
            all.push(*facts);
            number.expect("facts have fewer combinations that occur")
        })
    }

    /// The facts of each number.
    pub(super) fn facts(&self) -> Vec<Facts> {
        self.lock().facts.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The numbers of the facts in the batches of one thread; a clone begins anew for another thread.
#[derive(Clone, Debug)]
pub struct KindNumbers {
    kinds: Kinds,
    epoch: u64,
    /// For each distinct row of a batch by distinct rows.
    distinct: Vec<u32>,
    /// For the keys of each row of a batch by columns.
    by_keys: HashMap<[u16; FactName::ALL.len()], u32>,
}

/// How many combinations of keys are remembered before all are forgotten.
const MOST: usize = 1 << 16;

impl KindNumbers {
    pub(super) fn new(kinds: &Kinds) -> Self {
        Self { kinds: kinds.clone(), epoch: 0, distinct: Vec::new(), by_keys: HashMap::new() }
    }

    /// Learns the distinct rows that are new, and forgets everything if keys have a new meaning.
    pub(super) fn follow(&mut self, batch: &Batch) {
        if self.epoch != batch.epoch() || self.by_keys.len() > MOST {
            self.distinct.clear();
            self.by_keys.clear();
            self.epoch = batch.epoch();
        }
        for facts in &batch.distinct_rows()[self.distinct.len()..] {
            self.distinct.push(self.kinds.number(facts));
        }
    }

    /// The number of the facts of a row.
    #[inline]
    pub(super) fn of(&mut self, batch: &Batch, row: usize) -> u32 {
        match batch.row_keys() {
            Some(keys) => self.distinct[keys[row] as usize],
            None => self.of_columns(batch, row),
        }
    }

    fn of_columns(&mut self, batch: &Batch, row: usize) -> u32 {
        let mut keys = [0; FactName::ALL.len()];
        for (key, fact) in keys.iter_mut().zip(FactName::ALL) {
            *key = batch.keys(*fact).get(row).copied().unwrap_or_default();
        }
        let Self { kinds, by_keys, .. } = self;
        *by_keys.entry(keys).or_insert_with(|| kinds.number(&batch.facts(row)))
    }
}

//! A dictionary of combinations of facts, shared by all threads.
//!
//! Facts are numbered once for each distinct row, not for each row.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eligibility::facts::Facts;
use inventory::{Batch, DistinctFacts};

/// The combinations that occurred, each with its key, counted from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct FactsDictionary(Arc<Mutex<DistinctFacts>>);

impl FactsDictionary {
    /// Returns the key of a combination; a new combination gets the next one.
    pub(crate) fn key(&self, facts: &Facts) -> u32 {
        self.lock().key(facts)
    }

    /// Returns the combinations in the order of their keys.
    pub(crate) fn facts(&self) -> Vec<Facts> {
        self.lock().all().to_vec()
    }

    fn lock(&self) -> MutexGuard<'_, DistinctFacts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The numbers of the rows of one thread's batches.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowNumbers {
    epoch: u64,
    /// For each distinct row.
    distinct: Vec<u32>,
    /// For each row of the batch at hand.
    rows: Vec<u32>,
}

impl RowNumbers {
    /// Returns the number of each distinct row.
    pub(crate) fn of_distinct_rows(
        &mut self,
        batch: &Batch,
        number: impl Fn(&Facts) -> u32,
    ) -> &[u32] {
        self.follow(batch);
        let new = &batch.distinct_rows()[self.distinct.len()..];
        self.distinct.extend(new.iter().map(number));
        &self.distinct
    }

    /// Returns the number of each row.
    pub(crate) fn of_rows(&mut self, batch: &Batch, number: impl Fn(&Facts) -> u32) -> &[u32] {
        self.of_distinct_rows(batch, number);
        self.rows.clear();
        self.rows.extend(batch.row_keys().iter().map(|key| self.distinct[*key as usize]));
        &self.rows
    }

    /// Forgets everything if keys have a new meaning.
    fn follow(&mut self, batch: &Batch) {
        if self.epoch != batch.epoch() {
            *self = Self { epoch: batch.epoch(), ..Self::default() };
        }
    }
}

#[cfg(test)]
mod tests {
    use eligibility::facts::{Fact, FactName, FactSet, Value};
    use inventory::{Projection, Row};

    use super::*;

    #[test]
    fn numbers_follow_the_batches_of_a_thread_until_keys_have_a_new_meaning() {
        let known = |fact: FactName, word| {
            let mut facts = Facts::default();
            facts.set(fact, Fact::Known(Value::Choice(word)));
            facts
        };
        let facts: FactSet = FactName::ALL.iter().copied().collect();
        let projection = Projection { facts, ..Projection::default() };
        let mut batch = Batch::new(projection);
        let (dictionary, mut numbers) = (FactsDictionary::default(), RowNumbers::default());
        let mut agree = |batch: &mut Batch, rows: &[Facts]| {
            rows.iter().for_each(|facts| batch.push(&Row { facts: *facts, ..Row::default() }));
            let numbers = numbers.of_rows(batch, |facts| dictionary.key(facts)).to_vec();
            let all = dictionary.facts();
            let found: Vec<_> = numbers.iter().map(|number| all[*number as usize]).collect();
            assert_eq!(found, rows);
        };
        agree(&mut batch, &[known(FactName::Platform, 1), known(FactName::Ownership, 0)]);
        batch.clear();
        agree(&mut batch, &[known(FactName::Ownership, 1), known(FactName::Platform, 1)]);
        batch.reset();
        agree(&mut batch, &[known(FactName::Ownership, 1), known(FactName::Platform, 2)]);
    }
}

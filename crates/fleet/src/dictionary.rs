//! A dictionary of combinations of facts, shared by all threads.
//!
//! Facts are numbered once for each distinct row, not for each row.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eligibility::facts::Facts;
use inventory::{Batch, FactsState};

/// The combinations that occurred, each with its key, counted from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct FactsDictionary(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    facts: Vec<Facts>,
    numbers: HashMap<Facts, u32, FactsState>,
}

impl FactsDictionary {
    /// Returns the key of a combination; a new combination gets the next one.
    pub(crate) fn key(&self, facts: &Facts) -> u32 {
        let Known { facts: all, numbers } = &mut *self.lock();
        *numbers.entry(*facts).or_insert_with(|| {
            all.push(*facts);
            u32::try_from(all.len() - 1).expect("memory ends before 32 bits do")
        })
    }

    /// Returns the combinations in the order of their keys.
    pub(crate) fn facts(&self) -> Vec<Facts> {
        self.lock().facts.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The numbers of the rows of one thread's batches.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowNumbers {
    epoch: u64,
    /// For each distinct row of a batch by distinct rows.
    distinct: Vec<u32>,
    columns: Columns,
    /// For each row of the batch at hand.
    rows: Vec<u32>,
}

impl RowNumbers {
    /// Returns the number of each distinct row; none in a batch by columns.
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
        match batch.row_keys() {
            Some(keys) => {
                self.of_distinct_rows(batch, number);
                self.rows.clear();
                self.rows.extend(keys.iter().map(|key| self.distinct[*key as usize]));
            }
            None => {
                self.follow(batch);
                self.columns.number(batch, number, &mut self.rows);
            }
        }
        &self.rows
    }

    /// Forgets everything if keys have a new meaning.
    fn follow(&mut self, batch: &Batch) {
        if self.epoch != batch.epoch() {
            *self = Self { epoch: batch.epoch(), ..Self::default() };
        }
    }
}

/// The number of codes that are remembered before all are forgotten.
const MOST: usize = 1 << 16;

/// The numbers of rows whose facts stand in columns, by a code of 64 bits: the keys of a row beside
/// each other.
#[derive(Clone, Debug, Default)]
struct Columns {
    /// The number of bits of a code in the key of each projected fact.
    widths: Vec<u32>,
    codes: Vec<u64>,
    numbers: HashMap<u64, u32, FactsState>,
}

impl Columns {
    fn number(&mut self, batch: &Batch, number: impl Fn(&Facts) -> u32, rows: &mut Vec<u32>) {
        let facts = batch.projection().facts;
        let width =
            |fact| (batch.dictionary(fact).len() - 1).checked_ilog2().map_or(0, |top| top + 1);
        let widths: Vec<u32> = facts.iter().map(width).collect();
        rows.clear();
        if widths.iter().sum::<u32>() > u64::BITS {
            rows.extend((0..batch.len()).map(|row| number(&batch.facts(row))));
            return;
        }
        if self.widths != widths || self.numbers.len() > MOST {
            self.numbers.clear();
            self.widths = widths;
        }
        self.codes.clear();
        self.codes.resize(batch.len(), 0);
        for (fact, width) in facts.iter().zip(&self.widths).filter(|(_, width)| **width > 0) {
            for (code, key) in self.codes.iter_mut().zip(batch.keys(fact)) {
                *code = *code << width | u64::from(*key);
            }
        }
        let mut last = None;
        for (row, code) in self.codes.iter().enumerate() {
            let found = match last {
                Some((same, found)) if same == *code => found,
                _ => *self.numbers.entry(*code).or_insert_with(|| number(&batch.facts(row))),
            };
            last = Some((*code, found));
            rows.push(found);
        }
    }
}

#[cfg(test)]
mod tests {
    use eligibility::facts::{
        ChoiceSet, Fact, FactName, FactSet, FactValue, Management, ManagementState, OsVersion,
        Platform, Value,
    };
    use inventory::{Projection, Row};

    use super::*;

    fn batch_of(rows: &[Facts]) -> Batch {
        let facts: FactSet = FactName::ALL.iter().copied().collect();
        let mut batch = Batch::new(Projection { facts, ..Projection::default() });
        rows.iter().for_each(|facts| batch.push(&Row { facts: *facts, ..Row::default() }));
        batch
    }

    fn agree(rows: &[Facts]) {
        let (dictionary, mut numbers) = (FactsDictionary::default(), RowNumbers::default());
        let batch = batch_of(rows);
        let numbers = numbers.of_rows(&batch, |facts| dictionary.key(facts)).to_vec();
        let all = dictionary.facts();
        let found: Vec<_> = numbers.iter().map(|number| all[*number as usize]).collect();
        assert_eq!(found, rows);
    }

    /// Facts; one of them takes all of its sets in turn.
    fn sets<T: FactValue>(set: impl Fn(&mut Facts, Fact<T>)) -> Vec<Facts> {
        let words = u8::try_from(T::CHOICES.len()).expect("closed sets are small");
        let mut rows = Vec::new();
        for bits in 0..1_u32 << words.min(13) {
            let choices = (0..words).filter(|word| bits >> word & 1 != 0);
            let values = ChoiceSet::from_choices(choices).iter().map(Value::Choice);
            let mut facts = Facts::default();
            set(&mut facts, Fact::one_of(values.filter_map(T::from_value)));
            rows.push(facts);
        }
        rows
    }

    #[test]
    fn rows_in_columns_get_the_number_of_their_facts() {
        let mut rows = sets::<Platform>(|facts, platform| facts.platform = platform);
        rows.extend(sets::<bool>(|facts, set| facts.passcode_set = set));
        agree(&rows);
    }

    #[test]
    fn as_many_sets_as_facts_can_have_are_numbered_all_the_same() {
        let mut rows = sets::<Platform>(|facts, platform| facts.platform = platform);
        rows.extend(sets::<Management>(|facts, mode| facts.management = mode));
        rows.extend(sets::<ManagementState>(|facts, state| facts.management_state = state));
        rows.extend((0..30_000).map(|major| Facts {
            os_version: Fact::Known(OsVersion::new([major, 0, 0, 0])),
            ..Facts::default()
        }));
        for fact in FactName::ALL {
            rows.extend((0..fact.choices().len()).map(|word| {
                let mut facts = Facts::default();
                let word = u8::try_from(word).expect("closed sets are small");
                facts.set(*fact, Fact::Known(Value::Choice(word)));
                facts
            }));
        }
        agree(&rows);
    }

    #[test]
    fn numbers_follow_the_batches_of_a_thread_until_keys_have_a_new_meaning() {
        let known = |fact: FactName, word| {
            let mut facts = Facts::default();
            facts.set(fact, Fact::Known(Value::Choice(word)));
            facts
        };
        let facts: FactSet = FactName::ALL.iter().copied().collect();
        let projection = Projection { facts, ..Projection::default() };
        for mut batch in [Batch::new(projection), Batch::by_row_key(projection)] {
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
            // A second word of a fact takes a bit more of a code than the first did.
            agree(&mut batch, &[known(FactName::Ownership, 1), known(FactName::Platform, 1)]);
            batch.reset();
            agree(&mut batch, &[known(FactName::Ownership, 1), known(FactName::Platform, 2)]);
        }
    }
}

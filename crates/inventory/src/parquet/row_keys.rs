//! The keys of rows, by what the groups of columns say of them.

use std::collections::HashMap;

use eligibility::facts::Facts;

use super::groups::Group;
use crate::batch::{Batch, FactsState};

/// The number of codes that are remembered before all are forgotten.
const MOST: usize = 1 << 16;

/// The keys of rows by a code of 64 bits: the numbers of a row in each group, beside each other.
#[derive(Debug, Default)]
pub(super) struct RowKeys {
    /// The number of bits of a code for each group.
    widths: Vec<u32>,
    codes: Vec<u64>,
    known: HashMap<u64, u32, FactsState>,
}

impl RowKeys {
    /// Forgets what codes mean.
    pub(super) fn reset(&mut self) {
        self.known.clear();
    }

    /// Adds the rows that are kept to the batch.
    pub(super) fn add(&mut self, groups: &[Group], kept: &[bool], batch: &mut Batch) {
        let facts = |row| {
            let mut facts = Facts::default();
            groups.iter().for_each(|group| group.add_facts(row, &mut facts));
            facts
        };
        let rows = kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(row, _)| row);
        let widths: Vec<u32> = groups.iter().map(Group::width).collect();
        if widths.iter().sum::<u32>() > u64::BITS {
            for row in rows {
                let key = batch.row_key(&facts(row));
                batch.row_keys_mut().push(key);
            }
            return;
        }
        if self.widths != widths || self.known.len() > MOST {
            self.known.clear();
            self.widths = widths;
        }
        self.codes.clear();
        self.codes.resize(kept.len(), 0);
        for (group, width) in groups.iter().zip(&self.widths).filter(|(_, width)| **width > 0) {
            for (code, number) in self.codes.iter_mut().zip(group.found()) {
                *code = *code << width | u64::from(*number);
            }
        }
        let mut last = None;
        for row in rows {
            let code = self.codes[row];
            let key = match last {
                Some((same, key)) if same == code => key,
                _ => *self.known.entry(code).or_insert_with(|| batch.row_key(&facts(row))),
            };
            last = Some((code, key));
            batch.row_keys_mut().push(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use eligibility::facts::{Fact, FactName, OsVersion, Value};

    use super::*;
    use crate::batch::{DistinctFacts, Projection};

    /// Returns a group for each of some facts, in which row `n` has the value `n`, `n + 1` and so
    /// on, with enough numbers that the codes have at least `bits` bits together.
    fn groups(rows: usize, bits: usize) -> Vec<Group> {
        let facts = FactName::ALL.iter().filter(|fact| fact.choices().len() > 1);
        let facts: Vec<FactName> = facts.copied().collect();
        let numbers = 1 << bits.div_ceil(facts.len());
        let group = |(at, fact): (usize, &FactName)| {
            let words = fact.choices().len();
            let mut meant = DistinctFacts::default();
            for number in 0..numbers {
                // Another fact distinguishes the numbers, and is not of this group.
                let os_version = Fact::Known(OsVersion::new([number as u32, 0, 0, 0]));
                let mut facts = Facts { os_version, ..Facts::default() };
                let word = u8::try_from(number % words).expect("closed sets are small");
                facts.set(*fact, Fact::Known(Value::Choice(word)));
                meant.key(&facts);
            }
            let found = (0..rows).map(|row| u32::try_from((row + at) % numbers).unwrap());
            Group::of_meant(vec![*fact], meant, found.collect())
        };
        facts.iter().enumerate().map(group).collect()
    }

    #[test]
    fn rows_get_the_key_of_their_facts_however_long_their_codes_are() {
        for bits in [10, 60, 64, 65, 120] {
            let groups = groups(100, bits);
            let projection = Projection {
                facts: FactName::ALL.iter().copied().collect(),
                ..Projection::default()
            };
            let (mut keys, mut batch) = (RowKeys::default(), Batch::new(projection));
            let kept: Vec<bool> = (0..100).map(|row| row % 7 != 3).collect();
            for _ in 0..2 {
                batch.clear();
                keys.add(&groups, &kept, &mut batch);
                let rows = (0..100).filter(|row| kept[*row]);
                let expected: Vec<Facts> = rows
                    .map(|row| {
                        let mut facts = Facts::default();
                        groups.iter().for_each(|group| group.add_facts(row, &mut facts));
                        facts
                    })
                    .collect();
                let found: Vec<Facts> = (0..batch.len()).map(|row| batch.facts(row)).collect();
                assert_eq!(found, expected, "{bits}");
            }
        }
    }
}

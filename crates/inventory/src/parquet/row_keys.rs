//! The keys of rows, by what the bundles of columns say of them.

use std::collections::HashMap;

use eligibility::facts::Facts;

use super::bundles::{AT_ONCE, Bundle};
use crate::batch::{Batch, FactsState};
use crate::bulk::{Work, with_best_instructions};

/// The number of codes that are remembered before all are forgotten.
const MOST: usize = 1 << 16;

/// The number of bits that a code may have in a table.
const TABLE_BITS: u32 = 16;

/// A code that did not occur yet.
const UNSEEN: u32 = u32::MAX;

/// The keys of rows by a code of 64 bits: the numbers of a row in each bundle, beside each other.
#[derive(Debug, Default)]
pub(super) struct RowKeys {
    /// The number of bits of a code for each bundle.
    widths: Vec<u32>,
    codes: Vec<u64>,
    /// The key of each code; empty if codes are too long.
    table: Vec<u32>,
    /// The same, if they are.
    known: HashMap<u64, u32, FactsState>,
}

impl RowKeys {
    /// Forgets what codes mean.
    pub(super) fn reset(&mut self) {
        self.widths.clear();
        self.known.clear();
    }

    /// Gives the batch, which is empty, the keys of the rows that are kept.
    pub(super) fn add(&mut self, bundles: &[Bundle], kept: &[bool], batch: &mut Batch) {
        let widths: Vec<u32> = bundles.iter().map(Bundle::width).collect();
        let bits = widths.iter().sum::<u32>();
        if self.widths != widths || self.known.len() > MOST {
            self.known.clear();
            self.table = vec![UNSEEN; if bits <= TABLE_BITS { 1 << bits } else { 0 }];
            self.widths = widths;
        }
        if bits <= TABLE_BITS {
            self.add_by_table(bundles, kept, batch);
            return;
        }
        let rows = kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(row, _)| row);
        if bits > u64::BITS {
            for row in rows {
                let key = batch.row_key(&facts(bundles, row));
                batch.row_keys_mut().push(key);
            }
            return;
        }
        self.codes.clear();
        self.codes.resize(kept.len(), 0);
        for (bundle, width) in bundles.iter().zip(&self.widths).filter(|(_, width)| **width > 0) {
            for (code, number) in self.codes.iter_mut().zip(bundle.found()) {
                *code = *code << width | u64::from(*number);
            }
        }
        for row in rows {
            let key = self.known.entry(self.codes[row]);
            let key = *key.or_insert_with(|| batch.row_key(&facts(bundles, row)));
            batch.row_keys_mut().push(key);
        }
    }

    fn add_by_table(&mut self, bundles: &[Bundle], kept: &[bool], batch: &mut Batch) {
        let Self { widths, table, .. } = self;
        let code = |row: usize| {
            let numbers = bundles.iter().zip(&*widths);
            numbers
                .filter(|(_, width)| **width > 0)
                .fold(0, |code, (bundle, width)| code << width | bundle.found()[row])
        };
        let mut keys = std::mem::take(batch.row_keys_mut());
        keys.resize(kept.len(), 0);
        let look_up = LookUp { bundles, widths, table, keys: &mut keys };
        let unseen = with_best_instructions(look_up);
        if unseen || kept.contains(&false) {
            for (row, key) in keys.iter_mut().enumerate() {
                if *key == UNSEEN && kept[row] {
                    let known = &mut table[code(row) as usize];
                    if *known == UNSEEN {
                        *known = batch.row_key(&facts(bundles, row));
                    }
                    *key = *known;
                }
            }
            let mut kept = kept.iter();
            keys.retain(|_| kept.next() == Some(&true));
        }
        *batch.row_keys_mut() = keys;
    }
}

/// Returns the facts of a row that is kept.
fn facts(bundles: &[Bundle], row: usize) -> Facts {
    let mut facts = Facts::default();
    bundles.iter().for_each(|bundle| bundle.add_facts(row, &mut facts));
    facts
}

/// Rows whose numbers are to be looked up; the result is true if a code did not occur yet. A row that
/// is rejected has no code, and gets the key of any.
struct LookUp<'l> {
    bundles: &'l [Bundle],
    widths: &'l [u32],
    table: &'l [u32],
    keys: &'l mut [u32],
}

impl Work for LookUp<'_> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let Self { bundles, widths, table, keys } = self;
        let mut unseen = false;
        for (begin, keys) in (0..).step_by(AT_ONCE).zip(keys.chunks_mut(AT_ONCE)) {
            keys.fill(0);
            for (bundle, width) in bundles.iter().zip(widths).filter(|(_, width)| **width > 0) {
                for (code, number) in keys.iter_mut().zip(&bundle.found()[begin..]) {
                    *code = *code << width | *number;
                }
            }
            for key in keys {
                *key = table[*key as usize & (table.len() - 1)];
                unseen |= *key == UNSEEN;
            }
        }
        unseen
    }
}

#[cfg(test)]
mod tests {
    use eligibility::facts::{Fact, FactName, OsVersion, Value};

    use super::*;
    use crate::batch::{DistinctFacts, Projection};

    /// Returns a bundle for each of some facts, in which row `n` has the value `n`, `n + 1` and so
    /// on, with enough numbers that the codes have at least `bits` bits together.
    fn bundles(rows: usize, bits: usize) -> Vec<Bundle> {
        let facts = FactName::ALL.iter().filter(|fact| fact.choices().len() > 1);
        let facts: Vec<FactName> = facts.copied().collect();
        let numbers = 1 << bits.div_ceil(facts.len());
        let bundle = |(at, fact): (usize, &FactName)| {
            let words = fact.choices().len();
            let mut meant = DistinctFacts::default();
            for number in 0..numbers {
                // Another fact distinguishes the numbers, and is not of this bundle.
                let os_version = Fact::Known(OsVersion::new([number as u32, 0, 0, 0]));
                let mut facts = Facts { os_version, ..Facts::default() };
                let word = u8::try_from(number % words).expect("closed sets are small");
                facts.set(*fact, Fact::Known(Value::Choice(word)));
                meant.key(&facts);
            }
            let found = (0..rows).map(|row| u32::try_from((row + at) % numbers).unwrap());
            Bundle::of_meant(vec![*fact], meant, found.collect())
        };
        facts.iter().enumerate().map(bundle).collect()
    }

    #[test]
    fn rows_get_the_key_of_their_facts_however_long_their_codes_are() {
        for bits in [10, 60, 64, 65, 120] {
            let bundles = bundles(100, bits);
            let projection = Projection {
                facts: FactName::ALL.iter().copied().collect(),
                ..Projection::default()
            };
            let (mut keys, mut batch) = (RowKeys::default(), Batch::new(projection));
            let kept: Vec<bool> = (0..100).map(|row| row % 7 != 3).collect();
            for _ in 0..2 {
                batch.clear();
                keys.add(&bundles, &kept, &mut batch);
                let rows = (0..100).filter(|row| kept[*row]);
                let expected: Vec<Facts> = rows
                    .map(|row| {
                        let mut facts = Facts::default();
                        bundles.iter().for_each(|bundle| bundle.add_facts(row, &mut facts));
                        facts
                    })
                    .collect();
                let found: Vec<Facts> = (0..batch.len()).map(|row| batch.facts(row)).collect();
                assert_eq!(found, expected, "{bits}");
            }
        }
    }
}

//! From column groups to the key of a distinct row.

use std::collections::HashMap;

use hashbrown::HashTable;

use super::column_groups::{ColumnGroup, Known};
use super::column_plan::ColumnPlan;
use super::lookup::{OddCell, Rows};
use super::simd::Simd;
use crate::batch::Batch;

/// The number of pairs of meanings that are numbered before all are forgotten.
const MANY: usize = 1 << 18;

/// The number of pairs that can be numbered at all; if a chunk of a file brings more new ones, the
/// plain reader has to do without numbers.
const MOST: usize = MANY + (1 << 16);

/// The groups of columns of a file, and the keys of the rows that were seen.
#[derive(Debug)]
pub(super) struct DistinctRows<'s> {
    known: Known<'s>,
    /// The columns that vary so much that they are looked up alone.
    alone: Vec<usize>,
    groups: Vec<ColumnGroup>,
    /// For each group but the first, the pairs of what all groups before it mean and what it means.
    pairs: Vec<Pairs>,
    /// For each number that the last group leads to, the key, or [`NEW`], or [`REJECTED`].
    keys: Vec<u32>,
    /// For each number whose key is marked as [`ODD`], a bit for each column with a cell that is
    /// not understood.
    odd: HashMap<u32, u32>,
    /// For each row at hand, what a group means, and the number that the groups so far lead to.
    meanings: Vec<u16>,
    numbers: Vec<u32>,
}

const NEW: u32 = u32::MAX;
const REJECTED: u32 = u32::MAX - 1;

/// Marks the key of rows with a cell that is not understood.
const ODD: u32 = 1 << 30;

impl<'s> DistinctRows<'s> {
    pub(super) fn new(plan: &'s ColumnPlan, batch: &Batch) -> Self {
        Self::with_alone(plan, Vec::new(), batch)
    }

    /// Knows nothing any more, and looks columns up alone that vary too much.
    pub(super) fn forget(&mut self, batch: &Batch) {
        let mut alone = std::mem::take(&mut self.alone);
        alone.extend(self.groups.iter().filter_map(|group| group.most_varied(&self.known)));
        *self = Self::with_alone(self.known.plan, alone, batch);
    }

    fn with_alone(plan: &'s ColumnPlan, alone: Vec<usize>, batch: &Batch) -> Self {
        let groups = ColumnGroup::of(plan, &alone);
        let pairs = groups.iter().skip(1).map(|_| Pairs::new()).collect();
        let known = Known::new(plan, batch);
        Self {
            known,
            alone,
            groups,
            pairs,
            keys: Vec::new(),
            odd: HashMap::new(),
            meanings: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Returns true if so much was numbered that it must be forgotten before the next chunk.
    pub(super) fn is_full(&self) -> bool {
        self.groups.iter().any(ColumnGroup::is_full)
            || self.pairs.iter().any(|pairs| pairs.len() >= MANY)
    }

    /// Adds the keys of the rows to the batch up to the first row that only the plain reader can
    /// judge, and the cells of these rows that are not understood; returns the number of rows that
    /// were added.
    #[inline(always)]
    pub(super) fn add(
        &mut self,
        simd: impl Simd,
        mut rows: Rows<'_>,
        batch: &mut Batch,
        odd: &mut Vec<OddCell>,
    ) -> usize {
        let Self { known, groups, pairs, meanings, numbers, .. } = self;
        for (index, group) in groups.iter_mut().enumerate() {
            meanings.clear();
            group.add(simd, rows, known, meanings);
            rows.count = meanings.len();
            let Some(before) = index.checked_sub(1) else {
                numbers.clear();
                numbers.extend(meanings.iter().map(|meaning| u32::from(*meaning)));
                continue;
            };
            let pairs = &mut pairs[before];
            for (row, (number, meaning)) in numbers.iter_mut().zip(meanings.iter()).enumerate() {
                let Some(pair) = pairs.get(*number, *meaning) else {
                    rows.count = row;
                    break;
                };
                *number = pair;
            }
        }
        let mut column = std::mem::take(batch.row_keys_mut());
        let (mut added, mut marks) = (0, 0);
        for at in 0..rows.count {
            let number = self.numbers[at];
            let key = match self.keys.get(number as usize) {
                Some(key) if *key != NEW => *key,
                _ => self.learn(number, batch),
            };
            if key == REJECTED {
                break;
            }
            marks |= key;
            column.push(key & !ODD);
            added += 1;
        }
        *batch.row_keys_mut() = column;
        if marks & ODD != 0 {
            self.collect_odd(Rows { count: added, ..rows }, odd);
        }
        added
    }

    /// Adds the cells that are not understood of rows that were added.
    #[cold]
    #[inline(never)]
    fn collect_odd(&self, rows: Rows<'_>, odd: &mut Vec<OddCell>) {
        for (row, number) in (0..).zip(&self.numbers[..rows.count]) {
            if self.keys[*number as usize] & ODD == 0 {
                continue;
            }
            let mut columns = self.odd[number];
            while columns != 0 {
                let column = self.known.plan.position(columns.trailing_zeros() as usize);
                odd.extend(rows.odd_cell(row, column));
                columns &= columns - 1;
            }
        }
    }

    /// Returns the key of the rows with a number that was not seen before.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, number: u32, batch: &mut Batch) -> u32 {
        let mut meanings = Vec::with_capacity(self.groups.len());
        let mut left = number;
        for (at, group) in self.groups.iter().enumerate().rev() {
            let right = match at.checked_sub(1) {
                Some(before) => {
                    let (before, right) = self.pairs[before].of(left);
                    left = before;
                    right
                }
                None => u16::try_from(left).expect("the first group has no more meanings"),
            };
            meanings.push(group.meaning(right));
        }
        let columns = meanings.iter().fold(0, |columns, meaning| columns | meaning.odd);
        let facts = self.known.facts(meanings.into_iter());
        let mut key = facts.map_or(REJECTED, |facts| batch.row_key(&facts));
        if columns != 0 && key != REJECTED {
            self.odd.insert(number, columns);
            key |= ODD;
        }
        let at = number as usize;
        self.keys.resize(self.keys.len().max(at + 1), NEW);
        self.keys[at] = key;
        key
    }
}

/// Numbers for pairs of numbers.
#[derive(Debug)]
struct Pairs {
    numbers: HashTable<(u64, u32)>,
    pairs: Vec<(u32, u16)>,
}

impl Pairs {
    fn new() -> Self {
        Self { numbers: HashTable::with_capacity(256), pairs: Vec::new() }
    }

    fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Returns the pair that has a number.
    fn of(&self, number: u32) -> (u32, u16) {
        self.pairs[number as usize]
    }

    /// Returns the number of a pair; `None` if there is no room for another one.
    #[inline(always)]
    fn get(&mut self, left: u32, right: u16) -> Option<u32> {
        let pair = u64::from(left) << 16 | u64::from(right);
        match self.numbers.find(hash(pair), |known| known.0 == pair) {
            Some((_, number)) => Some(*number),
            None => self.learn(left, right),
        }
    }

    #[cold]
    #[inline(never)]
    fn learn(&mut self, left: u32, right: u16) -> Option<u32> {
        if self.pairs.len() >= MOST {
            return None;
        }
        let number = u32::try_from(self.pairs.len()).expect("there are at most MOST pairs");
        self.pairs.push((left, right));
        let pair = u64::from(left) << 16 | u64::from(right);
        self.numbers.insert_unique(hash(pair), (pair, number), |known| hash(known.0));
        Some(number)
    }
}

#[inline(always)]
fn hash(pair: u64) -> u64 {
    let mixed = pair.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_pair_keeps_its_number_and_no_two_have_the_same(
            pairs in proptest::collection::vec((0..50_u32, 0..50_u16), 0..2000),
        ) {
            let mut numbers = Pairs::new();
            let mut plain = HashMap::new();
            for (left, right) in pairs {
                let next = u32::try_from(plain.len()).unwrap();
                let number = *plain.entry((left, right)).or_insert(next);
                prop_assert_eq!(numbers.get(left, right), Some(number));
                prop_assert_eq!(numbers.of(number), (left, right));
            }
        }
    }

    #[test]
    fn there_is_an_end_of_pairs() {
        let mut numbers = Pairs::new();
        for left in 0..u32::try_from(MOST).unwrap() {
            assert_eq!(numbers.get(left, 7), Some(left));
        }
        assert_eq!(numbers.get(0, 8), None);
        assert_eq!(numbers.get(9, 7), Some(9));
        assert!(numbers.numbers.capacity() <= 4 * MOST);
    }
}

//! Which keys may occur more than once, as far as single bits show it.
//!
//! A key sets a bit; if it is set already, the key may have occurred before, and sets a bit in a
//! second, smaller set. A key whose bit is not set there occurs once. Others may, too: the bits
//! decide nothing, but how many rows are compared.

use super::stored::{Blocks, Stored};

/// How many bits there are at least, as a power of two.
const FEW: u32 = 15;

/// How many more bits there are of keys that occurred than of those that may have occurred again,
/// as a power of two.
const FEWER: u32 = 3;

/// How many rows are looked up before what was found is looked at.
const AT_ONCE: usize = 256;

/// How many bits there are for each key, at least.
const SPARSE: usize = 8;

/// Which keys may occur more than once.
#[derive(Debug)]
pub(super) struct Repeats {
    /// How many bits there are, as a power of two.
    log: u32,
    once: Vec<u64>,
    again: Vec<u64>,
    /// How many rows found their bit set.
    found: usize,
}

impl Repeats {
    /// Returns which keys of rows may occur more than once.
    ///
    /// This is done when all rows are there, because the bits are not in the cache while a file is
    /// read.
    pub(super) fn of(blocks: &Blocks) -> Self {
        let log = (SPARSE * blocks.len()).next_power_of_two().ilog2().max(FEW);
        let once = vec![0; 1 << (log - 6)];
        let again = vec![0; 1 << (log - 6 - FEWER)];
        let mut repeats = Self { log, once, again, found: 0 };
        blocks.for_each(|_, rows| repeats.add(rows));
        repeats.once = Vec::new();
        repeats
    }

    /// Adds the keys of rows.
    fn add(&mut self, rows: &[Stored]) {
        // A branch on what is in memory that is not in the cache would be mispredicted, and all rows
        // behind it be looked up again. So each row is noted, and most notes are overwritten.
        let mut hits = [0; AT_ONCE];
        for rows in rows.chunks(AT_ONCE) {
            let mut count = 0;
            for row in rows {
                let (hash, is_row) = (row.hash(), u64::from(!row.is_gone()));
                let at = hash >> (u64::BITS - self.log);
                let word = &mut self.once[(at / 64) as usize];
                let hit = *word >> (at % 64) & is_row;
                *word |= is_row << (at % 64);
                hits[count % AT_ONCE] = hash;
                count += hit as usize;
            }
            self.found += count;
            for hash in &hits[..count] {
                let at = self.again_at(*hash);
                self.again[at / 64] |= 1 << (at % 64);
            }
        }
    }

    #[inline(always)]
    fn again_at(&self, hash: u64) -> usize {
        hash as usize & (self.again.len() * 64 - 1)
    }

    /// Gives each row to a function of which the key may occur more than once, by its position; of a
    /// power of two of groups of keys only those of one group.
    pub(super) fn find(
        &self,
        rows: &[Stored],
        (group, groups): (u64, u64),
        mut found: impl FnMut(usize),
    ) {
        let mut hits = [0; AT_ONCE];
        for (first, rows) in (0..).step_by(AT_ONCE).zip(rows.chunks(AT_ONCE)) {
            let mut count = 0;
            for (position, row) in rows.iter().enumerate() {
                let hash = row.hash();
                let at = self.again_at(hash);
                let is_hit = self.again[at / 64] >> (at % 64) & 1;
                let is_meant = u64::from(hash >> 28 & (groups - 1) == group);
                hits[count % AT_ONCE] = position;
                count += (is_hit & is_meant & u64::from(!row.is_gone())) as usize;
            }
            hits[..count].iter().for_each(|position| found(first + position));
        }
    }

    /// Returns about how many of a number of rows must be compared.
    pub(super) fn suspects(&self, rows: usize) -> usize {
        let by_chance = rows / 64 * self.found / self.again.len();
        (2 * self.found + by_chance).min(rows)
    }

    /// Returns that every key may occur again.
    #[cfg(test)]
    pub(super) fn all() -> Self {
        Self { log: FEW, once: Vec::new(), again: vec![u64::MAX], found: 0 }
    }
}

//! The keys that may occur more than once, as far as bits show it.
//!
//! A key sets two bits of one word; if both are set already, the key may have occurred before, and
//! sets bits in a second, smaller set. A key whose bits are not set there occurs once. Others may,
//! too: the bits decide nothing, but how many rows are compared.

use super::stored::Blocks;

/// The number of bits for each key, at least.
const SPARSE: usize = 8;

/// The number of words of the first set that share one of the second, as a power of two.
const FEWER: u32 = 3;

/// The number of rows that are looked up before what was found is looked at.
const AT_ONCE: usize = 256;

/// The keys that may occur more than once.
#[derive(Debug)]
pub(super) struct Repeats {
    again: Words,
    /// The number of rows that found their bits set.
    found: usize,
}

/// Bits of hashes; one word for each value of the highest bits of a hash.
#[derive(Debug)]
struct Words {
    words: Vec<u64>,
    log: u32,
}

impl Repeats {
    /// Returns the keys of rows that may occur more than once.
    ///
    /// This is done when all rows are there, because the bits are not in the cache while a file is
    /// read.
    pub(super) fn of(blocks: &Blocks) -> Self {
        let log = (SPARSE * blocks.len() / 64).next_power_of_two().ilog2();
        let mut once = Words::new(log);
        let mut repeats = Self { again: Words::new(log.saturating_sub(FEWER)), found: 0 };
        blocks.hashes().for_each(|hashes| repeats.add(hashes, &mut once));
        // The fewer words, the more of them stay in the cache.
        while repeats.again.words.len() > repeats.found.max(1) {
            repeats.again.fold();
        }
        repeats
    }

    /// Takes note of the keys of rows that were seen.
    fn add(&mut self, hashes: &[u32], once: &mut Words) {
        // A branch on what is in memory that is not in the cache would be mispredicted, and all rows
        // behind it be looked up again. So each row is noted, and most notes are overwritten.
        let mut hits = [0; AT_ONCE];
        for hashes in hashes.chunks(AT_ONCE) {
            let mut count = 0;
            for hash in hashes {
                hits[count % AT_ONCE] = *hash;
                count += usize::from(once.insert(*hash) & (*hash != 0));
            }
            self.found += count;
            hits[..count].iter().for_each(|hash| _ = self.again.insert(*hash));
        }
    }

    /// Gives each row whose key may occur more than once to a function, by its position; of a power
    /// of two of groups of keys only those of one group.
    pub(super) fn find(
        &self,
        hashes: &[u32],
        (group, groups): (u32, u32),
        mut found: impl FnMut(usize),
    ) {
        let mut hits = [0; AT_ONCE];
        for (first, hashes) in (0..).step_by(AT_ONCE).zip(hashes.chunks(AT_ONCE)) {
            let mut count = 0;
            for (position, hash) in hashes.iter().enumerate() {
                let is_meant = hash & (groups - 1) == group && *hash != 0;
                hits[count % AT_ONCE] = position;
                count += usize::from(self.again.contains(*hash) & is_meant);
            }
            hits[..count].iter().for_each(|position| found(first + position));
        }
    }

    /// Returns about how many of a number of rows must be compared.
    pub(super) fn suspects(&self, rows: usize) -> usize {
        let all = 64 * self.again.words.len();
        let [rows, set, all] = [rows, 2 * self.found, all].map(|it| it as u128);
        (set + rows * set * set / (all * all)).min(rows) as usize
    }

    /// Returns that every key may occur again.
    #[cfg(test)]
    pub(super) fn all() -> Self {
        Self { again: Words { words: vec![u64::MAX], log: 0 }, found: 0 }
    }
}

impl Words {
    /// Returns a power of two of words without bits.
    fn new(log: u32) -> Self {
        Self { words: vec![0; 1 << log], log }
    }

    /// Returns the word of a hash, and its bits there.
    #[inline(always)]
    fn place(&self, hash: u32) -> (usize, u64) {
        let mixed = hash.wrapping_mul(0x9e37_79b9);
        let word = u64::from(hash) << self.log >> u32::BITS;
        (word as usize, 1 << (mixed >> 26) | 1 << (mixed >> 20 & 63))
    }

    /// Returns true if the bits of a hash are set.
    #[inline(always)]
    fn contains(&self, hash: u32) -> bool {
        let (word, bits) = self.place(hash);
        self.words[word] & bits == bits
    }

    /// Sets the bits of a hash; returns true if they were set.
    #[inline(always)]
    fn insert(&mut self, hash: u32) -> bool {
        let (word, bits) = self.place(hash);
        let word = &mut self.words[word];
        let is_hit = *word & bits == bits;
        *word |= bits;
        is_hit
    }

    /// Puts the bits of two words each into one.
    fn fold(&mut self) {
        self.words = self.words.chunks(2).map(|pair| pair[0] | pair[1]).collect();
        self.log -= 1;
    }
}

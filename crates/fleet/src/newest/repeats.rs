//! Which keys may occur more than once, as far as single bits show it.
//!
//! A key sets a bit; if it is set already, the key may have occurred before, and sets a bit in a
//! second, smaller set. A key whose bit is not set there occurs once. Others may, too: the bits
//! decide nothing, but how many rows are compared.

/// How many bits there are at first, as a power of two, and after how many more rows are added at
/// once to memory than to the number of bits.
const FIRST: u32 = 15;
const MANY: u32 = 27;

/// How many more bits there are of keys that occurred than of those that may have occurred again,
/// as a power of two.
const FEWER: u32 = 3;

/// How many bits there are for each key, at least.
const SPARSE: usize = 8;

#[derive(Debug)]
pub(super) struct Repeats {
    /// How many bits there are, as a power of two.
    log: u32,
    once: Vec<u64>,
    /// How many of them are set.
    set: usize,
    again: Vec<u64>,
    /// How many rows found their bit set.
    found: usize,
}

impl Default for Repeats {
    fn default() -> Self {
        Self::with_bits(FIRST)
    }
}

impl Repeats {
    fn with_bits(log: u32) -> Self {
        let once = vec![0; 1 << (log - 6)];
        let again = vec![0; 1 << (log - 6 - FEWER)];
        Self { log, once, set: 0, again, found: 0 }
    }

    /// Returns an empty one with more bits.
    pub(super) fn larger(&self) -> Self {
        Self::with_bits(self.log + if self.log < MANY { 4 } else { 2 })
    }

    /// Returns true if so many bits are set that many rows would be compared in vain.
    pub(super) fn is_crowded(&self) -> bool {
        self.set > self.once.len() * 64 / SPARSE
    }

    /// Adds the hash of a key.
    #[inline(always)]
    pub(super) fn add(&mut self, hash: u64) {
        let at = hash >> (u64::BITS - self.log);
        let (word, bit) = (&mut self.once[(at / 64) as usize], 1 << (at % 64));
        if *word & bit != 0 {
            self.found += 1;
            let at = self.again_at(hash);
            self.again[at / 64] |= 1 << (at % 64);
        } else {
            *word |= bit;
            self.set += 1;
        }
    }

    #[inline(always)]
    fn again_at(&self, hash: u64) -> usize {
        hash as usize & (self.again.len() * 64 - 1)
    }

    /// Returns true if a key with this hash may have been added more than once since the last
    /// [`forget`](Self::forget), or once since and once before.
    #[inline(always)]
    pub(super) fn contains(&self, hash: u64) -> bool {
        let at = self.again_at(hash);
        self.again[at / 64] >> (at % 64) & 1 != 0
    }

    /// Returns how many rows found that their keys may have been added before.
    pub(super) fn found(&self) -> usize {
        self.found
    }

    /// Returns about how many of a number of rows must be compared.
    pub(super) fn suspects(&self, rows: usize) -> usize {
        let by_chance = rows / 64 * self.found / self.again.len();
        (2 * self.found + by_chance).min(rows)
    }

    /// Forgets which keys occurred again, but not that they occurred.
    pub(super) fn forget(&mut self) {
        self.again.fill(0);
        self.found = 0;
    }

    /// Makes every key one that may occur again.
    #[cfg(test)]
    pub(super) fn suspect_all(&mut self) {
        self.again.fill(u64::MAX);
    }
}

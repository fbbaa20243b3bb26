//! A hash of facts that is cheap, and different from process to process.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Begins to mix facts from a number that differs from process to process, so that no file can be
/// made for which a table is slow.
///
/// ```
/// use std::collections::HashMap;
///
/// use eligibility::facts::Facts;
/// use inventory::FactsState;
///
/// let mut numbers: HashMap<Facts, u32, FactsState> = HashMap::default();
/// numbers.insert(Facts::default(), 17);
/// assert_eq!(numbers[&Facts::default()], 17);
/// ```
#[derive(Clone, Debug)]
pub struct FactsState(u64);

impl Default for FactsState {
    fn default() -> Self {
        Self(RandomState::new().hash_one(()))
    }
}

impl BuildHasher for FactsState {
    type Hasher = FactsHasher;

    fn build_hasher(&self) -> FactsHasher {
        FactsHasher(self.0)
    }
}

/// Mixes facts, their codes, or the bytes of a name, by a multiplication for each word.
#[derive(Clone, Copy, Debug)]
pub struct FactsHasher(u64);

impl Hasher for FactsHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        words.iter().for_each(|word| self.write_u64(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.write_u64(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u16(&mut self, word: u16) {
        self.write_u64(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        // 2⁶⁴ divided by the golden ratio; the upper half, where the bits of all words meet, also
        // goes into the lower one, from which a table takes its place.
        let mixed = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

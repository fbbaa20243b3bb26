//! A situation as a number, by which it is recognised.

use std::hash::{Hash, Hasher};

use super::situation::Situation;

/// Returns 128 bits that represent a situation: of a million of them, two are the same by chance once in
/// 10²⁶ searches.
pub(super) fn fingerprint(situation: &Situation) -> [u64; 2] {
    let mut lanes = Lanes::new();
    situation.machine.hash(&mut lanes);
    lanes.write_usize(situation.waiting.len());
    for waiting in &situation.waiting {
        waiting.call.hash(&mut lanes);
    }
    lanes.end()
}

/// A hasher of two lanes, each a folded multiplication per word, as in wyhash
/// (<https://github.com/wangyi-fudan/wyhash>): one pass over a machine, whose derived `Hash` writes
/// many small numbers. They share words: a number below 255 takes a byte, a larger one follows a
/// byte of 255.
#[derive(Clone, Copy)]
struct Lanes {
    lanes: [u64; 2],
    /// The bytes that do not fill a word yet, the first one lowest.
    word: u64,
    /// The number of these bits.
    bits: u32,
}

impl Lanes {
    const fn new() -> Self {
        Self { lanes: [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344], word: 0, bits: 0 }
    }

    fn mix(&mut self, word: u64) {
        let keys = [0xa076_1d64_78bd_642f_u64, 0xe703_7ed1_a0b4_28db];
        for (lane, key) in self.lanes.iter_mut().zip(keys) {
            let product = u128::from(*lane ^ word) * u128::from(key);
            let [low, high] = [product, product >> 64].map(|half| half & u128::from(u64::MAX));
            let fold = u64::try_from(low ^ high).unwrap_or(0);
            *lane = fold.wrapping_add(lane.rotate_left(23));
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        self.word |= u64::from(byte) << self.bits;
        self.bits += 8;
        if self.bits == 64 {
            self.mix(self.word);
            (self.word, self.bits) = (0, 0);
        }
    }

    fn word(&mut self, word: u64) {
        self.mix(self.word | word << self.bits);
        self.word = word.checked_shr(64 - self.bits).unwrap_or(0);
    }

    /// Returns the lanes with what does not fill a word.
    fn end(mut self) -> [u64; 2] {
        self.word(self.bits.into());
        self.mix(self.word);
        self.lanes
    }
}

impl Hasher for Lanes {
    fn write(&mut self, bytes: &[u8]) {
        self.write_usize(bytes.len());
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.byte(number);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        match u8::try_from(number) {
            Ok(byte) if byte < u8::MAX => self.byte(byte),
            _ => {
                self.byte(u8::MAX);
                self.word(number);
            }
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn finish(&self) -> u64 {
        self.end()[0]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::{Hash, Hasher};

    use super::Lanes;

    #[test]
    fn lanes_tell_order_length_and_position_apart() {
        let of = |value: &dyn Fn(&mut Lanes)| {
            let mut lanes = Lanes::new();
            value(&mut lanes);
            assert_eq!(lanes.finish(), lanes.end()[0]);
            lanes.end()
        };
        // Small ones share a word; those from 255 on take more than a byte.
        let numbers = || (0_u32..30).chain(250..258).chain([65_535, 1 << 31]);
        let pairs = numbers().flat_map(|one| numbers().map(move |other| (one, other)));
        let mut all: BTreeSet<_> = pairs.map(|pair| of(&|lanes| pair.hash(lanes))).collect();
        assert_eq!(all.len(), 40 * 40);
        for text in ["a", "b", "ab", "a\0", "\0a", "abcdefgh", "abcdefgh\0"] {
            all.insert(of(&|lanes| lanes.write(text.as_bytes())));
        }
        assert_eq!(all.len(), 40 * 40 + 7);
        let lanes: BTreeSet<_> = all.iter().map(|lanes| lanes[0]).collect();
        let others: BTreeSet<_> = all.iter().map(|lanes| lanes[1]).collect();
        assert_eq!([lanes.len(), others.len()], [all.len(); 2]);
    }
}

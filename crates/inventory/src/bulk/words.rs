//! The texts of a column that were seen before, and what each means.

/// Readable bytes that must follow the last cell of a buffer, so that a cell can be loaded whole.
pub(super) const MARGIN: usize = 16;

/// How many texts a column remembers; it has one meaning for each.
const MOST: usize = 1 << 12;

/// The longest text that is remembered.
const LONGEST: usize = 128;

/// The first bytes of a cell, so that most cells are compared in two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    length: u32,
    low: u64,
    high: u64,
}

impl Key {
    /// The key of `buffer[start..end]`. Up to 16 bytes, it is the whole cell; beyond, its first
    /// and last eight.
    #[inline(always)]
    fn of(buffer: &[u8], start: usize, end: usize) -> Self {
        let length = end - start;
        let (low, high) = match length {
            0..=8 => (load(buffer, start) & MASKS[length], 0),
            9..=16 => (load(buffer, start), load(buffer, start + 8) & MASKS[length - 8]),
            _ => (load(buffer, start), load(buffer, end - 8)),
        };
        Self { length: length as u32, low, high }
    }

    fn is_whole(self) -> bool {
        self.length <= 16
    }

    #[inline(always)]
    fn hash(self) -> u64 {
        let mixed = self.low ^ self.high.rotate_left(29) ^ u64::from(self.length) << 52;
        // The multiplier of Knuth's multiplicative hashing: 2^64 divided by the golden ratio.
        mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

/// For each length up to eight, the bits of the first bytes.
const MASKS: [u64; 9] = {
    let mut masks = [0; 9];
    let mut length = 1;
    while length <= 8 {
        masks[length] = u64::MAX >> (64 - 8 * length);
        length += 1;
    }
    masks
};

#[inline(always)]
fn load(buffer: &[u8], at: usize) -> u64 {
    let bytes = buffer[at..at + 8].first_chunk().expect("the slice has eight bytes");
    u64::from_le_bytes(*bytes)
}

#[derive(Clone, Debug)]
struct Slot {
    key: Key,
    meaning: u16,
    /// The whole text, if the key is not.
    rest: u16,
}

/// A hash table from texts to meanings.
#[derive(Debug)]
pub(super) struct Words {
    slots: Vec<Option<Slot>>,
    used: usize,
    texts: Vec<Box<[u8]>>,
}

impl Words {
    pub(super) fn new() -> Self {
        Self { slots: vec![None; 64], used: 0, texts: Vec::new() }
    }

    /// What `buffer[start..end]` means; at least [`MARGIN`] bytes follow.
    #[inline(always)]
    pub(super) fn get(&self, buffer: &[u8], start: usize, end: usize) -> Option<u16> {
        let key = Key::of(buffer, start, end);
        let mut at = self.place(key);
        while let Some(slot) = &self.slots[at] {
            if slot.key == key
                && (key.is_whole() || *self.texts[usize::from(slot.rest)] == buffer[start..end])
            {
                return Some(slot.meaning);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        None
    }

    /// Remembers a text, unless it is too long or there are too many; says whether it did.
    pub(super) fn insert(&mut self, text: &[u8], meaning: u16) -> bool {
        if text.len() > LONGEST || self.used >= MOST {
            return false;
        }
        if self.used * 4 >= self.slots.len() {
            let slots = vec![None; self.slots.len() * 4];
            let old = std::mem::replace(&mut self.slots, slots);
            for slot in old.into_iter().flatten() {
                self.put(slot);
            }
        }
        let mut padded = text.to_vec();
        padded.resize(text.len() + MARGIN, 0);
        let key = Key::of(&padded, 0, text.len());
        let rest = u16::try_from(self.texts.len()).expect("there are at most MOST texts");
        if !key.is_whole() {
            self.texts.push(text.into());
        }
        self.put(Slot { key, meaning, rest });
        self.used += 1;
        true
    }

    fn put(&mut self, slot: Slot) {
        let mut at = self.place(slot.key);
        while self.slots[at].is_some() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = Some(slot);
    }

    #[inline(always)]
    fn place(&self, key: Key) -> usize {
        // The highest bits are the best mixed ones.
        (key.hash() >> 48) as usize & (self.slots.len() - 1)
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_found_as_they_were_put_and_no_others(
            texts in proptest::collection::vec("[ab]{0,20}", 0..200),
            others in proptest::collection::vec("[ab]{0,20}", 0..50),
        ) {
            let mut words = Words::new();
            let mut plain = HashMap::new();
            let get = |words: &Words, text: &str| {
                let padded = format!("{text}abababababababababab");
                words.get(padded.as_bytes(), 0, text.len())
            };
            for (meaning, text) in (0..).zip(&texts) {
                if get(&words, text).is_none() {
                    words.insert(text.as_bytes(), meaning);
                    plain.insert(text.clone(), meaning);
                }
            }
            for text in texts.iter().chain(&others) {
                prop_assert_eq!(get(&words, text), plain.get(text).copied(), "{}", text);
            }
        }
    }

    #[test]
    fn the_memory_has_an_end() {
        let mut words = Words::new();
        for number in 0..100_000_u32 {
            words.insert(&number.to_le_bytes(), 1);
        }
        words.insert(&[b'x'; 1000], 2);
        assert_eq!(words.used, MOST);
        assert!(words.slots.len() <= MOST * 16, "{}", words.slots.len());
    }
}

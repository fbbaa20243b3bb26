//! The texts of a column that were seen before, and what each means.

/// Readable bytes that must stand before the first cell of a buffer and behind the last, so that
/// pieces of a cell can be loaded without asking how long it is.
pub(super) const MARGIN: usize = 64;

/// How many texts a column remembers; it has one meaning for each.
const MOST: usize = 1 << 12;

/// The longest text that is remembered.
const LONGEST: usize = 256;

/// The beginning and the end of a cell, so that most cells are compared in one step.
///
/// The length of a cell is as good as random, and a branch on it would often be foreseen wrongly;
/// hence masks.
#[derive(Clone, Copy, Debug)]
struct Key {
    length: usize,
    first: u64,
    second: u64,
    last: u64,
}

/// The multiplier of Knuth's multiplicative hashing: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The longest text that is a key alone.
const WHOLE: usize = 24;

/// The longest text of which a few pieces of eight bytes are the whole.
const LONG: usize = 40;

impl Key {
    /// The key of `buffer[start..end]`.
    #[inline(always)]
    fn of(buffer: &[u8], start: usize, end: usize) -> Self {
        let length = end - start;
        let [first, second, last] = MASKS[length.min(WHOLE)];
        Self {
            length,
            first: load(buffer, start) & first,
            second: load(buffer, start + 8) & second,
            last: load(buffer, end - 8) & last,
        }
    }

    /// A number for `buffer[start..end]`, whose key this is, with the best mixed bits on top.
    #[inline(always)]
    fn hash(&self, buffer: &[u8], start: usize, end: usize) -> u64 {
        let ends = self.first ^ self.second.rotate_left(29) ^ self.last.rotate_left(47);
        let mut mixed = ends ^ (self.length as u64) << 54;
        if end - start > WHOLE {
            let pair = load(buffer, end - 16) ^ load(buffer, end - 24).rotate_left(32);
            mixed ^= pair.wrapping_mul(SPREAD).rotate_left(13);
        }
        if end - start > LONG {
            // Neighbouring columns together are mostly that long. What lies in the middle of a
            // very long text is compared, but does not count here.
            let head = load(buffer, start + 16) ^ load(buffer, start + 24).rotate_left(32);
            let tail = load(buffer, end - 32) ^ load(buffer, end - 40).rotate_left(32);
            mixed ^= head.wrapping_mul(SPREAD).rotate_left(26);
            mixed ^= tail.wrapping_mul(SPREAD).rotate_left(39);
        }
        mixed.wrapping_mul(SPREAD)
    }
}

/// For each length, the bits that belong to the cell of its first eight bytes, the next eight and
/// the last eight; the last are asked for only where the first sixteen are not all.
const MASKS: [[u64; 3]; WHOLE + 1] = {
    let mut masks = [[0; 3]; WHOLE + 1];
    let mut length = 1;
    while length <= WHOLE {
        let (first, second) = (if length < 8 { length } else { 8 }, length.saturating_sub(8));
        masks[length][0] = u64::MAX >> (64 - 8 * first);
        if second > 0 {
            masks[length][1] = u64::MAX >> (64 - 8 * if second < 8 { second } else { 8 });
        }
        masks[length][2] = if length > 16 { u64::MAX } else { 0 };
        length += 1;
    }
    masks
};

#[inline(always)]
fn load(buffer: &[u8], at: usize) -> u64 {
    let bytes = buffer[at..at + 8].first_chunk().expect("the slice has eight bytes");
    u64::from_le_bytes(*bytes)
}

/// A text in the table; two of them fill a line of the processor's cache.
#[derive(Clone, Debug)]
struct Slot {
    first: u64,
    second: u64,
    last: u64,
    /// [`FREE`], or the length of the text.
    length: u16,
    meaning: u16,
    /// The number of the whole text.
    text: u16,
}

/// No text is that long.
const FREE: u16 = u16::MAX;

const EMPTY: Slot = Slot { first: 0, second: 0, last: 0, length: FREE, meaning: 0, text: 0 };

impl Slot {
    #[inline(always)]
    fn has(&self, key: &Key) -> bool {
        let parts = (self.first ^ key.first) | (self.second ^ key.second) | (self.last ^ key.last);
        parts == 0 && usize::from(self.length) == key.length
    }
}

/// A hash table from texts to meanings.
#[derive(Debug)]
pub(super) struct Words {
    slots: Vec<Slot>,
    texts: Vec<Box<[u8]>>,
}

impl Words {
    pub(super) fn new() -> Self {
        Self { slots: vec![EMPTY; 64], texts: Vec::new() }
    }

    /// What `buffer[start..end]` means; at least [`MARGIN`] bytes stand before and behind it.
    #[inline(always)]
    pub(super) fn get(&self, buffer: &[u8], start: usize, end: usize) -> Option<u16> {
        let key = Key::of(buffer, start, end);
        let mut at = self.place(key.hash(buffer, start, end));
        loop {
            let slot = &self.slots[at];
            if slot.has(&key) {
                let whole = end - start <= WHOLE
                    || *self.texts[usize::from(slot.text)] == buffer[start..end];
                if whole {
                    return Some(slot.meaning);
                }
            } else if slot.length == FREE {
                return None;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Remembers a text, unless it is too long or there are too many; says whether it did.
    pub(super) fn insert(&mut self, text: &[u8], meaning: u16) -> bool {
        if text.len() > LONGEST || self.texts.len() >= MOST {
            return false;
        }
        let number = u16::try_from(self.texts.len()).expect("there are at most MOST texts");
        self.texts.push(text.into());
        // Sparse, so that nearly every text is found at once.
        if self.texts.len() * 8 > self.slots.len() {
            let slots = vec![EMPTY; self.slots.len() * 4];
            for slot in std::mem::replace(&mut self.slots, slots) {
                if slot.length != FREE {
                    self.put(slot.meaning, slot.text);
                }
            }
        }
        self.put(meaning, number);
        true
    }

    fn put(&mut self, meaning: u16, text: u16) {
        let bytes = &self.texts[usize::from(text)];
        let padded = [&[0; MARGIN], &**bytes, &[0; MARGIN]].concat();
        let (start, end) = (MARGIN, MARGIN + bytes.len());
        let key = Key::of(&padded, start, end);
        let mut at = self.place(key.hash(&padded, start, end));
        while self.slots[at].length != FREE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        let Key { first, second, last, .. } = key;
        let length = u16::try_from(end - start).expect("no text is longer than LONGEST");
        self.slots[at] = Slot { first, second, last, length, meaning, text };
    }

    #[inline(always)]
    fn place(&self, hash: u64) -> usize {
        (hash >> 48) as usize & (self.slots.len() - 1)
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
            texts in proptest::collection::vec("[ab]{0,5}[ab]{0,60}", 0..200),
            others in proptest::collection::vec("[ab]{0,5}[ab]{0,60}", 0..50),
        ) {
            let mut words = Words::new();
            let mut plain = HashMap::new();
            let get = |words: &Words, text: &str| {
                let margin = "ab".repeat(MARGIN / 2);
                let padded = format!("{margin}{text}{margin}");
                words.get(padded.as_bytes(), MARGIN, MARGIN + text.len())
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
        assert_eq!(words.texts.len(), MOST);
        assert!(words.slots.len() <= MOST * 32, "{}", words.slots.len());
    }
}

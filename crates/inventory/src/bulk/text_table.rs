//! The texts of a column that were seen before, and what each means.

use super::fixed_width::{Head, masked_head};
use super::simd::Simd;

/// The number of texts that a column remembers; it has one meaning for each.
pub(super) const MOST: usize = 1 << 14;

/// The longest text that is remembered.
const LONGEST: usize = 256;

/// The number of bytes that are loaded at once. Most texts are not longer; the last bytes of a
/// longer one are loaded, too.
pub(super) const AT_ONCE: usize = size_of::<Head>();

/// The beginning of a text, and its last bytes if it is longer than that; zeros for what it does
/// not have.
pub(super) type Ends = [Head; 2];

/// Returns the ends of `buffer[start..end]`; the second is only filled if `both` is true.
#[inline(always)]
pub(super) fn ends(buffer: &[u8], start: usize, end: usize, both: bool) -> Ends {
    let last = if both && end - start > AT_ONCE { end - AT_ONCE } else { end };
    [masked_head(buffer, start, end - start), masked_head(buffer, last, end - last)]
}

/// Returns a number that depends on every byte of the ends; of the second only if `both` is true.
///
/// This is how XXH3 takes in a text: in each word, the halves are multiplied with each other after
/// they were disturbed by a key, and the products are added. Were one half zero by chance, the
/// other would not count; so the word is added, too.
#[inline(always)]
pub(super) fn sum(ends: &Ends, both: bool) -> u64 {
    let mut sum = 0_u64;
    for (words, keys) in ends.iter().zip(&KEYS).take(1 + usize::from(both)) {
        for (word, key) in words.iter().zip(keys) {
            let disturbed = word ^ key;
            let product = (disturbed & 0xffff_ffff).wrapping_mul(disturbed >> 32);
            sum = sum.wrapping_add(product).wrapping_add(*word);
        }
    }
    sum
}

/// Numbers without a pattern: the fractional digits of pi, as in Blowfish.
pub(super) const KEYS: Ends = [
    [
        0x243f_6a88_85a3_08d3,
        0x1319_8a2e_0370_7344,
        0xa409_3822_299f_31d0,
        0x082e_fa98_ec4e_6c89,
        0x4528_21e6_38d0_1377,
        0xbe54_66cf_34e9_0c6c,
        0xc0ac_29b7_c97c_50dd,
        0x3f84_d5b5_b547_0917,
    ],
    [
        0x9216_d5d9_8979_fb1b,
        0xd131_0ba6_98df_b5ac,
        0x2ffd_72db_d01a_dfb7,
        0xb8e1_afed_6a26_7e96,
        0xba7c_9045_f12c_7f99,
        0x24a1_9947_b391_6cf7,
        0x0801_f2e2_858e_fc16,
        0x6369_20d8_7157_4e69,
    ],
];

/// Returns true if texts with these ends, whose lengths are the same, have the same ends; the
/// second are only compared if `both` is true.
#[inline(always)]
pub(super) fn same(one: &Ends, other: &Ends, both: bool) -> bool {
    let heads = one.iter().zip(other).take(1 + usize::from(both));
    let words = heads.flat_map(|(one, other)| one.iter().zip(other));
    words.fold(0, |differ, (one, other)| differ | (one ^ other)) == 0
}

/// Returns the place where to look first for a text, and the tag to compare before it.
#[inline(always)]
fn place(sum: u64, length: usize) -> (usize, u16) {
    let sum = sum.wrapping_add(length as u64);
    let mixed = (sum ^ sum >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 40) as usize, (mixed >> 24) as u16)
}

/// The place where a text is found.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// Part of the hash, so that few other texts are looked at.
    tag: u16,
    /// [`FREE`], or the length of the text.
    length: u16,
    meaning: u16,
    number: u16,
}

/// No text is that long.
const FREE: u16 = u16::MAX;

const EMPTY: Slot = Slot { tag: 0, length: FREE, meaning: 0, number: 0 };

/// A hash table from texts to meanings.
#[derive(Debug)]
pub(super) struct TextTable {
    slots: Vec<Slot>,
    /// The ends of each text. Frequent texts are close together here, because they occur early.
    ends: Vec<Ends>,
    texts: Vec<Box<[u8]>>,
}

impl TextTable {
    pub(super) fn new() -> Self {
        Self { slots: vec![EMPTY; 64], ends: Vec::new(), texts: Vec::new() }
    }

    /// Returns the meaning of `buffer[start..end]`; at least [`MARGIN`](super::fixed_width::MARGIN)
    /// bytes are before and behind it.
    ///
    /// `long` is true if the texts are mostly long, and must be the same in every call. It changes
    /// nothing but the speed: lengths on both sides of a bound are as good as random, and a branch
    /// on it would often be mispredicted.
    #[inline(always)]
    pub(super) fn get(
        &self,
        simd: impl Simd,
        (buffer, start, end): (&[u8], usize, usize),
        long: bool,
    ) -> Option<u16> {
        let length = end - start;
        let both = long || length > AT_ONCE;
        let ends = simd.ends(buffer, start, end, both);
        let (mut at, tag) = place(simd.sum(&ends, both), length);
        loop {
            at &= self.slots.len() - 1;
            let slot = self.slots[at];
            if slot.tag == tag && usize::from(slot.length) == length {
                let number = usize::from(slot.number);
                let same = simd.same(&ends, &self.ends[number], both)
                    && (length <= 2 * AT_ONCE || *self.texts[number] == buffer[start..end]);
                if same {
                    return Some(slot.meaning);
                }
            } else if slot.length == FREE {
                return None;
            }
            at += 1;
        }
    }

    /// Returns the number of texts that are remembered.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Remembers `buffer[start..end]`, with the margins that [`get`](Self::get) requires, unless it
    /// is too long or there are too many; returns true if it did.
    pub(super) fn insert(
        &mut self,
        (buffer, start, end): (&[u8], usize, usize),
        meaning: u16,
        long: bool,
    ) -> bool {
        let text = &buffer[start..end];
        if text.len() > LONGEST || self.texts.len() >= MOST {
            return false;
        }
        let number = u16::try_from(self.texts.len()).expect("there are at most MOST texts");
        let length = u16::try_from(text.len()).expect("no text is longer than LONGEST");
        self.texts.push(text.into());
        self.ends.push(ends(buffer, start, end, true));
        // Sparse, so that nearly every text is found at once.
        if self.texts.len() * 4 > self.slots.len() {
            let slots = vec![EMPTY; self.slots.len() * 4];
            for slot in std::mem::replace(&mut self.slots, slots) {
                if slot.length != FREE {
                    self.put(slot, long);
                }
            }
        }
        self.put(Slot { tag: 0, length, meaning, number }, long);
        true
    }

    fn put(&mut self, slot: Slot, long: bool) {
        let (number, length) = (usize::from(slot.number), usize::from(slot.length));
        let both = long || length > AT_ONCE;
        let (mut at, tag) = place(sum(&self.ends[number], both), length);
        at &= self.slots.len() - 1;
        while self.slots[at].length != FREE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = Slot { tag, ..slot };
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::super::fixed_width::MARGIN;
    use super::super::simd::{self, Portable, WithSimd};
    use super::*;

    struct Get<'w, 't>(&'w TextTable, (&'t [u8], usize, usize), bool);

    impl WithSimd for Get<'_, '_> {
        type Output = Option<u16>;

        fn with(self, simd: impl Simd) -> Option<u16> {
            self.0.get(simd, self.1, self.2)
        }
    }

    /// Texts of every length up to the longest; many differ in one place only.
    fn any_text() -> impl Strategy<Value = String> {
        let short = "[ab]{0,5}[ab]{0,60}";
        let long = (0..300_usize, 0..300_usize).prop_map(|(length, at)| {
            let letter = |index| if index == at { 'b' } else { 'a' };
            (0..length).map(letter).collect()
        });
        prop_oneof![short, long]
    }

    proptest! {
        #[test]
        fn texts_are_found_as_they_were_put_and_no_others(
            texts in proptest::collection::vec(any_text(), 0..200),
            others in proptest::collection::vec(any_text(), 0..50),
            long in any::<bool>(),
        ) {
            let mut table = TextTable::new();
            let mut plain = HashMap::new();
            let padded = |text: &str| {
                let margin = "ab".repeat(MARGIN / 2);
                format!("{margin}{text}{margin}")
            };
            let get = |table: &TextTable, text: &str| {
                let padded = padded(text);
                let text = (padded.as_bytes(), MARGIN, MARGIN + text.len());
                let found = table.get(Portable, text, long);
                assert_eq!(simd::run(Get(table, text, long)), found);
                found
            };
            for (meaning, text) in (0..).zip(&texts) {
                if get(&table, text).is_none() {
                    let place = (MARGIN, MARGIN + text.len());
                    table.insert((padded(text).as_bytes(), place.0, place.1), meaning, long);
                    if text.len() <= LONGEST {
                        plain.insert(text.clone(), meaning);
                    }
                }
            }
            for text in texts.iter().chain(&others) {
                prop_assert_eq!(get(&table, text), plain.get(text).copied(), "{}", text);
            }
        }
    }

    #[test]
    fn texts_with_the_same_ends_are_distinguished_by_what_is_between_them() {
        // From 129 bytes on, what lies in the middle does not count for the place in the table.
        let lengths = [33, 64, 65, 96, 127, 128, 129, 130, LONGEST];
        for (length, long) in lengths.iter().flat_map(|length| [(*length, false), (*length, true)])
        {
            let mut table = TextTable::new();
            let with = |at: usize| -> Vec<u8> {
                (0..length + 2 * MARGIN)
                    .map(|index| b'a' + u8::from(index == MARGIN + at))
                    .collect()
            };
            for at in 0..length {
                let padded = with(at);
                let found = table.get(Portable, (&padded, MARGIN, MARGIN + length), long);
                assert_eq!(found, None, "{length}: {at}");
                let meaning = u16::try_from(at).unwrap();
                table.insert((&padded, MARGIN, MARGIN + length), meaning, long);
            }
            for at in 0..length {
                let text = &with(at);
                let found = table.get(Portable, (text, MARGIN, MARGIN + length), long);
                assert_eq!(found.map(usize::from), Some(at), "{length}");
            }
        }
    }

    #[test]
    fn the_memory_has_an_end() {
        let mut table = TextTable::new();
        for number in 0..100_000_u32 {
            let padded = [&[0; MARGIN][..], &number.to_le_bytes(), &[0; MARGIN]].concat();
            table.insert((&padded, MARGIN, MARGIN + 4), 1, false);
        }
        table.insert((&[b'x'; 1000], MARGIN, 1000 - MARGIN), 2, false);
        assert_eq!(table.texts.len(), MOST);
        assert!(table.slots.len() <= MOST * 16, "{}", table.slots.len());
    }
}

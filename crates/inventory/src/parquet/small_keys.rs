//! The keys of the entries of a small dictionary, looked up several at a time.

use super::rle::{Meaning, PACK, each_pack};

/// The number of entries of a dictionary whose positions have at most eight bits.
pub(super) const SMALL: usize = 1 << 8;

/// The key of an entry that there is not, or that did not occur yet.
pub(super) const UNSEEN: u16 = u16::MAX;

/// The keys of all entries by their positions.
///
/// Positions lie beside each other in few bits, so the bits of two or four of them are the place of
/// their keys in a table of its own: a look-up finds as many keys at once.
#[derive(Debug)]
pub(super) struct SmallKeys {
    single: [u16; SMALL],
    /// The number of bits of a position in the tables; 0 if there are none.
    width: usize,
    twos: Vec<[u16; 2]>,
    fours: Vec<[u16; 4]>,
}

/// The most bits of a position of which four, or two, are looked up at once.
const FOURS: usize = 3;
const TWOS: usize = 6;

impl SmallKeys {
    /// Returns the keys of the first positions; those of all others are [`UNSEEN`].
    pub(super) fn new(keys: impl Iterator<Item = u16>) -> Self {
        let mut single = [UNSEEN; SMALL];
        single.iter_mut().zip(keys).for_each(|(place, key)| *place = key);
        Self { single, width: 0, twos: Vec::new(), fours: Vec::new() }
    }

    /// Makes the tables for positions of a number of bits, if so many are looked up that it is worth
    /// it.
    pub(super) fn prepare(&mut self, width: usize, count: usize) {
        let at_once = match width {
            1..=FOURS => 4,
            ..=TWOS => 2,
            _ => return,
        };
        let entries = 1 << (width * at_once);
        if self.width == width || width == 0 || count < entries {
            return;
        }
        (self.width, self.twos, self.fours) = (width, Vec::new(), Vec::new());
        if at_once == 4 {
            self.fours = (0..entries).map(|bits| self.several(bits)).collect();
        } else {
            self.twos = (0..entries).map(|bits| self.several(bits)).collect();
        }
    }

    fn several<const COUNT: usize>(&self, bits: usize) -> [u16; COUNT] {
        let mask = (1 << self.width) - 1;
        std::array::from_fn(|index| self.single[bits >> (index * self.width) & mask])
    }
}

impl Meaning<u16> for SmallKeys {
    #[inline(always)]
    fn of(&self, number: u32) -> u16 {
        self.single[number as usize % SMALL]
    }

    #[inline(always)]
    fn of_packs<const WIDTH: usize>(&self, bytes: &[u8], target: &mut [[u16; PACK]]) {
        if self.width != WIDTH {
            Single(&self.single).of_packs::<WIDTH>(bytes, target);
        } else if WIDTH <= FOURS {
            look_up::<WIDTH, 4>(&self.fours[..1 << (4 * WIDTH)], bytes, target);
        } else {
            look_up::<WIDTH, 2>(&self.twos[..1 << (2 * WIDTH)], bytes, target);
        }
    }
}

/// Keys that are looked up one by one.
struct Single<'k>(&'k [u16; SMALL]);

impl Meaning<u16> for Single<'_> {
    #[inline(always)]
    fn of(&self, number: u32) -> u16 {
        self.0[number as usize % SMALL]
    }
}

#[inline(always)]
fn look_up<const WIDTH: usize, const COUNT: usize>(
    table: &[[u16; COUNT]],
    bytes: &[u8],
    target: &mut [[u16; PACK]],
) {
    each_pack::<WIDTH, _>(bytes, target, |pack, target| {
        for index in 0..PACK / COUNT {
            let bits = (pack >> (index * COUNT * WIDTH)) as usize % (1 << (COUNT * WIDTH));
            target[index * COUNT..][..COUNT].copy_from_slice(&table[bits]);
        }
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parquet::rle::{Rle, pack};

    proptest! {
        #[test]
        fn each_position_has_the_key_of_its_entry(
            (width, positions) in (1..=8_usize).prop_flat_map(|width| {
                (Just(width), proptest::collection::vec(0..1_u32 << width, 1..300))
            }),
            before in 0..=8_usize,
            entries in 0..=SMALL,
        ) {
            let key = |position: usize| (position * 7 + 3) as u16;
            let mut keys = SmallKeys::new((0..entries).map(key));
            for prepared in [0, before, width] {
                keys.prepare(prepared, usize::MAX);
                let mut bytes = Vec::new();
                pack(&positions, width, &mut bytes);
                let mut found = vec![0; positions.len()];
                let mut numbers = Rle::new(bytes.into(), u8::try_from(width).unwrap()).unwrap();
                numbers.take_as(&keys, &mut found).unwrap();
                let expected = |position: &u32| {
                    let position = *position as usize;
                    if position < entries { key(position) } else { UNSEEN }
                };
                let expected: Vec<u16> = positions.iter().map(expected).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}

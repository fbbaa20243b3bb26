//! Chance that is the same everywhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// A stream of choices.
///
/// `ChaCha8` is a specified stream, so choices do not change with a library's version; the seed is
/// used as it is (the helper `seed_from_u64` is not part of the specification).
pub(crate) struct Rng(ChaCha8Rng);

impl Rng {
    /// Returns the stream of one device.
    pub(crate) fn new(seed: u64, position: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(bytes);
        rng.set_stream(position);
        Self(rng)
    }

    /// Returns a number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(limit);
        // The upper half of the product is below the limit.
        u32::try_from(wide >> 32).expect("the upper half of 64 bits has 32")
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// True once in `cases`.
    pub(crate) fn once_in(&mut self, cases: u32) -> bool {
        self.below(cases) == 0
    }

    /// Returns one of a list that is not empty.
    pub(crate) fn one<T: Copy>(&mut self, list: &[T]) -> T {
        let length = u32::try_from(list.len()).expect("the lists are short");
        list[self.below(length) as usize]
    }

    /// Returns one of a list of weighted things.
    pub(crate) fn weighted<'t, T>(&mut self, list: &'t [T], weight: impl Fn(&T) -> u32) -> &'t T {
        let mut left = self.below(list.iter().map(&weight).sum());
        for thing in list {
            match left.checked_sub(weight(thing)) {
                Some(rest) => left = rest,
                None => return thing,
            }
        }
        unreachable!("the choice is below the sum of the weights")
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}

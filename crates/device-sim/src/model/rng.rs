//! The seeded source of everything that is left to chance.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// A stream of random numbers that is the same on every machine.
///
/// Each party of a world draws from a stream of its own, so what one device does never depends
/// on how many others there are or in which order they are simulated.
///
/// ```
/// use device_sim::Rng;
///
/// let draws = |stream| {
///     let mut rng = Rng::new(7, stream);
///     [rng.below(100), rng.below(100), rng.below(100)]
/// };
/// assert_eq!(draws(0), draws(0));
/// assert_ne!(draws(0), draws(1));
/// ```
#[derive(Clone, Debug)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// Returns the stream with this number under this seed.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(stream);
        Self(source)
    }

    /// Returns a number from 0 up to, and without, `bound`; 0 if `bound` is 0.
    ///
    /// Every number is equally likely up to one part in 2³², for bounds that fit 32 bits.
    pub fn below(&mut self, bound: u32) -> u32 {
        let product = u64::from(bound) * (self.0.next_u64() >> 32);
        u32::try_from(product >> 32).expect("the high half of a 64-bit product fits 32 bits")
    }

    /// `true` in `part` of `whole` cases; never for 0 of anything.
    pub fn happens(&mut self, part: u32, whole: u32) -> bool {
        self.below(whole) < part
    }

    /// Returns a number from `low` to `high`, both included; `low` if they are in the wrong order.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high.max(low) - low).saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::Rng;

    #[test]
    fn draws_are_pinned_for_every_machine() {
        let mut rng = Rng::new(2018, 3);
        let draws: Vec<u32> = (0..6).map(|_| rng.below(1000)).collect();
        assert_eq!(draws, PINNED);
    }

    const PINNED: [u32; 6] = [888, 665, 909, 791, 290, 63];

    #[test]
    fn bounds_are_kept() {
        let mut rng = Rng::new(1, 1);
        for _ in 0..1000 {
            assert!(rng.below(7) < 7);
            assert!((3..=5).contains(&rng.between(3, 5)));
            assert!(!rng.happens(0, 9));
            assert!(rng.happens(9, 9));
        }
        assert_eq!(rng.below(0), 0);
    }
}

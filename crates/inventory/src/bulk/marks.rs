//! Where the bytes that matter to a CSV stand, 64 bytes at a time.
//!
//! The vector instructions are those of the crates `pulp` (AVX2, chosen at run time) and `wide`
//! (what every processor of the target has); there is no `unsafe` here.

use wide::u8x16;

/// One bit for each byte of a block of 64, the first byte being the lowest bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) commas: u64,
    pub(super) feeds: u64,
    pub(super) returns: u64,
    pub(super) quotes: u64,
    pub(super) beyond_ascii: u64,
}

/// A way to find the marks of a block.
pub(super) trait Marker: Copy {
    /// The marks of a block.
    fn marks(self, block: &[u8; 64]) -> Marks;

    /// Runs something with the instructions of this way.
    fn run<W: WithMarker>(self, work: W) -> W::Output;
}

/// Work that needs marks, for any way to find them.
pub(super) trait WithMarker {
    type Output;

    fn with(self, marker: impl Marker) -> Self::Output;
}

/// Runs work in the best way that this processor has.
pub(super) fn run<W: WithMarker>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        return Marker::run(Avx2(avx2), work);
    }
    Portable.run(work)
}

/// With what every processor of the target has.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Marker for Portable {
    #[inline(always)]
    fn marks(self, block: &[u8; 64]) -> Marks {
        let mut marks = Marks::default();
        for (index, piece) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::from(*piece);
            let equal = |byte: u8| {
                u64::from(bytes.simd_eq(u8x16::splat(byte)).to_bitmask()) << (16 * index)
            };
            marks.commas |= equal(b',');
            marks.feeds |= equal(b'\n');
            marks.returns |= equal(b'\r');
            marks.quotes |= equal(b'"');
            marks.beyond_ascii |= u64::from(bytes.to_bitmask()) << (16 * index);
        }
        marks
    }

    fn run<W: WithMarker>(self, work: W) -> W::Output {
        work.with(self)
    }
}

/// With AVX2.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
struct Avx2(pulp::x86::V3);

#[cfg(target_arch = "x86_64")]
impl Marker for Avx2 {
    #[inline(always)]
    fn marks(self, block: &[u8; 64]) -> Marks {
        let halves: [pulp::u8x32; 2] = pulp::bytemuck::cast(*block);
        let bits = |halves: [pulp::u8x32; 2]| {
            let [low, high] = halves.map(|half| {
                let highest = self.0.avx2._mm256_movemask_epi8(pulp::bytemuck::cast(half));
                u64::from(highest.cast_unsigned())
            });
            low | high << 32
        };
        let equal = |byte: u8| {
            let wanted = self.0.splat_u8x32(byte);
            bits(halves.map(|half| pulp::bytemuck::cast(self.0.cmp_eq_u8x32(half, wanted))))
        };
        Marks {
            commas: equal(b','),
            feeds: equal(b'\n'),
            returns: equal(b'\r'),
            quotes: equal(b'"'),
            beyond_ascii: bits(halves),
        }
    }

    fn run<W: WithMarker>(self, work: W) -> W::Output {
        struct Vectorized<W>(Avx2, W);
        impl<W: WithMarker> pulp::NullaryFnOnce for Vectorized<W> {
            type Output = W::Output;

            #[inline(always)]
            fn call(self) -> W::Output {
                self.1.with(self.0)
            }
        }
        self.0.vectorize(Vectorized(self, work))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct MarksOf<'b>(&'b [u8; 64]);

    impl WithMarker for MarksOf<'_> {
        type Output = Marks;

        fn with(self, marker: impl Marker) -> Marks {
            marker.marks(self.0)
        }
    }

    fn plain(block: &[u8; 64]) -> Marks {
        let bits = |wanted: fn(u8) -> bool| {
            (0..64).filter(|at| wanted(block[*at])).fold(0, |bits, at| bits | 1_u64 << at)
        };
        Marks {
            commas: bits(|byte| byte == b','),
            feeds: bits(|byte| byte == b'\n'),
            returns: bits(|byte| byte == b'\r'),
            quotes: bits(|byte| byte == b'"'),
            beyond_ascii: bits(|byte| !byte.is_ascii()),
        }
    }

    proptest! {
        #[test]
        fn every_way_finds_the_same_marks(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), proptest::sample::select(&b",\n\r\""[..])], 64,
            ),
        ) {
            let block: [u8; 64] = bytes.try_into().unwrap();
            let expected = plain(&block);
            prop_assert_eq!(Portable.marks(&block), expected);
            prop_assert_eq!(run(MarksOf(&block)), expected);
        }
    }
}

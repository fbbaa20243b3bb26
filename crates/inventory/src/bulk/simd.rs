//! The positions of the bytes that matter to a CSV or to JSON, 64 bytes at a time.
//!
//! The vector instructions are chosen at run time: those of [`x86`](super::x86), or of the crate
//! `wide` (what every processor of the target has).

use wide::u8x16;

use super::structural_index::running_parity;
use super::text_table;
#[cfg(target_arch = "x86_64")]
use super::x86::{Avx2, Avx512};

/// One bit for each byte of a block of 64, the first byte being the lowest bit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    pub(super) delimiters: u64,
    pub(super) feeds: u64,
    pub(super) returns: u64,
    pub(super) quotes: u64,
}

/// One bit for each byte of a block of 64 that matters to a string of JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct JsonMasks {
    pub(super) quotes: u64,
    pub(super) backslashes: u64,
    /// Those below the space.
    pub(super) controls: u64,
    pub(super) beyond_ascii: u64,
}

/// A way to find the masks of a block.
pub(super) trait Simd: Copy {
    /// The ends of a text, as they are at hand.
    type Ends;

    /// As [`text_table::ends`].
    fn ends(self, buffer: &[u8], start: usize, end: usize, both: bool) -> Self::Ends;

    /// As [`text_table::sum`].
    fn sum(self, ends: &Self::Ends, both: bool) -> u64;

    /// As [`text_table::same`].
    fn same(self, ends: &Self::Ends, known: &text_table::Ends, both: bool) -> bool;

    /// Returns the masks of a block.
    fn masks(self, block: &[u8; 64], delimiter: u8) -> Masks;

    /// Returns the masks of a block of JSON.
    fn json(self, block: &[u8; 64]) -> JsonMasks;

    /// Returns, in each bit, true if an odd number of bits is set up to and with it.
    #[inline(always)]
    fn running_parity(self, bits: u64) -> u64 {
        running_parity(bits)
    }

    /// Returns a bit for each byte that is the same in both blocks.
    fn equal(self, one: &[u8; 64], other: &[u8; 64]) -> u64;

    /// Writes the places of the bits of `masks`, counted from `base`, and up to [`ROOM`] numbers
    /// more, which the next ones overwrite; returns the position of the next ones.
    #[inline(always)]
    fn write(self, places: &mut [u32], at: usize, masks: u64, base: u32) -> usize {
        write_one_by_one(places, at, masks, base)
    }

    /// Runs something with the instructions of this way.
    fn run<W: WithSimd>(self, work: W) -> W::Output;
}

/// Work that needs masks, or just the instructions of the best way to find them: what is inlined
/// into it is compiled for them.
pub(super) trait WithSimd {
    type Output;

    fn with(self, simd: impl Simd) -> Self::Output;
}

/// The spare room that is required because more numbers may be written than are needed.
pub(super) const ROOM: usize = 64;

/// The last control character of ASCII before the space.
pub(super) const LAST_CONTROL: u8 = 0x1f;

/// The number of places that are written at once; most blocks have no more.
const AT_ONCE: usize = 6;

#[inline(always)]
fn write_one_by_one(places: &mut [u32], at: usize, mut masks: u64, base: u32) -> usize {
    let count = masks.count_ones() as usize;
    for place in &mut places[at..at + AT_ONCE] {
        *place = base.wrapping_add(masks.trailing_zeros());
        masks &= masks.wrapping_sub(1);
    }
    for place in &mut places[at + AT_ONCE..at + count.max(AT_ONCE)] {
        *place = base + masks.trailing_zeros();
        masks &= masks - 1;
    }
    at + count
}

/// Runs work in the best way that this processor has.
#[inline(always)]
pub(super) fn run<W: WithSimd>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = Avx512::new() {
        return avx512.run(work);
    }
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = Avx2::new() {
        return avx2.run(work);
    }
    Portable.run(work)
}

/// Work that needs no masks. What is inlined into it is compiled for the best instructions; a long
/// closure would not be.
#[cfg(feature = "parquet")]
pub(crate) trait Work {
    type Output;

    fn run(self) -> Self::Output;
}

/// Runs work that needs no masks, compiled for the best instructions that this processor has.
#[cfg(feature = "parquet")]
#[inline(always)]
pub(crate) fn with_best_instructions<W: Work>(work: W) -> W::Output {
    struct Plain<W>(W);
    impl<W: Work> WithSimd for Plain<W> {
        type Output = W::Output;

        #[inline(always)]
        fn with(self, _: impl Simd) -> W::Output {
            self.0.run()
        }
    }
    run(Plain(work))
}

/// With what every processor of the target has.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Simd for Portable {
    type Ends = text_table::Ends;

    #[inline(always)]
    fn ends(self, buffer: &[u8], start: usize, end: usize, both: bool) -> text_table::Ends {
        text_table::ends(buffer, start, end, both)
    }

    #[inline(always)]
    fn sum(self, ends: &text_table::Ends, both: bool) -> u64 {
        text_table::sum(ends, both)
    }

    #[inline(always)]
    fn same(self, ends: &text_table::Ends, known: &text_table::Ends, both: bool) -> bool {
        text_table::same(ends, known, both)
    }

    #[inline(always)]
    fn masks(self, block: &[u8; 64], delimiter: u8) -> Masks {
        let mut masks = Masks::default();
        for (index, piece) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::from(*piece);
            let equal = |byte: u8| {
                u64::from(bytes.simd_eq(u8x16::splat(byte)).to_bitmask()) << (16 * index)
            };
            masks.delimiters |= equal(delimiter);
            masks.feeds |= equal(b'\n');
            masks.returns |= equal(b'\r');
            masks.quotes |= equal(b'"');
        }
        masks
    }

    #[inline(always)]
    fn json(self, block: &[u8; 64]) -> JsonMasks {
        let mut masks = JsonMasks::default();
        for (index, piece) in block.as_chunks::<16>().0.iter().enumerate() {
            let bytes = u8x16::from(*piece);
            let bits = |found: u8x16| u64::from(found.to_bitmask()) << (16 * index);
            masks.quotes |= bits(bytes.simd_eq(u8x16::splat(b'"')));
            masks.backslashes |= bits(bytes.simd_eq(u8x16::splat(b'\\')));
            masks.controls |= bits(bytes.min(u8x16::splat(LAST_CONTROL)).simd_eq(bytes));
            masks.beyond_ascii |= bits(bytes);
        }
        masks
    }

    #[inline(always)]
    fn equal(self, one: &[u8; 64], other: &[u8; 64]) -> u64 {
        let pieces = one.as_chunks::<16>().0.iter().zip(other.as_chunks::<16>().0);
        pieces.rev().fold(0, |equal, (one, other)| {
            let same = u8x16::from(*one).simd_eq(u8x16::from(*other));
            equal << 16 | u64::from(same.to_bitmask())
        })
    }

    fn run<W: WithSimd>(self, work: W) -> W::Output {
        work.with(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct MarksOf<'b>(&'b [u8; 64]);

    impl WithSimd for MarksOf<'_> {
        type Output = Masks;

        fn with(self, simd: impl Simd) -> Masks {
            simd.masks(self.0, b',')
        }
    }

    struct JsonOf<'b>(&'b [u8; 64]);

    impl WithSimd for JsonOf<'_> {
        type Output = JsonMasks;

        fn with(self, simd: impl Simd) -> JsonMasks {
            simd.json(self.0)
        }
    }

    fn plain_json(block: &[u8; 64]) -> JsonMasks {
        let bits = |wanted: fn(u8) -> bool| {
            (0..64).filter(|at| wanted(block[*at])).fold(0, |bits, at| bits | 1_u64 << at)
        };
        JsonMasks {
            quotes: bits(|byte| byte == b'"'),
            backslashes: bits(|byte| byte == b'\\'),
            controls: bits(|byte| byte < b' '),
            beyond_ascii: bits(|byte| !byte.is_ascii()),
        }
    }

    struct ParityOf(u64);

    impl WithSimd for ParityOf {
        type Output = u64;

        fn with(self, simd: impl Simd) -> u64 {
            simd.running_parity(self.0)
        }
    }

    struct EqualOf<'b>(&'b [u8; 64], &'b [u8; 64]);

    impl WithSimd for EqualOf<'_> {
        type Output = u64;

        fn with(self, simd: impl Simd) -> u64 {
            simd.equal(self.0, self.1)
        }
    }

    fn plain(block: &[u8; 64]) -> Masks {
        let bits = |wanted: fn(u8) -> bool| {
            (0..64).filter(|at| wanted(block[*at])).fold(0, |bits, at| bits | 1_u64 << at)
        };
        Masks {
            delimiters: bits(|byte| byte == b','),
            feeds: bits(|byte| byte == b'\n'),
            returns: bits(|byte| byte == b'\r'),
            quotes: bits(|byte| byte == b'"'),
        }
    }

    struct PlacesOf(u64);

    impl WithSimd for PlacesOf {
        type Output = Vec<u32>;

        fn with(self, simd: impl Simd) -> Vec<u32> {
            let mut places = vec![7; 1 + 64 + ROOM];
            let end = simd.write(&mut places, 1, self.0, 1000);
            places.truncate(end);
            places
        }
    }

    fn check_places(masks: u64) {
        let set = (0..64).filter(|bit| masks >> bit & 1 != 0);
        let expected: Vec<u32> = std::iter::once(7).chain(set.map(|bit| 1000 + bit)).collect();
        assert_eq!(PlacesOf(masks).with(Portable), expected, "{masks:x}");
        assert_eq!(run(PlacesOf(masks)), expected, "{masks:x}");
    }

    #[test]
    fn as_many_places_are_written_as_there_are() {
        for count in 0..64 {
            check_places((1 << count) - 1);
            check_places(!((1 << count) - 1));
        }
    }

    proptest! {
        #[test]
        fn every_way_writes_the_same_places(masks in any::<u64>(), other in any::<u64>()) {
            check_places(masks);
            check_places(masks & other);
        }

        #[test]
        fn every_way_finds_the_same_marks(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), proptest::sample::select(&b",\n\r\""[..])], 64,
            ),
        ) {
            let block: [u8; 64] = bytes.try_into().unwrap();
            let expected = plain(&block);
            prop_assert_eq!(Portable.masks(&block, b','), expected);
            prop_assert_eq!(run(MarksOf(&block)), expected);
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = Avx2::new() {
                prop_assert_eq!(avx2.run(MarksOf(&block)), expected);
            }
        }

        #[test]
        fn every_way_finds_the_same_bytes_of_strings(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), proptest::sample::select(&b"\\\"\0\x1f \x7f\x80"[..])], 64,
            ),
        ) {
            let block: [u8; 64] = bytes.try_into().unwrap();
            let expected = plain_json(&block);
            prop_assert_eq!(Portable.json(&block), expected);
            prop_assert_eq!(run(JsonOf(&block)), expected);
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = Avx2::new() {
                prop_assert_eq!(avx2.run(JsonOf(&block)), expected);
            }
        }

        #[test]
        fn every_way_finds_the_same_parities(bits in any::<u64>()) {
            let mut parity = 0;
            for bit in 0..64 {
                parity ^= bits >> bit & 1;
                prop_assert_eq!(run(ParityOf(bits)) >> bit & 1, parity);
                prop_assert_eq!(Portable.running_parity(bits) >> bit & 1, parity);
            }
        }

        #[test]
        fn every_way_finds_the_same_equal_bytes(one in any::<[u8; 32]>(), changes in any::<u64>()) {
            let one: [u8; 64] = [one, one].concat().try_into().unwrap();
            let mut other = one;
            for (at, byte) in other.iter_mut().enumerate() {
                *byte ^= u8::from(changes >> at & 1 != 0) << (at % 8);
            }
            prop_assert_eq!(Portable.equal(&one, &other), !changes);
            prop_assert_eq!(run(EqualOf(&one, &other)), !changes);
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = Avx2::new() {
                prop_assert_eq!(avx2.run(EqualOf(&one, &other)), !changes);
            }
        }
    }
}

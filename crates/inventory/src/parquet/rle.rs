//! Small numbers in runs: one number many times, or packed in few bits each.
//!
//! Source: <https://parquet.apache.org/docs/file-format/data-pages/encodings/>, "Run Length
//! Encoding / Bit-Packing Rle".

use std::io;

use bytes::Bytes;

use super::source::damaged;
use crate::bulk::{Work, with_best_instructions};

/// The number of values that are packed together.
pub(super) const PACK: usize = 8;

/// Numbers that are read in their order in the file.
#[derive(Debug)]
pub(super) struct Rle {
    bytes: Bytes,
    at: usize,
    width: usize,
    /// A number, and how often it still comes.
    repeated: (u32, usize),
    /// The number of packed values of the run that are not unpacked yet.
    packed: usize,
    /// Numbers that were unpacked and not taken.
    unpacked: [u32; PACK],
    rest: usize,
}

impl Rle {
    /// Reads numbers of a bit width.
    pub(super) fn new(bytes: Bytes, width: u8) -> io::Result<Self> {
        if width > 32 {
            return Err(damaged(format!("a page has numbers of {width} bits")));
        }
        let (width, repeated, unpacked) = (usize::from(width), (0, 0), [0; PACK]);
        Ok(Self { bytes, at: 0, width, repeated, packed: 0, unpacked, rest: 0 })
    }

    /// Reads single bits.
    pub(super) fn of_bits(bytes: Bytes) -> Self {
        let packed = bytes.len() * 8;
        Self { bytes, at: 0, width: 1, repeated: (0, 0), packed, unpacked: [0; PACK], rest: 0 }
    }

    /// Returns the number of bits of a value.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Writes the next numbers to `target`.
    pub(super) fn take(&mut self, target: &mut [u32]) -> io::Result<()> {
        self.take_as(&Numbers, target)
    }

    /// Writes to `target` what the next numbers stand for.
    pub(super) fn take_as<T: Copy>(
        &mut self,
        meaning: &impl Meaning<T>,
        target: &mut [T],
    ) -> io::Result<()> {
        let mut at = 0;
        while at < target.len() {
            let missing = &mut target[at..];
            if self.repeated.1 > 0 {
                let now = missing.len().min(self.repeated.1);
                missing[..now].fill(meaning.of(self.repeated.0));
                self.repeated.1 -= now;
                at += now;
            } else if self.rest > 0 {
                let now = missing.len().min(self.rest);
                let from = PACK - self.rest;
                for (target, number) in missing.iter_mut().zip(&self.unpacked[from..from + now]) {
                    *target = meaning.of(*number);
                }
                self.rest -= now;
                at += now;
            } else if self.packed >= PACK && missing.len() >= PACK {
                let packs = missing.len().min(self.packed) / PACK;
                let (bytes, width) = (&self.bytes[self.at..], self.width);
                let (target, _) = missing[..packs * PACK].as_chunks_mut();
                with_best_instructions(Unpack { bytes, width, meaning, target });
                self.at += packs * self.width;
                self.packed -= packs * PACK;
                at += packs * PACK;
            } else if self.packed > 0 {
                self.unpack_one();
            } else {
                self.begin_run()?;
            }
        }
        Ok(())
    }

    /// Returns how many ones come next in a single run; 0 if other numbers do.
    pub(super) fn ones(&mut self) -> usize {
        let between = self.rest == 0 && self.packed == 0 && self.repeated.1 == 0;
        if between && self.begin_run().is_err() {
            // The reader of the numbers gets the error.
            return 0;
        }
        if self.rest == 0 && self.repeated.0 == 1 { self.repeated.1 } else { 0 }
    }

    /// Skips numbers if they are ones of a single run; returns true if it did.
    pub(super) fn skip_ones(&mut self, count: usize) -> bool {
        let ones = self.ones() >= count;
        if ones {
            self.repeated.1 -= count;
        }
        ones
    }

    /// Unpacks a part of a pack; the last may be shorter.
    fn unpack_one(&mut self) {
        let mut padded = [0; 32];
        let end = self.bytes.len().min(self.at + self.width);
        let piece = &self.bytes[self.at..end];
        padded[..piece.len()].copy_from_slice(piece);
        let mut one = [[0; PACK]];
        let target = &mut one;
        Unpack { bytes: &padded, width: self.width, meaning: &Numbers, target }.run();
        let [one] = one;
        self.rest = self.packed.min(PACK);
        self.unpacked[PACK - self.rest..].copy_from_slice(&one[..self.rest]);
        self.at = end;
        self.packed -= self.rest;
    }

    fn begin_run(&mut self) -> io::Result<()> {
        let header = varint(&self.bytes, &mut self.at)?;
        let length = usize::try_from(header >> 1).map_err(damaged)?;
        if header & 1 == 1 {
            let packed = length.checked_mul(PACK).ok_or_else(|| damaged("a run is too long"))?;
            // Some programs leave out the end of the last pack.
            let bits = (self.bytes.len() - self.at) * 8;
            self.packed = bits.checked_div(self.width).map_or(packed, |there| packed.min(there));
        } else {
            let bytes = self.width.div_ceil(8);
            let number = self.bytes.get(self.at..self.at + bytes).ok_or_else(ended)?;
            let number = number.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte));
            self.at += bytes;
            self.repeated = (number, length);
        }
        Ok(())
    }
}

fn ended() -> io::Error {
    damaged("a page ends in the middle of its numbers")
}

/// Returns a number in groups of seven bits, the lowest first.
pub(super) fn varint(bytes: &[u8], at: &mut usize) -> io::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at).ok_or_else(ended)?;
        *at += 1;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(damaged("a page has a number that is too long"))
}

/// What numbers stand for.
pub(super) trait Meaning<T: Copy> {
    /// Returns what a number stands for.
    fn of(&self, number: u32) -> T;

    /// Writes what packs of numbers of at most eight bits stand for.
    #[inline(always)]
    fn of_packs<const WIDTH: usize>(&self, bytes: &[u8], target: &mut [[T; PACK]]) {
        each_pack::<WIDTH, _>(bytes, target, |pack, target| {
            for (index, target) in target.iter_mut().enumerate() {
                *target = self.of((pack >> (index * WIDTH)) as u32 & ((1 << WIDTH) - 1));
            }
        });
    }
}

/// Calls `unpack` with each pack of numbers of at most eight bits, the first in the lowest bits, and
/// others behind it.
#[inline(always)]
pub(super) fn each_pack<const WIDTH: usize, T>(
    bytes: &[u8],
    target: &mut [[T; PACK]],
    unpack: impl Fn(u64, &mut [T; PACK]),
) {
    for (index, target) in target.iter_mut().enumerate() {
        let rest = &bytes[index * WIDTH..];
        let pack = rest
            .first_chunk()
            .map_or_else(|| padded::<WIDTH>(rest), |pack| u64::from_le_bytes(*pack));
        unpack(pack, target);
    }
}

/// Returns a pack with fewer than eight bytes to the end of the page.
#[cold]
fn padded<const WIDTH: usize>(rest: &[u8]) -> u64 {
    let mut padded = [0; 8];
    padded[..WIDTH].copy_from_slice(&rest[..WIDTH]);
    u64::from_le_bytes(padded)
}

/// Numbers that stand for themselves.
pub(super) struct Numbers;

impl Meaning<u8> for Numbers {
    #[inline(always)]
    fn of(&self, number: u32) -> u8 {
        u8::try_from(number).unwrap_or(u8::MAX)
    }
}

impl Meaning<u32> for Numbers {
    #[inline(always)]
    fn of(&self, number: u32) -> u32 {
        number
    }
}

/// Packs of eight numbers of `width` bits each, to be written as what they stand for.
struct Unpack<'u, T, M> {
    bytes: &'u [u8],
    width: usize,
    meaning: &'u M,
    target: &'u mut [[T; PACK]],
}

impl<T: Copy, M: Meaning<T>> Work for Unpack<'_, T, M> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { bytes, width, meaning, target } = self;
        match width {
            0 => target.as_flattened_mut().fill(meaning.of(0)),
            1 => meaning.of_packs::<1>(bytes, target),
            2 => meaning.of_packs::<2>(bytes, target),
            3 => meaning.of_packs::<3>(bytes, target),
            4 => meaning.of_packs::<4>(bytes, target),
            5 => meaning.of_packs::<5>(bytes, target),
            6 => meaning.of_packs::<6>(bytes, target),
            7 => meaning.of_packs::<7>(bytes, target),
            8 => meaning.of_packs::<8>(bytes, target),
            _ => wide(bytes, width, meaning, target),
        }
    }
}

#[inline(never)]
fn wide<T: Copy>(bytes: &[u8], width: usize, meaning: &impl Meaning<T>, target: &mut [[T; PACK]]) {
    let mask = u64::MAX >> (64 - width);
    for (pack, target) in bytes.chunks_exact(width).zip(target) {
        let mut padded = [0; 40];
        padded[..width].copy_from_slice(pack);
        for (index, target) in target.iter_mut().enumerate() {
            let bit = index * width;
            let word = padded[bit / 8..].first_chunk().expect("there are eight bytes more");
            *target = meaning.of((u64::from_le_bytes(*word) >> (bit % 8) & mask) as u32);
        }
    }
}

/// Writes numbers as one run: a number many times if all are the same, else packed.
pub(super) fn pack(numbers: &[u32], width: usize, target: &mut Vec<u8>) {
    if let Some(first) = numbers.first()
        && numbers.iter().all(|number| number == first)
    {
        put_varint((numbers.len() as u64) << 1, target);
        target.extend_from_slice(&first.to_le_bytes()[..width.div_ceil(8)]);
        return;
    }
    put_varint((numbers.len().div_ceil(PACK) as u64) << 1 | 1, target);
    let (mut word, mut bits) = (0_u64, 0);
    let padding = std::iter::repeat_n(&0, numbers.len().next_multiple_of(PACK) - numbers.len());
    for number in numbers.iter().chain(padding) {
        word |= u64::from(*number) << bits;
        bits += width;
        while bits >= 8 {
            target.push(word as u8);
            word >>= 8;
            bits -= 8;
        }
    }
}

fn put_varint(mut number: u64, target: &mut Vec<u8>) {
    while number >= 0x80 {
        target.push(number as u8 | 0x80);
        number >>= 7;
    }
    target.push(number as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Packs numbers bit by bit.
    fn packed(numbers: &[u32], width: usize) -> Vec<u8> {
        let mut bytes = vec![0; (numbers.len() * width).div_ceil(8)];
        for (index, number) in numbers.iter().enumerate() {
            for bit in 0..width {
                let at = index * width + bit;
                bytes[at / 8] |= u8::from(number >> bit & 1 == 1) << (at % 8);
            }
        }
        bytes
    }

    /// Runs as they may be written, and the numbers that they mean.
    fn any_runs(width: usize) -> impl Strategy<Value = (Vec<u8>, Vec<u32>)> {
        let most = u32::try_from(u64::MAX >> (63 - width.max(1)) >> 1).unwrap_or(u32::MAX);
        let most = if width == 0 { 0 } else { most };
        let repeated =
            (0..=most, 0..40_usize).prop_map(|(number, count)| (vec![number; count], true));
        let packed_run = (0..5_usize).prop_flat_map(move |packs| {
            proptest::collection::vec(0..=most, packs * PACK).prop_map(|numbers| (numbers, false))
        });
        proptest::collection::vec(prop_oneof![repeated, packed_run], 0..6).prop_map(move |runs| {
            let (mut bytes, mut all) = (Vec::new(), Vec::new());
            for (numbers, is_repeated) in runs {
                if is_repeated {
                    bytes.push(u8::try_from(numbers.len() << 1).unwrap());
                    let number = numbers.first().copied().unwrap_or_default().to_le_bytes();
                    bytes.extend(&number[..width.div_ceil(8)]);
                } else {
                    bytes.push(u8::try_from((numbers.len() / PACK) << 1 | 1).unwrap());
                    bytes.extend(packed(&numbers, width));
                }
                all.extend(numbers);
            }
            (bytes, all)
        })
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_written_in_any_pieces(
            (width, (bytes, numbers)) in (0..=32_usize)
                .prop_flat_map(|width| (Just(width), any_runs(width))),
            step in 1..50_usize,
        ) {
            let mut hybrid = Rle::new(bytes.clone().into(), u8::try_from(width).unwrap()).unwrap();
            let mut read = vec![0; numbers.len()];
            for piece in read.chunks_mut(step) {
                hybrid.take(piece).unwrap();
            }
            prop_assert_eq!(&read, &numbers);
        }

        #[test]
        fn any_bytes_are_the_same_numbers_or_an_error_in_any_pieces(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
            width in 0..40_u8,
            step in 1..50_usize,
        ) {
            let read = |step: usize| {
                let mut hybrid = Rle::new(bytes.clone().into(), width)?;
                let mut all = vec![0; 500];
                all.chunks_mut(step).try_for_each(|piece| hybrid.take(piece))?;
                io::Result::Ok(all)
            };
            prop_assert_eq!(read(500).ok(), read(step).ok());
        }
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_packed(
            (width, numbers) in (1..=32_usize).prop_flat_map(|width| {
                let most = u32::MAX >> (32 - width);
                (Just(width), proptest::collection::vec(0..=most, 0..40))
            }),
        ) {
            let mut bytes = Vec::new();
            pack(&numbers, width, &mut bytes);
            let mut read = vec![0; numbers.len()];
            let mut hybrid = Rle::new(bytes.into(), u8::try_from(width).unwrap()).unwrap();
            hybrid.take(&mut read).unwrap();
            prop_assert_eq!(read, numbers);
        }
    }

    #[test]
    fn the_end_of_the_last_pack_may_be_missing() {
        let mut hybrid = Rle::new(vec![3, 0b0010_0001].into(), 4).unwrap();
        let mut read = [0; 2];
        hybrid.take(&mut read).unwrap();
        assert_eq!(read, [1, 2]);
        assert!(hybrid.take(&mut [0]).is_err());
    }
}

//! Numbers and texts that are written by what changes from one to the next.
//!
//! Source: <https://parquet.apache.org/docs/file-format/data-pages/encodings/>, "Delta Encoding",
//! "Delta-length byte array", "Delta Strings".

use std::io;

use bytes::Bytes;

use super::pages::most_bytes;
use super::rle::varint;
use super::source::damaged;

/// The most numbers of a page: those that are as far apart as each other take no bytes.
const MOST: usize = 1 << 26;

/// Reads numbers from `at` on, and goes behind them.
pub(super) fn numbers(bytes: &[u8], at: &mut usize) -> io::Result<Vec<i64>> {
    let block = size(varint(bytes, at)?)?;
    let pieces = size(varint(bytes, at)?)?;
    let count = size(varint(bytes, at)?)?;
    let first = zigzag(varint(bytes, at)?);
    let piece = block.checked_div(pieces).unwrap_or_default();
    if piece == 0 || piece % 8 != 0 {
        return Err(damaged("a page has numbers in blocks that do not fit"));
    }
    let mut numbers = Vec::with_capacity(count.min(1 << 20));
    if count > 0 {
        numbers.push(first);
    }
    let mut last = first;
    while numbers.len() < count {
        let least = zigzag(varint(bytes, at)?);
        let widths = bytes.get(*at..).and_then(|rest| rest.get(..pieces)).ok_or_else(ended)?;
        *at += pieces;
        for width in widths {
            let missing = count - numbers.len();
            if missing == 0 {
                break;
            }
            let packed = Packed::new(bytes, at, usize::from(*width), piece)?;
            for index in 0..piece.min(missing) {
                last = last.wrapping_add(least).wrapping_add(packed.get(index).cast_signed());
                numbers.push(last);
            }
        }
    }
    Ok(numbers)
}

/// Numbers of up to 64 bits, the lowest bits first.
struct Packed<'b> {
    bytes: &'b [u8],
    width: usize,
}

impl<'b> Packed<'b> {
    fn new(bytes: &'b [u8], at: &mut usize, width: usize, count: usize) -> io::Result<Self> {
        if width > 64 {
            return Err(damaged(format!("a page has numbers of {width} bits")));
        }
        let length = count.checked_mul(width).ok_or_else(ended)? / 8;
        let bytes = bytes.get(*at..).and_then(|rest| rest.get(..length)).ok_or_else(ended)?;
        *at += length;
        Ok(Self { bytes, width })
    }

    fn get(&self, index: usize) -> u64 {
        let (from, shift) = (index * self.width / 8, index * self.width % 8);
        let until = ((index + 1) * self.width).div_ceil(8);
        let mut padded = [0; 16];
        padded[..until - from].copy_from_slice(&self.bytes[from..until]);
        let word = (u128::from_le_bytes(padded) >> shift) as u64;
        if self.width == 64 { word } else { word & ((1 << self.width) - 1) }
    }
}

/// Returns the places of texts that are behind their lengths.
pub(super) fn texts(bytes: &[u8], at: &mut usize) -> io::Result<Vec<(u32, u32)>> {
    let lengths = numbers(bytes, at)?;
    let mut spans = Vec::with_capacity(lengths.len());
    for length in lengths {
        let end = usize::try_from(length).ok().and_then(|length| at.checked_add(length));
        let end = end.filter(|end| *end <= bytes.len()).ok_or_else(ended)?;
        spans.push((place(*at)?, place(end)?));
        *at = end;
    }
    Ok(spans)
}

/// Texts that begin as the text before them, and their places.
pub(super) fn prefixed(bytes: &[u8]) -> io::Result<(Bytes, Vec<(u32, u32)>)> {
    let mut at = 0;
    let prefixes = numbers(bytes, &mut at)?;
    let suffixes = texts(bytes, &mut at)?;
    let (mut all, mut spans) = (Vec::new(), Vec::with_capacity(suffixes.len()));
    let most = most_bytes(bytes.len());
    let mut before = 0..0;
    for (prefix, (start, end)) in prefixes.into_iter().zip(suffixes) {
        let prefix = usize::try_from(prefix).ok().filter(|prefix| *prefix <= before.len());
        let prefix = prefix.ok_or_else(|| damaged("a text begins as one that is shorter"))?;
        let begin = all.len();
        if begin + prefix + (end - start) as usize > most {
            return Err(damaged("a page is too large"));
        }
        all.extend_from_within(before.start..before.start + prefix);
        all.extend_from_slice(&bytes[start as usize..end as usize]);
        before = begin..all.len();
        spans.push((place(before.start)?, place(before.end)?));
    }
    Ok((all.into(), spans))
}

fn ended() -> io::Error {
    damaged("a page ends in the middle of its values")
}

fn size(number: u64) -> io::Result<usize> {
    let size = usize::try_from(number).ok().filter(|size| *size <= MOST);
    size.ok_or_else(|| damaged("a page has too many values"))
}

fn place(at: usize) -> io::Result<u32> {
    u32::try_from(at).map_err(damaged)
}

/// Small numbers of either sign as small numbers: 0, -1, 1, -2 and so on.
fn zigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

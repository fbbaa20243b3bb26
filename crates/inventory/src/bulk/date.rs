//! Dates of check-ins, of which nearly all have the same shape.
//!
//! What a date means is said by [`spelling::date`](crate::spelling::date) alone. This file only
//! recognises texts for which the answer is known beforehand, `2026-08-05 07:31:00.1234567` with
//! an ordinary year and a day that its month has in every year: such a text is a date, and of two
//! such texts the later date is the greater text. Any other text is handed on.

use eligibility::facts::Fact;

use crate::check_ins::{CheckIns, number};
use crate::spelling::date;

/// How long the usual dates are.
const LENGTH: usize = 27;

/// `0` where the usual date has a digit, and the separators.
const SHAPE: &[u8; LENGTH] = b"0000-00-00 00:00:00.0000000";

/// The greatest usual date, as a number for each eight bytes, the first byte being the highest.
type Usual = [u64; 4];

/// Some check-ins.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    usual: Usual,
    /// All of them by the day, and the newest of the unusual.
    counted: CheckIns,
    /// Dates that could not be read.
    pub(crate) unread: u64,
}

impl Dates {
    /// Takes the cell `buffer[start..end]`, perhaps in quotes; at least 16 bytes follow. Says
    /// whether it is text at all.
    #[inline(always)]
    pub(super) fn add(&mut self, buffer: &[u8], start: usize, end: usize) -> bool {
        match usual(buffer, start, end) {
            Some((date, day)) => {
                self.usual = self.usual.max(date);
                self.counted.count(day, 1);
                true
            }
            None => self.add_other(&buffer[start..end]),
        }
    }

    #[cold]
    fn add_other(&mut self, cell: &[u8]) -> bool {
        let Ok(text) = str::from_utf8(cell) else { return false };
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        self.add_text(inner.unwrap_or(text), 1);
        true
    }

    /// Takes a cell that is in no quotes; what is no text is no date.
    #[cfg(feature = "parquet")]
    pub(crate) fn add_cell(&mut self, cell: &[u8]) {
        if let Some(cell) = cell.first_chunk::<LENGTH>().filter(|_| cell.len() == LENGTH) {
            let mut padded = [0; LENGTH + 16];
            padded[..LENGTH].copy_from_slice(cell);
            if let Some((date, day)) = usual(&padded, 0, LENGTH) {
                self.usual = self.usual.max(date);
                self.counted.count(day, 1);
                return;
            }
        }
        self.add_text(&String::from_utf8_lossy(cell), 1);
    }

    /// Takes a text that so many devices have.
    pub(crate) fn add_text(&mut self, text: &str, devices: u64) {
        match date::read(text.trim()) {
            Some(Fact::Known(date)) => self.counted.add_many(date, devices),
            Some(Fact::Unknown) => {}
            None => self.unread += devices,
        }
    }

    /// All of them.
    pub(crate) fn check_ins(mut self) -> CheckIns {
        let bytes = self.usual.map(u64::to_be_bytes);
        let text = str::from_utf8(&bytes.as_flattened()[..LENGTH]).unwrap_or_default();
        self.counted.reach_newest(date::read(text).and_then(Fact::known));
        self.counted
    }
}

/// The text of a usual date as numbers that are in the order of the dates, and the number of its
/// day.
#[inline(always)]
fn usual(buffer: &[u8], start: usize, end: usize) -> Option<(Usual, u32)> {
    if end - start != LENGTH {
        return None;
    }
    let bytes: &[u8; 32] = buffer[start..].first_chunk()?;
    let mut words = [0; 4];
    let mut wrong = 0;
    for (index, (word, piece)) in words.iter_mut().zip(bytes.as_chunks::<8>().0).enumerate() {
        let (shape, more_than_nine) = EXPECTED[index];
        *word = u64::from_be_bytes(*piece) & KEPT[index];
        let digits = *word ^ shape;
        // A digit is at most 9 now, or 5, and a separator 0; anything else reaches the highest bit.
        wrong |= (digits | digits.wrapping_add(more_than_nine)) & 0x8080_8080_8080_8080;
    }
    let two = |at: usize| u32::from(bytes[at] & 15) * 10 + u32::from(bytes[at + 1] & 15);
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let ordinary_year = !matches!(bytes[..4], [b'0', ..] | [b'9', b'9', b'9', b'9']);
    let fits = wrong == 0
        && ordinary_year
        && (1..=12).contains(&month)
        && (1..=last_day(month)).contains(&day)
        && two(11) < 24;
    fits.then(|| (words, number(year, month, day)))
}

/// The last day that a month has in every year; the 29th of February is not usual.
#[inline(always)]
fn last_day(month: u32) -> u32 {
    // The months with 31 days are the odd ones up to July and the even ones from August on.
    if month == 2 { 28 } else { 30 + ((month ^ (month >> 3)) & 1) }
}

/// For each eight bytes: the shape, and what to add to find a byte that is too great there.
const EXPECTED: [(u64, u64); 4] = {
    let mut expected = [(0, 0); 4];
    let mut at = 0;
    while at < 32 {
        let byte = if at < LENGTH { SHAPE[at] } else { 0 };
        let most = match at {
            // The tens of minutes and seconds.
            14 | 17 => 5,
            _ if byte == b'0' => 9,
            _ => 0,
        };
        let add = 0x7f - most;
        let (shape, adds) = expected[at / 8];
        expected[at / 8] = (shape << 8 | byte as u64, adds << 8 | add);
        at += 1;
    }
    expected
};

/// The bits of each eight bytes that belong to the date.
const KEPT: [u64; 4] = [u64::MAX, u64::MAX, u64::MAX, 0xff_ffff << 40];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn padded(text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        bytes.resize(text.len() + 16, b'9');
        bytes
    }

    /// Nearly a usual date: one byte may be any other.
    fn nearly() -> impl Strategy<Value = String> {
        let numbers = (0..10_000_u32, 0..14_u32, 0..33_u32, 0..26_u32, 0..62_u32, 0..62_u32);
        let broken = proptest::option::weighted(0.3, (0..LENGTH, "[ -~]"));
        (numbers, 0..10_000_000_u32, broken).prop_map(|(numbers, fraction, broken)| {
            let (year, month, day, hour, minute, second) = numbers;
            let mut text = format!(
                "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{fraction:07}"
            );
            if let Some((at, byte)) = broken {
                text.replace_range(at..=at, &byte);
            }
            text
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn check_ins_are_those_of_the_plain_reader(texts in proptest::collection::vec(nearly(), 1..6)) {
            let (mut dates, mut plain) = (Dates::default(), CheckIns::default());
            for text in &texts {
                assert!(dates.add(&padded(text), 0, text.len()));
            }
            let known = texts.iter().filter_map(|text| date::read(text.trim())?.known());
            known.for_each(|moment| plain.add(moment));
            let unread = texts.iter().filter(|text| date::read(text.trim()).is_none()).count();
            prop_assert_eq!(dates.unread, unread as u64);
            prop_assert_eq!(dates.check_ins(), plain);
        }
    }

    #[test]
    fn the_usual_shape_is_recognised() {
        let text = "2026-08-05 07:31:00.1234567";
        assert!(usual(&padded(text), 0, text.len()).is_some());
        assert!(usual(&padded("2026-08-05T07:31:00.1234567"), 0, text.len()).is_none());
    }
}

//! Fast path for the common timestamp format of check-ins.
//!
//! Only [`spelling::date`](crate::spelling::date) defines what a date means. This file only
//! recognises texts for which the answer is known beforehand, `2026-08-05 07:31:00.1234567` with
//! an ordinary year and a day that its month has in every year: such a text is a date, and of two
//! such texts the later date is the greater text. So are those of Graph, `2026-08-05T07:31:00.1234567Z`.
//! Those that only lack the fraction, or have one of the two letters, become such texts first. Any
//! other text is handed on.

use eligibility::facts::Fact;
use wide::u8x16;

use crate::check_ins::{CheckIns, LastCheckIn, number};
use crate::reader::western::decoded;
use crate::spelling::date;

/// The length of the usual dates.
const LENGTH: usize = 27;

/// That of the dates of Graph.
const OF_GRAPH: usize = LENGTH + 1;

/// The length of the day of a date, and that of a date without its fraction.
const DAY: usize = 10;
const SECONDS: usize = 19;

/// `0` where the usual date has a digit, and the separators.
const SHAPE: &[u8; LENGTH] = b"0000-00-00 00:00:00.0000000";

/// The same of the dates of Graph, which have a `Z` behind them.
const SHAPE_OF_GRAPH: &[u8; LENGTH] = b"0000-00-00T00:00:00.0000000";

/// The greatest digit at each place, and 0 for separators.
const MOST: &[u8; LENGTH] = b"\x02\x09\x09\x09\0\x01\x09\0\x03\x09\0\x02\x09\0\x05\x09\0\x05\x09\0\
                              \x09\x09\x09\x09\x09\x09\x09";

/// The beginning of the second of two pieces of sixteen bytes that make up a usual date.
const SECOND: usize = LENGTH - 16;

/// The text of a usual date as two numbers, the first byte being the highest. They overlap, which
/// does not disturb their order.
type Usual = (u128, u128);

/// Some check-ins.
#[derive(Debug, Default)]
pub(crate) struct Dates {
    usual: Usual,
    /// All of them by the day, and the newest of the unusual.
    counted: CheckIns,
}

impl Dates {
    /// The length of a usual date behind its own length in four bytes.
    #[cfg(feature = "parquet")]
    pub(crate) const BEHIND_LENGTH: usize = LENGTH + size_of::<u32>();

    /// Takes the cell `buffer[start..end]`, perhaps in quotes; at least 27 bytes follow its
    /// beginning. Says whether it is understood.
    #[inline(always)]
    pub(super) fn add(&mut self, buffer: &[u8], start: usize, end: usize) -> bool {
        match usual(buffer, start, end) {
            Some((bytes, day)) => {
                self.add_usual(bytes, day);
                true
            }
            None => self.add_similar(&buffer[start..end]).is_some(),
        }
    }

    /// As [`add`](Self::add), and gives the check-in; `None` if it is not understood.
    #[inline(always)]
    pub(super) fn read(&mut self, buffer: &[u8], start: usize, end: usize) -> Option<LastCheckIn> {
        match usual(buffer, start, end) {
            Some((bytes, day)) => {
                self.add_usual(bytes, day);
                Some(LastCheckIn::at(day, milliseconds(bytes)))
            }
            None => self.add_similar(&buffer[start..end]),
        }
    }

    #[inline(always)]
    fn add_usual(&mut self, bytes: &[u8; LENGTH], day: u32) {
        // The `T` of Graph does not disturb the order.
        let between = 8 * (15 - DAY);
        let first = piece(bytes, 0) & !(0xff << between) | u128::from(b' ') << between;
        // Few dates come near to the newest so far.
        if first >= self.usual.0 {
            self.usual = self.usual.max((first, piece(bytes, SECOND)));
        }
        self.counted.count(day, 1);
    }

    /// Takes a cell that may be a usual date but for its form.
    #[inline(never)]
    fn add_similar(&mut self, cell: &[u8]) -> Option<LastCheckIn> {
        let bytes = normalised(cell);
        let usual = bytes.as_ref().and_then(|bytes| usual(bytes, 0, LENGTH));
        let Some((bytes, day)) = usual else { return self.add_other(cell) };
        self.add_usual(bytes, day);
        Some(LastCheckIn::at(day, milliseconds(bytes)))
    }

    #[cold]
    #[inline(never)]
    fn add_other(&mut self, cell: &[u8]) -> Option<LastCheckIn> {
        self.add_text(unquoted(&decoded(cell)), 1)
    }

    /// Takes texts that are usual dates, each behind its length in four bytes, up to the first that
    /// is none, and gives `each` their check-ins; returns their number.
    #[cfg(feature = "parquet")]
    #[inline(always)]
    pub(crate) fn add_behind_lengths(
        &mut self,
        texts: &[[u8; Self::BEHIND_LENGTH]],
        mut each: impl FnMut(LastCheckIn),
    ) -> usize {
        const PREFIX: usize = size_of::<u32>();
        let length = (LENGTH as u32).to_le_bytes();
        for (index, text) in texts.iter().enumerate() {
            let found = usual(text, PREFIX, text.len());
            let found = found.filter(|_| *text.first_chunk().expect("it is longer") == length);
            let Some((bytes, day)) = found else { return index };
            self.add_usual(bytes, day);
            each(LastCheckIn::at(day, milliseconds(bytes)));
        }
        texts.len()
    }

    /// Takes a cell that is in no quotes, and gives the check-in; `None` if it is not understood.
    #[cfg(feature = "parquet")]
    #[inline(never)]
    pub(crate) fn add_cell(&mut self, cell: &[u8]) -> Option<LastCheckIn> {
        if let Some((bytes, day)) = usual(cell, 0, cell.len()) {
            self.add_usual(bytes, day);
            return Some(LastCheckIn::at(day, milliseconds(bytes)));
        }
        if !cell.starts_with(b"\"") {
            return self.add_similar(cell);
        }
        self.add_text(&decoded(cell), 1)
    }

    /// Takes a text with its number of devices, and gives their check-in; `None` if it is not
    /// understood.
    pub(crate) fn add_text(&mut self, text: &str, devices: u64) -> Option<LastCheckIn> {
        let date = date::read(text.trim())?;
        if let Fact::Known(timestamp) = date {
            self.counted.add_many(timestamp, devices);
        }
        Some(date.into())
    }

    /// Returns all of them.
    pub(crate) fn check_ins(mut self) -> CheckIns {
        let (first, second) = (self.usual.0.to_be_bytes(), self.usual.1.to_be_bytes());
        let bytes = [&first[..SECOND], &second].concat();
        let text = str::from_utf8(&bytes).unwrap_or_default();
        self.counted.reach_newest(date::read(text).and_then(Fact::known));
        self.counted
    }
}

/// Returns the usual text of a date that lacks the fraction, or has a `T` between day and time or a `Z`
/// behind them, perhaps in quotes; a text of any other length is none.
fn normalised(cell: &[u8]) -> Option<[u8; LENGTH]> {
    let cell = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\"")).unwrap_or(cell);
    let cell = cell.strip_suffix(b"Z").unwrap_or(cell);
    let mut bytes = *SHAPE;
    match cell.len() {
        LENGTH => bytes.copy_from_slice(cell),
        SECONDS => bytes[..SECONDS].copy_from_slice(cell),
        _ => return None,
    }
    if bytes[DAY] == b'T' {
        bytes[DAY] = b' ';
    }
    Some(bytes)
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[inline(always)]
fn piece(bytes: &[u8; LENGTH], at: usize) -> u128 {
    u128::from_be_bytes(*bytes[at..].first_chunk().expect("two pieces make up a date"))
}

/// Returns the text of a usual date, or of one of Graph, and the number of its day.
#[inline(always)]
fn usual(buffer: &[u8], start: usize, end: usize) -> Option<(&[u8; LENGTH], u32)> {
    let bytes: &[u8; LENGTH] = buffer[start..].first_chunk()?;
    let shape = match end - start {
        LENGTH => SHAPE,
        OF_GRAPH if buffer[end - 1] == b'Z' => SHAPE_OF_GRAPH,
        _ => return None,
    };
    // Each byte is ten of its digit and the next one's, so that all pairs of digits are there at
    // once; a separator beside them is at most 13 of both.
    let digits = u64::from_le_bytes(*bytes[2..].first_chunk().expect("a date is longer"));
    let digits = digits & 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = digits * 10 + (digits >> 8);
    let pair = |at: u32| (pairs >> (8 * at)) as u32 & 0xff;
    let (year, month, day) = (two_digits(bytes, 0) * 100 + pair(0), pair(3), pair(6));
    // A date of the years 0 to 999 may be a sentinel; the years above 2999 are left out with it.
    let fits = (fitting(bytes, shape, 0) & fitting(bytes, shape, SECOND)).to_bitmask() == 0xffff
        && bytes[0] != b'0'
        && DAYS[month as usize & 31] >> (day & 63) & 1 != 0
        && two_digits(bytes, 11) < 24;
    fits.then(|| (bytes, number(year, month, day)))
}

/// Returns which bytes of a piece fit the usual date at this position.
#[inline(always)]
fn fitting(bytes: &[u8; LENGTH], shape: &[u8; LENGTH], at: usize) -> u8x16 {
    // Nothing but a digit comes out as at most 9, nothing but the separator as 0.
    let digits = vector(bytes, at) ^ vector(shape, at);
    let most = vector(MOST, at);
    digits.max(most).simd_eq(most)
}

#[inline(always)]
fn vector(text: &[u8; LENGTH], at: usize) -> u8x16 {
    u8x16::from(*text[at..].first_chunk::<16>().expect("two pieces make up a date"))
}

#[inline(always)]
fn two_digits(bytes: &[u8; LENGTH], at: usize) -> u32 {
    u32::from(bytes[at] & 15) * 10 + u32::from(bytes[at + 1] & 15)
}

/// Returns the milliseconds of a usual date after midnight.
#[inline(always)]
fn milliseconds(bytes: &[u8; LENGTH]) -> u32 {
    let two = |at| two_digits(bytes, at);
    let seconds = (two(11) * 60 + two(14)) * 60 + two(17);
    seconds * 1000 + two(20) * 10 + u32::from(bytes[22] & 15)
}

/// For each month, a bit for each day that it has in every year; the 29th of February is not
/// usual.
const DAYS: [u64; 32] = {
    let mut days = [0; 32];
    let mut month = 1;
    while month <= 12 {
        let last = match month {
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        days[month] = (1 << (last + 1)) - 2;
        month += 1;
    }
    days
};

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
        let of_graph = any::<bool>();
        (numbers, 0..10_000_000_u32, broken, of_graph).prop_map(
            |(numbers, fraction, broken, of_graph)| {
                let (year, month, day, hour, minute, second) = numbers;
                let mut text = format!(
                    "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{fraction:07}"
                );
                if of_graph {
                    text = text.replace(' ', "T") + "Z";
                }
                if let Some((at, byte)) = broken {
                    text.replace_range(at..=at, &byte);
                }
                text
            },
        )
    }

    proptest! {
        // Each case fills a table of a million days, whatever the number of its dates.
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn check_ins_are_those_of_the_plain_reader(texts in proptest::collection::vec(nearly(), 1..200)) {
            let (mut dates, mut plain) = (Dates::default(), CheckIns::default());
            for (index, text) in texts.iter().enumerate() {
                let (padded, length) = (padded(text), text.len());
                let expected = date::read(text.trim());
                if index % 2 == 0 {
                    prop_assert_eq!(dates.add(&padded, 0, length), expected.is_some());
                } else {
                    let read = dates.read(&padded, 0, length);
                    prop_assert_eq!(read, expected.map(LastCheckIn::from));
                }
            }
            let known = texts.iter().filter_map(|text| date::read(text.trim())?.known());
            known.for_each(|timestamp| plain.add(timestamp));
            prop_assert_eq!(dates.check_ins(), plain);
        }
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn dates_behind_their_lengths_are_counted_up_to_the_first_that_is_unusual() {
        let behind = |length: u32, date: &str| -> [u8; Dates::BEHIND_LENGTH] {
            [&length.to_le_bytes()[..], date.as_bytes()].concat().try_into().expect("as long")
        };
        let usual = ["2026-08-05 07:31:00.1234567", "2026-08-04 23:59:59.0000000"];
        let [first, second] = usual.map(|date| behind(27, date));
        for odd in [behind(26, usual[0]), behind(27, "2026-02-29 07:31:00.1234567")] {
            let (mut dates, mut found) = (Dates::default(), Vec::new());
            let texts = [first, second, odd, first];
            assert_eq!(dates.add_behind_lengths(&texts, |check_in| found.push(check_in)), 2);
            let mut plain = CheckIns::default();
            let expected = usual.map(|date| date::read(date).expect("a date"));
            expected.iter().for_each(|date| plain.add(date.known().expect("it is known")));
            assert_eq!(found, expected.map(LastCheckIn::from));
            assert_eq!(dates.check_ins(), plain);
        }
    }

    #[test]
    fn the_usual_shape_is_recognised() {
        let text = "2026-08-05 07:31:00.1234567";
        assert!(usual(&padded(text), 0, text.len()).is_some());
        assert!(usual(&padded("2026-08-05T07:31:00.1234567Z"), 0, text.len() + 1).is_some());
        assert!(usual(&padded("2026-08-05T07:31:00.1234567"), 0, text.len()).is_none());
        assert!(usual(&padded("2026-08-05 07:31:00.1234567Z"), 0, text.len() + 1).is_none());
    }
}

//! The last check-in of a device as a text.

use chrono::{Datelike, Timelike};
use inventory::LastCheckIn;

/// A moment as RFC 3339 has it, such as `2026-09-01T07:49:12Z`; blank without a check-in. Milliseconds
/// are there if there are any, so that a list that is read has the check-ins of its inventory.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::present) struct CheckInText {
    bytes: [u8; 24],
    length: usize,
}

/// The numbers below 100 as texts.
const TWO_DIGITS: [[u8; 2]; 100] = {
    let mut texts = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        texts[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    texts
};

impl CheckInText {
    /// Spells a check-in. This is done for every device of a list, so it takes no formatter.
    pub(in crate::present) fn of(check_in: LastCheckIn) -> Self {
        let Some(timestamp) = check_in.timestamp() else { return Self::default() };
        let mut bytes = *b"0000-00-00T00:00:00.000Z";
        let milliseconds = timestamp.nanosecond() / 1_000_000;
        // Check-ins are of the years 1970 to 2106.
        let year = timestamp.year().unsigned_abs();
        for (at, number) in [
            (0, year / 100),
            (2, year % 100),
            (5, timestamp.month()),
            (8, timestamp.day()),
            (11, timestamp.hour()),
            (14, timestamp.minute()),
            (17, timestamp.second()),
            (20, milliseconds / 10),
        ] {
            [bytes[at], bytes[at + 1]] = TWO_DIGITS[number as usize];
        }
        bytes[22] = b'0' + (milliseconds % 10) as u8;
        if milliseconds == 0 {
            bytes[19] = b'Z';
        }
        Self { bytes, length: if milliseconds == 0 { 20 } else { 24 } }
    }

    /// Returns the text.
    pub(in crate::present) fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.length]).expect("it has digits and signs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_in_is_spelled_to_the_millisecond_and_read_as_the_same() {
        let day = 86_400_000;
        for number in [1, 1000, 1001, day, 1_788_248_952_000, 1_788_248_952_124, (1 << 42) - 1] {
            let check_in = LastCheckIn::from_number(number);
            let text = CheckInText::of(check_in);
            let timestamp = chrono::DateTime::parse_from_rfc3339(text.as_str()).expect("a moment");
            assert_eq!(Some(timestamp.naive_utc()), check_in.timestamp(), "{}", text.as_str());
        }
        let text = |number| CheckInText::of(LastCheckIn::from_number(number)).as_str().to_owned();
        assert_eq!(text(0), "");
        assert_eq!(text(1), "1970-01-01T00:00:00Z");
        assert_eq!(text(8), "1970-01-01T00:00:00.007Z");
    }
}

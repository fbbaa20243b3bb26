//! `Last check-in`: a date and time in UTC.
//!
//! Exports write `2026-08-05 07:31:00.1234567` (seven fractional digits, no zone) or without the
//! fraction; Graph writes `2026-08-05T07:31:00Z`
//! (<https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice>). The
//! years 0001 and 9999 stand for "none".
//!
//! Of what spreadsheets write, the forms whose order is certain are read: the year first, also with
//! slashes (`2026/08/05 07:31`), and the day first with dots (`05.08.2026 07:31:00`): no locale
//! puts the month first before a dot
//! (<https://github.com/unicode-org/cldr-json/tree/main/cldr-json/cldr-dates-full/main>). Dates
//! with slashes and the year last (`8/5/2026`) are not read, because their order cannot be told,
//! not even where one of them has a day above 12: the next one has none.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use eligibility::facts::Fact;

use super::says_unknown;

/// What stands in such a cell, for "expected …".
pub(crate) const EXPECTED: &str = "a date whose order is certain, such as `2026-08-05 07:31:00` or \
    `05.08.2026 07:31` (`08/05/2026` may be in May or in August), or blank";

/// Reads a trimmed cell; `None` if it is no date in a form above.
pub(crate) fn read(text: &str) -> Option<Fact<NaiveDateTime>> {
    if says_unknown(text) {
        return Some(Fact::Unknown);
    }
    let moment = moment(text).or_else(|| milliseconds(text))?;
    let sentinel = matches!(moment.year(), 1 | 9999);
    Some(if sentinel { Fact::Unknown } else { Fact::Known(moment) })
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    let (day, rest) = day_and_rest(text)?;
    let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty().then(|| day.and_time(NaiveTime::MIN));
    };
    let (clock, offset) = match rest.find([' ', 'Z', 'z', '+', '-']) {
        Some(end) => (&rest[..end], offset(&rest[end..])?),
        None => (rest, FixedOffset::east_opt(0)?),
    };
    day.and_time(time(clock)?).checked_sub_offset(offset)
}

/// `/Date(1785915060000)/`, as PowerShell writes dates into JSON: milliseconds since 1970 in UTC;
/// an offset behind them says how they are shown.
fn milliseconds(text: &str) -> Option<NaiveDateTime> {
    let number = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let digits = number.trim_start_matches('-').find(['+', '-']);
    let sign = usize::from(number.starts_with('-'));
    let number = digits.map_or(number, |end| &number[..sign + end]);
    DateTime::from_timestamp_millis(number.parse().ok()?).map(|moment| moment.naive_utc())
}

/// Returns the day at the beginning of a text, and what follows it.
fn day_and_rest(text: &str) -> Option<(NaiveDate, &str)> {
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let separator = date.chars().find(|letter| !letter.is_ascii_digit())?;
    let mut parts = date.splitn(3, separator);
    let parts = [parts.next()?, parts.next()?, parts.next()?];
    let ([year, month, day], padded) = match separator {
        '-' => (parts, true),
        '/' => (parts, false),
        '.' => ([parts[2], parts[1], parts[0]], false),
        _ => return None,
    };
    let part =
        |text: &str| if padded || text.len() > 1 { digits(text, 2) } else { digits(text, 1) };
    let year = digits(year, 4)?.cast_signed();
    Some((NaiveDate::from_ymd_opt(year, part(month)?, part(day)?)?, rest))
}

fn time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let (hour, rest) = clock.split_once(':')?;
    let (minute, second) = match rest.split_once(':') {
        // Spreadsheets leave out the seconds, and their fraction with them.
        None if !text.contains('.') => (rest, "00"),
        split => split?,
    };
    let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 9)?;
    let nanoseconds = digits(fraction, fraction.len())? * 10_u32.pow(9 - places);
    let (hour, minute, second) = (digits(hour, 2)?, digits(minute, 2)?, digits(second, 2)?);
    NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)
}

/// `Z`, ` UTC`, `+02:00` or `-05:30`, perhaps behind a space.
fn offset(text: &str) -> Option<FixedOffset> {
    let text = text.trim_start();
    if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
        return FixedOffset::east_opt(0);
    }
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let seconds = (digits(hours, 2)? * 3600 + digits(minutes, 2)? * 60).cast_signed();
    FixedOffset::east_opt(if text.starts_with('-') { -seconds } else { seconds })
}

/// Parses a number with exactly the given number of digits.
fn digits(text: &str, length: usize) -> Option<u32> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_exports_and_graph_write_them() {
        for (text, expected) in [
            ("2026-08-05 07:31:00.1234567", "2026-08-05 07:31:00.123456700"),
            ("2026-08-05 07:31:00", "2026-08-05 07:31:00"),
            ("2026-08-05T07:31:00Z", "2026-08-05 07:31:00"),
            ("2026-08-05T07:31:00.5Z", "2026-08-05 07:31:00.500"),
            ("2026-08-05T07:31:00+02:00", "2026-08-05 05:31:00"),
            ("2026-08-05 23:31:00-01:30", "2026-08-06 01:01:00"),
            ("2026-08-05", "2026-08-05 00:00:00"),
            ("2026-08-05 07:31", "2026-08-05 07:31:00"),
            ("2026-08-05 07:31 UTC", "2026-08-05 07:31:00"),
            ("2026-08-05T07:31Z", "2026-08-05 07:31:00"),
            ("2026-08-05 07:31:00 +02:00", "2026-08-05 05:31:00"),
            ("2026/08/05 07:31", "2026-08-05 07:31:00"),
            ("2026/8/5", "2026-08-05 00:00:00"),
            ("05.08.2026 07:31:00", "2026-08-05 07:31:00"),
            ("5.8.2026", "2026-08-05 00:00:00"),
            ("/Date(1785915060000)/", "2026-08-05 07:31:00"),
            ("/Date(1785915060000+0200)/", "2026-08-05 07:31:00"),
        ] {
            let read = read(text).and_then(Fact::known).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn sentinel_years_and_blanks_are_unknown() {
        for text in ["", "0001-01-01 00:00:00.0000000", "9999-12-31 23:59:59.9999999", "Unknown"] {
            assert_eq!(read(text), Some(Fact::Unknown), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "8/5/2026 7:31:00 AM",
            "08/05/2026",
            "25/12/2026",
            "05-08-2026 07:31",
            "05.08.26",
            "2026.08.05",
            "5/8-2026",
            "2026-8-5",
            "05.13.2026",
            "2026-13-05",
            "2026-08-05 25:00:00",
            "2026-08-05 07",
            "2026-08-05 07:31.5",
            "2026-08-05 07:31 x02:00",
            "2026-08-05 07:31:00 AM",
            "2026-08-05 07:31+02:00 UTC",
            "2026-08-05x",
            "2026-08-05 07:31:00.1234567890",
            "2026-08-05 07:31:00+2",
            "yesterday",
            "2026-08-0é",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! `Last check-in`: a date and time in UTC.
//!
//! Exports write `2026-08-05 07:31:00.1234567` (seven fractional digits, no zone) or without the
//! fraction; Graph writes `2026-08-05T07:31:00Z`
//! (<https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice>). The
//! years 0001 and 9999 mean "none", and so does `Never`.
//!
//! Of what spreadsheets, shells and mail write, the forms whose order is certain are read:
//!
//! - the year first: no locale puts the day before the month then;
//! - the day first with dots: no locale puts the month first before a dot;
//! - a month by its English name.
//!
//! The orders are those of
//! <https://github.com/unicode-org/cldr-json/tree/main/cldr-json/cldr-dates-full/main>. Dates with
//! slashes or hyphens and the year last (`8/5/2026`) are not read, because their order is
//! ambiguous, even where one of them has a day above 12: the next one has none.

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike,
    Weekday,
};
use eligibility::facts::Fact;

use super::{plain, says_unknown, unwrapped};

/// The description of such a cell, for "expected …".
pub(crate) const EXPECTED: &str = "a date whose order is certain, such as `2026-08-05 07:31:00` or \
    `05.08.2026 07:31` (`08/05/2026` may be in May or in August), or blank";

/// Reads a cell; `None` if it is no date in a form above.
pub(crate) fn read(text: &str) -> Option<Fact<NaiveDateTime>> {
    let text = plain(text);
    let text = unwrapped(&text);
    if says_unknown(text) || text.eq_ignore_ascii_case("never") {
        return Some(Fact::Unknown);
    }
    timestamp(text).or_else(|| milliseconds(text).map(Fact::Known))
}

fn timestamp(text: &str) -> Option<Fact<NaiveDateTime>> {
    let (day, time, offset) = parts(text)?;
    if matches!(day.year(), 1 | 9999) {
        return Some(Fact::Unknown);
    }
    day.and_time(time).checked_sub_offset(offset).map(Fact::Known)
}

/// Returns the day, the time and how far it is from UTC.
fn parts(text: &str) -> Option<(NaiveDate, NaiveTime, FixedOffset)> {
    const UTC: FixedOffset = FixedOffset::east_opt(0).expect("no seconds are few");
    if let Some(colon) = text.find(':') {
        let hour = text[..colon].trim_end_matches(|letter: char| letter.is_ascii_digit());
        let (time, rest) = time(&text[hour.len()..], ':')?;
        let (time, rest) = of_half_day(time, rest.trim_start())?;
        let offset = if rest.is_empty() { UTC } else { offset(rest)? };
        let day = hour.strip_suffix(['T', 't', ' ', ','])?;
        return Some((day_of(day.trim_end_matches([' ', ',']))?, time, offset));
    }
    // Finnish spreadsheets have dots in the time as well: `5.8.2026 7.31`.
    if let Some((day, clock)) = text.rsplit_once(' ')
        && day.contains('.')
        && let (Some(day), Some((time, ""))) = (day_of(day.trim_end()), time(clock, '.'))
    {
        return Some((day, time, UTC));
    }
    Some((day_of(text)?, NaiveTime::MIN, UTC))
}

/// `/Date(1785915060000)/`, as PowerShell writes dates into JSON: milliseconds since 1970 in UTC;
/// an offset behind them says how they are shown. pandas writes the number alone
/// (<https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.to_json.html>); with 13 digits it
/// is no number of seconds.
fn milliseconds(text: &str) -> Option<NaiveDateTime> {
    let bare = (text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text);
    let wrapped = || text.strip_prefix("/Date(")?.strip_suffix(")/");
    let number = bare.or_else(wrapped)?;
    let digits = number.trim_start_matches('-').find(['+', '-']);
    let sign = usize::from(number.starts_with('-'));
    let number = digits.map_or(number, |end| &number[..sign + end]);
    DateTime::from_timestamp_millis(number.parse().ok()?).map(|timestamp| timestamp.naive_utc())
}

/// Parses a day: three parts, perhaps behind the name of a weekday, which must be the right one.
fn day_of(text: &str) -> Option<NaiveDate> {
    let first = text.find(|letter: char| !letter.is_alphabetic()).unwrap_or(text.len());
    let (word, rest) = text.split_at(first);
    match word.parse::<Weekday>() {
        Ok(weekday) => {
            let day = three_parts(rest.trim_start_matches(['.', ',', ' ']))?;
            // The weekday does not matter for the years that mean no date.
            (day.weekday() == weekday || matches!(day.year(), 1 | 9999)).then_some(day)
        }
        Err(_) => three_parts(text),
    }
}

fn three_parts(text: &str) -> Option<NaiveDate> {
    let (first, gap, rest) = part_and_gap(text)?;
    let (second, next_gap, rest) = part_and_gap(rest)?;
    let (third, end, "") = part_and_gap(rest)? else { return None };
    // Hungarian and Korean dates end with a dot.
    if !(end.is_empty() || end == "." && gap == ".") {
        return None;
    }
    if let Some(month) = month(first) {
        return day(digits(third, 4)?, month, second);
    }
    if let Some(month) = month(second) {
        let (year, of_month) = if first.len() == 4 { (first, third) } else { (third, first) };
        return day(digits(year, 4)?, month, of_month);
    }
    if gap != next_gap {
        return None;
    }
    let one_or_two = |text: &str| digits(text, text.len()).filter(|_| text.len() <= 2);
    match (digits(first, 4), digits(third, 4), gap) {
        (Some(year), None, "-" | "/" | ".") => day(year, one_or_two(second)?, third),
        (None, Some(year), ".") => day(year, one_or_two(second)?, first),
        // Whichever is the month, these years mean none.
        (None, Some(year @ (1 | 9999)), "-" | "/") => {
            let (one, other) = (one_or_two(first)?, one_or_two(second)?);
            day(year, one, second).or_else(|| day(year, other, first))
        }
        _ => None,
    }
}

/// Returns the letters and digits at the beginning, what separates them from the rest (a space if
/// it is nothing else), and the rest.
fn part_and_gap(text: &str) -> Option<(&str, &str, &str)> {
    let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
    let (part, rest) = text.split_at(end);
    let start = rest.find(char::is_alphanumeric).unwrap_or(rest.len());
    let (gap, rest) = rest.split_at(start);
    (!part.is_empty()).then_some((part, gap.trim(), rest))
}

fn day(year: u32, month: u32, of_month: &str) -> Option<NaiveDate> {
    let of_month = digits(of_month, of_month.len()).filter(|_| of_month.len() <= 2)?;
    NaiveDate::from_ymd_opt(year.cast_signed(), month, of_month)
}

/// Returns the number of a month that is given by its English name, or by the beginning of it.
fn month(text: &str) -> Option<u32> {
    // `Sept` is usual beside the names of three letters.
    let name = if text.eq_ignore_ascii_case("sept") { "sep" } else { text };
    name.parse::<chrono::Month>().ok().map(|month| month.number_from_month())
}

/// Parses a time at the beginning of a text, and gives the rest.
fn time(text: &str, separator: char) -> Option<(NaiveTime, &str)> {
    let number = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, rest) = text.split_at(number(text));
    let rest = rest.strip_prefix(separator)?;
    let (minute, rest) = rest.split_at(number(rest));
    // Spreadsheets leave out the seconds, and their fraction with them.
    let (second, fraction, rest) = match rest.strip_prefix(separator) {
        None => ("00", "0", rest),
        Some(rest) => {
            let (second, rest) = rest.split_at(number(rest));
            match rest.strip_prefix(['.', ',']) {
                None => (second, "0", rest),
                Some(rest) => {
                    let (fraction, rest) = rest.split_at(number(rest));
                    (second, fraction, rest)
                }
            }
        }
    };
    let places = u32::try_from(fraction.len()).ok().filter(|places| (1..=9).contains(places))?;
    let nanoseconds = digits(fraction, fraction.len())? * 10_u32.pow(9 - places);
    let hour = digits(hour, hour.len()).filter(|_| hour.len() <= 2)?;
    let (minute, second) = (digits(minute, 2)?, digits(second, 2)?);
    Some((NaiveTime::from_hms_nano_opt(hour, minute, second, nanoseconds)?, rest))
}

/// Returns the time of a half of the day, if `AM` or `PM` follows, and what comes after it. An hour
/// that contradicts its half is no time.
fn of_half_day(time: NaiveTime, text: &str) -> Option<(NaiveTime, &str)> {
    let end = text.find(' ').unwrap_or(text.len());
    let half = text[..end].bytes().filter(|byte| *byte != b'.');
    let half = half.map(|byte| byte.to_ascii_lowercase());
    let noon = TimeDelta::hours(12);
    let time = match (time.hour(), half.clone().eq(*b"am"), half.eq(*b"pm")) {
        (_, false, false) => return Some((time, text)),
        (12, true, _) => time - noon,
        (0..12, true, _) | (12.., _, true) => time,
        (1..12, _, true) => time + noon,
        _ => return None,
    };
    Some((time, text[end..].trim_start()))
}

/// `Z`, `UTC`, `GMT`, `+02:00`, `-0530` or `GMT+0200`, as JavaScript writes it with the zone's name
/// behind it in parentheses.
fn offset(text: &str) -> Option<FixedOffset> {
    let text = match text.strip_suffix(')').and_then(|text| text.split_once(" (")) {
        Some((offset, _)) if offset.contains(['+', '-']) => offset,
        _ => text,
    };
    if text.eq_ignore_ascii_case("z") {
        return FixedOffset::east_opt(0);
    }
    let named = ["utc", "gmt"]
        .iter()
        .any(|name| text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(name)));
    let text = if named { &text[3..] } else { text };
    if text.is_empty() {
        return FixedOffset::east_opt(0);
    }
    let number = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = number.split_once(':').or_else(|| number.split_at_checked(2))?;
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2)? };
    let seconds = (digits(hours, 2)? * 3600 + minutes * 60).cast_signed();
    let sign = if text.starts_with('-') { -1 } else { 1 };
    FixedOffset::east_opt(sign * seconds).filter(|_| minutes < 60)
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
            ("/Date(1785915060000)/", "2026-08-05 07:31:00"),
            ("/Date(1785915060000+0200)/", "2026-08-05 07:31:00"),
            ("1785915060000", "2026-08-05 07:31:00"),
        ] {
            assert_eq!(written(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn dates_of_other_programs_are_read_if_their_order_is_certain() {
        for text in [
            "2026/08/05 07:31",
            "2026/8/5 7:31",
            "2026-8-5 7:31:00",
            "2026-08-05 7:31:00 AM",
            "2026-08-05  07:31:00,000",
            "2026-08-05\u{a0}7:31\u{202f}a.m.",
            "2026-08-05 07:31:00 GMT",
            "2026-08-05 09:31:00+0200",
            "2026-08-05T06:31:00-01",
            "05.08.2026 07:31:00",
            "5.8.2026 7:31",
            "05.08.2026, 07:31",
            "5. 8. 2026 7:31",
            "5.8.2026 7.31",
            "05.08.2026 07.31.00",
            "2026. 08. 05. 7:31:00",
            "2026.08.05 07:31",
            "05-Aug-2026 07:31",
            "5 August 2026 07:31",
            "Aug 5, 2026 7:31 AM",
            "Aug 05 2026 07:31:00",
            "2026-Aug-05 07:31",
            "Wed, 05 Aug 2026 07:31:00 GMT",
            "Wednesday, August 5, 2026 7:31:00 AM",
            "Wed Aug 05 2026 09:31:00 GMT+0200 (Central European Summer Time)",
        ] {
            assert_eq!(written(text).as_deref(), Some("2026-08-05 07:31:00"), "{text}");
        }
        for (text, expected) in [
            ("2026/8/5", "2026-08-05 00:00:00"),
            ("5.8.2026", "2026-08-05 00:00:00"),
            ("2026. 08. 05.", "2026-08-05 00:00:00"),
            ("5 Sept 2026", "2026-09-05 00:00:00"),
            ("2026-08-05 12:31 AM", "2026-08-05 00:31:00"),
            ("2026-08-05 12:31 PM", "2026-08-05 12:31:00"),
            ("2026-08-05 7:31 PM", "2026-08-05 19:31:00"),
            ("2026-08-05 19:31 PM", "2026-08-05 19:31:00"),
            ("2026-08-05 7:31:00 PM +02:00", "2026-08-05 17:31:00"),
        ] {
            assert_eq!(written(text).as_deref(), Some(expected), "{text}");
        }
    }

    fn written(text: &str) -> Option<String> {
        read(text).and_then(Fact::known).map(|timestamp| timestamp.to_string())
    }

    #[test]
    fn sentinel_years_and_blanks_are_unknown() {
        for text in [
            "",
            "Unknown",
            "Never",
            "-",
            "0001-01-01 00:00:00.0000000",
            "9999-12-31 23:59:59.9999999",
            "0001-01-01T00:00:00+02:00",
            "1/1/0001 12:00:00 AM",
            "01.01.0001 00:00:00",
            "31/12/9999 23:59:59",
            "12/31/9999 11:59:59 PM",
            "Monday, January 1, 0001 12:00:00 AM",
        ] {
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
            "5 Aug 26",
            "5/8-2026",
            "5/Aug/202",
            "05.13.2026",
            "2026-13-05",
            "2026-05-Aug-1",
            "13/13/9999",
            "Tue, 05 Aug 2026",
            "Aug 2026 5",
            "2026-08-05 25:00:00",
            "2026-08-05 07",
            "2026-08-05T",
            "2026-08-05 07:31.5",
            "2026-08-05 07:1",
            "2026-08-05 7.31",
            "2026-08-05 07:31 x02:00",
            "2026-08-05 13:31 AM",
            "2026-08-05 00:31 PM",
            "2026-08-05 07:31 AMT",
            "2026-08-05 07:31 CET",
            "2026-08-05 07:31+02:00 UTC",
            "2026-08-05 07:31+02:60",
            "2026-08-05x",
            "2026-08-05x07:31",
            "07:31",
            "2026-08-05 07:31:00.1234567890",
            "2026-08-05 07:31:00.",
            "2026-08-05 07:31:00+2",
            "yesterday",
            "1785915060",
            "178591506000x",
            "46239.3132",
            "2026-08-0é",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! Durations as scenarios write them: `90s`, `5m`, `1h 30m`, `7d`, `250ms`.

use chrono::TimeDelta;

/// A text that is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected whole numbers with units, such as `90s`, `5m`, `1h 30m` or `7d`")]
pub struct InvalidDuration;

/// The units with their milliseconds.
const UNITS: [(&str, i64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

/// Durations may not pass this many days, so that no run leaves the calendar.
const LONGEST: i64 = 36_500 * 86_400_000;

/// Reads a duration.
///
/// # Errors
///
/// [`InvalidDuration`] if the text is not a row of whole numbers, each with one of the units
/// `d`, `h`, `m`, `s`, `ms`, or if it is longer than a hundred years.
///
/// ```
/// use chrono::TimeDelta;
/// use device_sim::duration::{format_duration, parse_duration};
///
/// assert_eq!(parse_duration("1h 30m")?, TimeDelta::minutes(90));
/// assert_eq!(format_duration(TimeDelta::minutes(90)), "1h 30m");
/// assert!(parse_duration("an hour").is_err());
/// # Ok::<(), device_sim::duration::InvalidDuration>(())
/// ```
pub fn parse_duration(text: &str) -> Result<TimeDelta, InvalidDuration> {
    let text: String = text.chars().filter(|letter| *letter != ' ').collect();
    let mut rest = text.as_str();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or(InvalidDuration)?;
        let (number, behind) = rest.split_at(digits);
        let end = behind.find(|letter: char| letter.is_ascii_digit()).unwrap_or(behind.len());
        let (letters, behind) = behind.split_at(end);
        let (_, unit) = UNITS.iter().find(|unit| unit.0 == letters).ok_or(InvalidDuration)?;
        let number: i64 = number.parse().map_err(|_| InvalidDuration)?;
        let part = number.checked_mul(*unit).ok_or(InvalidDuration)?;
        total = total.checked_add(part).ok_or(InvalidDuration)?;
        rest = behind;
    }
    let whole = !text.is_empty() && total <= LONGEST;
    whole.then(|| TimeDelta::milliseconds(total)).ok_or(InvalidDuration)
}

/// Writes a duration with as few units as need be; never negative.
pub fn format_duration(duration: TimeDelta) -> String {
    let mut rest = duration.num_milliseconds().max(0);
    let mut parts = Vec::new();
    for (name, unit) in UNITS {
        if rest >= unit {
            parts.push(format!("{}{name}", rest / unit));
            rest %= unit;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::{format_duration, parse_duration};

    #[test]
    fn written_durations_are_read_again() {
        for text in ["0s", "59s", "1m", "1h 30m", "7d", "36500d", "1d 1h 1m 1s", "1m 5ms"] {
            let duration = parse_duration(text).unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(format_duration(duration), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in
            ["", " ", "5", "m", "5 5m m", "-5m", "1.5h", "1ms5", "36501d", "99999999999999999999s"]
        {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}

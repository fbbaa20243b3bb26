//! Durations as scenarios write them: `90s`, `5m`, `1h 30m`, `7d`.

use chrono::TimeDelta;

/// A text that is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected whole numbers with units, such as `90s`, `5m`, `1h 30m` or `7d`")]
pub struct InvalidDuration;

const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Durations may not pass this many days, so that no run leaves the calendar.
const LONGEST: i64 = 36_500 * 86_400;

/// Reads a duration.
///
/// # Errors
///
/// [`InvalidDuration`] if the text is not a row of whole numbers, each with one of the units
/// `d`, `h`, `m`, `s`, or if it is longer than a hundred years.
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
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    for letter in text.chars().filter(|letter| *letter != ' ') {
        if let Some(digit) = letter.to_digit(10) {
            let so_far = number.unwrap_or(0).checked_mul(10).ok_or(InvalidDuration)?;
            number = Some(so_far.checked_add(digit.into()).ok_or(InvalidDuration)?);
        } else {
            let (_, unit) = UNITS.iter().find(|unit| unit.0 == letter).ok_or(InvalidDuration)?;
            let count = number.take().ok_or(InvalidDuration)?;
            let part = count.checked_mul(*unit).ok_or(InvalidDuration)?;
            total = total.checked_add(part).ok_or(InvalidDuration)?;
        }
    }
    let whole = number.is_none() && !text.trim().is_empty() && total <= LONGEST;
    whole.then(|| TimeDelta::seconds(total)).ok_or(InvalidDuration)
}

/// Writes a duration with as few units as need be; never negative.
pub fn format_duration(duration: TimeDelta) -> String {
    let mut rest = duration.num_seconds().max(0);
    let mut parts = Vec::new();
    for (letter, unit) in UNITS {
        if rest >= unit {
            parts.push(format!("{}{letter}", rest / unit));
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
        for text in ["0s", "59s", "1m", "1h 30m", "7d", "36500d", "1d 1h 1m 1s"] {
            let duration = parse_duration(text).unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(format_duration(duration), text);
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in ["", " ", "5", "m", "5 5m m", "-5m", "1.5h", "36501d", "99999999999999999999s"]
        {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}

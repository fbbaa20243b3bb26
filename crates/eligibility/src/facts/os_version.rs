//! Operating system versions: dotted numbers, compared number by number.

use std::fmt;
use std::str::FromStr;

use crate::text::serialize_as_text;

/// An operating system version of one to four numbers; missing numbers are 0, so `7` = `7.0`.
///
/// ```
/// use eligibility::facts::OsVersion;
///
/// let marshmallow: OsVersion = "6.0.1".parse()?;
/// assert!(marshmallow > "6.0".parse()?);
/// assert!(marshmallow < "10".parse()?);
/// assert_eq!("7".parse::<OsVersion>()?, "7.0".parse()?);
/// # Ok::<(), eligibility::facts::InvalidVersion>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OsVersion([u32; 4]);

/// A text that is no version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a version: {problem}")]
pub struct InvalidVersion {
    given: String,
    problem: &'static str,
}

impl OsVersion {
    /// The smallest version, `0`.
    pub const MIN: Self = Self([0; 4]);

    /// Returns the version with these four numbers.
    pub const fn new(parts: [u32; 4]) -> Self {
        Self(parts)
    }

    /// Returns the four numbers.
    pub const fn parts(self) -> [u32; 4] {
        self.0
    }

    /// Returns the next version in the order, or `None` for the last one.
    ///
    /// Versions are a discrete order, so "later than 6.0" is "from the successor of 6.0 on".
    pub fn successor(self) -> Option<Self> {
        let mut parts = self.0;
        for part in parts.iter_mut().rev() {
            if let Some(next) = part.checked_add(1) {
                *part = next;
                return Some(Self(parts));
            }
            *part = 0;
        }
        None
    }
}

impl FromStr for OsVersion {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fail = |problem| InvalidVersion { given: text.to_owned(), problem };
        let mut parts = [0; 4];
        for (index, digits) in text.as_bytes().split(|byte| *byte == b'.').enumerate() {
            let slot = parts.get_mut(index).ok_or_else(|| fail("it has more than four numbers"))?;
            if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
                return Err(fail("expected one to four numbers joined by dots"));
            }
            let number = digits.iter().try_fold(0_u32, |number, digit| {
                number.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
            });
            *slot = number.ok_or_else(|| fail("one of its numbers is too large"))?;
        }
        Ok(Self(parts))
    }
}

serialize_as_text!(OsVersion);

impl fmt::Display for OsVersion {
    /// Returns the shortest usual spelling: at least two numbers, no trailing zeros beyond them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch, build] = self.0;
        let text = match (patch, build) {
            (0, 0) => format!("{major}.{minor}"),
            (_, 0) => format!("{major}.{minor}.{patch}"),
            _ => format!("{major}.{minor}.{patch}.{build}"),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_carries_over_full_numbers() {
        let next = |parts| OsVersion::new(parts).successor().map(OsVersion::parts);
        assert_eq!(next([6, 0, 0, 0]), Some([6, 0, 0, 1]));
        assert_eq!(next([6, 0, 0, u32::MAX]), Some([6, 0, 1, 0]));
        assert_eq!(next([u32::MAX; 4]), None);
    }

    #[test]
    fn texts_that_are_no_version_say_why() {
        for (text, problem) in [
            ("", "expected one to four numbers joined by dots"),
            ("7.", "expected one to four numbers joined by dots"),
            ("v7", "expected one to four numbers joined by dots"),
            ("+7", "expected one to four numbers joined by dots"),
            ("1.2.3.4.5", "it has more than four numbers"),
            ("99999999999", "one of its numbers is too large"),
        ] {
            let error = text.parse::<OsVersion>().unwrap_err();
            assert_eq!(error.to_string(), format!("`{text}` is not a version: {problem}"));
        }
    }
}

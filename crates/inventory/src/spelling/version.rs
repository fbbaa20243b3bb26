//! `OS version`: a version number, with words around it on some platforms.
//!
//! Seen in exports and their imitations: `10.0.26100.9106` (Windows), `26.6.1` (iOS),
//! `16.4.1 (20E252)` (with a build), `16` (Android) and `Ubuntu 24.04 LTS` (Linux). Graph calls
//! `osVersion` a free text.

use eligibility::facts::{Fact, OsVersion};

use super::says_unknown;

/// What stands in such a cell, for "expected …".
pub(crate) const EXPECTED: &str =
    "a version such as `16`, `7.1.2`, `10.0.26100.9106` or `Ubuntu 24.04 LTS`";

/// Reads a trimmed cell; `None` if it is no version.
pub(crate) fn read(text: &str) -> Option<Fact<OsVersion>> {
    if says_unknown(text) {
        return Some(Fact::Unknown);
    }
    let number = number(text)?;
    if is_date(number) {
        return None;
    }
    match number.parse().ok()? {
        // No system was released as version 0; agents report it before they know better.
        OsVersion::MIN => Some(Fact::Unknown),
        version => Some(Fact::Known(version)),
    }
}

/// Returns the first word that begins with a digit; the words before it must be letters only, so
/// that `Windows10 1809` does not become version 1809.
fn number(text: &str) -> Option<&str> {
    for word in text.split_ascii_whitespace() {
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return Some(word.split_once('(').map_or(word, |(number, _)| number));
        }
        if !word.chars().all(char::is_alphabetic) {
            return None;
        }
    }
    None
}

/// Returns true if a spreadsheet has taken a version for a day and month: `8.1` becomes
/// `08.01.2026` where dates are written so. No system has a third part like that.
fn is_date(number: &str) -> bool {
    let parts: Vec<&str> = number.split('.').collect();
    let year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    matches!(parts[..], [day, month, last] if day.len() == 2 && month.len() == 2 && year(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_exports_write_them() {
        for (text, parts) in [
            ("10.0.26100.9106", [10, 0, 26100, 9106]),
            ("16", [16, 0, 0, 0]),
            ("7.1.2", [7, 1, 2, 0]),
            ("16.4.1 (20E252)", [16, 4, 1, 0]),
            ("16.4.1(20E252)", [16, 4, 1, 0]),
            ("Ubuntu 24.04 LTS", [24, 4, 0, 0]),
            ("Ubuntu 24.04.1 LTS", [24, 4, 1, 0]),
            ("Red Hat Enterprise Linux 9.4", [9, 4, 0, 0]),
        ] {
            assert_eq!(read(text), Some(Fact::Known(OsVersion::new(parts))), "{text}");
        }
    }

    #[test]
    fn blank_unknown_and_zero_are_unknown() {
        for text in ["", "Unknown", "0", "0.0", "0.0.0.0"] {
            assert_eq!(read(text), Some(Fact::Unknown), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "Lollipop",
            "v7",
            "7.1-beta",
            "1.2.3.4.5",
            "Windows10 1809",
            "7.",
            "-7",
            "٧",
            "08.01.2026",
            "10.01.2027",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}

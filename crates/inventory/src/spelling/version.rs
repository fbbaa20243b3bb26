//! `OS version`: a version number, with words around it on some platforms.
//!
//! Seen in exports and their imitations: `10.0.26100.9106` (Windows), `26.6.1` (iOS),
//! `16.4.1 (20E252)` (with a build), `16` (Android) and `Ubuntu 24.04 LTS` (Linux). Graph calls
//! `osVersion` a free text. Spreadsheets make dates of some versions and save those.

use eligibility::facts::{Fact, OsVersion, Platform};

use super::os::{self, Os};
use super::{says_unknown, unwrapped};

/// The description of such a cell, for "expected …".
pub(crate) const EXPECTED: &str =
    "a version such as `16`, `7.1.2`, `10.0.26100.9106` or `Ubuntu 24.04 LTS`";

/// Reads a trimmed cell; `None` if it is no version.
pub(crate) fn read(text: &str) -> Option<Fact<OsVersion>> {
    let text = unwrapped(text);
    if says_unknown(text) {
        return Some(Fact::Unknown);
    }
    let number = number(text)?;
    match number.parse().ok()? {
        // No system was released as version 0; agents report it before they know better.
        OsVersion::MIN => Some(Fact::Unknown),
        version => (!is_date(number, version)).then_some(Fact::Known(version)),
    }
}

/// Returns the first word that begins with a digit. The words before it must name a system, so that
/// `Okt 15`, which a spreadsheet made of `10.15`, does not become version 15; and not Windows, whose
/// name has numbers of its own: `Windows 11` is version 10.0.22000 or later.
fn number(text: &str) -> Option<&str> {
    let start = word_starts(text)
        .find(|start| text[*start..].starts_with(|first: char| first.is_ascii_digit()))?;
    let (name, rest) = text.split_at(start);
    let end = rest.bytes().position(|byte| matches!(byte, b' ' | b'\t' | b'('));
    let number = &rest[..end.unwrap_or(rest.len())];
    let name = name.trim_end();
    if name.is_empty() || name.eq_ignore_ascii_case("version") {
        return Some(number);
    }
    let named = match os::read(name) {
        Some(Fact::Known(Os::On(Platform::Windows | Platform::WindowsPhone))) => {
            number.split('.').count() > 2
        }
        os => os.is_some_and(|os| os.is_known()),
    };
    named.then_some(number)
}

fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let spaces = text.match_indices([' ', '\t']).map(|(space, _)| space + 1);
    std::iter::once(0).chain(spaces)
}

/// Returns true if a number is what a spreadsheet makes of a version that it takes for a date:
/// `8.1` becomes `08.01.2026`, `8.1.2026`, `08.01.26` or `2026.01.08`, or the number of the day,
/// `46030`, perhaps with its time. No system has a version like these.
fn is_date(number: &str, version: OsVersion) -> bool {
    let is_year = |part: u32| (1900..2100).contains(&part);
    let is_day = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
    let is_short = || number.split('.').map(str::len).eq([2, 2, 2]);
    match version.parts() {
        [first, 0, 0, 0] if first > 200 => true,
        // From 1982 to 2118: the numbers of ChromeOS's builds, such as `15886.44.0`, are smaller.
        [first, _, 0, 0] if (30_000..80_000).contains(&first) => true,
        [day, month, year, 0] if is_year(year) || is_short() => is_day(day, month),
        [year, month, day, 0] => is_year(year) && is_day(day, month),
        _ => false,
    }
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
            ("200", [200, 0, 0, 0]),
            ("10.15.26", [10, 15, 26, 0]),
            ("126.0.6478.222", [126, 0, 6478, 222]),
            ("15886.44.0", [15886, 44, 0, 0]),
            ("16.4.1 (20E252)", [16, 4, 1, 0]),
            ("16.4.1(20E252)", [16, 4, 1, 0]),
            ("Version 14.5 (Build 23F79)", [14, 5, 0, 0]),
            ("iOS 17.5", [17, 5, 0, 0]),
            ("macOS Sonoma 14.5", [14, 5, 0, 0]),
            ("Microsoft Windows 10.0.22631", [10, 0, 22631, 0]),
            ("Ubuntu 24.04 LTS", [24, 4, 0, 0]),
            ("Ubuntu 24.04.1 LTS", [24, 4, 1, 0]),
            ("Red Hat Enterprise Linux 9.4", [9, 4, 0, 0]),
            ("Debian GNU/Linux 12 (bookworm)", [12, 0, 0, 0]),
        ] {
            assert_eq!(read(text), Some(Fact::Known(OsVersion::new(parts))), "{text}");
        }
    }

    #[test]
    fn blank_unknown_and_zero_are_unknown() {
        for text in ["", "Unknown", "None", "-", "0", "0.0", "0.0.0.0"] {
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
            "7.",
            "-7",
            "٧",
            // Names of Windows, which are no versions.
            "Windows 11",
            "Windows10 1809",
            "Windows 8.1",
            // The texts that spreadsheets make of versions.
            "08.01.2026",
            "10.01.2027",
            "8.1.2026",
            "08.01.26",
            "2026.1.8",
            "46030",
            "46030.5",
            "22631",
            "Okt 15",
            "Jan 17",
            "08. Jan",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}

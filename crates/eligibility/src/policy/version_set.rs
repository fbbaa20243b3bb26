//! Sets of versions, and the notation in which policies write them.

use std::fmt;

use crate::facts::OsVersion;
use crate::text::write_joined;

/// The versions from one (included) up to another (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionRange {
    /// The first version inside.
    pub from: OsVersion,
    /// The first version beyond, or `None` if there is no end.
    pub before: Option<OsVersion>,
}

impl VersionRange {
    /// Every version.
    pub const ALL: Self = Self { from: OsVersion::MIN, before: None };

    fn new(from: OsVersion, before: Option<OsVersion>) -> Option<Self> {
        before.is_none_or(|before| from < before).then_some(Self { from, before })
    }

    /// Returns true if the version is inside.
    pub(crate) fn contains(self, version: OsVersion) -> bool {
        self.from <= version && self.before.is_none_or(|before| version < before)
    }

    /// Returns the versions inside both.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let before = match (self.before, other.before) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Self::new(self.from.max(other.from), before)
    }
}

/// Any set of versions that is made of ranges: sorted, apart from each other, never touching.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionSet(Vec<VersionRange>);

/// A text that is no set of versions.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidVersionSet {
    /// The notation was not understood.
    #[error("`{0}` is not a range of versions")]
    Notation(String),
    /// No version satisfies it.
    #[error("no version satisfies `{0}`")]
    Empty(String),
}

impl VersionSet {
    /// Returns the versions of any of the ranges.
    pub fn from_ranges(ranges: impl IntoIterator<Item = VersionRange>) -> Self {
        let mut sorted: Vec<_> = ranges.into_iter().collect();
        sorted.sort();
        let mut merged: Vec<VersionRange> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match merged.last_mut() {
                Some(last) if last.before.is_none_or(|before| range.from <= before) => {
                    last.before = last.before.zip(range.before).map(|(a, b)| a.max(b));
                }
                _ => merged.push(range),
            }
        }
        Self(merged)
    }

    /// Reads one range: comparisons joined by commas (`>=7.0, <8.0`), a series (`6.x`, meaning
    /// from 6 up to 7) or a single version (`6.0.1`).
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidVersionSet> {
        let mut all = Some(VersionRange::ALL);
        for piece in text.split(',') {
            let range = comparison(piece.trim())
                .ok_or_else(|| InvalidVersionSet::Notation(piece.trim().to_owned()))?;
            all = all.zip(range).and_then(|(all, range)| all.intersection(range));
        }
        match all {
            Some(range) => Ok(Self(vec![range])),
            None => Err(InvalidVersionSet::Empty(text.to_owned())),
        }
    }

    /// Returns the notation that was probably meant by a text that is none, for messages: `7.0 and
    /// later` is `>=7.0`, `7.0-8.0` is `>=7.0, <=8.0`.
    pub(crate) fn suggestion(text: &str) -> Option<String> {
        let tidy = text.trim().to_lowercase().replace("=>", ">=").replace("=<", "<=");
        let ending = |endings: &[&str]| endings.iter().find_map(|end| tidy.strip_suffix(end));
        let least = ending(&["or later", "and later", "or newer", "and newer", "or above", "+"]);
        let most = ending(&["or earlier", "and earlier", "or older", "and older", "or below"]);
        let between = tidy.split_once('-').or_else(|| tidy.split_once(" to "));
        let meant = match (least, most, between) {
            (Some(version), ..) => format!(">={}", version.trim()),
            (_, Some(version), _) => format!("<={}", version.trim()),
            (_, _, Some((from, to))) => format!(">={}, <={}", from.trim(), to.trim()),
            _ => tidy.trim_start_matches(['v', '^', '~']).replace("= ", "=").replace(' ', ", "),
        };
        Self::parse(&meant).ok().map(|_| meant)
    }

    /// Returns the ranges, in order.
    pub fn ranges(&self) -> &[VersionRange] {
        &self.0
    }

    /// Returns true if the version is in the set.
    pub(crate) fn contains(&self, version: OsVersion) -> bool {
        self.0.iter().any(|range| range.contains(version))
    }

    /// Returns true if no version is in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns all other versions.
    #[must_use]
    pub(crate) fn complement(&self) -> Self {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut from = Some(OsVersion::MIN);
        for range in &self.0 {
            gaps.extend(from.and_then(|from| VersionRange::new(from, Some(range.from))));
            from = range.before;
        }
        gaps.extend(from.and_then(|from| VersionRange::new(from, None)));
        Self(gaps)
    }
}

/// Returns one comparison; the inner `None` is a range without versions, such as `<0`.
#[expect(clippy::option_option, reason = "not understood and empty are two answers")]
fn comparison(text: &str) -> Option<Option<VersionRange>> {
    let operators = [">=", "<=", ">", "<", "="];
    let found = operators.iter().find_map(|op| Some((*op, text.strip_prefix(op)?.trim_start())));
    let Some((operator, operand)) = found else {
        return match text.strip_suffix(".x").or_else(|| text.strip_suffix(".X")) {
            Some(stem) => series(stem).map(Some),
            None => Some(VersionRange::new(
                text.parse().ok()?,
                text.parse::<OsVersion>().ok()?.successor(),
            )),
        };
    };
    let version: OsVersion = operand.parse().ok()?;
    Some(match operator {
        ">=" => VersionRange::new(version, None),
        ">" => version.successor().and_then(|from| VersionRange::new(from, None)),
        "<" => VersionRange::new(OsVersion::MIN, Some(version)),
        "<=" => VersionRange::new(OsVersion::MIN, version.successor()),
        _ => VersionRange::new(version, version.successor()),
    })
}

/// Returns the versions that begin with the numbers of `stem`.
fn series(stem: &str) -> Option<VersionRange> {
    let from: OsVersion = stem.parse().ok()?;
    let last = stem.split('.').count() - 1;
    if last == 3 {
        return None;
    }
    let mut parts = from.parts();
    parts[last] = parts[last].checked_add(1)?;
    VersionRange::new(from, Some(OsVersion::new(parts)))
}

impl fmt::Display for VersionRange {
    /// Returns the notation of policies, except that no bound at all reads `any`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exact = self.before.is_some() && self.from.successor() == self.before;
        if exact {
            return write!(f, "={}", self.from);
        }
        let lower = match predecessor(self.from) {
            _ if self.from == OsVersion::MIN => None,
            Some(last_outside) => Some(format!(">{last_outside}")),
            None => Some(format!(">={}", self.from)),
        };
        let upper = self.before.map(|before| match predecessor(before) {
            Some(last) => format!("<={last}"),
            None => format!("<{before}"),
        });
        match (lower, upper) {
            (None, None) => f.write_str("any"),
            (Some(bound), None) | (None, Some(bound)) => f.write_str(&bound),
            (Some(lower), Some(upper)) => write!(f, "{lower}, {upper}"),
        }
    }
}

/// Returns the version just before, where it is the one that a person would have written.
fn predecessor(version: OsVersion) -> Option<OsVersion> {
    let [major, minor, patch, build] = version.parts();
    (build == 1).then_some(OsVersion::new([major, minor, patch, 0]))
}

impl fmt::Display for VersionSet {
    /// Returns the ranges in the notation of policies, joined by ` or `.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.0, " or ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> VersionSet {
        VersionSet::parse(text).unwrap()
    }

    #[test]
    fn every_notation_reads_back_as_it_is_shown() {
        for (text, shown) in [
            (">=7.0", ">=7.0"),
            (">=7, <8", ">=7.0, <8.0"),
            ("<= 6.0", "<=6.0"),
            (">6.0, <7.0", ">6.0, <7.0"),
            ("6.x", ">=6.0, <7.0"),
            ("7.1.x", ">=7.1, <7.2"),
            ("6.0.1", "=6.0.1"),
            ("=6.0.1", "=6.0.1"),
            (">=0", "any"),
        ] {
            assert_eq!(set(text).to_string(), shown, "{text}");
            if shown != "any" {
                assert_eq!(set(shown), set(text), "{text}");
            }
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["", "x", "seven", ">=", "1.2.3.4.x", ">=7.0,", "~7"] {
            assert!(
                matches!(VersionSet::parse(text), Err(InvalidVersionSet::Notation(_))),
                "{text}"
            );
        }
        for text in [">=8, <7", "<0", ">7, <=7.0"] {
            assert!(matches!(VersionSet::parse(text), Err(InvalidVersionSet::Empty(_))), "{text}");
        }
    }

    #[test]
    fn a_notation_that_was_meant_is_suggested() {
        for (text, meant) in [
            ("6.0 or earlier", Some("<=6.0")),
            ("7.0-8.0", Some(">=7.0, <=8.0")),
            ("=> 7", Some(">=7")),
            ("nougat", None),
        ] {
            assert_eq!(VersionSet::suggestion(text).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn touching_ranges_become_one_and_the_complement_is_the_rest() {
        let both =
            VersionSet::from_ranges([set("<7"), set("7.x")].iter().flat_map(|s| s.0.clone()));
        assert_eq!(both, set("<8"));
        assert_eq!(both.complement(), set(">=8"));
        assert!(set(">=0").complement().is_empty());
        assert_eq!(set("7.x").complement().to_string(), "<7.0 or >=8.0");
    }
}

//! Ranges of system versions: at which of them a scenario is run, and a step applies.

use eligibility::facts::OsVersion;

/// A text that is no range of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a version or a range, such as `26`, `26-29`, `30-` or `-25`")]
pub struct InvalidLevels;

/// One version, or all versions from one to another.
///
/// ```
/// use device_sim::versions::VersionRange;
///
/// let levels: VersionRange = "26-29".parse()?;
/// assert!(levels.contain("29".parse()?));
/// assert!(!levels.contain("30".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionRange {
    /// The first version, if the range has a lower end.
    pub first: Option<OsVersion>,
    /// The last version, if the range has an upper end.
    pub last: Option<OsVersion>,
}

impl VersionRange {
    /// Returns true if the version lies in the range.
    pub fn contain(self, version: OsVersion) -> bool {
        self.first.is_none_or(|first| version >= first)
            && self.last.is_none_or(|last| version <= last)
    }
}

/// Versions at which a scenario can be run in turn, and the key that names some of them.
#[derive(Clone, Debug)]
pub(crate) struct VersionAxis {
    /// The key of a scenario.
    pub(crate) key: &'static str,
    /// The key of a device that has a version of its own.
    pub(crate) device_key: &'static str,
    /// Names one version: `API level 26`.
    pub(crate) in_words: fn(OsVersion) -> String,
    /// All of them, in order.
    pub(crate) versions: Vec<OsVersion>,
    /// The sentence that says which ones there are.
    pub(crate) hint: String,
}

impl std::str::FromStr for VersionRange {
    type Err = InvalidLevels;

    fn from_str(text: &str) -> Result<Self, InvalidLevels> {
        let version = |text: &str| text.trim().parse().map_err(|_| InvalidLevels);
        let end = |text: &str| match text.trim() {
            "" => Ok(None),
            text => version(text).map(Some),
        };
        let Some((first, last)) = text.split_once('-') else {
            let only = version(text)?;
            return Ok(Self { first: Some(only), last: Some(only) });
        };
        let levels = Self { first: end(first)?, last: end(last)? };
        let ordered = match (levels.first, levels.last) {
            (Some(first), Some(last)) => first <= last,
            (None, None) => false,
            _ => true,
        };
        ordered.then_some(levels).ok_or(InvalidLevels)
    }
}

#[cfg(test)]
mod tests {
    use super::VersionRange;

    #[test]
    fn ranges_without_sense_are_refused() {
        for text in ["", "-", "30-29", "26-x", "twenty", "26-27-28"] {
            assert!(text.parse::<VersionRange>().is_err(), "{text}");
        }
    }
}

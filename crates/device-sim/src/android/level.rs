//! API levels: the number that decides which calls Android has and how they answer.

use eligibility::facts::OsVersion;

use crate::model::versions::VersionAxis;

/// An API level, 23 (Android 6) to 36 (Android 16).
///
/// Source of the numbers: <https://source.android.com/docs/setup/reference/build-numbers>
///
/// ```
/// use device_sim::android::ApiLevel;
///
/// let oreo = ApiLevel::new(26).expect("26 is simulated");
/// assert_eq!(oreo.os_version().to_string(), "8.0");
/// assert_eq!(ApiLevel::new(22), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiLevel(u8);

/// The version of Android that introduced each level, from the lowest on.
const VERSIONS: &[(u32, u32)] = &[
    (6, 0),
    (7, 0),
    (7, 1),
    (8, 0),
    (8, 1),
    (9, 0),
    (10, 0),
    (11, 0),
    (12, 0),
    (12, 1),
    (13, 0),
    (14, 0),
    (15, 0),
    (16, 0),
];

impl ApiLevel {
    /// The lowest level that is simulated.
    pub const FIRST: Self = Self(23);

    /// The highest level that is simulated.
    pub const LAST: Self = Self(Self::FIRST.0 + VERSIONS.len() as u8 - 1);

    /// Returns the level with this number, if it is simulated.
    pub const fn new(number: u8) -> Option<Self> {
        if number >= Self::FIRST.0 && number <= Self::LAST.0 { Some(Self(number)) } else { None }
    }

    /// Returns the number.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Returns all levels that are simulated, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (Self::FIRST.0..=Self::LAST.0).map(Self)
    }

    /// Returns the version of Android that introduced the level.
    pub const fn os_version(self) -> OsVersion {
        let (major, minor) = VERSIONS[(self.0 - Self::FIRST.0) as usize];
        OsVersion::new([major, minor, 0, 0])
    }

    /// Returns the level of a version of Android, if it is simulated.
    ///
    /// ```
    /// use device_sim::android::ApiLevel;
    ///
    /// let level = |text: &str| ApiLevel::of_version(text.parse().unwrap()).map(ApiLevel::number);
    /// assert_eq!(level("7.1.2"), Some(25));
    /// assert_eq!(level("12.1"), Some(32));
    /// assert_eq!(level("5.1"), None);
    /// ```
    pub fn of_version(version: OsVersion) -> Option<Self> {
        let [major, ..] = version.parts();
        let known = Self::all().filter(|level| level.os_version() <= version).last()?;
        (known.os_version().parts()[0] == major).then_some(known)
    }
}

/// Returns the API levels, at which a scenario can be run in turn.
pub(crate) fn version_axis() -> VersionAxis {
    let version = |level: ApiLevel| OsVersion::new([level.number().into(), 0, 0, 0]);
    let (first, last) = (ApiLevel::FIRST.number(), ApiLevel::LAST.number());
    VersionAxis {
        key: "api-levels",
        device_key: "api-level",
        in_words,
        versions: ApiLevel::all().map(version).collect(),
        hint: format!("API levels {first} to {last} are simulated"),
    }
}

/// Names a version for people: `API level 26`.
pub(crate) fn in_words(version: OsVersion) -> String {
    format!("API level {}", version.parts()[0])
}

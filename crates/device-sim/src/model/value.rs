//! Values that can be observed, returned or demanded.

use eligibility::closed_enum;
use std::fmt;

use serde::Serialize;

/// One value of an observable, an outcome or an argument.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A word of a closed set.
    Word(&'static str),
    /// Any other text; never a passcode and never the bytes of a token.
    Text(String),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Truth(value)
    }
}

impl From<&'static str> for Value {
    fn from(value: &'static str) -> Self {
        Self::Word(value)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truth(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Word(value) => f.write_str(value),
            Self::Text(value) => f.write_str(value),
        }
    }
}

/// The values that an observable or an outcome can have; what a scenario is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// `true` or `false`.
    Truth,
    /// Whole numbers.
    Number,
    /// Whole numbers from this one on.
    NumberFrom(i64),
    /// A word of a closed set.
    Words(&'static [&'static str]),
    /// `true`, `false`, or a word of a closed set.
    TruthOr(&'static [&'static str]),
    /// `true`, `false`, a whole number, or a word of a closed set.
    Any(&'static [&'static str]),
}

impl Domain {
    /// Returns true if the values are whole numbers only.
    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::NumberFrom(_))
    }

    /// Returns true if no value is left beside these.
    pub(crate) fn is_covered_by(self, values: &[Value]) -> bool {
        let truths = || [true, false].iter().all(|truth| values.contains(&Value::Truth(*truth)));
        let words = |words: &'static [&'static str]| {
            words.iter().all(|word| values.contains(&Value::Word(word)))
        };
        match self {
            Self::Truth => truths(),
            Self::Number | Self::NumberFrom(_) | Self::Any(_) => false,
            Self::Words(all) => words(all),
            Self::TruthOr(all) => truths() && words(all),
        }
    }
}

closed_enum! {
    /// The viewers of an event: the columns of a timeline.
    pub enum Viewer: "viewer" {
        /// The person who holds the device.
        User = "user",
        /// The manager: an administrator, a server, a device policy controller.
        Admin = "admin",
        /// The operating system; no one sees it without tools.
        System = "system",
    }
}

/// Something about a device that can be looked at, at any moment and without disturbing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observable {
    /// The key that a scenario's `expect` table uses.
    pub name: &'static str,
    /// The viewer of its changes.
    pub viewer: Viewer,
    /// Its values.
    pub domain: Domain,
    /// Its meaning, in a sentence.
    pub meaning: &'static str,
    /// The version from which it can have more than one value, where that is not the first.
    pub since: Option<&'static str>,
    /// The URL of its documentation.
    pub source: &'static str,
    /// True if it only shows what happened before; explorations do not distinguish states by it.
    pub is_history: bool,
}

/// Declares the observables of a model, by their sources: a name, the version from which it can
/// change, `+ history` if it only shows what happened before, who sees it, its values, its
/// meaning, and how it is looked at.
macro_rules! observables {
    ( of $model:ty; $( from $source:literal { $(
        $name:literal $(since $since:literal)? $(+ $history:ident)?,
        $viewer:ident, $domain:expr, $meaning:literal, $look:expr;
    )+ } )+ ) => {
        /// Everything that can be looked at, in the order in which traces list changes.
        pub(crate) const OBSERVABLES: &[$crate::model::Observable] =
            &[ $( $( $crate::model::Observable {
                name: $name,
                viewer: $crate::model::Viewer::$viewer,
                domain: $domain,
                meaning: $meaning,
                since: { let since: &[&str] = &[ $($since)? ]; since.first().copied() },
                source: $source,
                is_history: { let words: &[&str] = &[ $(stringify!($history))? ]; !words.is_empty() },
            } ),+ ),+ ];

        const LOOKS: &[fn(&$model) -> $crate::model::Value] = &[ $( $( $look ),+ ),+ ];
    };
}

pub(crate) use observables;

/// The outcome of a call: a key such as `returns` or `throws`, and its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Outcome {
    /// The key that a scenario's step uses to demand it.
    pub key: &'static str,
    /// The value under that key.
    pub value: Value,
    /// The reason in words, where the system gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<&'static str>,
}

/// A kind of outcome that calls of some device can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutcomeKey {
    /// The key.
    pub name: &'static str,
    /// Its values.
    pub domain: Domain,
}

/// Returns two tables as one, for devices that have what two modules declare.
pub(crate) const fn concat<T: Copy, const N: usize>(first: &[T], second: &[T]) -> [T; N] {
    assert!(first.len() + second.len() == N, "the length of the whole");
    let mut all = [first[0]; N];
    let mut place = 0;
    while place < N {
        all[place] = if place < first.len() { first[place] } else { second[place - first.len()] };
        place += 1;
    }
    all
}

//! A fact's value without its static type, for code that treats all facts alike.

use std::fmt;

use super::{Management, ManagementState, OsVersion, Ownership, Platform, ResetToken, UnlockToken};
use crate::closed_enum::ClosedEnum;

/// One value of one fact.
///
/// A choice is the index of a word in the fact's closed set (see
/// [`FactName::choices`](super::FactName::choices)); only `os-version` has versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// The position of a word in the fact's closed set.
    Choice(u8),
    /// A version number.
    Version(OsVersion),
}

/// One typed statement about one device: known, or not.
///
/// A missing statement is never `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact<T> {
    /// The value is known.
    Known(T),
    /// Nothing is known.
    #[default]
    Unknown,
}

impl<T> Fact<T> {
    /// The value, where it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown => None,
        }
    }

    /// Whether the value is known.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// The same statement about something derived from the value.
    pub fn map<U>(self, derive: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(value) => Fact::Known(derive(value)),
            Self::Unknown => Fact::Unknown,
        }
    }
}

impl<T> From<Option<T>> for Fact<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }
}

impl<T: fmt::Display> fmt::Display for Fact<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::Unknown => f.pad("unknown"),
        }
    }
}

/// A typed fact value that can travel as a [`Value`].
///
/// Implemented by `bool`, [`OsVersion`] and the closed enums that are values of facts; nothing
/// outside this crate needs to implement it.
pub trait FactValue: Copy + Eq {
    /// The name of one value in messages.
    const WHAT: &'static str;

    /// The texts of all values, in declaration order; empty for versions, which are not a list.
    const CHOICES: &'static [&'static str];

    /// Returns the value without its type.
    fn to_value(self) -> Value;

    /// Returns the typed value, or `None` if `value` is not one of this type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FactValue for bool {
    const WHAT: &'static str = "truth value";
    const CHOICES: &'static [&'static str] = &["false", "true"];

    fn to_value(self) -> Value {
        Value::Choice(u8::from(self))
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Choice(0) => Some(false),
            Value::Choice(1) => Some(true),
            _ => None,
        }
    }
}

impl FactValue for OsVersion {
    const WHAT: &'static str = "version";
    const CHOICES: &'static [&'static str] = &[];

    fn to_value(self) -> Value {
        Value::Version(self)
    }

    fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Version(version) => Some(version),
            Value::Choice(_) => None,
        }
    }
}

/// Makes closed enums values of facts: a value travels as its position.
macro_rules! closed_fact_values {
    ($($name:ident),+ $(,)?) => { $(
        impl FactValue for $name {
            const WHAT: &'static str = <Self as ClosedEnum>::WHAT;
            const CHOICES: &'static [&'static str] = Self::WORDS;

            fn to_value(self) -> Value {
                Value::Choice(self as u8)
            }

            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::Choice(index) => Self::ALL.get(usize::from(index)).copied(),
                    Value::Version(_) => None,
                }
            }
        }
    )+ };
}

closed_fact_values!(Platform, Management, Ownership, ResetToken, UnlockToken, ManagementState);

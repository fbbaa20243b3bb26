//! A fact's value without its static type, for code that treats all facts alike.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{
    ChoiceSet, Management, ManagementState, OsVersion, Ownership, Platform, ResetToken, UnlockToken,
};
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

/// One typed statement about one device: known, known to be one of a set, or unknown.
///
/// A missing statement is never `false`.
///
/// ```
/// use eligibility::facts::{Fact, Management};
///
/// let aosp = Fact::one_of([Management::AospUserAssociated, Management::AospUserless]);
/// assert!(!aosp.is_known());
/// assert!(aosp.admits(Management::AospUserless));
/// assert!(!aosp.admits(Management::Dedicated));
/// assert_eq!(Fact::one_of([Management::Mdm]), Fact::Known(Management::Mdm));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact<T> {
    /// The value is known.
    Known(T),
    /// The value is one of two or more words of its closed set; [`Fact::one_of`] makes it.
    OneOf(ChoiceSet),
    /// Nothing is known.
    #[default]
    Unknown,
}

impl<T> Fact<T> {
    /// Returns the value, where it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::OneOf(_) | Self::Unknown => None,
        }
    }

    /// Returns true if the value is known.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

impl<T: FactValue> Fact<T> {
    /// States that the value is one of these: known if it is a single one, unknown if there is
    /// none or if the values are versions, which are not a closed set.
    pub fn one_of(values: impl IntoIterator<Item = T>) -> Self {
        let mut only = None;
        let mut several = false;
        let mut choices = ChoiceSet::from_choices([]);
        for value in values {
            several |= *only.get_or_insert(value) != value;
            if let Value::Choice(choice) = value.to_value() {
                choices = ChoiceSet::from_choices(choices.iter().chain([choice]));
            }
        }
        match only {
            Some(only) if !several => Self::Known(only),
            Some(_) if choices.len() > 1 => Self::OneOf(choices),
            _ => Self::Unknown,
        }
    }

    /// Returns true if the value may be this one, for all that is known.
    pub fn admits(self, value: T) -> bool {
        match (self, value.to_value()) {
            (Self::Known(known), _) => known == value,
            (Self::OneOf(choices), Value::Choice(choice)) => choices.contains(choice),
            (Self::OneOf(_), Value::Version(_)) => false,
            (Self::Unknown, _) => true,
        }
    }

    /// Returns the conjunction of two statements about the same value; `None` if no value agrees
    /// with both.
    ///
    /// ```
    /// use eligibility::facts::{Fact, Management as M};
    ///
    /// let agent = Fact::one_of([M::FullyManaged, M::Dedicated]);
    /// let name = Fact::one_of([M::Dedicated, M::AospUserless]);
    /// assert_eq!(agent.and(name), Some(Fact::Known(M::Dedicated)));
    /// assert_eq!(agent.and(Fact::Unknown), Some(agent));
    /// assert_eq!(agent.and(Fact::Known(M::AospUserless)), None);
    /// ```
    pub fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (known, Self::Unknown) | (Self::Unknown, known) => Some(known),
            (Self::Known(value), set) | (set, Self::Known(value)) => {
                set.admits(value).then_some(Self::Known(value))
            }
            (Self::OneOf(one), Self::OneOf(other)) => {
                let both = Self::of_choices(one.iter().filter(|choice| other.contains(*choice)));
                (both != Self::Unknown).then_some(both)
            }
        }
    }

    /// Returns the disjunction of two statements about the same value.
    ///
    /// ```
    /// use eligibility::facts::{Fact, Ownership, OsVersion};
    ///
    /// let [mine, theirs] = [Ownership::Personal, Ownership::Corporate].map(Fact::Known);
    /// assert_eq!(mine.or(theirs), Fact::one_of([Ownership::Personal, Ownership::Corporate]));
    /// assert_eq!(mine.or(Fact::Unknown), Fact::Unknown);
    /// let [old, new]: [OsVersion; 2] = ["7".parse()?, "8".parse()?];
    /// assert_eq!(Fact::Known(old).or(Fact::Known(new)), Fact::Unknown);
    /// # Ok::<(), eligibility::facts::InvalidVersion>(())
    /// ```
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        let choices = |fact: Self| match fact {
            Self::Known(value) => match value.to_value() {
                Value::Choice(choice) => Some(ChoiceSet::from_choices([choice])),
                Value::Version(_) => None,
            },
            Self::OneOf(choices) => Some(choices),
            Self::Unknown => None,
        };
        let (Some(one), Some(other)) = (choices(self), choices(other)) else {
            return Self::Unknown;
        };
        Self::of_choices(one.iter().chain(other.iter()))
    }

    /// States that the value is one of these words; those of another type are left out.
    fn of_choices(choices: impl Iterator<Item = u8>) -> Self {
        Self::one_of(choices.map(Value::Choice).filter_map(T::from_value))
    }

    /// Returns the statement without its type.
    pub(super) fn to_values(self) -> Fact<Value> {
        match self {
            Self::Known(value) => Fact::Known(value.to_value()),
            Self::OneOf(choices) => Fact::OneOf(choices),
            Self::Unknown => Fact::Unknown,
        }
    }

    /// Returns the statement with its type; values of another type are left out.
    pub(super) fn from_values(fact: Fact<Value>) -> Self {
        match fact {
            Fact::Known(value) => T::from_value(value).into(),
            Fact::OneOf(choices) => Self::of_choices(choices.iter()),
            Fact::Unknown => Self::Unknown,
        }
    }
}

impl<T> From<Option<T>> for Fact<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Known)
    }
}

impl<T: FactValue + fmt::Display> fmt::Display for Fact<T> {
    /// Returns the value, `unknown`, or the words of the set with [`SEPARATOR`] between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(value) => value.fmt(f),
            Self::OneOf(choices) => f.pad(&joined(*choices, T::CHOICES)),
            Self::Unknown => f.pad("unknown"),
        }
    }
}

/// The separator of the words of a fact that is one of a set: `dedicated|fully-managed`.
///
/// No word and no common delimiter of tables has it.
pub const SEPARATOR: char = '|';

/// Joins the words of a set.
pub(super) fn joined(choices: ChoiceSet, words: &[&str]) -> String {
    let mut text = String::new();
    for choice in choices.iter() {
        if !text.is_empty() {
            text.push(SEPARATOR);
        }
        text.push_str(words[usize::from(choice)]);
    }
    text
}

impl<T: FactValue + Serialize> Serialize for Fact<T> {
    /// Returns the value, the list of the values that it may have, or nothing.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(value) => value.serialize(serializer),
            Self::OneOf(choices) => {
                let values = choices.iter().map(Value::Choice);
                serializer.collect_seq(values.filter_map(T::from_value))
            }
            Self::Unknown => serializer.serialize_none(),
        }
    }
}

/// A typed fact value that can travel as a [`Value`].
///
/// Implemented by `bool`, [`OsVersion`], the closed enums that are values of facts, and [`Value`]
/// itself; nothing outside this crate needs to implement it.
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

/// A value of any fact, of one and the same in each statement.
impl FactValue for Value {
    const WHAT: &'static str = "value";
    const CHOICES: &'static [&'static str] = &[];

    fn to_value(self) -> Value {
        self
    }

    fn from_value(value: Value) -> Option<Self> {
        Some(value)
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

//! The list of facts, and sets of them.

use std::fmt;

use serde::{Serialize, Serializer};

use super::value::{Fact, FactValue, Value, joined};
use super::{InvalidVersion, OsVersion};
use crate::closed_enum;
use crate::closed_enum::UnknownWord;
use crate::text::write_joined;

closed_enum! {
    /// The name of a fact: a key of a policy's conditions and a flag of the command line.
    pub enum FactName: "fact" {
        /// [`Platform`](super::Platform).
        Platform = "platform",
        /// [`Management`](super::Management).
        Management = "management",
        /// [`OsVersion`].
        OsVersion = "os-version",
        /// [`Ownership`](super::Ownership).
        Ownership = "ownership",
        /// Apple: the device is supervised.
        Supervised = "supervised",
        /// The storage is encrypted.
        Encrypted = "encrypted",
        /// A configuration policy demands a passcode in the scope that would be reset.
        PasscodeRequired = "passcode-required",
        /// The user has a passcode in the scope that would be reset.
        PasscodeSet = "passcode-set",
        /// [`ResetToken`](super::ResetToken).
        ResetToken = "reset-token",
        /// [`UnlockToken`](super::UnlockToken).
        UnlockToken = "unlock-token",
        /// [`ManagementState`](super::ManagementState).
        ManagementState = "management-state",
        /// Windows: joined to Azure AD (Microsoft Entra ID); a hybrid join counts.
        AzureAdJoined = "azure-ad-joined",
    }
}

/// A text that a fact does not have as a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    /// The fact takes one word of a closed set.
    #[error(transparent)]
    Word(#[from] UnknownWord),
    /// The fact takes a version.
    #[error(transparent)]
    Version(#[from] InvalidVersion),
}

impl FactName {
    /// Reads a value of this fact.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] names the text and what would have been understood.
    ///
    /// ```
    /// use eligibility::facts::FactName;
    ///
    /// let token = FactName::ResetToken.parse("active")?;
    /// assert_eq!(FactName::ResetToken.text(token), "active");
    /// assert!(FactName::Supervised.parse("yes").is_err());
    /// # Ok::<(), eligibility::facts::InvalidValue>(())
    /// ```
    pub fn parse(self, text: &str) -> Result<Value, InvalidValue> {
        if self == Self::OsVersion {
            return Ok(text.parse::<OsVersion>()?.to_value());
        }
        let choices = self.choices();
        choices
            .iter()
            .position(|choice| *choice == text)
            .and_then(|index| u8::try_from(index).ok())
            .map(Value::Choice)
            .ok_or_else(|| UnknownWord::new(self.what(), text, choices).into())
    }

    /// Returns the word for a value of this fact.
    ///
    /// # Panics
    ///
    /// If `value` belongs to another fact.
    pub fn text(self, value: Value) -> String {
        match value {
            Value::Version(version) => version.to_string(),
            Value::Choice(index) => self.choices()[usize::from(index)].to_owned(),
        }
    }

    /// Parses what is known of this fact: a value, or several with the true one among them, with
    /// `separator` between them.
    ///
    /// # Errors
    ///
    /// [`InvalidValue`] names the first text that is no value, and what would be understood.
    ///
    /// ```
    /// use eligibility::facts::{FactName, SEPARATOR};
    ///
    /// let text = "fully-managed|dedicated";
    /// let fact = FactName::Management.parse_fact(text, SEPARATOR)?;
    /// assert_eq!(FactName::Management.fact_text(fact).as_deref(), Some(text));
    /// assert!(FactName::Management.parse_fact("dedicated|", SEPARATOR).is_err());
    /// # Ok::<(), eligibility::facts::InvalidValue>(())
    /// ```
    pub fn parse_fact(self, text: &str, separator: char) -> Result<Fact<Value>, InvalidValue> {
        if self == Self::OsVersion || !text.contains(separator) {
            return self.parse(text).map(Fact::Known);
        }
        let values: Result<Vec<_>, _> =
            text.split(separator).map(|word| self.parse(word.trim())).collect();
        values.map(Fact::one_of)
    }

    /// Returns the text of what is known of this fact, as [`parse_fact`](Self::parse_fact) reads it
    /// with [`SEPARATOR`](super::SEPARATOR); `None` if it is unknown.
    ///
    /// # Panics
    ///
    /// If `fact` belongs to another fact.
    pub fn fact_text(self, fact: Fact<Value>) -> Option<String> {
        match fact {
            Fact::Known(value) => Some(self.text(value)),
            Fact::OneOf(choices) => Some(joined(choices, self.choices())),
            Fact::Unknown => None,
        }
    }

    /// Returns all values of a closed set; nothing for `os-version`.
    pub fn values(self) -> impl Iterator<Item = Value> {
        (0..).take(self.choices().len()).map(Value::Choice)
    }

    /// Returns the fact, with those whose possible values depend on it: not every management mode
    /// exists on every platform.
    pub(crate) fn with_dependents(self) -> FactSet {
        match self {
            Self::Platform | Self::Management => {
                [Self::Platform, Self::Management].into_iter().collect()
            }
            other => [other].into_iter().collect(),
        }
    }
}

/// Returns the places of the bits that are set, the lowest first.
pub(super) fn bits(mut set: u16) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        place
    })
}

/// A set of facts, iterated in declaration order.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactSet(u16);

impl FactSet {
    /// The set without facts.
    pub const EMPTY: Self = Self(0);

    /// Adds a fact.
    pub fn insert(&mut self, name: FactName) {
        self.0 |= 1 << name as u16;
    }

    /// Returns true if the fact is in the set.
    pub const fn contains(self, name: FactName) -> bool {
        self.0 & (1 << name as u16) != 0
    }

    /// Returns true if there is no fact in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the number of facts in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns the facts of either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the facts, in declaration order.
    pub fn iter(self) -> impl Iterator<Item = FactName> {
        bits(self.0).map(|place| FactName::ALL[place])
    }
}

impl FromIterator<FactName> for FactSet {
    fn from_iter<I: IntoIterator<Item = FactName>>(names: I) -> Self {
        let mut set = Self::EMPTY;
        for name in names {
            set.insert(name);
        }
        set
    }
}

impl Serialize for FactSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl fmt::Debug for FactSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(FactName::as_str)).finish()
    }
}

impl fmt::Display for FactSet {
    /// Returns the names, joined by a comma and a space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, self.iter(), ", ")
    }
}

//! The one way in which a closed set of words becomes a type.

use super::value::Value;

/// A typed fact value that can travel as a [`Value`].
///
/// Implemented by every closed set, by `bool` and by [`OsVersion`](super::OsVersion); nothing
/// outside this crate needs to implement it.
pub trait FactValue: Copy + Eq + Sized {
    /// The texts of all values, in declaration order; empty for versions, which are not a list.
    const CHOICES: &'static [&'static str];

    /// The value without its type.
    fn to_value(self) -> Value;

    /// The typed value, or `None` if `value` is not one of this type.
    fn from_value(value: Value) -> Option<Self>;
}

impl FactValue for bool {
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

/// A text that is none of the words of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a {set}")]
pub struct UnknownWord {
    set: &'static str,
    given: String,
    expected: &'static [&'static str],
}

impl UnknownWord {
    pub(crate) fn new(set: &'static str, given: &str, expected: &'static [&'static str]) -> Self {
        Self { set, given: given.to_owned(), expected }
    }

    /// The text that was given.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The words that would have been understood.
    pub fn expected(&self) -> &'static [&'static str] {
        self.expected
    }
}

/// Declares an enum whose values are written as kebab-case words, with the door in both
/// directions (`as_str`, `FromStr`) and the list of all values (`ALL`).
macro_rules! closed_set {
    (
        $(#[$set_doc:meta])*
        $name:ident, $what:literal { $( $(#[$value_doc:meta])* $value:ident = $text:literal ),+ $(,)? }
    ) => {
        $(#[$set_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $( $(#[$value_doc])* $value ),+ }

        impl $name {
            /// All values, in declaration order.
            pub const ALL: &'static [Self] = &[ $( Self::$value ),+ ];

            /// The word as policies, flags and reports write it.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$value => $text ),+ }
            }
        }

        impl $crate::facts::FactValue for $name {
            const CHOICES: &'static [&'static str] = &[ $( $text ),+ ];

            fn to_value(self) -> $crate::facts::Value {
                $crate::facts::Value::Choice(self as u8)
            }

            fn from_value(value: $crate::facts::Value) -> Option<Self> {
                match value {
                    $crate::facts::Value::Choice(index) => Self::ALL.get(usize::from(index)).copied(),
                    $crate::facts::Value::Version(_) => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::facts::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    $crate::facts::UnknownWord::new(
                        $what,
                        text,
                        <Self as $crate::facts::FactValue>::CHOICES,
                    )
                })
            }
        }
    };
}
pub(crate) use closed_set;

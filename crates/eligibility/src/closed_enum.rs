//! Closed enums: enums whose values are words that files, flags and reports write.
//!
//! [`closed_enum!`](crate::closed_enum!) declares one. The words are written once, in the
//! declaration; parsing, printing, serialising and the lists of words for messages and schemas
//! follow from it.

/// An enum declared by [`closed_enum!`](crate::closed_enum!), for code that is generic over them.
pub trait ClosedEnum: Copy + Eq + std::str::FromStr<Err = UnknownWord> + 'static {
    /// The name of the set in messages, for example `management mode`.
    const WHAT: &'static str;

    /// All values, in declaration order.
    const ALL: &'static [Self];

    /// The words of all values, in declaration order.
    const WORDS: &'static [&'static str];

    /// Returns the word of the value.
    fn as_str(self) -> &'static str;
}

/// A text that is not a word of a closed enum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid {what} `{given}`, expected {}", expected.join(", "))]
pub struct UnknownWord {
    what: &'static str,
    given: String,
    expected: &'static [&'static str],
}

impl UnknownWord {
    #[doc(hidden)]
    pub fn new(what: &'static str, given: &str, expected: &'static [&'static str]) -> Self {
        Self { what, given: given.to_owned(), expected }
    }

    /// Returns the words of the enum.
    pub fn expected(&self) -> &'static [&'static str] {
        self.expected
    }
}

/// Declares an enum whose values are words.
///
/// The text after the name is what messages call the set. The enum gets `ALL`, `WORDS`, `as_str`,
/// `Display` (the word, padded as asked for), `FromStr` with an [`UnknownWord`] that lists the
/// words, `serde::Serialize` (as the word), [`ClosedEnum`], and the usual derives of a small copy
/// type, ordered as declared. Attributes and doc comments are kept.
///
/// ```
/// eligibility::closed_enum! {
///     /// The colour of a traffic light.
///     pub enum Light: "light" {
///         /// Stop.
///         Red = "red",
///         /// Go.
///         Green = "green",
///     }
/// }
///
/// assert_eq!("green".parse(), Ok(Light::Green));
/// assert_eq!(Light::ALL, [Light::Red, Light::Green]);
/// let error = "blue".parse::<Light>().unwrap_err();
/// assert_eq!(error.to_string(), "invalid light `blue`, expected red, green");
/// ```
#[macro_export]
macro_rules! closed_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident: $what:literal {
            $( $(#[$value_meta:meta])* $value:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $vis enum $name { $( $(#[$value_meta])* $value ),+ }

        #[allow(dead_code, reason = "a private enum need not use all that the macro gives")]
        impl $name {
            /// All values, in declaration order.
            pub const ALL: &'static [Self] = &[ $( Self::$value ),+ ];

            /// The words of all values, in declaration order.
            pub const WORDS: &'static [&'static str] = &[ $( $word ),+ ];

            /// Returns the word of the value.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$value => $word ),+ }
            }
        }

        impl $crate::closed_enum::ClosedEnum for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = Self::ALL;
            const WORDS: &'static [&'static str] = Self::WORDS;

            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::closed_enum::UnknownWord;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $( $word => Ok(Self::$value), )+
                    _ => Err($crate::closed_enum::UnknownWord::new($what, text, Self::WORDS)),
                }
            }
        }

        impl $crate::closed_enum::serde::Serialize for $name {
            fn serialize<S: $crate::closed_enum::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

#[doc(hidden)]
pub use serde;

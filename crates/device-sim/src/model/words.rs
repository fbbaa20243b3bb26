//! Closed sets of words: the one way in which a word of a scenario becomes a type.

/// A text that is none of the words of a closed set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not one of the words of this set")]
pub struct NotAWord;

/// Declares an enum whose values are words.
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $( $(#[$doc])* $variant ),+ }

        impl $name {
            /// All values, in declaration order.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The words of all values, in declaration order.
            pub const WORDS: &'static [&'static str] = &[ $( $word ),+ ];

            /// The word of the value.
            pub const fn word(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::NotAWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $( $word => Ok(Self::$variant), )+
                    _ => Err($crate::model::NotAWord),
                }
            }
        }
    };
}

pub(crate) use words;

//! The requirements of a passcode, and why a passcode is rejected.

pub(super) mod declaration;
pub(super) mod demand;
pub(super) mod judge;
pub(super) mod payload;

pub use declaration::PasscodeDeclaration;
pub use demand::Demand;
pub use judge::Refusal;
pub use payload::PasscodePayload;

/// The type of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyType {
    /// `true` or `false`.
    Truth,
    /// A whole number from the first to the second.
    Number(i64, i64),
}

/// A key of a payload or of a declaration, as a table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// Apple's name.
    pub(super) name: &'static str,
    /// Its type with its range.
    pub(super) of_type: KeyType,
    /// The default, in words.
    pub(super) default: &'static str,
    /// The requirement.
    pub(super) meaning: &'static str,
}

/// A key with a value outside its range, or of another type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` is out of range or of another type")]
pub(super) struct InvalidKey {
    /// Apple's name.
    pub(super) key: &'static str,
}

/// Declares a set of keys with Apple's names as a struct of optional fields and a table.
macro_rules! keys {
    (
        $(#[$meta:meta])*
        $name:ident {
            $( truth $truth:ident = $truth_key:literal, $truth_default:literal,
                $truth_meaning:literal; )*
            $( number $number:ident = $number_key:literal, $low:literal .. $high:literal,
                $number_default:literal, $number_meaning:literal; )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct $name {
            $( #[doc = $truth_meaning] pub $truth: Option<bool>, )*
            $( #[doc = $number_meaning] pub $number: Option<u32>, )*
        }

        impl $name {
            /// Every key, with its type, range and default.
            pub(in crate::apple) const KEYS: &'static [$crate::apple::passcode::Key] = &[
                $( $crate::apple::passcode::Key {
                    name: $truth_key,
                    of_type: $crate::apple::passcode::KeyType::Truth,
                    default: $truth_default,
                    meaning: $truth_meaning,
                }, )*
                $( $crate::apple::passcode::Key {
                    name: $number_key,
                    of_type: $crate::apple::passcode::KeyType::Number($low, $high),
                    default: $number_default,
                    meaning: $number_meaning,
                }, )*
            ];

            /// Returns the keys that are there with their values; truth values as numbers do not
            /// occur.
            pub(in crate::apple) fn entries(&self) -> Vec<(&'static str, $crate::model::Value)> {
                let mut entries = Vec::new();
                $( entries.extend(
                    self.$truth.map(|value| ($truth_key, $crate::model::Value::Truth(value)))
                ); )*
                $( entries.extend(self.$number.map(|value| {
                    ($number_key, $crate::model::Value::Number(value.into()))
                })); )*
                entries
            }

            /// Sets a key.
            ///
            /// # Errors
            ///
            /// [`InvalidKey`](crate::apple::passcode::InvalidKey) if the value is out of its
            /// range or of another type; an unknown key changes nothing, as on a device.
            pub(in crate::apple) fn set(
                &mut self,
                key: &str,
                value: &$crate::model::Value,
            ) -> Result<(), $crate::apple::passcode::InvalidKey> {
                use $crate::model::Value;
                let invalid = |key| $crate::apple::passcode::InvalidKey { key };
                match key {
                    $( $truth_key => match value {
                        Value::Truth(truth) => self.$truth = Some(*truth),
                        _ => return Err(invalid($truth_key)),
                    }, )*
                    $( $number_key => match value {
                        Value::Number(number) if ($low..=$high).contains(number) => {
                            self.$number = u32::try_from(*number).ok();
                        }
                        _ => return Err(invalid($number_key)),
                    }, )*
                    _ => {}
                }
                Ok(())
            }
        }
    };
}

pub(crate) use keys;

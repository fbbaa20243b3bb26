//! Keys of the tables of devices, each declared once: how it is read, how it is written, and its
//! documentation, from which the schema of scenario files is made.

use eligibility::document::{Node, Section};

use super::Problems;
use super::verbs::{Argument, KeyValue, Presence, Values, required};

/// Declares keys of a table, each with the field that holds its value.
///
/// A key is written if its value differs from that of a plain table, or `always`.
macro_rules! table_keys {
    (
        for $owner:ty;
        $(
            $(#[doc = $doc:literal])+
            $name:literal => $($field:ident).+: $type:ty
                $([$low:literal to $high:literal])? $(, $always:ident)?;
        )+
    ) => {
        impl $owner {
            /// Describes the keys.
            pub(crate) fn keys() -> Vec<$crate::model::verbs::Argument> {
                use $crate::model::verbs::{Argument, Key, Presence, required};
                vec![ $( {
                    let key: Key<$type> = required($name) $( .within($low, $high) )?;
                    let meaning = concat!($($doc),+).trim_ascii_start();
                    Argument { presence: Presence::Optional, ..key.describe(meaning) }
                } ),+ ]
            }

            /// Reads the keys that are there.
            pub(crate) fn read_keys(
                &mut self,
                section: &mut eligibility::document::Section<'_>,
                problems: &mut $crate::model::Problems,
            ) {
                use $crate::model::verbs::{Key, KeyValue, required};
                $(
                    let key: Key<$type> = required($name) $( .within($low, $high) )?;
                    let node = section.take($name);
                    let value = node.and_then(|node| <$type>::parse(&key, node, problems));
                    if let Some(value) = value {
                        self.$($field).+ = value;
                    }
                )+
            }

            /// Returns the keys as lines of TOML.
            pub(crate) fn written_keys(&self, plain: &Self) -> Vec<String> {
                use $crate::model::verbs::Written;
                let mut lines = Vec::new();
                $(
                    let (own, usual): (&$type, &$type) =
                        (&self.$($field).+, &plain.$($field).+);
                    let always = false $( || stringify!($always) == "always" )?;
                    if (always || own != usual) && own.is_written() {
                        lines.push(format!("{} = {}", $name, own.toml()));
                    }
                )+
                lines
            }
        }
    };
}

pub(crate) use table_keys;

/// A key that takes more than its value to be read: its name, type and documentation.
pub(crate) struct Declared<T> {
    name: &'static str,
    meaning: &'static str,
    values: fn() -> Values,
    parse: fn(&'static str, Node<'_>, &mut Problems) -> Option<T>,
}

impl<T> Declared<T> {
    /// Declares a key of a type that other keys have as well.
    pub(crate) const fn new(name: &'static str, meaning: &'static str) -> Self
    where
        T: KeyValue,
    {
        let parse = |name, node: Node<'_>, problems: &mut Problems| {
            T::parse(&required(name), node, problems)
        };
        Self { name, meaning, values: || T::values(&required("")), parse }
    }

    /// Declares a key with the values that it takes, and how it is parsed.
    pub(crate) const fn parsed(
        name: &'static str,
        meaning: &'static str,
        values: fn() -> Values,
        parse: fn(&'static str, Node<'_>, &mut Problems) -> Option<T>,
    ) -> Self {
        Self { name, meaning, values, parse }
    }

    /// Describes the key.
    pub(crate) fn describe(&self, presence: Presence) -> Argument {
        let values = (self.values)();
        Argument { name: self.name, values, presence, meaning: self.meaning }
    }

    /// Reads the key, if it is there.
    pub(crate) fn take(&self, section: &mut Section<'_>, problems: &mut Problems) -> Option<T> {
        section.take(self.name).and_then(|node| (self.parse)(self.name, node, problems))
    }
}

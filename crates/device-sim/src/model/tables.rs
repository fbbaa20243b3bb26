//! Keys of the tables of devices, each declared once: how it is read, how it is written, and its
//! documentation, from which the schema of scenario files is made.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::Section;

use super::verbs::{Argument, Key, KeyValue, Presence, required};

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
                problems: &mut Vec<eligibility::diagnostic::Diagnostic>,
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
                use $crate::model::verbs::KeyValue;
                let mut lines = Vec::new();
                $(
                    let (own, usual): (&$type, &$type) =
                        (&self.$($field).+, &plain.$($field).+);
                    let always = false $( || stringify!($always) == "always" )?;
                    if always || own != usual {
                        let written = own.written();
                        lines.extend(written.map(|value| format!("{} = {}", $name, value.toml())));
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
    key: Key<T>,
    meaning: &'static str,
}

impl<T: KeyValue> Declared<T> {
    /// Declares a key.
    pub(crate) const fn new(name: &'static str, meaning: &'static str) -> Self {
        Self { key: required(name), meaning }
    }

    /// Describes the key.
    pub(crate) fn describe(&self) -> Argument {
        Argument { presence: Presence::Optional, ..self.key.describe(self.meaning) }
    }

    /// Describes a key that must be there.
    pub(crate) fn describe_required(&self) -> Argument {
        self.key.describe(self.meaning)
    }

    /// Reads the key, if it is there.
    pub(crate) fn take(
        &self,
        section: &mut Section<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        section.take(self.key.name).and_then(|node| T::parse(&self.key, node, problems))
    }
}

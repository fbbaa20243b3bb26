//! Choices where the sources are silent: each named, with a default and a reason, and open to
//! every scenario.

use eligibility::closed_enum;
use eligibility::document::Section;

use super::verbs::{Argument, Presence, Values};
use crate::model::Problems;

closed_enum! {
    /// On what the default of a parameter rests.
    pub enum Basis: "basis" {
        /// A vendor's document or source states it, and allows or has other values.
        Documented = "documented",
        /// It follows from sources, reports or tests, and none states it.
        Inferred = "inferred",
        /// Nothing that is public says it.
        Choice = "choice",
    }
}

/// A parameter as a table shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its key in the `parameters` table of a device.
    pub name: &'static str,
    /// Its value when a scenario does not say.
    pub default: u32,
    /// True if it is `true` or `false` rather than a number.
    pub is_truth: bool,
    /// On what the default rests.
    pub basis: Basis,
    /// Its meaning, and the reason for the default.
    pub comment: &'static str,
}

/// The type of a field of a set of parameters.
pub(crate) trait Setting: Copy {
    const IS_TRUTH: bool;
    fn number(self) -> u32;
    fn read(section: &mut Section<'_>, key: &'static str, problems: &mut Problems) -> Option<Self>;
}

impl Parameter {
    /// Describes the parameter as a key of the table `parameters`.
    pub(crate) fn describe(&self) -> Argument {
        let values = match self.is_truth {
            true => Values::Truth,
            false => Values::Integer(0, u32::MAX.into()),
        };
        let default = match self.is_truth {
            true => (self.default != 0).to_string(),
            false => self.default.to_string(),
        };
        Argument {
            name: self.name,
            values,
            presence: Presence::Default(default),
            meaning: self.comment,
        }
    }
}

impl Setting for bool {
    const IS_TRUTH: bool = true;

    fn number(self) -> u32 {
        u32::from(self)
    }

    fn read(section: &mut Section<'_>, key: &'static str, problems: &mut Problems) -> Option<Self> {
        section.truth(key, problems)
    }
}

impl Setting for u32 {
    const IS_TRUTH: bool = false;

    fn number(self) -> u32 {
        self
    }

    fn read(section: &mut Section<'_>, key: &'static str, problems: &mut Problems) -> Option<Self> {
        let number = section.integer(key, 0, u32::MAX.into(), problems)?;
        u32::try_from(number).ok()
    }
}

/// Declares the parameters of a kind of device as a struct with a default and a table.
macro_rules! parameters {
    ($( $field:ident: $type:ty = $default:literal, $name:literal, $basis:ident, $comment:literal; )+) => {
        /// The chosen values; see [`Parameters::table`] for what each means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct Parameters { $( #[doc = $comment] pub $field: $type ),+ }

        impl Default for Parameters {
            fn default() -> Self {
                Self { $( $field: $default ),+ }
            }
        }

        impl Parameters {
            /// Returns all parameters with their defaults and comments.
            pub fn table() -> Vec<$crate::model::parameter::Parameter> {
                let defaults = Self::default();
                vec![ $( $crate::model::parameter::Parameter {
                    name: $name,
                    default: $crate::model::parameter::Setting::number(defaults.$field),
                    is_truth: <$type as $crate::model::parameter::Setting>::IS_TRUTH,
                    basis: $crate::model::parameter::Basis::$basis,
                    comment: $comment,
                } ),+ ]
            }

            /// Returns the chosen values in the order of [`Parameters::table`], `true` as 1.
            pub fn values(&self) -> Vec<u32> {
                vec![ $( $crate::model::parameter::Setting::number(self.$field) ),+ ]
            }

            /// Reads a `parameters` table.
            pub fn read(
                mut section: eligibility::document::Section<'_>,
                problems: &mut $crate::model::Problems,
            ) -> Self {
                let mut parameters = Self::default();
                $( if let Some(value) =
                    $crate::model::parameter::Setting::read(&mut section, $name, problems)
                {
                    parameters.$field = value;
                } )+
                section.finish(problems);
                parameters
            }

            /// Returns the values that differ from the defaults, as a table of TOML.
            fn changes(self) -> String {
                let table = Self::table();
                let values = self.values();
                let changed: Vec<_> = table
                    .iter()
                    .zip(values)
                    .filter(|(parameter, value)| parameter.default != *value)
                    .map(|(parameter, value)| match parameter.is_truth {
                        true => format!("{} = {}", parameter.name, value != 0),
                        false => format!("{} = {value}", parameter.name),
                    })
                    .collect();
                format!("{{ {} }}", changed.join(", "))
            }
        }

        impl $crate::model::verbs::Written for Parameters {
            fn shown(&self) -> $crate::model::Value {
                $crate::model::Value::Text(self.changes())
            }

            fn toml(&self) -> String {
                self.changes()
            }
        }

        impl $crate::model::verbs::KeyValue for Parameters {
            fn values(_: &$crate::model::verbs::Key<Self>) -> $crate::model::verbs::Values {
                let keys = Self::table().iter().map($crate::model::Parameter::describe).collect();
                $crate::model::verbs::Values::Table(keys)
            }

            fn parse(
                key: &$crate::model::verbs::Key<Self>,
                node: eligibility::document::Node<'_>,
                problems: &mut $crate::model::Problems,
            ) -> Option<Self> {
                node.section(key.name, problems).map(|table| Self::read(table, problems))
            }
        }
    };
}

pub(crate) use parameters;

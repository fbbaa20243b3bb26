//! Choices where the sources are silent: each named, with a default and a reason, and open to
//! every scenario.

use eligibility::closed_enum;

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
                use $crate::model::verbs::{KeyValue, Values, required};
                let defaults = Self::default();
                vec![ $( $crate::model::parameter::Parameter {
                    name: $name,
                    default: u32::from(defaults.$field),
                    is_truth: <$type>::values(&required($name)) == Values::Truth,
                    basis: $crate::model::parameter::Basis::$basis,
                    comment: $comment,
                } ),+ ]
            }

            /// Returns the chosen values in the order of [`Parameters::table`], `true` as 1.
            pub fn values(&self) -> Vec<u32> {
                vec![ $( u32::from(self.$field) ),+ ]
            }

            /// Reads a `parameters` table.
            pub fn read(
                mut section: eligibility::document::Section<'_>,
                problems: &mut $crate::model::Problems,
            ) -> Self {
                use $crate::model::verbs::{KeyValue, required};
                let mut parameters = Self::default();
                $( {
                    let node = section.take($name);
                    let value = node.and_then(|node| {
                        <$type>::parse(&required($name), node, problems)
                    });
                    parameters.$field = value.unwrap_or(parameters.$field);
                } )+
                section.finish(problems);
                parameters
            }

            /// Describes the parameters as keys of a table.
            fn keys() -> Vec<$crate::model::Argument> {
                use $crate::model::verbs::defaulted;
                let defaults = Self::default();
                vec![ $( defaulted($name, defaults.$field).describe($comment) ),+ ]
            }

            /// Returns the values that differ from the defaults, as a table of TOML.
            fn changes(self) -> String {
                let (defaults, mut changed) = (Self::default(), Vec::new());
                $( if self.$field != defaults.$field {
                    changed.push(format!("{} = {}", $name, self.$field));
                } )+
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
                $crate::model::verbs::Values::Table(Self::keys())
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

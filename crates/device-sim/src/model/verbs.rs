//! Verbs of the scenario language, each declared once: the variant of a call, how a step is
//! parsed, how traces and scenario files write it, who acts, and its documentation.
//!
//! [`verbs!`] declares the calls of a model. A field of a call is either the value of one key
//! (`evict_key: bool = optional("evict-key", false)`), whose type is a [`KeyValue`], or a value
//! that several keys make together (`by: Caller`), whose type is a [`KeyGroup`].

use eligibility::document::{Node, Section};

use super::{Secret, Value, Viewer, quote};
use crate::model::Problems;

/// A verb of the scenario language, as documentation shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    /// The value of `do` in a step.
    pub name: &'static str,
    /// The actor.
    pub actor: Viewer,
    /// The action, in a sentence.
    pub meaning: &'static str,
    /// The first version that knows the call, such as `API level 26`; `None` if all do.
    pub since: Option<&'static str>,
    /// The public description of the action, if a vendor has one.
    pub source: Option<&'static str>,
    /// The other keys of such a step.
    pub arguments: Vec<Argument>,
}

/// A key of a step, or of a table in a step, as documentation shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The key.
    pub name: &'static str,
    /// Its values.
    pub values: Values,
    /// The default of a step's key.
    pub presence: Presence,
    /// The meaning of the key, in a sentence.
    pub meaning: &'static str,
}

/// The values that a key of a step takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// `true` or `false`.
    Truth,
    /// A whole number in this range, ends included.
    Integer(i64, i64),
    /// One word of a closed set.
    Words(&'static [&'static str]),
    /// One word of a closed set, or a list of such words.
    WordList(&'static [&'static str]),
    /// A text.
    Text,
    /// A passcode; traces show only its kind and length.
    Passcode,
    /// A passcode, or `false` for none.
    PasscodeOrNull,
    /// A token: its length, its text, or `false` for none.
    Token,
    /// A table with these keys.
    Table(Vec<Argument>),
}

/// The default of a step's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The key must be there.
    Required,
    /// Exactly one of the keys of the step that are marked so must be there.
    OneOf,
    /// The key may be left out.
    Optional,
    /// The key may be left out, which means this value.
    Default(String),
    /// The key may be left out; the value then depends on the device, as the words say.
    Derived(&'static str),
}

/// A value as traces show it and as scenario files write it.
pub(crate) trait Written {
    /// Returns the value for a trace; never a passcode and never the bytes of a token.
    fn shown(&self) -> Value;

    /// Returns the value as TOML that parses to the same value.
    fn toml(&self) -> String;

    /// Returns false if the value is written by leaving its key out.
    fn is_written(&self) -> bool {
        true
    }
}

/// The keys of a call with their values, in the order of the declaration.
pub(crate) type Fields<'a> = Vec<(&'static str, &'a dyn Written)>;

/// The arguments of a step while they are parsed.
pub(crate) struct Step<'s, 'd, S> {
    pub(crate) setup: &'s S,
    pub(crate) section: &'s mut Section<'d>,
    pub(crate) problems: &'s mut Problems,
}

/// A value that one key of a step holds.
pub(crate) trait KeyValue: Clone + PartialEq + Written {
    /// Returns the values that the key takes.
    fn values(key: &Key<Self>) -> Values;

    /// Parses the value; a value of another type is reported.
    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self>;
}

/// A value that several keys of a step make together, or one key in a way of its own.
pub(crate) trait KeyGroup<S>: Sized {
    /// Lists the keys.
    fn describe() -> Vec<Argument>;

    /// Parses the keys; `None` if one is missing or wrong, which is reported.
    fn parse(step: &mut Step<'_, '_, S>) -> Option<Self>;

    /// Adds the keys that are written.
    fn write<'a>(&'a self, fields: &mut Fields<'a>);
}

/// One key of a step: its name, and what its absence means.
pub(crate) struct Key<T> {
    pub(crate) name: &'static str,
    default: Option<T>,
    /// The key is not written while it has its default.
    hides_default: bool,
    range: Option<(i64, i64)>,
}

/// Returns a key that must be there.
pub(crate) const fn required<T>(name: &'static str) -> Key<T> {
    Key { name, default: None, hides_default: false, range: None }
}

/// Returns a key with a default, which traces show even if the step does not have the key.
pub(crate) const fn defaulted<T>(name: &'static str, default: T) -> Key<T> {
    Key { name, default: Some(default), hides_default: false, range: None }
}

/// Returns a key with a default, which traces do not show.
pub(crate) const fn optional<T>(name: &'static str, default: T) -> Key<T> {
    Key { name, default: Some(default), hides_default: true, range: None }
}

impl<T: KeyValue> Key<T> {
    /// Narrows the range of an integer.
    pub(crate) fn within(mut self, low: i64, high: i64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Describes the key.
    pub(crate) fn describe(&self, meaning: &'static str) -> Argument {
        let presence = match &self.default {
            None => Presence::Required,
            Some(default) if default.is_written() => Presence::Default(default.toml()),
            Some(_) => Presence::Optional,
        };
        Argument { name: self.name, values: T::values(self), presence, meaning }
    }

    /// Parses the key of a step.
    pub(crate) fn parse<S>(self, step: &mut Step<'_, '_, S>) -> Option<T> {
        let node = match self.default {
            None => step.section.require(self.name, step.problems),
            Some(_) => step.section.take(self.name),
        };
        node.and_then(|node| T::parse(&self, node, step.problems)).or(self.default)
    }

    /// Adds the key to those that are written.
    pub(crate) fn write<'a>(&self, value: &'a T, fields: &mut Fields<'a>) {
        let hidden = self.hides_default && self.default.as_ref() == Some(value);
        if value.is_written() && !hidden {
            fields.push((self.name, value));
        }
    }
}

impl<T: KeyValue> Written for Option<T> {
    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Word("none"), T::shown)
    }

    fn toml(&self) -> String {
        self.as_ref().map_or_else(String::new, T::toml)
    }

    fn is_written(&self) -> bool {
        self.as_ref().is_some_and(T::is_written)
    }
}

/// An optional key holds what the key would hold, or nothing.
impl<T: KeyValue> KeyValue for Option<T> {
    fn values(key: &Key<Self>) -> Values {
        T::values(&key.of_some())
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        T::parse(&key.of_some(), node, problems).map(Some)
    }
}

impl<T> Key<Option<T>> {
    fn of_some(&self) -> Key<T> {
        Key { name: self.name, default: None, hides_default: false, range: self.range }
    }
}

impl Written for bool {
    fn shown(&self) -> Value {
        Value::Truth(*self)
    }

    fn toml(&self) -> String {
        self.to_string()
    }
}

impl KeyValue for bool {
    fn values(_: &Key<Self>) -> Values {
        Values::Truth
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        node.truth(key.name, problems)
    }
}

macro_rules! integers {
    ($($type:ty),+) => { $(
        impl Written for $type {
            fn shown(&self) -> Value {
                Value::Number((*self).into())
            }

            fn toml(&self) -> String {
                self.to_string()
            }
        }

        impl KeyValue for $type {
            fn values(key: &Key<Self>) -> Values {
                let (low, high) = key.range.unwrap_or((0, <$type>::MAX.into()));
                Values::Integer(low, high)
            }

            fn parse(
                key: &Key<Self>,
                node: Node<'_>,
                problems: &mut Problems,
            ) -> Option<Self> {
                let (low, high) = key.range.unwrap_or((0, <$type>::MAX.into()));
                <$type>::try_from(node.integer(key.name, low, high, problems)?).ok()
            }
        }
    )+ };
}

integers!(u8, u32);

macro_rules! texts {
    ($($type:ty),+) => { $(
        impl Written for $type {
            fn shown(&self) -> Value {
                Value::Text(self.to_string())
            }

            fn toml(&self) -> String {
                quote(self)
            }
        }

        impl KeyValue for $type {
            fn values(_: &Key<Self>) -> Values {
                Values::Text
            }

            fn parse(
                key: &Key<Self>,
                node: Node<'_>,
                problems: &mut Problems,
            ) -> Option<Self> {
                node.text(key.name, problems).map(|text| text.value.into())
            }
        }
    )+ };
}

texts!(String, Box<str>);

impl Written for Secret {
    fn shown(&self) -> Value {
        Value::Text(self.shape())
    }

    fn toml(&self) -> String {
        quote(self.reveal())
    }
}

impl KeyValue for Secret {
    fn values(_: &Key<Self>) -> Values {
        Values::Passcode
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        node.text(key.name, problems).map(|text| Self::new(&text.value))
    }
}

/// Lets keys hold the words of closed sets.
macro_rules! word_keys {
    ($($type:ty),+ $(,)?) => { $(
        impl $crate::model::verbs::Written for $type {
            fn shown(&self) -> $crate::model::Value {
                $crate::model::Value::Word(self.as_str())
            }

            fn toml(&self) -> String {
                $crate::model::quote(self.as_str())
            }
        }

        impl $crate::model::verbs::KeyValue for $type {
            fn values(_: &$crate::model::verbs::Key<Self>) -> $crate::model::verbs::Values {
                $crate::model::verbs::Values::Words(Self::WORDS)
            }

            fn parse(
                key: &$crate::model::verbs::Key<Self>,
                node: eligibility::document::Node<'_>,
                problems: &mut $crate::model::Problems,
            ) -> Option<Self> {
                node.word(key.name, problems)
            }
        }
    )+ };
}

/// One field of a call or of a group of keys: a key if there is one, else a group by its type.
macro_rules! field {
    (describe $setup:ty, $all:ident, $doc:expr, $type:ty, $key:expr) => {{
        let key: $crate::model::verbs::Key<$type> = $key;
        $all.push(key.describe($doc.trim_ascii_start()));
    }};
    (describe $setup:ty, $all:ident, $doc:expr, $type:ty) => {
        $all.extend(<$type as $crate::model::verbs::KeyGroup<$setup>>::describe())
    };
    (parse $step:ident, $type:ty, $key:expr) => {{
        let key: $crate::model::verbs::Key<$type> = $key;
        key.parse(&mut $step)
    }};
    (parse $step:ident, $type:ty) => {
        <$type as $crate::model::verbs::KeyGroup<_>>::parse(&mut $step)
    };
    (write $setup:ty, $fields:ident, $value:expr, $type:ty, $key:expr) => {{
        let key: $crate::model::verbs::Key<$type> = $key;
        key.write($value, &mut $fields);
    }};
    (write $setup:ty, $fields:ident, $value:expr, $type:ty) => {
        <$type as $crate::model::verbs::KeyGroup<$setup>>::write($value, &mut $fields)
    };
}

/// The source of a group of verbs.
macro_rules! source {
    (none) => {
        None
    };
    ($source:literal) => {
        Some($source)
    };
}

/// Declares the calls of a model, by actor; `time` lists those that only time makes.
macro_rules! verbs {
    (
        $(#[$meta:meta])*
        pub enum $call:ident for $setup:ty, versions $versions:literal;

        $( by $actor:ident, source $source:tt {
            $(
                $(#[doc = $doc:literal])+
                $verb:literal $(since $since:literal)? => $variant:ident $({
                    $( $(#[doc = $field_doc:literal])*
                        $field:ident: $type:ty $(= $key:expr)? ),+ $(,)?
                })?
            ),+ $(,)?
        } )+

        time {
            $(
                $(#[doc = $time_doc:literal])+
                $time_actor:ident $time_verb:literal => $time_variant:ident $({
                    $( $(#[doc = $time_field_doc:literal])*
                        $time_field:ident: $time_type:ty = $time_key:expr ),+ $(,)?
                })?
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "a field that is a group of keys is explained by its type")]
        pub enum $call {
            $( $( $(#[doc = $doc])+ $variant $({
                $( $(#[doc = $field_doc])* $field: $type ),+
            })? ),+, )+
            $( $(#[doc = $time_doc])+ $time_variant $({
                $( $(#[doc = $time_field_doc])* $time_field: $time_type ),+
            })? ),*
        }

        impl $call {
            /// The verbs that a step can name; the other calls are the work of time.
            pub const VERBS: &'static [&'static str] = &[ $( $( $verb ),+ ),+ ];

            /// Describes the verbs that a step can name, in the order of [`Self::VERBS`].
            pub fn verbs() -> Vec<$crate::model::verbs::Verb> {
                vec![ $( $( {
                    #[allow(unused_mut, reason = "not every verb has arguments")]
                    let mut arguments = Vec::new();
                    $( $( $crate::model::verbs::field!(
                        describe $setup, arguments, concat!($($field_doc),*), $type $(, $key)?
                    ); )+ )?
                    $crate::model::verbs::Verb {
                        name: $verb,
                        actor: $crate::model::Viewer::$actor,
                        meaning: concat!($($doc),+).trim_ascii_start(),
                        since: {
                            const SINCE: &[&str] =
                                &[ $( concat!($versions, " ", $since) )? ];
                            SINCE.first().copied()
                        },
                        source: $crate::model::verbs::source!($source),
                        arguments,
                    }
                } ),+ ),+ ]
            }

            /// Returns the verb of the call, in scenarios and traces.
            pub const fn verb(&self) -> &'static str {
                match self {
                    $( $( Self::$variant { .. } => $verb, )+ )+
                    $( Self::$time_variant { .. } => $time_verb, )*
                }
            }

            /// Returns the actor.
            pub const fn actor(&self) -> $crate::model::Viewer {
                match self {
                    $( $( Self::$variant { .. } => $crate::model::Viewer::$actor, )+ )+
                    $( Self::$time_variant { .. } => $crate::model::Viewer::$time_actor, )*
                }
            }

            /// Returns the first version that knows the call, with the message of an earlier one.
            pub const fn since(&self) -> Option<(u8, &'static str)> {
                const fn first(
                    all: &[(u8, &'static str)],
                ) -> Option<(u8, &'static str)> {
                    all.first().copied()
                }
                match self {
                    $( $( Self::$variant { .. } => first(&[ $( (
                        $since,
                        concat!("the call came with ", $versions, " ", $since),
                    ) )? ]), )+ )+
                    $( Self::$time_variant { .. } => None, )*
                }
            }

            /// Parses the call of a step; what is wrong with it is reported.
            pub(crate) fn parse(
                setup: &$setup,
                verb: &eligibility::document::Text,
                section: &mut eligibility::document::Section<'_>,
                problems: &mut $crate::model::Problems,
            ) -> Option<Self> {
                let mut step = $crate::model::verbs::Step { setup, section, problems };
                match verb.value.as_str() {
                    $( $( $verb => {
                        // All keys are taken before one that is missing ends the call, so that
                        // every problem of a step is reported at once.
                        $( $( let $field =
                            $crate::model::verbs::field!(parse step, $type $(, $key)?); )+ )?
                        Some(Self::$variant { $( $( $field: $field? ),+ )? })
                    } )+ )+
                    _ => {
                        let problem =
                            eligibility::document::unknown_word("do", verb, Self::VERBS);
                        problem.report(step.problems)
                    }
                }
            }

            fn fields(&self) -> $crate::model::verbs::Fields<'_> {
                let mut fields = $crate::model::verbs::Fields::new();
                match self {
                    $( $( Self::$variant { $( $( $field ),+ )? } => {
                        $( $( $crate::model::verbs::field!(
                            write $setup, fields, $field, $type $(, $key)?
                        ); )+ )?
                    } )+ )+
                    $( Self::$time_variant { $( $( $time_field ),+ )? } => {
                        $( $( $crate::model::verbs::field!(
                            write $setup, fields, $time_field, $time_type, $time_key
                        ); )+ )?
                    } )*
                }
                fields
            }

            /// Returns the arguments as traces show them.
            pub(crate) fn arguments(&self) -> Vec<(&'static str, $crate::model::Value)> {
                self.fields().iter().map(|(key, value)| (*key, value.shown())).collect()
            }

            /// Returns the arguments as keys of a scenario's step.
            pub(crate) fn to_toml(&self) -> String {
                let fields = self.fields();
                fields.iter().map(|(key, value)| format!("{key} = {}\n", value.toml())).collect()
            }
        }
    };
}

/// Declares a struct whose fields are the keys of a [`KeyGroup`].
macro_rules! key_group {
    (
        $(#[$meta:meta])*
        pub struct $name:ident for $setup:ty {
            $( $(#[doc = $doc:literal])+ $field:ident: $type:ty = $key:expr ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        pub struct $name { $( $(#[doc = $doc])+ pub $field: $type ),+ }

        impl $crate::model::verbs::KeyGroup<$setup> for $name {
            fn describe() -> Vec<$crate::model::verbs::Argument> {
                let mut all = Vec::new();
                $( $crate::model::verbs::field!(
                    describe $setup, all, concat!($($doc),+), $type, $key
                ); )+
                all
            }

            fn parse(step: &mut $crate::model::verbs::Step<'_, '_, $setup>) -> Option<Self> {
                $( let $field: Option<$type> = $key.parse(step); )+
                Some(Self { $( $field: $field? ),+ })
            }

            fn write<'a>(&'a self, fields: &mut $crate::model::verbs::Fields<'a>) {
                $( $key.write(&self.$field, fields); )+
            }
        }
    };
}

pub(crate) use {field, key_group, source, verbs, word_keys};

//! JSON documents: each is one type, which is printed and whose schema `relatch schema` prints.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::marker::PhantomData;

use eligibility::closed_enum::ClosedEnum;
use eligibility::facts::Value::Choice;
use eligibility::facts::{Fact, FactName, FactSet, FactValue, Facts};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// Prints a document, with a line end.
pub(crate) fn pretty(document: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(document).expect("plain data has a JSON form");
    text.push('\n');
    text
}

/// The version of the shapes of all documents. Under one version keys are only added.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Version;

impl Version {
    const NUMBER: u32 = 1;
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(Self::NUMBER)
    }
}

impl JsonSchema for Version {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": Self::NUMBER })
    }
}

/// One of the words of a closed enum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<T>(pub(super) T);

impl<T: Display> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<T: ClosedEnum> JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": T::WORDS })
    }
}

/// Returns the names of a set of facts.
pub(crate) fn names(facts: FactSet) -> Vec<Word<FactName>> {
    facts.iter().map(Word).collect()
}

/// An object whose keys are words of a closed enum.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct ByWord<K, V> {
    entries: BTreeMap<String, V>,
    #[serde(skip)]
    key: PhantomData<K>,
}

impl<K: Display, V> FromIterator<(K, V)> for ByWord<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.to_string(), value));
        Self { entries: entries.collect(), key: PhantomData }
    }
}

impl<K: ClosedEnum, V: JsonSchema> JsonSchema for ByWord<K, V> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ByWord".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "propertyNames": { "enum": K::WORDS },
            "additionalProperties": generator.subschema_for::<V>(),
        })
    }
}

/// The known facts of a device: truth values as such, all others as text; a fact that is one of a
/// set as the list of its values.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct KnownFacts(Map<String, Value>);

impl KnownFacts {
    pub(crate) fn of(facts: &Facts) -> Self {
        let known = FactName::ALL.iter().filter_map(|name| {
            let value = |value| match name.text(value).as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                text => Value::String(text.to_owned()),
            };
            let value = match facts.get(*name) {
                Fact::Known(known) => value(known),
                Fact::OneOf(set) => Value::Array(set.iter().map(Choice).map(value).collect()),
                Fact::Unknown => return None,
            };
            Some((name.to_string(), value))
        });
        Self(known.collect())
    }
}

impl JsonSchema for KnownFacts {
    fn schema_name() -> Cow<'static, str> {
        "Facts".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let properties = FactName::ALL.iter().map(|name| {
            let value = match name.choices() {
                choices if choices == bool::CHOICES => json_schema!({ "type": "boolean" }),
                [] => json_schema!({ "type": "string" }),
                choices => json_schema!({ "type": "string", "enum": choices }),
            };
            let set = json_schema!({ "type": "array", "items": value, "minItems": 2 });
            let value = json_schema!({ "anyOf": [value, set] });
            (name.to_string(), value.to_value())
        });
        json_schema!({
            "description": "A device. Facts that are not given are unknown; a list has the values of \
                which one is the true one.",
            "type": "object",
            "properties": properties.collect::<Map<_, _>>(),
            "additionalProperties": false,
        })
    }
}

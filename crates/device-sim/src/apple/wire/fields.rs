//! Taking keys from a property list's dictionary, and putting them there.

use plist::{Dictionary, Value};

/// A message that is none. It names the key and never the value, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes are no property list.
    #[error("the bytes are no property list")]
    NotAPropertyList,
    /// The bytes are no JSON.
    #[error("the bytes are no JSON")]
    NotJson,
    /// The outermost value is no dictionary.
    #[error("the message is no dictionary")]
    NotADictionary,
    /// A key is missing.
    #[error("the key `{0}` is missing")]
    Missing(&'static str),
    /// A key has a value of another type or out of its range.
    #[error("the key `{0}` has a value of another type or out of its range")]
    Wrong(&'static str),
}

/// A dictionary from which a message is read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(&'a Dictionary);

impl<'a> Reader<'a> {
    pub(super) fn new(value: &'a Value) -> Result<Self, WireError> {
        value.as_dictionary().map(Self).ok_or(WireError::NotADictionary)
    }

    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key)
    }

    /// A value that may be absent, but not of another type.
    pub(super) fn optional<T>(
        self,
        key: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, WireError> {
        let Some(value) = self.get(key) else { return Ok(None) };
        read(value).map(Some).ok_or(WireError::Wrong(key))
    }

    pub(super) fn required<T>(
        self,
        key: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<T, WireError> {
        self.optional(key, read)?.ok_or(WireError::Missing(key))
    }

    pub(super) fn text(self, key: &'static str) -> Result<String, WireError> {
        self.required(key, |value| value.as_string().map(str::to_owned))
    }

    pub(super) fn optional_text(self, key: &'static str) -> Result<Option<String>, WireError> {
        self.optional(key, |value| value.as_string().map(str::to_owned))
    }

    pub(super) fn optional_truth(self, key: &'static str) -> Result<Option<bool>, WireError> {
        self.optional(key, Value::as_boolean)
    }

    pub(super) fn optional_number(self, key: &'static str) -> Result<Option<u32>, WireError> {
        self.optional(key, |value| u32::try_from(value.as_unsigned_integer()?).ok())
    }

    /// A code of an error, which may be negative.
    pub(super) fn code(self, key: &'static str) -> Result<i64, WireError> {
        self.required(key, Value::as_signed_integer)
    }

    pub(super) fn data(self, key: &'static str) -> Result<&'a [u8], WireError> {
        self.required(key, Value::as_data)
    }

    /// Returns a list of texts; empty if the key is absent.
    pub(super) fn texts(self, key: &'static str) -> Result<Vec<String>, WireError> {
        let text = |value: &Value| value.as_string().map(str::to_owned);
        let texts = self.optional(key, |value| value.as_array()?.iter().map(text).collect())?;
        Ok(texts.unwrap_or_default())
    }

    /// Returns a list of dictionaries; empty if the key is absent.
    pub(super) fn sections(self, key: &'static str) -> Result<Vec<Self>, WireError> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or(WireError::Wrong(key))?;
        items.iter().map(|item| Self::new(item).map_err(|_| WireError::Wrong(key))).collect()
    }

    pub(super) fn optional_section(self, key: &'static str) -> Result<Option<Self>, WireError> {
        self.optional(key, |value| value.as_dictionary().map(Self))
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.0.iter()
    }
}

/// A dictionary to which a message is written.
#[derive(Default)]
pub(super) struct Writer(Dictionary);

impl Writer {
    pub(super) fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    pub(super) fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    pub(super) fn put_data(&mut self, key: &str, bytes: &[u8]) {
        self.put(key, Value::Data(bytes.to_vec()));
    }

    pub(super) fn put_texts(&mut self, key: &str, texts: &[String]) {
        let items = texts.iter().map(|text| Value::String(text.clone())).collect();
        self.put(key, Value::Array(items));
    }

    pub(super) fn finish(self) -> Value {
        Value::Dictionary(self.0)
    }
}

/// Returns a simulated value as one of a property list; words and texts are strings.
pub(super) fn to_plist(value: &crate::model::Value) -> Value {
    use crate::model::Value as Ours;
    match value {
        Ours::Truth(truth) => Value::Boolean(*truth),
        Ours::Number(number) => Value::Integer((*number).into()),
        Ours::Word(word) => Value::String((*word).to_owned()),
        Ours::Text(text) => Value::String(text.clone()),
    }
}

/// Returns a truth value or a whole number of a property list as a simulated value.
pub(super) fn from_plist(value: &Value) -> crate::model::Value {
    use crate::model::Value as Ours;
    match value {
        Value::Boolean(truth) => Ours::Truth(*truth),
        Value::Integer(number) => number.as_signed().map_or(Ours::Word("number"), Ours::Number),
        _ => Ours::Word("other"),
    }
}

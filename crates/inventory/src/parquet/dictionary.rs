//! The different texts of a column, each with a number.

use std::collections::HashMap;

use super::column_type::ColumnType;
use super::values::Value;
use crate::source::intune;

/// The number of the blank text.
pub(super) const BLANK: u16 = 0;

/// The number of texts that a column numbers before it forgets them and begins anew.
const MOST: usize = 1 << 15;

/// The number of bytes that they may have together.
const MOST_BYTES: usize = 16 << 20;

/// The texts of a column that one thread knows.
///
/// Models are many, so only the distinctions that a fact needs are kept.
#[derive(Debug)]
pub(super) struct Dictionary {
    models: bool,
    texts: Vec<Box<[u8]>>,
    /// For each text whether it is understood, as far as that was asked.
    understood: Vec<bool>,
    bytes: usize,
    by_text: HashMap<Box<[u8]>, u16>,
    by_number: HashMap<i64, u16>,
    epoch: u64,
}

impl Dictionary {
    pub(super) fn new(models: bool) -> Self {
        let mut dictionary = Self {
            models,
            texts: Vec::new(),
            understood: Vec::new(),
            bytes: 0,
            by_text: HashMap::new(),
            by_number: HashMap::new(),
            epoch: 0,
        };
        dictionary.reset();
        dictionary
    }

    /// Changes whenever numbers get a new meaning.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the number of texts.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns the text of a key.
    pub(super) fn text(&self, key: u16) -> &[u8] {
        &self.texts[usize::from(key)]
    }

    /// Returns for each text, by its key, true if it is understood; `None` if all are. Calls
    /// `understood` once for each new text.
    pub(super) fn odd(&mut self, understood: impl Fn(&[u8]) -> bool) -> Option<&[bool]> {
        let new = &self.texts[self.understood.len()..];
        self.understood.extend(new.iter().map(|text| understood(text)));
        self.understood.contains(&false).then_some(&self.understood)
    }

    /// Returns true if the dictionary is full and must be reset before the next rows.
    pub(super) fn is_full(&self) -> bool {
        self.texts.len() >= MOST || self.bytes >= MOST_BYTES
    }

    /// Forgets all texts but the blank one.
    pub(super) fn reset(&mut self) {
        self.texts = vec![Box::default()];
        self.understood.clear();
        self.by_text.clear();
        self.by_text.insert(Box::default(), BLANK);
        self.by_number.clear();
        self.bytes = 0;
        self.epoch += 1;
    }

    /// Returns the number of a value.
    pub(super) fn of(&mut self, column_type: ColumnType, value: Value<'_>) -> u16 {
        match value {
            Value::Text(text) if self.models => self.of_text(model(text)),
            Value::Text(text) => self.of_text(text),
            Value::Number(number) => {
                if let Some(key) = self.by_number.get(&number) {
                    return *key;
                }
                let key = self.of_text(column_type.say(number).as_bytes());
                self.by_number.insert(number, key);
                key
            }
        }
    }

    fn of_text(&mut self, text: &[u8]) -> u16 {
        if let Some(key) = self.by_text.get(text) {
            return *key;
        }
        let key = u16::try_from(self.texts.len()).expect("full texts are forgotten in time");
        self.texts.push(text.into());
        self.by_text.insert(text.into(), key);
        self.bytes += text.len();
        key
    }
}

/// Returns a text that says of a model what this one says.
fn model(text: &[u8]) -> &[u8] {
    if intune::is_ipad(text) { b"iPad" } else { b"" }
}

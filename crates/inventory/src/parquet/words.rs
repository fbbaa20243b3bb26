//! The different texts of a column, each with a number.

use std::collections::HashMap;

use super::kind::Kind;
use super::values::Value;
use crate::reader::facts;

/// The number of the blank text.
pub(super) const BLANK: u16 = 0;

/// How many words a column numbers before it forgets them and begins anew.
const MOST: usize = 1 << 15;

/// How many bytes they may have together.
const MOST_BYTES: usize = 16 << 20;

/// What one thread knows of the texts of a column.
///
/// Of models, of which there are many, only so much is told apart as is ever asked.
#[derive(Debug)]
pub(super) struct Words {
    models: bool,
    texts: Vec<Box<[u8]>>,
    bytes: usize,
    by_text: HashMap<Box<[u8]>, u16>,
    by_number: HashMap<i64, u16>,
    generation: u64,
}

impl Words {
    pub(super) fn new(models: bool) -> Self {
        let mut words = Self {
            models,
            texts: Vec::new(),
            bytes: 0,
            by_text: HashMap::new(),
            by_number: HashMap::new(),
            generation: 0,
        };
        words.forget();
        words
    }

    /// Changes whenever numbers get a new meaning.
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text of a word.
    pub(super) fn text(&self, word: u16) -> &[u8] {
        &self.texts[usize::from(word)]
    }

    /// Whether so many words were numbered that they must be forgotten before the next rows.
    pub(super) fn is_full(&self) -> bool {
        self.texts.len() >= MOST || self.bytes >= MOST_BYTES
    }

    /// Forgets all words but the blank one.
    pub(super) fn forget(&mut self) {
        self.texts = vec![Box::default()];
        self.by_text.clear();
        self.by_text.insert(Box::default(), BLANK);
        self.by_number.clear();
        self.bytes = 0;
        self.generation += 1;
    }

    /// The number of a value.
    pub(super) fn of(&mut self, kind: Kind, value: Value<'_>) -> u16 {
        match value {
            Value::Text(text) if self.models => self.of_text(model(text)),
            Value::Text(text) => self.of_text(text),
            Value::Number(number) => {
                if let Some(word) = self.by_number.get(&number) {
                    return *word;
                }
                let word = self.of_text(kind.say(number).as_bytes());
                self.by_number.insert(number, word);
                word
            }
        }
    }

    fn of_text(&mut self, text: &[u8]) -> u16 {
        if let Some(word) = self.by_text.get(text) {
            return *word;
        }
        let word = u16::try_from(self.texts.len()).expect("full words are forgotten in time");
        self.texts.push(text.into());
        self.by_text.insert(text.into(), word);
        self.bytes += text.len();
        word
    }
}

/// A text that says of a model what this one says.
fn model(text: &[u8]) -> &[u8] {
    match str::from_utf8(text) {
        Ok(model) if facts::is_ipad(model.trim()) => b"iPad",
        Ok(_) => b"",
        Err(_) => text,
    }
}

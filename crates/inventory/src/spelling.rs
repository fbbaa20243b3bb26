//! The spellings of values in exports, as tables: one file per family of columns.
//!
//! Texts are compared without case, spaces and punctuation: exports write
//! `Android (Fully Managed)` and `Android (fully managed)`, `WipePending` and `Wipe pending`.

pub(crate) mod agent;
pub(crate) mod date;
pub(crate) mod enrollment;
pub(crate) mod header;
pub(crate) mod join;
pub(crate) mod os;
pub(crate) mod ownership;
pub(crate) mod serial;
pub(crate) mod state;
pub(crate) mod truth;
pub(crate) mod unlock;
pub(crate) mod version;

use eligibility::facts::Fact;
use eligibility::nearest::nearest;

/// The longest spelling in letters and digits; the longest in the tables has 52.
const LONGEST: usize = 64;

/// A text without case, spaces and punctuation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Folded {
    length: u8,
    bytes: [u8; LONGEST],
}

impl Folded {
    /// Folds a text; `None` when it is longer than any spelling.
    pub(crate) const fn of(text: &str) -> Option<Self> {
        let source = text.as_bytes();
        let mut bytes = [0; LONGEST];
        let mut length: u8 = 0;
        let mut index = 0;
        while index < source.len() {
            let byte = source[index];
            // Control characters and bytes beyond ASCII stay, so that no damaged or foreign word
            // folds to one of ours.
            if !byte.is_ascii_punctuation() && byte != b' ' {
                if length as usize == LONGEST {
                    return None;
                }
                bytes[length as usize] = byte.to_ascii_lowercase();
                length += 1;
            }
            index += 1;
        }
        Some(Self { length, bytes })
    }
}

impl Folded {
    /// The letters and digits.
    fn letters(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// One text of a table and what it means.
pub(crate) struct Spelling<T> {
    pub(crate) text: &'static str,
    key: Folded,
    value: T,
}

/// A line of a table.
pub(crate) const fn spelling<T: Copy>(text: &'static str, value: T) -> Spelling<T> {
    match Folded::of(text) {
        Some(key) => Spelling { text, key, value },
        None => panic!("a spelling of a table is longer than LONGEST"),
    }
}

/// A family of values: its table and what messages say of it.
pub(crate) struct Lexicon<T: 'static> {
    /// What stands in such a cell, for "expected …".
    pub(crate) expected: &'static str,
    /// The spellings, the portal's own first.
    pub(crate) spellings: &'static [Spelling<T>],
}

/// What a cell should have held.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotUnderstood {
    pub(crate) expected: &'static str,
    pub(crate) guess: Option<&'static str>,
}

/// Texts that say "no one knows". `Unknown` is what exports write, `unknownFutureValue` is what
/// Graph writes for enum members that a client has not asked for
/// (<https://learn.microsoft.com/en-us/graph/best-practices-concept>); the others are what people
/// type into such tables.
const UNKNOWN: &[Spelling<()>] = &[
    spelling("Unknown", ()),
    spelling("unknownFutureValue", ()),
    spelling("Not available", ()),
    spelling("Not applicable", ()),
    spelling("N/A", ()),
];

/// Whether a text says that nothing is known: blank, or a word for it.
pub(crate) fn says_unknown(text: &str) -> bool {
    text.is_empty() || Folded::of(text).is_some_and(|key| find(UNKNOWN, key).is_some())
}

/// Returns true if a device id stands for none: nothing but zeros and punctuation, such as the GUID
/// of zeros.
pub(crate) fn is_placeholder_id(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'0' || byte.is_ascii_punctuation())
}

fn find<T: Copy>(table: &[Spelling<T>], key: Folded) -> Option<T> {
    table.iter().find(|spelling| spelling.key == key).map(|spelling| spelling.value)
}

impl<T: Copy> Lexicon<T> {
    /// The value that a text spells, if it is in the table.
    pub(crate) fn value(&self, text: &str) -> Option<T> {
        Folded::of(text).and_then(|key| find(self.spellings, key))
    }

    /// Reads a trimmed cell: blank and words for "unknown" are unknown, never a value.
    pub(crate) fn read(&self, text: &str) -> Result<Fact<T>, NotUnderstood> {
        if text.is_empty() {
            return Ok(Fact::Unknown);
        }
        match self.value(text) {
            Some(value) => Ok(Fact::Known(value)),
            None if says_unknown(text) => Ok(Fact::Unknown),
            None => Err(NotUnderstood { expected: self.expected, guess: self.guess(text) }),
        }
    }

    /// The spelling that was most likely meant. Long texts are no slips of a spelling, and
    /// comparing them would take long.
    fn guess(&self, text: &str) -> Option<&'static str> {
        let texts = self.spellings.iter().map(|spelling| spelling.text);
        // A number that is in no table was hardly meant to be another number.
        let slip = text.len() <= LONGEST && !text.bytes().all(|byte| byte.is_ascii_digit());
        let guess = slip.then(|| nearest(text, texts)).flatten();
        // `Windows 11` is not a slip for `Windows RT`: digits are seldom mistyped.
        guess.filter(|guess| digits(guess).eq(digits(text)))
    }
}

fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRUIT: Lexicon<u8> = Lexicon {
        expected: "a fruit",
        spellings: &[spelling("Red apple", 1), spelling("pear (ripe/unripe)", 2)],
    };

    #[test]
    fn case_spaces_and_punctuation_do_not_matter_and_letters_do() {
        for text in ["Red apple", "RED-APPLE", "redApple", "red_apple"] {
            assert_eq!(FRUIT.read(text), Ok(Fact::Known(1)), "{text}");
        }
        assert_eq!(FRUIT.read("Pear(ripe / unripe)"), Ok(Fact::Known(2)));
        for text in ["réd apple", "red\0apple", "red\tapple", "redapples"] {
            assert!(FRUIT.read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn blank_and_words_for_it_are_unknown() {
        for text in ["", "Unknown", "unknown", "unknownFutureValue", "N/A"] {
            assert_eq!(FRUIT.read(text), Ok(Fact::Unknown), "{text}");
        }
    }

    #[test]
    fn a_slip_gets_a_guess_and_a_long_text_none() {
        let guess = |text: &str| FRUIT.read(text).expect_err("it is no fruit").guess;
        assert_eq!(guess("rde apple"), Some("Red apple"));
        assert_eq!(guess("17"), None);
        assert_eq!(guess(&"red apple ".repeat(1000)), None);
    }
}

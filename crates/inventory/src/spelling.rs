//! The spellings of values in exports, as tables: one file per family of columns.
//!
//! Texts are compared without case, spaces and punctuation: exports write
//! `Android (Fully Managed)` and `Android (fully managed)`, `WipePending` and `Wipe pending`.

pub(crate) mod agent;
pub(crate) mod date;
pub(crate) mod enrollment;
pub(crate) mod join;
pub(crate) mod os;
pub(crate) mod ownership;
mod plain;
pub(crate) mod serial;
pub(crate) mod state;
pub(crate) mod truth;
pub(crate) mod version;

use eligibility::facts::Fact;
use eligibility::nearest::nearest;

pub(crate) use plain::{plain, unfloated, unwrapped};

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
            if counts(byte) {
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

/// Returns true for the bytes that a folded text keeps. Control characters and bytes beyond ASCII
/// are among them, so that no damaged or foreign word folds to one of ours.
const fn counts(byte: u8) -> bool {
    !byte.is_ascii_punctuation() && byte != b' '
}

impl Folded {
    /// Returns true if a text folds to this one.
    pub(crate) fn is(&self, text: &str) -> bool {
        let first = text.as_bytes().first().copied().unwrap_or_default();
        // Nearly all texts already differ in their first letter.
        let differs = first.is_ascii_alphabetic() && first.to_ascii_lowercase() != self.bytes[0];
        !differs && folded(text).eq(self.letters().iter().copied())
    }

    /// Returns the letters and digits.
    fn letters(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// Returns true if two names of columns are the same but for case, spaces and punctuation.
///
/// ```
/// assert!(inventory::is_same_name("Last check-in", "lastCheckIn"));
/// assert!(!inventory::is_same_name("User", "Users"));
/// ```
pub fn is_same_name(one: &str, other: &str) -> bool {
    // A name of nothing but punctuation is no other's.
    is_spelled(one, other) && (one == other || folded(one).next().is_some())
}

/// Returns what is equal of two names of columns if they are the [same](is_same_name).
pub(crate) fn name_key(name: &str) -> Vec<u8> {
    let key: Vec<u8> = folded(name).collect();
    if key.is_empty() { name.into() } else { key }
}

/// Returns true if two texts fold to the same.
pub(crate) fn is_spelled(text: &str, word: &str) -> bool {
    folded(text).eq(folded(word))
}

/// Returns the bytes of a text without case, spaces and punctuation.
fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(|byte| counts(*byte)).map(|byte| byte.to_ascii_lowercase())
}

/// One text of a table and what it means.
pub(crate) struct Spelling<T> {
    pub(crate) text: &'static str,
    key: Folded,
    value: T,
}

/// Returns a line of a table.
pub(crate) const fn spelling<T: Copy>(text: &'static str, value: T) -> Spelling<T> {
    match Folded::of(text) {
        Some(key) => Spelling { text, key, value },
        None => panic!("a spelling of a table is longer than LONGEST"),
    }
}

/// A family of values: its table and what messages say of it.
pub(crate) struct Lexicon<T: 'static> {
    /// The description of such a cell, for "expected …".
    pub(crate) expected: &'static str,
    /// The spellings, the portal's own first.
    pub(crate) spellings: &'static [Spelling<T>],
}

/// Texts for an unknown value. `Unknown` is what exports write, `unknownFutureValue` is what
/// Graph writes for enum members that a client has not asked for
/// (<https://learn.microsoft.com/en-us/graph/best-practices-concept>); the others are what people
/// type into such tables, and what programs write for a cell without a value.
const UNKNOWN: &[Spelling<()>] = &[
    spelling("Unknown", ()),
    spelling("unknownFutureValue", ()),
    spelling("Not available", ()),
    spelling("Not applicable", ()),
    spelling("N/A", ()),
    spelling("Not reported", ()),
    // The texts that databases, data frames and programs write into a CSV.
    spelling("NULL", ()),
    spelling("NaN", ()),
    spelling("None", ()),
    spelling("undefined", ()),
    spelling("NaT", ()),
    spelling("Redacted", ()),
    spelling("TBD", ()),
    // The label of blank cells in pivot tables of Excel, and in Power BI.
    spelling("(blank)", ()),
    spelling("(Leer)", ()),
    spelling("(vide)", ()),
    spelling("(en blanco)", ()),
    spelling("(vuoto)", ()),
    spelling("(leeg)", ()),
];

/// The text that `MySQL`, `PostgreSQL`, Hive and Athena write for NULL into a file: the default of
/// `SELECT … INTO OUTFILE` (<https://dev.mysql.com/doc/refman/8.4/en/load-data.html>) and of `COPY`
/// (<https://www.postgresql.org/docs/current/sql-copy.html>).
const NULL: &str = r"\N";

/// Returns true if a text says that nothing is known: blank, hyphens, or a word for it.
pub(crate) fn says_unknown(text: &str) -> bool {
    let blank = text.bytes().all(|byte| byte == b'-');
    blank || text == NULL || spelled(UNKNOWN, text).is_some()
}

/// Returns the line of a table that a text spells. Most lines differ in the first letter, so that
/// is compared first, for all of them.
fn spelled<'t, T>(table: &'t [Spelling<T>], text: &str) -> Option<&'t Spelling<T>> {
    let first = folded(text).next();
    let mut begin_alike =
        table.iter().filter(|spelling| spelling.key.letters().first().copied() == first);
    begin_alike.find(|spelling| spelling.key.is(text))
}

/// Returns true if a device id is a placeholder for none: nothing but zeros, or nothing but the
/// letter `x`, and punctuation, such as the GUID of zeros or one that was made unreadable.
pub(crate) fn is_placeholder_id(text: &str) -> bool {
    let only = |letter: u8| {
        text.bytes().all(|byte| byte.eq_ignore_ascii_case(&letter) || byte.is_ascii_punctuation())
    };
    only(b'0') || only(b'x')
}

fn find<T: Copy>(table: &[Spelling<T>], key: Folded) -> Option<T> {
    table.iter().find(|spelling| spelling.key == key).map(|spelling| spelling.value)
}

impl<T: Copy> Lexicon<T> {
    /// Returns the value that a text spells, if it is in the table.
    pub(crate) fn value(&self, text: &str) -> Option<T> {
        spelled(self.spellings, text).map(|spelling| spelling.value)
    }

    /// Reads a trimmed cell: blank and words for "unknown" are unknown, never a value; `None` if
    /// the text is not understood.
    pub(crate) fn read(&self, text: &str) -> Option<Fact<T>> {
        // Without its punctuation, a NULL would be the `N` of truth values.
        if text.is_empty() || text == NULL {
            return Some(Fact::Unknown);
        }
        match self.value(text) {
            Some(value) => Some(Fact::Known(value)),
            None => says_unknown(text).then_some(Fact::Unknown),
        }
    }

    /// Returns the spelling that was most likely meant. Comparing takes long, so it is done only
    /// for texts that are shown; a long text is no slip of a spelling.
    pub(crate) fn guess(&self, text: &str) -> Option<&'static str> {
        let texts = self.spellings.iter().map(|spelling| spelling.text);
        // A number that is in no table was hardly meant to be another number.
        let slip = text.len() <= LONGEST && !text.bytes().all(|byte| byte.is_ascii_digit());
        let candidates = texts.filter(|candidate| is_slip(text, candidate));
        slip.then(|| nearest(text, candidates)).flatten()
    }
}

/// Returns true if a text may be a slip for a candidate: it has the same digits, and as many words,
/// each of which begins with the same letter and differs in a third of its letters at most.
///
/// `Windows 11` is no slip for `Windows RT`, and `AOSP (userless)` none for `AOSP (user-based)`.
pub(crate) fn is_slip(text: &str, candidate: &str) -> bool {
    let similar = |(one, other): (&str, &str)| {
        let first = |word: &str| word.chars().next().map(|first| first.to_ascii_lowercase());
        let length = |word: &str| word.chars().count();
        // A text that is only begun is no slip: `user` may go on as any of two words.
        let begun = 3 * length(one).abs_diff(length(other)) > length(one).max(length(other));
        first(one) == first(other) && !begun && nearest(one, [other]).is_some()
    };
    let same = is_spelled(text, candidate);
    let counts = [text, candidate].map(|text| words(text).count());
    same || digits(text).eq(digits(candidate))
        && counts[0] == counts[1]
        && words(text).zip(words(candidate)).all(similar)
}

fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
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
            assert_eq!(FRUIT.read(text), Some(Fact::Known(1)), "{text}");
        }
        assert_eq!(FRUIT.read("Pear(ripe / unripe)"), Some(Fact::Known(2)));
        for text in ["réd apple", "red\0apple", "red\tapple", "redapples"] {
            assert!(FRUIT.read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn blank_and_words_for_it_are_unknown() {
        for text in
            ["", "Unknown", "unknown", "unknownFutureValue", "N/A", "None", "--", r"\N", "(blank)"]
        {
            assert_eq!(FRUIT.read(text), Some(Fact::Unknown), "{text}");
        }
    }

    #[test]
    fn a_slip_gets_a_guess_and_a_long_text_none() {
        let guess = |text: &str| FRUIT.guess(text);
        assert_eq!(guess("rde apple"), Some("Red apple"));
        assert_eq!(guess("17"), None);
        assert_eq!(guess(&"red apple ".repeat(1000)), None);
    }
}

//! Finds the end of a JSON object, and checks that its braces, brackets, colons and commas are in
//! place.
//!
//! The values themselves are looked at later, when the whole object is there.

use crate::error::shortened;

/// The number of arrays and objects that may be nested inside each other.
const DEPTH: usize = 64;

/// The tokens that may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    KeyOrEnd,
    Key,
    Colon,
    Value,
    ValueOrEnd,
    CommaOrEnd,
}

/// The token that the next byte is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    /// A string; whether it is a key, and whether the byte before was a backslash.
    Text {
        key: bool,
        escaped: bool,
    },
    /// A number, `true`, `false` or `null`.
    Word,
}

/// A byte that is out of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) byte: u8,
    expected: &'static str,
}

impl Wrong {
    pub(super) const fn new(byte: u8, expected: &'static str) -> Self {
        Self { byte, expected }
    }

    /// Returns the byte, for a message.
    pub(super) fn found(self) -> String {
        format!("`{}`", shortened(&[self.byte]))
    }

    /// Returns what was expected there.
    pub(super) fn expected(self) -> &'static str {
        self.expected
    }
}

/// The role of a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A byte inside the object.
    Inside,
    /// The first byte of the value of a property of the object itself.
    ValueBegins,
    /// The last quote of a key of the object itself.
    KeyEnds,
    /// The last byte of the object.
    End,
}

/// A walk through one object, from the byte after its opening brace.
#[derive(Debug)]
pub(super) struct Scan {
    /// For each open object or array, whether it is an object.
    open: Vec<bool>,
    expect: Expect,
    inside: Inside,
}

impl Scan {
    /// Returns a walk that begins after an opening brace.
    pub(super) fn new() -> Self {
        Self { open: vec![true], expect: Expect::KeyOrEnd, inside: Inside::Nothing }
    }

    /// Returns a walk through the rest of an object, after the value of one of its properties.
    pub(super) fn after_value() -> Self {
        Self { expect: Expect::CommaOrEnd, ..Self::new() }
    }

    /// Returns a walk through an entry of an array.
    pub(super) fn entry() -> Self {
        Self { open: vec![false], expect: Expect::Value, inside: Inside::Nothing }
    }

    /// Returns true if the last byte ended an entry of an array.
    pub(super) fn is_behind_value(&self) -> bool {
        self.open.len() == 1 && self.expect == Expect::CommaOrEnd && self.inside == Inside::Nothing
    }

    /// Returns true inside a number, `true`, `false` or `null`.
    pub(super) fn in_word(&self) -> bool {
        self.inside == Inside::Word
    }

    /// Returns true if the bytes up to the next quote or backslash need not be looked at.
    pub(super) fn in_plain_text(&self) -> bool {
        matches!(self.inside, Inside::Text { escaped: false, .. })
    }

    /// Takes the next byte.
    pub(super) fn step(&mut self, byte: u8) -> Result<Step, Wrong> {
        match self.inside {
            Inside::Text { key, escaped } => return Ok(self.in_text(byte, key, escaped)),
            Inside::Word if !matches!(byte, b',' | b'}' | b']') && !byte.is_ascii_whitespace() => {
                let word = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
                return if word { Ok(Step::Inside) } else { Err(self.wrong(byte)) };
            }
            Inside::Word => self.inside = Inside::Nothing,
            Inside::Nothing => {}
        }
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            return Ok(Step::Inside);
        }
        let own = self.open.len() == 1;
        match (self.expect, byte) {
            (Expect::KeyOrEnd | Expect::Key, b'"') => {
                self.inside = Inside::Text { key: true, escaped: false };
                self.expect = Expect::Colon;
            }
            (Expect::Colon, b':') => self.expect = Expect::Value,
            (Expect::KeyOrEnd | Expect::CommaOrEnd, b'}') if self.in_object() => {
                return Ok(self.close());
            }
            (Expect::ValueOrEnd | Expect::CommaOrEnd, b']') if !self.in_object() => {
                return Ok(self.close());
            }
            (Expect::CommaOrEnd, b',') => {
                self.expect = if self.in_object() { Expect::Key } else { Expect::Value };
            }
            (Expect::Value | Expect::ValueOrEnd, byte) => {
                self.begin_value(byte)?;
                return Ok(if own { Step::ValueBegins } else { Step::Inside });
            }
            _ => return Err(self.wrong(byte)),
        }
        Ok(Step::Inside)
    }

    fn in_text(&mut self, byte: u8, key: bool, escaped: bool) -> Step {
        let escaping = byte == b'\\' && !escaped;
        if byte == b'"' && !escaped {
            self.inside = Inside::Nothing;
            let own_key = key && self.open.len() == 1;
            return if own_key { Step::KeyEnds } else { Step::Inside };
        }
        self.inside = Inside::Text { key, escaped: escaping };
        Step::Inside
    }

    fn begin_value(&mut self, byte: u8) -> Result<(), Wrong> {
        let nested = matches!(byte, b'{' | b'[');
        if nested && self.open.len() == DEPTH {
            return Err(Wrong::new(byte, "fewer objects inside each other"));
        }
        self.expect = match byte {
            b'{' => Expect::KeyOrEnd,
            b'[' => Expect::ValueOrEnd,
            _ => Expect::CommaOrEnd,
        };
        match byte {
            b'{' | b'[' => self.open.push(byte == b'{'),
            b'"' => self.inside = Inside::Text { key: false, escaped: false },
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => self.inside = Inside::Word,
            _ => {
                self.expect = Expect::Value;
                return Err(self.wrong(byte));
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Step {
        self.open.pop();
        self.expect = Expect::CommaOrEnd;
        if self.open.is_empty() { Step::End } else { Step::Inside }
    }

    fn in_object(&self) -> bool {
        self.open.last().copied().unwrap_or_default()
    }

    fn wrong(&self, byte: u8) -> Wrong {
        let expected = match (self.expect, self.in_object()) {
            (Expect::KeyOrEnd, _) => "a property's name in quotes or `}`",
            (Expect::Key, _) => "a property's name in quotes",
            (Expect::Colon, _) => "a colon",
            (Expect::Value | Expect::ValueOrEnd, _) => "a value",
            (Expect::CommaOrEnd, true) => "`,` or `}`",
            (Expect::CommaOrEnd, false) => "`,` or `]`",
        };
        Wrong::new(byte, expected)
    }
}

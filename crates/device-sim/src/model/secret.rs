//! Passcodes and token bytes: values that never appear in a trace, a message or a panic.

use std::fmt;

/// A passcode or pattern as typed. Its `Debug` form shows the kind of text and the length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<str>);

impl Secret {
    /// Returns a secret with this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text itself; for comparing and for writing scenario files, never for showing.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns true if there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if it consists of digits, and of at least one.
    pub(crate) fn is_digits(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Returns its description for traces: `empty`, `4-digits`, `9-characters`.
    pub(crate) fn shape(&self) -> String {
        match self.0.chars().count() {
            0 => "empty".to_owned(),
            count if self.is_digits() => format!("{count}-digits"),
            count => format!("{count}-characters"),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.shape())
    }
}

/// The bytes of a token that resets or clears a passcode. Its `Debug` form shows the length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenBytes(Box<[u8]>);

impl TokenBytes {
    /// Returns a token with these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Returns a token of a length whose bytes do not matter.
    pub(crate) fn of_length(length: usize) -> Self {
        Self(vec![b'.'; length].into())
    }

    /// Returns the number of bytes.
    pub(crate) fn length(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl Default for TokenBytes {
    /// Returns the token that a scenario means when it names none: 32 bytes.
    fn default() -> Self {
        Self::of_length(32)
    }
}

impl fmt::Debug for TokenBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenBytes({} bytes)", self.length())
    }
}

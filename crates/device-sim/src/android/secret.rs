//! Passcodes and token bytes: values that never appear in a trace, a message or a panic.

use std::fmt;

use crate::words::words;

/// A passcode or pattern as typed. Its `Debug` form tells the kind of text and the length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<str>);

impl Secret {
    /// A secret with this text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself; for comparing and for writing scenario files, never for showing.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it consists of digits, and of at least one.
    pub fn is_digits(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// What a trace may say of it: `empty`, `4-digits`, `9-characters`.
    pub fn shape(&self) -> String {
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

/// The bytes of a reset password token. Its `Debug` form tells the length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenBytes(Box<[u8]>);

impl TokenBytes {
    /// A token with these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// A token of a length whose bytes do not matter.
    pub fn of_length(length: usize) -> Self {
        Self(vec![b'.'; length].into())
    }

    /// How many bytes.
    pub fn length(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl Default for TokenBytes {
    /// The token that a scenario means when it names none: 32 bytes.
    fn default() -> Self {
        Self::of_length(32)
    }
}

impl fmt::Debug for TokenBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenBytes({} bytes)", self.length())
    }
}

words! {
    /// How a user is locked; in the order in which the platform calls one weaker than another.
    pub enum LockKind {
        /// Not at all.
        None = "none",
        /// A work profile that has no lock of its own and opens with the device's.
        Tied = "tied",
        /// A pattern of dots.
        Pattern = "pattern",
        /// Digits.
        Pin = "pin",
        /// Any characters.
        Password = "password",
    }
}

/// A screen lock with its secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lock {
    /// Of which kind; its secret is empty exactly for `None` and `Tied`.
    kind: LockKind,
    secret: Secret,
}

impl Lock {
    /// No lock.
    pub fn none() -> Self {
        Self { kind: LockKind::None, secret: Secret::new("") }
    }

    /// A random secret that only the system knows, encrypted under the device's lock.
    pub fn tied() -> Self {
        Self { kind: LockKind::Tied, secret: Secret::new("") }
    }

    /// A lock of this kind; no lock if the secret is empty.
    pub fn new(kind: LockKind, secret: Secret) -> Self {
        if secret.is_empty() { Self::none() } else { Self { kind, secret } }
    }

    /// The lock that a person sets who types this: digits are a PIN, `pattern:…` is a pattern.
    pub fn from_text(text: &str) -> Self {
        if let Some(dots) = text.strip_prefix("pattern:") {
            return Self::new(LockKind::Pattern, Secret::new(dots));
        }
        let secret = Secret::new(text);
        let kind = if secret.is_digits() { LockKind::Pin } else { LockKind::Password };
        Self::new(kind, secret)
    }

    /// The text that [`Lock::from_text`] reads, if the kind is one that a person sets.
    pub(crate) fn to_text(&self) -> String {
        match self.kind {
            LockKind::Pattern => format!("pattern:{}", self.secret.reveal()),
            _ => self.secret.reveal().to_owned(),
        }
    }

    /// Of which kind it is.
    pub fn kind(&self) -> LockKind {
        self.kind
    }

    /// The secret; empty where there is none to type.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Whether there is a lock at all, be it only a tied one.
    pub fn is_secure(&self) -> bool {
        self.kind != LockKind::None
    }
}

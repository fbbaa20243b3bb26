//! The screen lock of a user, with its secret.

pub use crate::model::{Secret, TokenBytes};
use eligibility::closed_enum;

closed_enum! {
    /// The lock of a user, the weakest first by the platform's own order.
    pub(crate) enum LockKind: "lock kind" {
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
    /// The kind; its secret is empty exactly for `None` and `Tied`.
    kind: LockKind,
    secret: Secret,
}

impl Lock {
    /// Returns no lock.
    pub fn none() -> Self {
        Self { kind: LockKind::None, secret: Secret::new("") }
    }

    /// Returns a random secret that only the system knows, encrypted under the device's lock.
    pub(crate) fn tied() -> Self {
        Self { kind: LockKind::Tied, secret: Secret::new("") }
    }

    /// Returns a lock of this kind; no lock if the secret is empty.
    pub(crate) fn new(kind: LockKind, secret: Secret) -> Self {
        if secret.is_empty() { Self::none() } else { Self { kind, secret } }
    }

    /// Returns the lock that a person sets who types this: digits are a PIN, `pattern:…` is a
    /// pattern.
    pub fn from_text(text: &str) -> Self {
        if let Some(dots) = text.strip_prefix("pattern:") {
            return Self::new(LockKind::Pattern, Secret::new(dots));
        }
        let secret = Secret::new(text);
        let kind = if secret.is_digits() { LockKind::Pin } else { LockKind::Password };
        Self::new(kind, secret)
    }

    /// Returns the lock that a reset to this password leaves at an API level: only from 31 on are
    /// digits a PIN.
    pub(super) fn by_reset(api: u8, password: &Secret) -> Self {
        let is_pin = api >= 31 && password.is_digits();
        Self::new(if is_pin { LockKind::Pin } else { LockKind::Password }, password.clone())
    }

    /// Returns the text that [`Lock::from_text`] reads, if the kind is one that a person sets.
    pub(crate) fn to_text(&self) -> String {
        match self.kind {
            LockKind::Pattern => format!("pattern:{}", self.secret.reveal()),
            _ => self.secret.reveal().to_owned(),
        }
    }

    /// Returns its kind.
    pub(crate) fn kind(&self) -> LockKind {
        self.kind
    }

    /// Returns the secret; empty where there is none to type.
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// Returns true if there is a lock at all, be it only a tied one.
    pub(crate) fn is_secure(&self) -> bool {
        self.kind != LockKind::None
    }
}

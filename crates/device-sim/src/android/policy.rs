//! Password policies as admins set them: a quality with minima, or a complexity band.
//!
//! Sources: `android/app/admin/DevicePolicyManager.java` at API levels 23, 29, 31 and 34 in
//! <https://github.com/AndroidSDKSources>.

use eligibility::closed_enum;

closed_enum! {
    /// Quality constants, weakest first: the order of their values on the platform.
    pub enum Quality: "quality" {
        /// 0.
        Unspecified = "unspecified",
        /// 0x8000.
        BiometricWeak = "biometric-weak",
        /// 0x10000.
        Something = "something",
        /// 0x20000.
        Numeric = "numeric",
        /// 0x30000.
        NumericComplex = "numeric-complex",
        /// 0x40000.
        Alphabetic = "alphabetic",
        /// 0x50000.
        Alphanumeric = "alphanumeric",
        /// 0x60000.
        Complex = "complex",
    }
}

closed_enum! {
    /// Complexity bands; the getter came with API level 29, the requirement with 31.
    pub enum Complexity: "complexity" {
        /// 0.
        None = "none",
        /// 0x10000.
        Low = "low",
        /// 0x30000.
        Medium = "medium",
        /// 0x50000.
        High = "high",
    }
}

closed_enum! {
    /// A minimum that an admin can set.
    pub enum Minimum: "minimum" {
        /// All characters.
        Length = "length",
        /// Letters.
        Letters = "letters",
        /// Capital letters.
        UpperCase = "upper-case",
        /// Small letters.
        LowerCase = "lower-case",
        /// Digits.
        Numeric = "numeric",
        /// Characters that are neither letters nor digits.
        Symbols = "symbols",
        /// Characters that are not letters.
        NonLetter = "non-letter",
    }
}

/// The minima of a policy, one for each [`Minimum`], in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minima([u8; 7]);

impl Default for Minima {
    /// Length 0; letters, digits and symbols 1, which only quality COMPLEX looks at.
    fn default() -> Self {
        Self([0, 1, 0, 0, 1, 1, 0])
    }
}

impl Minima {
    /// Every minimum 0.
    pub const NONE: Self = Self([0; 7]);

    /// Returns one of the minima.
    pub(crate) const fn get(self, which: Minimum) -> u8 {
        self.0[which as usize]
    }

    /// Replaces one of the minima.
    pub(crate) const fn set(&mut self, which: Minimum, value: u8) {
        self.0[which as usize] = value;
    }

    /// Returns the greater of two, minimum by minimum.
    #[must_use]
    pub(crate) fn strictest(self, other: Self) -> Self {
        let mut strictest = self;
        for which in Minimum::ALL {
            strictest.set(*which, self.get(*which).max(other.get(*which)));
        }
        strictest
    }
}

/// The requirements of one admin on one password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PasswordPolicy {
    /// The quality.
    pub quality: Quality,
    /// The minima.
    pub minima: Minima,
    /// The complexity band, from API level 31.
    pub complexity: Complexity,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self::NONE
    }
}

impl PasswordPolicy {
    /// No demand at all.
    pub const NONE: Self = Self {
        quality: Quality::Unspecified,
        minima: Minima([0, 1, 0, 0, 1, 1, 0]),
        complexity: Complexity::None,
    };

    /// Returns true if it demands a lock.
    pub(crate) fn requires_lock(&self) -> bool {
        self.quality >= Quality::Something || self.complexity >= Complexity::Low
    }
}

//! The declaration `com.apple.configuration.passcode.settings`.
//!
//! Sources: `declarative/declarations/configurations/passcode.settings.yaml` in
//! <https://github.com/apple/device-management>,
//! <https://developer.apple.com/documentation/devicemanagement/passcodesettings>.

use super::keys;

/// The type of the declaration.
pub(crate) const DECLARATION_TYPE: &str = "com.apple.configuration.passcode.settings";

keys! {
    /// The requirements of a passcode declaration; a key that is absent requires nothing.
    PasscodeDeclaration {
        truth require_passcode = "RequirePasscode", "false",
            "a passcode must be set; implied by every other key";
        truth require_alphanumeric = "RequireAlphanumericPasscode", "false",
            "at least one letter and one digit; from iOS 16.2";
        truth require_complex = "RequireComplexPasscode", "false",
            "no repeated, rising or falling characters";
        truth change_at_next_auth = "ChangeAtNextAuth", "false",
            "a new passcode at the next log-in; macOS only";
        number minimum_length = "MinimumLength", 0..16, "0", "the least number of characters";
        number minimum_complex_characters = "MinimumComplexCharacters", 0..4, "0",
            "the least number of characters that are neither letters nor digits; from iOS 16.2";
        number maximum_failed_attempts = "MaximumFailedAttempts", 2..11, "11",
            "wrong passcodes that are allowed; one more erases iOS and locks macOS";
        number failed_attempts_reset = "FailedAttemptsResetInMinutes", 0..525_600, "none",
            "minutes after which the count of wrong passcodes starts again; macOS only";
        number maximum_grace_period = "MaximumGracePeriodInMinutes", 0..525_600, "user's choice",
            "the longest time after locking in which no passcode is asked";
        number maximum_inactivity = "MaximumInactivityInMinutes", 0..15, "user's choice",
            "the longest time until the device locks itself";
        number maximum_passcode_age = "MaximumPasscodeAgeInDays", 0..730, "none",
            "days after which a new passcode must be set; from iOS 16.2";
        number passcode_reuse_limit = "PasscodeReuseLimit", 1..50, "none",
            "number of former passcodes that a new one must differ from";
    }
}

impl PasscodeDeclaration {
    /// Returns the declaration without the keys that a system before iOS 16.2 does not know.
    #[must_use]
    pub(crate) fn without_late_keys(self) -> Self {
        Self {
            require_alphanumeric: None,
            minimum_complex_characters: None,
            maximum_passcode_age: None,
            ..self
        }
    }

    /// Returns true if a passcode must be set: if the declaration says so, or says anything else.
    ///
    /// ```
    /// use device_sim::apple::PasscodeDeclaration;
    ///
    /// let only_length = PasscodeDeclaration { minimum_length: Some(4), ..Default::default() };
    /// assert!(only_length.requires_passcode());
    /// assert!(!PasscodeDeclaration::default().requires_passcode());
    /// ```
    pub fn requires_passcode(&self) -> bool {
        let other = self.entries().iter().any(|(key, _)| *key != "RequirePasscode");
        self.require_passcode == Some(true) || other
    }

    /// Several declarations as one: demands for qualities are joined, lengths and counts take the
    /// highest, times, attempts and the reuse limit the lowest.
    #[must_use]
    pub(crate) fn combine(self, other: Self) -> Self {
        let either = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(a), Some(b)) => Some(a || b),
            (one, other) => one.or(other),
        };
        let most = |a: Option<u32>, b: Option<u32>| a.max(b);
        let least = super::demand::least;
        Self {
            require_passcode: either(self.require_passcode, other.require_passcode),
            require_alphanumeric: either(self.require_alphanumeric, other.require_alphanumeric),
            require_complex: either(self.require_complex, other.require_complex),
            change_at_next_auth: either(self.change_at_next_auth, other.change_at_next_auth),
            minimum_length: most(self.minimum_length, other.minimum_length),
            minimum_complex_characters: most(
                self.minimum_complex_characters,
                other.minimum_complex_characters,
            ),
            maximum_failed_attempts: least(
                self.maximum_failed_attempts,
                other.maximum_failed_attempts,
            ),
            failed_attempts_reset: least(self.failed_attempts_reset, other.failed_attempts_reset),
            maximum_grace_period: least(self.maximum_grace_period, other.maximum_grace_period),
            maximum_inactivity: least(self.maximum_inactivity, other.maximum_inactivity),
            maximum_passcode_age: least(self.maximum_passcode_age, other.maximum_passcode_age),
            passcode_reuse_limit: least(self.passcode_reuse_limit, other.passcode_reuse_limit),
        }
    }
}

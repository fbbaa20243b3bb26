//! The payload `com.apple.mobiledevice.passwordpolicy` of a configuration profile.
//!
//! Sources: `mdm/profiles/com.apple.mobiledevice.passwordpolicy.yaml` in
//! <https://github.com/apple/device-management>,
//! <https://developer.apple.com/documentation/devicemanagement/passcode>. From version 27 on Apple
//! deprecates it in favour of the declaration.

use super::keys;

/// The type of the payload.
pub(crate) const PAYLOAD_TYPE: &str = "com.apple.mobiledevice.passwordpolicy";

keys! {
    /// The requirements of a passcode payload; a key that is absent requires nothing.
    PasscodePayload {
        truth force_pin = "forcePIN", "false", "a passcode must be set; alone, one of any quality";
        truth allow_simple = "allowSimple", "true",
            "false forbids repeated, rising and falling characters";
        truth require_alphanumeric = "requireAlphanumeric", "false",
            "letters are needed, not digits only; not on watchOS";
        truth change_at_next_auth = "changeAtNextAuth", "false",
            "a new passcode at the next log-in; macOS only";
        number min_length = "minLength", 0..16, "0", "the least number of characters";
        number min_complex_chars = "minComplexChars", 0..4, "0",
            "the least number of characters that are neither letters nor digits; not on watchOS";
        number max_pin_age_in_days = "maxPINAgeInDays", 0..730, "none",
            "days after which a new passcode must be set before the device opens";
        number pin_history = "pinHistory", 1..50, "none",
            "number of former passcodes that a new one must differ from";
        number max_grace_period = "maxGracePeriod", 0..525_600, "0",
            "the longest time in minutes after locking in which no passcode is asked";
        number max_inactivity = "maxInactivity", 0..60, "none",
            "the longest time in minutes until the device locks itself; up to 15 on iOS";
        number max_failed_attempts = "maxFailedAttempts", 2..11, "11",
            "wrong passcodes that are allowed; one more erases iOS and locks macOS";
        number minutes_until_failed_login_reset = "minutesUntilFailedLoginReset", 0..525_600,
            "none", "when macOS forgets wrong passcodes; macOS only";
    }
}

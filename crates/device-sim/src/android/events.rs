//! The events that the policy service logs about calls that concern passwords.
//!
//! Source: `DevicePolicyEventLogger.createEvent` in `DevicePolicyManagerService.java` at API levels
//! 29 to 34, <https://github.com/AndroidSDKSources>; 28 has none.

use super::answer::Answer;
use super::call::Call;
use super::policy::Minimum;
use super::{Device, Who};
use crate::model::Value;
use eligibility::closed_enum;

closed_enum! {
    /// An event, under the name of `DevicePolicyEnums`.
    pub(crate) enum PolicyEvent: "policy event" {
        /// There was none.
        None = "none",
        /// `lockNow`.
        LockNow = "LOCK_NOW",
        /// `setPasswordQuality`.
        Quality = "SET_PASSWORD_QUALITY",
        /// `setPasswordMinimumLength`.
        Length = "SET_PASSWORD_MINIMUM_LENGTH",
        /// `setPasswordMinimumLetters`.
        Letters = "SET_PASSWORD_MINIMUM_LETTERS",
        /// `setPasswordMinimumUpperCase`.
        UpperCase = "SET_PASSWORD_MINIMUM_UPPER_CASE",
        /// `setPasswordMinimumLowerCase`.
        LowerCase = "SET_PASSWORD_MINIMUM_LOWER_CASE",
        /// `setPasswordMinimumNumeric`.
        Numeric = "SET_PASSWORD_MINIMUM_NUMERIC",
        /// `setPasswordMinimumSymbols`.
        Symbols = "SET_PASSWORD_MINIMUM_SYMBOLS",
        /// `setPasswordMinimumNonLetter`.
        NonLetter = "SET_PASSWORD_MINIMUM_NON_LETTER",
        /// `setRequiredPasswordComplexity`.
        Complexity = "SET_PASSWORD_COMPLEXITY",
        /// `resetPassword` of a privileged caller, if it worked.
        ResetPassword = "RESET_PASSWORD",
        /// `resetPasswordWithToken`, if it worked.
        ResetPasswordWithToken = "RESET_PASSWORD_WITH_TOKEN",
        /// `addUserRestriction`.
        AddUserRestriction = "ADD_USER_RESTRICTION",
        /// `clearUserRestriction`.
        RemoveUserRestriction = "REMOVE_USER_RESTRICTION",
        /// The work profile has a lock of its own, or has it no longer.
        SeparateProfileChallengeChanged = "SEPARATE_PROFILE_CHALLENGE_CHANGED",
        /// `transferOwnership`.
        TransferOwnership = "TRANSFER_OWNERSHIP",
    }
}

impl Device {
    /// Logs a call that was answered, if it is one of those that are logged.
    pub(super) fn log(&mut self, call: &Call, answer: &Answer) {
        let refused = matches!(
            answer,
            Answer::Threw(_) | Answer::NotIssued(_) | Answer::Returned(Value::Truth(false))
        );
        if let Some((event, since)) = self.event_of(call).filter(|_| !refused)
            && self.api >= since
        {
            self.event = event;
        }
    }

    /// Returns the event of a call, and the first API level that logs it.
    fn event_of(&self, call: &Call) -> Option<(PolicyEvent, u8)> {
        let ignored = self.ignores_qualities();
        Some(match call {
            Call::LockNow { .. } => (PolicyEvent::LockNow, 29),
            Call::SetPasswordQuality { .. } if !ignored => (PolicyEvent::Quality, 29),
            Call::SetPasswordMinimum { which, .. } if !ignored => {
                let event = match which {
                    Minimum::Length => PolicyEvent::Length,
                    Minimum::Letters => PolicyEvent::Letters,
                    Minimum::UpperCase => PolicyEvent::UpperCase,
                    Minimum::LowerCase => PolicyEvent::LowerCase,
                    Minimum::Numeric => PolicyEvent::Numeric,
                    Minimum::Symbols => PolicyEvent::Symbols,
                    Minimum::NonLetter => PolicyEvent::NonLetter,
                };
                (event, 29)
            }
            Call::SetRequiredPasswordComplexity { .. } => (PolicyEvent::Complexity, 31),
            Call::ResetPassword { by, .. } if by.who == Who::ResetPasswordHolder => {
                (PolicyEvent::ResetPassword, 31)
            }
            Call::ResetPasswordWithToken { .. } => (PolicyEvent::ResetPasswordWithToken, 31),
            Call::SetUserRestriction { on: true, .. } => (PolicyEvent::AddUserRestriction, 29),
            Call::SetUserRestriction { on: false, .. } => (PolicyEvent::RemoveUserRestriction, 29),
            Call::TransferOwnership { .. } => (PolicyEvent::TransferOwnership, 29),
            _ => return None,
        })
    }

    /// Logs that the work profile has a lock of its own, or has it no longer.
    pub(super) fn log_challenge(&mut self) {
        self.logged = Some("SEPARATE_PROFILE_CHALLENGE_CHANGED");
        if self.api >= 29 {
            self.event = PolicyEvent::SeparateProfileChallengeChanged;
        }
    }
}

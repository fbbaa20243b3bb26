//! A rule in one of its readings.

use serde::Serialize;

use super::condition::Conjunction;
use crate::closed_enum;

closed_enum! {
    /// The effect of a rule on the devices that it matches.
    pub enum Effect: "effect" {
        /// The action makes a new passcode.
        ResetPasscode = "reset-passcode",
        /// The action removes the passcode.
        RemovePasscode = "remove-passcode",
        /// The action does not work.
        Unsupported = "unsupported",
    }
}

closed_enum! {
    /// The effect of the action on a passcode.
    pub enum Action: "action" {
        /// A new passcode replaces the old one.
        ResetPasscode = "reset-passcode",
        /// The passcode is removed.
        RemovePasscode = "remove-passcode",
    }
}

closed_enum! {
    /// The scope of a passcode.
    pub enum Scope: "scope" {
        /// The passcode of the whole device.
        Device = "device",
        /// The passcode of the work profile.
        WorkProfile = "work-profile",
    }
}

closed_enum! {
    /// The vendor operation by which the action is done, in the vendor's spelling.
    pub enum Mechanism: "mechanism" {
        /// Apple's MDM command:
        /// <https://developer.apple.com/documentation/devicemanagement/clear-passcode-command>.
        ClearPasscode = "ClearPasscode",
        /// Android's `DevicePolicyManager.resetPassword`:
        /// <https://developer.android.com/reference/android/app/admin/DevicePolicyManager>.
        ResetPassword = "resetPassword",
        /// Android's `DevicePolicyManager.resetPasswordWithToken`, same page.
        ResetPasswordWithToken = "resetPasswordWithToken",
        /// The Windows RemoteLock configuration service provider's `LockAndResetPIN`:
        /// <https://learn.microsoft.com/en-us/windows/client-management/mdm/remotelock-csp>.
        LockAndResetPin = "LockAndResetPIN",
    }
}

closed_enum! {
    /// The meaning of several matching rules of one scope (the names are DMN's).
    pub enum HitPolicy: "hit policy" {
        /// Rules that differ in what they give are a conflict.
        Unique = "unique",
        /// The first rule in the file decides.
        First = "first",
    }
}

closed_enum! {
    /// The reading of a document whose words and meaning differ.
    pub enum Reading: "reading" {
        /// By its words.
        Literal = "literal",
        /// By what a later revision shows to have been meant.
        Intended = "intended",
    }
}

impl Effect {
    /// Returns the action that the effect allows, if it allows one.
    pub const fn action(self) -> Option<Action> {
        match self {
            Self::ResetPasscode => Some(Action::ResetPasscode),
            Self::RemovePasscode => Some(Action::RemovePasscode),
            Self::Unsupported => None,
        }
    }
}

/// One rule in one reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, unique in the policy.
    pub id: String,
    /// The devices that it covers.
    pub when: Conjunction,
    /// Its effect on them.
    pub then: Effect,
    /// Whose passcode it is about.
    pub scope: Scope,
    /// The vendor operation, where the policy names one.
    pub mechanism: Option<Mechanism>,
    /// The needs: conditions for the action to succeed although the page calls it supported.
    pub needs: Conjunction,
    /// The passage of the document.
    pub source: String,
    /// Among the rules of a scope that match, only those of the lowest rank decide. Ranks never
    /// fall from a rule to the next.
    pub rank: u16,
}

impl Rule {
    /// Returns true if two rules give the same to a device that both match.
    pub fn same_effect(&self, other: &Self) -> bool {
        self.then == other.then && self.mechanism == other.mechanism && self.needs == other.needs
    }
}

/// The prerequisites: conditions that must hold before any rule applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prerequisite {
    /// Its name, unique in the policy.
    pub id: String,
    /// The conditions.
    pub holds: Conjunction,
    /// The passage of the document.
    pub source: String,
}

/// A clause of a policy: a rule or a prerequisite, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clause {
    /// The rule at this position.
    Rule(u16),
    /// The prerequisite at this position.
    Prerequisite(u16),
}

//! Device admins and owners.

use super::Setup;
use super::limits::Limits;
use super::parameters::Parameters;
use super::policy::PasswordPolicy;
use super::user::UserId;
use crate::model::verbs::{key_group, optional};
use chrono::{DateTime, Utc};
use eligibility::closed_enum;

closed_enum! {
    /// An app with a say over the device. No device has two of the same kind.
    pub(crate) enum AdminKind: "admin kind" {
        /// An active device admin that owns nothing.
        DeviceAdmin = "device-admin",
        /// Another such admin.
        SecondDeviceAdmin = "second-device-admin",
        /// The owner of a profile: of the work profile, or of the primary user.
        ProfileOwner = "profile-owner",
        /// The owner of the device.
        DeviceOwner = "device-owner",
    }
}

closed_enum! {
    /// The storage of an admin's token.
    pub enum TokenStorage: "token storage" {
        /// On its server: at hand whenever the app runs.
        Server = "server",
        /// In device-protected storage: at hand whenever the app runs.
        DeviceProtected = "device-protected",
        /// In credential-protected storage: at hand only after the user has unlocked.
        CredentialProtected = "credential-protected",
    }
}

closed_enum! {
    /// The state of a password that may expire.
    pub(crate) enum Expiration: "expiration" {
        /// No expiry.
        None = "none",
        /// More than five days are left.
        Running = "running",
        /// Five days or less are left, and the admin is notified every day.
        Expiring = "expiring",
        /// Expired; the platform leaves the consequence to the admin.
        Expired = "expired",
    }
}

/// The expiry of a password by one admin's limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Expiry {
    /// The moment.
    pub(super) at: Option<DateTime<Utc>>,
    /// Its progress.
    pub(super) state: Expiration,
}

impl Expiry {
    /// A password that does not expire.
    pub(super) const NEVER: Self = Self { at: None, state: Expiration::None };
}

/// An app with a say over the device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Admin {
    /// The kind; also its identity.
    pub(super) kind: AdminKind,
    /// The user on which it runs.
    pub(super) user: UserId,
    /// The API level for which it was built.
    pub target_sdk: u8,
    /// True if it runs before the user has unlocked.
    pub direct_boot_aware: bool,
    /// The storage of its token.
    pub(super) token_storage: TokenStorage,
    /// Device admins: whether they hold the reset-password policy.
    pub(super) may_reset: bool,
    /// It holds `REQUEST_PASSWORD_COMPLEXITY`, which an app declares in its manifest.
    pub(super) may_read_complexity: bool,
    /// A device owner for a financed device, of the type that came with level 31.
    pub(super) is_financed: bool,
    /// Its limits besides the password itself, on its own user and on the parent.
    pub(super) limits: [Limits; 2],
    /// The expiry of passwords by these limits.
    pub(super) expiry: [Expiry; 2],
    /// Its requirements on its own user's password.
    pub(super) policy: PasswordPolicy,
    /// Profile owners: what they demand of the device's password, by the parent instance.
    pub(super) parent_policy: PasswordPolicy,
}

impl Admin {
    /// Returns an admin as most are: built for the device's level.
    pub(super) fn new(
        kind: AdminKind,
        user: UserId,
        target_sdk: u8,
        parameters: &Parameters,
    ) -> Self {
        Self {
            kind,
            user,
            target_sdk,
            direct_boot_aware: parameters.agent_direct_boot_aware,
            token_storage: TokenStorage::Server,
            may_reset: true,
            may_read_complexity: matches!(kind, AdminKind::ProfileOwner | AdminKind::DeviceOwner),
            is_financed: false,
            limits: [Limits::default(); 2],
            expiry: [Expiry::NEVER; 2],
            policy: PasswordPolicy::NONE,
            parent_policy: PasswordPolicy::NONE,
        }
    }

    /// Returns the same app before it demands anything.
    pub(super) fn without_policies(&self) -> Self {
        let none = PasswordPolicy::NONE;
        Self {
            policy: none,
            parent_policy: none,
            limits: [Limits::default(); 2],
            expiry: [Expiry::NEVER; 2],
            ..self.clone()
        }
    }

    /// Returns its requirements through the instance on which it calls.
    pub(super) fn policy_mut(&mut self, caller: Caller) -> &mut PasswordPolicy {
        if caller.on_parent { &mut self.parent_policy } else { &mut self.policy }
    }

    /// Returns true if it is an owner rather than a mere device admin.
    pub(super) fn is_owner(&self) -> bool {
        matches!(self.kind, AdminKind::ProfileOwner | AdminKind::DeviceOwner)
    }
}

closed_enum! {
    /// Whose app makes a call: one of the admins, which come first and in their order, or another.
    pub enum Who: "who" {
        /// A device admin.
        DeviceAdmin = "device-admin",
        /// Another device admin.
        SecondDeviceAdmin = "second-device-admin",
        /// The profile owner.
        ProfileOwner = "profile-owner",
        /// The device owner.
        DeviceOwner = "device-owner",
        /// Any other app.
        App = "app",
        /// A factory-image app with the privileged permission to reset passwords, from API 29.
        ResetPasswordHolder = "reset-password-holder",
    }
}

impl AdminKind {
    /// Returns the caller that it is.
    pub(super) const fn who(self) -> Who {
        Who::ALL[self as usize]
    }
}

impl Who {
    /// Returns the admin that it is, if it is one.
    pub(crate) fn admin(self) -> Option<AdminKind> {
        AdminKind::ALL.get(self as usize).copied()
    }
}

/// A caller: whose app, and whether it calls on the parent instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    /// Whose app.
    pub who: Who,
    /// True if the call goes through `getParentProfileInstance`.
    pub on_parent: bool,
}

impl Caller {
    /// Returns a caller on its own instance.
    pub const fn new(who: Who) -> Self {
        Self { who, on_parent: false }
    }
}

key_group! {
    /// The flags of a reset.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Flags for Setup {
        /// `RESET_PASSWORD_REQUIRE_ENTRY`.
        require_entry: bool = optional("require-entry", false),
        /// `RESET_PASSWORD_DO_NOT_ASK_CREDENTIALS_ON_BOOT`.
        do_not_ask_on_boot: bool = optional("do-not-ask-on-boot", false),
    }
}

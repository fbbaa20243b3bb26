//! The observables of an Android device.

use super::admin::{Admin, Expiration};
use super::user::{Challenge, Run, TokenState, User, UserId};
use super::{AdminKind, CommandState, Device, LockKind, PasswordPolicy, PolicyEvent};
use crate::model::{Domain, Value, observables};

const NO_PROFILE: &str = "no-profile";

/// The words of a closed set, and `no-profile`.
macro_rules! or_no_profile {
    ($($word:literal),+) => { Domain::Words(&[$($word,)+ NO_PROFILE]) };
}

/// Claims are named after the admin that made them.
const CLAIMS: Domain = Domain::Words(&[
    "none",
    "device-admin",
    "second-device-admin",
    "profile-owner",
    "device-owner",
    NO_PROFILE,
]);

const TOKENS: Domain =
    or_no_profile!["absent", "pending", "active", "lost", "obsolete", "disabled"];

const RUNS: Domain = or_no_profile!["stopped", "running-locked", "running-unlocked"];

const LOCKS: Domain = or_no_profile!["none", "tied", "pattern", "pin", "password"];

observables! {
    of Device;
    from "https://developer.android.com/work/dpc/security" {
        "device-lock", User, LOCKS, "the lock of the device",
            |device| lock(Some(&device.primary));
        "work-lock" since "API level 24", User, LOCKS, "the lock of the work profile; `tied` if the device's lock opens it",
            |device| lock(device.work.as_ref());
        "challenge" since "API level 24", User, or_no_profile!["unified", "separate"],
            "whether the work profile opens with the device's lock or its own",
            |device| device.work.as_ref().map_or(NO_PROFILE, |work| work.challenge.as_str()).into();
    }
    from "https://developer.android.com/reference/android/app/KeyguardManager" {
        "device-keyguard", User, Domain::Truth, "the lock screen of the device is up",
            |device| device.primary.keyguard.into();
        "work-keyguard" since "API level 24", User, Domain::Truth, "work apps ask for the work lock",
            |device| device.work.as_ref().is_some_and(|work| work.keyguard).into();
    }
    from "https://github.com/MicrosoftDocs/IntuneDocs/blob/165945717/intune/device-passcode-reset.md" {
        "notification" since "API level 26", User, Domain::Words(&["shown", "hidden"]),
            "the notification that asks to activate the token",
            |device| Value::Word(if device.notification { "shown" } else { "hidden" });
    }
    from "https://github.com/AndroidSDKSources" {
        "work-locked-notification" since "API level 24", User, Domain::Truth,
            "the system's own notification that the work profile is locked",
            |device| device.system_notification().into();
    }
    from "https://review.shift-gmbh.com/plugins/gitiles/SHIFTPHONES/android/packages/apps/Settings/+/04f783c7592304e4d944ec3fe43defbbd4c7c610" {
        "forgot-button" since "API level 30", User, Domain::Truth, "the prompt for the work lock offers `forgot my password`",
            |device| device.has_forgot_button().into();
    }
    from "https://source.android.com/docs/security/features/authentication/rate-limiting" {
        "device-locked-out", User, Domain::Truth, "too many wrong entries: the user has to wait",
            |device| device.primary.wrong_entries.is_locked_out().into();
        "work-locked-out" since "API level 24", User, Domain::Truth, "too many wrong entries for the work lock",
            |device| device.work.as_ref().is_some_and(|work| work.wrong_entries.is_locked_out()).into();
    }
    from "https://developer.android.com/reference/android/app/admin/DevicePolicyManager" {
        "device-token" since "API level 26", System, TOKENS, "the reset password token of the primary user",
            |device| token(Some(&device.primary));
        "work-token" since "API level 26", System, TOKENS, "the reset password token of the work profile",
            |device| token(device.work.as_ref());
        "device-active-tokens" since "API level 26", System, Domain::NumberFrom(0), "active tokens in the lock service",
            |device| active_tokens(Some(&device.primary));
        "work-active-tokens" since "API level 26", System, Domain::NumberFrom(0), "active tokens of the profile",
            |device| active_tokens(device.work.as_ref());
    }
    from "https://developer.android.com/privacy-and-security/direct-boot" {
        "device-run" since "API level 24", System, RUNS, "how far the primary user is running",
            |device| run(Some(&device.primary));
        "work-run" since "API level 24", System, RUNS, "how far the work profile is running",
            |device| run(device.work.as_ref());
    }
    from "https://developer.android.com/reference/android/os/UserManager" {
        "quiet-mode" since "API level 24", User, Domain::Truth, "work is turned off",
            |device| device.work.as_ref().is_some_and(|work| work.quiet).into();
    }
    from "https://developer.android.com/reference/android/app/admin/DevicePolicyManager" {
        "device-claim", System, CLAIMS, "whose reset waits for the password to be entered",
            |device| claim(Some(&device.primary));
        "work-claim", System, CLAIMS, "the same for the work profile",
            |device| claim(device.work.as_ref());
        "device-strong-auth", System, Domain::Truth, "a fingerprint will not open the device",
            |device| device.primary.strong_auth.into();
        "work-strong-auth", System, Domain::Truth, "a fingerprint will not open the work profile",
            |device| device.work.as_ref().is_some_and(|work| work.strong_auth).into();
        "do-not-ask-on-boot", System, Domain::Truth, "credentials are not asked for at boot any more",
            |device| device.do_not_ask_on_boot.into();
    }
    from "https://github.com/AndroidSDKSources" {
        "weaver-slots" since "API level 27", System, Domain::NumberFrom(-1), "free Weaver slots; -1 without Weaver",
            |device| Value::Number(device.weaver_free.map_or(-1, i64::from));
        "logged" + history, Admin, Domain::Words(&[
            "nothing", "RESET_PASSWORD_WITH_TOKEN", "SEPARATE_PROFILE_CHALLENGE_CHANGED",
        ]), "the last event of these two in the policy log",
            |device| device.logged.unwrap_or("nothing").into();
        "policy-event" since "API level 29" + history, Admin, Domain::Words(PolicyEvent::WORDS),
            "the last event of all kinds in the policy log",
            |device| Value::Word(device.event.as_str());
    }
    from "https://developer.android.com/reference/android/app/admin/DevicePolicyManager" {
        "password-expiration", Admin, Domain::Words(Expiration::WORDS),
            "how far the password has come on the way to its expiry by the owner's limit",
            |device| expiration(device).as_str().into();
        "quality", Admin, Domain::Words(super::Quality::WORDS), "the quality that the owner demands",
            |device| owners_policy(device).quality.as_str().into();
        "complexity" since "API level 31", Admin, Domain::Words(super::Complexity::WORDS), "the band that the owner demands",
            |device| owners_policy(device).complexity.as_str().into();
    }
    from "https://developers.google.com/android/management/reference/rest/v1/enterprises.devices/issueCommand" {
        "command" since "API level 26", Admin, Domain::Words(CommandState::WORDS), "how far the last remote command came",
            |device| device.amapi.state().as_str().into();
    }
}

impl Device {
    /// Looks at one of [`OBSERVABLES`], by its place.
    pub(crate) fn observe(&self, index: usize) -> Value {
        LOOKS[index](self)
    }

    /// Returns true if the system says that work apps are locked, because only their lock is in the
    /// way.
    ///
    /// Source: `maybeShowEncryptionNotificationForUser` in `LockSettingsService.java` at API
    /// level 30, <https://github.com/AndroidSDKSources>.
    fn system_notification(&self) -> bool {
        let open = self.primary.run == Run::Unlocked && !self.primary.keyguard;
        open && self.user(UserId::Work).is_some_and(|work| {
            work.run == Run::Locked && work.is_secure() && work.challenge == Challenge::Separate
        })
    }
}

fn lock(user: Option<&User>) -> Value {
    user.map_or(NO_PROFILE, |user| LockKind::as_str(user.lock.kind())).into()
}

fn token(user: Option<&User>) -> Value {
    user.map_or(NO_PROFILE, |user| TokenState::as_str(user.token_state())).into()
}

fn active_tokens(user: Option<&User>) -> Value {
    let active =
        user.map_or(0, |user| user.escrow.tokens.iter().filter(|token| token.active).count());
    Value::Number(i64::try_from(active).unwrap_or(i64::MAX))
}

fn run(user: Option<&User>) -> Value {
    user.map_or(NO_PROFILE, |user| user.run.as_str()).into()
}

fn claim(user: Option<&User>) -> Value {
    user.map_or(NO_PROFILE, |user| user.claim.map_or("none", AdminKind::as_str)).into()
}

/// Returns the profile owner, or else the first admin.
fn main_admin(device: &Device) -> Option<&Admin> {
    device.profile_owner().or(device.admins.first())
}

fn expiration(device: &Device) -> Expiration {
    main_admin(device).map_or(Expiration::None, |admin| admin.expiry[0].state)
}

/// Returns the policy of the profile owner, or else of the first admin.
fn owners_policy(device: &Device) -> PasswordPolicy {
    main_admin(device).map_or(PasswordPolicy::NONE, |admin| admin.policy)
}

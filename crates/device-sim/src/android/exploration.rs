//! The exploration `android-token`: one device with one work profile, everything that can happen
//! to its reset password token, in every order.

#[cfg(test)]
mod broken;

use super::Device;
use super::admin::{Caller, Flags, Who};
use super::call::{Call, Factor};
use super::level::ApiLevel;
use super::policy::{PasswordPolicy, Quality};
use super::secret::{Lock, LockKind, Secret, TokenBytes};
use super::setup::{Enrolment, Setup};
use super::user::{Challenge, Run, TokenState, User, UserId};
use crate::device::{Device as AnyDevice, DeviceCall};
use crate::exploration::{Claim, Exploration, Transition};
use crate::machine::{self, Machine};
use crate::model::Value;

const OWNER: Caller = Caller::new(Who::ProfileOwner);

/// The names of the explorations: with an owner that is direct-boot aware, and with one that is
/// not.
pub const TOKEN_EXPLORATIONS: [&str; 2] = ["android-token", "android-token-late-owner"];

/// Returns the exploration at an API level, with an owner that runs before the first unlock or only
/// after it.
pub fn token_exploration(api: ApiLevel, direct_boot_aware: bool) -> Exploration {
    let mut setup = Setup::new(api, &[Enrolment::WorkProfile]);
    setup.lock = Lock::from_text("1111");
    setup.biometrics = true;
    // Old enough for the legacy call to be tried, as far as the level goes.
    for admin in &mut setup.admins {
        admin.target_sdk = 25;
        admin.direct_boot_aware = direct_boot_aware;
    }
    let level = api.number();
    let always = ALWAYS.iter().map(|(name, holds)| (*name, Claim::EveryEvent(*holds)));
    let possible = POSSIBLE
        .iter()
        .filter(|(first, last, ..)| (*first..=*last).contains(&level))
        .filter(|(_, _, name, _)| direct_boot_aware || !BEFORE_UNLOCK.contains(name))
        .map(|(_, _, name, is)| (*name, Claim::Possible(*is)));
    let name = TOKEN_EXPLORATIONS[usize::from(!direct_boot_aware)];
    Exploration {
        version: Some(eligibility::facts::OsVersion::new([level.into(), 0, 0, 0])),
        forget: Some(forget_entries),
        leaves_out: is_strong_auth_alarm,
        ..Exploration::of_machine(name, setup.into(), calls, always.chain(possible))
    }
}

/// Forgets how often someone has entered a wrong factor in a row, which only delays the next entry,
/// and when the right one was entered, on which only the hours of [`is_strong_auth_alarm`] depend.
pub(crate) fn forget_entries(machine: &mut Machine) {
    let AnyDevice::Android(device) = machine.device_mut() else { return };
    for user in device.each_user_mut() {
        user.wrong_entries.forget_count();
        user.failed_attempts = 0;
        user.entered_at = None;
    }
}

/// Selects the alarm after which a fingerprint will not do any more; nothing that is claimed of
/// tokens and requests is about fingerprints that do.
pub(crate) fn is_strong_auth_alarm(call: &machine::Call) -> bool {
    let alarm =
        |call: &DeviceCall| matches!(call, DeviceCall::Android(Call::StrongAuthTimesOut { .. }));
    matches!(call, machine::Call::Device(call) if alarm(call))
}

/// Returns the calls that can happen in a state. No one types on a profile that is off; its owner
/// still calls.
fn calls(machine: &Machine) -> Vec<machine::Call> {
    let Some(device) = machine.as_android() else { return Vec::new() };
    let reset = |password: &str, token: TokenBytes, require_entry| Call::ResetPasswordWithToken {
        by: OWNER,
        password: Secret::new(password),
        token: Some(token),
        flags: Flags { require_entry, do_not_ask_on_boot: false },
    };
    let policy = |quality| PasswordPolicy { quality, ..PasswordPolicy::NONE };
    let install = |quality| Call::InstallPolicy { by: OWNER, policy: policy(quality) };
    let mut calls = vec![
        Call::SetResetPasswordToken { by: OWNER, token: Some(TokenBytes::default()) },
        Call::ClearResetPasswordToken { by: OWNER },
        reset("reset1", TokenBytes::default(), false),
        reset("reset1", TokenBytes::default(), true),
        reset("", TokenBytes::default(), false),
        reset("reset1", TokenBytes::of_length(33), false),
        Call::ResetPassword { by: OWNER, password: Secret::new("legacy"), flags: Flags::default() },
        Call::LockNow { by: OWNER, evict_key: true },
        install(Quality::Something),
        install(Quality::Unspecified),
        Call::QuietMode { on: true },
        Call::QuietMode { on: false },
        Call::PressForgotPassword,
        Call::Reboot,
        Call::ScreenOff,
        Call::UserUnifiesChallenge,
        Call::RemoveWorkProfile,
        Call::CreateWorkProfile,
    ];
    for (user, lock) in [(UserId::Device, "1111"), (UserId::Work, "2222")] {
        let Some(state) = device.user(user) else { continue };
        calls.push(Call::UserSetsLock { user, lock: Lock::from_text(lock), old: None });
        calls.push(Call::UserRemovesLock { user });
        if state.asks_to_start && state.lock.kind() == LockKind::Tied {
            let with = Factor::Known(device.primary.lock.secret().clone());
            calls.push(Call::Unlock { user, with });
        }
        if state.is_secure() && state.lock.kind() != LockKind::Tied {
            let right = Factor::Known(state.lock.secret().clone());
            let wrong = Factor::Known(Secret::new("wrong"));
            for with in [right, wrong, Factor::Biometric] {
                calls.push(Call::Unlock { user, with });
            }
        }
    }
    calls.into_iter().map(machine::Call::from).collect()
}

type Holds = fn(&Transition<'_>) -> bool;

/// The properties of every event, at every API level.
const ALWAYS: &[(&str, Holds)] = &[
    ("an active token ends only by what may end it", |event| {
        let Some((before, after)) = work(event) else { return true };
        let was = before.token_state() == TokenState::Active;
        !was || after.token_state() == TokenState::Active || may_end_token(event)
    }),
    ("a token set for a user without a lock is never pending", |event| {
        let Some((before, after)) = work(event) else { return true };
        let set = matches!(android(event), Call::SetResetPasswordToken { .. }) && said_true(event);
        !set || before.is_secure() || after.token_state() == TokenState::Active
    }),
    ("a token that is not active resets nothing", |event| {
        let Some((before, after)) = work(event) else { return true };
        let usable = match before.token_state() {
            TokenState::Active => true,
            TokenState::Obsolete => level(event) == 26,
            _ => false,
        };
        usable || !is_token_reset(event) || same_lock(before, after)
    }),
    ("a wrong token resets nothing", |event| {
        let Some((before, after)) = work(event) else { return true };
        let wrong = matches!(android(event), Call::ResetPasswordWithToken { token, .. }
            if *token != Some(TokenBytes::default()));
        !wrong || same_lock(before, after)
    }),
    ("no call of the profile owner changes the device's lock", |event| {
        let (before, after) = devices(event);
        !by_owner(event) || before.primary.lock == after.primary.lock
    }),
    ("only a knowledge factor activates a pending token", |event| {
        let Some((before, after)) = work(event) else { return true };
        let activated = before.token_state() == TokenState::Pending
            && after.token_state() == TokenState::Active;
        !activated || shows_knowledge(event)
    }),
    ("nothing is reset while the profile is off", |event| {
        let Some((before, after)) = work(event) else { return true };
        before.run != Run::Stopped || !by_owner(event) || same_lock(before, after)
    }),
    ("a reset leaves the profile with a challenge of its own", |event| {
        let Some((_, after)) = work(event) else { return true };
        let reset = is_token_reset(event) && said_true(event);
        !reset || after.challenge == Challenge::Separate
    }),
    ("a reset does not unlock, except by clearing from level 29", |event| {
        let Some((before, after)) = work(event) else { return true };
        let opened = before.run == Run::Locked && after.run == Run::Unlocked;
        let cleared = level(event) >= 29 && !after.is_secure();
        !opened || !is_token_reset(event) || cleared
    }),
    ("a work profile never loses its escrow data", |event| {
        work(event).is_none_or(|(_, after)| after.token_state() != TokenState::Disabled)
    }),
    ("a reboot loses what is pending and keeps what is active", |event| {
        let Some((before, after)) = work(event) else { return true };
        let expected = match before.token_state() {
            TokenState::Pending => TokenState::Lost,
            other => other,
        };
        *android(event) != Call::Reboot || after.token_state() == expected
    }),
];

type Is = fn(&Machine) -> bool;

const LAST: u8 = ApiLevel::LAST.number();

/// The states that some order of events reaches, with the levels at which it does.
const POSSIBLE: &[(u8, u8, &str, Is)] = &[
    (26, LAST, "a token can become active although the profile has a lock", |machine| {
        user(machine)
            .is_some_and(|work| work.is_secure() && work.token_state() == TokenState::Active)
    }),
    (26, LAST, "a token can be lost", |machine| {
        user(machine).is_some_and(|work| work.token_state() == TokenState::Lost)
    }),
    (26, LAST, "the profile can be given a new password while it is locked", |machine| {
        user(machine).is_some_and(|work| {
            work.run == Run::Locked && work.lock.secret() == &Secret::new("reset1")
        })
    }),
    (26, LAST, "the user can be asked to activate a token", |machine| {
        machine.as_android().is_some_and(|device| device.notification)
    }),
    (26, 27, "a token can count as active and be useless", |machine| {
        user(machine).is_some_and(|work| work.token_state() == TokenState::Obsolete)
    }),
    (30, LAST, "a forgotten password of a profile that is off can be reset", |machine| {
        machine.as_android().is_some_and(Device::has_forgot_button)
    }),
    (24, 25, "before the token calls the profile can be given a password", |machine| {
        user(machine).is_some_and(|work| work.lock.secret() == &Secret::new("legacy"))
    }),
];

/// A change that takes an owner which runs before the first unlock.
const BEFORE_UNLOCK: [&str; 2] = [
    "the profile can be given a new password while it is locked",
    "a forgotten password of a profile that is off can be reset",
];

fn user(machine: &Machine) -> Option<&User> {
    machine.as_android()?.work.as_ref()
}

fn devices<'a>(event: &Transition<'a>) -> (&'a Device, &'a Device) {
    let device = |machine: &'a Machine| {
        machine.as_android().expect("an event does not change the kind of a device")
    };
    (device(event.before), device(event.after))
}

fn android<'a>(event: &Transition<'a>) -> &'a Call {
    match event.call {
        machine::Call::Device(DeviceCall::Android(call)) => call,
        _ => unreachable!("the alphabet has Android calls only"),
    }
}

/// Returns the work profile before and after, if there was and is one.
fn work<'a>(event: &Transition<'a>) -> Option<(&'a User, &'a User)> {
    let (before, after) = devices(event);
    Some((before.work.as_ref()?, after.work.as_ref()?))
}

fn level(event: &Transition<'_>) -> u8 {
    devices(event).0.api
}

fn said_true(event: &Transition<'_>) -> bool {
    event.outcome.is_some_and(|outcome| outcome.value == Value::Truth(true))
}

fn is_token_reset(event: &Transition<'_>) -> bool {
    matches!(android(event), Call::ResetPasswordWithToken { .. })
}

fn same_lock(before: &User, after: &User) -> bool {
    (before.challenge, &before.lock) == (after.challenge, &after.lock)
}

fn by_owner(event: &Transition<'_>) -> bool {
    matches!(
        android(event),
        Call::SetResetPasswordToken { .. }
            | Call::ClearResetPasswordToken { .. }
            | Call::ResetPasswordWithToken { .. }
            | Call::ResetPassword { .. }
            | Call::LockNow { .. }
            | Call::InstallPolicy { .. }
    )
}

fn may_end_token(event: &Transition<'_>) -> bool {
    match android(event) {
        Call::ClearResetPasswordToken { .. } | Call::SetResetPasswordToken { .. } => true,
        Call::ResetPassword { .. } => matches!(level(event), 26 | 27),
        _ => false,
    }
}

/// Returns true if the event contains the right knowledge factor: typed, or remembered from the
/// last unlock when the profile is turned on again (from level 30).
fn shows_knowledge(event: &Transition<'_>) -> bool {
    match android(event) {
        Call::Unlock { with, .. } | Call::ConfirmCredential { with, .. } => {
            *with != Factor::Biometric
        }
        Call::UserSetsLock { .. } | Call::UserRemovesLock { .. } | Call::UserUnifiesChallenge => {
            true
        }
        Call::QuietMode { on } => !on && level(event) >= 30,
        // This is another token, for a user who has nothing to type any more.
        Call::SetResetPasswordToken { .. } => {
            work(event).is_some_and(|(before, _)| !before.is_secure())
        }
        _ => false,
    }
}

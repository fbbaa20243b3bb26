//! Android phones: every API level, every enrolment, several behaviour profiles.
//!
//! The shares are invented so that every call and every refusal occurs; they say nothing about any
//! real fleet.

use chrono::TimeDelta;
use device_sim::android::{
    self, ApiLevel, Call, Caller, Device, Enrolment, Factor, Flags, Lock, PasswordPolicy, Quality,
    Run, TokenBytes, UserId, Who,
};
use device_sim::{Machine, Rng, Secret, Setup};

use super::Population;

/// A behaviour profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    /// Types the right thing and does what is asked.
    Cooperates,
    /// Often types something else.
    Forgets,
    /// Uses a finger wherever it will do.
    Hurries,
    /// Leaves the phone in a drawer for days.
    Absent,
}

/// The user of one phone, and the app that manages it.
#[derive(Clone, Copy, Debug)]
pub struct User {
    profile: Profile,
    owner: Caller,
    has_profile: bool,
}

/// Phones with every API level and every enrolment.
#[derive(Clone, Copy, Debug, Default)]
pub struct AndroidPopulation;

impl Population for AndroidPopulation {
    type User = User;

    fn enrol(&self, rng: &mut Rng) -> (Setup, User) {
        let number = rng.between(ApiLevel::FIRST.number().into(), ApiLevel::LAST.number().into());
        let level = u8::try_from(number).ok().and_then(ApiLevel::new).unwrap_or(ApiLevel::LAST);
        let enrolment = match rng.below(10) {
            0 => Enrolment::None,
            1 | 2 => Enrolment::DeviceAdmin,
            3 | 4 => Enrolment::DeviceOwner,
            _ => Enrolment::WorkProfile,
        };
        let mut setup = android::Setup::new(level, &[enrolment]);
        setup.biometrics = rng.happens(2, 3);
        if rng.happens(3, 4) {
            setup.lock = Lock::from_text("2580");
        }
        if setup.has_profile() && level.number() >= 24 && rng.happens(1, 3) {
            setup.work_lock = Some(Lock::from_text("work 2018"));
        }
        if rng.happens(1, 2) {
            setup.set_policy(demand(Quality::Numeric));
        }
        let target = if rng.happens(1, 3) { 25 } else { level.number() };
        for admin in setup.admins_mut() {
            admin.target_sdk = target.min(level.number());
            admin.direct_boot_aware = rng.happens(3, 4);
        }
        let profile = match rng.below(4) {
            0 => Profile::Cooperates,
            1 => Profile::Forgets,
            2 => Profile::Hurries,
            _ => Profile::Absent,
        };
        let owner = Caller::new(setup.default_caller());
        let has_profile = setup.has_profile();
        (setup.into(), User { profile, owner, has_profile })
    }

    fn next(
        &self,
        user: &mut User,
        machine: &Machine,
        rng: &mut Rng,
    ) -> (TimeDelta, device_sim::Call) {
        let longest = if user.profile == Profile::Absent { 2_880 } else { 180 };
        let wait = TimeDelta::seconds((60 * rng.between(5, longest)).into());
        let call = machine.as_android().map_or(Call::Reboot, |device| {
            if rng.happens(1, 6) {
                user.admin_does(device, rng)
            } else {
                user.user_does(device, rng)
            }
        });
        (wait, call.into())
    }
}

fn demand(quality: Quality) -> PasswordPolicy {
    PasswordPolicy { quality, ..PasswordPolicy::NONE }
}

impl User {
    fn user(self, rng: &mut Rng) -> UserId {
        if self.has_profile && rng.happens(1, 2) { UserId::Work } else { UserId::Device }
    }

    /// Returns the credential that this user enters.
    fn factor(self, device: &Device, user: UserId, rng: &mut Rng) -> Factor {
        let wrong = self.profile == Profile::Forgets && rng.happens(1, 2);
        if self.profile == Profile::Hurries && rng.happens(2, 3) {
            return Factor::Biometric;
        }
        let right = device.user(device.credential_owner(user)).map(|user| user.lock().secret());
        match right {
            Some(secret) if !wrong => Factor::Known(secret.clone()),
            _ => Factor::Known(Secret::new("was it this")),
        }
    }

    fn user_does(self, device: &Device, rng: &mut Rng) -> Call {
        let user = self.user(rng);
        match rng.below(40) {
            0 => Call::Reboot,
            1 => Call::QuietMode { on: true },
            2..=4 if device.user(UserId::Work).is_some_and(|work| work.run() == Run::Stopped) => {
                Call::QuietMode { on: false }
            }
            2 => Call::PressForgotPassword,
            3 => Call::UserSetsLock { user, lock: Lock::from_text("2580"), old: None },
            4 => Call::UserSetsLock { user, lock: Lock::from_text("pattern:14789"), old: None },
            5 => Call::UserRemovesLock { user },
            6 => Call::UserUnifiesChallenge,
            7 => Call::UserEnrolsBiometrics { user },
            8 => Call::GoOffline,
            9 => Call::GoOnline,
            10..=15 => Call::ScreenOff,
            16..=18 => Call::ConfirmCredential { user, with: self.factor(device, user, rng) },
            _ => Call::Unlock { user, with: self.factor(device, user, rng) },
        }
    }

    fn admin_does(self, device: &Device, rng: &mut Rng) -> Call {
        let by = self.owner;
        let flags = Flags { require_entry: rng.happens(1, 4), do_not_ask_on_boot: false };
        let user = if self.has_profile { UserId::Work } else { UserId::Device };
        let armed = device.user(user).is_some_and(android::User::has_active_token);
        let password = Secret::new("907856");
        match rng.below(12) {
            0..=3 if !armed => {
                Call::SetResetPasswordToken { by, token: Some(TokenBytes::default()) }
            }
            0 | 1 => Call::IsResetPasswordTokenActive { by },
            2 | 3 => Call::ResetPasswordWithToken {
                by,
                password,
                token: Some(TokenBytes::default()),
                flags,
            },
            4 => Call::ResetPassword { by, password, flags },
            5 => Call::InstallPolicy { by, policy: demand(Quality::Numeric) },
            6 => Call::InstallPolicy { by, policy: PasswordPolicy::NONE },
            7 => Call::AmapiResetPassword { password, flags, lock_now: false, minutes: None },
            8 => Call::ClearResetPasswordToken { by },
            9 => Call::LockNow { by, evict_key: by.who == Who::ProfileOwner },
            10 => Call::IsActivePasswordSufficient { by },
            _ => Call::GetPasswordComplexity { by },
        }
    }
}

//! Android, API level 23 to 36: the results of a passcode reset.
//!
//! A [`Device`] has a primary user and perhaps a work profile, admins, and a lock service with
//! escrow tokens. A [`Call`] is something that an app, a person or the system does to it; the
//! answer is what the platform would return or throw. Where the sources are silent, the choice is
//! one of the [`Parameters`].
//!
//! The facts are taken from the platform's sources at each API level
//! (<https://github.com/AndroidSDKSources>), from its unit tests and from its compatibility
//! tests; each file names its own.

mod admin;
mod agent;
mod amapi;
mod answer;
mod args;
mod call;
mod confirm;
mod events;
mod expiration;
mod exploration;
mod invariants;
mod legacy_reset;
mod level;
mod lifecycle;
mod limits;
mod lock_service;
mod lockout;
mod metrics;
mod observables;
mod parameters;
mod parse;
mod password_calls;
mod policy;
mod secret;
mod setup;
mod strong_auth;
mod token_calls;
mod user;
mod validation;

pub(crate) use admin::AdminKind;
pub use admin::{Admin, Caller, Flags, TokenStorage, Who};
pub(crate) use agent::Agent;
pub(crate) use amapi::Amapi;
pub(crate) use answer::OUTCOME_KEYS;
pub use answer::{Answer, CommandState, Exception, Obstacle, ReturnWord, Seen, Thrown};
pub use call::{Call, Factor};
pub(crate) use events::PolicyEvent;
pub use exploration::{TOKEN_EXPLORATIONS, token_exploration};
pub(crate) use exploration::{forget_entries, is_strong_auth_alarm};
pub(crate) use invariants::broken_invariants;
pub use level::ApiLevel;
pub(crate) use level::{in_words, version_axis};
pub(crate) use observables::OBSERVABLES;
pub use parameters::Parameters;
pub use policy::{Complexity, Minima, Minimum, PasswordPolicy, Quality};
pub(crate) use secret::LockKind;
pub use secret::{Lock, Secret, TokenBytes};
pub use setup::{Enrolment, Hardware, Setup};
pub(crate) use user::{Challenge, EscrowToken};
pub use user::{Run, TokenState, User, UserId};

use crate::model::Outcome;
use chrono::{DateTime, Utc};
use limits::{Limit, Limits};

/// The context of a call on such a device.
type Context<'a> = crate::model::Context<'a, Call>;

/// A simulated Android device.
///
/// ```
/// use chrono::DateTime;
/// use device_sim::android::{ApiLevel, Call, Caller, Enrolment, Setup, TokenBytes, Who};
/// use device_sim::{Rng, Context};
///
/// let oreo = ApiLevel::new(26).expect("26 is simulated");
/// let mut device = Setup::new(oreo, &[Enrolment::WorkProfile]).build();
/// let set = Call::SetResetPasswordToken {
///     by: Caller::new(Who::ProfileOwner),
///     token: Some(TokenBytes::default()),
/// };
/// let mut rng = Rng::new(1, 0);
/// let mut context = Context::new(DateTime::UNIX_EPOCH, &mut rng);
/// assert!(device.answer(&set, &mut context).is_true());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Device {
    api: u8,
    hardware: Hardware,
    parameters: Parameters,
    provisioned: bool,
    /// True if the work profile is there by the company's right, not the user's.
    company_owned: bool,
    /// `DISALLOW_UNIFIED_PASSWORD`: the work profile must have a lock of its own.
    unified_disallowed: bool,
    /// True if an app that is no admin holds `REQUEST_PASSWORD_COMPLEXITY`.
    app_may_read_complexity: bool,
    primary: User,
    work: Option<User>,
    admins: Vec<Admin>,
    /// The apps that enrolment brings, as they come.
    apps: Vec<Admin>,
    do_not_ask_on_boot: bool,
    notification: bool,
    tied_lock_cached: bool,
    weaver_free: Option<u8>,
    logged: Option<&'static str>,
    event: PolicyEvent,
    amapi: Amapi,
}

impl Device {
    /// Handles a call and returns the answer in the frame's own form.
    pub(crate) fn handle(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        match self.answer(call, context) {
            Answer::Happened => None,
            answer => Some(answer.into()),
        }
    }

    /// Returns a user, if there is one.
    pub fn user(&self, id: UserId) -> Option<&User> {
        match id {
            UserId::Device => Some(&self.primary),
            UserId::Work => self.work.as_ref(),
        }
    }

    fn user_mut(&mut self, id: UserId) -> Option<&mut User> {
        match id {
            UserId::Device => Some(&mut self.primary),
            UserId::Work => self.work.as_mut(),
        }
    }

    /// Returns every user that there is.
    fn each_user_mut(&mut self) -> impl Iterator<Item = &mut User> {
        [Some(&mut self.primary), self.work.as_mut()].into_iter().flatten()
    }

    /// Returns the owner of a profile, if there is one.
    fn profile_owner(&self) -> Option<&Admin> {
        self.admin(Caller::new(Who::ProfileOwner))
    }

    /// Returns a user that exists: admins run on users that do, and calls are refused before
    /// otherwise.
    fn users_mut(&mut self, id: UserId) -> &mut User {
        match (id, &mut self.work) {
            (UserId::Work, Some(work)) => work,
            _ => &mut self.primary,
        }
    }

    /// Forgets the policy log; and how many wrong passwords there were, as long as no admin wipes a
    /// user for them. An admin that begins to do so later would count them: the same number of them
    /// after that call has the same effect.
    pub(crate) fn forget_history(&mut self) {
        self.logged = None;
        self.event = PolicyEvent::None;
        let is_counted = |admin: &Admin| {
            admin.limits.iter().any(|one| one.get(Limit::FailedPasswordsForWipe) > 0)
        };
        if !self.admins.iter().any(is_counted) {
            for user in self.each_user_mut() {
                user.failed_attempts = 0;
            }
        }
    }

    /// Shows every moment that the device remembers, to move it.
    pub(crate) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        for user in self.each_user_mut() {
            user.entered_at.iter_mut().for_each(&mut *see);
            user.wrong_entries.moments().for_each(&mut *see);
        }
        let expiries = self.admins.iter_mut().flat_map(|admin| &mut admin.expiry);
        expiries.filter_map(|expiry| expiry.at.as_mut()).for_each(see);
    }

    /// Returns the API level.
    pub(crate) fn api(&self) -> u8 {
        self.api
    }

    /// Returns true if the token notification is shown.
    pub(crate) fn notification(&self) -> bool {
        self.notification
    }

    /// Returns the admin that a caller is, if it is one.
    fn admin(&self, caller: Caller) -> Option<&Admin> {
        let kind = caller.who.admin()?;
        self.admins.iter().find(|admin| admin.kind == kind)
    }

    /// Returns every policy that has a say over a user's password.
    ///
    /// A profile with a challenge of its own is judged by its own admins. Otherwise those of the
    /// device have a say, the parent-instance policies of every profile, and the policies of
    /// profiles that open with the device's lock.
    ///
    /// Source: `getActiveAdminsForLockscreenPoliciesLocked` in `DevicePolicyManagerService.java`
    /// at API levels 29 and 33, <https://github.com/AndroidSDKSources>.
    fn policies_for(&self, id: UserId) -> Vec<PasswordPolicy> {
        self.demands_for(id).map(|(_, _, policy, _)| policy).collect()
    }

    /// Returns every admin that has a say over a user's password, with what it demands.
    fn demands_for(
        &self,
        id: UserId,
    ) -> impl Iterator<Item = (&Admin, bool, PasswordPolicy, Limits)> {
        let separate = self.work.as_ref().is_some_and(|work| work.challenge == Challenge::Separate);
        let mut demands = Vec::new();
        for admin in &self.admins {
            let own = match id {
                UserId::Work if separate => admin.user == UserId::Work,
                _ => admin.user == UserId::Device || !separate,
            };
            if own {
                demands.push((admin, false, admin.policy, admin.limits[0]));
            }
            if admin.user == UserId::Work && !(id == UserId::Work && separate) {
                demands.push((admin, true, admin.parent_policy, admin.limits[1]));
            }
        }
        demands.into_iter()
    }
}

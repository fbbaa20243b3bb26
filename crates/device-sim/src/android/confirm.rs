//! A user's actions with credentials: unlocking, confirming, setting and removing locks.
//!
//! Sources: `KeyguardManager.java` at API levels 28, 29 and 34, `LockSettingsService.java`
//! (`verifyTiedProfileChallenge`, `hasPendingEscrowToken`) at 26 to 34, all in
//! <https://github.com/AndroidSDKSources>; `ConfirmDeviceCredentialActivity` of the Settings app
//! at <https://github.com/aosp-mirror/platform_packages_apps_settings>.

use super::Context;
use super::answer::{Answer, Obstacle, ReturnWord, Seen};
use super::call::Factor;
use super::secret::{Lock, Secret};
use super::user::{Challenge, Run, UserId};
use super::validation::{LONGEST, SHORTEST, has_valid_characters, is_sufficient};
use super::{Device, LockKind};
use crate::model::Value;

impl Device {
    /// `createConfirmDeviceCredentialIntent`: which screen it would open.
    pub(super) fn confirm_intent(&self, id: UserId) -> Answer {
        let Some(user) = self.user(id) else { return Answer::NotIssued(Obstacle::NoProfile) };
        let word = if !user.is_secure() {
            ReturnWord::Null
        } else if self.biometrics_offered(id) {
            ReturnWord::KnowledgeOrBiometric
        } else {
            ReturnWord::Knowledge
        };
        Answer::Returned(Value::Word(word.as_str()))
    }

    /// Returns true if the confirm screen of a user takes a fingerprint.
    fn biometrics_offered(&self, id: UserId) -> bool {
        let pending = |id| {
            self.user(id).is_some_and(|user| user.escrow.tokens.iter().any(|token| !token.active))
        };
        let owner = self.credential_owner(id);
        let guarded = self.api >= 29 && (pending(id) || pending(owner));
        self.user(owner).is_some_and(|user| user.biometrics && !user.strong_auth) && !guarded
    }

    /// Enters a factor on the confirm screen, or on the lock screen, of a user.
    pub(super) fn enter(
        &mut self,
        id: UserId,
        factor: &Factor,
        on_lock_screen: bool,
        context: &mut Context<'_>,
    ) -> Answer {
        let starts = match self.user(id) {
            None => return Answer::NotIssued(Obstacle::NoProfile),
            Some(user) if user.run == Run::Stopped && !user.asks_to_start => {
                return Answer::NotIssued(Obstacle::ProfileOff);
            }
            Some(user) => user.asks_to_start,
        };
        let owner = self.credential_owner(id);
        let secret = match factor {
            // A fingerprint does not open storage.
            Factor::Biometric if starts => return Answer::Saw(Seen::StrongAuthRequired),
            Factor::Biometric => return Answer::Saw(self.enter_biometric(owner, on_lock_screen)),
            Factor::Known(secret) => Some(secret.clone()),
            Factor::Generated => self.users_mut(owner).generated.clone(),
        };
        if let Some(seen) = self.check_entry(owner, secret.as_ref(), context) {
            return Answer::Saw(seen);
        }
        // The prompt of a profile that opens with the device's lock verifies both, one by one.
        let profile = (starts && owner != id).then_some(id);
        for user in [Some(owner), profile].into_iter().flatten() {
            if let Err(thrown) = self.verified(user, on_lock_screen && !starts, context) {
                return Answer::Threw(thrown);
            }
        }
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Checks a credential that does not open a user; returns what the person sees.
    fn check_entry(
        &mut self,
        owner: UserId,
        typed: Option<&Secret>,
        context: &mut Context<'_>,
    ) -> Option<Seen> {
        let user = self.users_mut(owner);
        if user.wrong_entries.is_locked_out() {
            return Some(Seen::LockedOut);
        }
        let right = typed == Some(user.lock.secret());
        (!right).then(|| self.wrong_entry(owner, typed, context))
    }

    /// A fingerprint may open the lock screen; it never activates a token.
    fn enter_biometric(&mut self, owner: UserId, on_lock_screen: bool) -> Seen {
        let offered = self.biometrics_offered(owner);
        let says_ok = self.parameters.biometric_confirm_says_ok;
        let pending = |user: &super::User| user.escrow.tokens.iter().any(|token| !token.active);
        let profile_waits = self.work.as_ref().is_some_and(pending);
        let user = self.users_mut(owner);
        let waits = pending(user) || profile_waits;
        if !user.biometrics {
            return Seen::NotOffered;
        }
        if user.strong_auth || user.run != Run::Unlocked || user.wrong_entries.is_locked_out() {
            return Seen::StrongAuthRequired;
        }
        if on_lock_screen {
            user.keyguard = false;
            return Seen::Ok;
        }
        if offered && (says_ok || !waits) { Seen::Ok } else { Seen::NotOffered }
    }

    /// Settings: a new lock, after the old one was typed.
    pub(super) fn user_sets_lock(
        &mut self,
        id: UserId,
        lock: &Lock,
        old: Option<&Lock>,
        context: &mut Context<'_>,
    ) -> Answer {
        match self.user(id) {
            None => return Answer::NotIssued(Obstacle::NoProfile),
            Some(user) if user.run == Run::Stopped => {
                return Answer::NotIssued(Obstacle::ProfileOff);
            }
            Some(_) if id == UserId::Work && self.api < 24 => {
                return Answer::NotIssued(Obstacle::NoSuchFunction);
            }
            Some(_) => {}
        }
        // Settings lies behind the lock screen of the device.
        let possible = self.can_store_locks() || !lock.is_secure();
        if self.primary.keyguard || !possible {
            return Answer::Saw(Seen::NotAvailable);
        }
        let owner = self.credential_owner(id);
        let was_secure = self.users_mut(owner).is_secure();
        if let Some(old) = old.filter(|_| was_secure)
            && let Some(seen) = self.check_entry(owner, Some(old.secret()), context)
        {
            return Answer::Saw(seen);
        }
        if !self.settings_accepts(id, lock) || self.was_used_before(id, lock.secret()) {
            return Answer::Saw(Seen::RefusedByPolicy);
        }
        if (was_secure || self.parameters.new_lock_activates)
            && let Err(thrown) = self.verified(owner, false, context)
        {
            return Answer::Threw(thrown);
        }
        self.separate(id);
        self.store_lock(id, lock.clone());
        self.users_mut(id).verified_since_boot = true;
        if lock.is_secure() {
            self.count_hours(id, context);
        }
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Returns true if the lock service stores a lock at all: from API level 29 it throws
    /// `UnsupportedOperationException` on devices without the feature.
    ///
    /// Source: `setLockCredential` in `LockSettingsService.java` at API levels 29 to 34.
    fn can_store_locks(&self) -> bool {
        self.api < 29 || self.hardware.secure_lock_screen
    }

    /// Returns true if Settings lets a person choose this lock.
    ///
    /// Source: `ChooseLockPattern`, `ChooseLockPassword` of Settings; `getPasswordMaximumLength` in
    /// `DevicePolicyManager.java` at API level 29.
    fn settings_accepts(&self, id: UserId, lock: &Lock) -> bool {
        let text = lock.secret().reveal();
        let length = text.chars().count();
        let storable = match lock.kind() {
            LockKind::None | LockKind::Tied => true,
            LockKind::Pattern => length >= usize::from(SHORTEST),
            LockKind::Pin | LockKind::Password => {
                (usize::from(SHORTEST)..=usize::from(LONGEST)).contains(&length)
                    && has_valid_characters(text)
            }
        };
        // Setting a lock on the profile makes it separate, so only its own admins have a say.
        let policies = match id {
            UserId::Device => self.policies_for(id),
            UserId::Work => {
                let own = self.admins.iter().filter(|admin| admin.user == UserId::Work);
                own.map(|admin| admin.policy).collect()
            }
        };
        storable && is_sufficient(self.api, &policies, lock)
    }

    /// Settings: no lock any more, after the old one was typed.
    pub(super) fn user_removes_lock(&mut self, id: UserId, context: &mut Context<'_>) -> Answer {
        let tied = self.user(id).is_some_and(|user| user.lock.kind() == LockKind::Tied);
        if tied {
            return Answer::Saw(Seen::NotAvailable);
        }
        self.user_sets_lock(id, &Lock::none(), None, context)
    }

    /// Settings: one lock for the device and the profile.
    ///
    /// From API level 30 the device's lock must do for the profile, too, before it is the only one
    /// (`isPasswordSufficientAfterProfileUnification` in `DevicePolicyManager.java` at 30 to 34;
    /// `ChooseLockGeneric` of Settings requires a better one first).
    pub(super) fn user_unifies(&mut self, context: &mut Context<'_>) -> Answer {
        let Some(work) = &self.work else { return Answer::NotIssued(Obstacle::NoProfile) };
        if work.run == Run::Stopped {
            return Answer::NotIssued(Obstacle::ProfileOff);
        }
        if self.api < 24 || work.challenge == Challenge::Unified || self.primary.keyguard {
            return Answer::Saw(Seen::NotAvailable);
        }
        if self.unified_disallowed || (self.api >= 30 && !self.device_lock_does_for_both()) {
            return Answer::Saw(Seen::RefusedByPolicy);
        }
        if work.is_secure()
            && let Err(thrown) = self.verified(UserId::Work, false, context)
        {
            return Answer::Threw(thrown);
        }
        let work = self.users_mut(UserId::Work);
        work.challenge = Challenge::Unified;
        work.generated = None;
        self.tie_profile();
        self.log_challenge();
        self.tell_agent();
        Answer::Saw(Seen::Ok)
    }

    /// Returns true if the device's lock satisfies every admin's demands on the device and the
    /// profile.
    fn device_lock_does_for_both(&self) -> bool {
        let policies: Vec<_> =
            self.admins.iter().flat_map(|admin| [admin.policy, admin.parent_policy]).collect();
        is_sufficient(self.api, &policies, &self.primary.lock)
    }

    /// The screen goes off and on again: lock screens are up.
    pub(super) fn lock_screens(&mut self) {
        self.primary.keyguard = self.primary.is_secure();
        if let Some(work) = &mut self.work {
            let own = work.challenge == Challenge::Separate && work.is_secure();
            work.keyguard = own && work.run == Run::Unlocked || work.keyguard;
        }
    }
}

//! The limits of admins besides the password itself: former passwords, wrong ones before a wipe,
//! the hours of a fingerprint, one lock for both; and what they read back.
//!
//! Sources: `DevicePolicyManagerService.java` (`setPasswordHistoryLength`,
//! `setMaximumFailedPasswordsForWipe`, `reportFailedPasswordAttempt`,
//! `getUserIdToWipeForFailedPasswords`, `setRequiredStrongAuthTimeout`,
//! `getStrictestPasswordRequirement`, `getRequiredPasswordComplexity`), `LockPatternUtils.java`
//! (`checkPasswordHistory`, `isSeparateProfileChallengeAllowedToUnify`) and
//! `LockSettingsService.java` (`updatePasswordHistory`, `setLockCredentialWithToken`) at API levels
//! 26 to 34, <https://github.com/AndroidSDKSources>.

use eligibility::closed_enum;

use super::answer::{Exception, Thrown};
use super::policy::{Complexity, Minimum, Quality};
use super::secret::{Lock, LockKind, Secret, TokenBytes};
use super::user::UserId;
use super::{Admin, Caller, Context, Device};

closed_enum! {
    /// A numeric limit of an admin.
    pub enum Limit: "limit" {
        /// `setRequiredStrongAuthTimeout`, in hours.
        StrongAuthHours = "strong-auth-hours",
        /// `setMaximumFailedPasswordsForWipe`.
        FailedPasswordsForWipe = "failed-passwords-for-wipe",
        /// `setPasswordHistoryLength`.
        PasswordHistory = "password-history",
        /// `setPasswordExpirationTimeout`, in days.
        PasswordExpirationDays = "password-expiration-days",
    }
}

closed_enum! {
    /// A restriction of the user that an owner can set.
    pub enum UserRestriction: "user restriction" {
        /// `DISALLOW_UNIFIED_PASSWORD`, which came with API level 28.
        DisallowUnifiedPassword = "disallow-unified-password",
    }
}

/// The limits of an admin besides the password itself, one for each [`Limit`]; 0 is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Limits([u8; Limit::ALL.len()]);

impl Limits {
    pub(super) const fn get(self, limit: Limit) -> u8 {
        self.0[limit as usize]
    }
}

impl Device {
    /// Sets a limit. Hours are for owners; former passwords and days are for those who may limit
    /// passwords; a wipe after wrong ones is for every admin.
    pub(super) fn set_limit(
        &mut self,
        caller: Caller,
        limit: Limit,
        value: u8,
        context: &mut Context<'_>,
    ) -> Result<(), Thrown> {
        self.limit_exists(limit)?;
        if self.api >= 29 && !self.hardware.secure_lock_screen {
            return Ok(());
        }
        let place = usize::from(caller.on_parent);
        let admin = match limit {
            Limit::PasswordHistory | Limit::PasswordExpirationDays => self.policy_holder(caller)?,
            _ => self.any_admin(caller)?,
        };
        let excluded = admin.is_financed || !admin.is_owner();
        if limit == Limit::StrongAuthHours && excluded {
            return Err(Exception::Security.because("the caller owns neither device nor profile"));
        }
        let user = admin.user;
        admin.limits[place].0[limit as usize] = value;
        if limit == Limit::PasswordExpirationDays {
            self.count_expiration(caller, context);
            return Ok(());
        }
        if limit == Limit::StrongAuthHours {
            for id in [UserId::Device, user].into_iter().take(1 + usize::from(user == UserId::Work))
            {
                self.recount_hours(id, context);
            }
        }
        Ok(())
    }

    /// Refuses the hours of a fingerprint before API level 26.
    fn limit_exists(&self, limit: Limit) -> Result<(), Thrown> {
        let exists = limit != Limit::StrongAuthHours || self.api >= 26;
        exists
            .then_some(())
            .ok_or(Exception::NoSuchMethod.because("the call came with API level 26"))
    }

    /// Returns an active admin, whatever it may do.
    pub(super) fn any_admin(&mut self, caller: Caller) -> Result<&mut Admin, Thrown> {
        let admin = self.admin_mut(caller.who.admin());
        let admin = admin.ok_or(Exception::Security.because("the caller is no active admin"))?;
        if caller.on_parent && admin.user != UserId::Work {
            let message = "only the owner of a work profile has a parent instance";
            return Err(Exception::Security.because(message));
        }
        Ok(admin)
    }

    /// Returns the caller's own limit.
    pub(super) fn limit(&mut self, caller: Caller, limit: Limit) -> Result<i64, Thrown> {
        self.limit_exists(limit)?;
        let place = usize::from(caller.on_parent);
        Ok(self.any_admin(caller)?.limits[place].get(limit).into())
    }

    /// `getPasswordMinimumLength` and its kin: the caller's own minimum.
    pub(super) fn own_minimum(&mut self, caller: Caller, which: Minimum) -> Result<i64, Thrown> {
        Ok(self.any_admin(caller)?.policy_mut(caller).minima.get(which).into())
    }

    /// `getPasswordQuality`: the caller's own.
    pub(super) fn own_quality(&mut self, caller: Caller) -> Result<Quality, Thrown> {
        Ok(self.any_admin(caller)?.policy_mut(caller).quality)
    }

    /// `getRequiredPasswordComplexity`: the caller's own; for owners.
    pub(super) fn own_complexity(&mut self, caller: Caller) -> Result<Complexity, Thrown> {
        let admin = self.any_admin(caller)?;
        if !admin.is_owner() {
            return Err(Exception::Security.because("the caller owns neither device nor profile"));
        }
        Ok(admin.policy_mut(caller).complexity)
    }

    /// `addUserRestriction` and `clearUserRestriction`, for owners.
    pub(super) fn set_user_restriction(
        &mut self,
        caller: Caller,
        restriction: UserRestriction,
        on: bool,
    ) -> Result<(), Thrown> {
        let admin = self.any_admin(caller)?;
        if !admin.is_owner() || caller.on_parent {
            return Err(Exception::Security.because("the caller owns neither device nor profile"));
        }
        let of_profile = admin.user == UserId::Work;
        match restriction {
            UserRestriction::DisallowUnifiedPassword if of_profile => self.unified_disallowed = on,
            UserRestriction::DisallowUnifiedPassword => {}
        }
        Ok(())
    }

    /// Returns the number of former passwords of a user that are remembered.
    fn history_length(&self, id: UserId) -> usize {
        let lengths = self.demands_for(id).map(|(.., limits)| limits.get(Limit::PasswordHistory));
        lengths.max().unwrap_or(0).into()
    }

    /// Remembers a new password, if a policy wants it. Patterns are not remembered.
    pub(super) fn remember_password(&mut self, id: UserId, lock: &Lock) {
        let length = self.history_length(id);
        let typed = matches!(lock.kind(), LockKind::Pin | LockKind::Password);
        let user = self.users_mut(id);
        if length > 0 && typed {
            user.history.insert(0, lock.secret().clone());
        }
        user.history.truncate(length);
    }

    /// Returns true if Settings refuses a password because it was used before.
    pub(super) fn was_used_before(&self, id: UserId, secret: &Secret) -> bool {
        let length = self.history_length(id);
        self.user(id).is_some_and(|user| user.history.iter().take(length).any(|old| old == secret))
    }

    /// Counts a wrong password; wipes the user of the strictest admin after too many. Returns true
    /// if something was wiped.
    pub(super) fn report_failed_attempt(&mut self, id: UserId) -> bool {
        let user = self.users_mut(id);
        user.failed_attempts = user.failed_attempts.saturating_add(1);
        let failed = user.failed_attempts;
        let limits = self
            .demands_for(id)
            .map(|(admin, .., limits)| (limits.get(Limit::FailedPasswordsForWipe), admin));
        let strictest = limits.filter(|(most, _)| *most > 0).min_by_key(|(most, _)| *most);
        let Some((most, admin)) = strictest else { return false };
        if failed < most {
            return false;
        }
        // On a device of the company a limit on the parent is one on the whole device.
        let on_parent = admin.user == UserId::Work
            && admin.limits[0].get(Limit::FailedPasswordsForWipe) != most
            && self.company_owned;
        match admin.user {
            UserId::Work if !on_parent => drop(self.remove_work_profile()),
            _ => self.factory_reset(),
        }
        true
    }

    /// The lock service's own `setLockCredentialWithToken`, for any of its tokens.
    pub(super) fn set_credential_with_token(
        &mut self,
        id: UserId,
        password: &Secret,
        bytes: &TokenBytes,
    ) -> Result<bool, Thrown> {
        if self.api >= 29 && !self.hardware.secure_lock_screen && !password.is_empty() {
            let message = "This operation requires secure lock screen feature.";
            return Err(Exception::UnsupportedOperation.because(message));
        }
        let Some(user) = self.user(id) else { return Ok(false) };
        if !user.escrow.enabled {
            let message = "Escrow token is disabled on the current user";
            return Err(Exception::Security.because(message));
        }
        let usable = |token: &super::EscrowToken| {
            token.bytes == *bytes && token.active && (token.current || self.api == 26)
        };
        if !user.escrow.tokens.iter().any(usable) {
            return Ok(false);
        }
        self.separate(id);
        self.store_lock(id, Lock::by_reset(self.api, password));
        self.tell_agent();
        Ok(true)
    }

    /// The lock service's own `isEscrowTokenActive`.
    pub(super) fn is_escrow_token_active(&self, id: UserId, bytes: &TokenBytes) -> bool {
        let tokens = self.user(id).map(|user| user.escrow.tokens.iter());
        tokens.is_some_and(|mut all| all.any(|token| token.bytes == *bytes && token.active))
    }

    /// The lock service's own `removeEscrowToken`; returns true if there was one.
    pub(super) fn remove_token_with(&mut self, id: UserId, bytes: &TokenBytes) -> bool {
        let tokens = self.user(id).map(|user| user.escrow.tokens.iter());
        let found = tokens.and_then(|mut all| all.find(|token| token.bytes == *bytes));
        let handle = found.map(|token| token.handle);
        let removed = handle.is_some_and(|handle| self.remove_escrow_token(id, handle));
        self.tell_agent();
        removed
    }

    /// Returns true if a caller holds `REQUEST_PASSWORD_COMPLEXITY`, or owns what it asks about:
    /// owners need no permission from level 31 on.
    pub(super) fn may_read_complexity(&self, caller: Caller) -> bool {
        match self.admin(caller) {
            Some(admin) => admin.may_read_complexity || (self.api >= 31 && admin.is_owner()),
            None => self.app_may_read_complexity,
        }
    }
}

//! The lock service: escrow tokens, verification of credentials, the tied lock of a profile.
//!
//! Sources, by API level in <https://github.com/AndroidSDKSources>: `LockSettingsService.java`
//! (`addEscrowToken`, `activateEscrowTokens`, `removeEscrowToken`,
//! `disableEscrowTokenOnNonManagedDevicesIfNeeded`, `tieManagedProfileLockIfNecessary`,
//! `unlockChildProfile`) and `SyntheticPasswordManager.java`, 26 to 34.

use super::answer::{Exception, Thrown};
use super::lockout::WrongEntries;
use super::secret::{Lock, LockKind, TokenBytes};
use super::user::{Challenge, EscrowToken, Run, UserId};
use super::{Context, Device};

impl Device {
    /// Returns true if the escrow data of a user may stay: someone manages it, or no one can yet.
    ///
    /// From level 30 the question is put differently (is the user managed, is the device
    /// managed), with the same answers for the users that there are here.
    fn keeps_escrow(&self, user: UserId) -> bool {
        let owned = self.admins.iter().any(|admin| {
            admin.is_owner() && (admin.user == user || admin.kind == super::AdminKind::DeviceOwner)
        });
        user == UserId::Work || owned || !self.provisioned || self.hardware.automotive
    }

    /// Destroys the escrow data of a user that no one manages, for good.
    pub(super) fn check_escrow(&mut self, user: UserId) {
        if !self.keeps_escrow(user)
            && let Some(user) = self.user_mut(user)
        {
            user.escrow.enabled = false;
            user.escrow.tokens.retain(|token| token.active);
        }
    }

    /// Adds a token and returns its handle: active at once for a user without a lock, pending
    /// otherwise.
    pub(super) fn add_escrow_token(
        &mut self,
        id: UserId,
        bytes: &TokenBytes,
    ) -> Result<u8, Thrown> {
        self.check_escrow(id);
        let Some(user) = self.user(id) else {
            return Err(Exception::Security.because("there is no such user"));
        };
        if !user.escrow.enabled {
            let message = "Escrow token is disabled on the current user";
            return Err(Exception::Security.because(message));
        }
        let active = !user.is_secure();
        if active {
            self.burn_weaver_slots(1)?;
        }
        let user = self.users_mut(id);
        let used = |handle: &u8| user.escrow.tokens.iter().any(|token| token.handle == *handle);
        let handle = (0..u8::MAX).find(|handle| !used(handle)).unwrap_or(u8::MAX);
        let bytes = bytes.clone();
        user.escrow.tokens.push(EscrowToken { handle, bytes, active, current: true });
        Ok(handle)
    }

    /// Removes a token; whether there was one.
    pub(super) fn remove_escrow_token(&mut self, id: UserId, handle: u8) -> bool {
        let Some(user) = self.user_mut(id) else { return false };
        let tokens = &mut user.escrow.tokens;
        let Some(place) = tokens.iter().position(|token| token.handle == handle) else {
            return false;
        };
        let removed = tokens.remove(place);
        if let Some(free) = self.weaver_free.as_mut().filter(|_| removed.active) {
            *free += 1;
        }
        true
    }

    /// Takes free Weaver slots, one for each token that becomes active.
    ///
    /// Devices with Weaver have had it since API level 27.
    fn burn_weaver_slots(&mut self, count: u8) -> Result<(), Thrown> {
        let Some(free) = self.weaver_free.filter(|_| self.api >= 27) else { return Ok(()) };
        let left = free.checked_sub(count);
        self.weaver_free = Some(left.unwrap_or(free));
        left.map(drop).ok_or(Exception::IllegalState.because("Run out of weaver slots."))
    }

    /// Applies the consequences of a right knowledge factor: the user is unlocked, and with the
    /// primary user a profile that runs and opens with its lock.
    ///
    /// Only the lock screen lets fingerprints open the primary user again; a profile's are allowed
    /// by its own verification (`onCredentialVerified` in `LockSettingsService.java` at API level
    /// 34, `userPresent` of the confirm screen before).
    ///
    /// # Errors
    ///
    /// When a token cannot be activated, verification itself fails and no one gets in.
    pub(super) fn verified(
        &mut self,
        id: UserId,
        on_lock_screen: bool,
        context: &mut Context<'_>,
    ) -> Result<(), Thrown> {
        let opens_profile = id == UserId::Device
            && self.work.as_ref().is_some_and(|work| {
                work.challenge == Challenge::Unified && work.run != Run::Stopped
            });
        let users = [Some(id), opens_profile.then_some(UserId::Work)].into_iter().flatten();
        let mut pending = 0;
        for id in users.clone() {
            self.check_escrow(id);
            let tokens = &self.users_mut(id).escrow.tokens;
            pending += tokens.iter().filter(|token| !token.active).count();
        }
        self.burn_weaver_slots(u8::try_from(pending).unwrap_or(u8::MAX))?;
        for id in users {
            self.users_mut(id).entered();
            self.count_hours(id, context);
        }
        if id == UserId::Work || opens_profile {
            let work = self.users_mut(UserId::Work);
            (work.keyguard, work.strong_auth) = (false, false);
        }
        if id == UserId::Device && on_lock_screen {
            (self.primary.keyguard, self.primary.strong_auth) = (false, false);
        }
        self.tied_lock_cached |= id == UserId::Device && self.api >= 30;
        Ok(())
    }

    /// Replaces a user's lock. Tokens and the rest of the user's state stay.
    pub(super) fn store_lock(&mut self, id: UserId, lock: Lock) {
        self.remember_password(id, &lock);
        let user = self.users_mut(id);
        user.lock = lock;
        user.generated = None;
        // A new credential begins without wrong entries, and without a wait.
        user.wrong_entries = WrongEntries::default();
        user.has_new_lock = true;
        if !user.lock.is_secure() {
            user.keyguard = false;
            user.biometrics = false;
            user.strong_auth = false;
        }
        self.tie_profile();
    }

    /// Ties the lock of a unified profile to the device's lock, or frees it of it.
    pub(super) fn tie_profile(&mut self) {
        let secure = self.primary.is_secure();
        if let Some(work) = self.work.as_mut().filter(|work| work.challenge == Challenge::Unified) {
            work.lock = if secure { Lock::tied() } else { Lock::none() };
        }
    }

    /// Makes the profile's challenge separate; says so in the log if it was not.
    pub(super) fn separate(&mut self, id: UserId) {
        if id == UserId::Work
            && let Some(work) = &mut self.work
            && work.challenge == Challenge::Unified
        {
            work.challenge = Challenge::Separate;
            self.log_challenge();
        }
    }

    /// Returns the user whose credential has to be typed for this one.
    pub fn credential_owner(&self, id: UserId) -> UserId {
        let tied = |work: &super::User| work.lock.kind() == LockKind::Tied;
        if id == UserId::Work && self.work.as_ref().is_some_and(tied) { UserId::Device } else { id }
    }
}

//! The four calls about reset password tokens, which came with API level 26.
//!
//! Sources: `DevicePolicyManager.java` and `DevicePolicyManagerService.java`
//! (`setResetPasswordToken`, `clearResetPasswordToken`, `isResetPasswordTokenActive`,
//! `resetPasswordWithToken`, `resetPasswordInternal`) at API levels 26 to 34, and
//! `LockSettingsService.java` (`setLockCredentialWithToken`), all in
//! <https://github.com/AndroidSDKSources>.

use super::answer::{Exception, Thrown};
use super::secret::{Lock, Secret, TokenBytes};
use super::user::{Run, UserId};
use super::validation::{SHORTEST, allows_reset};
use super::{Admin, AdminKind, Caller, Device, Flags};

/// Tokens shorter than this are refused, in bytes.
const SHORTEST_TOKEN: usize = 32;

impl Device {
    /// Refuses the calls on the parent instance, which comes before all other checks.
    fn token_call(&self, caller: Caller) -> Result<(), Thrown> {
        if caller.on_parent {
            let message = "this call does not exist on the parent instance";
            return Err(Exception::Security.because(message));
        }
        Ok(())
    }

    /// Returns true if the device has what the calls need at all; without it they all answer
    /// `false`.
    fn can_lock_securely(&self) -> bool {
        self.hardware.device_admin && (self.api < 29 || self.hardware.secure_lock_screen)
    }

    fn owner(&self, caller: Caller) -> Result<&Admin, Thrown> {
        self.admin(caller)
            .filter(|admin| admin.is_owner() && !(admin.is_financed && self.api >= 33))
            .ok_or(Exception::Security.because("the caller is neither profile nor device owner"))
    }

    /// `setResetPasswordToken`.
    pub(super) fn set_reset_password_token(
        &mut self,
        caller: Caller,
        token: Option<&TokenBytes>,
    ) -> Result<bool, Thrown> {
        self.token_call(caller)?;
        if !self.can_lock_securely() {
            return Ok(false);
        }
        // The length is looked at before the caller is.
        let Some(token) = token.filter(|token| token.length() >= SHORTEST_TOKEN) else {
            return Err(Exception::IllegalArgument.because("the token must have 32 bytes or more"));
        };
        let user = self.owner(caller)?.user;
        let before = self.user(user).map(|user| (user.handle, user.escrow.clone()));
        if let Some(handle) = self.users_mut(user).handle {
            self.remove_escrow_token(user, handle);
        }
        let handle = match self.add_escrow_token(user, token) {
            Ok(handle) => handle,
            Err(thrown) => {
                if let Some((handle, escrow)) = before
                    && !self.parameters.failed_set_forgets_token
                {
                    let user = self.users_mut(user);
                    user.handle = handle;
                    user.escrow.tokens = escrow.tokens;
                }
                return Err(thrown);
            }
        };
        self.users_mut(user).handle = Some(handle);
        self.tell_agent();
        Ok(true)
    }

    /// `isResetPasswordTokenActive`.
    ///
    /// Its documentation promises an exception when no token was set; it returns `false`.
    pub(super) fn is_reset_password_token_active(&self, caller: Caller) -> Result<bool, Thrown> {
        self.token_call(caller)?;
        if !self.can_lock_securely() {
            return Ok(false);
        }
        let user = self.owner(caller)?.user;
        Ok(self.user(user).is_some_and(super::User::has_active_token))
    }

    /// `clearResetPasswordToken`: whether there was something to remove.
    pub(super) fn clear_reset_password_token(&mut self, caller: Caller) -> Result<bool, Thrown> {
        self.token_call(caller)?;
        if !self.can_lock_securely() {
            return Ok(false);
        }
        let user = self.owner(caller)?.user;
        let handle = self.users_mut(user).handle.take();
        let removed = handle.is_some_and(|handle| self.remove_escrow_token(user, handle));
        self.tell_agent();
        Ok(removed)
    }

    /// `resetPasswordWithToken`. The checks are in the platform's order: the first that fails
    /// decides the answer.
    pub(super) fn reset_password_with_token(
        &mut self,
        caller: Caller,
        password: &Secret,
        token: Option<&TokenBytes>,
        flags: Flags,
    ) -> Result<bool, Thrown> {
        self.token_call(caller)?;
        if !self.can_lock_securely() {
            return Ok(false);
        }
        let Some(token) = token else {
            return Err(Exception::NullPointer.because("the token is null"));
        };
        let admin = self.owner(caller)?;
        let (id, kind) = (admin.user, admin.kind);
        if self.users_mut(id).handle.is_none() {
            return Ok(false);
        }
        if !allows_reset(self.api, &self.parameters, &self.policies_for(id), password) {
            return Ok(false);
        }
        if self.claimed_by_another(id, Some(kind)) {
            return Ok(false);
        }
        if flags.do_not_ask_on_boot && kind == AdminKind::DeviceOwner {
            // Latched even if the reset fails below.
            self.do_not_ask_on_boot = true;
        }
        if too_short(password) {
            return Err(Exception::IllegalArgument.because("the password has under 4 characters"));
        }
        if !self.token_opens(id, token)? {
            return Ok(false);
        }
        self.reset_done(id, kind, Lock::by_reset(self.api, password), flags);
        self.logged = if self.api >= 31 { Some("RESET_PASSWORD_WITH_TOKEN") } else { self.logged };
        Ok(true)
    }

    /// Returns true if the lock service takes the token for a reset.
    fn token_opens(&self, id: UserId, given: &TokenBytes) -> Result<bool, Thrown> {
        let Some(user) = self.user(id) else { return Ok(false) };
        if !user.escrow.enabled {
            let message = "Escrow token is disabled on the current user";
            return Err(Exception::Security.because(message));
        }
        if self.parameters.lockout_blocks_token && user.wrong_entries.is_locked_out() {
            return Ok(false);
        }
        let Some(token) = user.token().filter(|token| token.active) else {
            return match self.api {
                27..=32 if self.parameters.pending_reset_throws => {
                    Err(Exception::NullPointer.because("the secret of a pending token is absent"))
                }
                _ => Ok(false),
            };
        };
        let current =
            token.current || (self.api == 26 && self.parameters.obsolete_token_works_at_26);
        Ok(current && token.bytes.reveal() == given.reveal())
    }

    /// The consequences of a reset, by whichever call.
    pub(super) fn reset_done(&mut self, id: UserId, by: AdminKind, lock: Lock, flags: Flags) {
        let cleared = !lock.is_secure();
        self.separate(id);
        self.store_lock(id, lock);
        self.claim_entry(id, by, flags);
        let api = self.api;
        let user = self.users_mut(id);
        user.failed_attempts = 0;
        if cleared && api >= 29 && user.run == Run::Locked {
            user.run = Run::Unlocked;
        }
        self.tell_agent();
    }

    /// The `REQUIRE_ENTRY` flag: a claim of the caller, and strong authentication everywhere.
    fn claim_entry(&mut self, id: UserId, by: AdminKind, flags: Flags) {
        self.users_mut(id).claim = flags.require_entry.then_some(by);
        if flags.require_entry {
            self.primary.strong_auth = true;
            if let Some(work) = &mut self.work {
                work.strong_auth = true;
            }
        }
    }

    /// Returns true if another app's reset still waits for the password to be typed.
    pub(super) fn claimed_by_another(&self, id: UserId, by: Option<AdminKind>) -> bool {
        self.user(id).is_some_and(|user| user.claim.is_some() && user.claim != by)
    }
}

/// Returns true if storing it would throw. From level 30 such a password does not come this far.
pub(super) fn too_short(password: &Secret) -> bool {
    !password.is_empty() && password.reveal().chars().count() < usize::from(SHORTEST)
}

//! `resetPassword`, the call that lost a right with almost every release.
//!
//! Sources: `DevicePolicyManager.java` and `DevicePolicyManagerService.java` (`resetPassword`,
//! `resetPasswordInternal`, `setPasswordPrivileged`) at API levels 23 to 34 and
//! `LockPatternUtils.java` (`saveLockPassword`) at 24 and 26, in
//! <https://github.com/AndroidSDKSources>.

use super::answer::{Exception, Thrown};
use super::secret::{Lock, LockKind, Secret};
use super::token_calls::too_short;
use super::user::{Run, UserId};
use super::validation::allows_reset;
use super::{AdminKind, Caller, Device, Flags, Who};

/// A caller that is allowed to try.
#[derive(Clone, Copy)]
struct Entitled {
    /// Under whose name a claim is recorded; privileged apps count as the first device admin.
    kind: AdminKind,
    user: UserId,
    target_sdk: u8,
    is_owner: bool,
}

impl Entitled {
    /// Returns a refusal that apps built for old levels see as `false` and others as an exception.
    fn refused(self, exception: Exception, message: &'static str) -> Result<bool, Thrown> {
        if self.target_sdk >= 24 { Err(exception.because(message)) } else { Ok(false) }
    }
}

impl Device {
    /// `resetPassword`; null counts as empty.
    pub(super) fn reset_password(
        &mut self,
        caller: Caller,
        password: &Secret,
        flags: Flags,
    ) -> Result<bool, Thrown> {
        if caller.on_parent {
            let message = "this call does not exist on the parent instance";
            return Err(Exception::Security.because(message));
        }
        if !self.hardware.device_admin || (self.api >= 29 && !self.hardware.secure_lock_screen) {
            return Ok(false);
        }
        if self.api >= 30 && caller.who == Who::ResetPasswordHolder {
            return self.set_first_password(password, flags);
        }
        let from_profile = self.admin(caller).is_some_and(|admin| admin.user == UserId::Work);
        if from_profile && self.api <= 23 {
            let message = "a managed profile cannot reset the password";
            return Err(Exception::Security.because(message));
        }
        if from_profile && self.api <= 29 && password.is_empty() {
            let message = "a managed profile cannot clear the password";
            return Err(Exception::Security.because(message));
        }
        let entitled = self.entitled(caller)?;
        match self.api {
            ..=23 => self.store_reset(entitled, password, flags),
            24..=29 => self.reset_if_unrestricted(entitled, password, flags),
            30.. if entitled.target_sdk >= if entitled.is_owner { 26 } else { 24 } => {
                Err(Exception::Security.because("the call is no longer supported"))
            }
            30.. => Ok(false),
        }
    }

    fn entitled(&self, caller: Caller) -> Result<Entitled, Thrown> {
        if self.api == 29 && caller.who == Who::ResetPasswordHolder {
            let kind = AdminKind::DeviceAdmin;
            let user = UserId::Device;
            return Ok(Entitled { kind, user, target_sdk: self.api, is_owner: false });
        }
        let admin = self.admin(caller).filter(|admin| admin.is_owner() || admin.may_reset);
        let Some(admin) = admin else {
            let message = "the caller is no active admin with the right to reset passwords";
            return Err(Exception::Security.because(message));
        };
        let (kind, user, target_sdk) = (admin.kind, admin.user, admin.target_sdk);
        Ok(Entitled { kind, user, target_sdk, is_owner: admin.is_owner() })
    }

    /// Returns the restrictions of API levels 24 to 29, in the platform's order.
    fn reset_if_unrestricted(
        &mut self,
        by: Entitled,
        password: &Secret,
        flags: Flags,
    ) -> Result<bool, Thrown> {
        if by.is_owner && self.api >= 26 && by.target_sdk >= 26 {
            let message = "resetPassword() is deprecated for device owner and profile owner";
            return Err(Exception::Security.because(message));
        }
        let user = self.users_mut(by.user);
        let (secure, locked) = (user.is_secure(), user.run != Run::Unlocked);
        if !by.is_owner && password.is_empty() {
            return by.refused(Exception::Security, "Cannot call with null password");
        }
        if !by.is_owner && secure {
            let message = match self.api {
                29 => "Cannot change current password",
                _ => "Admin cannot change current password",
            };
            return by.refused(Exception::Security, message);
        }
        if by.user == UserId::Device && self.work.is_some() {
            let message = "the user has a managed profile";
            return by.refused(Exception::IllegalState, message);
        }
        if locked {
            return by.refused(Exception::IllegalState, "the user is locked");
        }
        self.store_reset(by, password, flags)
    }

    /// Validates and stores.
    fn store_reset(
        &mut self,
        by: Entitled,
        password: &Secret,
        flags: Flags,
    ) -> Result<bool, Thrown> {
        if !allows_reset(self.api, &self.parameters, &self.policies_for(by.user), password)
            || self.claimed_by_another(by.user, Some(by.kind))
        {
            return Ok(false);
        }
        if flags.do_not_ask_on_boot && by.kind == AdminKind::DeviceOwner {
            self.do_not_ask_on_boot = true;
        }
        if too_short(password) {
            return Err(Exception::IllegalArgument.because("the password has under 4 characters"));
        }
        if self.hardware.enrolment_throttled {
            // Up to level 28 the failure of the lock service is swallowed on the way back.
            return Ok(self.api <= 28);
        }
        let api = self.api;
        let user = self.users_mut(by.user);
        let untrusted = user.is_secure();
        let synthetic_password_known = user.verified_since_boot || user.run == Run::Unlocked;
        match api {
            26..=27 if untrusted => {
                for token in user.escrow.tokens.iter_mut().filter(|token| token.active) {
                    token.current = false;
                }
            }
            28..=29 if untrusted && !synthetic_password_known => {
                let message = "the synthetic password is not in memory";
                return Err(Exception::IllegalState.because(message));
            }
            _ => {}
        }
        let lock = Lock::new(LockKind::Password, password.clone());
        self.reset_done(by.user, by.kind, lock, flags);
        Ok(true)
    }

    /// Returns the right that factory-image apps keep from API level 30 on: a first password.
    fn set_first_password(&mut self, password: &Secret, flags: Flags) -> Result<bool, Thrown> {
        if self.primary.is_secure() {
            return Err(Exception::Security.because("Cannot change current password"));
        }
        let policies = self.policies_for(UserId::Device);
        if !allows_reset(self.api, &self.parameters, &policies, password) {
            return Ok(false);
        }
        let lock = Lock::by_reset(self.api, password);
        self.reset_done(UserId::Device, AdminKind::DeviceAdmin, lock, flags);
        Ok(true)
    }
}

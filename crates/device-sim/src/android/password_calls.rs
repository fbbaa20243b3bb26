//! Calls of admins about passwords: policies, and how good the password in place is.
//!
//! Sources: `DevicePolicyManagerService.java` (`setPasswordQuality`, `ensureMinimumQuality`,
//! `resetInactivePasswordRequirementsIfRPlus`, `setRequiredPasswordComplexity`,
//! `isActivePasswordSufficient`, `getPasswordComplexity`, `isUsingUnifiedPassword`) at API levels
//! 28 to 34, <https://github.com/AndroidSDKSources>.

use super::answer::{Exception, Thrown};
use super::metrics::complexity;
use super::policy::{Complexity, Minima, Minimum, PasswordPolicy, Quality};
use super::user::{Challenge, Run, UserId};
use super::validation::is_sufficient;
use super::{Admin, Caller, Device};

impl Device {
    /// Returns the admin that calls about passwords.
    ///
    /// From level 29 an admin that owns nothing and is built for 29 has no rights any more
    /// (`DA_DISALLOWED_POLICIES` in `DevicePolicyManagerService.java` at API levels 29 to 34).
    pub(super) fn policy_holder(&mut self, caller: Caller) -> Result<&mut Admin, Thrown> {
        let is_excluded = |admin: &Admin| !admin.is_owner() && admin.target_sdk >= 29;
        if self.api >= 29 && self.admin(caller).is_some_and(is_excluded) {
            let message = "is not a device owner or profile owner, so may not use policy";
            return Err(Exception::Security.because(message));
        }
        self.any_admin(caller)
    }

    /// Returns the policy of a caller's instance.
    fn policy_mut(&mut self, caller: Caller) -> Result<&mut PasswordPolicy, Thrown> {
        Ok(self.policy_holder(caller)?.policy_mut(caller))
    }

    /// Returns true if the device ignores qualities and minima: a car.
    ///
    /// Source: `notSupportedOnAutomotive` in `DevicePolicyManagerService.java`, called by
    /// `setPasswordQuality` and the seven calls for minima at API levels 33 and 34; 31 has none.
    pub(super) fn ignores_qualities(&self) -> bool {
        self.api >= 33 && self.hardware.automotive
    }

    /// Refuses a quality on the parent instance to apps built for 31, except on devices that the
    /// company owns (`canSetPasswordQualityOnParent` at API levels 31 to 34), and to all beside a
    /// complexity.
    fn may_set_parent_quality(&mut self, caller: Caller) -> Result<(), Thrown> {
        if self.api < 31 || !caller.on_parent {
            return Ok(());
        }
        let company_owned = self.company_owned;
        let admin = self.policy_holder(caller)?;
        if admin.target_sdk >= 31 && !company_owned {
            let message = "Profile Owner may not apply password quality requirements device-wide";
            return Err(Exception::Security.because(message));
        }
        if admin.policy.complexity != Complexity::None {
            let message = "a quality on the parent cannot be mixed with a complexity";
            return Err(Exception::IllegalState.because(message));
        }
        Ok(())
    }

    /// Installs a whole policy at once, as management services do.
    pub(super) fn install_policy(
        &mut self,
        caller: Caller,
        policy: PasswordPolicy,
    ) -> Result<(), Thrown> {
        if policy.quality != Quality::Unspecified {
            self.may_set_parent_quality(caller)?;
        }
        *self.policy_mut(caller)? = policy;
        self.tell_agent();
        Ok(())
    }

    /// `setPasswordQuality`.
    pub(super) fn set_password_quality(
        &mut self,
        caller: Caller,
        quality: Quality,
    ) -> Result<(), Thrown> {
        if self.ignores_qualities() {
            return Ok(());
        }
        let api = self.api;
        let forgets = self.policy_holder(caller)?.target_sdk >= 30 && api >= 30;
        self.may_set_parent_quality(caller)?;
        let policy = self.policy_mut(caller)?;
        if policy.quality == quality {
            return Ok(());
        }
        policy.quality = quality;
        policy.complexity = Complexity::None;
        if forgets && quality < Quality::Numeric {
            policy.minima.set(Minimum::Length, 0);
        }
        if forgets && quality < Quality::Complex {
            let length = policy.minima.get(Minimum::Length);
            policy.minima = Minima::default();
            policy.minima.set(Minimum::Length, length);
        }
        self.tell_agent();
        Ok(())
    }

    /// `setPasswordMinimumLength` and its kin.
    pub(super) fn set_password_minimum(
        &mut self,
        caller: Caller,
        which: Minimum,
        value: u8,
    ) -> Result<(), Thrown> {
        if self.ignores_qualities() {
            return Ok(());
        }
        let api = self.api;
        let strict = api >= 30 && self.policy_holder(caller)?.target_sdk >= 30;
        let needed = match which {
            Minimum::Length => Quality::Numeric,
            _ => Quality::Complex,
        };
        let policy = self.policy_mut(caller)?;
        if strict && policy.quality < needed {
            let message = "the quality must be set first";
            return Err(Exception::IllegalState.because(message));
        }
        policy.minima.set(which, value);
        Ok(())
    }

    /// `setRequiredPasswordComplexity`: for owners only, and nothing happens if it is set already.
    pub(super) fn set_required_complexity(
        &mut self,
        caller: Caller,
        band: Complexity,
    ) -> Result<(), Thrown> {
        let admin = self.policy_holder(caller)?;
        if !admin.is_owner() || admin.is_financed {
            return Err(Exception::Security.because("the caller owns neither device nor profile"));
        }
        if admin.policy_mut(caller).complexity == band {
            return Ok(());
        }
        if !caller.on_parent && admin.parent_policy.quality != Quality::Unspecified {
            let message = "a complexity cannot be mixed with a quality on the parent";
            return Err(Exception::IllegalState.because(message));
        }
        *self.policy_mut(caller)? = PasswordPolicy { complexity: band, ..PasswordPolicy::NONE };
        self.tell_agent();
        Ok(())
    }

    /// Returns the user whose password a caller asks about; it must be unlocked.
    fn unlocked_user_of(&mut self, caller: Caller) -> Result<UserId, Thrown> {
        let user = self.policy_holder(caller)?.user;
        let user = if caller.on_parent { UserId::Device } else { user };
        if self.api >= 24 && self.users_mut(user).run != Run::Unlocked {
            return Err(Exception::IllegalState.because("the user is locked"));
        }
        Ok(self.credential_owner(user))
    }

    /// `isActivePasswordSufficient`.
    pub(super) fn is_password_sufficient(&mut self, caller: Caller) -> Result<bool, Thrown> {
        let asked = self.policy_holder(caller)?.user;
        let asked = if caller.on_parent { UserId::Device } else { asked };
        let owner = self.unlocked_user_of(caller)?;
        let policies = self.policies_for(asked);
        let api = self.api;
        Ok(is_sufficient(api, &policies, &self.users_mut(owner).lock))
    }

    /// Returns true if the lock that opens a user satisfies a policy that no one enforces.
    pub(crate) fn lock_satisfies(&self, id: UserId, policy: PasswordPolicy) -> bool {
        let owner = self.user(self.credential_owner(id));
        owner.is_some_and(|owner| is_sufficient(self.api, &[policy], owner.lock()))
    }

    /// `getPasswordComplexity`.
    pub(super) fn password_complexity(&mut self, caller: Caller) -> Result<Complexity, Thrown> {
        if caller.on_parent && self.api == 29 {
            let message = "this call does not exist on the parent instance";
            return Err(Exception::Security.because(message));
        }
        let admin = self.admin(caller);
        let asked = admin.filter(|_| !caller.on_parent).map_or(UserId::Device, |admin| admin.user);
        if self.users_mut(asked).run != Run::Unlocked {
            return Err(Exception::IllegalState.because("the user is locked"));
        }
        let has_parent = self.admin(caller).is_some_and(|admin| admin.user == UserId::Work);
        if !self.may_read_complexity(caller) || (caller.on_parent && !has_parent) {
            let message = "Must have REQUEST_PASSWORD_COMPLEXITY permission.";
            return Err(Exception::Security.because(message));
        }
        let owner = self.credential_owner(asked);
        let api = self.api;
        Ok(complexity(api, &self.users_mut(owner).lock))
    }

    /// `isUsingUnifiedPassword`.
    pub(super) fn is_using_unified_password(&mut self, caller: Caller) -> Result<bool, Thrown> {
        if caller.on_parent {
            let message = "this call does not exist on the parent instance";
            return Err(Exception::Security.because(message));
        }
        let user = self.policy_holder(caller)?.user;
        if user != UserId::Work {
            return Err(Exception::Security.because("the caller owns no work profile"));
        }
        Ok(self.users_mut(user).challenge == Challenge::Unified)
    }
}

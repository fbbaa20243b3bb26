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
    fn policy_holder(&mut self, caller: Caller) -> Result<&mut Admin, Thrown> {
        let kind = caller.who.admin();
        let admin = self.admins.iter_mut().find(|admin| Some(admin.kind) == kind);
        let admin = admin.ok_or(Exception::Security.because("the caller is no active admin"))?;
        if caller.on_parent && admin.user != UserId::Work {
            let message = "only the owner of a work profile has a parent instance";
            return Err(Exception::Security.because(message));
        }
        Ok(admin)
    }

    /// The policy that a caller's instance speaks of.
    fn policy_mut(&mut self, caller: Caller) -> Result<&mut PasswordPolicy, Thrown> {
        let admin = self.policy_holder(caller)?;
        Ok(if caller.on_parent { &mut admin.parent_policy } else { &mut admin.policy })
    }

    /// A whole policy at once, as management services install it.
    pub(super) fn install_policy(
        &mut self,
        caller: Caller,
        policy: PasswordPolicy,
    ) -> Result<(), Thrown> {
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
        let api = self.api;
        let admin = self.policy_holder(caller)?;
        let mixes = api >= 31
            && caller.on_parent
            && quality != Quality::Unspecified
            && admin.policy.complexity != Complexity::None;
        if mixes {
            let message = "a quality on the parent cannot be mixed with a complexity";
            return Err(Exception::IllegalState.because(message));
        }
        let forgets = api >= 30 && admin.target_sdk >= 30;
        let policy = self.policy_mut(caller)?;
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

    /// `setRequiredPasswordComplexity`.
    pub(super) fn set_required_complexity(
        &mut self,
        caller: Caller,
        band: Complexity,
    ) -> Result<(), Thrown> {
        let admin = self.policy_holder(caller)?;
        if !caller.on_parent && admin.parent_policy.quality != Quality::Unspecified {
            let message = "a complexity cannot be mixed with a quality on the parent";
            return Err(Exception::IllegalState.because(message));
        }
        *self.policy_mut(caller)? = PasswordPolicy { complexity: band, ..PasswordPolicy::NONE };
        self.tell_agent();
        Ok(())
    }

    /// The user whose password a caller asks about; it must be unlocked.
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

    /// Whether the lock that opens a user satisfies a policy that nobody enforces.
    pub(crate) fn lock_satisfies(&self, id: UserId, policy: PasswordPolicy) -> bool {
        let owner = self.user(self.credential_owner(id));
        owner.is_some_and(|owner| is_sufficient(self.api, &[policy], owner.lock()))
    }

    /// `getPasswordComplexity`.
    pub(super) fn password_complexity(&mut self, caller: Caller) -> Result<Complexity, Thrown> {
        let owner = self.unlocked_user_of(caller)?;
        let api = self.api;
        Ok(complexity(api, &self.users_mut(owner).lock))
    }

    /// `isUsingUnifiedPassword`.
    pub(super) fn is_using_unified_password(&mut self, caller: Caller) -> Result<bool, Thrown> {
        let user = self.policy_holder(caller)?.user;
        if user != UserId::Work {
            return Err(Exception::Security.because("the caller owns no work profile"));
        }
        Ok(self.users_mut(user).challenge == Challenge::Unified)
    }
}

//! The admin's app in the work profile, as the user sees it: the token notification.
//!
//! The page that this project implements says that users are notified to activate their token
//! right after enrolment, if a work-profile password is required and set, and that the
//! notification goes once the passcode is entered
//! (<https://github.com/MicrosoftDocs/IntuneDocs/blob/165945717/intune/device-passcode-reset.md>).
//! On the platform that is the case in which a token stays pending
//! (`DevicePolicyManager.java` at API level 26, <https://github.com/AndroidSDKSources>), and
//! after a restart that came before it, the app has to arm a new token and ask again
//! (<https://developer.android.com/work/dpc/security>).

use super::policy::{Minimum, Quality};
use super::secret::Secret;
use super::user::{Run, UserId};
use super::validation::{LONGEST, allows_reset};
use super::{Caller, Device, Who};

/// The app by which a service manages the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agent {
    /// The way it calls the platform.
    pub(crate) caller: Caller,
    /// The user whose password it can reset.
    pub(crate) user: UserId,
    /// True if it is an owner rather than a mere device admin.
    pub(crate) is_owner: bool,
}

impl Device {
    /// Lets the app check whether it has to ask the user, if it can run at all.
    ///
    /// It does so when something may have changed: enrolment has ended, a policy or the token was
    /// set, the password has changed or was entered, the device or the profile has started.
    pub(super) fn tell_agent(&mut self) {
        if self.agent_runs() {
            self.notification = self.must_ask_for_activation();
        }
    }

    /// Returns true if the app in the work profile can run.
    pub(super) fn agent_runs(&self) -> bool {
        let (Some(work), Some(owner)) = (&self.work, self.profile_owner()) else { return false };
        match work.run {
            Run::Stopped => false,
            Run::Locked => owner.direct_boot_aware,
            Run::Unlocked => true,
        }
    }

    /// Returns true if the user has something to do before a reset can work.
    fn must_ask_for_activation(&self) -> bool {
        let owner = self.profile_owner().filter(|owner| owner.user == UserId::Work);
        let (Some(work), Some(owner)) = (&self.work, owner) else { return false };
        self.api >= 26
            && owner.policy.requires_lock()
            && work.is_secure()
            && !work.has_active_token()
    }

    /// Returns the app of the service: a profile owner before a device owner before a device admin.
    pub(crate) fn agent(&self) -> Option<Agent> {
        [Who::ProfileOwner, Who::DeviceOwner, Who::DeviceAdmin].into_iter().find_map(|who| {
            let caller = Caller::new(who);
            let admin = self.admin(caller)?;
            Some(Agent { caller, user: admin.user, is_owner: admin.is_owner() })
        })
    }

    /// Returns true if the service has no more than a device admin on the device.
    pub(crate) fn agent_is_mere_admin(&self) -> bool {
        self.agent().is_some_and(|agent| !agent.is_owner)
    }

    /// Returns true if the service's app runs and has its token at hand.
    pub(crate) fn agent_can_run(&self) -> bool {
        self.agent().is_some_and(|agent| self.obstacle(agent.caller, true).is_none())
    }

    /// Returns true if a message of the service gets through to its app.
    pub(crate) fn agent_is_reachable(&self) -> bool {
        !self.amapi.offline && self.agent_can_run()
    }

    /// Returns true if the service's app demands a lock of its own user.
    pub(crate) fn agent_demands_lock(&self) -> bool {
        let admin = self.agent().and_then(|agent| self.admin(agent.caller));
        admin.is_some_and(|admin| admin.policy.requires_lock())
    }

    /// Returns the highest of a minimum in all policies in force for a user's password; 0 for none.
    /// All but the length have a meaning only where a policy requires the quality COMPLEX.
    pub(crate) fn demanded(&self, id: UserId, which: Minimum) -> u8 {
        let counts = |quality| which == Minimum::Length || quality == Quality::Complex;
        let policies = self.policies_for(id);
        let in_force = policies.iter().filter(|policy| counts(policy.quality));
        let demanded = in_force.map(|policy| policy.minima.get(which)).max().unwrap_or(0);
        let capped = which == Minimum::Length && self.api >= 30;
        if capped { demanded.min(LONGEST) } else { demanded }
    }

    /// Returns true if every policy in force for a user lets this password be reset to.
    pub(crate) fn accepts(&self, id: UserId, secret: &Secret) -> bool {
        allows_reset(self.api, &self.parameters, &self.policies_for(id), secret)
    }

    /// A service shows this new passcode to the person who passes it on to the user.
    pub(crate) fn hand_out(&mut self, id: UserId, secret: Secret) {
        self.users_mut(id).generated = Some(secret);
    }
}

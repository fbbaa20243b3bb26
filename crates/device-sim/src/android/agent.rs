//! The admin's app in the work profile, as far as the user sees it: the token notification.
//!
//! The page that this project implements says that users are notified to activate their token
//! right after enrolment, if a work-profile password is required and set, and that the
//! notification goes once the passcode is entered
//! (<https://github.com/MicrosoftDocs/IntuneDocs/blob/165945717/intune/device-passcode-reset.md>).
//! On the platform that is the case in which a token stays pending
//! (`DevicePolicyManager.java` at API level 26, <https://github.com/AndroidSDKSources>), and
//! after a restart that came before it, the app has to arm a new token and ask again
//! (<https://developer.android.com/work/dpc/security>).

use super::user::{Run, UserId};
use super::{AdminKind, Device};

impl Device {
    /// Lets the app look whether it has to ask the user, if it can run at all.
    ///
    /// It looks when it has something to look at: enrolment has ended, a policy or the token was
    /// set, the password has changed or was entered, the device or the profile has started.
    pub(super) fn tell_agent(&mut self) {
        if self.agent_runs() {
            self.notification = self.must_ask_for_activation();
        }
    }

    /// Whether the app in the work profile can run.
    pub(super) fn agent_runs(&self) -> bool {
        let owner = self.admins.iter().find(|admin| admin.kind == AdminKind::ProfileOwner);
        let (Some(work), Some(owner)) = (&self.work, owner) else { return false };
        match work.run {
            Run::Stopped => false,
            Run::Locked => owner.direct_boot_aware,
            Run::Unlocked => true,
        }
    }

    /// Whether the user has something to do before a reset can work.
    fn must_ask_for_activation(&self) -> bool {
        let owner = self
            .admins
            .iter()
            .find(|admin| admin.kind == AdminKind::ProfileOwner && admin.user == UserId::Work);
        let (Some(work), Some(owner)) = (&self.work, owner) else { return false };
        self.api >= 26
            && owner.policy.requires_lock()
            && work.is_secure()
            && !work.has_active_token()
    }
}

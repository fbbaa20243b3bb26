//! Passwords that expire: the admin is notified, and the platform itself requires nothing.
//!
//! Sources: `setPasswordExpirationTimeout`, `updatePasswordExpirationsLocked`,
//! `handlePasswordExpirationNotification` and `EXPIRATION_GRACE_PERIOD_MS` (five days) in
//! `DevicePolicyManagerService.java` at API levels 23 to 34, <https://github.com/AndroidSDKSources>;
//! `setPasswordExpirationTimeout` in
//! <https://developer.android.com/reference/android/app/admin/DevicePolicyManager>.

use chrono::TimeDelta;

use super::admin::{AdminKind, Expiration, Expiry};
use super::limits::Limit;
use super::user::UserId;
use super::{Admin, Call, Caller, Context, Device, User};

/// From this number of days before the end, the admin is notified every day.
const WARNING_DAYS: i64 = 5;

impl Device {
    pub(super) fn admin_mut(&mut self, kind: Option<AdminKind>) -> Option<&mut Admin> {
        self.admins.iter_mut().find(|admin| Some(admin.kind) == kind)
    }

    /// Counts the days of a caller's limit from now on.
    pub(super) fn count_expiration(&mut self, caller: Caller, context: &mut Context<'_>) {
        let place = usize::from(caller.on_parent);
        let Some(admin) = self.admin_mut(caller.who.admin()) else { return };
        let days = i64::from(admin.limits[place].get(Limit::PasswordExpirationDays));
        if days == 0 {
            admin.expiry[place] = Expiry::NEVER;
            return;
        }
        let at = Some(context.now + TimeDelta::days(days));
        admin.expiry[place] = Expiry { at, state: Expiration::Running };
        // The system looks once a day, and has something to say from five days before the end on.
        let first = TimeDelta::days((days - WARNING_DAYS).max(1));
        context.after(first, due(caller));
    }

    /// Checks whether a password expires by an admin's limit.
    pub(super) fn expiration_due(&mut self, caller: Caller, context: &mut Context<'_>) {
        let admin = self.admin_mut(caller.who.admin());
        let expiry = admin.map(|admin| &mut admin.expiry[usize::from(caller.on_parent)]);
        let Some((expiry, at)) = expiry.and_then(|expiry| expiry.at.map(|at| (expiry, at))) else {
            return;
        };
        if context.now >= at {
            expiry.state = Expiration::Expired;
        } else if context.now >= at - TimeDelta::days(WARNING_DAYS) {
            expiry.state = Expiration::Expiring;
            context.after(at - context.now, due(caller));
        }
    }

    /// Counts the days of all admins with a say over a password anew after it was replaced, by
    /// whomever.
    pub(super) fn restart_expirations(&mut self, context: &mut Context<'_>) {
        for id in [UserId::Device, UserId::Work] {
            let is_new = |user: &mut User| std::mem::take(&mut user.has_new_lock);
            if !self.user_mut(id).is_some_and(is_new) {
                continue;
            }
            let callers: Vec<_> = self
                .demands_for(id)
                .map(|(admin, on_parent, ..)| Caller { who: admin.kind.who(), on_parent })
                .collect();
            for caller in callers {
                self.count_expiration(caller, context);
            }
        }
    }
}

/// Returns the next check of a caller's limit.
const fn due(caller: Caller) -> Call {
    Call::PasswordExpirationDue { by: caller.who, on_parent: caller.on_parent }
}

//! The hours after which a fingerprint will not do any more.
//!
//! Sources: `LockSettingsStrongAuth.java` (`handleScheduleStrongAuthTimeout`) and
//! `DevicePolicyManager.java` (`DEFAULT_STRONG_AUTH_TIMEOUT_MS`) at API levels 26 to 34,
//! <https://github.com/AndroidSDKSources>; `KeyguardUpdateMonitor.java`
//! (`ACTION_STRONG_AUTH_TIMEOUT`) of Android 6 and 7, `packages/Keyguard` in
//! <https://github.com/aosp-mirror/platform_frameworks_base>.

use chrono::{DateTime, TimeDelta, Utc};

use super::limits::Limit;
use super::user::UserId;
use super::{Call, Context, Device};

/// `DEFAULT_STRONG_AUTH_TIMEOUT_MS`, in hours; no admin can set more.
const HOURS: i64 = 72;

impl Device {
    /// Returns the time for which a fingerprint suffices after the knowledge factor of a user was
    /// entered: the shortest that an admin demands.
    fn strong_auth_timeout(&self, id: UserId) -> TimeDelta {
        let limits = self.demands_for(id).map(|(.., limits)| limits);
        let demanded = limits.map(|limits| limits.get(Limit::StrongAuthHours));
        let hours = demanded.filter(|hours| *hours > 0).map(i64::from).min();
        TimeDelta::hours(hours.map_or(HOURS, |hours| hours.min(HOURS)))
    }

    /// The hours of a user count from a new number on, from level 30 at once.
    pub(super) fn recount_hours(&mut self, id: UserId, context: &mut Context<'_>) {
        let timeout = self.strong_auth_timeout(id);
        let Some(entered_at) = self.user(id).and_then(|user| user.entered_at) else { return };
        if self.api >= 30 {
            let left = (entered_at + timeout - context.now).max(TimeDelta::zero());
            context.after(left, Call::StrongAuthTimesOut { user: id });
        }
    }

    /// Notes that users with a lock have entered it by the start of a scenario.
    pub(crate) fn start(&mut self, now: DateTime<Utc>) {
        for user in self.each_user_mut() {
            user.entered_at = user.is_secure().then_some(now);
        }
    }

    /// Returns the alarms that count at the start, and how long they take.
    pub(crate) fn first_calls(&self) -> Vec<(TimeDelta, Call)> {
        let secure = [UserId::Device, UserId::Work]
            .into_iter()
            .filter(|id| self.user(*id).is_some_and(super::User::is_secure));
        secure
            .map(|user| (self.strong_auth_timeout(user), Call::StrongAuthTimesOut { user }))
            .collect()
    }

    /// Counts the hours afresh: the knowledge factor was entered.
    pub(super) fn count_hours(&mut self, id: UserId, context: &mut Context<'_>) {
        let timeout = self.strong_auth_timeout(id);
        let is_counting = self.users_mut(id).entered_at.replace(context.now).is_some();
        if !is_counting {
            context.after(timeout, Call::StrongAuthTimesOut { user: id });
        }
    }

    /// The alarm of a user goes off: there is one, and it is set again while hours are left.
    pub(super) fn strong_auth_times_out(&mut self, id: UserId, context: &mut Context<'_>) {
        let timeout = self.strong_auth_timeout(id);
        let Some(user) = self.user_mut(id) else { return };
        let Some(entered_at) = user.entered_at else { return };
        let left = entered_at + timeout - context.now;
        if left > TimeDelta::zero() {
            context.after(left, Call::StrongAuthTimesOut { user: id });
            return;
        }
        user.entered_at = None;
        user.strong_auth |= user.is_secure();
    }
}

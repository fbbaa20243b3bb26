//! Intune's record of a device's compliance, from one check-in to the next.
//!
//! Sources: `memdocs/intune/protect/actions-for-noncompliance.md` (0 days unless said otherwise)
//! and `device-compliance-get-started.md` (status validity of 30 days, remediated on iOS) in
//! <https://github.com/MicrosoftDocs/memdocs>.

use chrono::{DateTime, TimeDelta, Utc};

use eligibility::closed_enum;

closed_enum! {
    /// A device's compliance as Intune states it.
    pub(crate) enum ShadowState: "shadow state" {
        /// There is no report, or no compliance policy.
        Unknown = "unknown",
        /// The passcode satisfied everything at the last check-in.
        Compliant = "compliant",
        /// It did not, within the days that the policy grants.
        InGrace = "in-grace",
        /// It did not, after these days.
        Noncompliant = "noncompliant",
        /// The last report is too old.
        Expired = "expired",
    }
}

/// Intune's view of one device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::apple) struct Shadow {
    grace_days: Option<u32>,
    state: Option<ShadowState>,
    not_since: Option<DateTime<Utc>>,
    heard_at: Option<DateTime<Utc>>,
}

impl Shadow {
    /// A compliance policy is assigned, with a number of days before a device counts as
    /// noncompliant.
    pub(in crate::apple) fn assign(&mut self, grace_days: u32) {
        self.grace_days = Some(grace_days);
    }

    /// Returns true if there is a compliance policy.
    pub(in crate::apple) const fn has_policy(&self) -> bool {
        self.grace_days.is_some()
    }

    /// Returns the state.
    pub(in crate::apple) fn state(&self) -> ShadowState {
        self.state.unwrap_or(ShadowState::Unknown)
    }

    /// Takes the report of a device on whether its passcode complies.
    pub(in crate::apple) fn update(&mut self, complies: bool, now: DateTime<Utc>) {
        let Some(days) = self.grace_days else { return };
        self.heard_at = Some(now);
        if complies {
            self.state = Some(ShadowState::Compliant);
            self.not_since = None;
            return;
        }
        let since = *self.not_since.get_or_insert(now);
        let over = now - since >= TimeDelta::days(days.into());
        self.state = Some(if over { ShadowState::Noncompliant } else { ShadowState::InGrace });
    }

    /// Returns the end of the days of grace, if they run.
    fn grace_until(&self) -> Option<DateTime<Utc>> {
        let running = self.state == Some(ShadowState::InGrace);
        let days = TimeDelta::days(self.grace_days?.into());
        self.not_since.filter(|_| running).map(|since| since + days)
    }

    /// Returns the moments at which time alone will make a difference.
    pub(in crate::apple) fn lapses(&self, validity: TimeDelta) -> [Option<DateTime<Utc>>; 2] {
        [self.grace_until(), self.heard_at.map(|heard| heard + validity)]
    }

    /// Shows every moment, to move it.
    pub(in crate::apple) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        self.not_since.iter_mut().chain(&mut self.heard_at).for_each(see);
    }

    /// Time passes: days of grace end, and an old status holds no longer.
    pub(in crate::apple) fn look(&mut self, now: DateTime<Utc>, validity: TimeDelta) {
        if self.grace_until().is_some_and(|until| now >= until) {
            self.state = Some(ShadowState::Noncompliant);
        }
        if self.heard_at.is_some_and(|heard| now - heard >= validity) {
            self.state = Some(ShadowState::Expired);
        }
    }
}

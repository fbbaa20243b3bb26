//! Wrong credentials, and the waits that the lock hardware imposes after them.
//!
//! Sources: `ComputeRetryTimeout` and `ThrottleRequest` in `gatekeeper.cpp` of
//! <https://android.googlesource.com/platform/system/gatekeeper>, from Android 6 on;
//! <https://source.android.com/docs/security/features/authentication/rate-limiting> for what a new
//! credential changes and for Android 16 QPR2, whose table is `SoftwareRateLimiter.java` in
//! `com/android/server/locksettings`; `MINIMUM_PASSWORD_LENGTH_BEFORE_REPORT` in
//! `KeyguardAbsKeyInputView.java` and `MIN_PATTERN_REGISTER_FAIL` in `LockPatternUtils.java`.

use chrono::{DateTime, TimeDelta, Utc};

use super::answer::Seen;
use super::secret::Secret;
use super::user::UserId;
use super::validation::SHORTEST;
use super::{Call, Context, Device};

/// The number of wrong credentials after which the stronger limits allow no further try.
const MOST: u32 = 20;

/// The number of different wrong credentials that the stronger limits remember, and the minutes.
const REMEMBERED: (usize, i64) = (5, 5);

/// The waits of the stronger limits, in minutes, from the fifth wrong credential on.
const MINUTES: [i64; 15] = [
    1,
    5,
    15,
    30,
    90,
    4 * 60,
    12 * 60,
    36 * 60,
    4 * 1440,
    13 * 1440,
    41 * 1440,
    123 * 1440,
    365 * 1440,
    3 * 365 * 1440,
    9 * 365 * 1440,
];

/// Wrong credentials in a row, and the wait that they have brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct WrongEntries {
    /// The number since the right one, or since the lock is in place.
    count: u32,
    /// The time of the next allowed attempt, while the user has to wait.
    until: Option<DateTime<Utc>>,
    /// No one can try again.
    for_good: bool,
    /// The last different ones, newest first, and when the newest came.
    recent: Vec<Secret>,
    last_at: Option<DateTime<Utc>>,
}

impl WrongEntries {
    /// Returns true if the user has to wait.
    pub(super) const fn is_locked_out(&self) -> bool {
        self.until.is_some() || self.for_good
    }

    /// Forgets how many there were, but not that the user has to wait.
    pub(super) fn forget_count(&mut self) {
        self.count = 0;
        self.forget_recent();
    }

    /// Forgets the wrong credentials themselves, which are in memory only.
    pub(super) fn forget_recent(&mut self) {
        self.recent.clear();
        self.last_at = None;
    }

    /// Returns every moment that is remembered.
    pub(super) fn moments(&mut self) -> impl Iterator<Item = &mut DateTime<Utc>> {
        self.until.iter_mut().chain(&mut self.last_at)
    }

    /// Notes that a credential was wrong; true if it is one of the last ones.
    fn is_repeated(&mut self, typed: &Secret, now: DateTime<Utc>) -> bool {
        let (most, minutes) = REMEMBERED;
        if self.last_at.is_some_and(|at| now - at >= TimeDelta::minutes(minutes)) {
            self.recent.clear();
        }
        let place = self.recent.iter().position(|known| known == typed);
        let known = place.map(|place| self.recent.remove(place));
        let repeated = known.is_some();
        self.recent.insert(0, known.unwrap_or_else(|| typed.clone()));
        self.recent.truncate(most);
        if !repeated {
            self.last_at = Some(now);
        }
        repeated
    }
}

/// The wait that Gatekeeper imposes after each number of wrong credentials.
fn gatekeeper(count: u32) -> Option<TimeDelta> {
    match count {
        5 | 10..=29 => Some(TimeDelta::seconds(30)),
        30..=139 => Some(TimeDelta::seconds(30 << ((count - 30) / 10))),
        140.. => Some(TimeDelta::days(1)),
        _ => None,
    }
}

/// The waits of the stronger limits.
fn stronger(count: u32) -> Option<TimeDelta> {
    let place = usize::try_from(count).ok()?.checked_sub(5)?;
    MINUTES.get(place).copied().map(TimeDelta::minutes)
}

impl Device {
    /// Returns true if the limits of Android 16 QPR2 are in force.
    const fn has_stronger_limits(&self) -> bool {
        self.api >= 36 && self.parameters.stronger_rate_limits
    }

    /// Returns the wait after a number of wrong credentials.
    fn wait_after(&self, count: u32) -> Option<TimeDelta> {
        let (allowed, seconds) =
            (self.parameters.wrong_entries_allowed, self.parameters.lockout_seconds);
        let wait = match allowed {
            0 if self.has_stronger_limits() => stronger(count),
            0 => gatekeeper(count),
            allowed => count.is_multiple_of(allowed).then(|| TimeDelta::seconds(30)),
        };
        wait.map(|wait| if seconds == 0 { wait } else { TimeDelta::seconds(seconds.into()) })
    }

    /// A wrong credential. One of under four characters cannot be right and is not counted; the
    /// stronger limits do not count one that was tried just now either.
    pub(super) fn wrong_entry(
        &mut self,
        id: UserId,
        typed: Option<&Secret>,
        context: &mut Context<'_>,
    ) -> Seen {
        let Some(typed) = typed.filter(|typed| typed.reveal().chars().count() >= SHORTEST.into())
        else {
            return Seen::Wrong;
        };
        if self.has_stronger_limits()
            && self.users_mut(id).wrong_entries.is_repeated(typed, context.now)
        {
            return Seen::Wrong;
        }
        if self.report_failed_attempt(id) {
            return Seen::Wrong;
        }
        let entries = &mut self.users_mut(id).wrong_entries;
        entries.count = entries.count.saturating_add(1);
        self.wait_again(id, context);
        Seen::Wrong
    }

    /// The wait for the wrong credentials of a user begins, or begins again with a restart: lock
    /// hardware has no clock that runs on.
    pub(super) fn wait_again(&mut self, id: UserId, context: &mut Context<'_>) {
        let Some(count) = self.user(id).map(|user| user.wrong_entries.count) else { return };
        let wait = self.wait_after(count).filter(|_| count > 0);
        let for_good = self.has_stronger_limits()
            && self.parameters.wrong_entries_allowed == 0
            && count >= MOST;
        let entries = &mut self.users_mut(id).wrong_entries;
        entries.for_good = for_good;
        entries.until = wait.map(|wait| context.now + wait);
        if let Some(wait) = wait {
            context.after(wait, Call::LockoutEnds { user: id });
        }
    }

    /// The wait is over, unless another one has begun.
    pub(super) fn lockout_ends(&mut self, id: UserId, now: DateTime<Utc>) {
        let entries = &mut self.users_mut(id).wrong_entries;
        entries.until = entries.until.filter(|until| now < *until);
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{gatekeeper, stronger};

    /// The guesses that the page of the rate limits states for both tables.
    #[test]
    fn waits_begin_with_the_fifth_wrong_credential_and_grow() {
        let seconds = |count| gatekeeper(count).map_or(0, |wait| wait.num_seconds());
        let waits = [4, 5, 6, 9, 10, 11, 29, 30, 39, 40, 49, 50, 139, 140, 9_999].map(seconds);
        let day = 24 * 60 * 60;
        assert_eq!(waits, [0, 30, 0, 0, 30, 30, 30, 30, 30, 60, 60, 120, 30 << 10, day, day]);
    }

    #[test]
    fn the_stronger_limits_end_after_the_twentieth() {
        let minutes = |count| stronger(count).map_or(0, |wait| wait.num_minutes());
        assert_eq!([4, 5, 6, 7, 10, 12, 19].map(minutes), [0, 1, 5, 15, 240, 2_160, 4_730_400]);
        assert_eq!(stronger(super::MOST), None::<TimeDelta>);
    }
}

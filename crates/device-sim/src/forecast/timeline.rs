//! The timeline of an action on one device: its state at each checkpoint, and the reason.

use chrono::TimeDelta;

use eligibility::closed_enum;

closed_enum! {
    /// The state of an action.
    pub enum Ending: "ending" {
        /// Carried out.
        Done = "done",
        /// The attempt failed.
        Failed = "failed",
        /// The device cannot do it.
        NotSupported = "not-supported",
        /// A retire, wipe or delete came first.
        Canceled = "canceled",
        /// Not ended.
        Pending = "pending",
    }
}

closed_enum! {
    /// The reason for the state of an action.
    pub enum Why: "why" {
        /// The device carried it out.
        CarriedOut = "carried-out",
        /// The user has never confirmed the reset token.
        TokenNeverActivated = "token-never-activated",
        /// A restart has cost the device a reset token that was not confirmed yet.
        TokenLost = "token-lost",
        /// There is no reset token.
        NoToken = "no-token",
        /// There are no reset tokens before Android 8.0.
        NoTokenCalls = "no-token-calls",
        /// No configuration policy requires a passcode.
        NoPasscodeRequired = "no-passcode-required",
        /// The server holds no unlock token.
        NoUnlockToken = "no-unlock-token",
        /// The server holds an unlock token that the device no longer accepts.
        StaleUnlockToken = "stale-unlock-token",
        /// The service offers no such action for such a device.
        NotOffered = "not-offered",
        /// The device has refused it.
        Refused = "refused",
        /// A retire, wipe or delete came first.
        Overtaken = "overtaken",
        /// The device is switched off.
        DeviceOff = "device-off",
        /// The device is out of reach.
        OutOfReach = "out-of-reach",
        /// The work profile is turned off.
        WorkProfileOff = "work-profile-off",
        /// No one has unlocked the device since it restarted, and its network waits for that.
        LockedSinceRestart = "locked-since-restart",
        /// The device comes by its schedule, and has not come yet.
        WaitsForCheckIn = "waits-for-check-in",
        /// The device has done it and has not reported yet.
        NotReported = "not-reported",
    }
}

/// The timeline of one action, at the checkpoints of a forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Timeline {
    /// The reason at each checkpoint at which it was pending.
    pub(super) pending: Vec<Why>,
    /// Its end, if it came before the last checkpoint.
    pub(super) end: Option<(Ending, Why)>,
    /// The number of checkpoints.
    pub(super) checkpoints: usize,
}

impl Timeline {
    /// Returns its state at each checkpoint.
    pub(super) fn standings(&self) -> impl Iterator<Item = (Ending, Why)> {
        let end = self.end.unwrap_or((Ending::Pending, Why::WaitsForCheckIn));
        let pending = self.pending.iter().map(|why| (Ending::Pending, *why));
        pending.chain(std::iter::repeat(end)).take(self.checkpoints)
    }
}

/// Returns the checkpoints at which a forecast looks: after an hour, a day, a week, thirty days, as far
/// as they are within its length, and at its end.
pub(super) fn checkpoints(length: TimeDelta) -> Vec<TimeDelta> {
    let usual = [TimeDelta::hours(1), TimeDelta::days(1), TimeDelta::days(7), TimeDelta::days(30)];
    let mut checkpoints: Vec<_> =
        usual.into_iter().filter(|checkpoint| *checkpoint < length).collect();
    checkpoints.push(length);
    checkpoints
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{Ending, Timeline, Why, checkpoints};

    #[test]
    fn the_end_of_a_forecast_is_always_looked_at() {
        let hours = |days| -> Vec<i64> {
            checkpoints(TimeDelta::days(days)).iter().map(TimeDelta::num_hours).collect()
        };
        assert_eq!(hours(30), [1, 24, 168, 720]);
        assert_eq!(hours(1), [1, 24]);
        assert_eq!(hours(10), [1, 24, 168, 240]);
        assert_eq!(hours(90), [1, 24, 168, 720, 2160]);
    }

    #[test]
    fn an_action_is_pending_until_it_ends_and_stays_ended() {
        let timeline = Timeline {
            pending: vec![Why::DeviceOff, Why::OutOfReach],
            end: Some((Ending::Failed, Why::StaleUnlockToken)),
            checkpoints: 4,
        };
        let standings: Vec<_> = timeline.standings().collect();
        assert_eq!(
            standings,
            [
                (Ending::Pending, Why::DeviceOff),
                (Ending::Pending, Why::OutOfReach),
                (Ending::Failed, Why::StaleUnlockToken),
                (Ending::Failed, Why::StaleUnlockToken),
            ]
        );
    }
}

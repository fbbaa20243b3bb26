//! The most and the least cooperative user: the bounds of what any user does.

use device_sim::Setup;
use device_sim::user::{BehaviourProfile, Timing, User};

/// The cooperativeness of the user of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cooperation {
    /// Looks every ten minutes, day and night, and does whatever the device requests.
    Cooperative,
    /// Leaves the device where it is, switched on.
    Passive,
}

impl Cooperation {
    /// Returns such a user, to whom no accident happens.
    pub(crate) fn user(self, setup: &Setup) -> User {
        let profile = match self {
            Self::Cooperative => BehaviourProfile::Cooperates,
            Self::Passive => BehaviourProfile::NeverReacts,
        };
        let timing = Timing {
            wakes_at_hour: 0,
            sleeps_at_hour: 24,
            look_least_minutes: 10,
            look_most_minutes: 10,
            restart_one_in: 0,
            empty_battery_one_in: 0,
            out_of_reach_one_in: 0,
            profile_off_one_in: 0,
            ..Timing::default()
        };
        User::new(profile, setup, timing)
    }
}

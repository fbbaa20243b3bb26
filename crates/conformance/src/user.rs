//! The two users between whom all others lie.

use device_sim::Setup;
use device_sim::user::{Habit, Parameters, Person};

/// Who has the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    /// Looks every ten minutes, day and night, and does whatever the device asks for.
    Helps,
    /// Leaves the device where it is, switched on.
    DoesNothing,
}

impl User {
    /// The person, to whom no accident happens.
    pub(crate) fn person(self, setup: &Setup) -> Person {
        let habit = match self {
            Self::Helps => Habit::Cooperates,
            Self::DoesNothing => Habit::NeverReacts,
        };
        let ways = Parameters {
            wakes_at_hour: 0,
            sleeps_at_hour: 24,
            look_least_minutes: 10,
            look_most_minutes: 10,
            restart_one_in: 0,
            empty_battery_one_in: 0,
            out_of_reach_one_in: 0,
            profile_off_one_in: 0,
            ..Parameters::default()
        };
        Person::new(habit, setup, ways)
    }
}

//! When a device checks in by itself.
//!
//! Source: `memdocs/intune/configuration/device-profile-troubleshoot.md` (2021-02) in
//! <https://github.com/MicrosoftDocs/memdocs>: about every 8 hours; after enrolment, iOS every 15
//! minutes for an hour, Android every 3 minutes for 15 minutes and then every 15 minutes for two
//! hours.

use chrono::TimeDelta;

use crate::model::words::words;

words! {
    /// How long ago a device was enrolled, as far as its check-ins go.
    pub enum CheckIn {
        /// At the start of the run.
        Fresh = "fresh",
        /// Long ago.
        Settled = "settled",
    }
}

/// The early check-ins of a platform: so many, so many minutes apart, one row after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Early(&'static [(u32, u32)]);

/// Of Android devices.
pub(super) const ANDROID: Early = Early(&[(5, 3), (8, 15)]);

/// Of Apple devices.
pub(super) const APPLE: Early = Early(&[(4, 15)]);

impl Early {
    /// How long after its check-in with this number, counted from 0 for the enrolment itself, a
    /// device comes again; nothing once the early ones are over.
    pub(super) fn after(self, number: u32) -> Option<TimeDelta> {
        let mut first = 0;
        for (count, minutes) in self.0 {
            if number < first + count {
                return Some(TimeDelta::minutes((*minutes).into()));
            }
            first += count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{ANDROID, APPLE, Early};

    fn minutes(early: Early) -> Vec<i64> {
        let mut at = TimeDelta::zero();
        let waits = (0..).map_while(|number| early.after(number));
        waits
            .map(|wait| {
                at += wait;
                at.num_minutes()
            })
            .collect()
    }

    #[test]
    fn intune_29_fresh_devices_come_often() {
        assert_eq!(minutes(ANDROID), [3, 6, 9, 12, 15, 30, 45, 60, 75, 90, 105, 120, 135]);
        assert_eq!(minutes(APPLE), [15, 30, 45, 60]);
        assert_eq!(ANDROID.after(13), None);
    }
}

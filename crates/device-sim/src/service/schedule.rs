//! The schedule of a device's check-ins.
//!
//! Source: `memdocs/intune/configuration/device-profile-troubleshoot.md` (2021-02) in
//! <https://github.com/MicrosoftDocs/memdocs>: about every 8 hours; after enrolment, iOS every 15
//! minutes for an hour, Android every 3 minutes for 15 minutes and then every 15 minutes for two
//! hours.

use chrono::TimeDelta;

use crate::device::Platform;
use eligibility::closed_enum;

closed_enum! {
    /// The time since a device was enrolled, as far as it matters to check-ins.
    pub enum CheckIn: "check in" {
        /// At the start of the run.
        Fresh = "fresh",
        /// Long ago.
        Settled = "settled",
    }
}

/// Returns the wait of a device after the early check-in with this number, counted from 0 for the
/// enrolment itself; `None` once the early ones are over.
pub(super) fn early_wait(platform: Platform, number: u32) -> Option<TimeDelta> {
    // How many come one after the other, and the minutes between two of them.
    let early: &[(u32, u32)] = match platform {
        Platform::Android => &[(5, 3), (8, 15)],
        Platform::Apple => &[(4, 15)],
    };
    let mut first = 0;
    for (count, minutes) in early {
        if number < first + count {
            return Some(TimeDelta::minutes((*minutes).into()));
        }
        first += count;
    }
    None
}

/// The check-ins of one device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Schedule {
    /// The scheduled check-ins so far, for a device that checks in often after its enrolment.
    early: Option<u32>,
    check_ins: u32,
    /// Its check-ins are events of the run, one after the other.
    is_regular: bool,
    /// One is scheduled because an action waits for it.
    is_awaited: bool,
}

impl Schedule {
    /// Returns the schedule of a device that was enrolled a moment or long ago, and whose first
    /// check-in is known or not.
    pub(super) fn new(enrolled: CheckIn, first_is_known: bool) -> Self {
        let (early, is_regular) = match enrolled {
            CheckIn::Fresh => (Some(0), true),
            CheckIn::Settled => (None, first_is_known),
        };
        Self { early, check_ins: 0, is_regular, is_awaited: false }
    }

    /// Notes that a check-in is awaited; returns false if one is scheduled already.
    pub(super) fn begins(&mut self) -> bool {
        let begins = !self.is_regular && !self.is_awaited;
        self.is_awaited |= begins;
        begins
    }

    /// Notes that the awaited check-in comes.
    pub(super) fn comes(&mut self) {
        self.is_awaited = false;
    }

    /// Counts a check-in.
    pub(super) fn count(&mut self) {
        self.check_ins += 1;
    }

    /// Returns the wait until the next scheduled check-in.
    pub(super) fn next(&mut self, platform: Platform, settled_minutes: u32) -> TimeDelta {
        let settled = TimeDelta::minutes(settled_minutes.into());
        let Some(number) = &mut self.early else { return settled };
        *number += 1;
        let wait = early_wait(platform, *number);
        if wait.is_none() {
            self.early = None;
        }
        wait.unwrap_or(settled)
    }

    /// Returns the number of check-ins.
    pub(super) fn check_ins(&self) -> u32 {
        self.check_ins
    }

    /// Forgets the check-ins so far.
    pub(super) fn forget_history(&mut self) {
        self.check_ins = 0;
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::early_wait;
    use crate::device::Platform;

    fn minutes(platform: Platform) -> Vec<i64> {
        let mut at = TimeDelta::zero();
        let waits = (0..).map_while(|number| early_wait(platform, number));
        waits
            .map(|wait| {
                at += wait;
                at.num_minutes()
            })
            .collect()
    }

    #[test]
    fn intune_29_fresh_devices_come_often() {
        assert_eq!(
            minutes(Platform::Android),
            [3, 6, 9, 12, 15, 30, 45, 60, 75, 90, 105, 120, 135]
        );
        assert_eq!(minutes(Platform::Apple), [15, 30, 45, 60]);
        assert_eq!(early_wait(Platform::Android, 13), None);
    }
}

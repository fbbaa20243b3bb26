//! The time since the check-ins of devices.

use chrono::NaiveDate;
use inventory::CheckIns;

/// The ages that a report counts, in days.
const AGES: [u32; 3] = [7, 30, 90];

/// Devices whose last check-in is more than a number of days ago. An action waits for a device to
/// check in, so a stale one does not act on it.
pub(crate) struct StaleDevices {
    /// The days.
    pub(crate) days: u32,
    /// The number of devices, measured from the newest check-in: an export knows no later time.
    pub(crate) before_newest: u64,
    /// The number of devices, measured from the date that was given as today's.
    pub(crate) before_now: Option<u64>,
}

/// Returns the stale devices of each age; none if no check-in is known.
pub(crate) fn by_age(check_ins: &CheckIns, now: Option<NaiveDate>) -> Vec<StaleDevices> {
    let Some(newest) = check_ins.newest() else { return Vec::new() };
    let each = AGES.map(|days| StaleDevices {
        days,
        before_newest: check_ins.stale(days, newest.date()),
        before_now: now.map(|now| check_ins.stale(days, now)),
    });
    each.into()
}

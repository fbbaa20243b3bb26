//! The time since the check-ins of devices.

use chrono::NaiveDate;
use inventory::CheckIns;
use schemars::JsonSchema;
use serde::Serialize;

/// The ages that a report counts, in days.
const AGES: [u32; 3] = [7, 30, 90];

/// The devices that have not checked in for a number of days.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct StaleDevices {
    /// The number of days.
    pub(crate) more_than_days: u32,
    /// The devices, measured from the latest check-in of any device.
    pub(crate) before_latest_check_in: u64,
    /// The devices, measured from `now`.
    pub(crate) before_now: Option<u64>,
}

/// Returns the stale devices of each age; none if no check-in is known. An action waits for a device to
/// check in, so a stale one does not act on it.
pub(crate) fn by_age(check_ins: &CheckIns, now: Option<NaiveDate>) -> Vec<StaleDevices> {
    let Some(newest) = check_ins.newest() else { return Vec::new() };
    let each = AGES.map(|days| StaleDevices {
        more_than_days: days,
        // An export knows no later time.
        before_latest_check_in: check_ins.stale(days, newest.date()),
        before_now: now.map(|now| check_ins.stale(days, now)),
    });
    each.into()
}

//! Invariants of every Apple device; checkers, apart from the model.

use super::Device;
use super::phone::{Compliance, Power};
use crate::model::invariant::{self, Invariant};

const INVARIANTS: &[Invariant<Device>] = &[
    ("a clear never happens twice for one CommandUUID", |device| !device.witness.cleared_twice()),
    ("a passcode is never lost to a command that was answered before", |device| {
        !device.witness.lost_to_redelivery()
    }),
    ("without a policy no prompt is shown", |device| {
        device.phone.has_policy() || !device.phone.asks_for_passcode()
    }),
    ("without a passcode there are no biometrics", |device| {
        device.phone.has_passcode() || !device.phone.biometrics
    }),
    ("a prompt is on the screen only while the device is open", |device| {
        device.phone.prompt.is_none() || device.phone.power == Power::Unlocked
    }),
    ("a device that demands nothing has no clock running", |device| {
        let demands = device.phone.has_policy();
        demands == (device.phone.compliance != Compliance::NoPolicy)
    }),
    ("every message reads back from its property list as what was written", |device| {
        !device.unreadable
    }),
    ("a device without a passcode does not wait for its first unlock", |device| {
        device.phone.has_passcode() || device.phone.power != Power::BeforeFirstUnlock
    }),
];

/// Returns the names of the invariants that a device breaks.
pub fn broken_invariants(device: &Device) -> Vec<&'static str> {
    invariant::broken(INVARIANTS, device)
}

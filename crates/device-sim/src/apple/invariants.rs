//! Invariants of every Apple device; checkers, apart from the model.

use super::Device;
use super::phone::{Compliance, Power};
use crate::model::invariant::{self, Invariant};

const INVARIANTS: &[Invariant<Device>] = &[
    Invariant {
        name: "a clear never happens twice for one CommandUUID",
        holds: |device| !device.witness.cleared_twice(),
    },
    Invariant {
        name: "a passcode is never lost to a command that was answered before",
        holds: |device| !device.witness.lost_to_redelivery(),
    },
    Invariant {
        name: "without a policy no prompt is shown",
        holds: |device| device.phone.has_policy() || !device.phone.asks_for_passcode(),
    },
    Invariant {
        name: "without a passcode there are no biometrics",
        holds: |device| device.phone.has_passcode() || !device.phone.biometrics,
    },
    Invariant {
        name: "a prompt is on the screen only while the device is open",
        holds: |device| device.phone.prompt.is_none() || device.phone.power == Power::Unlocked,
    },
    Invariant {
        name: "a device that demands nothing has no clock running",
        holds: |device| {
            let demands = device.phone.has_policy();
            demands == (device.phone.compliance != Compliance::NoPolicy)
        },
    },
    Invariant {
        name: "every message reads back from its property list as what was written",
        holds: |device| !device.unreadable,
    },
    Invariant {
        name: "a device without a passcode does not wait for its first unlock",
        holds: |device| {
            device.phone.has_passcode() || device.phone.power != Power::BeforeFirstUnlock
        },
    },
];

/// Returns the names of the invariants that a device breaks.
pub fn broken_invariants(device: &Device) -> Vec<&'static str> {
    invariant::broken(INVARIANTS, device)
}

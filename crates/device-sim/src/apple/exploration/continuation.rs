//! What becomes of a device if its user does one thing from now on: cooperates, or does not.

use chrono::TimeDelta;

use super::{FIRST, alarm, wait_of};
use crate::apple::call::Call;
use crate::apple::phone::{Compliance, Power, Session};
use crate::apple::{Answer, Device};
use crate::model::Rng;
use crate::model::Secret;
use crate::scenario::DEFAULT_START;

/// More steps than any continuation takes.
const ENOUGH: usize = 64;

/// Apple's hour, as its guide states it, whatever the device believes.
const HOUR: TimeDelta = TimeDelta::minutes(60);

fn does(device: &mut Device, call: &Call) -> Answer {
    let mut rng = Rng::new(0, 0);
    device.answer(call, &mut crate::apple::Context::new(DEFAULT_START, &mut rng))
}

/// Whether a user who does what the device asks makes it compliant, when every command that is on
/// its way has arrived.
pub(super) fn user_can_comply(device: &Device) -> bool {
    let mut device = device.clone();
    for _ in 0..ENOUGH {
        let Some(call) = cooperative(&device) else { break };
        does(&mut device, &call);
    }
    matches!(device.phone.compliance, Compliance::NoPolicy | Compliance::Compliant)
}

fn cooperative(device: &Device) -> Option<Call> {
    let phone = &device.phone;
    if matches!(phone.session, Session::Open(_)) {
        Some(Call::Exchange)
    } else if device.connecting {
        Some(Call::Connect)
    } else if phone.power != Power::Unlocked && !phone.asks_for_passcode() {
        let passcode = phone.code.as_ref().map(|code| code.secret.clone());
        Some(Call::Unlock { passcode, biometric: false })
    } else if matches!(phone.compliance, Compliance::Grace { .. } | Compliance::Forced) {
        Some(Call::SetPasscode { new: Secret::new(FIRST) })
    } else {
        None
    }
}

/// Whether a user who does nothing but put it off, or nothing at all, is forced when Apple's hour
/// is over.
pub(super) fn forced_in_time(device: &Device) -> bool {
    if !matches!(device.phone.compliance, Compliance::Grace { .. }) {
        return true;
    }
    [true, false].into_iter().all(|puts_off| {
        let mut device = device.clone();
        let mut passed = TimeDelta::zero();
        for _ in 0..ENOUGH {
            if puts_off {
                does(&mut device, &Call::Later);
            }
            let Some(call) = alarm(&device.phone) else { break };
            let pause = wait_of(&device.phone, &call);
            device.let_pass(pause);
            passed += pause;
            does(&mut device, &call);
        }
        device.phone.compliance == Compliance::Forced && passed <= HOUR
    })
}

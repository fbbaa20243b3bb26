//! The ends of a device whose user does one thing from now on: cooperates, or does not.

use chrono::TimeDelta;

use super::{FIRST, is};
use crate::apple::Device;
use crate::apple::call::Call;
use crate::apple::phone::{Compliance, Power};
use crate::exploration::Situation;
use crate::model::Secret;

/// More steps than any continuation takes.
const ENOUGH: usize = 64;

/// Apple's hour, as its guide states it, whatever the device believes.
const HOUR: TimeDelta = TimeDelta::minutes(60);

/// Longer than every command that is on its way takes.
const A_WHILE: TimeDelta = TimeDelta::seconds(30);

/// Returns true if a user who does what the device asks makes it compliant, when every command that
/// is on its way has arrived.
pub(super) fn user_can_comply(situation: &Situation) -> bool {
    let mut rest = situation.clone();
    for _ in 0..ENOUGH {
        rest.run_for(A_WHILE);
        let Some(call) = rest.machine().as_apple().and_then(cooperative) else { break };
        rest.does(&call.into());
    }
    let complies = |device: &Device| {
        matches!(device.phone.compliance, Compliance::NoPolicy | Compliance::Compliant)
    };
    rest.machine().as_apple().is_none_or(complies)
}

fn cooperative(device: &Device) -> Option<Call> {
    let phone = &device.phone;
    if phone.power != Power::Unlocked && !phone.asks_for_passcode() {
        let passcode = phone.code.as_ref().map(|code| code.secret.clone());
        Some(Call::Unlock { passcode, biometric: false })
    } else if matches!(phone.compliance, Compliance::Grace { .. } | Compliance::Forced) {
        Some(Call::SetPasscode { new: Secret::new(FIRST) })
    } else {
        None
    }
}

/// Returns true if a user who does nothing but put it off, or nothing at all, is forced when
/// Apple's hour is over, if nothing more comes from the server.
pub(super) fn forced_in_time(situation: &Situation) -> bool {
    let in_grace = |device: &Device| matches!(device.phone.compliance, Compliance::Grace { .. });
    if !is(situation.machine(), in_grace) {
        return true;
    }
    let start = situation.with_only(crate::Call::is_alarm);
    [true, false].into_iter().all(|puts_off| {
        let mut rest = start.clone();
        let mut passed = TimeDelta::zero();
        for _ in 0..ENOUGH {
            if puts_off {
                rest.does(&Call::Later.into());
            }
            let Some(pause) = rest.next_due() else { break };
            rest.run_for(pause);
            passed += pause;
            if !is(rest.machine(), in_grace) {
                break;
            }
        }
        let forced = |device: &Device| device.phone.compliance == Compliance::Forced;
        is(rest.machine(), forced) && passed <= HOUR
    })
}

//! The exploration `apple-clear`: one iPhone, its user, its server with the redelivery bug, and
//! everything that can happen around `ClearPasscode`, in every order.
//!
//! The server's messages take their time, the prompt comes back, and the hour ends: all of this
//! happens by itself, before, between and after what the user does. The minutes in the text of the
//! prompt make the space too large to be seen whole.

#[cfg(test)]
mod broken;
mod continuation;

use self::continuation::{forced_in_time, user_can_comply};
use super::call::Call;
use super::passcode::PasscodePayload;
use super::phone::{Code, Compliance, Power, Session};
use super::server::TokenChoice;
use super::{CommandRequest, Device, EnrolmentKind, Platform, Setup};
use crate::device::Device as AnyDevice;
use crate::exploration::{Claim, Exploration, Situation};
use crate::machine::{self, Machine};
use crate::model::Secret;
use crate::scenario::DEFAULT_START;

/// Two passcodes that satisfy the policy, and one that does not.
const FIRST: &str = "258014";
const SECOND: &str = "940372";
const WEAK: &str = "1111";

/// No more commands than this are sent in one run.
const MOST_COMMANDS: u32 = 2;

/// The names of the explorations.
pub const CLEAR_EXPLORATIONS: [&str; 2] = ["apple-clear", "apple-clear-without-policy"];

/// Returns the explorations: a device with a passcode policy, and one without.
pub fn clear_explorations() -> [Exploration; 2] {
    [exploration(CLEAR_EXPLORATIONS[0], true), exploration(CLEAR_EXPLORATIONS[1], false)]
}

fn exploration(name: &str, with_policy: bool) -> Exploration {
    let mut setup = Setup::new(Platform::Ios);
    setup.kind = EnrolmentKind::Supervised;
    setup.passcode = Some(Secret::new(FIRST));
    setup.payload = with_policy.then(|| PasscodePayload {
        force_pin: Some(true),
        min_length: Some(6),
        ..PasscodePayload::default()
    });
    setup.server.redelivers = true;
    // There is no adapter to shut out.
    setup.parameters.usb_adapters_need_unlock = false;
    let always = ALWAYS.iter().map(|(name, holds)| (*name, Claim::EverySituation(*holds)));
    let possible = POSSIBLE
        .iter()
        .filter(|(needs_policy, ..)| with_policy || !needs_policy)
        .map(|(_, name, is)| (*name, Claim::Possible(*is)));
    Exploration {
        forget: Some(forget_ages),
        ..Exploration::of_machine(name, setup.into(), calls, always.chain(possible))
    }
}

type Holds = fn(&Situation) -> bool;

/// The properties after every event.
const ALWAYS: [(&str, Holds); 5] = [
    ("a clear never happens twice for one CommandUUID", |situation| {
        !is(situation.machine(), |device| device.witness.cleared_twice())
    }),
    ("a passcode set by the user is never lost to redelivery", |situation| {
        !is(situation.machine(), |device| device.witness.lost_to_redelivery())
    }),
    ("under a policy the device ends compliant if the user cooperates", user_can_comply),
    ("under a policy the device is forced within 60 minutes if the user does not", forced_in_time),
    ("without a policy no prompt is ever shown", |situation| {
        !is(situation.machine(), |device| {
            !device.phone.has_policy() && device.phone.asks_for_passcode()
        })
    }),
];

type Is = fn(&Machine) -> bool;

/// The states that some order of events reaches, and whether that takes a policy: the claims above
/// would hold of a device that does nothing at all.
const POSSIBLE: [(bool, &str, Is); 5] = [
    (false, "a passcode is cleared", |machine| is(machine, |device| !device.phone.has_passcode())),
    (false, "a passcode is set again after a clear", |machine| {
        is(machine, |device| {
            device.phone.has_passcode() && device.server.clear == super::CommandState::Done
        })
    }),
    (false, "the device waits to come back by itself", |machine| {
        is(machine, |device| device.phone.session == Session::WaitingAfterNotNow)
    }),
    (true, "the prompt is shown with no more than 15 minutes left", |machine| {
        is(machine, |device| device.phone.prompt.is_some_and(|minutes| minutes <= 15))
    }),
    (true, "the user cannot put it off any more", |machine| {
        is(machine, |device| device.phone.sheet_is_up())
    }),
];

fn is(machine: &Machine, look: impl Fn(&Device) -> bool) -> bool {
    machine.as_apple().is_some_and(look)
}

/// Returns the possible calls in a state.
fn calls(machine: &Machine) -> Vec<machine::Call> {
    let Some(device) = machine.as_apple() else { return Vec::new() };
    let phone = &device.phone;
    let mut calls = vec![Call::Reboot];
    let set = |text: &str| Call::SetPasscode { new: Secret::new(text) };
    let enter = |text: &str| Call::Continue { new: Secret::new(text) };
    if phone.power == Power::Unlocked {
        calls.extend([Call::Lock, Call::TurnPasscodeOff, set(FIRST), set(SECOND)]);
    } else {
        let passcode = phone.code.as_ref().map(|code| code.secret.clone());
        calls.push(Call::Unlock { passcode, biometric: false });
    }
    if phone.asks_for_passcode() {
        calls.extend([Call::Later, enter(FIRST), enter(WEAK)]);
    }
    if device.server.sent() < MOST_COMMANDS {
        calls.push(Call::ClearPasscode { token: TokenChoice::Held, push: true });
        let command = CommandRequest::new("SecurityInfo");
        calls.push(Call::SendCommand { command, again: None, push: true });
    }
    if matches!(phone.session, Session::Open(_)) {
        calls.push(Call::ConnectionBreaks);
    }
    calls.into_iter().map(machine::Call::from).collect()
}

/// Ages on which nothing depends here: there is no age, no history and no grace for unlocking in
/// the policies that are explored, and a prompt that is due is due.
fn forget_ages(machine: &mut Machine) {
    let AnyDevice::Apple(device) = machine.device_mut() else { return };
    let phone = &mut device.phone;
    phone.locked_at = DEFAULT_START;
    phone.past.clear();
    if let Some(Code { set_at, .. }) = &mut phone.code {
        *set_at = DEFAULT_START;
    }
    if let Compliance::Grace { next_prompt, .. } = &mut phone.compliance {
        *next_prompt = (*next_prompt).max(DEFAULT_START);
    }
}

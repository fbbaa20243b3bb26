//! The exploration `apple-clear`: one iPhone, its user, its server with the redelivery bug, and
//! everything that can happen around `ClearPasscode`, in every order.
//!
//! Time passes in calls of its own: the prompt that is due, and the end of the hour. Moments are
//! kept relative to the present, so a state that comes back later is the same state.

#[cfg(test)]
mod broken;
mod continuation;

use chrono::{DateTime, TimeDelta, Utc};

use self::continuation::{forced_in_time, user_can_comply};
use super::call::Call;
use super::passcode::PasscodePayload;
use super::phone::{Code, Compliance, Phone, Power, Session};
use super::server::TokenChoice;
use super::{CommandRequest, Device, EnrolmentKind, Platform, Setup};
use crate::device::{Device as AnyDevice, DeviceCall};
use crate::exploration::{Alphabet, Claim, Exploration, Property, Transition, do_call};
use crate::machine::{self, Machine};
use crate::model::Outcome;
use crate::model::Secret;
use crate::scenario::DEFAULT_START;

/// Two passcodes that satisfy the policy, and one that does not.
const FIRST: &str = "258014";
const SECOND: &str = "940372";
const WEAK: &str = "1111";

/// No more commands than this are sent in one run.
const MOST_COMMANDS: u32 = 3;

/// The names of the explorations.
pub const CLEAR_EXPLORATIONS: [&str; 2] = ["apple-clear", "apple-clear-without-policy"];

/// The explorations: a device with a passcode policy, and one without.
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
    setup.drives_itself = false;
    setup.parameters.latency_seconds = 0;
    let mut properties = vec![Property { name: "invariants".to_owned(), claim: Claim::Invariants }];
    let always = ALWAYS.iter().map(|(name, holds)| (*name, Claim::EveryEvent(*holds)));
    let possible = POSSIBLE
        .iter()
        .filter(|(needs_policy, ..)| with_policy || !needs_policy)
        .map(|(_, name, is)| (*name, Claim::Possible(*is)));
    properties.extend(always.chain(possible).map(|(name, claim)| {
        let name = name.to_owned();
        Property { name, claim }
    }));
    Exploration {
        name: name.to_owned(),
        version: None,
        setup: setup.into(),
        alphabet: Alphabet::OfState(calls),
        properties,
        act: wait_and_do,
        pace: wait,
    }
}

type Holds = fn(&Transition<'_>) -> bool;

/// What holds after every event.
const ALWAYS: [(&str, Holds); 5] = [
    ("a clear never happens twice for one CommandUUID", |transition| {
        after(transition).is_none_or(|device| !device.witness.cleared_twice())
    }),
    ("a passcode set by the user is never lost to redelivery", |transition| {
        after(transition).is_none_or(|device| !device.witness.lost_to_redelivery())
    }),
    ("under a policy the device ends compliant if the user cooperates", |transition| {
        after(transition).is_none_or(user_can_comply)
    }),
    ("under a policy the device is forced within 60 minutes if the user does not", |transition| {
        after(transition).is_none_or(forced_in_time)
    }),
    ("without a policy no prompt is ever shown", |transition| {
        after(transition)
            .is_none_or(|device| device.phone.has_policy() || !device.phone.asks_for_passcode())
    }),
];

type Is = fn(&Machine) -> bool;

/// What comes about in some order of events, and whether that takes a policy: the claims above
/// would hold of a device that does nothing at all.
const POSSIBLE: [(bool, &str, Is); 5] = [
    (false, "a passcode is cleared", |machine| is(machine, |device| !device.phone.has_passcode())),
    (false, "a passcode is set again after a clear", |machine| {
        is(machine, |device| {
            device.phone.has_passcode() && device.server.clear == super::ClearState::Done
        })
    }),
    (false, "the device waits to come back by itself", |machine| {
        is(machine, |device| device.phone.session == Session::WaitingAfterNotNow)
    }),
    (true, "the prompt is shown with 15 minutes left", |machine| {
        is(machine, |device| device.phone.prompt == Some(15))
    }),
    (true, "the user cannot put it off any more", |machine| {
        is(machine, |device| device.phone.sheet_is_up())
    }),
];

fn is(machine: &Machine, look: impl Fn(&Device) -> bool) -> bool {
    machine.as_apple().is_some_and(look)
}

fn after<'a>(transition: &Transition<'a>) -> Option<&'a Device> {
    transition.after.as_apple()
}

/// What can happen in a state.
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
    if device.connecting {
        calls.push(Call::Connect);
    }
    if matches!(phone.session, Session::Open(_)) {
        calls.extend([Call::Exchange, Call::ConnectionBreaks]);
    }
    calls.extend(alarm(phone));
    calls.into_iter().map(machine::Call::from).collect()
}

/// The next thing that time brings about.
fn alarm(phone: &Phone) -> Option<Call> {
    let Compliance::Grace { deadline, next_prompt } = phone.compliance else { return None };
    let due = next_prompt > DEFAULT_START && next_prompt < deadline && phone.prompt.is_none();
    Some(if due { Call::PromptDue } else { Call::GraceEnds })
}

/// How long it takes until a call happens: what time brings about comes when it is due, and
/// everything else at once.
fn wait(machine: &Machine, call: &machine::Call) -> TimeDelta {
    match (machine.device(), call) {
        (AnyDevice::Apple(device), machine::Call::Device(DeviceCall::Apple(call))) => {
            wait_of(&device.phone, call)
        }
        _ => TimeDelta::zero(),
    }
}

fn wait_of(phone: &Phone, call: &Call) -> TimeDelta {
    let at = match (phone.compliance, call) {
        (Compliance::Grace { next_prompt, .. }, Call::PromptDue) => next_prompt,
        (Compliance::Grace { deadline, .. }, Call::GraceEnds) => deadline,
        _ => DEFAULT_START,
    };
    at - DEFAULT_START
}

/// Lets the time pass that the call takes, and does it.
fn wait_and_do(machine: &Machine, call: &machine::Call) -> (Machine, Option<Outcome>) {
    let passed = wait(machine, call);
    let mut machine = machine.clone();
    if let AnyDevice::Apple(device) = machine.device_mut() {
        device.let_pass(passed);
    }
    let (mut after, outcome) = do_call(&machine, call);
    if let AnyDevice::Apple(device) = after.device_mut() {
        device.forget_moments();
    }
    (after, outcome)
}

impl Device {
    /// Every moment that matters lies so much nearer.
    fn let_pass(&mut self, passed: TimeDelta) {
        let nearer = |at: DateTime<Utc>| at - passed;
        if let Compliance::Grace { deadline, next_prompt } = &mut self.phone.compliance {
            *deadline = nearer(*deadline);
            *next_prompt = nearer(*next_prompt);
        }
        if let Power::CoolDown { until: Some(until), .. } = &mut self.phone.power {
            *until = nearer(*until);
        }
    }

    /// Moments on which nothing depends here: there is no age, no history and no grace for
    /// unlocking in the policies that are explored.
    fn forget_moments(&mut self) {
        self.phone.locked_at = DEFAULT_START;
        self.phone.past.clear();
        if let Some(Code { set_at, .. }) = &mut self.phone.code {
            *set_at = DEFAULT_START;
        }
        if let Compliance::Grace { next_prompt, .. } = &mut self.phone.compliance {
            *next_prompt = (*next_prompt).max(DEFAULT_START);
        }
    }
}

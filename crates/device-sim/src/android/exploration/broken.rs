//! Deliberately broken devices: each property of the exploration notices one of them, and the
//! counterexample is a scenario on which the broken and the real device part.

use super::token_exploration;
use crate::android::secret::Lock;
use crate::android::user::{Challenge, Run, UserId};
use crate::android::{ApiLevel, Call, Device, Factor, TokenBytes};
use crate::device::{Device as AnyDevice, DeviceCall};
use crate::exploration::Act;
use crate::machine::{self, Context, Machine};
use crate::model::Outcome;
use crate::scenario::write_scenario;
use crate::{ScenarioDocument, run};

/// Does the call, and then something wrong to the device.
fn and_then(
    machine: &mut Machine,
    call: &machine::Call,
    context: &mut Context<'_>,
    wrong: impl FnOnce(&Device, &Call, bool, &mut Device),
) -> Option<Outcome> {
    let before = machine.clone();
    let outcome = machine.handle(call, context);
    let done = outcome.as_ref().is_some_and(|outcome| outcome.value == true.into());
    if let (
        Some(before),
        machine::Call::Device(DeviceCall::Android(call)),
        AnyDevice::Android(device),
    ) = (before.as_android(), call, machine.device_mut())
    {
        wrong(before, call, done, device);
    }
    outcome
}

fn is_reset(call: &Call) -> bool {
    matches!(call, Call::ResetPasswordWithToken { .. })
}

fn give_password(device: &mut Device) {
    device.separate(UserId::Work);
    device.store_lock(UserId::Work, Lock::from_text("broken in"));
}

/// Declares devices that do the call, and then something wrong.
macro_rules! broken {
    ($($property:literal: |$before:pat_param, $call:pat_param, $done:pat_param, $device:pat_param| $wrong:block)+) => {
        &[$( ($property, |machine, call, context| {
            and_then(machine, call, context, |$before, $call, $done, $device| $wrong)
        }) ),+]
    };
}

/// A broken model for each property of events.
const BROKEN: &[(&str, Act)] = broken! {
    "invariants": |_, call, _, device| {
        if *call == Call::Reboot {
            // The app does not look again after the restart.
            device.notification = false;
        }
    }
    "an active token ends only by what may end it": |_, call, _, device| {
        if let (Call::UserSetsLock { .. }, Some(work)) = (call, &mut device.work) {
            work.escrow.tokens.clear();
        }
    }
    "a token set for a user without a lock is never pending": |_, call, _, device| {
        if let (Call::SetResetPasswordToken { .. }, Some(work)) = (call, &mut device.work) {
            work.escrow.tokens.iter_mut().for_each(|token| token.active = false);
        }
    }
    "a token that is not active resets nothing": |before, call, _, device| {
        let pending = before
            .work
            .as_ref()
            .is_some_and(|work| work.token().is_some_and(|token| !token.active));
        if pending && is_reset(call) {
            give_password(device);
        }
    }
    "a wrong token resets nothing": |before, call, _, device| {
        let wrong = matches!(call, Call::ResetPasswordWithToken { token, .. }
            if *token != Some(TokenBytes::default()));
        if wrong && before.work.is_some() {
            give_password(device);
        }
    }
    "no call of the profile owner changes the device's lock": |_, call, done, device| {
        if is_reset(call) && done {
            device.store_lock(UserId::Device, Lock::from_text("as well"));
        }
    }
    "only a knowledge factor activates a pending token": |_, call, _, device| {
        let finger = matches!(call, Call::Unlock { with: Factor::Biometric, .. });
        if let (true, Some(work)) = (finger, &mut device.work) {
            work.escrow.tokens.iter_mut().for_each(|token| token.active = true);
        }
    }
    "nothing is reset while the profile is off": |before, call, _, device| {
        if is_reset(call) && before.work.as_ref().is_some_and(|work| work.run == Run::Stopped) {
            give_password(device);
        }
    }
    "a reset leaves the profile with a challenge of its own": |_, call, done, device| {
        if let (true, true, Some(work)) = (is_reset(call), done, &mut device.work) {
            work.challenge = Challenge::Unified;
        }
    }
    "a reset does not unlock, except by clearing from level 29": |_, call, done, device| {
        if let (true, true, Some(work)) = (is_reset(call), done, &mut device.work) {
            work.run = Run::Unlocked;
        }
    }
    "a work profile never loses its escrow data": |_, call, _, device| {
        if let (Call::Unlock { .. }, Some(work)) = (call, &mut device.work) {
            work.escrow.enabled = false;
        }
    }
    "a reboot loses what is pending and keeps what is active": |before, call, _, device| {
        if let (Call::Reboot, Some(old), Some(work)) = (call, &before.work, &mut device.work) {
            work.escrow = old.escrow.clone();
        }
    }
};

const LEVELS: [u8; 4] = [26, 27, 30, 36];

#[test]
fn every_property_notices_a_broken_device() {
    for api in LEVELS {
        let real = token_exploration(ApiLevel::new(api).expect("simulated"), true);
        for (name, act) in BROKEN {
            let mut exploration = real.clone();
            exploration.act = *act;
            let explored = exploration.explore(std::num::NonZeroU32::new(6));
            let verdict = explored.verdicts.iter().find(|verdict| verdict.name == *name);
            let verdict = verdict.unwrap_or_else(|| panic!("there is no property `{name}`"));
            assert!(!verdict.holds(), "{name} at {api} notices nothing");
            let run = verdict.answer.run().expect("a refuted property has its counterexample");
            assert!((1..=5).contains(&run.steps.len()), "{name}: {} steps", run.steps.len());
        }
        let claims = real.properties.iter().filter(|property| !property.claim.is_possibility());
        assert_eq!(claims.count(), BROKEN.len(), "a property without a broken device");
    }
}

#[test]
fn a_counterexample_is_a_scenario_on_which_the_real_device_differs() {
    let mut exploration = token_exploration(ApiLevel::LAST, true);
    exploration.act = BROKEN[0].1;
    let explored = exploration.explore(None);
    let run_ = explored.verdicts[0].answer.run().expect("refuted");
    let verbs: Vec<_> =
        run_.steps.iter().filter_map(|step| step.call.as_ref()).map(machine::Call::verb).collect();
    assert_eq!(verbs, ["install-policy", "reboot"], "the shortest there is");
    let text = write_scenario(run_, &["counterexample".to_owned()]);
    let document = ScenarioDocument::read(&text).expect("what is written reads back");
    let findings = run(&document.scenarios[0], 0, |_| {}).findings;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].found, "notification = shown");
}

#[test]
fn every_possibility_can_be_missing() {
    for api in [24, 26, 30] {
        let mut exploration = token_exploration(ApiLevel::new(api).expect("simulated"), true);
        // A device on which nothing ever happens.
        exploration.act = |_, _, _| None;
        for verdict in exploration.explore(None).verdicts {
            assert!(!verdict.answer.is_of_possibility() || !verdict.holds(), "{}", verdict.name);
        }
    }
}

//! Deliberately broken devices: each property of the exploration notices one of them.

use std::num::NonZeroU32;

use super::clear_explorations;
use crate::apple::{Power, Setup};
use crate::device::{Device, DeviceSetup};
use crate::exploration::{Act, Exploration, Verdict};
use crate::machine::Machine;
use crate::scenario::write_scenario;
use crate::{ScenarioDocument, run};

/// Returns the exploration with or without a policy, of a device that is set up differently and
/// does things in another way.
fn broken(with_policy: bool, change: fn(&mut Setup), act: Act) -> Exploration {
    let [with, without] = clear_explorations();
    let mut exploration = if with_policy { with } else { without };
    if let DeviceSetup::Apple(setup) = &mut exploration.setup.device {
        change(setup);
    }
    exploration.act = act;
    exploration
}

/// Returns the verdict on one property, in runs that are long enough to refute it.
fn verdict(exploration: &Exploration, name: &str) -> Verdict {
    let explored = exploration.explore(NonZeroU32::new(14));
    let found = explored.verdicts.into_iter().find(|verdict| verdict.name == name);
    found.expect("the property is looked at")
}

const FORGETFUL: fn(&mut Setup) = |setup| setup.parameters.remembers_finished_commands = false;

#[test]
fn a_device_that_forgets_finished_commands_clears_twice() {
    let exploration = broken(true, FORGETFUL, Machine::handle);
    for name in [
        "a clear never happens twice for one CommandUUID",
        "a passcode set by the user is never lost to redelivery",
    ] {
        let verdict = verdict(&exploration, name);
        assert!(!verdict.holds(), "{name}");
        // The counterexample is a scenario that shows the same on a device of its own.
        let scenario = verdict.answer.run().expect("refuted").clone();
        let text = write_scenario(&scenario, &[]);
        let document = ScenarioDocument::read(&text).expect("a scenario without problems");
        let found = run(&document.scenarios[0], 1, |_| {}).findings;
        let expected: Vec<_> = found.iter().map(|finding| finding.expected.as_str()).collect();
        assert!(expected.iter().all(|text| text.starts_with("invariant")), "{expected:?}\n{text}");
        assert!(!expected.is_empty(), "{text}");
    }
}

#[test]
fn a_user_who_may_not_set_a_passcode_cannot_comply() {
    let blocked: fn(&mut Setup) = |setup| setup.allow_passcode_modification = Some(false);
    let name = "under a policy the device ends compliant if the user cooperates";
    assert!(!verdict(&broken(true, blocked, Machine::handle), name).holds());
}

#[test]
fn a_longer_hour_is_not_an_hour() {
    let longer: fn(&mut Setup) = |setup| setup.parameters.grace_minutes = 75;
    let name = "under a policy the device is forced within 60 minutes if the user does not";
    assert!(!verdict(&broken(true, longer, Machine::handle), name).holds());
}

#[test]
fn a_device_that_always_asks_is_noticed() {
    let asks: Act = |machine, call, context| {
        let outcome = machine.handle(call, context);
        if let Device::Apple(device) = machine.device_mut()
            && !device.phone.has_passcode()
            && device.phone.power == Power::Unlocked
        {
            device.phone.prompt = Some(60);
        }
        outcome
    };
    let name = "without a policy no prompt is ever shown";
    assert!(!verdict(&broken(false, |_| {}, asks), name).holds());
    assert!(!verdict(&broken(false, |_| {}, asks), "invariants").holds());
}

//! Presses the button once on one simulated device and waits for the result.

use chrono::TimeDelta;
use device_sim::scenario::DEFAULT_START;
use device_sim::service::{self, ActionState};
use device_sim::{Call, Machine, Rng, Setup, World};
use eligibility::policy::Scope;

use crate::trial_result::{LONGEST_TRIAL, TrialResult, TrialResults};
use crate::user::Cooperation;

/// The seed of every trial; it decides nothing but the letters of new passcodes.
pub(crate) const SEED: u64 = 1;

/// The random stream of the user; those below belong to devices.
const USERS: u64 = 1 << 32;

/// The name of the device.
pub(crate) const NAME: &str = "device";

/// The time of the request, counted from the start.
const PRESS: TimeDelta = TimeDelta::minutes(1);

/// The course of one trial on one device with one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trial {
    /// Its end.
    pub(crate) result: TrialResult,
    /// The actions of people and their times, counted from the start: the request first.
    pub(crate) steps: Vec<(TimeDelta, Call)>,
    /// The end of the trial, counted from the start.
    pub(crate) length: TimeDelta,
}

/// Presses the button with the most and the least cooperative user.
pub(crate) fn results(setup: &Setup) -> TrialResults {
    TrialResults {
        cooperative: trial(setup, Cooperation::Cooperative).result,
        passive: trial(setup, Cooperation::Passive).result,
    }
}

/// Presses the button, and waits until the action has ended or that has taken too long.
pub(crate) fn trial(setup: &Setup, user: Cooperation) -> Trial {
    let mut world = World::new(DEFAULT_START, SEED);
    let device = world.add(NAME, setup, 0);
    let mut user = user.user(setup);
    let mut rng = Rng::new(SEED, USERS);
    let (mut at, mut call): (_, Call) = (PRESS, service::Call::reset_passcode().into());
    let mut steps = Vec::new();
    while at <= LONGEST_TRIAL {
        world.schedule(DEFAULT_START + at, device, Some(call.clone()), None);
        steps.push((at, call));
        if turns_until(&mut world, device, at) {
            break;
        }
        let (wait, next) = user.next(world.machine(device), &mut rng);
        (at, call) = (at + wait, next);
    }
    turns_until(&mut world, device, LONGEST_TRIAL);
    finished(&world, device, steps)
}

/// Lets time pass; `true` as soon as the action has ended.
fn turns_until(world: &mut World, device: usize, at: TimeDelta) -> bool {
    while !has_ended(world.machine(device)) {
        if world.step(DEFAULT_START + at).is_none() {
            return false;
        }
    }
    true
}

fn has_ended(machine: &Machine) -> bool {
    let reset = machine.record().and_then(service::Record::reset);
    reset.is_some_and(|reset| reset.state.has_ended())
}

fn finished(world: &World, device: usize, mut steps: Vec<(TimeDelta, Call)>) -> Trial {
    let result = result(world.machine(device));
    let length = match result.state.has_ended() {
        true => world.now() - DEFAULT_START,
        false => LONGEST_TRIAL,
    };
    // What the user still had in mind when the action ended was not done.
    steps.retain(|(at, _)| *at <= length);
    Trial { result, steps, length }
}

/// Returns the progress of the action.
fn result(machine: &Machine) -> TrialResult {
    let Some(reset) = machine.record().and_then(service::Record::reset) else {
        return TrialResult { state: ActionState::None, scope: Scope::Device, mechanism: None };
    };
    let scope = if reset.of_work_profile { Scope::WorkProfile } else { Scope::Device };
    // Policies and the service name operations as their vendors do.
    let mechanism = reset.mechanism.as_str().parse().ok();
    TrialResult { state: reset.state, scope, mechanism }
}

//! Running a scenario: the world turns, the checks look on.

use chrono::TimeDelta;

use super::check::{Checks, Finding};
use super::world::World;
use crate::model::{Event, TraceHash};
use crate::scenario::Scenario;

/// No run has more events than this; a scenario that reaches it is reported as endless.
pub(crate) const MOST_EVENTS: u64 = 10_000_000;

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The unmet expectations; empty if all is well.
    pub findings: Vec<Finding>,
    /// Claims whose `when` held at no moment of the run, so that they checked nothing in it.
    pub idle: Vec<Finding>,
    /// The number of actions of all devices that had not ended at the end.
    pub open_actions: usize,
    /// The number of events that happened.
    pub events: u64,
    /// The duration of the run, in virtual time.
    pub length: TimeDelta,
    /// The fingerprint of the trace.
    pub hash: TraceHash,
}

/// Runs a scenario under a seed; `watch` is shown every event as it happens.
///
/// The same scenario under the same seed gives the same events on every machine.
pub fn run(scenario: &Scenario, seed: u64, mut watch: impl FnMut(&Event)) -> Run {
    let mut world = World::new(scenario.start, seed);
    for (stream, device) in (0..).zip(&scenario.devices) {
        world.add(&device.name, &device.setup, stream);
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        world.schedule(scenario.start + step.at, step.device, step.call.clone(), Some(index));
    }
    let mut checks = Checks::new(scenario, &world);
    let mut hash = TraceHash::default();
    let mut events = 0;
    while let Some(turn) = world.step(scenario.start + scenario.run_for) {
        if let Some(event) = &turn.event {
            events = event.number;
            hash.add_event(event);
            watch(event);
        }
        checks.look(&world, &turn);
        if events == MOST_EVENTS {
            checks.endless(&world);
            break;
        }
    }
    let records = (0..scenario.devices.len()).filter_map(|device| world.machine(device).record());
    let open_actions = records.map(|record| record.open().count()).sum();
    let length = world.now() - scenario.start;
    let (findings, idle) = checks.finish(&world);
    Run { findings, idle, open_actions, events, length, hash }
}

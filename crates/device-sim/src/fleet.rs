//! Many devices and the people who use them, from one seed.
//!
//! The devices of a fleet do not meet, so each lives in a world of its own, and the result is the
//! same on any number of threads: what a device does depends on the seed and its number only.

use std::num::NonZeroUsize;
use std::thread;

use chrono::TimeDelta;

use crate::machine::{Call, Machine, Setup};
use crate::model::Rng;
use crate::model::{Event, TraceHash};
use crate::scenario::DEFAULT_START;
use crate::simulation::World;

/// The people who use the devices of a fleet, and those who manage them.
pub trait Crowd: Sync {
    /// What is known of the people around one device.
    type Resident;

    /// The next device of the fleet, and who uses it.
    fn enrol(&self, rng: &mut Rng) -> (Setup, Self::Resident);

    /// What is done next, and after how long. A time of zero or less counts as a second.
    fn next(
        &self,
        resident: &mut Self::Resident,
        machine: &Machine,
        rng: &mut Rng,
    ) -> (TimeDelta, Call);
}

/// A fleet of devices over a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// How many devices.
    pub devices: u32,
    /// For how long.
    pub length: TimeDelta,
    /// From which seed.
    pub seed: u64,
}

/// What became of a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetRun {
    /// How many events happened.
    pub events: u64,
    /// How many devices broke an invariant at some moment.
    pub broken: u32,
    /// The fingerprint of all traces, device by device.
    pub hash: TraceHash,
}

/// What became of one device.
#[derive(Clone, Copy)]
struct Life {
    events: u64,
    broken: bool,
    hash: TraceHash,
}

/// Streams of chance below this belong to devices, those above to people.
const PEOPLE: u64 = 1 << 32;

impl Fleet {
    /// Simulates all devices on so many threads; the number has no influence on the result.
    pub fn run<C: Crowd>(&self, crowd: &C, threads: NonZeroUsize) -> FleetRun {
        let share = self.devices.div_ceil(u32::try_from(threads.get()).unwrap_or(u32::MAX)).max(1);
        let shares = (0..self.devices).step_by(usize::try_from(share).unwrap_or(usize::MAX));
        let lives: Vec<Vec<Life>> = thread::scope(|scope| {
            let running: Vec<_> = shares
                .map(|first| {
                    let last = first.saturating_add(share).min(self.devices);
                    scope.spawn(move || {
                        (first..last).map(|number| self.live(crowd, number)).collect::<Vec<_>>()
                    })
                })
                .collect();
            let done = running.into_iter().map(thread::ScopedJoinHandle::join);
            done.map(|lives| lives.expect("a simulated life does not panic")).collect()
        });
        let mut fleet = FleetRun { events: 0, broken: 0, hash: TraceHash::default() };
        for life in lives.into_iter().flatten() {
            fleet.events += life.events;
            fleet.broken += u32::from(life.broken);
            fleet.hash.add(&life.hash.value().to_le_bytes());
        }
        fleet
    }

    /// The trace of one device of the fleet.
    pub fn trace<C: Crowd>(&self, crowd: &C, number: u32) -> Vec<Event> {
        let mut events = Vec::new();
        self.watch(crowd, number, |event, _| events.push(event.clone()));
        events
    }

    fn live<C: Crowd>(&self, crowd: &C, number: u32) -> Life {
        let mut life = Life { events: 0, broken: false, hash: TraceHash::default() };
        self.watch(crowd, number, |event, machine| {
            life.events += 1;
            life.hash.add_event(event);
            life.broken |= !machine.broken_invariants().is_empty();
        });
        life
    }

    fn watch<C: Crowd>(&self, crowd: &C, number: u32, mut look: impl FnMut(&Event, &Machine)) {
        let mut people = Rng::new(self.seed, PEOPLE + u64::from(number));
        let (setup, mut resident) = crowd.enrol(&mut people);
        let mut world = World::new(DEFAULT_START, self.seed);
        let device = world.add(&format!("device-{number}"), &setup, number.into());
        let end = DEFAULT_START + self.length;
        let mut next = DEFAULT_START;
        while next <= end {
            while let Some(turn) = world.step(next) {
                if let Some(event) = &turn.event {
                    look(event, world.machine(device));
                }
            }
            let (wait, call) = crowd.next(&mut resident, world.machine(device), &mut people);
            next += wait.max(TimeDelta::seconds(1));
            world.schedule(next, device, Some(call), None);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;

    use super::{Crowd, Fleet};

    /// Everything that a crowd does to 150 devices in 20 days, and everything that it is answered
    /// or can see come about.
    pub(crate) fn verbs_and_answers(
        crowd: &impl Crowd,
    ) -> (BTreeSet<&'static str>, BTreeSet<String>) {
        let fleet = Fleet { devices: 150, length: TimeDelta::days(20), seed: 4 };
        let mut verbs = BTreeSet::new();
        let mut answers = BTreeSet::new();
        for number in 0..fleet.devices {
            for event in fleet.trace(crowd, number) {
                verbs.insert(event.verb);
                answers.extend(event.outcome.map(|outcome| outcome.value.to_string()));
                answers.extend(event.changes.iter().map(|change| change.to.to_string()));
            }
        }
        (verbs, answers)
    }
}

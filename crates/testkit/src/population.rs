//! Populations: many simulated devices with invented users, from one seed.
//!
//! The devices of a population never meet, so each runs in a world of its own, and the result is
//! the same on any number of threads: a device depends on the seed and its number only.

mod android;
mod apple;

use std::num::NonZeroUsize;
use std::thread;

pub use android::AndroidPopulation;
pub use apple::ApplePopulation;
use chrono::TimeDelta;
use device_sim::scenario::DEFAULT_START;
use device_sim::{Call, Event, Machine, Rng, Setup, TraceHash, World};

/// A distribution of devices and of the users and administrators around them.
pub trait Population: Sync {
    /// The user of one device, with its administrator.
    type User;

    /// Draws the next device, and its user.
    fn enrol(&self, rng: &mut Rng) -> (Setup, Self::User);

    /// Returns the next call, and after how long; a time of zero or less counts as a second.
    fn next(&self, user: &mut Self::User, machine: &Machine, rng: &mut Rng) -> (TimeDelta, Call);
}

/// A simulation of many devices over some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulation {
    /// The number of devices.
    pub devices: u32,
    /// The simulated time.
    pub length: TimeDelta,
    /// The seed.
    pub seed: u64,
}

/// The result of a simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The number of events.
    pub events: u64,
    /// The number of devices that broke an invariant at some moment.
    pub broken: u32,
    /// The fingerprint of all traces, device by device.
    pub hash: TraceHash,
}

/// The result of one device.
#[derive(Clone, Copy)]
struct DeviceRun {
    events: u64,
    broken: bool,
    hash: TraceHash,
}

/// Random streams below this belong to devices, those above to users.
const USERS: u64 = 1 << 32;

impl Simulation {
    /// Simulates all devices on a number of threads, which has no influence on the result.
    pub fn run<P: Population>(&self, population: &P, threads: NonZeroUsize) -> Totals {
        let share = self.devices.div_ceil(u32::try_from(threads.get()).unwrap_or(u32::MAX)).max(1);
        let shares = (0..self.devices).step_by(usize::try_from(share).unwrap_or(usize::MAX));
        let runs: Vec<Vec<DeviceRun>> = thread::scope(|scope| {
            let running: Vec<_> = shares
                .map(|first| {
                    let last = first.saturating_add(share).min(self.devices);
                    scope.spawn(move || {
                        (first..last)
                            .map(|number| self.simulate(population, number))
                            .collect::<Vec<_>>()
                    })
                })
                .collect();
            let done = running.into_iter().map(thread::ScopedJoinHandle::join);
            done.map(|runs| runs.expect("a simulated device does not panic")).collect()
        });
        let mut totals = Totals { events: 0, broken: 0, hash: TraceHash::default() };
        for run in runs.into_iter().flatten() {
            totals.events += run.events;
            totals.broken += u32::from(run.broken);
            totals.hash.add(&run.hash.value().to_le_bytes());
        }
        totals
    }

    /// Returns the trace of one device of the totals.
    pub fn trace<P: Population>(&self, population: &P, number: u32) -> Vec<Event> {
        let mut events = Vec::new();
        self.watch(population, number, |event, _| events.push(event.clone()));
        events
    }

    fn simulate<P: Population>(&self, population: &P, number: u32) -> DeviceRun {
        let mut run = DeviceRun { events: 0, broken: false, hash: TraceHash::default() };
        self.watch(population, number, |event, machine| {
            run.events += 1;
            run.hash.add_event(event);
            run.broken |= !machine.broken_invariants().is_empty();
        });
        run
    }

    fn watch<P: Population>(
        &self,
        population: &P,
        number: u32,
        mut look: impl FnMut(&Event, &Machine),
    ) {
        let mut rng = Rng::new(self.seed, USERS + u64::from(number));
        let (setup, mut user) = population.enrol(&mut rng);
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
            let (wait, call) = population.next(&mut user, world.machine(device), &mut rng);
            next += wait.max(TimeDelta::seconds(1));
            world.schedule(next, device, Some(call), None);
        }
    }
}

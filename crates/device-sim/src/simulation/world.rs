//! Devices, virtual time and what is going to happen.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::queue::Queue;
use crate::machine::{Call, Context, Machine, Setup};
use crate::model::Rng;
use crate::model::{Change, Event, Note};
use crate::model::{Observable, Outcome, Value};

/// A device with its name and its own random stream.
#[derive(Clone, Debug)]
struct Inhabitant {
    name: Arc<str>,
    observables: &'static [Observable],
    machine: Machine,
    rng: Rng,
    /// The observables when last read; empty if not read since the last change.
    seen: Vec<Value>,
}

/// A scheduled call, or nothing, which only gives a moment at which to check.
#[derive(Clone, Debug)]
struct Planned {
    device: usize,
    call: Option<Call>,
    step: Option<usize>,
}

/// Simulated devices and a clock that jumps from event to event.
///
/// The world is a pure function of its devices, its seed and what is scheduled.
#[derive(Clone, Debug)]
pub struct World {
    now: DateTime<Utc>,
    inhabitants: Vec<Inhabitant>,
    queue: Queue<Planned>,
    seed: u64,
    events: u64,
}

/// One turn of the clock.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The device that it was about.
    pub device: usize,
    /// The step of the scenario, if it was one.
    pub step: Option<usize>,
    /// The event; nothing when the step only checks.
    pub event: Option<Event>,
}

impl World {
    /// Returns an empty world.
    pub fn new(start: DateTime<Utc>, seed: u64) -> Self {
        Self { now: start, inhabitants: Vec::new(), queue: Queue::new(), seed, events: 0 }
    }

    /// Adds a device, whose random stream has the number `stream`, and schedules what it does
    /// by itself; returns its index.
    pub fn add(&mut self, name: &str, setup: &Setup, stream: u64) -> usize {
        let (machine, observables) = (setup.build(self.now), setup.observables());
        let rng = Rng::new(self.seed, stream);
        let name = Arc::from(name);
        let index = self.inhabitants.len();
        for (delay, call) in setup.first_calls() {
            self.schedule(self.now + delay, index, Some(call), None);
        }
        self.inhabitants.push(Inhabitant { name, observables, machine, rng, seen: Vec::new() });
        index
    }

    /// Schedules a call, or a moment at which a step looks.
    pub fn schedule(
        &mut self,
        at: DateTime<Utc>,
        device: usize,
        call: Option<Call>,
        step: Option<usize>,
    ) {
        self.queue.push(at.max(self.now), Planned { device, call, step });
    }

    /// Returns the time of the last event, or the start.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Returns a device.
    pub fn machine(&self, device: usize) -> &Machine {
        &self.inhabitants[device].machine
    }

    /// Returns the name of a device.
    pub(crate) fn name(&self, device: usize) -> &str {
        &self.inhabitants[device].name
    }

    /// Returns the state of a device: every observable with its value.
    pub fn state(&self, device: usize) -> Vec<(&'static str, Value)> {
        let inhabitant = &self.inhabitants[device];
        let names = inhabitant.observables.iter().map(|observable| observable.name);
        names.zip(inhabitant.look()).collect()
    }

    /// Lets the next scheduled thing happen, if it is due by `end`, and returns it.
    pub fn step(&mut self, end: DateTime<Utc>) -> Option<Turn> {
        let Planned { device, call, step } = self.next(end)?;
        let event = call.map(|call| self.tell(device, &call, step));
        Some(Turn { device, step, event })
    }

    /// Lets the next scheduled thing happen, if it is due by `end`, and returns nothing about it;
    /// `false` if nothing is due. For those who only want to know how a device ends up.
    pub fn pass(&mut self, end: DateTime<Utc>) -> bool {
        let Some(Planned { device, call, .. }) = self.next(end) else { return false };
        if let Some(call) = call {
            self.inhabitants[device].seen.clear();
            self.happen(device, &call);
        }
        true
    }

    fn next(&mut self, end: DateTime<Utc>) -> Option<Planned> {
        let (at, planned) = self.queue.pop_until(end)?;
        self.now = at;
        Some(planned)
    }

    fn happen(&mut self, device: usize, call: &Call) -> (Option<Outcome>, Vec<Note>) {
        let inhabitant = &mut self.inhabitants[device];
        let mut context = Context::new(self.now, &mut inhabitant.rng);
        let outcome = inhabitant.machine.handle(call, &mut context);
        let (later, notes) = context.finish();
        self.events += 1;
        for (delay, call) in later {
            self.schedule(self.now + delay, device, Some(call), None);
        }
        (outcome, notes)
    }

    fn tell(&mut self, device: usize, call: &Call, step: Option<usize>) -> Event {
        self.inhabitants[device].notice();
        let (outcome, notes) = self.happen(device, call);
        let inhabitant = &mut self.inhabitants[device];
        Event {
            at: self.now,
            number: self.events,
            device: Arc::clone(&inhabitant.name),
            actor: call.actor(),
            verb: call.verb(),
            arguments: call.arguments(),
            outcome,
            changes: inhabitant.changes(),
            notes,
            step,
        }
    }
}

impl Inhabitant {
    fn look(&self) -> impl Iterator<Item = Value> {
        (0..self.observables.len()).map(|index| self.machine.observe(index))
    }

    /// Keeps what can be observed, unless that is done already.
    fn notice(&mut self) {
        if self.seen.is_empty() {
            self.seen = self.look().collect();
        }
    }

    /// Returns the observables that changed.
    fn changes(&mut self) -> Vec<Change> {
        let mut changes = Vec::new();
        for (index, observable) in self.observables.iter().enumerate() {
            let to = self.machine.observe(index);
            if self.seen[index] != to {
                let from = std::mem::replace(&mut self.seen[index], to.clone());
                changes.push(Change { viewer: observable.viewer, what: observable.name, from, to });
            }
        }
        changes
    }
}

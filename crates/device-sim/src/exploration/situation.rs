//! A machine at a moment, with the calls that wait for theirs.

use chrono::TimeDelta;

use super::{Act, Exploration};
use crate::machine::{Call, Context, Machine};
use crate::model::{Outcome, Rng};
use crate::scenario::DEFAULT_START;

/// A moment that lies this far back makes no more difference than one that lies further back: no
/// model looks back further than 730 days, the greatest age that a passcode policy can demand.
pub(super) const LONG: TimeDelta = TimeDelta::days(800);

/// A call that is scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The call.
    pub call: Call,
    /// The time left until it happens.
    pub due: TimeDelta,
}

/// A call that another one has scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scheduled {
    /// After how many milliseconds.
    pub(super) delay: i64,
    /// The place of the waiting call that it takes the place of.
    pub(super) replaces: Option<usize>,
}

/// A machine and what waits, at a moment that is always called [`DEFAULT_START`]: when time
/// passes, every moment that the machine remembers moves back.
#[derive(Debug)]
pub struct Situation {
    pub(super) machine: Machine,
    pub(super) waiting: Vec<Waiting>,
    /// The machine remembers a moment, so that the time that passes can make a difference.
    pub(super) has_moments: bool,
}

impl Clone for Situation {
    fn clone(&self) -> Self {
        let Self { machine, waiting, has_moments } = self;
        Self { machine: machine.clone(), waiting: waiting.clone(), has_moments: *has_moments }
    }

    /// Keeps the memory that it has: an exploration copies situations all the time.
    fn clone_from(&mut self, source: &Self) {
        self.machine.clone_from(&source.machine);
        self.waiting.clone_from(&source.waiting);
        self.has_moments = source.has_moments;
    }
}

impl Situation {
    pub(super) fn at_start(exploration: &Exploration) -> Self {
        let Exploration { setup, leaves_out, .. } = exploration;
        let calls = setup.first_calls().into_iter().filter(|(_, call)| !leaves_out(call));
        let waiting = calls.map(|(due, call)| Waiting { call, due }).collect();
        Self { machine: setup.build(DEFAULT_START), waiting, has_moments: false }
    }

    /// Returns the situation if, of what waits, only what a condition selects is to come.
    pub(crate) fn with_only(&self, selects: impl Fn(&Call) -> bool) -> Self {
        let mut only = self.clone();
        only.waiting.retain(|waiting| selects(&waiting.call));
        only
    }

    /// Returns the machine.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Returns the place of the call that time brings next.
    pub(super) fn next(&self) -> Option<usize> {
        (0..self.waiting.len()).min_by_key(|place| (self.waiting[*place].due, *place))
    }

    /// Returns the time until the next call is due, if one waits.
    pub(crate) fn next_due(&self) -> Option<TimeDelta> {
        self.next().map(|place| self.waiting[place].due.max(TimeDelta::zero()))
    }

    /// Time passes.
    pub(super) fn pass(&mut self, time: TimeDelta) {
        if time > TimeDelta::zero() {
            self.machine.for_each_moment(&mut |at| *at -= time);
            for waiting in &mut self.waiting {
                waiting.due -= time;
            }
        }
    }

    /// Lets a call happen now; returns its outcome and what it scheduled.
    pub(super) fn handle(
        &mut self,
        exploration: &Exploration,
        call: &Call,
    ) -> (Option<Outcome>, Vec<Scheduled>) {
        let (outcome, mut later) = self.act(exploration.act, call);
        later.retain(|(_, call)| !(exploration.leaves_out)(call));
        (outcome, later.into_iter().map(|(due, call)| self.schedule(due, call)).collect())
    }

    fn act(&mut self, act: Act, call: &Call) -> (Option<Outcome>, Vec<(TimeDelta, Call)>) {
        let mut rng = Rng::new(0, 0);
        let mut context = Context::new(DEFAULT_START, &mut rng);
        let outcome = act(&mut self.machine, call, &mut context);
        (outcome, context.finish().0)
    }

    fn schedule(&mut self, due: TimeDelta, call: Call) -> Scheduled {
        let same = |waiting: &Waiting| call.is_alarm() && waiting.call == call;
        let replaces = self.waiting.iter().position(same);
        if let Some(place) = replaces {
            self.waiting.remove(place);
        }
        self.waiting.push(Waiting { call, due });
        Scheduled { delay: due.num_milliseconds(), replaces }
    }

    /// Makes a waiting call due; it waits no longer.
    pub(super) fn take(&mut self, place: usize) -> Call {
        self.pass(self.waiting[place].due);
        self.waiting.remove(place).call
    }

    /// Forgets of every moment what cannot be told apart: fractions of a second, which only say in
    /// which order things happened, and how long ago long ago is.
    pub(super) fn settle(&mut self) {
        self.has_moments = false;
        let long_ago = DEFAULT_START - LONG;
        self.machine.for_each_moment(&mut |at| {
            if at.timestamp_subsec_nanos() != 0 {
                *at = DEFAULT_START + whole_seconds(*at - DEFAULT_START);
            }
            *at = (*at).max(long_ago);
            self.has_moments = true;
        });
        for waiting in &mut self.waiting {
            waiting.due = whole_seconds(waiting.due);
        }
    }

    /// Someone does something, now.
    pub(crate) fn does(&mut self, call: &Call) -> Option<Outcome> {
        let (outcome, later) = self.act(Machine::handle, call);
        for (due, call) in later {
            self.schedule(due, call);
        }
        outcome
    }

    /// Time passes, and what is due happens.
    pub(crate) fn run_for(&mut self, time: TimeDelta) {
        let mut rest = time;
        while let Some(place) = self.next().filter(|place| self.waiting[*place].due <= rest) {
            rest -= self.waiting[place].due.max(TimeDelta::zero());
            let call = self.take(place);
            self.does(&call);
        }
        self.pass(rest);
    }
}

/// Returns the nearest number of whole seconds.
fn whole_seconds(time: TimeDelta) -> TimeDelta {
    let half = TimeDelta::milliseconds(500);
    TimeDelta::seconds((time + half).num_milliseconds().div_euclid(1000))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::TimeDelta;

    use super::DEFAULT_START;
    use crate::scenario::{Joined, shared_setup};
    use crate::{Machine, Scenario, ScenarioDocument, World};

    fn ends(scenario: &Scenario, later: TimeDelta) -> Vec<Machine> {
        let start = DEFAULT_START + later;
        let mut world = World::new(start, 1);
        for (stream, device) in (0..).zip(&scenario.devices) {
            world.add(&device.name, &device.setup, stream);
        }
        for step in &scenario.steps {
            world.schedule(start + step.at, step.device, step.call.clone(), None);
        }
        while world.pass(start + scenario.run_for) {}
        let machines = (0..scenario.devices.len()).map(|device| world.machine(device).clone());
        let mut machines: Vec<_> = machines.collect();
        for machine in &mut machines {
            machine.for_each_moment(&mut |at| *at -= later);
        }
        machines
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the test reads the case files")]
    fn every_moment_that_a_machine_remembers_is_shown() {
        let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
        let mut read = 0;
        for folder in ["android", "apple", "service"] {
            for entry in std::fs::read_dir(cases.join(folder)).expect("a folder of cases") {
                let path = entry.expect("a file").path();
                if path.to_string_lossy().ends_with(".setup.toml") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).expect("a case");
                let document = match shared_setup(&text) {
                    Some(name) => {
                        let setup = path.with_file_name(name.value);
                        let setup = std::fs::read_to_string(setup).expect("a set-up");
                        Joined::new(&text, &setup).read()
                    }
                    None => ScenarioDocument::read(&text),
                };
                let document = document.expect("a scenario");
                let scenario = document.scenarios.last().expect("at least one");
                // On the same day: some limits are limits of a calendar day.
                let later = TimeDelta::seconds(1);
                let (now, then) = (ends(scenario, TimeDelta::zero()), ends(scenario, later));
                let same = now == then;
                assert!(same, "{}: a moment is not moved", path.display());
                read += 1;
            }
        }
        assert!(read > 100, "{read} cases");
    }
}

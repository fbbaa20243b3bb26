//! Every order of events, up to a number of them, instead of one: proof or counterexample.
//!
//! An [`Exploration`] is a device at its start, the calls that may happen to it in any order and
//! as often as one likes, and properties. The search is breadth first, so the run that refutes a
//! property, or shows that something can happen, is among the shortest there are; it is handed
//! back as a [`Scenario`] that runs like any other.
//!
//! The search itself is the model checker `stateright`'s. What a call schedules for later is not
//! explored: a device whose rules depend on time has calls that stand for the time that passes,
//! and its [`Pace`] tells how long each takes.

mod checker;

use std::num::NonZeroU32;

use chrono::TimeDelta;
use eligibility::facts::OsVersion;

use crate::machine::{Call, Context, Machine, Setup};
use crate::model::Outcome;
use crate::model::Rng;
use crate::scenario::{DEFAULT_START, Expectation, Inhabitant, Mode, Scenario, Step, Subject};

/// One event of an exploration: a device before and after it.
#[derive(Clone, Copy, Debug)]
pub struct Transition<'a> {
    /// The device before.
    pub before: &'a Machine,
    /// What was done.
    pub call: &'a Call,
    /// What came of it.
    pub outcome: Option<&'a Outcome>,
    /// The device after.
    pub after: &'a Machine,
}

/// What a property says.
#[derive(Clone, Debug)]
pub enum Claim {
    /// This holds of every event.
    EveryEvent(fn(&Transition<'_>) -> bool),
    /// A state like this comes about in some order of events.
    Possible(fn(&Machine) -> bool),
    /// Wherever the first holds, the second holds, too.
    Always(Vec<Expectation>, Vec<Expectation>),
    /// Both hold in some state.
    Sometimes(Vec<Expectation>, Vec<Expectation>),
    /// No invariant of the device's kind is broken.
    Invariants,
}

impl Claim {
    /// Whether one state or event is enough to show it; otherwise one is enough to refute it.
    pub const fn is_possibility(&self) -> bool {
        matches!(self, Self::Possible(_) | Self::Sometimes(..))
    }
}

/// A property with its name.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it says.
    pub claim: Claim,
}

/// The calls that may happen.
#[derive(Clone, Debug)]
pub enum Alphabet {
    /// Always the same.
    Fixed(Vec<Call>),
    /// Those that make sense in a state.
    OfState(fn(&Machine) -> Vec<Call>),
}

/// How a device does a call. The real one is [`do_call`]; tests put broken ones in its place to
/// see that the properties notice.
pub type Do = fn(&Machine, &Call) -> (Machine, Option<Outcome>);

/// How much time passes before a device does a call.
pub type Pace = fn(&Machine, &Call) -> TimeDelta;

/// One second before each call.
pub fn steadily(_: &Machine, _: &Call) -> TimeDelta {
    TimeDelta::seconds(1)
}

/// What is explored.
#[derive(Clone, Debug)]
pub struct Exploration {
    /// Its name.
    pub name: String,
    /// The version of this exploration, if there are several.
    pub version: Option<OsVersion>,
    /// The device at the start.
    pub setup: Setup,
    /// What may happen.
    pub alphabet: Alphabet,
    /// What is claimed; at most [`MOST_PROPERTIES`] are looked at.
    pub properties: Vec<Property>,
    /// How the device does what happens.
    pub act: Do,
    /// When it does, for the runs that are handed back.
    pub pace: Pace,
}

/// The number of properties that one exploration can have.
pub const MOST_PROPERTIES: usize = checker::SLOTS.len();

/// What an exploration showed of one property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The property.
    pub name: String,
    /// Whether it claims that something can happen, rather than that something never does.
    pub is_possibility: bool,
    /// Whether it holds, as far as was looked.
    pub holds: bool,
    /// The shortest run that decides it: a counterexample, or an example.
    pub run: Option<Scenario>,
}

/// What came of an exploration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explored {
    /// Different states that were met.
    pub states: usize,
    /// Events that were tried.
    pub transitions: usize,
    /// The longest run, in events, without going in circles.
    pub depth: usize,
    /// Whether there was nothing left to look at: the properties hold for runs of any length.
    pub complete: bool,
    /// One for each property, in their order.
    pub verdicts: Vec<Verdict>,
}

/// Does a call as the simulated device does it; chance always falls the same way.
pub fn do_call(machine: &Machine, call: &Call) -> (Machine, Option<Outcome>) {
    let mut after = machine.clone();
    let mut rng = Rng::new(0, 0);
    let mut context = Context::new(DEFAULT_START, &mut rng);
    let outcome = after.handle(call, &mut context);
    after.forget_history();
    (after, outcome)
}

impl Exploration {
    /// Every order of the calls of a scenario, against its always- and sometimes-properties and
    /// the invariants; about its first device.
    pub fn of_scenario(scenario: &Scenario) -> Option<Self> {
        let first = scenario.devices.first()?;
        let mut calls: Vec<Call> = Vec::new();
        for step in scenario.steps.iter().filter(|step| step.device == 0) {
            if let Some(call) = step.call.as_ref().filter(|call| !calls.contains(call)) {
                calls.push(call.clone());
            }
        }
        let invariants = Property { name: "invariants".to_owned(), claim: Claim::Invariants };
        let mut properties = vec![invariants];
        for (number, property) in (1..).zip(&scenario.properties) {
            let (when, expect) = (property.when.clone(), property.expect.clone());
            let (word, claim) = match property.mode {
                Mode::Always => ("always", Claim::Always(when, expect)),
                Mode::Sometimes => ("sometimes", Claim::Sometimes(when, expect)),
                Mode::Eventually(_) => continue,
            };
            let name = property.name.clone().unwrap_or(format!("property {number}: {word}"));
            if property.device == 0 {
                properties.push(Property { name, claim });
            }
        }
        Some(Self {
            name: scenario.title.clone(),
            version: scenario.version,
            setup: first.setup.clone(),
            alphabet: Alphabet::Fixed(calls),
            properties,
            act: do_call,
            pace: steadily,
        })
    }

    /// Explores every run of up to so many events; of any length, if no number is given.
    pub fn explore(&self, depth: Option<NonZeroU32>) -> Explored {
        checker::explore(self, depth)
    }

    fn calls(&self, machine: &Machine) -> Vec<Call> {
        match &self.alphabet {
            Alphabet::Fixed(calls) => calls.clone(),
            Alphabet::OfState(calls) => calls(machine),
        }
    }

    /// A run as a scenario: each step with what came of it, so that it replays exactly.
    fn scenario(&self, property: &str, calls: &[Call]) -> Scenario {
        let mut machine = self.setup.build(DEFAULT_START);
        let mut steps = Vec::new();
        let mut at = TimeDelta::zero();
        for call in calls {
            let (after, outcome) = (self.act)(&machine, call);
            let mut expect: Vec<Expectation> = outcome
                .map(|outcome| expectation(Subject::Outcome(outcome.key), outcome.value))
                .into_iter()
                .collect();
            for (place, observable) in self.setup.observables().iter().enumerate() {
                let seen = after.observe(place);
                if seen != machine.observe(place) && !observable.is_history {
                    expect.push(expectation(Subject::Observable(place, observable.name), seen));
                }
            }
            at += (self.pace)(&machine, call);
            steps.push(Step { at, device: 0, call: Some(call.clone()), expect, span: 0..0 });
            machine = after;
        }
        Scenario {
            title: property.to_owned(),
            version: None,
            start: DEFAULT_START,
            seed: 0,
            run_for: steps.last().map_or(TimeDelta::zero(), |step| step.at),
            devices: vec![Inhabitant { name: "device".to_owned(), setup: self.setup.clone() }],
            steps,
            properties: Vec::new(),
        }
    }
}

fn expectation(subject: Subject, value: crate::model::Value) -> Expectation {
    Expectation { subject, wanted: vec![value], span: 0..0 }
}

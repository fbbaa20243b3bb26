//! Every order of events, up to a number of them, instead of one: proof or counterexample.
//!
//! An [`Exploration`] is a device at its start, the calls that may happen to it in any order and
//! as often as one likes, and properties. What a call schedules for later happens as well, in every
//! order that time allows: pushes, check-ins, reports and timers come when they are due, and
//! anything may be done before, between and after them. The search is breadth first, so the run
//! that refutes a property, or shows that something can happen, is among the shortest there are; it
//! is handed back as a [`Scenario`] that keeps the claim and runs like any other.
//!
//! Chance always falls the same way. A device that remembers when something happened is looked at
//! directly after it, when the next thing is due, and long afterwards.

mod fingerprint;
mod path;
mod search;
mod seen;
mod situation;
mod zone;

use std::borrow::Cow;
use std::num::NonZeroU32;

use eligibility::facts::OsVersion;

pub use self::situation::Situation;
use crate::machine::{Call, Machine, Setup};
use crate::model::{Context, Outcome};
use crate::scenario::{self, Choice, Mode, Scenario};

/// One event of an exploration: a device before and after it.
#[derive(Clone, Copy, Debug)]
pub struct Transition<'a> {
    /// The device before.
    pub before: &'a Machine,
    /// The call.
    pub call: &'a Call,
    /// Its outcome.
    pub outcome: Option<&'a Outcome>,
    /// The device after.
    pub after: &'a Machine,
}

/// The statement of a property.
#[derive(Clone, Debug)]
pub enum Claim {
    /// It holds of every event.
    EveryEvent(fn(&Transition<'_>) -> bool),
    /// It holds of every situation.
    EverySituation(fn(&Situation) -> bool),
    /// A state like this is reached in some order of events.
    Possible(fn(&Machine) -> bool),
    /// Wherever the property's `when` holds, what it expects holds, too, or, of one that says
    /// never, does not.
    Always(scenario::Property),
    /// Both hold in some state.
    Sometimes(scenario::Property),
    /// Something that follows in time, which only a run can show.
    OverTime,
    /// No invariant of the device's kind is broken.
    Invariants,
}

impl Claim {
    /// Returns true if one state or event is enough to show it; otherwise one is enough to refute
    /// it.
    pub const fn is_possibility(&self) -> bool {
        matches!(self, Self::Possible(_) | Self::Sometimes(_))
    }
}

/// A property with its name.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its statement.
    pub claim: Claim,
}

impl Property {
    /// Returns the claim that no invariant is ever broken.
    fn invariants() -> Self {
        Self { name: "invariants".to_owned(), claim: Claim::Invariants }
    }
}

/// The calls that may happen.
#[derive(Clone, Debug)]
pub enum Alphabet {
    /// Always the same.
    Fixed(Vec<Call>),
    /// Those that make sense in a state.
    OfState(fn(&Machine) -> Vec<Call>),
}

/// The way in which a device handles a call. The real one is [`Machine::handle`]; tests put broken
/// ones in its place to see that the properties notice.
pub type Act = fn(&mut Machine, &Call, &mut Context<'_, Call>) -> Option<Outcome>;

/// A device with everything that may happen to it, and what is claimed of it.
#[derive(Clone, Debug)]
pub struct Exploration {
    /// Its name.
    pub name: String,
    /// The version of this exploration, if there are several.
    pub version: Option<OsVersion>,
    /// The values of a scenario's `for` in this exploration.
    pub choices: Vec<Choice>,
    /// The device at the start.
    pub setup: Setup,
    /// The calls that may happen.
    pub alphabet: Alphabet,
    /// The claims.
    pub properties: Vec<Property>,
    /// The way in which the device handles calls.
    pub act: Act,
    /// Erases what the properties do not distinguish. Ages are among it: where something is
    /// forgotten, the time that passes makes no difference.
    pub forget: Option<fn(&mut Machine)>,
    /// Selects calls that are never done although they are scheduled: no property is about what
    /// they change.
    pub leaves_out: fn(&Call) -> bool,
    /// The name of the device in the runs that are handed back.
    pub device: String,
}

/// The limits of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of events of the longest runs; any number if it is not given.
    pub depth: Option<NonZeroU32>,
    /// The number of states after which the search ends.
    pub states: usize,
}

impl Limits {
    /// A number of states after which a search can be ended: it takes some seconds.
    pub const STATES: usize = 100_000;
}

impl From<Option<NonZeroU32>> for Limits {
    /// Looks at all runs of this many events, however long it takes.
    fn from(depth: Option<NonZeroU32>) -> Self {
        Self { depth, states: usize::MAX }
    }
}

/// The progress of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Every run of this many events was looked at.
    pub events: usize,
    /// Different states that were met.
    pub states: usize,
    /// Events that were tried.
    pub transitions: usize,
}

/// The result of an exploration for one property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It holds in every order of events: the whole space was seen.
    Holds,
    /// It holds in every order of this many events; longer runs were not looked at.
    HoldsUpTo(usize),
    /// It does not hold; the shortest counterexample.
    Refuted(Scenario),
    /// It is reached; a shortest example.
    Reached(Scenario),
    /// It is never reached: the whole space was seen.
    NotReached,
    /// It is reached in no run of this many events; longer runs were not looked at.
    NotReachedUpTo(usize),
    /// It follows in time, which an exploration does not measure; a run in the order of the file does.
    NotLookedAt,
    /// What it is about, its `when`, held in no situation that was met, so nothing was checked.
    DoesNotApply {
        /// The number of events of the runs that were looked at; none if the whole space was seen.
        up_to: Option<usize>,
        /// The property says so itself, or it applies in another version of the same exploration.
        is_meant: bool,
    },
}

impl Answer {
    /// Returns the shortest run that decides it: a counterexample, or an example.
    pub const fn run(&self) -> Option<&Scenario> {
        match self {
            Self::Refuted(run) | Self::Reached(run) => Some(run),
            _ => None,
        }
    }

    /// Returns true if the property claims that something can happen, rather than that something
    /// never does.
    pub const fn is_of_possibility(&self) -> bool {
        matches!(self, Self::Reached(_) | Self::NotReached | Self::NotReachedUpTo(_))
    }

    /// Returns the answer in words; where the time that passes can make a difference, the orders of
    /// events are those with the waits that were tried.
    pub fn in_words(&self, only_some_waits: bool) -> String {
        let orders = if only_some_waits { "order tried" } else { "order" };
        let up_to = |events: &usize| {
            format!("up to {events} {}", if *events == 1 { "event" } else { "events" })
        };
        match self {
            Self::Holds => format!("holds in every {orders}"),
            Self::HoldsUpTo(events) => format!("holds {}", up_to(events)),
            Self::Refuted(_) => "refuted".to_owned(),
            Self::Reached(_) => "reached".to_owned(),
            Self::NotReached => format!("not reached in any {orders}"),
            Self::NotReachedUpTo(events) => format!("not reached {}", up_to(events)),
            Self::NotLookedAt => "in its own order only".to_owned(),
            Self::DoesNotApply { up_to: None, .. } => format!("does not apply in any {orders}"),
            Self::DoesNotApply { up_to: Some(events), .. } => {
                format!("does not apply {}", up_to(events))
            }
        }
    }
}

/// The result of an exploration for a property, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The property.
    pub name: String,
    /// The result.
    pub answer: Answer,
}

impl Verdict {
    /// Returns true if the exploration found nothing against the property.
    pub const fn holds(&self) -> bool {
        matches!(
            self.answer,
            Answer::Holds
                | Answer::HoldsUpTo(_)
                | Answer::Reached(_)
                | Answer::NotLookedAt
                | Answer::DoesNotApply { is_meant: true, .. }
        )
    }
}

/// The result of an exploration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explored {
    /// Different states that were met.
    pub states: usize,
    /// Events that were tried.
    pub transitions: usize,
    /// The longest run, in events, without going in circles; every run up to it was looked at.
    pub depth: usize,
    /// True if the whole space was seen: the properties hold for runs of any length.
    pub complete: bool,
    /// True if the time that passes between two events can make a difference, so that only some
    /// waits were tried: none, until the next thing is due, and, where none is, a long one.
    pub only_some_waits: bool,
    /// The counters that were still growing when the search ended early.
    pub growing: Vec<&'static str>,
    /// One for each property, in their order.
    pub verdicts: Vec<Verdict>,
}

impl Exploration {
    /// Returns the exploration of one machine against the invariants and more claims.
    pub(crate) fn of_machine(
        name: &str,
        setup: Setup,
        calls: fn(&Machine) -> Vec<Call>,
        claims: impl Iterator<Item = (&'static str, Claim)>,
    ) -> Self {
        let claims = claims.map(|(name, claim)| Property { name: name.to_owned(), claim });
        Self {
            name: name.to_owned(),
            version: None,
            choices: Vec::new(),
            setup,
            alphabet: Alphabet::OfState(calls),
            properties: std::iter::once(Property::invariants()).chain(claims).collect(),
            act: Machine::handle,
            forget: None,
            leaves_out: |_| false,
            device: "device".to_owned(),
        }
    }

    /// Returns every order of the calls of a scenario, against its always- and sometimes-properties
    /// and the invariants; about its first device.
    pub fn of_scenario(scenario: &Scenario) -> Option<Self> {
        let first = scenario.devices.first()?;
        let mut calls: Vec<Call> = Vec::new();
        for step in scenario.steps.iter().filter(|step| step.device == 0) {
            if let Some(call) = step.call.as_ref().filter(|call| !calls.contains(call)) {
                calls.push(call.clone());
            }
        }
        let mut properties = vec![Property::invariants()];
        for (number, property) in (1..).zip(&scenario.properties) {
            let (word, claim) = match property.mode {
                Mode::Always => ("always", Claim::Always(property.clone())),
                Mode::Never => ("never", Claim::Always(property.clone())),
                Mode::Sometimes => ("sometimes", Claim::Sometimes(property.clone())),
                Mode::Eventually(_) => ("eventually", Claim::OverTime),
            };
            let name = property.name.clone().unwrap_or(format!("property {number}: {word}"));
            if property.device == 0 {
                properties.push(Property { name, claim });
            }
        }
        Some(Self {
            name: scenario.title.clone(),
            version: scenario.version,
            choices: scenario.choices.clone(),
            setup: first.setup.clone(),
            alphabet: Alphabet::Fixed(calls),
            properties,
            act: Machine::handle,
            forget: None,
            leaves_out: |_| false,
            device: first.name.clone(),
        })
    }

    /// Explores every run within the limits.
    pub fn explore(&self, limits: impl Into<Limits>) -> Explored {
        self.explore_and_watch(limits.into(), &mut |_| true)
    }

    /// Explores every run within the limits; `watch` gets the progress now and then, and ends the
    /// search by returning false.
    pub fn explore_and_watch(
        &self,
        limits: Limits,
        watch: &mut dyn FnMut(Progress) -> bool,
    ) -> Explored {
        search::explore(self, limits, watch)
    }

    fn calls(&self, machine: &Machine) -> Cow<'_, [Call]> {
        match &self.alphabet {
            Alphabet::Fixed(calls) => calls.into(),
            Alphabet::OfState(calls) => calls(machine).into(),
        }
    }
}

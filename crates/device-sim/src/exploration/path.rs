//! A run as it was found, and as a scenario: its events with times at which they come in this
//! order.
//!
//! The times are the earliest ones that satisfy a system of differences, found by relaxation.
//! Source: R. Bellman, "On a routing problem", 1958.

use chrono::TimeDelta;

use super::situation::{LONG, Scheduled, Situation};
use super::{Claim, Exploration, Property};
use crate::machine::{Call, Setup};
use crate::model::{Outcome, Value};
use crate::scenario::{DEFAULT_START, Expectation, Inhabitant, Scenario, Step, Subject, Wanted};

/// The time that an actor waited before an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Not at all.
    No,
    /// Until a waiting call is due; it comes next.
    UntilDue(usize),
    /// So long that it makes no difference how long.
    Long,
}

/// The next event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing: the start.
    Start,
    /// An actor did something.
    Does {
        /// The call.
        call: Call,
        /// The wait before it.
        wait: Wait,
    },
    /// A waiting call, by its place.
    Fires(usize),
}

/// One event of a run, and what it scheduled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) choice: Choice,
    pub(super) scheduled: Vec<Scheduled>,
}

impl Leg {
    pub(super) fn start() -> Self {
        Self { choice: Choice::Start, scheduled: Vec::new() }
    }
}

/// One event after another: `after` comes at least a number of milliseconds after `before`. The
/// start has the number 0, the first event 1.
struct AtLeast {
    after: usize,
    before: usize,
    by: i64,
}

/// Returns the times of the events of a run in milliseconds since the start, as early as can be,
/// with a gap before everything that someone does; `None` if there are no such times.
fn times(exploration: &Exploration, legs: &[&Leg], gap: i64, patient: bool) -> Option<Vec<i64>> {
    // For each waiting call the event that scheduled it, and its delay.
    let first = Situation::at_start(exploration).waiting.into_iter();
    let mut waiting: Vec<_> = first.map(|waiting| (0, waiting.due.num_milliseconds())).collect();
    let mut rules = Vec::new();
    for (number, leg) in (1..).zip(legs) {
        let mut rule = |after, before, by| rules.push(AtLeast { after, before, by });
        let gap = if matches!(leg.choice, Choice::Does { .. }) && number > 1 { gap } else { 0 };
        rule(number, number - 1, gap);
        let fires = match leg.choice {
            Choice::Fires(place) => Some(place),
            _ => None,
        };
        for (place, (by, delay)) in waiting.iter().enumerate() {
            let strictly = i64::from(fires.is_some_and(|fires| place < fires));
            rule(*by, number, strictly - delay);
        }
        match &leg.choice {
            Choice::Fires(place) => {
                let (by, delay) = waiting.remove(*place);
                rule(number, by, delay);
            }
            Choice::Does { wait: Wait::UntilDue(place), .. } if patient => {
                rule(number, waiting[*place].0, waiting[*place].1);
            }
            Choice::Does { wait: Wait::Long, .. } => {
                rule(number, number - 1, LONG.num_milliseconds());
            }
            Choice::Does { .. } | Choice::Start => {}
        }
        for scheduled in &leg.scheduled {
            if let Some(place) = scheduled.replaces {
                waiting.remove(place);
            }
            waiting.push((number, scheduled.delay));
        }
    }
    let mut times = vec![0; legs.len() + 1];
    for _ in 0..=legs.len() + 1 {
        let mut later = false;
        for AtLeast { after, before, by } in &rules {
            let least = times[*before] + by;
            if least > times[*after] {
                times[*after] = least;
                later = true;
            }
        }
        if !later {
            return (times[0] == 0).then_some(times);
        }
    }
    None
}

/// An event of a run with what it did.
struct Event<'a> {
    at: TimeDelta,
    before: &'a Situation,
    after: &'a Situation,
    /// The action; nothing if the call had waited.
    call: Option<&'a Call>,
    outcome: Option<&'a Outcome>,
}

/// Makes a run again with its times; `None` if they change what is scheduled. The last event does
/// not happen unless `to_the_end`; its time has come.
fn run_again(
    exploration: &Exploration,
    legs: &[&Leg],
    times: &[i64],
    to_the_end: bool,
    mut see: Option<&mut dyn FnMut(&Event<'_>)>,
) -> Option<Situation> {
    let mut situation = Situation::at_start(exploration);
    for (number, leg) in (1..).zip(legs) {
        let passed = TimeDelta::milliseconds(times[number] - times[number - 1]);
        situation.pass(passed);
        if number == legs.len() && !to_the_end {
            break;
        }
        let before = see.is_some().then(|| situation.clone());
        let (call, outcome, scheduled) = match &leg.choice {
            Choice::Start => continue,
            Choice::Does { call, .. } => {
                let (outcome, scheduled) = situation.handle(exploration, call);
                (Some(call), outcome, scheduled)
            }
            Choice::Fires(place) => {
                let call = situation.take(*place);
                let (outcome, scheduled) = situation.handle(exploration, &call);
                (None, outcome, scheduled)
            }
        };
        if scheduled != leg.scheduled {
            return None;
        }
        let at = TimeDelta::milliseconds(times[number]);
        if let (Some(see), Some(before)) = (&mut see, &before) {
            see(&Event { at, before, after: &situation, call, outcome: outcome.as_ref() });
        }
    }
    Some(situation)
}

/// Returns the situation in which the last event of a run is about to happen.
pub(super) fn situation_before_last(exploration: &Exploration, legs: &[&Leg]) -> Option<Situation> {
    [true, false].into_iter().find_map(|patient| {
        let times = times(exploration, legs, 0, patient)?;
        run_again(exploration, legs, &times, false, None)
    })
}

/// Returns a run as a scenario that keeps the claim which it decides: each step with its outcome,
/// so that it replays exactly.
///
/// An actor waits a second before each action, if the order of events leaves it, or else a
/// millisecond.
pub(super) fn scenario(exploration: &Exploration, property: &Property, legs: &[&Leg]) -> Scenario {
    let decides = |situation: &Situation| match property.claim {
        Claim::EveryEvent(_) | Claim::OverTime => true,
        _ => property.claim.is_decided_by(situation),
    };
    let mut steps = Vec::new();
    let mut end = TimeDelta::zero();
    let gaps = [(1000, true), (1000, false), (1, true), (1, false), (0, true), (0, false)];
    for (gap, patient) in gaps {
        let Some(times) = times(exploration, legs, gap, patient) else { continue };
        steps.clear();
        let mut see = |event: &Event<'_>| {
            end = event.at;
            steps.extend(step(&exploration.setup, event));
        };
        let last = run_again(exploration, legs, &times, true, Some(&mut see));
        if last.is_some_and(|last| decides(&last)) {
            break;
        }
    }
    let properties = match &property.claim {
        Claim::Always(claim) | Claim::Sometimes(claim) => vec![claim.clone()],
        _ => Vec::new(),
    };
    Scenario {
        title: property.name.clone(),
        version: None,
        choices: Vec::new(),
        start: DEFAULT_START,
        seed: 0,
        run_for: end,
        devices: vec![Inhabitant {
            name: exploration.device.clone(),
            setup: exploration.setup.clone(),
        }],
        steps,
        properties,
    }
}

/// Returns an action as a step with its outcome and the changes.
fn step(setup: &Setup, event: &Event<'_>) -> Option<Step> {
    let call = event.call?;
    let mut expect: Vec<Expectation> = event
        .outcome
        .map(|outcome| expectation(Subject::Outcome(outcome.key), outcome.value.clone()))
        .into_iter()
        .collect();
    for (place, observable) in setup.observables().iter().enumerate() {
        let seen = event.after.machine.observe(place);
        if seen != event.before.machine.observe(place) && !observable.is_history {
            expect.push(expectation(Subject::Observable(place, observable.name), seen));
        }
    }
    Some(Step { at: event.at, device: 0, call: Some(call.clone()), expect, span: 0..0 })
}

fn expectation(subject: Subject, value: Value) -> Expectation {
    Expectation { subject, wanted: Wanted::AnyOf(vec![value]), span: 0..0 }
}

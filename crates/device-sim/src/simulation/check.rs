//! Compares a run with what its scenario expects; apart from the models, of which it sees
//! only what can be observed.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::world::{Turn, World};
use crate::model::{Outcome, Value};
use crate::scenario::{Expectation, Mode, Property, Scenario, Subject};

/// Something that was expected and not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where the expectation stands in the scenario file; `None` for what every run must keep.
    pub span: Option<Range<usize>>,
    /// When.
    pub at: DateTime<Utc>,
    /// On which device.
    pub device: String,
    /// What was expected, in words.
    pub expected: String,
    /// What was seen.
    pub found: String,
    /// The state of the device at that moment.
    pub state: Vec<(&'static str, Value)>,
}

/// A property with what the run has shown of it so far.
struct Watched<'a> {
    property: &'a Property,
    done: bool,
    waiting_since: Option<DateTime<Utc>>,
}

/// The checks of one run.
pub(crate) struct Checks<'a> {
    scenario: &'a Scenario,
    watched: Vec<Watched<'a>>,
    findings: Vec<Finding>,
}

impl<'a> Checks<'a> {
    pub(crate) fn new(scenario: &'a Scenario, world: &World) -> Self {
        let watched = scenario
            .properties
            .iter()
            .map(|property| Watched { property, done: false, waiting_since: None })
            .collect();
        let mut checks = Self { scenario, watched, findings: Vec::new() };
        checks.look_at_properties(world);
        checks
    }

    /// Looks at the world after a turn.
    pub(crate) fn look(&mut self, world: &World, turn: &Turn) {
        if let Some(step) = turn.step {
            let outcome = turn.event.as_ref().and_then(|event| event.outcome.as_ref());
            for wanted in &self.scenario.steps[step].expect {
                let found = look_at(world, turn.device, wanted.subject, outcome);
                if !wanted.is_met(found.as_ref()) {
                    let finding = finding(world, turn.device, wanted, found, outcome);
                    self.findings.push(finding);
                }
            }
        }
        for name in world.machine(turn.device).broken_invariants() {
            let expected = format!("invariant: {name}");
            let found = "a state that breaks it".to_owned();
            self.findings.push(at_moment(world, turn.device, None, expected, found));
        }
        self.look_at_properties(world);
    }

    fn look_at_properties(&mut self, world: &World) {
        for watched in &mut self.watched {
            self.findings.extend(watched.look(world));
        }
    }

    /// Reports a run that does not end.
    pub(crate) fn endless(&mut self, world: &World) {
        let expected = format!("at most {} events", crate::simulation::MOST_EVENTS);
        self.findings.push(at_moment(world, 0, None, expected, "more".to_owned()));
    }

    /// The findings, with those that only the end of the run can show.
    pub(crate) fn finish(mut self, world: &World) -> Vec<Finding> {
        for watched in &self.watched {
            let property = watched.property;
            let found = match property.mode {
                Mode::Sometimes if !watched.done => "never seen in the whole run".to_owned(),
                Mode::Eventually(_) => match watched.waiting_since {
                    Some(since) => format!("still not so at the end, waiting since {since}"),
                    None => continue,
                },
                _ => continue,
            };
            self.findings.push(of_property(world, property, found));
        }
        self.findings
    }
}

impl Watched<'_> {
    fn look(&mut self, world: &World) -> Option<Finding> {
        let property = self.property;
        let device = property.device;
        let applies = all_met(world, device, &property.when);
        let holds = all_met(world, device, &property.expect);
        match property.mode {
            Mode::Always => {
                let broken = applies && !holds && !self.done;
                self.done |= broken;
                broken.then(|| of_property(world, property, seen(world, property)))
            }
            Mode::Sometimes => {
                self.done |= applies && holds;
                None
            }
            Mode::Eventually(within) => {
                let late = self
                    .waiting_since
                    .filter(|since| within.is_some_and(|within| world.now() - *since > within));
                if holds || late.is_some() {
                    // Without `when`, it has to come about only once; what was late is told once.
                    self.done |= property.when.is_empty() || late.is_some();
                    self.waiting_since = None;
                } else if applies && !self.done && self.waiting_since.is_none() {
                    self.waiting_since = Some(world.now());
                }
                late.map(|since| of_property(world, property, format!("not in time after {since}")))
            }
        }
    }
}

impl Expectation {
    fn is_met(&self, found: Option<&Value>) -> bool {
        found.is_some_and(|found| self.wanted.contains(found))
    }

    fn in_words(&self) -> String {
        let wanted: Vec<_> = self.wanted.iter().map(ToString::to_string).collect();
        format!("{} = {}", self.subject.name(), wanted.join(" or "))
    }
}

fn all_met(world: &World, device: usize, expectations: &[Expectation]) -> bool {
    expectations
        .iter()
        .all(|wanted| wanted.is_met(look_at(world, device, wanted.subject, None).as_ref()))
}

fn look_at(
    world: &World,
    device: usize,
    subject: Subject,
    outcome: Option<&Outcome>,
) -> Option<Value> {
    match subject {
        Subject::Observable(index, _) => Some(world.machine(device).observe(index)),
        Subject::Outcome(key) => {
            outcome.filter(|outcome| outcome.key == key).map(|outcome| outcome.value.clone())
        }
    }
}

fn finding(
    world: &World,
    device: usize,
    wanted: &Expectation,
    found: Option<Value>,
    outcome: Option<&Outcome>,
) -> Finding {
    let found = match (found, outcome) {
        (Some(value), _) => format!("{} = {value}", wanted.subject.name()),
        (None, Some(Outcome { key, value, .. })) => format!("{key} = {value}"),
        (None, None) => "no outcome at all".to_owned(),
    };
    at_moment(world, device, Some(wanted.span.clone()), wanted.in_words(), found)
}

fn of_property(world: &World, property: &Property, found: String) -> Finding {
    let words = |expectations: &[Expectation]| {
        expectations.iter().map(Expectation::in_words).collect::<Vec<_>>().join(", ")
    };
    let mut expected = format!("{} {}", property.mode.as_str(), words(&property.expect));
    if !property.when.is_empty() {
        expected = format!("{expected} when {}", words(&property.when));
    }
    if let Some(name) = &property.name {
        expected = format!("{name}: {expected}");
    }
    at_moment(world, property.device, Some(property.span.clone()), expected, found)
}

/// What was seen instead of what an always-property demands.
fn seen(world: &World, property: &Property) -> String {
    let values: Vec<_> = property
        .expect
        .iter()
        .filter_map(|wanted| {
            let found = look_at(world, property.device, wanted.subject, None)?;
            Some(format!("{} = {found}", wanted.subject.name()))
        })
        .collect();
    values.join(", ")
}

fn at_moment(
    world: &World,
    device: usize,
    span: Option<Range<usize>>,
    expected: String,
    found: String,
) -> Finding {
    let state = world.state(device);
    let device = world.name(device).to_owned();
    Finding { span, at: world.now(), device, expected, found, state }
}

//! Compares a run with what its scenario expects; apart from the models; it sees of them
//! only what can be observed.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::world::{Turn, World};
use crate::model::{Outcome, Value, Viewer};
use crate::scenario::{Expectation, Mode, Property, Scenario, Subject, Wanted, wanted_range};

/// Something that was expected and not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place of the expectation in the scenario file; `None` for what every run must keep.
    pub span: Option<Range<usize>>,
    /// The time.
    pub at: DateTime<Utc>,
    /// On which device.
    pub device: String,
    /// The expected value, in words.
    pub expected: String,
    /// The observed value.
    pub found: String,
    /// The probable reason.
    pub hint: Option<&'static str>,
    /// The observables that it is about, and those that the event changed.
    pub about: Vec<&'static str>,
    /// The state of the device at that moment.
    pub state: Vec<(&'static str, Value)>,
}

/// A property with what the run has shown of it so far.
struct Watched<'a> {
    property: &'a Property,
    done: bool,
    applied: bool,
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
            .map(|property| Watched { property, done: false, applied: false, waiting_since: None })
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
                if !found.as_ref().is_some_and(|found| wanted.is_met(found)) {
                    let mut finding = finding(world, turn.device, wanted, found, outcome);
                    if let Some(event) = &turn.event {
                        let changed = event.changes.iter().map(|change| change.what);
                        finding.about.extend(changed);
                        let by_admin = event.actor == Viewer::Admin;
                        let device = world.machine(turn.device).device();
                        finding.hint = device.how_to_enrol().filter(|_| by_admin);
                    }
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

    /// Returns the findings, with those that only the end of the run can show; and the claims that
    /// were about no moment of the run.
    pub(crate) fn finish(mut self, world: &World) -> (Vec<Finding>, Vec<Finding>) {
        let idle = self.watched.iter().filter(|watched| watched.is_idle());
        let idle = idle
            .map(|watched| {
                let found = "it never did, so nothing was checked".to_owned();
                let expected = format!("{} to hold", all_in_words(&watched.property.when));
                let mut finding = of_property(world, watched.property, found);
                finding.expected = expected;
                finding.hint = Some("if that is no mistake, add `may-not-apply = true`");
                finding
            })
            .collect();
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
        (self.findings, idle)
    }
}

impl Watched<'_> {
    /// Returns true if the claim was about no moment, and that may be a mistake.
    fn is_idle(&self) -> bool {
        let property = self.property;
        let can_be = property.mode != Mode::Sometimes && !property.when.is_empty();
        can_be && !self.applied && !property.may_not_apply
    }

    fn look(&mut self, world: &World) -> Option<Finding> {
        let property = self.property;
        let device = property.device;
        let applies = all_met(world, device, &property.when);
        let holds = all_met(world, device, &property.expect);
        self.applied |= applies;
        match property.mode {
            Mode::Always | Mode::Never => {
                let is_bad = holds == (property.mode == Mode::Never);
                let broken = applies && is_bad && !self.done;
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
                    // Without `when` it is about the start, so once is enough; a late one is
                    // reported once.
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
    fn in_words(&self) -> String {
        let name = self.subject.name();
        let any = |values: &[Value]| {
            values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
        };
        match &self.wanted {
            Wanted::AnyOf(values) => format!("{name} = {}", any(values)),
            Wanted::NoneOf(values) => format!("{name} not {}", any(values)),
            Wanted::Between(low, high) => format!("{name} {}", wanted_range(*low, *high)),
        }
    }
}

fn all_met(world: &World, device: usize, expectations: &[Expectation]) -> bool {
    expectations.iter().all(|wanted| {
        look_at(world, device, wanted.subject, None).is_some_and(|found| wanted.is_met(&found))
    })
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
    let span = Some(wanted.span.clone());
    let mut finding = at_moment(world, device, span, wanted.in_words(), found);
    if let Subject::Observable(_, name) = wanted.subject {
        finding.about.push(name);
    }
    finding
}

fn of_property(world: &World, property: &Property, found: String) -> Finding {
    let mut expected = format!("{} {}", property.mode.as_str(), all_in_words(&property.expect));
    if !property.when.is_empty() {
        expected = format!("{expected} when {}", all_in_words(&property.when));
    }
    if let Some(name) = &property.name {
        expected = format!("{name}: {expected}");
    }
    let span = Some(property.span.clone());
    let mut finding = at_moment(world, property.device, span, expected, found);
    let wanted = property.when.iter().chain(&property.expect);
    finding.about = wanted.map(|wanted| wanted.subject.name()).collect();
    finding
}

fn all_in_words(expectations: &[Expectation]) -> String {
    expectations.iter().map(Expectation::in_words).collect::<Vec<_>>().join(", ")
}

/// Returns the value that breaks an always-property.
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
    let about = Vec::new();
    Finding { span, at: world.now(), device, expected, found, hint: None, about, state }
}

//! Explorations, for programs.

use device_sim::exploration::{Answer, Verdict};
use device_sim::scenario::write_scenario;
use schemars::JsonSchema;
use serde::Serialize;

use super::InOrder;
use super::text::WAITS;
use crate::json::{Version, pretty};
use crate::present::simulate::{Unmet, unmet_of};
use crate::report::exploration::Travelled;

/// Properties decided over every order of events: `relatch explore --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Explore<'a> {
    /// The version of this shape.
    schema: Version,
    /// The explorations, one for each version of the model.
    explorations: Vec<Explored<'a>>,
    /// The steps of the file that expect something, and its claims over time: they are about the
    /// order of the file alone, and are looked at in it.
    in_file_order: usize,
    /// The unmet ones in the order of the file.
    unmet: Vec<Unmet<'a>>,
    /// The properties that do not hold.
    findings: Vec<Finding<'a>>,
}

/// A model at one version, explored.
#[derive(Serialize, JsonSchema)]
struct Explored<'a> {
    /// The model.
    name: &'a str,
    /// The version, where the model has several.
    version: Option<String>,
    /// The number of states that were reached.
    states: usize,
    /// The number of transitions between them that were tried.
    transitions: usize,
    /// The number of events of the longest run that was needed.
    depth: usize,
    /// True if every reachable state was seen, so that the answer holds for runs of any length.
    complete: bool,
    /// The waits between events that were tried, where others can make a difference; null where the
    /// time that passes makes none.
    only_some_waits: Option<&'static str>,
    /// The part that was still growing when the search ended before every reachable state was seen.
    growing: Vec<&'a str>,
    /// The time that it took.
    milliseconds: u128,
    /// The properties.
    properties: Vec<Property<'a>>,
}

/// A property of every run, or of some run.
#[derive(Serialize, JsonSchema)]
struct Property<'a> {
    /// The property in words.
    name: &'a str,
    /// The runs that it is about.
    expectation: Expectation,
    /// The result.
    answer: Shown,
    /// The number of events up to which that was shown, where longer runs were not looked at.
    up_to: Option<usize>,
    /// True if nothing was found against it.
    holds: bool,
    /// The shortest run that decides it, as a scenario file.
    run: Option<String>,
}

/// The result for a property.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Shown {
    /// It holds in every order of events: every reachable state was seen.
    Holds,
    /// It holds in every order of as many events as `up_to` says.
    HoldsUpTo,
    /// It does not hold; the run is a counterexample.
    Refuted,
    /// It is reached; the run is an example.
    Reached,
    /// It is never reached: every reachable state was seen.
    NotReached,
    /// It is reached in no run of as many events as `up_to` says.
    NotReachedUpTo,
    /// It follows in time, and is looked at in the order of the file only.
    NotLookedAt,
    /// Its `when` holds in no state that was met, in runs of as many events as `up_to` says, so
    /// nothing was checked.
    DoesNotApply,
}

/// The runs that a property is about: all, or some.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Expectation {
    /// Every run: a run that decides the property is a counterexample.
    Always,
    /// Some run: a run that decides the property is an example.
    Sometimes,
}

/// A property that does not hold.
#[derive(Serialize, JsonSchema)]
struct Finding<'a> {
    /// The version, where the model has several.
    version: Option<String>,
    /// The property in words.
    property: &'a str,
    /// The number of events of the shortest counterexample.
    events: Option<usize>,
    /// The shortest counterexample, as a scenario file.
    counterexample: Option<String>,
}

pub(super) fn render(travelled: &[Travelled], own_order: Option<&InOrder<'_>>) -> String {
    let explorations = travelled.iter().map(exploration).collect();
    let findings = travelled
        .iter()
        .flat_map(|one| one.explored.verdicts.iter().map(move |verdict| (one, verdict)))
        .filter(|(_, verdict)| !verdict.holds())
        .map(|(one, verdict)| Finding {
            version: one.version(),
            property: &verdict.name,
            events: verdict.answer.run().map(|run| run.steps.len()),
            counterexample: verdict.answer.run().map(|run| write_scenario(run, &[])),
        })
        .collect();
    pretty(&Explore {
        schema: Version,
        explorations,
        in_file_order: own_order.map_or(0, |(order, _)| order.steps() + order.claims()),
        unmet: own_order
            .into_iter()
            .flat_map(|(order, played)| unmet_of(&order.file, played))
            .collect(),
        findings,
    })
}

fn exploration(one: &Travelled) -> Explored<'_> {
    let explored = &one.explored;
    Explored {
        name: &one.exploration.name,
        version: one.version(),
        states: explored.states,
        transitions: explored.transitions,
        depth: explored.depth,
        complete: explored.complete,
        only_some_waits: explored.only_some_waits.then_some(WAITS),
        growing: explored.growing.clone(),
        milliseconds: one.took.as_millis(),
        properties: explored.verdicts.iter().map(property).collect(),
    }
}

fn property(verdict: &Verdict) -> Property<'_> {
    let sometimes = verdict.answer.is_of_possibility();
    let (answer, up_to) = match &verdict.answer {
        Answer::Holds => (Shown::Holds, None),
        Answer::HoldsUpTo(events) => (Shown::HoldsUpTo, Some(*events)),
        Answer::Refuted(_) => (Shown::Refuted, None),
        Answer::Reached(_) => (Shown::Reached, None),
        Answer::NotReached => (Shown::NotReached, None),
        Answer::NotReachedUpTo(events) => (Shown::NotReachedUpTo, Some(*events)),
        Answer::NotLookedAt => (Shown::NotLookedAt, None),
        Answer::DoesNotApply { up_to, .. } => (Shown::DoesNotApply, *up_to),
    };
    Property {
        answer,
        up_to,
        name: &verdict.name,
        expectation: if sometimes { Expectation::Sometimes } else { Expectation::Always },
        holds: verdict.holds(),
        run: verdict.answer.run().map(|run| write_scenario(run, &[])),
    }
}

//! Explorations, for programs.

use device_sim::exploration::Verdict;
use device_sim::scenario::write_scenario;
use schemars::JsonSchema;
use serde::Serialize;

use crate::present::json::{Version, pretty};
use crate::report::exploration::Travelled;

/// Properties decided over every order of events: `relatch explore --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Explore<'a> {
    /// The version of this shape.
    schema: Version,
    /// The explorations, one for each version of the model.
    explorations: Vec<Explored<'a>>,
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
    /// How many runs it is about.
    expectation: Expectation,
    /// True if it holds.
    holds: bool,
    /// The shortest run that decides it, as a scenario file.
    run: Option<String>,
}

/// How many runs a property is about.
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

pub(super) fn render(travelled: &[Travelled]) -> String {
    let explorations = travelled.iter().map(exploration).collect();
    let findings = travelled
        .iter()
        .flat_map(|one| one.explored.verdicts.iter().map(move |verdict| (one, verdict)))
        .filter(|(_, verdict)| !verdict.holds)
        .map(|(one, verdict)| Finding {
            version: one.version(),
            property: &verdict.name,
            events: verdict.run.as_ref().map(|run| run.steps.len()),
            counterexample: verdict.run.as_ref().map(|run| write_scenario(run, &[])),
        })
        .collect();
    pretty(&Explore { schema: Version, explorations, findings })
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
        milliseconds: one.took.as_millis(),
        properties: explored.verdicts.iter().map(property).collect(),
    }
}

fn property(verdict: &Verdict) -> Property<'_> {
    let sometimes = verdict.is_possibility;
    Property {
        name: &verdict.name,
        expectation: if sometimes { Expectation::Sometimes } else { Expectation::Always },
        holds: verdict.holds,
        run: verdict.run.as_ref().map(|run| write_scenario(run, &[])),
    }
}

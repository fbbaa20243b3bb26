//! Explorations, for programs.

use device_sim::scenario::write_scenario;
use serde::Serialize;

use crate::present::json::pretty;
use crate::report::exploration::Travelled;

#[derive(Serialize)]
struct ExploreObject<'a> {
    schema: u32,
    explorations: Vec<ExplorationObject<'a>>,
    findings: Vec<FindingObject<'a>>,
}

#[derive(Serialize)]
struct ExplorationObject<'a> {
    name: &'a str,
    version: Option<String>,
    states: usize,
    transitions: usize,
    depth: usize,
    complete: bool,
    milliseconds: u128,
    properties: Vec<PropertyObject<'a>>,
}

#[derive(Serialize)]
struct PropertyObject<'a> {
    name: &'a str,
    kind: &'static str,
    holds: bool,
    run: Option<String>,
}

#[derive(Serialize)]
struct FindingObject<'a> {
    version: Option<String>,
    property: &'a str,
    events: Option<usize>,
    counterexample: Option<String>,
}

pub(super) fn render(travelled: &[Travelled]) -> String {
    let explorations = travelled.iter().map(exploration).collect();
    let findings = travelled
        .iter()
        .flat_map(|one| one.explored.verdicts.iter().map(move |verdict| (one, verdict)))
        .filter(|(_, verdict)| !verdict.holds)
        .map(|(one, verdict)| FindingObject {
            version: one.version(),
            property: &verdict.name,
            events: verdict.run.as_ref().map(|run| run.steps.len()),
            counterexample: verdict.run.as_ref().map(|run| write_scenario(run, &[])),
        })
        .collect();
    pretty(&ExploreObject { schema: 1, explorations, findings })
}

fn exploration(one: &Travelled) -> ExplorationObject<'_> {
    let explored = &one.explored;
    ExplorationObject {
        name: &one.exploration.name,
        version: one.version(),
        states: explored.states,
        transitions: explored.transitions,
        depth: explored.depth,
        complete: explored.complete,
        milliseconds: one.took.as_millis(),
        properties: explored
            .verdicts
            .iter()
            .map(|verdict| PropertyObject {
                name: &verdict.name,
                kind: if verdict.is_possibility { "possible" } else { "always" },
                holds: verdict.holds,
                run: verdict.run.as_ref().map(|run| write_scenario(run, &[])),
            })
            .collect(),
    }
}

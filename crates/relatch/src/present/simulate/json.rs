//! Runs of scenarios, for programs.

use std::collections::BTreeMap;

use device_sim::{Value, format_instant};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{Version, pretty};
use crate::report::simulation::{LoadedScenario, Played};

/// Runs of scenarios: `relatch simulate --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Simulate<'a> {
    /// The version of this shape.
    schema: Version,
    /// The runs, in the order of the files; a scenario runs once in each of its variants.
    runs: Vec<Run<'a>>,
    /// The expectations that were not met, in all runs.
    findings: Vec<Unmet<'a>>,
}

/// A scenario in one variant, run to its end.
#[derive(Serialize, JsonSchema)]
struct Run<'a> {
    /// The file.
    scenario: String,
    /// The title of the file.
    title: &'a str,
    /// The version and the values of `for`, where the scenario names several.
    version: Option<String>,
    /// The seed for everything left to chance.
    seed: u64,
    /// The number of events.
    events: u64,
    /// The length of the run, in virtual seconds.
    seconds: i64,
    /// The number of actions that had not ended at the end of the run: later events were not
    /// looked at.
    open_actions: usize,
    /// The hash of the trace: equal hashes, equal runs.
    hash: String,
    /// The number of expectations that were not met.
    findings: usize,
}

/// An expectation that was not met.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Unmet<'a> {
    /// The file.
    scenario: String,
    /// The version and the values of `for`, where the scenario names several.
    version: Option<String>,
    /// The file of the expectation: that of the scenario, or the set-up that it shares.
    file: Option<String>,
    /// The line in that file, from 1.
    line: Option<usize>,
    /// The column in the line, from 1.
    column: Option<usize>,
    /// The virtual time.
    at: String,
    /// The device.
    device: &'a str,
    /// The expectation.
    expected: &'a str,
    /// The value found.
    found: &'a str,
    /// Everything observable of the device at that time.
    state: BTreeMap<&'static str, Observed<'a>>,
}

/// The value of an observable.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum Observed<'a> {
    Boolean(bool),
    Number(i64),
    Text(&'a str),
}

pub(super) fn render(played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> String {
    let mut document = Simulate { schema: Version, runs: Vec::new(), findings: Vec::new() };
    for (file, runs) in played {
        let scenario = file.path.display().to_string();
        for one in runs {
            let version = one.scenario.variant_in_words();
            document.runs.push(Run {
                scenario: scenario.clone(),
                title: &file.document.title,
                version: version.clone(),
                seed: one.seed,
                events: one.run.events,
                seconds: one.run.length.num_seconds(),
                open_actions: one.run.open_actions,
                hash: one.run.hash.to_string(),
                findings: one.run.findings.len(),
            });
        }
        document.findings.extend(unmet_of(file, runs));
    }
    pretty(&document)
}

/// Returns the unmet expectations in runs of a file.
pub(crate) fn unmet_of<'a>(
    file: &'a LoadedScenario,
    runs: &'a [Played<'_>],
) -> impl Iterator<Item = Unmet<'a>> {
    let all = runs.iter().flat_map(|one| one.run.findings.iter().map(move |found| (one, found)));
    let lines = file.lines();
    all.map(move |(one, finding)| {
        let place = finding.span.as_ref().map(|span| lines.position(span));
        Unmet {
            scenario: file.path.display().to_string(),
            version: one.scenario.variant_in_words(),
            file: place.map(|(path, _, _)| path.display().to_string()),
            line: place.map(|(_, line, _)| line),
            column: place.map(|(_, _, column)| column),
            at: format_instant(finding.at).to_string(),
            device: &finding.device,
            expected: &finding.expected,
            found: &finding.found,
            state: finding.state.iter().map(|(name, value)| (*name, observed(value))).collect(),
        }
    })
}

fn observed(value: &Value) -> Observed<'_> {
    match value {
        Value::Truth(truth) => Observed::Boolean(*truth),
        Value::Number(number) => Observed::Number(*number),
        Value::Word(text) => Observed::Text(text),
        Value::Text(text) => Observed::Text(text),
    }
}

//! Runs of scenarios, for programs.

use device_sim::{Value, format_instant};
use eligibility::diagnostic::position;
use serde::Serialize;
use serde_json::Map;

use crate::present::json::pretty;
use crate::report::simulation::{LoadedScenario, Played};

#[derive(Serialize)]
struct SimulateObject {
    schema: u32,
    runs: Vec<RunObject>,
    findings: Vec<FindingObject>,
}

#[derive(Serialize)]
struct RunObject {
    scenario: String,
    title: String,
    version: Option<String>,
    seed: u64,
    events: u64,
    seconds: i64,
    hash: String,
    findings: usize,
}

#[derive(Serialize)]
struct FindingObject {
    scenario: String,
    version: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    at: String,
    device: String,
    expected: String,
    found: String,
    state: Map<String, serde_json::Value>,
}

pub(super) fn render(played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> String {
    let mut object = SimulateObject { schema: 1, runs: Vec::new(), findings: Vec::new() };
    for (file, runs) in played {
        let scenario = file.path.display().to_string();
        for one in runs {
            let version = one.scenario.version_in_words();
            object.runs.push(RunObject {
                scenario: scenario.clone(),
                title: file.document.title.clone(),
                version: version.clone(),
                seed: one.seed,
                events: one.run.events,
                seconds: one.run.length.num_seconds(),
                hash: one.run.hash.to_string(),
                findings: one.run.findings.len(),
            });
            object.findings.extend(one.run.findings.iter().map(|finding| {
                let place = finding.span.as_ref().map(|span| position(&file.text, span.start));
                FindingObject {
                    scenario: scenario.clone(),
                    version: version.clone(),
                    line: place.map(|place| place.0),
                    column: place.map(|place| place.1),
                    at: format_instant(finding.at).to_string(),
                    device: finding.device.clone(),
                    expected: finding.expected.clone(),
                    found: finding.found.clone(),
                    state: state(&finding.state),
                }
            }));
        }
    }
    pretty(&object)
}

fn state(entries: &[(&'static str, Value)]) -> Map<String, serde_json::Value> {
    let value = |value: &Value| match value {
        Value::Truth(truth) => (*truth).into(),
        Value::Number(number) => (*number).into(),
        Value::Word(text) => (*text).into(),
        Value::Text(text) => text.as_str().into(),
    };
    entries.iter().map(|(name, found)| ((*name).to_owned(), value(found))).collect()
}

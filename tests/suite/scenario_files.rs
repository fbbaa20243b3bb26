//! Scenario files for the suites: read, run, and what they found in words.

use acceptance::{files, read};
use device_sim::scenario::{Joined, shared_setup};
use device_sim::{Finding, Scenario, ScenarioDocument, run};
use eligibility::diagnostic::position;

/// A scenario file.
pub(crate) struct ScenarioFile {
    /// Its name without the ending.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) document: ScenarioDocument,
}

/// Returns every scenario file of some folders, with the set-up that it shares.
pub(crate) fn scenario_files(folders: &[&str]) -> Vec<ScenarioFile> {
    let paths = folders.iter().flat_map(|folder| files(folder, "toml"));
    let file = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = read(&path);
        let Some(setup) = shared_setup(&text) else { return scenario_file(name, text) };
        let joined = Joined::new(&text, &read(&path.with_file_name(setup.value)));
        let document = joined.read().unwrap_or_else(|invalid| panic!("{name}: {invalid}"));
        ScenarioFile { name, text: joined.text().to_owned(), document }
    };
    let is_scenario = |path: &std::path::PathBuf| !path.to_string_lossy().ends_with(".setup.toml");
    paths.filter(is_scenario).map(file).collect()
}

/// Returns a scenario file of this text, which must be in order.
pub(crate) fn scenario_file(name: String, text: String) -> ScenarioFile {
    match ScenarioDocument::read(&text) {
        Ok(document) => ScenarioFile { name, text, document },
        Err(invalid) => panic!("{name}: {invalid}\n{text}"),
    }
}

impl ScenarioFile {
    /// Returns a finding with its place and the state of the device.
    fn in_words(&self, scenario: &Scenario, finding: &Finding) -> String {
        let version = scenario.variant_in_words().map_or(String::new(), |it| format!(" at {it}"));
        let line = finding.span.as_ref().map_or(0, |span| position(&self.text, span.start).0);
        let Finding { expected, found, state, device, .. } = finding;
        let state: Vec<_> = state.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        let name = &self.name;
        let state = state.join(", ");
        let place = format!("{name}{version}, line {line}, {device}");
        format!("{place}: expected {expected}, found {found}\n    {state}")
    }
}

/// Runs every scenario of the files at every version; all their expectations must be met.
pub(crate) fn every_expectation_is_met(files: &[ScenarioFile]) {
    let mut failures = Vec::new();
    for file in files {
        for scenario in &file.document.scenarios {
            let result = run(scenario, scenario.seed, |_| {});
            failures.extend(result.findings.iter().map(|one| file.in_words(scenario, one)));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

/// Checks that every scenario is written as a file that reads back as the same and runs alike.
pub(crate) fn written_scenarios_read_back_as_the_same(files: &[ScenarioFile]) {
    for ScenarioFile { name, document, .. } in files {
        for scenario in &document.scenarios {
            let text = device_sim::scenario::write_scenario(scenario, &[]);
            let written = scenario_file(name.clone(), text);
            let again = &written.document.scenarios[0];
            assert_eq!(again.devices, scenario.devices, "{name}");
            let calls = |scenario: &Scenario| {
                let steps = scenario.steps.iter();
                steps.map(|step| (step.at, step.device, step.call.clone())).collect::<Vec<_>>()
            };
            assert_eq!(calls(again), calls(scenario), "{name}");
            let traces = [scenario, again].map(|scenario| run(scenario, 7, |_| {}));
            assert_eq!(traces[0].hash, traces[1].hash, "{name}");
            assert_eq!(traces[0].findings.len(), traces[1].findings.len(), "{name}");
        }
    }
}

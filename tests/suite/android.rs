//! The case files of `tests/cases/android`, each at every API level that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use device_sim::{ScenarioDocument, run};

use crate::scenario_files::{
    ScenarioFile, every_expectation_is_met, scenario_files, written_scenarios_read_back_as_the_same,
};

/// Returns every case file and shipped scenario, read.
fn cases() -> Vec<ScenarioFile> {
    scenario_files(&["tests/cases/android", "scenarios/android"])
}

#[test]
fn every_case_holds_at_every_level() {
    every_expectation_is_met(&cases());
}

/// Returns the fingerprints of all cases, one line for each case and level.
fn hashes() -> Vec<String> {
    let mut lines = Vec::new();
    for ScenarioFile { name, document, .. } in cases() {
        for scenario in &document.scenarios {
            let result = run(scenario, scenario.seed, |_| {});
            lines.push(format!("hash {name} {:?} {}", scenario.version, result.hash));
        }
    }
    lines
}

/// Set in the process that another one compares itself with: it prints its hashes and no more.
const PRINT_HASHES: &str = "RELATCH_TEST_PRINT_HASHES";

#[test]
fn a_scenario_gives_the_same_trace_twice_and_in_another_process() {
    let first = hashes();
    if std::env::var_os(PRINT_HASHES).is_some() {
        println!("\n{}", first.join("\n"));
        return;
    }
    assert_eq!(first, hashes());
    let program = std::env::current_exe().unwrap();
    let this_test = "android::a_scenario_gives_the_same_trace_twice_and_in_another_process";
    let arguments = ["--exact", this_test, "--nocapture"];
    let output = Command::new(program).env(PRINT_HASHES, "1").args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let other: Vec<_> = text.lines().filter(|line| line.starts_with("hash ")).collect();
    assert_eq!(first, other);
}

#[test]
fn a_written_scenario_reads_back_as_the_same() {
    written_scenarios_read_back_as_the_same(&cases());
}

#[test]
fn no_trace_contains_a_passcode_or_a_token() {
    for ScenarioFile { name, document, .. } in cases() {
        let secrets: BTreeSet<_> = document
            .scenarios
            .iter()
            .flat_map(|scenario| scenario.steps.iter())
            .filter_map(|step| step.call.as_ref())
            .flat_map(|call| quoted_secrets(&call.to_toml()))
            .collect();
        for scenario in &document.scenarios {
            run(scenario, scenario.seed, |event| {
                let texts = [event.to_string(), event.to_json(), format!("{event:?}")];
                for secret in secrets.iter().filter(|secret| secret.len() >= 4) {
                    let told = texts.iter().any(|text| text.contains(secret.as_str()));
                    assert!(!told, "{name}: `{secret}` in {event}");
                }
            });
        }
    }
}

/// Returns the values of the keys that hold a passcode or the bytes of a token.
fn quoted_secrets(call: &str) -> Vec<String> {
    const KEYS: [&str; 4] = ["password", "credential", "lock", "token"];
    let table: toml::Table = call.parse().expect("calls are written as TOML");
    KEYS.iter()
        .filter_map(|key| table.get(*key)?.as_str())
        .map(|text| text.trim_start_matches("pattern:").to_owned())
        .collect()
}

#[test]
fn every_behaviour_is_shown_at_every_level_at_which_it_differs() {
    let mut shown: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
    for ScenarioFile { document, .. } in cases() {
        for id in &document.covers {
            let levels = document.scenarios.iter().filter_map(|scenario| scenario.version);
            shown.entry(id.clone()).or_default().extend(levels.map(|version| version.parts()[0]));
        }
    }
    for row in crate::catalogue::catalogue("android") {
        let levels = row.levels.expect("rows of Android have levels");
        let levels = levels.parse::<device_sim::versions::VersionRange>().unwrap();
        let missing: Vec<_> = (23..=36)
            .filter(|level| levels.contain(eligibility::facts::OsVersion::new([*level, 0, 0, 0])))
            .filter(|level| !shown[&row.id].contains(level))
            .collect();
        assert!(missing.is_empty(), "{} is not shown at {missing:?}", row.id);
    }
}

/// A file from which a line is missing is either refused or runs; nothing panics.
#[test]
fn a_case_without_one_of_its_lines_is_refused_or_runs() {
    let (mut refused, mut runs) = (0, 0);
    for ScenarioFile { text, .. } in cases() {
        let lines: Vec<_> = text.lines().collect();
        for missing in 0..lines.len() {
            let rest: Vec<_> =
                lines[..missing].iter().chain(&lines[missing + 1..]).copied().collect();
            match ScenarioDocument::read(&rest.join("\n")) {
                Ok(document) => {
                    run(&document.scenarios[0], 1, |_| {});
                    runs += 1;
                }
                Err(problems) => {
                    assert!(!problems.problems().is_empty());
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 500 && runs > 2_000, "{refused} refused, {runs} run");
}

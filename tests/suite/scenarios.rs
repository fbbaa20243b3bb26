//! The scenario language: wrong files and unmet expectations, each reported at its place.

use acceptance::{read, root};
use device_sim::{ScenarioDocument, run};
use eligibility::diagnostic::position;
use toml::{Table, Value};

fn cases(file: &str) -> Vec<Table> {
    let table: Table = read(&root().join("tests/cases/scenarios").join(file)).parse().unwrap();
    let cases = table["case"].as_array().unwrap();
    cases.iter().map(|case| case.as_table().unwrap().clone()).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// TOML drops the line end after `'''`; the places count it.
fn text_of(case: &Table) -> String {
    format!("\n{}", case["text"].as_str().unwrap())
}

#[test]
fn every_problem_of_a_scenario_is_reported_at_once_and_at_its_place() {
    let mut wrong = Vec::new();
    for case in cases("problems.toml") {
        let text = text_of(&case);
        let Err(problems) = ScenarioDocument::read(&text) else {
            panic!("nothing is wrong: {}", case["says"]);
        };
        let told: Vec<_> = problems
            .problems()
            .iter()
            .map(|problem| {
                let (line, _) = position(&text, problem.primary.span.start);
                format!("{line}: {} | {}", problem.message, problem.primary.text)
            })
            .collect();
        if told != texts(&case["problems"]) {
            wrong.push(format!("{}\n{told:#?}", case["says"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_unmet_expectation_is_reported_with_its_line_and_moment() {
    for case in cases("findings.toml") {
        let text = text_of(&case);
        let document = ScenarioDocument::read(&text).unwrap_or_else(|p| panic!("{p:?}"));
        let scenario = &document.scenarios[0];
        let told: Vec<_> = run(scenario, 1, |_| {})
            .findings
            .iter()
            .map(|finding| {
                let line = finding.span.as_ref().map_or(0, |span| position(&text, span.start).0);
                let at = (finding.at - scenario.start).num_seconds();
                assert!(finding.state.len() > 20, "the whole state is shown");
                format!("{line} at {at}: expected {}, found {}", finding.expected, finding.found)
            })
            .collect();
        assert_eq!(told, texts(&case["findings"]), "{}", case["says"]);
    }
}

#[test]
fn an_event_is_one_line_of_text_and_one_json_object() {
    let text = "title = 't'\n[devices.phone]\nkind = 'android'\napi-level = 30\n\
                enrolment = 'device-owner'\n[[step]]\nat = 2018-04-02T11:30:00+02:00\n\
                do = 'set-reset-password-token'\nreturns = true";
    let document = ScenarioDocument::read(text).unwrap_or_else(|p| panic!("{p:?}"));
    let mut seen = Vec::new();
    run(&document.scenarios[0], 1, |event| seen.push((event.to_string(), event.to_json())));
    let line = "2018-04-02T09:30:00Z 1 phone admin set-reset-password-token by=device-owner \
                token=32-bytes => returns true; device-token: absent -> active; \
                device-active-tokens: 0 -> 1";
    let object = r#"{"at":"2018-04-02T09:30:00Z","number":1,"device":"phone","actor":"admin","do":"set-reset-password-token","with":{"by":"device-owner","token":"32-bytes"},"outcome":{"key":"returns","value":true},"changes":[{"viewer":"system","what":"device-token","from":"absent","to":"active"},{"viewer":"system","what":"device-active-tokens","from":0,"to":1}]}"#;
    assert_eq!(seen, [(line.to_owned(), object.to_owned())]);
}

//! The simulated device that has given facts: one case for each fact and each contradiction.

use std::collections::BTreeSet;

use acceptance::{read, root};
use device_sim::scenario::DEFAULT_START;
use device_sim::subject::{NotSimulated, subject};
use device_sim::{Scenario, ScenarioDocument, Setup};
use proptest::prelude::*;
use testkit::any_facts;
use toml::Table;

use crate::policies::facts;

fn cases() -> Vec<Table> {
    let file: Table = read(&root().join("tests/cases/subjects/subjects.toml")).parse().unwrap();
    let cases = file["case"].as_array().unwrap();
    cases.iter().map(|case| case.as_table().unwrap().clone()).collect()
}

/// Returns the lines of a setup that every device has are not worth repeating in each case.
fn telling(setup: &Setup) -> Vec<String> {
    let text = setup.to_toml();
    let always = "intune = { first-check-in-minutes = 240 }";
    let lines = text.lines().filter(|line| !line.starts_with("kind = ") && *line != always);
    let lines = lines.filter_map(|line| match line.split_once(" = { target-sdk") {
        None => Some(line.replace(", first-check-in-minutes = 240", "")),
        Some((_, admin)) => {
            let (_, policy) = admin.split_once("policy = ")?;
            Some(format!("policy = {}", policy.strip_suffix(" }").unwrap_or(policy)))
        }
    });
    lines.collect()
}

#[test]
fn every_case_gives_its_device_or_its_reason() {
    for case in cases() {
        let says = case["says"].as_str().unwrap();
        let found = match subject(&facts(case["facts"].as_table().unwrap())) {
            Ok(setup) => telling(&setup),
            Err(NotSimulated::NotPossible(why)) => vec![format!("no such device: {why}")],
            Err(why) => vec![why.to_string()],
        };
        let expected: Vec<_> = match &case["gives"] {
            toml::Value::String(text) => vec![text.as_str()],
            list => list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect(),
        };
        assert_eq!(found, expected, "{says}");
    }
}

#[test]
fn facts_exclude_each_other_where_there_is_no_such_device() {
    for case in cases() {
        let facts = facts(case["facts"].as_table().unwrap());
        let excluded = facts.exclusions();
        match subject(&facts) {
            Err(NotSimulated::NotPossible(why)) => assert!(excluded.contains(&why), "{case:?}"),
            _ => assert_eq!(excluded, [], "{case:?}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn facts_exclude_each_other_just_where_there_is_no_such_device(facts in any_facts()) {
        match subject(&facts) {
            Ok(_) => prop_assert_eq!(facts.exclusions(), []),
            Err(NotSimulated::NotPossible(why)) => prop_assert!(facts.exclusions().contains(&why)),
            Err(_) => {}
        }
    }
}

#[test]
fn the_cases_show_every_reason() {
    let shown: BTreeSet<String> = cases()
        .iter()
        .filter_map(|case| subject(&facts(case["facts"].as_table().unwrap())).err())
        .map(|why| format!("{why:?}"))
        .collect();
    assert!(shown.len() >= 18, "only {shown:#?}");
}

#[test]
fn every_subject_can_be_written_and_read_back() {
    for case in cases() {
        let Ok(setup) = subject(&facts(case["facts"].as_table().unwrap())) else { continue };
        let first = setup.observables()[0];
        let value = setup.build(DEFAULT_START).observe(0);
        let value = toml::Value::try_from(&value).unwrap();
        let text = format!(
            "title = \"t\"\n[devices.phone]\n{}[[step]]\nexpect = {{ {} = {value} }}\n",
            setup.to_toml(),
            first.name
        );
        let document = ScenarioDocument::read(&text).unwrap_or_else(|p| panic!("{text}\n{p:#?}"));
        let Scenario { devices, .. } = &document.scenarios[0];
        assert_eq!(devices[0].setup, setup, "{}", case["says"]);
    }
}

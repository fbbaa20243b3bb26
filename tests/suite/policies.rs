//! The shipped policies: their own cases, what they say through the years, and their names.

use std::collections::BTreeMap;

use acceptance::{files, read, root};
use eligibility::cases;
use eligibility::decide::decide;
use eligibility::diagnostic::position;
use eligibility::facts::{Fact, FactName, Facts, OsVersion, Platform};
use eligibility::policy::{Expected, PolicyDocument, Reading, Scope};
use toml::{Table, Value};

/// Returns all shipped policies, oldest first.
pub(crate) fn shipped() -> Vec<(String, PolicyDocument)> {
    let load = |path: &std::path::PathBuf| {
        let text = read(path);
        let (document, warnings) = PolicyDocument::parse(&text)
            .unwrap_or_else(|problems| panic!("{}: {problems:#?}", path.display()));
        assert_eq!(warnings, [], "{}", path.display());
        (text, document)
    };
    files("policies/intune", "toml").iter().map(load).collect()
}

/// Returns the versions of `policies/releases.toml`, by the word of the platform.
pub(crate) fn releases() -> BTreeMap<String, Vec<OsVersion>> {
    let table: Table = read(&root().join("policies/releases.toml")).parse().unwrap();
    let versions = |platform: &Value| {
        let list = platform["versions"].as_array().unwrap();
        list.iter().map(|text| text.as_str().unwrap().parse().unwrap()).collect()
    };
    table.iter().map(|(name, platform)| (name.clone(), versions(platform))).collect()
}

#[test]
fn every_policy_passes_its_own_cases() {
    for (text, policy) in shipped() {
        let failures: Vec<_> = cases::failures(&policy)
            .map(|failure| {
                let problem = failure.diagnostic();
                let (line, _) = position(&text, failure.span.start);
                format!("{}:{line}: {} ({})", policy.id, problem.message, problem.primary.text)
            })
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}

#[test]
fn the_cases_of_every_policy_reach_every_clause_in_both_readings() {
    for (_, policy) in shipped() {
        for reading in Reading::ALL {
            let uncovered = cases::uncovered_clauses(&policy, *reading);
            let read = policy.read(*reading);
            let names: Vec<_> = uncovered.iter().map(|clause| read.clause_id(*clause)).collect();
            assert!(names.is_empty(), "{}, {reading}: {names:?}", policy.id);
        }
    }
}

#[test]
fn every_policy_is_named_after_the_date_of_its_page_and_says_where_that_is() {
    assert!(shipped().len() >= 23, "no revision is ever removed");
    for (path, (_, policy)) in files("policies/intune", "toml").iter().zip(shipped()) {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(stem, policy.documented.to_string());
        assert_eq!(policy.id, format!("intune-{stem}"));
        assert!(policy.source.starts_with("https://"), "{}", policy.source);
    }
}

#[test]
fn the_releases_of_every_platform_are_sorted_and_unique() {
    let releases = releases();
    let mut platforms: Vec<_> = Platform::ALL.iter().map(|platform| platform.as_str()).collect();
    platforms.sort_unstable();
    assert_eq!(releases.keys().collect::<Vec<_>>(), platforms);
    for (platform, versions) in releases {
        assert!(!versions.is_empty(), "{platform}");
        assert!(versions.is_sorted_by(|one, next| one < next), "{platform}: {versions:?}");
    }
}

/// Returns the device of a table of known facts.
pub(crate) fn facts(table: &Table) -> Facts {
    let mut facts = Facts::default();
    for (name, value) in table {
        let fact: FactName = name.parse().unwrap();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        facts.set(fact, Fact::Known(fact.parse(&text).unwrap()));
    }
    facts
}

/// Checks one device through all revisions.
fn check(name: &str, case: &Table, policies: &[(String, PolicyDocument)]) {
    let text = |key: &str| case.get(key).map(|value| value.as_str().unwrap());
    let reading: Reading = text("reading").unwrap_or("literal").parse().unwrap();
    let scope: Option<Scope> = text("of").map(|word| word.parse().unwrap());
    let device = facts(case["facts"].as_table().unwrap());
    let since = case["since"].as_table().unwrap();
    let known = |date: &String| policies.iter().any(|(_, one)| one.documented.to_string() == *date);
    assert!(since.keys().all(known), "{name}: a date without a revision");
    let mut expected: Option<Expected> = None;
    for (_, policy) in policies {
        if let Some(word) = since.get(&policy.documented.to_string()) {
            expected = Some(word.as_str().unwrap().parse().unwrap());
        }
        let expected = expected.expect("histories begin with the oldest revision");
        let decision = decide(&policy.read(reading), &device);
        let outcome = scope.map_or(decision.headline(), |scope| decision.scope(scope));
        assert_eq!(outcome.verdict(), expected.into(), "{name}, {}", policy.id);
        if let (Some(action), Some(got)) = (text("action"), outcome.action()) {
            assert_eq!(got.as_str(), action, "{name}, {}", policy.id);
        }
    }
}

#[test]
fn every_device_of_the_case_files_gets_the_documented_answer_from_every_revision() {
    let policies = shipped();
    let file: Table = read(&root().join("tests/cases/intune/policy.toml")).parse().unwrap();
    for (name, case) in &file {
        check(name, case.as_table().unwrap(), &policies);
    }
    assert!(file.len() >= 38, "only {} histories were found", file.len());
}

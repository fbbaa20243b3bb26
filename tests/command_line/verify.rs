//! `relatch policy verify`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::{Folder, code, json, revisions, run, shown};

#[test]
fn verifications_as_a_whole() {
    for (name, command) in [
        (
            "the_page_of_2018_against_simulated_devices_for_people",
            "policy verify intune-2018-03-29",
        ),
        (
            "the_newest_page_against_simulated_devices_for_a_page",
            "policy verify intune-2026-04-21 --format markdown",
        ),
        (
            "the_page_that_contradicts_itself_against_simulated_devices",
            "policy verify intune-2018-03-15",
        ),
        (
            "a_misspelt_policy_is_told_before_anything_is_simulated",
            "policy verify intune-2018-03-30",
        ),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn a_finding_for_programs() {
    let output = run("policy verify intune-2018-03-29 --format json");
    assert_eq!(code(&output), 1);
    let verified = json(&output);
    let keys: Vec<_> = verified.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["findings", "not-simulated", "policies", "reading", "schema", "trials"]);
    let of_tokens = |finding: &&Value| finding["code"] == "need-never-holds";
    let finding = verified["findings"].as_array().unwrap().iter().find(of_tokens).unwrap();
    let mut finding = finding.clone();
    for key in ["because", "instead"] {
        let text = finding["explanation"][key].as_str().unwrap();
        assert!(text.contains("token") || text.contains("unlocked"), "{text}");
        finding["explanation"][key] = "…".into();
    }
    assert_snapshot!(serde_json::to_string_pretty(&finding).unwrap());
}

#[test]
fn every_disagreement_about_a_built_in_policy_is_explained() {
    for reading in ["literal", "intended"] {
        let output = run(&format!("policy verify --reading {reading} --format json"));
        assert_eq!(code(&output), 1);
        let verified = json(&output);
        assert_eq!(verified["schema"], 1);
        assert_eq!(verified["policies"].as_array().unwrap().len(), revisions().len());
        let findings = verified["findings"].as_array().unwrap();
        assert!(findings.len() > 200, "only {} findings", findings.len());
        for finding in findings {
            assert!(finding["explanation"].is_object(), "{finding:#}");
        }
    }
}

/// Promises what the devices do.
const RIGHT: &str = r#"id = "right"
title = "Only what is so"
source = "https://example.com"
documented = 2026-05-01

[[rule]]
id = "old-administrators"
when = { platform = "android", management = "device-administrator", os-version = "6.x" }
then = "reset-passcode"
mechanism = "resetPassword"
needs = { management-state = "managed" }
source = "page 1"

[[rule]]
id = "macs"
when = { platform = "macos" }
then = "unsupported"
source = "page 2"
"#;

#[test]
fn a_policy_that_says_what_happens_has_no_finding() {
    let folder = Folder::with("right.toml", RIGHT);
    let output = folder.run("policy verify FILE");
    assert_eq!(code(&output), 0);
    assert_snapshot!(shown(&output));
}

#[test]
fn a_wrong_rule_of_ones_own_is_found_and_has_no_explanation() {
    let wrong = RIGHT.replace("\"6.x\"", "\">=6.0\"");
    let folder = Folder::with("right.toml", &wrong);
    let text = folder.shown("policy verify FILE");
    assert!(text.contains("promise-not-kept: not explained yet"), "{text}");
    assert!(text.contains("device-administrator; >=7.0"), "{text}");
}

#[test]
fn every_disagreement_can_be_played() {
    let folder = Folder::empty();
    let verify = "policy verify intune-2026-04-21 --format json --scenarios scenarios";
    let verified = folder.json(verify);
    let findings = verified["findings"].as_array().unwrap();
    for finding in findings {
        let path = finding["scenario"].as_str().unwrap();
        let output = folder.run(&format!("simulate {path} --format json"));
        assert_eq!(code(&output), 1, "{path}");
        assert_eq!(json(&output)["findings"].as_array().unwrap().len(), 1, "{path}");
    }
    assert_eq!(std::fs::read_dir(folder.path("scenarios")).unwrap().count(), findings.len());
}

#[test]
fn a_policy_about_devices_that_nothing_simulates_is_not_green() {
    let policy = |versions: &str| {
        format!(
            r#"id = "late"
title = "Androids to come"
source = "https://example.org"
documented = 2026-01-01

[[rule]]
id = "later"
when = {{ platform = "android", management = "dedicated", os-version = "{versions}" }}
then = "unsupported"
source = "s"

[[rule]]
id = "macs"
when = {{ platform = "macos" }}
then = "unsupported"
source = "s"
"#
        )
    };
    for (policy, exit, unchecked) in [
        (policy(">=17").split("\n[[rule]]\nid = \"macs\"").take(1).collect(), 1, vec!["later"]),
        (policy(">=17"), 0, vec!["later"]),
    ] {
        let output = Folder::with("late.toml", &policy).run("policy verify FILE --format json");
        assert_eq!(code(&output), exit, "{}", shown(&output));
        let verified = json(&output);
        assert_eq!(verified["policies"][0]["unchecked-rules"], Value::from(unchecked), "{policy}");
        assert_eq!(verified["findings"], Value::Array(Vec::new()));
    }
}

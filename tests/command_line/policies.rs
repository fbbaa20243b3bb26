//! `relatch policy`.

use insta::assert_snapshot;

use crate::{Folder, code, json, refused, revisions, root, run, shown};

#[test]
fn the_list_names_the_default_once() {
    let list = json(&run("policy list --format json"));
    let policies = list["policies"].as_array().unwrap();
    let defaults: Vec<_> =
        policies.iter().filter(|policy| policy["default"] == true).map(|one| &one["id"]).collect();
    assert_eq!(defaults, [revisions().last().unwrap().as_str()]);
    for policy in policies {
        for key in ["id", "title", "documented", "source", "rules"] {
            assert!(!policy[key].is_null(), "{policy} has no {key}");
        }
    }
}

#[test]
fn policies_as_a_whole() {
    for (name, command) in [
        ("the_list_for_people", "policy list"),
        ("the_page_of_2018_for_people", "policy show intune-2018-03-29"),
        (
            "the_page_of_2018_for_programs",
            "policy show intune-2018-03-29 --reading intended --format json",
        ),
        ("the_check_of_the_page_of_2018_finds_its_gap_at_6_0_1", "policy check intune-2018-03-29"),
        (
            "the_check_of_the_page_of_2018_for_programs",
            "policy check intune-2018-03-29 --format json",
        ),
        ("the_check_of_the_page_that_contradicts_itself", "policy check intune-2018-03-15"),
        (
            "the_tests_of_a_policy_list_what_passes_and_measure_what_they_cover",
            "policy test intune-2018-06-25",
        ),
        ("a_rule_is_explained", "policy explain android-6 --policy 2018-03-29 --reading intended"),
        (
            "a_rule_that_does_not_exist_is_refused_with_the_nearest",
            "policy explain android-66 --policy 2018-03-29",
        ),
        (
            "the_difference_of_two_revisions_for_people",
            "policy diff intune-2018-03-29 intune-2018-06-25",
        ),
        (
            "the_difference_of_two_revisions_for_a_page",
            "policy diff intune-2018-03-29 intune-2018-06-25 --format markdown",
        ),
        (
            "the_difference_of_two_revisions_for_programs",
            "policy diff intune-2025-10-27 intune-2026-04-21 --format json",
        ),
        ("the_whole_history", "policy history"),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn every_built_in_policy_is_checked_when_none_is_named() {
    let output = run("policy check --format json");
    assert_eq!(code(&output), 1, "documented pages have holes");
    let checked = json(&output);
    let built_in = json(&run("policy list --format json"));
    let count = |object: &serde_json::Value| object["policies"].as_array().unwrap().len();
    assert_eq!(count(&checked), count(&built_in));
    let findings = checked["findings"].as_array().unwrap();
    let codes: std::collections::BTreeSet<_> =
        findings.iter().map(|one| one["code"].as_str().unwrap()).collect();
    let codes: Vec<_> = codes.into_iter().collect();
    assert_eq!(codes, ["conflict", "gap"], "shipped policies have no other findings");
}

#[test]
fn the_cases_of_every_built_in_policy_pass_and_reach_everything() {
    for reading in ["literal", "intended"] {
        let output = run(&format!("policy test --reading {reading} --format json"));
        assert_eq!(code(&output), 0);
        assert_eq!(json(&output)["findings"], serde_json::json!([]));
    }
}

/// A policy with one of each problem that only an analysis finds.
const IDLE: &str = r#"id = "idle"
title = "Rules that do no work"
source = "https://example.com"
documented = 2018-03-29
hit-policy = "first"

[[prerequisite]]
id = "enrolled"
holds = { management = { not = ["not-managed"] } }
source = "the list of managed devices"

[[rule]]
id = "android"
when = { platform = "android" }
then = "reset-passcode"
needs = { management = "dedicated" }
source = "page 1"

[[rule]]
id = "shadowed"
when = { platform = "android", os-version = ">=7.0" }
then = "unsupported"
source = "page 2"

[[rule]]
id = "never"
when = { platform = "ios", management = ["mdm", "not-managed"], os-version = "11.x" }
then = "remove-passcode"
source = "page 3"

[[rule]]
id = "needs-what-cannot-be"
when = { platform = "ios" }
then = "remove-passcode"
needs = { platform = "ipados" }
source = "page 4"

[[rule]]
id = "no-device"
when = { management = "not-managed" }
then = "unsupported"
source = "page 5"

[[rule]]
id = "the-rest"
when = { platform = { not = ["android", "ios"] } }
then = "unsupported"
source = "page 6"

[[rule]]
id = "once-more"
when = { platform = "macos" }
then = "unsupported"
scope = "work-profile"
source = "page 7"

[[rule]]
id = "and-again"
when = { platform = ["macos", "tvos"] }
then = "unsupported"
scope = "work-profile"
source = "page 8"

[[case]]
facts = { platform = "android", management = "dedicated" }
expect = "ineligible"
"#;

#[test]
fn rules_that_do_no_work_are_found_with_the_rules_to_blame() {
    assert_snapshot!(Folder::with("idle.toml", IDLE).shown("policy check FILE"));
}

#[test]
fn a_failing_case_is_shown_at_its_place() {
    assert_snapshot!(Folder::with("idle.toml", IDLE).shown("policy test FILE"));
}

#[test]
fn a_policy_without_a_case_has_passed_no_test() {
    let text: String = IDLE.split("[[case]]").take(1).collect();
    let tested = Folder::with("idle.toml", &text).run("policy test FILE");
    assert_eq!(code(&tested), 1);
    let shown = shown(&tested);
    assert!(shown.contains("warning[no-cases]: the policy has no case, so nothing was"), "{shown}");
}

#[test]
fn the_tests_of_a_policy_list_what_passes_and_measure_what_they_cover() {
    assert_snapshot!(shown(&run("policy test intune-2018-06-25")));
}

#[test]
fn the_tests_of_a_policy_can_be_filtered_and_quiet() {
    let all = "policy test intune-2026-04-21 intune-2018-03-29";
    let failing = shown(&run(&format!("{all} --quiet")));
    assert!(!failing.contains("  pass  "), "{failing}");
    let macos = shown(&run(&format!("{all} --only macos")));
    let listed: Vec<_> = macos.lines().filter(|line| line.contains("  pass  ")).collect();
    assert!(!listed.is_empty() && listed.iter().all(|line| line.contains("macos")), "{macos}");
    assert!(!macos.contains("covered:"), "a part of the cases covers nothing: {macos}");
    let nothing = run(&format!("{all} --only toaster"));
    assert_eq!(code(&nothing), 2);
    assert_snapshot!(shown(&nothing));
}

#[test]
fn the_coverage_of_a_shipped_policy_is_complete_where_it_must_be() {
    let tested = json(&run("policy test intune-2026-04-21 --format json"));
    let coverage = &tested["policies"][0]["coverage"];
    for part in ["rules", "prerequisites"] {
        assert_eq!(coverage[part]["reached"], coverage[part]["all"], "{part}");
    }
    let cells = |key: &str| coverage["cells"][key].as_u64().unwrap();
    assert!(cells("all") > 10 && cells("reached") <= cells("all"), "{coverage}");
    let results = tested["policies"][0]["results"].as_array().unwrap();
    assert!(results.len() > 30 && results.iter().all(|one| one["passed"] == true));
}

#[test]
fn the_start_of_a_policy_passes_its_check_and_is_in_the_stable_form() {
    for options in ["", " --extends latest"] {
        let folder = Folder::empty();
        let new = format!("policy new our-rules{options} --out start.toml");
        folder.runs(&new);
        for command in ["policy check", "policy test", "policy fmt --check"] {
            folder.runs(&format!("{command} start.toml"));
        }
        // A file is never replaced.
        folder.refused(&new);
    }
    refused("policy new Our_Rules");
}

#[test]
fn a_rule_that_is_contradicted_is_explained() {
    let found = json(&run("policy check intune-2018-03-15 --format json"));
    let findings = found["findings"].as_array().unwrap();
    let conflict = findings.iter().find(|one| one["code"] == "conflict").unwrap();
    let rule = conflict["rules"][0].as_str().unwrap();
    let explained =
        json(&run(&format!("policy explain {rule} --policy intune-2018-03-15 --format json")));
    let contradicted = explained["contradicted"].as_array().unwrap();
    assert!(contradicted.iter().any(|one| one["devices"] == conflict["devices"]), "{explained}");
}

#[test]
fn all_problems_of_all_files_are_shown_at_once() {
    let folder = Folder::with("first.toml", "id = 7\n").and("second.toml", "titel = \"x\"\n");
    assert_snapshot!(folder.shown("policy check FOLDER/first.toml FOLDER/second.toml"));
}

#[test]
fn the_history_has_a_step_for_every_revision_but_the_first() {
    let history = json(&run("policy history --format json --reading intended"));
    let steps = revisions().len() - 1;
    assert_eq!(history["revisions"].as_array().unwrap().len(), steps);
    let page = shown(&run("policy history --format markdown"));
    assert_eq!(page.matches("\n## ").count(), steps);
}

#[test]
fn the_schema_in_the_repository_is_the_one_that_the_program_prints() {
    let shipped = std::fs::read(root().join("policies/policy.schema.json")).unwrap();
    assert!(run("policy schema").stdout == shipped, "print it anew");
}

#[test]
fn the_shipped_policies_are_in_the_stable_form_and_name_the_schema() {
    for entry in std::fs::read_dir(root().join("policies/intune")).unwrap() {
        let path = entry.unwrap().path();
        let output = run(&format!("policy fmt --check {}", path.display()));
        assert_eq!(code(&output), 0, "{}", path.display());
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with("#:schema ../policy.schema.json\n"));
    }
}

#[test]
fn formatting_shows_its_changes_and_works_on_standard_input() {
    let folder = Folder::with("idle.toml", IDLE);
    let shown = folder.run("policy fmt --diff FILE");
    assert_eq!(code(&shown), 1);
    let diff = String::from_utf8(shown.stdout).unwrap();
    assert!(diff.starts_with("--- idle.toml\n+++ idle.toml\n@@ "), "{diff}");
    assert_eq!(folder.read("idle.toml"), IDLE, "nothing was written");
    let output = crate::run_with_input("policy fmt -", IDLE.as_bytes());
    assert_eq!(code(&output), 0);
    let formatted = String::from_utf8(output.stdout).unwrap();
    let again = crate::run_with_input("policy fmt --diff -", formatted.as_bytes());
    assert_eq!((code(&again), again.stdout.len()), (0, 0));
    assert!(diff.lines().filter(|line| line.starts_with('+')).count() > 10);
}

#[test]
fn formatting_changes_the_file_and_then_nothing_more() {
    let folder = Folder::with("idle.toml", IDLE);
    assert_eq!(code(&folder.run("policy fmt --check FILE")), 1);
    folder.runs("policy fmt FILE");
    folder.runs("policy fmt --check FILE");
    let text = folder.read("idle.toml");
    assert!(text.contains("\nneeds  = { management = \"dedicated\" }\n"), "{text}");
}

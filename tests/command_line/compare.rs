//! `relatch compare`: the same fleet under two policies.

use insta::assert_snapshot;

use crate::{code, json, revisions, run, shown};

#[test]
fn comparisons_as_a_whole() {
    for (name, command) in [
        ("two_revisions_for_people", "compare EXAMPLE --from 2018-03-29 --to intune-2026-04-21"),
        (
            "two_revisions_for_programs",
            "compare EXAMPLE --from intune-2018-03-29 --to intune-2018-06-25 --by none --format json",
        ),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn a_comparison_agrees_with_the_plans_of_both_policies() {
    let (from, to) = ("intune-2018-03-29", revisions().pop().unwrap());
    let compared = json(&run(&format!("compare EXAMPLE --from {from} --to {to} --format json")));
    let plan = |policy: &str| json(&run(&format!("plan EXAMPLE --policy {policy} --format json")));
    for (side, plan) in [("before", plan(from)), ("after", plan(&to))] {
        for decision in ["eligible", "conditional", "ineligible", "undetermined"] {
            let transitions = compared["transitions"].as_array().unwrap();
            let here = transitions.iter().filter(|one| one[side] == decision);
            let devices: u64 = here.map(|one| one["devices"].as_u64().unwrap()).sum();
            assert_eq!(plan["decisions"][decision].as_u64().unwrap(), devices, "{side} {decision}");
        }
    }
    let newer = &plan(from)["newer"];
    assert_eq!((&newer["policy"], &newer["differs"]), (&to.into(), &compared["changed"]));
    let groups = compared["groups"].as_array().unwrap();
    let changed: u64 = groups.iter().map(|group| group["changed"].as_u64().unwrap()).sum();
    assert_eq!(compared["changed"].as_u64().unwrap(), changed);
}

#[test]
fn a_policy_compared_with_itself_changes_nothing() {
    let output = run("compare EXAMPLE --to latest --format json");
    assert_eq!(code(&output), 0);
    assert_eq!(json(&output)["changed"], 0);
}

//! `--where`, `--stale` and `--active`: some of the devices of inventories.

use std::process::Output;

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, code, json, relatch, run, shown};

const FLEET: &str = "Device ID,Device name,OS,OS version,Managed by,Last check-in\n\
    1,a,iOS,17.1,Intune,2026-09-01\n\
    2,b,iOS,16.1,Intune,2026-07-01\n\
    3,c,macOS,14.1,Intune,2026-08-31\n\
    4,d,iOS,,Intune,\n\
    2,older,macOS,14.1,Intune,2026-06-01\n";

/// Runs the program with a condition in a folder.
fn chosen(folder: &Folder, arguments: &str, condition: &str) -> Output {
    folder.command(arguments).args(["--where", condition]).output().expect("the program starts")
}

/// Runs the program with a condition, which has spaces.
fn with(arguments: &str, condition: &str) -> Output {
    let arguments = arguments.replace("EXAMPLE", EXAMPLE);
    let mut command = relatch();
    command.args(arguments.split_whitespace()).args(["--where", condition]);
    command.output().expect("the program starts")
}

#[test]
fn a_condition_selects_devices_in_the_grammar_of_policies() {
    let folder = Folder::with("fleet.csv", FLEET);
    let plan = |condition: &str| {
        let output = chosen(&folder, "plan FILE --format json", condition);
        assert_eq!(code(&output), 0, "{}", shown(&output));
        let plan = json(&output);
        let decisions = plan["decisions"].as_object().unwrap().values();
        let devices: u64 = decisions.map(|count| count.as_u64().unwrap()).sum();
        (devices, plan["selection"].clone())
    };
    let (devices, selection) = plan("platform = \"ios\"");
    assert_eq!((devices, &selection["left-out"], &selection["unknown"]), (3, &1.into(), &0.into()));
    let (devices, selection) = plan("platform = [\"ios\", \"macos\"], os-version = \"<17\"");
    assert_eq!((devices, &selection["left-out"], &selection["unknown"]), (2, &2.into(), &1.into()));
    assert_eq!(plan("platform = { not = \"ios\" }").0, 1);
    assert_eq!(plan("platform = \"android\"").0, 0);
}

#[test]
fn ages_are_measured_from_the_latest_check_in_or_from_now() {
    let folder = Folder::with("fleet.csv", FLEET);
    let plan = |arguments: &str| {
        let plan = folder.json(&format!("plan FILE --format json {arguments}"));
        let decisions = plan["decisions"].as_object().unwrap().values();
        let devices: u64 = decisions.map(|count| count.as_u64().unwrap()).sum();
        (devices, plan["selection"]["no-check-in"].as_u64().unwrap())
    };
    assert_eq!(plan("--stale 30d"), (1, 1));
    assert_eq!(plan("--active 30d"), (2, 1));
    assert_eq!(plan("--stale 30 --now 2026-11-01"), (3, 1));
    assert_eq!(plan("--active 62d --now 2026-11-01"), (2, 1));
    let early = folder.run("plan FILE --stale 30d --now 2020-01-01");
    assert!(
        shown(&early).contains("`--now 2020-01-01` is before the latest check-in, 2026-09-01"),
        "{}",
        shown(&early)
    );
    for wrong in ["--stale soon", "--stale 30d --active 30d"] {
        folder.refused(&format!("plan FILE {wrong}"));
    }
}

#[test]
fn the_list_the_groups_and_the_staleness_have_the_selected_devices_only() {
    let folder = Folder::with("fleet.csv", FLEET);
    let plan = "plan FILE --format json --devices list.csv";
    let plan = json(&chosen(&folder, plan, "platform = \"ios\", os-version = \">0\""));
    let text = folder.read("list.csv");
    let ids: Vec<_> = text.lines().skip(1).map(|line| &line[..1]).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(plan["groups"].as_array().unwrap().len(), 1);
    assert_eq!(plan["stale"]["devices"][1]["before-latest-check-in"], 1);
    assert_eq!(plan["stale"]["no-check-in"], 0);
    assert_eq!(plan["rows"], 5, "all rows were read");
}

#[test]
fn a_selection_is_part_of_the_report() {
    let folder = Folder::with("fleet.csv", FLEET);
    let plan = "plan FILE --by none --active 60d";
    let output = shown(&chosen(&folder, plan, "platform = \"ios\", os-version = \"<18\""));
    let output = output.replace("fleet.csv", "FILE");
    let head: Vec<_> = output.lines().take(10).collect();
    assert_snapshot!(head.join("\n"));
    let next = output.lines().find(|line| line.starts_with("Next, the devices")).unwrap();
    assert!(next.contains("--where") && next.contains("--active 60d"), "{next}");
}

#[test]
fn every_selection_and_the_rest_are_the_whole_fleet() {
    let count = |condition: &str| {
        let plan = json(&with("plan EXAMPLE --format json", condition));
        assert_eq!(plan["selection"]["unknown"], 0);
        plan["decisions"].clone()
    };
    let all = json(&run("plan EXAMPLE --format json"))["decisions"].clone();
    let (one, rest) = (count("platform = \"android\""), count("platform = { not = \"android\" }"));
    for decision in ["eligible", "conditional", "ineligible", "undetermined"] {
        let sum = one[decision].as_u64().unwrap() + rest[decision].as_u64().unwrap();
        assert_eq!(all[decision].as_u64().unwrap(), sum, "{decision}");
    }
}

#[test]
fn comparisons_and_forecasts_select_as_plans_do() {
    let android = "platform = \"android\"";
    let plan = json(&with("plan EXAMPLE --format json", android));
    let across = json(&with("compare EXAMPLE --across --format json", android));
    assert_eq!(across["pages"].as_array().unwrap().last().unwrap()["decisions"], plan["decisions"]);
    let compare = "compare EXAMPLE --from latest --to latest --format json";
    let compared = json(&with(compare, android));
    assert_eq!(compared["selection"], plan["selection"]);
    let forecast = "simulate --fleet EXAMPLE --days 1 --repeats 1 --format json";
    assert_eq!(json(&with(forecast, android))["selection"], plan["selection"]);
    let two = json(&with("compare EXAMPLE EXAMPLE --format json", android));
    let devices: u64 =
        plan["decisions"].as_object().unwrap().values().map(|one| one.as_u64().unwrap()).sum();
    assert_eq!(two["matched"].as_u64().unwrap(), devices);
}

#[test]
fn the_age_of_a_check_in_needs_no_device_id() {
    let fleet: String =
        FLEET.lines().map(|line| line.split_once(',').unwrap().1.to_owned() + "\n").collect();
    let folder = Folder::with("fleet.csv", &fleet);
    let plan = folder.json("plan FILE --stale 30d --format json --devices list.csv");
    assert_eq!(plan["selection"]["left-out"], 3);
    let list = folder.read("list.csv");
    assert!(
        list.contains("2026-07-01T00:00:00Z") && list.contains("2026-06-01T00:00:00Z"),
        "{list}"
    );
    assert_eq!(list.lines().count(), 3);
}

#[test]
fn a_device_that_leaves_the_selection_does_not_vanish() {
    let header = "Device ID,OS,OS version,Managed by\n";
    let folder = Folder::with("old.csv", format!("{header}1,iOS,16.1,Intune\n"));
    folder.write("new.csv", format!("{header}1,iOS,18.1,Intune\n2,iOS,18.1,Intune\n"));
    let compare = "compare FILE new.csv --format json";
    let compared = json(&chosen(&folder, compare, "os-version = \"<17\""));
    assert_eq!((&compared["matched"], &compared["vanished"]["devices"]), (&1.into(), &0.into()));
    assert_eq!(compared["appeared"]["devices"], 0);
}

#[test]
fn a_condition_with_mistakes_is_shown_with_their_places() {
    assert_snapshot!(shown(&with("plan EXAMPLE", "platfrom = \"ios\", os-version = 8")));
    assert_eq!(code(&with("plan EXAMPLE", "platform")), 2);
    assert_eq!(code(&with("plan EXAMPLE", "")), 2);
}

#[test]
fn what_only_a_forecast_selects_is_refused_for_scenarios() {
    let output = with("simulate scenarios/android/seed-seven.toml", "platform = \"ios\"");
    assert_eq!(code(&output), 2);
    assert!(shown(&output).contains("--fleet"), "{}", shown(&output));
}

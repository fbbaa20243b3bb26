//! Facts from elsewhere are joined once per device, and what is not joined is reported.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{code, json, run, run_with_input, scratch, shown, without};

/// Four devices; two have the same name.
const INVENTORY: &str = "Device ID,Device name,Serial number,Last check-in,OS,OS version,Managed by,Ownership\n\
    a1,Ada,S1AB,2026-09-01 07:49:00,Android (fully managed),14,Intune,Corporate\n\
    b2,Bob,S2AB,2026-09-01 07:49:00,Android (personally-owned work profile),14,Intune,Personal\n\
    c3,Bob,S3AB,2026-09-01 07:49:00,Android (personally-owned work profile),14,Intune,Personal\n\
    d4,Cleo,S4AB,2026-09-01 07:49:00,Windows,10.0.22631,Intune,Corporate\n";

/// A script's facts by device id: a contradiction, a device that is gone, a device twice.
const BY_ID: &str = "Device ID,reset-token,Passcode required,passcode_set,Ownership,Colour\n\
    a1,active,yes,TRUE,personal,red\nb2,Active,1,1,,blue\nz9,lost,1,1,,blue\nb2,Active,1,1,,blue\n";

/// The facts of a survey, by name.
const BY_NAME: &str =
    "Name;reset-token;passcode-set\nada;active;maybe\nBob;active;\nDora;lost;\n;lost;\n";

fn folder(facts: &str) -> TempDir {
    let (folder, _) = scratch("fleet.csv", INVENTORY.as_bytes());
    fs::write(folder.path().join("facts.csv"), facts).unwrap();
    folder
}

fn shown_in(folder: &TempDir, arguments: &str) -> String {
    let path = folder.path().to_str().unwrap();
    without(folder.path(), &shown(&run(&arguments.replace("FOLDER", path))))
}

fn json_in(folder: &TempDir, arguments: &str) -> Value {
    json(&run(&arguments.replace("FOLDER", folder.path().to_str().unwrap())))
}

#[test]
fn facts_by_device_id_decide_devices_and_contradictions_are_findings() {
    let folder = folder(BY_ID);
    let command = "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --problems FOLDER/problems.csv";
    assert_snapshot!(shown_in(&folder, &format!("{command} --by none")));
    let problems = fs::read_to_string(folder.path().join("problems.csv")).unwrap();
    assert_snapshot!(without(folder.path(), &problems));
    let plan = json_in(&folder, &format!("{command} --format json"));
    let joined = &plan["joined"][0];
    assert_eq!(
        joined["facts"],
        json!(["ownership", "passcode-required", "passcode-set", "reset-token"])
    );
    assert_eq!(
        (&joined["rows"], &joined["matched"], &joined["unmatched"]),
        (&json!(4), &json!(3), &json!(1))
    );
    assert_eq!((&joined["repeated"], &joined["contradictions"]), (&json!(1), &json!(1)));
    assert_eq!((&plan["rows"], &plan["decisions"]["eligible"]), (&json!(4), &json!(2)));
}

#[test]
fn facts_by_name_are_not_joined_where_two_devices_have_the_name() {
    let folder = folder(BY_NAME);
    let command = "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --problems FOLDER/problems.csv";
    assert_snapshot!(shown_in(&folder, &format!("{command} --by none")));
    let problems = fs::read_to_string(folder.path().join("problems.csv")).unwrap();
    assert_snapshot!(without(folder.path(), &problems));
    let joined = &json_in(&folder, &format!("{command} --format json"))["joined"][0];
    assert_eq!((&joined["matched"], &joined["unmatched"]), (&json!(1), &json!(3)));
    assert_eq!((&joined["ambiguous"], &joined["no-key"]), (&json!(1), &json!(1)));
}

#[test]
fn a_list_has_the_joined_facts_and_gives_the_same_plan() {
    let folder = folder("Serial,reset-token,passcode-required\nS1AB,active,yes\nS3AB,lost,yes\n");
    let decisions = |arguments: &str| json_in(&folder, arguments)["decisions"].clone();
    let joined = decisions(
        "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --devices FOLDER/list.csv --format json",
    );
    assert_eq!(joined["eligible"], 1);
    assert_eq!(decisions("plan FOLDER/list.csv --format json"), joined);
    let list = fs::read_to_string(folder.path().join("list.csv")).unwrap();
    assert_eq!(list.lines().filter(|line| line.contains(",active,")).count(), 1);
}

#[test]
fn every_command_that_reads_inventories_joins_facts() {
    let folder = folder("Device ID,reset-token,passcode-required\na1,active,yes\n");
    let facts = "--facts FOLDER/facts.csv --format json";
    let joined = |value: &Value| (value["rows"].clone(), value["matched"].clone());
    let one = (json!(1), json!(1));
    let compare = format!("compare FOLDER/fleet.csv --to 2018-03-29 {facts}");
    assert_eq!(joined(&json_in(&folder, &compare)["joined"][0]), one);
    let across = format!("compare FOLDER/fleet.csv --across {facts}");
    assert_eq!(joined(&json_in(&folder, &across)["joined"][0]), one);
    let forecast = format!("simulate --fleet FOLDER/fleet.csv --repeats 1 {facts}");
    assert_eq!(joined(&json_in(&folder, &forecast)["joined"][0]), one);
    let two = format!("compare FOLDER/fleet.csv FOLDER/fleet.csv {facts}");
    let two = json_in(&folder, &two);
    assert_eq!(joined(&two["old"]["joined"][0]), one);
    assert_eq!(joined(&two["new"]["joined"][0]), one);
}

#[test]
fn facts_are_joined_before_a_selection_and_once_per_device() {
    let folder = folder("Device ID,passcode-set\na1,yes\nb2,no\n");
    let plan = json_in(
        &folder,
        "plan FOLDER/fleet.csv FOLDER/fleet.csv --facts FOLDER/facts.csv --format json \
         --where passcode-set=true",
    );
    assert_eq!(plan["selection"]["left-out"], 3);
    assert_eq!(plan["joined"][0]["matched"], 2);
}

#[test]
fn a_facts_file_without_a_key_or_facts_is_refused() {
    for (facts, message) in [
        ("Colour,passcode-set\nred,yes\n", "without a column that names devices"),
        ("Device ID,Colour\na1,red\n", "without a column that is named after a fact"),
        ("Device ID,passcode-set\n", "an inventory without a device"),
    ] {
        let folder = folder(facts);
        let path = folder.path().to_str().unwrap();
        let output = run(&format!("plan {path}/fleet.csv --facts {path}/facts.csv"));
        let error = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(code(&output), 2, "{error}");
        assert!(error.contains(message) && error.contains("hint: "), "{error}");
    }
}

#[test]
fn an_inventory_without_the_key_of_a_facts_file_is_refused() {
    let (folder, _) = scratch("fleet.csv", b"Device ID,OS\na1,Linux\n");
    fs::write(folder.path().join("facts.csv"), "Serial,passcode-set\nS1AB,yes\n").unwrap();
    assert_snapshot!(shown_in(&folder, "plan FOLDER/fleet.csv --facts FOLDER/facts.csv"));
}

#[test]
fn what_is_read_twice_is_no_stream_and_no_output() {
    let folder = folder(BY_NAME);
    let path = folder.path().to_str().unwrap();
    let output = run_with_input(&format!("plan - --facts {path}/facts.csv"), INVENTORY.as_bytes());
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(code(&output), 2, "{error}");
    assert!(error.contains("read inventories twice"), "{error}");
    let output =
        run(&format!("plan {path}/fleet.csv --facts {path}/facts.csv --out {path}/facts.csv"));
    assert_eq!(code(&output), 2);
    assert_eq!(fs::read_to_string(folder.path().join("facts.csv")).unwrap(), BY_NAME);
}

#[test]
fn a_facts_file_that_matches_nothing_is_a_finding() {
    let folder = folder("ID,Device,passcode-set\n1,x,yes\n");
    let output = shown_in(&folder, "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --by none");
    assert!(output.contains("0 of 1 row are about devices"), "{output}");
    assert!(output.contains("does it have the device id of Intune?"), "{output}");
}

#[test]
fn columns_that_were_added_to_an_export_count_and_a_contradiction_rejects_the_row() {
    let export = "Device ID,OS,OS version,Managed by,Ownership,reset-token,Passcode required,ownership\n\
        1,Android (fully managed),14,Intune,Corporate,active,yes,\n\
        2,Android (fully managed),14,Intune,Corporate,active,yes,personal\n\
        3,Android (fully managed),14,Intune,Corporate,lost,yes,corporate\n";
    let (folder, _) = scratch("fleet.csv", export.as_bytes());
    assert_snapshot!(shown_in(&folder, "plan FOLDER/fleet.csv --by none"));
}

#[test]
fn columns_of_intune_say_facts_in_facts_files_too() {
    let csv = "DeviceId,DeviceName,HasUnlockToken,Device state,OwnerType,ownership\n\
        a1,Ada,True,WipePending,Personal,corporate\nd4,,False,,,\n";
    let graph = r#"[{"id":"a1","hasUnlockToken":true,"managementState":"wipePending","ownership":"corporate"},
        {"id":"d4","hasUnlockToken":false,"managementState":null,"ownership":null}]"#;
    for facts in [csv, graph] {
        let folder = folder(facts);
        let plan = json_in(&folder, "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --format json");
        let joined = &plan["joined"][0];
        let expected = json!(["ownership", "unlock-token", "management-state"]);
        assert_eq!((&joined["facts"], &joined["matched"]), (&expected, &json!(2)), "{facts}");
        assert_eq!(
            joined["contradictions"],
            json!(0),
            "a column that is named after a fact says it"
        );
        let list = "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --devices FOLDER/list.ndjson";
        assert_eq!(code(&run(&list.replace("FOLDER", folder.path().to_str().unwrap()))), 0);
        let list = fs::read_to_string(folder.path().join("list.ndjson")).unwrap();
        let of = |line: usize| {
            let device: Value = serde_json::from_str(list.lines().nth(line).unwrap()).unwrap();
            let fact = |name: &str| device["facts"][name].clone();
            ["unlock-token", "management-state", "ownership"].map(fact)
        };
        assert_eq!(of(0), [json!("held"), json!("wipe-pending"), json!("corporate")], "{facts}");
        assert_eq!(of(3), [json!("missing"), Value::Null, json!("corporate")], "{facts}");
    }
}

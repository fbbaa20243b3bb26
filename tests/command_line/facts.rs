//! Facts from elsewhere are joined once per device, and what is not joined is reported.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::{Folder, refusal, run_with_input};

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

fn folder(facts: &str) -> Folder {
    Folder::with("fleet.csv", INVENTORY).and("facts.csv", facts)
}

#[test]
fn facts_by_device_id_decide_devices_and_contradictions_are_findings() {
    let folder = folder(BY_ID);
    let command = "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --problems FOLDER/problems.csv";
    assert_snapshot!(folder.shown(&format!("{command} --by none")));
    assert_snapshot!(folder.read_shown("problems.csv"));
    let plan = folder.json(&format!("{command} --format json"));
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
    assert_snapshot!(folder.shown(&format!("{command} --by none")));
    assert_snapshot!(folder.read_shown("problems.csv"));
    let joined = &folder.json(&format!("{command} --format json"))["joined"][0];
    assert_eq!((&joined["matched"], &joined["unmatched"]), (&json!(1), &json!(3)));
    assert_eq!((&joined["ambiguous"], &joined["no-key"]), (&json!(1), &json!(1)));
}

#[test]
fn a_list_has_the_joined_facts_and_gives_the_same_plan() {
    let folder = folder("Serial,reset-token,passcode-required\nS1AB,active,yes\nS3AB,lost,yes\n");
    let decisions = |arguments: &str| folder.json(arguments)["decisions"].clone();
    let joined = decisions(
        "plan FOLDER/fleet.csv --facts FOLDER/facts.csv --devices FOLDER/list.csv --format json",
    );
    assert_eq!(joined["eligible"], 1);
    assert_eq!(decisions("plan FOLDER/list.csv --format json"), joined);
    let list = folder.read("list.csv");
    assert_eq!(list.lines().filter(|line| line.contains(",active,")).count(), 1);
}

#[test]
fn every_command_that_reads_inventories_joins_facts() {
    let folder = folder("Device ID,reset-token,passcode-required\na1,active,yes\n");
    let facts = "--facts FOLDER/facts.csv --format json";
    let joined = |value: &Value| (value["rows"].clone(), value["matched"].clone());
    let one = (json!(1), json!(1));
    let compare = format!("compare FOLDER/fleet.csv --to 2018-03-29 {facts}");
    assert_eq!(joined(&folder.json(&compare)["joined"][0]), one);
    let across = format!("compare FOLDER/fleet.csv --across {facts}");
    assert_eq!(joined(&folder.json(&across)["joined"][0]), one);
    let forecast = format!("simulate --fleet FOLDER/fleet.csv --repeats 1 {facts}");
    assert_eq!(joined(&folder.json(&forecast)["joined"][0]), one);
    let two = format!("compare FOLDER/fleet.csv FOLDER/fleet.csv {facts}");
    let two = folder.json(&two);
    assert_eq!(joined(&two["old"]["joined"][0]), one);
    assert_eq!(joined(&two["new"]["joined"][0]), one);
}

#[test]
fn facts_are_joined_before_a_selection_and_once_per_device() {
    let folder = folder("Device ID,passcode-set\na1,yes\nb2,no\n");
    let plan = "plan fleet.csv fleet.csv --facts facts.csv --format json --where passcode-set=true";
    let plan = folder.json(plan);
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
        folder(facts).refuses(&[("plan fleet.csv --facts facts.csv", [message, "hint: "])]);
    }
}

#[test]
fn an_inventory_without_the_key_of_a_facts_file_is_refused() {
    let folder = Folder::with("fleet.csv", b"Device ID,OS\na1,Linux\n");
    folder.write("facts.csv", "Serial,passcode-set\nS1AB,yes\n");
    assert_snapshot!(folder.shown("plan FOLDER/fleet.csv --facts FOLDER/facts.csv"));
}

#[test]
fn what_is_read_twice_is_no_stream_and_no_output() {
    let folder = folder(BY_NAME);
    let facts = folder.path("facts.csv");
    let plan = format!("plan - --facts {}", facts.display());
    let error = refusal(&plan, &run_with_input(&plan, INVENTORY.as_bytes()));
    assert!(error.contains("read inventories twice"), "{error}");
    folder.refused("plan fleet.csv --facts facts.csv --out facts.csv");
    assert_eq!(folder.read("facts.csv"), BY_NAME);
}

#[test]
fn a_facts_file_that_matches_nothing_is_a_finding() {
    let folder = folder("ID,Device,passcode-set\n1,x,yes\n");
    let output = folder.shown("plan FOLDER/fleet.csv --facts FOLDER/facts.csv --by none");
    assert!(output.contains("0 of 1 row are about devices"), "{output}");
    assert!(output.contains("does it have the device id of Intune?"), "{output}");
}

#[test]
fn columns_that_were_added_to_an_export_count_and_a_contradiction_rejects_the_row() {
    let export = "Device ID,OS,OS version,Managed by,Ownership,reset-token,Passcode required,ownership\n\
        1,Android (fully managed),14,Intune,Corporate,active,yes,\n\
        2,Android (fully managed),14,Intune,Corporate,active,yes,personal\n\
        3,Android (fully managed),14,Intune,Corporate,lost,yes,corporate\n";
    let folder = Folder::with("fleet.csv", export);
    assert_snapshot!(folder.shown("plan FOLDER/fleet.csv --by none"));
}

#[test]
fn columns_of_intune_say_facts_in_facts_files_too() {
    let csv = "DeviceId,DeviceName,HasUnlockToken,Device state,OwnerType,ownership\n\
        a1,Ada,True,WipePending,Personal,corporate\nd4,,False,,,\n";
    let graph = r#"[{"id":"a1","hasUnlockToken":true,"managementState":"wipePending","ownership":"corporate"},
        {"id":"d4","hasUnlockToken":false,"managementState":null,"ownership":null}]"#;
    for facts in [csv, graph] {
        let folder = folder(facts);
        let plan = folder.json("plan FOLDER/fleet.csv --facts FOLDER/facts.csv --format json");
        let joined = &plan["joined"][0];
        let expected = json!(["ownership", "unlock-token", "management-state"]);
        assert_eq!((&joined["facts"], &joined["matched"]), (&expected, &json!(2)), "{facts}");
        assert_eq!(
            joined["contradictions"],
            json!(0),
            "a column that is named after a fact says it"
        );
        folder.runs("plan fleet.csv --facts facts.csv --devices list.ndjson");
        let list = folder.read("list.ndjson");
        let of = |line: usize| {
            let device: Value = serde_json::from_str(list.lines().nth(line).unwrap()).unwrap();
            let fact = |name: &str| device["facts"][name].clone();
            ["unlock-token", "management-state", "ownership"].map(fact)
        };
        assert_eq!(of(0), [json!("held"), json!("wipe-pending"), json!("corporate")], "{facts}");
        assert_eq!(of(3), [json!("missing"), Value::Null, json!("corporate")], "{facts}");
    }
}

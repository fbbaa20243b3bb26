//! `relatch compare OLD NEW`, `--across` and `--devices`.

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, json, refusal, run, run_with_input, shown};

const HEADER: &str = "Device ID,Serial number,Device name,OS,OS version,Managed by,Last check-in\n";

/// Returns a row of an inventory of iPhones, Macs and Android devices, by its last columns.
fn row(id: &str, name: &str, rest: &str) -> String {
    format!("{id},,{name},{rest}\n")
}

const IPHONE: &str = "iOS,17.1,Intune,2026-08-01";
const LATER: &str = "iOS,17.2,Intune,2026-08-08";
const MAC: &str = "macOS,14.1,Intune,2026-08-08";

/// Returns a folder with two inventories of one fleet.
fn inventories(old: &str, new: &str) -> Folder {
    Folder::with("old.csv", format!("{HEADER}{old}")).and("new.csv", format!("{HEADER}{new}"))
}

fn sample() -> Folder {
    let old = [
        row("1", "stays", IPHONE),
        row("2", "becomes a Mac", IPHONE),
        row("3", "was a Mac", MAC),
        row("4", "vanishes", IPHONE),
        row("5", "vanishes as well", MAC),
        row("", "has no key", IPHONE),
        row("1", "is older", "Windows,10.0,Intune,2026-07-01"),
    ];
    let new = [
        row("3", "was a Mac", LATER),
        row("1", "stays", LATER),
        row("2", "becomes a Mac", MAC),
        row("6", "appears", LATER),
        row("", "has no key", LATER),
        row("", "has none either", LATER),
    ];
    inventories(&old.concat(), &new.concat())
}

#[test]
fn two_inventories_are_joined_by_device_for_people() {
    assert_snapshot!(sample().shown("compare old.csv new.csv"));
}

#[test]
fn two_inventories_are_joined_by_device_for_programs() {
    let compared = json(&sample().runs("compare old.csv new.csv --format json"));
    assert_eq!(compared["matched"], 3);
    assert_eq!(compared["became-eligible"], 1);
    assert_eq!(compared["lost-eligibility"], 1);
    assert_eq!(compared["appeared"]["devices"], 1);
    assert_eq!(compared["appeared"]["decisions"]["eligible"], 1);
    assert_eq!(compared["vanished"]["devices"], 2);
    assert_eq!(compared["vanished"]["decisions"]["ineligible"], 1);
    assert_eq!(compared["no-key"], serde_json::json!({ "old": 1, "new": 2 }));
    assert_eq!(compared["old"]["duplicates"]["rows"], 1, "an older row of a device is set aside");
    let transitions = compared["transitions"].as_array().unwrap();
    let devices: u64 = transitions.iter().map(|one| one["devices"].as_u64().unwrap()).sum();
    assert_eq!(devices, 3);
    let lost = compared["changes"].as_array().unwrap();
    let lost = lost.iter().find(|one| one["before"]["decision"] == "eligible").unwrap();
    assert_eq!(lost["after"]["clause"], "other-platforms");
    assert_eq!(lost["differing"], serde_json::json!(["platform", "os-version"]));
}

#[test]
fn the_order_of_rows_and_the_number_of_threads_change_nothing() {
    let folder = sample();
    let one = folder.json("compare old.csv new.csv --format json --threads 1");
    assert_eq!(one, folder.json("compare old.csv new.csv --format json --threads 4"));
    let back = folder.json("compare new.csv old.csv --format json");
    assert_eq!(one["appeared"], back["vanished"]);
    assert_eq!(one["became-eligible"], back["lost-eligibility"]);
    assert_eq!(one["matched"], back["matched"]);
}

#[test]
fn an_inventory_compared_with_itself_changes_nothing() {
    let compared = json(&run("compare EXAMPLE EXAMPLE --format json"));
    assert_eq!(compared["matched"], 400);
    assert_eq!(compared["changes"], serde_json::json!([]));
    assert_eq!(compared["appeared"]["devices"], 0);
    assert_eq!(compared["vanished"]["devices"], 0);
    let plan = json(&run("plan EXAMPLE --format json"));
    let transitions = compared["transitions"].as_array().unwrap();
    let eligible = transitions.iter().find(|one| one["before"] == "eligible").unwrap();
    assert_eq!(eligible["devices"], plan["decisions"]["eligible"]);
}

#[test]
fn inventories_of_different_keys_and_of_different_fleets_are_reported() {
    let by_serial = format!(",S1,a,{IPHONE}\n,S2,b,{IPHONE}\n");
    let compare = "compare old.csv new.csv";
    let output = inventories(&by_serial, &row("1", "a", LATER)).shown(compare);
    assert!(output.contains("by serial number alone"), "{output}");
    let output = inventories(&row("1", "a", IPHONE), &row("2", "b", LATER)).shown(compare);
    assert!(output.contains("No device is in both"), "{output}");
}

#[test]
fn the_list_has_the_devices_that_change_appear_or_vanish() {
    let folder = sample();
    let list = |list: &str| {
        folder.runs(&format!("compare old.csv new.csv --devices {list}"));
        folder.bytes(list)
    };
    let csv = String::from_utf8(list("changes.csv")).unwrap();
    assert_snapshot!(csv);
    #[cfg(feature = "parquet")]
    {
        let table = list("changes.parquet");
        assert_snapshot!(testkit::parquet::schema(&table));
        let table = String::from_utf8(testkit::parquet::as_csv(&table)).unwrap();
        let table = table.replace(" 00:00:00", "T00:00:00Z");
        let lines: Vec<_> = csv.lines().skip(1).map(|line| format!("{line},x")).collect();
        assert_eq!(table.lines().skip(1).collect::<Vec<_>>(), lines);
    }
    #[cfg(feature = "workbook")]
    assert!(list("changes.xlsx").starts_with(b"PK"));
    let text = String::from_utf8(list("changes.ndjson")).unwrap();
    let changes: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let words: Vec<_> = changes.iter().map(|one| one["change"].as_str().unwrap()).collect();
    let expected = ["became-eligible", "lost-eligibility", "appeared", "vanished", "vanished"];
    assert_eq!(words, expected);
}

#[test]
fn the_list_of_two_policies_has_as_many_devices_as_are_decided_differently() {
    let folder = Folder::empty();
    let compare = "compare EXAMPLE --from 2018-03-29 --to as-of:2026-05-01 --format json";
    let compared = folder.json(&format!("{compare} --devices changes.ndjson"));
    let lines = folder.read("changes.ndjson").lines().count() as u64;
    assert_eq!(compared["changed"].as_u64().unwrap(), lines);
    assert!(lines > 0);
}

#[test]
fn what_can_be_read_only_once_gets_no_list() {
    let bytes = std::fs::read(crate::root().join(EXAMPLE)).unwrap();
    let list = Folder::empty().path("changes.csv");
    let compare = format!("compare - --to 2018-03-29 --devices {}", list.display());
    refusal(&compare, &run_with_input(&compare, &bytes));
    assert!(!list.exists());
}

#[test]
fn the_table_across_all_pages_agrees_with_each_plan() {
    let across = json(&run("compare EXAMPLE --across --format json"));
    let pages = across["pages"].as_array().unwrap();
    assert_eq!(pages.len(), crate::revisions().len());
    for page in [&pages[0], &pages[6], pages.last().unwrap()] {
        let policy = page["policy"].as_str().unwrap();
        let plan = json(&run(&format!("plan EXAMPLE --policy {policy} --format json")));
        assert_eq!(plan["decisions"], page["decisions"], "{policy}");
    }
    let (before, after) = (&pages[6], &pages[7]);
    let two = format!(
        "compare EXAMPLE --from {} --to {} --format json",
        before["policy"].as_str().unwrap(),
        after["policy"].as_str().unwrap()
    );
    assert_eq!(after["changed"], json(&run(&two))["changed"]);
    assert_eq!(pages[0]["changed"], serde_json::Value::Null);
}

#[test]
fn the_table_across_all_pages_for_people() {
    assert_snapshot!(shown(&run("compare EXAMPLE --across")));
}

#[test]
fn what_cannot_be_compared_is_refused_with_the_way_out() {
    Folder::empty().refuses(&[
        ("compare EXAMPLE", ["--across"]),
        ("compare EXAMPLE EXAMPLE EXAMPLE", ["compare OLD NEW"]),
        ("compare EXAMPLE EXAMPLE --duplicates all", ["--duplicates all"]),
        ("compare EXAMPLE EXAMPLE --problems p.csv", ["--problems"]),
        ("compare EXAMPLE EXAMPLE --devices list.xls", [".parquet or .xlsx"]),
        ("compare EXAMPLE --across --devices list.csv", ["--across"]),
        ("compare EXAMPLE EXAMPLE --from 2018-03-29", ["--to"]),
    ]);
}

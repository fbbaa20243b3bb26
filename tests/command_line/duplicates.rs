//! Several rows of one device count once, everywhere.

use insta::assert_snapshot;
use serde_json::json;

use crate::{Folder, code, json, run_with_input, shown};

/// An export whose last row is the newest of three of a device.
const THREE: &str = "Device ID,Device name,Last check-in,OS,OS version\n\
    00000000-0000-4000-8000-000000000001,dev-1,2026-09-01 07:49:00.0000000,iOS/iPadOS,17.5\n\
    00000000-0000-4000-8000-000000000001,dev-1,2026-09-01 07:49:00.0000000,iOS/iPadOS,17.5\n\
    00000000-0000-4000-8000-000000000001,dev-1,2026-09-02 07:49:00.0000000,iOS/iPadOS,17.6\n";

const MONDAY: &str =
    "Device ID,Device name,OS,OS version\n1,a,iOS/iPadOS,17.5\n2,b,iOS/iPadOS,17.5\n";
const TUESDAY: &str = "Device ID,Device name,OS,OS version\n1,a,iOS/iPadOS,17.6\n\
    2,b,iOS/iPadOS,17.5\n3,\"c, \"\"d\"\"\ne\",iOS/iPadOS,17.5\n";

/// Returns a folder with the exports of two days.
fn exports() -> Folder {
    Folder::with("monday.csv", MONDAY).and("tuesday.csv", TUESDAY)
}

#[test]
fn three_rows_of_a_device_are_one_device() {
    let folder = Folder::with("devices.csv", THREE);
    assert_snapshot!(folder.shown("plan FOLDER/devices.csv --by os-version"));
    let plan = json(&run_with_input("plan - --format json", THREE.as_bytes()));
    assert_eq!(plan["rows"], 3);
    assert_eq!(plan["duplicates"]["rows"], 2);
    assert_eq!(plan["duplicates"]["devices"], 1);
    assert_eq!(plan["stale"]["no-check-in"], 0);
    let all = json(&run_with_input("plan - --format json --duplicates all", THREE.as_bytes()));
    assert_eq!(all["duplicates"], json!(null));
    let group = |plan: &serde_json::Value| plan["groups"][0]["devices"].as_u64();
    assert_eq!((group(&plan), group(&all)), (Some(1), Some(3)));
}

/// Two rows of one device that differ only in a fact that does not decide, and their names.
#[test]
fn a_list_changes_no_count_of_a_plan() {
    let row = |name: usize, tool: &str, kind: &str| {
        format!("1,dev-{name},2026-09-01 07:49:00,iOS/iPadOS,17.5,{tool},{kind}\n")
    };
    let header = "Device ID,Device name,Last check-in,OS,OS version,Managed by,Supervised\n";
    for name in 0..8 {
        let rows = [row(name, "Intune", "No"), row(name + 1, "", "Yes")];
        for rows in [rows.concat(), rows.iter().rev().cloned().collect()] {
            let folder = Folder::with("devices.csv", format!("{header}{rows}"));
            let plan = "plan FILE --policy 2018-03-29 --format json";
            let without = folder.json(plan);
            let mut with = folder.json(&format!("{plan} --devices list.csv"));
            with["devices"] = json!(null);
            assert_eq!(without, with, "{rows}");
        }
    }
}

#[test]
fn overlapping_exports_are_counted_once_and_a_file_that_is_named_twice_is_reported() {
    let folder = exports();
    assert_snapshot!(folder.shown("plan FOLDER"));
    assert_snapshot!(folder.shown("plan FOLDER/monday.csv FOLDER/./monday.csv"));
}

#[test]
fn duplicates_are_refused_with_their_places() {
    let folder = exports();
    assert_snapshot!(folder.shown("plan FOLDER --duplicates refuse"));
    folder.runs("plan monday.csv --duplicates refuse");
    let refused = run_with_input("plan - --duplicates refuse", THREE.as_bytes());
    assert_eq!(code(&refused), 2);
    let file = "Device ID,OS\n7,Linux\n8,Linux,\n9,Linux\n7,Linux\n";
    let refused = Folder::with("a.csv", file).refused("plan a.csv --duplicates refuse");
    assert!(refused.contains("`7`: row 1 of a.csv and row 4 of a.csv"), "{refused}");
}

#[test]
fn every_list_has_a_line_for_each_device_and_for_no_row_that_is_set_aside() {
    let folder = exports();
    for (list, inventories) in [
        ("list.csv", "monday.csv tuesday.csv"),
        ("list.ndjson", "tuesday.csv monday.csv"),
        #[cfg(feature = "parquet")]
        ("list.parquet", "monday.csv tuesday.csv"),
    ] {
        let plan = format!("plan {inventories} --devices {list} --format json");
        let plan = folder.json(&plan);
        assert_eq!(plan["duplicates"]["rows"], 2);
        if list.ends_with(".ndjson") {
            assert_eq!(folder.read(list).lines().count(), 3);
        } else {
            let again = folder.json(&format!("plan {list} --format json"));
            assert_eq!((&again["rows"], &again["decisions"]), (&json!(3), &plan["decisions"]));
        }
        if !list.ends_with(".parquet") {
            let text = folder.read(list);
            assert!(["17.6", "c, ", "17.5"].iter().all(|one| text.contains(one)), "{text}");
        }
    }
}

/// A list has the last check-ins of its inventory to the millisecond, so that lists of two days are
/// one fleet as their inventories are.
#[test]
fn lists_that_are_fed_back_say_which_row_of_a_device_is_the_newest() {
    let rows = |first: &str, second: &str| {
        format!(
            "Device ID,OS,OS version,Last check-in\n\
             1,iOS,17.5,2026-09-01 07:49:00.{first}\n2,iOS,16.1,2026-09-01 07:49:00.{second}\n"
        )
    };
    // The later row has an older version, by which alone it would be set aside.
    let folder = Folder::with("one.csv", rows("001", "004"));
    folder.write("two.csv", rows("002", "003").replace("17.5", "17.4"));
    let expected = folder.json("plan one.csv two.csv --by os-version --format json");
    assert_eq!(expected["groups"][0]["by"]["os-version"], "16.1");
    assert_eq!(expected["groups"][1]["by"]["os-version"], "17.4");
    let formats: &[&str] = match cfg!(all(feature = "parquet", feature = "workbook")) {
        true => &["csv", "parquet", "xlsx"],
        false => &["csv"],
    };
    for format in formats {
        for name in ["one", "two"] {
            folder.runs(&format!("plan {name}.csv --devices list-{name}.{format}"));
        }
        let plan = format!("plan list-one.{format} list-two.{format} --by os-version");
        let plan = folder.json(&format!("{plan} --format json"));
        for key in ["groups", "latest-check-in", "stale"] {
            assert_eq!(plan[key], expected[key], "{format}: {key}");
        }
        for key in ["rows", "devices", "contradictions"] {
            assert_eq!(plan["duplicates"][key], expected["duplicates"][key], "{format}: {key}");
        }
    }
}

#[test]
fn comparisons_and_forecasts_count_devices_once() {
    let folder = exports();
    let compare = "compare . --from intune-2018-03-29 --to intune-2018-09-18 --format json";
    assert_eq!(folder.json(compare)["duplicates"]["rows"], 2);
    let forecast = folder.json("simulate --fleet . --repeats 2 --format json");
    assert_eq!(forecast["duplicates"]["rows"], 2);
    let all = folder.json(&format!("{compare} --duplicates all"));
    assert_eq!((&all["rows"], &all["duplicates"]), (&json!(5), &json!(null)));
}

#[test]
fn the_keys_by_which_devices_are_recognised_are_reported() {
    let file = "Device ID,Serial number,OS\n1,S1,Linux\n,S1,Linux\n,s1,Windows\n,0,Linux\n";
    let folder = Folder::with("devices.csv", file);
    assert_snapshot!(folder.shown("plan FOLDER/devices.csv"));
}

#[test]
fn a_check_in_far_ahead_of_all_others_is_said() {
    let far = THREE.replace("2026-09-02", "2099-01-01")
        + "2,b,2026-09-01 07:49:00,iOS/iPadOS,17.5\n3,c,2026-09-01 07:49:00,iOS/iPadOS,17.5\n";
    let text = shown(&run_with_input("plan -", far.as_bytes()));
    assert!(
        text.contains("1 device has a check-in more than two years after all others"),
        "{text}"
    );
    let plan = |rows: &str| json(&run_with_input("plan - --format json", rows.as_bytes()));
    assert_eq!((&plan(&far)["far-ahead"], &plan(THREE)["far-ahead"]), (&json!(1), &json!(0)));
}

#[test]
fn snapshots_that_differ_are_said_to_be_told_apart_by_a_query() {
    let snapshot = |day: u8, state: &str| {
        format!("2026-09-0{day}T02:00:00Z,1,2026-08-30 07:49:00,iOS/iPadOS,17.5,{state}\n")
    };
    let header = "TimeGenerated [UTC],DeviceId,LastContact,OS,OSVersion,DeviceState\n";
    let rows = [header, &snapshot(1, "Managed"), &snapshot(2, "WipePending")].concat();
    let text = shown(&run_with_input("plan -", rows.as_bytes()));
    assert!(text.contains("arg_max(TimeGenerated, *) by DeviceId"), "{text}");
}

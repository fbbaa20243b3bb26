//! `relatch plan` on real files.

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, code, json, relatch, root, run, shown};

#[test]
fn plans_as_a_whole() {
    for (name, command) in [
        ("the_plan_of_the_example_for_people", "plan EXAMPLE"),
        ("the_plan_of_the_example_for_programs", "plan EXAMPLE --format json --by ownership"),
    ] {
        assert_snapshot!(name, shown(&run(command)));
    }
}

#[test]
fn the_intended_reading_decides_what_the_literal_one_leaves_open() {
    let plan = "plan EXAMPLE --policy 2018-03-29 --format json";
    let literal = json(&run(plan));
    let intended = json(&run(&format!("{plan} --reading intended")));
    let holes =
        |plan: &serde_json::Value| plan["undetermined"]["no-rule-matches"].as_u64().unwrap();
    assert!(holes(&intended) < holes(&literal));
    assert_eq!(intended["reading"], "intended");
}

#[test]
fn rows_are_decided_or_rejected_and_every_count_adds_up() {
    let plan = json(&run("plan EXAMPLE EXAMPLE --format json --duplicates all"));
    let sum = |object: &serde_json::Value| {
        object.as_object().unwrap().values().map(|value| value.as_u64().unwrap()).sum::<u64>()
    };
    let decided = sum(&plan["decisions"]);
    assert_eq!(plan["rows"].as_u64().unwrap(), decided + plan["rejected"].as_u64().unwrap());
    assert_eq!(plan["rows"], 800);
    assert_eq!(sum(&plan["undetermined"]), plan["decisions"]["undetermined"].as_u64().unwrap());
    let groups = plan["groups"].as_array().unwrap();
    let grouped: u64 = groups.iter().map(|group| group["devices"].as_u64().unwrap()).sum();
    assert_eq!(grouped, decided);
}

const SMALL: &str = "device-id,device-name,platform,management,os-version,reset-token\r\n\
    1,\"Ada, phone\",android,personal-work-profile,8.0,active\r\n\
    2,b,android,personal-work-profile,8.0,pending\r\n\
    3,c,android,personal-work-profile,8.0,\r\n\
    4,d,android,device-administrator,6.0.1,\r\n\
    5,e,ios,,,\r\n\
    6,f,ios,not-managed,,\r\n\
    7,g,,,,\r\n\
    8,h,andriod,,,\r\n";

#[test]
fn a_tidy_inventory_has_facts_that_an_export_lacks() {
    assert_snapshot!(Folder::with("tidy.csv", SMALL).shown("plan FILE --policy 2018-03-29"));
}

#[test]
fn intune_39_staleness_counts_from_the_newest_check_in_and_from_now() {
    let row = |(id, day): (u32, &&str)| format!("{id},Windows,10.0,{day}\n");
    let days = ["2026-08-05 07:31:00", "2026-07-29", "2026-07-28", "2026-07-06", "2026-05-06", ""];
    let rows: String = (1..).zip(&days).map(row).collect();
    let file = format!("Device ID,OS,OS version,Last check-in\n{rows}");
    let folder = Folder::with("stale.csv", file);
    assert_snapshot!(folder.shown("plan FILE --now 2026-08-12 --by none"));
    let stale = |arguments: &str| {
        folder.json(&format!("plan FILE {arguments} --format json"))["stale"].clone()
    };
    let of = |days: u32, newest: u32, now: Option<u32>| serde_json::json!({ "more-than-days": days, "before-latest-check-in": newest, "before-now": now });
    let from_newest = [of(7, 3, None), of(30, 1, None), of(90, 1, None)];
    let expected = serde_json::json!({ "now": null, "no-check-in": 1, "devices": from_newest });
    assert_eq!(stale(""), expected);
    let from_both = [of(7, 3, Some(4)), of(30, 1, Some(2)), of(90, 1, Some(1))];
    assert_eq!(stale("--now 2026-08-12")["devices"], serde_json::json!(from_both));
    let twice = folder.json("plan FILE FILE --format json --duplicates all");
    assert_eq!(twice["stale"]["devices"][0]["before-latest-check-in"], 6);
    folder.refused("plan FILE --now yesterday");
}

#[test]
fn the_list_of_devices_as_csv() {
    let folder = Folder::with("tidy.csv", SMALL);
    let output = folder.run("plan FILE --policy 2018-03-29 --devices list.csv");
    assert_eq!(code(&output), 1, "one cell is not understood");
    assert_snapshot!(folder.read("list.csv"));
}

#[test]
fn the_list_of_devices_as_json_lines() {
    let folder = Folder::with("tidy.csv", SMALL);
    folder.run("plan FILE --policy 2018-03-29 --devices list.ndjson");
    let text = folder.read("list.ndjson");
    for line in text.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).unwrap().is_object());
    }
    assert_snapshot!(text);
}

#[test]
fn a_report_goes_to_a_file_when_asked() {
    let folder = Folder::empty();
    let output = folder.runs("plan EXAMPLE --format json --out plan.json");
    assert_eq!((output.stdout.len(), output.stderr.len()), (0, 0));
    let direct = folder.run("plan EXAMPLE --format json");
    assert_eq!(folder.bytes("plan.json"), direct.stdout);
}

#[test]
fn a_failure_leaves_a_good_list_in_place() {
    let folder = Folder::with("good.csv", "good").and("bad.csv", "not,an,inventory\n1,2,3\n");
    folder.refused("plan bad.csv --devices good.csv");
    assert_eq!(folder.read("good.csv"), "good");
    assert_eq!(folder.names(), ["bad.csv", "good.csv"], "no temporary file stays behind");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let output = run("plan EXAMPLE --out /dev/full");
    assert_snapshot!(shown(&output));
}

#[test]
fn a_reader_who_has_seen_enough_ends_the_run_quietly() {
    use std::io::Read;
    let mut child = relatch()
        .args(["generate", "--devices", "100000", "--out", "-"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 100]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), output.stderr.as_slice()), (0, &b""[..]));
}

#[test]
fn the_example_is_what_the_documented_command_makes() {
    let output = run("generate --devices 400 --seed 7 --out -");
    assert_eq!(code(&output), 0);
    assert!(output.stdout == std::fs::read(root().join(EXAMPLE)).unwrap(), "make it anew");
}

#[test]
fn the_counts_of_every_page_are_those_of_its_own_plan() {
    let plan = json(&run("plan EXAMPLE --format json"));
    let pages = plan["pages"].as_array().unwrap();
    assert!(pages.len() > 3, "{pages:?}");
    for policy in crate::revisions() {
        let date = policy.trim_start_matches("intune-");
        let of_date = pages.iter().rev().find(|page| page["from"].as_str().unwrap() <= date);
        let page = json(&run(&format!("plan EXAMPLE --policy {date} --format json")));
        assert_eq!(of_date.unwrap()["decisions"], page["decisions"], "{date}");
        assert_eq!(page["pages"], plan["pages"], "{date}");
    }
}

#[test]
fn cautions_count_devices_and_are_apart_from_what_works() {
    let rows = "device-id,platform,management,os-version,unlock-token,management-state\n\
        1,ios,device-enrollment,18.1,held,managed\n\
        2,ios,device-enrollment,18.1,missing,managed\n\
        3,ios,device-enrollment,17.1,stale,managed\n\
        4,ipados,shared-ipad,18.1,,managed\n\
        5,ios,,18.1,,wipe-pending\n\
        6,ios,,18.1,,\n";
    let folder = Folder::with("tidy.csv", rows);
    let arguments = "plan FILE --policy 2018-03-29 --by none";
    let plan = folder.json(&format!("{arguments} --format json --devices list.csv"));
    let count = |id: &str, key: &str| {
        let cautions =
            plan["cautions"].as_array().unwrap().iter().chain(plan["notes"].as_array().unwrap());
        cautions.filter(|one| one["id"] == id).map(|one| one[key].as_u64().unwrap()).sum::<u64>()
    };
    let counts = ["unlock-token", "shared-ipad", "outranked", "user-enrollment", "ios-18-floor"]
        .map(|id| (count(id, "devices"), count(id, "possible")));
    assert_eq!(counts, [(2, 2), (1, 0), (1, 1), (0, 2), (1, 0)]);
    assert_eq!((&plan["decisions"]["eligible"], &plan["contradicted"]), (&6.into(), &4.into()));
    let list = folder.read("list.csv");
    let cautions: Vec<_> =
        list.lines().skip(1).map(|line| line.split(',').nth(11).unwrap()).collect();
    assert_eq!(cautions, ["", "unlock-token", "unlock-token", "shared-ipad", "outranked", ""]);
    assert_snapshot!(folder.shown(arguments));
}

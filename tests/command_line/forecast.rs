//! `relatch simulate --fleet`.

use insta::assert_snapshot;
use serde_json::Value;

use crate::{Folder, code, json, refused, run, shown};

/// Fully known devices, one without a press, one that nothing simulates
/// under a policy that covers it, and one whose version is not understood.
const TIDY: &[u8] = b"device-id,platform,management,os-version,supervised,passcode-required,\
passcode-set,reset-token,unlock-token,management-state,encrypted,ownership
1,android,personal-work-profile,14,false,true,true,active,missing,managed,true,personal
2,android,personal-work-profile,14,false,true,true,,missing,managed,true,personal
3,ios,device-enrollment,17.4,true,true,true,absent,held,managed,true,corporate
4,ios,device-enrollment,17.4,true,true,true,absent,stale,managed,true,corporate
5,macos,device-enrollment,14.1,false,true,true,absent,missing,managed,true,corporate
6,windows-phone,mdm,8.1,,true,true,,,managed,true,corporate
7,android,personal-work-profile,fourteen,,,,,,,,
";

fn interval(value: &Value) -> [u64; 3] {
    ["low", "median", "high"].map(|point| value[point].as_u64().unwrap())
}

#[test]
fn the_example_fleet_for_people() {
    assert_snapshot!(shown(&run("simulate --fleet EXAMPLE")));
}

#[test]
fn every_row_is_accounted_for() {
    let folder = Folder::with("tidy.csv", [TIDY, b"8,android\n"].concat());
    // The page of 2017 covers Windows phones.
    let policy = "--policy intune-2017-03-06";
    let output = folder.run(&format!("simulate --fleet FILE {policy} --format json"));
    assert_eq!(code(&output), 1, "a row was rejected, and a cell not understood");
    let object = json(&output);
    let number = |value: &Value| value.as_u64().unwrap();
    let not_pressed = &object["not-pressed"];
    assert_eq!(number(&object["rows"]), 8);
    assert_eq!(object["problems"][0]["column"], "os-version");
    assert_eq!(object["problems"][0]["cells"], 1);
    assert_eq!(number(&object["rejected"]), 1);
    assert_eq!(number(&object["not-simulated"]["devices"]), 1);
    assert_eq!(object["not-simulated"]["reasons"]["nothing simulates this platform"], 1);
    assert!(number(&not_pressed["ineligible"]) + number(&not_pressed["undetermined"]) >= 1);
    let counted = number(&object["simulated"])
        + number(&not_pressed["ineligible"])
        + number(&not_pressed["undetermined"])
        + number(&object["not-simulated"]["devices"])
        + number(&object["rejected"]);
    assert_eq!(counted, 8);
}

#[test]
fn the_object_for_programs_keeps_its_shape() {
    let output = run("simulate --fleet EXAMPLE --repeats 1 --format json --seed 9");
    assert_eq!(code(&output), 0);
    let object = json(&output);
    let mut keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "assumed",
            "assumed-devices",
            "assumptions",
            "checkpoints",
            "days",
            "duplicates",
            "far-ahead",
            "findings",
            "groups",
            "hidden-rows",
            "ignored-filters",
            "inventories",
            "joined",
            "left-out",
            "more-pages",
            "named-again",
            "not-pressed",
            "not-simulated",
            "policy",
            "problems",
            "reading",
            "rejected",
            "repeats",
            "row-limits",
            "rows",
            "sampled",
            "schema",
            "seed",
            "selection",
            "simulated",
            "too-few",
            "truncated",
            "windows-1252",
            "without-assumed",
        ]
    );
    assert_eq!(object["schema"], 1);
    assert_eq!(object["seed"], 9);
    let checkpoints = object["checkpoints"].as_array().unwrap();
    let after: Vec<_> = checkpoints.iter().map(|one| one["after"].as_str().unwrap()).collect();
    assert_eq!(after, ["1 hour", "1 day", "7 days", "30 days"]);
    assert_eq!(checkpoints[0]["seconds"], 3600);
    for checkpoint in checkpoints {
        // One repeat: every interval is one number, and the numbers add up.
        let all: u64 = ["done", "failed", "not-supported", "canceled", "pending"]
            .iter()
            .map(|ending| interval(&checkpoint["states"][ending])[1])
            .sum();
        assert_eq!(all, object["simulated"].as_u64().unwrap());
        let reasons = checkpoint["reasons"].as_array().unwrap();
        assert_eq!(reasons.iter().map(|reason| interval(reason)[1]).sum::<u64>(), all);
        assert!(reasons.iter().all(|reason| reason["reason"].is_string()));
    }
    let groups = object["groups"].as_array().unwrap();
    let devices: u64 = groups.iter().map(|group| group["devices"].as_u64().unwrap()).sum();
    assert_eq!(devices, object["simulated"].as_u64().unwrap());
    assert!(groups.iter().any(|group| group["by"]["platform"] == "ios"));
}

#[test]
fn one_thread_and_two_forecast_the_same_bytes() {
    for format in ["text", "json", "csv"] {
        let forecast = |threads: u32, seed: u32| {
            let command = format!(
                "simulate --fleet EXAMPLE --format {format} --threads {threads} --seed {seed} \
                 --repeats 3"
            );
            run(&command).stdout
        };
        let one = forecast(1, 5);
        assert_eq!(forecast(2, 5), one, "{format}");
        assert_eq!(forecast(7, 5), one, "{format}");
        assert_ne!(forecast(1, 6), one, "{format}");
    }
}

#[test]
fn rows_for_spreadsheets() {
    let output = run("simulate --fleet EXAMPLE --format csv --by platform --days 1");
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let headers: Vec<_> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(headers, ["platform", "after", "ending", "why", "low", "median", "high"]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let text = |row: &csv::StringRecord, column: usize| row[column].to_owned();
    let platforms: std::collections::BTreeSet<_> = rows.iter().map(|row| text(row, 0)).collect();
    assert_eq!(platforms.into_iter().collect::<Vec<_>>(), ["(all)", "android", "ios", "ipados"]);
    assert!(rows.iter().any(|row| &row[1] == "1 hour" && &row[2] == "pending"));
    assert!(rows.iter().any(|row| &row[3] == "token-never-activated"));
    for row in &rows {
        let [low, median, high] = [4, 5, 6].map(|column| row[column].parse::<u64>().unwrap());
        assert!(low <= median && median <= high, "{row:?}");
    }
}

#[test]
fn assumptions_change_the_forecast_and_are_reported() {
    let folder = Folder::with("tidy.csv", TIDY);
    let fleet = "simulate --fleet FILE --format json --repeats 3";
    let pending = format!("{fleet} --assume reset-token=pending --assume reach=in-reach:9,off:1");
    let object = folder.json(&pending);
    assert_eq!(object["assumed"][0], "reset-token=pending");
    let last = &object["checkpoints"][3];
    let reasons = last["reasons"].as_array().unwrap();
    let never = reasons.iter().find(|reason| reason["reason"] == "token-never-activated").unwrap();
    assert_eq!(interval(never), [2, 2, 2]);
    let active = folder.json(&format!("{fleet} --assume reset-token=active"));
    let done = |object: &Value| interval(&object["checkpoints"][3]["states"]["done"])[1];
    assert_eq!(done(&active), done(&object) + 2);
}

#[test]
fn an_assumption_holds_where_its_fact_exists_and_is_not_known() {
    let forecast = "simulate --fleet EXAMPLE --format json --repeats 2";
    let plain = json(&run(forecast));
    let tokens = json(&run(&format!("{forecast} --assume reset-token=active:9,pending:1")));
    assert_eq!(tokens["simulated"], plain["simulated"], "no device is lost");
    assert_eq!(tokens["not-simulated"], plain["not-simulated"]);
    assert_eq!(tokens["without-assumed"], plain["checkpoints"][3]["states"]);
    assert_eq!(plain["without-assumed"], Value::Null);
    let held = tokens["assumed-devices"][0].as_u64().unwrap();
    assert!(held > 0 && held < tokens["simulated"].as_u64().unwrap());
    let apple = |forecast: &Value| {
        let groups = forecast["groups"].as_array().unwrap().iter();
        let of_apple = groups.filter(|group| group["by"]["platform"] == "ios");
        of_apple.map(|group| group["checkpoints"][3]["states"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(apple(&tokens), apple(&plain), "an iPhone has no reset token");
    let unlock =
        json(&run(&format!("{forecast} --assume unlock-token=held --assume reset-token=lost")));
    assert_eq!(unlock["simulated"], plain["simulated"]);
}

#[test]
fn a_known_fact_is_never_drawn() {
    let rows = b"platform,management,os-version,passcode-required,passcode-set,reset-token\n\
                 android,fully-managed,14,true,true,pending\n";
    let folder = Folder::with("known.csv", rows);
    let forecast = "simulate --fleet FILE --format json --repeats 2";
    let plain = folder.json(forecast);
    let assumed = folder.json(&format!("{forecast} --assume reset-token=active"));
    assert_eq!(assumed["checkpoints"], plain["checkpoints"]);
    assert_eq!(assumed["assumed-devices"], serde_json::json!([0]));
}

#[test]
fn the_printed_assumptions_are_a_file_that_can_be_used() {
    let folder = Folder::with("mine.toml", run("simulate --print-assumptions").stdout);
    let forecast = "simulate --fleet EXAMPLE --repeats 2";
    let with_file = folder.runs(&format!("{forecast} --assumptions FILE"));
    assert_eq!(with_file.stdout, folder.runs(forecast).stdout);
}

#[test]
fn a_file_of_assumptions_with_mistakes() {
    let text = b"title = \"mine\"\n[[draw]]\nwhat = \"habbit\"\nshares = { defers = 1 }\n";
    let command = "simulate --fleet EXAMPLE --assumptions FILE";
    assert_snapshot!(Folder::with("mine.toml", text).shown(command));
}

#[test]
fn arguments_that_make_no_forecast() {
    for (arguments, expected) in [
        ("--assume habbit=defers", "hint: did you mean `habit`?"),
        ("--assume reach=on", "hint: understood: `in-reach`, `out-of-reach`, `off`"),
        ("--assume reach", "hint: an assumption looks like `reset-token=active:3,pending:1`"),
        ("--assume reach=off:x", "are not whole numbers"),
        ("--repeats 0", "invalid value '0'"),
        ("--days 0", "invalid value '0'"),
        ("--trace out.txt", "cannot be used with"),
    ] {
        let error = refused(&format!("simulate --fleet EXAMPLE {arguments}"));
        assert!(error.contains(expected), "{arguments}: {error}");
    }
    let scenario = "scenarios/android/seed-notification.toml";
    refused(&format!("simulate {scenario} --format csv"));
    refused(&format!("simulate {scenario} --days 3"));
    refused("simulate --days 3");
}

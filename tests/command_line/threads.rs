//! The number of threads, and whether the input is a file, change nothing but the time.

use serde_json::Value;

use crate::{Folder, json, refused, run, run_with_input};

/// Returns an invented inventory of several parts, with damage in the middle.
fn inventory() -> (Folder, Vec<u8>) {
    let folder = Folder::empty();
    folder.runs("generate --devices 1500 --seed 4 --out devices.csv");
    let mut file = folder.bytes("devices.csv");
    let middle = file.len() / 2;
    let line = middle + file[middle..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    file.splice(line..line, *b"damaged,row\r\n\"an open quote,\r\nthat is closed\" late,x\r\n");
    folder.write("devices.csv", &file);
    (folder, file)
}

#[test]
fn reports_and_lists_are_the_same_on_one_thread_two_and_many() {
    let (folder, file) = inventory();
    assert!(file.len() > 1 << 20, "the file must have several parts");
    for (format, ending) in [("text", "csv"), ("json", "csv"), ("json", "ndjson")] {
        let mut expected = None;
        for threads in [1, 2, 7] {
            let plan = format!(
                "plan devices.csv --format {format} --threads {threads} --devices list.{ending} \
                 --by os-version"
            );
            let output = folder.run(&plan);
            assert_eq!(output.status.code(), Some(1), "rows were rejected");
            let found = (output.stdout, output.stderr, folder.bytes(&format!("list.{ending}")));
            assert!(!found.2.is_empty());
            assert_eq!(expected.get_or_insert_with(|| found.clone()), &found, "{threads} threads");
        }
    }
}

#[test]
fn standard_input_is_planned_as_the_same_file() {
    let (folder, file) = inventory();
    let parts = |plan: &Value| ["decisions", "rows", "rejected"].map(|key| plan[key].clone());
    let from_file = folder.json("plan devices.csv --format json");
    let from_input = json(&run_with_input("plan - --format json --threads 2", &file));
    assert_eq!(parts(&from_input), parts(&from_file));
    assert_eq!(from_input["inventories"], serde_json::json!(["standard input"]));
}

#[test]
fn no_thread_at_all_is_refused() {
    refused("plan EXAMPLE --threads 0");
}

#[test]
fn more_threads_than_anything_needs_are_as_many_as_are_of_use() {
    for threads in ["100000", "18446744073709551615"] {
        let plan = run(&format!("plan EXAMPLE --threads {threads}"));
        assert_eq!(plan.status.code(), Some(0), "{threads}");
        let fleet = "simulate --fleet EXAMPLE --repeats 1 --days 1 --threads";
        assert_eq!(run(&format!("{fleet} {threads}")).status.code(), Some(0), "{threads}");
    }
}

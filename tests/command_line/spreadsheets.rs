//! Lists that spreadsheets show right and that run nothing there.

use std::path::Path;

use crate::{code, relatch, scratch};

/// Names as an inventory has them, and as a list has them.
const NAMES: [(&str, &str); 7] = [
    ("=1+1", "'=1+1"),
    ("+1", "'+1"),
    ("-2+3", "'-2+3"),
    ("@SUM(1)", "'@SUM(1)"),
    ("'=y", "''=y"),
    ("'t Hooft", "'t Hooft"),
    ("Ivo’s iPhone", "Ivo’s iPhone"),
];

fn inventory() -> (tempfile::TempDir, std::path::PathBuf) {
    let rows = (1..).zip(NAMES).map(|(id, (name, _))| format!("={id},{name},iOS\n"));
    let text = format!("Device ID,Device name,OS\n{}", rows.collect::<String>());
    scratch("a.csv", text.as_bytes())
}

fn run_in(folder: &Path, arguments: &str) {
    let output = relatch().current_dir(folder).args(arguments.split_whitespace()).output();
    assert_eq!(code(&output.unwrap()), 0, "{arguments}");
}

#[test]
fn what_begins_like_a_formula_is_text_in_a_list_and_the_same_where_the_list_is_read() {
    let (folder, _) = inventory();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    run_in(folder.path(), "plan a.csv --devices list.csv");
    let names: Vec<_> = read("list.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            assert!(cells.next().unwrap().starts_with("'="), "an id, too");
            cells.next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(names, NAMES.map(|(_, listed)| listed));
    run_in(folder.path(), "plan list.csv --devices again.csv");
    let identity = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(',').take(2).collect()).collect()
    };
    assert_eq!(identity(&read("again.csv")), identity(&read("list.csv")));
    run_in(folder.path(), "plan a.csv --devices list.ndjson");
    run_in(folder.path(), "plan list.csv --devices again.ndjson");
    let identity = |text: &str| -> Vec<_> {
        let object = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
        let devices = text.lines().map(object);
        devices.map(|one| (one["device-id"].clone(), one["device-name"].clone())).collect()
    };
    let devices = identity(&read("list.ndjson"));
    assert_eq!(identity(&read("again.ndjson")), devices);
    let names: Vec<_> = devices.iter().map(|(_, name)| name.as_str().unwrap()).collect();
    assert_eq!(names, NAMES.map(|(name, _)| name));
}

#[test]
fn a_list_and_its_inventory_have_the_same_devices() {
    let (folder, _) = inventory();
    run_in(folder.path(), "plan a.csv --devices list.csv");
    run_in(folder.path(), "compare a.csv list.csv --format json --out compared.json");
    let compared = std::fs::read(folder.path().join("compared.json")).unwrap();
    let compared: serde_json::Value = serde_json::from_slice(&compared).unwrap();
    assert_eq!(compared["matched"], NAMES.len());
}

#[test]
fn lists_begin_with_a_byte_order_mark_if_that_is_asked_for() {
    let (folder, _) = inventory();
    for (bom, mark) in [("", ""), (" --bom", "\u{feff}")] {
        let compare = "compare a.csv --from 2018-03-29 --to latest --devices changes.csv";
        run_in(folder.path(), &format!("plan a.csv --devices list.csv --problems odd.csv{bom}"));
        run_in(folder.path(), &format!("{compare}{bom}"));
        for (name, begin) in [("list", "device-id"), ("changes", "device-id"), ("odd", "inventory")]
        {
            let path = folder.path().join(format!("{name}.csv"));
            let text = std::fs::read_to_string(path).unwrap();
            assert!(text.starts_with(&format!("{mark}{begin},")), "{name}{bom}: {text}");
        }
    }
}

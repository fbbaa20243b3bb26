//! `--columns`: columns of an inventory that a list of devices has, too.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::{EXAMPLE, code, relatch, root, run, scratch, shown};

const FLEET: &str = "Device ID,Device name,OS,Managed by,Primary user UPN,\"Desk, floor\",Last check-in\n\
    1,a,iOS,Intune,ada@example.org,7,2026-09-01\n\
    2,b,macOS,Intune,=cmd(),\"a, \"\"b\"\"\",2026-09-02\n\
    1,a,iOS,Intune,older@example.org,8,2026-08-01\n\
    3,\"c\nd\",iOS,Intune,,,2026-09-03\n";

/// Runs the program in a folder; words stand between bars.
fn run_in(folder: &Path, arguments: &str) -> Output {
    relatch().current_dir(folder).args(arguments.split(" | ")).output().unwrap()
}

/// Runs the program in a folder, and gives a file that it writes there.
fn written(folder: &Path, arguments: &str, name: &str) -> String {
    let output = run_in(folder, arguments);
    assert_eq!(code(&output), 0, "{}", shown(&output));
    let bytes = std::fs::read(folder.join(name)).unwrap();
    match name.ends_with(".parquet") {
        true => String::from_utf8(testkit::parquet::as_csv(&bytes)).unwrap(),
        false => String::from_utf8(bytes).unwrap(),
    }
}

/// Returns the first cells of each record, and its last check-in.
fn cells(csv: &str, count: usize) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    let check_in = records[0].iter().position(|name| name == "last-check-in").unwrap();
    let chosen = |record: &csv::StringRecord| {
        let places = (0..count).chain([check_in]);
        places.map(|place| record[place].to_owned()).collect()
    };
    records.iter().map(chosen).collect()
}

#[test]
fn a_list_has_the_columns_that_are_asked_for_behind_the_name_of_the_device() {
    let (folder, _) = scratch("a.csv", FLEET.as_bytes());
    let plan = "plan | a.csv | --columns | primary-user upn,\"Desk, floor\" | --devices";
    let csv = written(folder.path(), &format!("{plan} | list.csv"), "list.csv");
    let expected = [
        ["device-id", "device-name", "primary-user upn", "Desk, floor", "last-check-in"],
        ["1", "a", "ada@example.org", "7", "2026-09-01T00:00:00Z"],
        ["2", "b", "'=cmd()", "a, \"b\"", "2026-09-02T00:00:00Z"],
        ["3", "c\nd", "", "", "2026-09-03T00:00:00Z"],
    ];
    let decision = |row: &[String]| row[4].clone();
    let rows = cells(&csv, 5);
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(row[..4], expected[..4]);
        assert_eq!(row[5], expected[4]);
    }
    assert_eq!(rows.len(), expected.len());
    let parquet = written(folder.path(), &format!("{plan} | list.parquet"), "list.parquet");
    let unprotected = |row: Vec<String>| {
        let cells = row.into_iter().map(|cell| cell.replace("'=", "="));
        cells.map(|cell| cell.replace("T00:00:00Z", " 00:00:00")).collect()
    };
    let same: Vec<Vec<String>> = rows.iter().cloned().map(unprotected).collect();
    assert_eq!(cells(&parquet, 5), same);
    let ndjson = written(folder.path(), &format!("{plan} | list.ndjson"), "list.ndjson");
    let lines: Vec<Value> =
        ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let columns: Vec<_> = lines.iter().map(|line| line["columns"].clone()).collect();
    let columns_of = |upn: &str, desk: &str| json!({"primary-user upn": upn, "Desk, floor": desk});
    assert_eq!(
        columns,
        [columns_of("ada@example.org", "7"), columns_of("=cmd()", "a, \"b\""), columns_of("", "")]
    );
    let decisions: Vec<_> = lines.iter().map(|line| line["decision"].clone()).collect();
    assert_eq!(decisions, rows[1..].iter().map(|row| decision(row)).collect::<Vec<_>>());
}

#[test]
fn every_form_of_an_inventory_carries_the_same_texts_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (format, columns) in [
        ("portal", "serial number,model"),
        ("devices", "device-state,Model"),
        ("graph", "lastSyncDateTime,Model"),
        ("ndjson", "management agent,model"),
        ("parquet", "Serial Number,model"),
    ] {
        let generate = format!("generate | --devices | 1000 | --format | {format} | --out | fleet");
        assert_eq!(code(&run_in(folder, &generate)), 0);
        let others = ["list.ndjson", "list.parquet"].into_iter().filter(|_| format == "portal");
        for list in others.chain(["list.csv"]) {
            let plan = |threads: u32| {
                let plan = format!("plan | fleet | --columns | {columns} | --devices | {list}");
                written(folder, &format!("{plan} | --threads | {threads}"), list)
            };
            let first = plan(1);
            assert_eq!([plan(2), plan(7)], [first.clone(), first.clone()], "{format}, {list}");
            if list == "list.csv" {
                let rows = cells(&first, 4);
                let filled = rows.iter().filter(|row| !row[2].is_empty() && !row[3].is_empty());
                assert!(filled.count() > 700, "{format}: {:?}", &rows[..3]);
            }
        }
    }
}

#[test]
fn a_list_with_carried_columns_gives_the_same_decisions() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let example = root().join(EXAMPLE);
    let header = std::fs::read_to_string(&example).unwrap();
    let header = header.lines().next().unwrap().trim_start_matches('\u{feff}').to_owned();
    // All that has not the name of a column of a list.
    let own = [
        "Device ID",
        "Device name",
        "Last check-in",
        "OS version",
        "Ownership",
        "Supervised",
        "Encrypted",
    ];
    let names: Vec<_> = header.split(',').filter(|name| !own.contains(name)).collect();
    assert_eq!(names.len(), 46);
    let (example, names) = (example.display(), names.join(","));
    let counts = |file: &str| {
        let output = run_in(folder, &format!("plan | {file} | --format | json"));
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        (
            plan["decisions"].clone(),
            plan["groups"].clone(),
            plan["devices-without-check-in"].clone(),
        )
    };
    let expected = counts(&example.to_string());
    for list in ["list.csv", "list.parquet"] {
        let plan = format!("plan | {example} | --columns | {names} | --devices | {list}");
        written(folder, &plan, list);
        assert_eq!(counts(list), expected, "{list}");
        let again = format!("plan | {list} | --columns | {names} | --devices | again-{list}");
        let once = written(folder, &plan, list);
        assert_eq!(written(folder, &again, &format!("again-{list}")), once);
    }
}

#[test]
fn a_column_that_no_inventory_has_is_refused_and_one_that_some_lack_is_blank_there() {
    let (folder, _) = scratch("a.csv", b"Device ID,OS,User\n1,iOS,ada\n");
    let folder = folder.path();
    std::fs::write(folder.join("b.csv"), "Device ID,OS\n2,iOS\n").unwrap();
    std::fs::write(
        folder.join("c.json"),
        r#"[{"id":"3","operatingSystem":"iOS"},
        {"id":"4","operatingSystem":"iOS","user":"eve"},
        {"id":"5","operatingSystem":"iOS","user":["eve"]}]"#,
    )
    .unwrap();
    let plan = "plan | a.csv | b.csv | c.json | --devices | list.csv | --columns";
    let output = run_in(folder, &format!("{plan} | user"));
    assert_eq!(code(&output), 0, "{}", shown(&output));
    let warning = "warning: `b.csv` has no column `user`, which is blank for its devices\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), warning);
    let list = std::fs::read_to_string(folder.join("list.csv")).unwrap();
    let users: Vec<_> = cells(&list, 3).into_iter().map(|row| row[2].clone()).collect();
    assert_eq!(users, ["user", "ada", "", "", "eve", "a list or an object"]);
    std::fs::remove_file(folder.join("list.csv")).unwrap();
    for (arguments, error, hint) in [
        (
            "plan | a.csv | --devices | list.csv | --columns | usr",
            "no inventory has a column `usr`",
            "did you mean `User`?",
        ),
        (
            "plan | c.json | --devices | list.csv | --columns | usr",
            "no inventory has a column `usr`",
            "columns are id, operatingSystem",
        ),
        ("plan | a.csv | --columns | user", "`--columns` goes into a list of devices", "--devices"),
        (
            "plan | a.csv | --devices | list.csv | --columns | OS Version",
            "`OS Version` of `--columns` is `os-version` in the list",
            "leave it out",
        ),
        (
            "plan | a.csv | --format | html | --columns | Decision",
            "`Decision` of `--columns` is `decision` in the list",
            "leave it out",
        ),
        (
            "compare | a.csv | --to | 2018-03-29 | --devices | list.csv | --columns | Before",
            "`Before` of `--columns` is `before` in the list",
            "leave it out",
        ),
        (
            "compare | a.csv | --to | 2018-03-29 | --devices | list.csv | --columns | usr",
            "no inventory has a column `usr`",
            "did you mean `User`?",
        ),
        ("plan | a.csv | --devices | list.csv | --columns | user,USER", "named twice", ""),
        ("plan | a.csv | --devices | list.csv | --columns | user,", "a name is blank", ""),
    ] {
        let output = run_in(folder, arguments);
        let said = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(code(&output), 2, "{arguments}: {said}");
        assert!(said.contains(error) && said.contains(hint), "{arguments}: {said}");
        assert!(!folder.join("list.csv").exists(), "{arguments}");
    }
}

#[test]
fn lists_of_changes_carry_columns_of_the_inventory_that_has_the_device() {
    let (folder, _) = scratch("old.csv", b"Device ID,OS,User\n1,iOS,ada\n2,iOS,eve\n");
    let folder = folder.path();
    std::fs::write(folder.join("new.csv"), "Device ID,OS,Desk\n1,macOS,7\n").unwrap();
    let compare = "compare | old.csv | new.csv | --columns | User,Desk | --devices";
    let csv = written(folder, &format!("{compare} | list.csv"), "list.csv");
    let expected = [
        ["device-id", "device-name", "User", "Desk", "change"],
        ["1", "", "", "7", "lost-eligibility"],
        ["2", "", "eve", "", "vanished"],
    ];
    let rows = cells(&csv, 6);
    assert_eq!(
        rows.iter().map(|row| &row[..4]).collect::<Vec<_>>(),
        expected.map(|row| row[..4].to_vec())
    );
    let ndjson = written(folder, &format!("{compare} | list.ndjson"), "list.ndjson");
    let second: Value = serde_json::from_str(ndjson.lines().nth(1).unwrap()).unwrap();
    assert_eq!(
        (&second["columns"], &second["change"]),
        (&json!({"User": "eve", "Desk": ""}), &json!("vanished"))
    );
}

#[test]
fn without_columns_a_line_has_no_key_for_them() {
    let (folder, path) = scratch("a.csv", FLEET.as_bytes());
    let list = folder.path().join("list.ndjson");
    run(&format!("plan {} --devices {}", path.display(), list.display()));
    let line = std::fs::read_to_string(list).unwrap();
    assert!(!line.contains("\"columns\""), "{line}");
}

//! `--columns`: columns of an inventory that a list of devices has, too.

use serde_json::{Value, json};

use crate::{EXAMPLE, Folder, root};

const FLEET: &str = "Device ID,Device name,OS,Managed by,Primary user UPN,\"Desk, floor\",Last check-in\n\
    1,a,iOS,Intune,ada@example.org,7,2026-09-01\n\
    2,b,macOS,Intune,=cmd(),\"a, \"\"b\"\"\",2026-09-02\n\
    1,a,iOS,Intune,older@example.org,8,2026-08-01\n\
    3,\"c\nd\",iOS,Intune,,,2026-09-03\n";

/// Runs the program in a folder, and gives a file that it writes there.
fn written(folder: &Folder, arguments: &str, name: &str) -> String {
    folder.runs(arguments);
    match name.ends_with(".parquet") {
        true => String::from_utf8(testkit::parquet::as_csv(&folder.bytes(name))).unwrap(),
        false => folder.read(name),
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
    let folder = Folder::with("a.csv", FLEET);
    let plan = "plan | a.csv | --columns | primary-user upn,\"Desk, floor\" | --devices";
    let csv = written(&folder, &format!("{plan} | list.csv"), "list.csv");
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
    let parquet = written(&folder, &format!("{plan} | list.parquet"), "list.parquet");
    let unprotected = |row: Vec<String>| {
        let cells = row.into_iter().map(|cell| cell.replace("'=", "="));
        cells.map(|cell| cell.replace("T00:00:00Z", " 00:00:00")).collect()
    };
    let same: Vec<Vec<String>> = rows.iter().cloned().map(unprotected).collect();
    assert_eq!(cells(&parquet, 5), same);
    let ndjson = written(&folder, &format!("{plan} | list.ndjson"), "list.ndjson");
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
    let folder = &Folder::empty();
    for (format, columns) in [
        ("portal", "serial number,model"),
        ("devices", "device-state,Model"),
        ("graph", "lastSyncDateTime,Model"),
        ("ndjson", "management agent,model"),
        ("parquet", "Serial Number,model"),
    ] {
        let generate = format!("generate | --devices | 1000 | --format | {format} | --out | fleet");
        folder.runs(&generate);
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
    let folder = &Folder::empty();
    let header = std::fs::read_to_string(root().join(EXAMPLE)).unwrap();
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
    let names = names.join(",");
    let counts = |file: &str| {
        let plan = folder.json(&format!("plan {file} --format json"));
        (
            plan["decisions"].clone(),
            plan["groups"].clone(),
            plan["devices-without-check-in"].clone(),
        )
    };
    let expected = counts("EXAMPLE");
    for list in ["list.csv", "list.parquet"] {
        let plan = format!("plan | EXAMPLE | --columns | {names} | --devices | {list}");
        written(folder, &plan, list);
        assert_eq!(counts(list), expected, "{list}");
        let again = format!("plan | {list} | --columns | {names} | --devices | again-{list}");
        let once = written(folder, &plan, list);
        assert_eq!(written(folder, &again, &format!("again-{list}")), once);
    }
}

#[test]
fn a_column_that_no_inventory_has_is_refused_and_one_that_some_lack_is_blank_there() {
    let objects = r#"[{"id":"3","operatingSystem":"iOS"},
        {"id":"4","operatingSystem":"iOS","user":"eve"},
        {"id":"5","operatingSystem":"iOS","user":["eve"]}]"#;
    let folder = Folder::with("a.csv", "Device ID,OS,User\n1,iOS,ada\n")
        .and("b.csv", "Device ID,OS\n2,iOS\n")
        .and("c.json", objects);
    let output = folder.runs("plan a.csv b.csv c.json --devices list.csv --columns user");
    let warning = "warning: `b.csv` has no column `user`, which is blank for its devices\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), warning);
    let list = folder.read("list.csv");
    let users: Vec<_> = cells(&list, 3).into_iter().map(|row| row[2].clone()).collect();
    assert_eq!(users, ["user", "ada", "", "", "eve", "a list or an object"]);
    std::fs::remove_file(folder.path("list.csv")).unwrap();
    let changes = "compare | a.csv | --to | 2018-03-29 | --devices | list.csv | --columns";
    folder.refuses(&[
        (
            "plan a.csv --devices list.csv --columns usr",
            ["no inventory has a column `usr`", "did you mean `User`?"],
        ),
        (
            "plan c.json --devices list.csv --columns usr",
            ["no inventory has a column `usr`", "columns are id, operatingSystem"],
        ),
        ("plan a.csv --columns user", ["`--columns` goes into a list of devices", "--devices"]),
        (
            "plan | a.csv | --devices | list.csv | --columns | OS Version",
            ["`OS Version` of `--columns` is `os-version` in the list", "leave it out"],
        ),
        (
            "plan a.csv --format html --columns Decision",
            ["`Decision` of `--columns` is `decision` in the list", "leave it out"],
        ),
        (
            &format!("{changes} | Before"),
            ["`Before` of `--columns` is `before` in the list", "leave it out"],
        ),
        (&format!("{changes} | usr"), ["no inventory has a column `usr`", "did you mean `User`?"]),
        ("plan a.csv --devices list.csv --columns user,USER", ["named twice", ""]),
        ("plan a.csv --devices list.csv --columns user,", ["a name is blank", ""]),
    ]);
}

#[test]
fn lists_of_changes_carry_columns_of_the_inventory_that_has_the_device() {
    let folder = Folder::with("old.csv", "Device ID,OS,User\n1,iOS,ada\n2,iOS,eve\n")
        .and("new.csv", "Device ID,OS,Desk\n1,macOS,7\n");
    let compare = "compare old.csv new.csv --columns User,Desk --devices";
    let csv = written(&folder, &format!("{compare} list.csv"), "list.csv");
    let expected =
        [["device-id", "device-name", "User", "Desk"], ["1", "", "", "7"], ["2", "", "eve", ""]];
    let rows = cells(&csv, 6);
    assert_eq!(rows.iter().map(|row| &row[..4]).collect::<Vec<_>>(), expected);
    let ndjson = written(&folder, &format!("{compare} list.ndjson"), "list.ndjson");
    let second: Value = serde_json::from_str(ndjson.lines().nth(1).unwrap()).unwrap();
    assert_eq!(second["columns"], json!({"User": "eve", "Desk": ""}));
    assert_eq!(second["change"], "vanished");
}

#[test]
fn without_columns_a_line_has_no_key_for_them() {
    let folder = Folder::with("a.csv", FLEET);
    folder.run("plan FILE --devices list.ndjson");
    let line = folder.read("list.ndjson");
    assert!(!line.contains("\"columns\""), "{line}");
}

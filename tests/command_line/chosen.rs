//! `--only`: which of its own columns a list of devices has.

use crate::{EXAMPLE, Folder, root};

/// Writes a list of the example's devices, and returns its records as CSV has them.
fn list(folder: &Folder, options: &str, name: &str) -> Vec<Vec<String>> {
    folder.runs(&format!("plan EXAMPLE --devices {name}{options}"));
    records(folder, name)
}

fn records(folder: &Folder, list: &str) -> Vec<Vec<String>> {
    let bytes = folder.bytes(list);
    let bytes = match list.ends_with(".parquet") {
        true => testkit::parquet::as_csv(&bytes),
        false => bytes,
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&*bytes);
    let records = reader.records().map(Result::unwrap);
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// Returns the columns with these names, in the order of the records.
fn chosen(whole: &[Vec<String>], names: &[&str]) -> Vec<Vec<String>> {
    let places = (0..whole[0].len()).filter(|place| names.contains(&whole[0][*place].as_str()));
    let places: Vec<_> = places.collect();
    let chosen = |record: &Vec<String>| places.iter().map(|place| record[*place].clone()).collect();
    whole.iter().map(chosen).collect()
}

#[test]
fn each_column_alone_has_the_cells_that_it_has_in_the_whole_list() {
    let folder = Folder::empty();
    let whole = list(&folder, "", "whole.csv");
    assert!(whole.len() > 390 && whole[0].len() > 25);
    for name in &whole[0] {
        let expected = chosen(&whole, &["device-id", "device-name", name]);
        let only = list(&folder, &format!(" --only {name}"), "only.csv");
        assert_eq!(only, expected, "{name}");
    }
}

#[test]
fn an_inventory_in_parquet_gives_a_list_of_any_columns() {
    let folder = Folder::empty();
    let whole = list(&folder, "", "whole.csv");
    folder.runs("plan EXAMPLE --devices fleet.parquet");
    for name in ["decision", "os-version", "because"] {
        folder.runs(&format!("plan fleet.parquet --devices only.csv --only {name}"));
        let expected = chosen(&whole, &["device-id", "device-name", name]);
        assert_eq!(records(&folder, "only.csv"), expected, "{name}");
    }
}

#[test]
fn chosen_columns_keep_their_order_and_what_is_carried_along_in_every_format() {
    let folder = Folder::empty();
    let whole = " --columns Model --duplicates all";
    let only = format!("{whole} --only last-check-in,because,platform,decision");
    let names =
        ["device-id", "device-name", "Model", "decision", "because", "platform", "last-check-in"];
    for format in ["csv", "parquet"] {
        let expected = chosen(&list(&folder, whole, &format!("whole.{format}")), &names);
        assert_eq!(expected[0], names);
        for threads in [1, 2, 7] {
            let only = format!("{only} --threads {threads}");
            // A table that is read back as CSV has one column more.
            let only = list(&folder, &only, &format!("only.{format}"));
            assert_eq!(chosen(&only, &names), expected);
            assert!(only[0].len() <= names.len() + 1, "{:?}", only[0]);
        }
    }
    folder.runs(&format!("plan EXAMPLE{only} --devices only.xlsx"));
    folder.runs("plan only.xlsx --devices again.csv --only platform --duplicates all");
    let platforms = ["device-id", "platform"];
    let from_whole = chosen(&list(&folder, " --duplicates all", "all.csv"), &platforms);
    assert_eq!(chosen(&records(&folder, "again.csv"), &platforms), from_whole);
}

#[test]
fn a_list_with_few_columns_is_still_no_inventory_beside_others() {
    let folder = Folder::with("fleet.csv", std::fs::read(root().join(EXAMPLE)).unwrap());
    list(&folder, " --only decision,platform", "list.csv");
    folder.runs("plan .");
    assert!(folder.shown("plan .").contains("list.csv"));
    folder.refused("plan fleet.csv list.csv");
}

#[test]
fn a_column_that_the_list_does_not_have_is_refused_and_so_is_a_list_without_columns() {
    Folder::empty().refuses(&[
        (
            "plan EXAMPLE --devices list.csv --only decison",
            ["`decison` of `--only` is no column of the list", "did you mean `decision`?"],
        ),
        (
            "plan EXAMPLE --devices list.csv --only Model",
            [
                "`Model` of `--only` is no column of the list",
                "`--columns` adds those of the inventory",
            ],
        ),
        (
            "plan EXAMPLE --devices list.ndjson --only decision",
            [
                "`--devices list.ndjson` has no columns, as `--only` names",
                "end the name in .csv, .parquet or .xlsx",
            ],
        ),
        (
            "plan EXAMPLE --only decision",
            ["required arguments were not provided", "--devices <OUT>"],
        ),
    ]);
}

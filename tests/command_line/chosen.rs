//! `--only`: which of its own columns a list of devices has.

use std::path::Path;
use std::process::Output;

use crate::{EXAMPLE, code, relatch, root, shown};

/// Runs the program in a folder.
fn run_in(folder: &Path, arguments: &str) -> Output {
    relatch().current_dir(folder).args(arguments.split(' ')).output().unwrap()
}

/// Writes a list of the example's devices, and returns its records as CSV has them.
fn list(folder: &Path, options: &str, name: &str) -> Vec<Vec<String>> {
    let example = root().join(EXAMPLE);
    let plan = format!("plan {} --devices {name}{options}", example.display());
    let output = run_in(folder, &plan);
    assert_eq!(code(&output), 0, "{}", shown(&output));
    records(&folder.join(name))
}

fn records(list: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(list).unwrap();
    let bytes = match list.extension().unwrap() == "parquet" {
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
    let folder = tempfile::tempdir().unwrap();
    let whole = list(folder.path(), "", "whole.csv");
    assert!(whole.len() > 390 && whole[0].len() > 25);
    for name in &whole[0] {
        let expected = chosen(&whole, &["device-id", "device-name", name]);
        let only = list(folder.path(), &format!(" --only {name}"), "only.csv");
        assert_eq!(only, expected, "{name}");
    }
}

#[test]
fn chosen_columns_keep_their_order_and_what_is_carried_along_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let whole = " --columns Model --duplicates all";
    let only = format!("{whole} --only last-check-in,because,platform,decision");
    let names =
        ["device-id", "device-name", "Model", "decision", "because", "platform", "last-check-in"];
    for format in ["csv", "parquet"] {
        let expected = chosen(&list(folder.path(), whole, &format!("whole.{format}")), &names);
        assert_eq!(expected[0], names);
        for threads in [1, 2, 7] {
            let only = format!("{only} --threads {threads}");
            // A table that is read back as CSV has one column more.
            let only = list(folder.path(), &only, &format!("only.{format}"));
            assert_eq!(chosen(&only, &names), expected);
            assert!(only[0].len() <= names.len() + 1, "{:?}", only[0]);
        }
    }
    let workbook = format!("{only} --devices only.xlsx");
    let example = root().join(EXAMPLE);
    let output = run_in(folder.path(), &format!("plan {}{workbook}", example.display()));
    assert_eq!(code(&output), 0, "{}", shown(&output));
    let again = run_in(
        folder.path(),
        "plan only.xlsx --devices again.csv --only platform --duplicates all",
    );
    assert_eq!(code(&again), 0, "{}", shown(&again));
    let platforms = ["device-id", "platform"];
    let from_whole = chosen(&list(folder.path(), " --duplicates all", "all.csv"), &platforms);
    assert_eq!(chosen(&records(&folder.path().join("again.csv")), &platforms), from_whole);
}

#[test]
fn a_list_with_few_columns_is_still_no_inventory_beside_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join(EXAMPLE), folder.path().join("fleet.csv")).unwrap();
    list(folder.path(), " --only decision,platform", "list.csv");
    let output = run_in(folder.path(), "plan .");
    assert_eq!(code(&output), 0, "{}", shown(&output));
    assert!(shown(&output).contains("list.csv"), "{}", shown(&output));
    let beside = run_in(folder.path(), "plan fleet.csv list.csv");
    assert_eq!(code(&beside), 2, "{}", shown(&beside));
}

#[test]
fn a_column_that_the_list_does_not_have_is_refused_and_so_is_a_list_without_columns() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(root().join(EXAMPLE), folder.path().join("fleet.csv")).unwrap();
    for (options, message, hint) in [
        (
            "--devices list.csv --only decison",
            "`decison` of `--only` is no column of the list",
            "did you mean `decision`?",
        ),
        (
            "--devices list.csv --only Model",
            "`Model` of `--only` is no column of the list",
            "`--columns` adds those of the inventory",
        ),
        (
            "--devices list.ndjson --only decision",
            "`--devices list.ndjson` has no columns, as `--only` names",
            "end the name in .csv, .parquet or .xlsx",
        ),
        ("--only decision", "required arguments were not provided", "--devices <OUT>"),
    ] {
        let output = run_in(folder.path(), &format!("plan fleet.csv {options}"));
        let printed = shown(&output);
        assert_eq!(code(&output), 2, "{printed}");
        assert!(printed.contains(message) && printed.contains(hint), "{printed}");
        assert!(!folder.path().join("list.csv").exists());
    }
}

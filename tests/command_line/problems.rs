//! Cells that are not understood: counted, shown, and listed by `--problems`.

use std::collections::BTreeMap;
use std::path::Path;

use insta::assert_snapshot;

use crate::{code, json, run, scratch, shown_with_file};

const ODD: &[u8] = b"Device ID,Device name,Last check-in,OS,OS version,Ownership\n\
    1,a,9/1/2026 7:49:00 AM,iOS/iPadOS,17.5,Corporate-owned\n\
    2,b,9/2/2026 7:49:00 AM,iOS/iPadOS,17.5,Corporat\n\
    3,B\xfcro,2026-09-01 07:49,Palm OS,17.5,Institutional\n\
    4,d,,iOS/iPadOS\n\
    5,e,,iOS/iPadOS,17.5,Institutional\n";

#[test]
fn cells_that_are_not_understood_cost_no_device() {
    let (_folder, path) = scratch("odd.csv", ODD);
    assert_snapshot!(shown_with_file("plan FILE --now 2026-11-01 --by none", &path));
}

#[test]
fn the_list_of_problems_has_every_cell_and_every_rejected_row() {
    let (folder, path) = scratch("odd.csv", ODD);
    let list = folder.path().join("problems.csv");
    let output = run(&format!("plan {} --problems {}", path.display(), list.display()));
    assert_eq!(code(&output), 1);
    let text = std::fs::read_to_string(list).unwrap();
    assert_snapshot!(text.replace(path.to_str().unwrap(), "FILE"));
}

/// Returns an inventory of several parts with odd cells and rejected rows.
fn inventory(folder: &Path) -> std::path::PathBuf {
    let mut file = "Device ID,Device name,OS,OS version,Ownership\n".to_owned();
    for row in 0..20_000 {
        let os = ["Windows", "Lynix", "iOS/iPadOS"][row % 3];
        let ownership = if row % 7 == 0 { format!("owner {row}") } else { "Personal".to_owned() };
        file += &format!("{row},name {row},{os},10.{row},{ownership}\n");
        if row % 1000 == 0 {
            file += "a,short,row\n";
        }
    }
    let path = folder.join("devices.csv");
    std::fs::write(&path, file).unwrap();
    path
}

#[test]
fn the_list_adds_up_to_the_report_with_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = inventory(folder.path());
    let list = folder.path().join("problems.csv");
    let mut expected = None;
    for command in ["plan", "compare --to intune-2026-04-21"] {
        for threads in [1, 2, 7] {
            let arguments = format!(
                "{command} {} --threads {threads} --problems {} --format json",
                path.display(),
                list.display()
            );
            let report = json(&run(&arguments));
            let lines = std::fs::read(&list).unwrap();
            let listed = counted(&lines);
            for column in report["problems"].as_array().unwrap() {
                let name = column["column"].as_str().unwrap();
                assert_eq!(column["cells"], listed[&(name.to_owned(), "false".to_owned())]);
            }
            assert_eq!(listed.len(), report["problems"].as_array().unwrap().len() + 1);
            assert_eq!(report["rejected"], listed[&(String::new(), "true".to_owned())]);
            let found = (report["problems"].clone(), lines);
            assert!(*expected.get_or_insert_with(|| found.clone()) == found, "{threads} threads");
        }
    }
}

/// Returns the lines of a list, by the column and whether the row is rejected.
fn counted(list: &[u8]) -> BTreeMap<(String, String), u64> {
    let mut counted = BTreeMap::new();
    for line in csv::Reader::from_reader(list).records() {
        let line = line.unwrap();
        *counted.entry((line[3].to_owned(), line[7].to_owned())).or_default() += 1;
    }
    counted
}

#[test]
fn the_list_of_problems_never_replaces_an_inventory() {
    let (_folder, path) = scratch("odd.csv", ODD);
    let output = run(&format!("plan {0} --problems {0}", path.display()));
    assert_eq!(code(&output), 2);
    assert_eq!(std::fs::read(&path).unwrap(), ODD);
}

#[test]
fn devices_that_a_file_lacks_are_told_below_the_headline() {
    let device =
        r#"{"id": "1", "operatingSystem": "iOS", "osVersion": "17.5", "managementAgent": "mdm"}"#;
    let page =
        format!(r#"{{"@odata.nextLink": "https://graph.microsoft.com/", "value": [{device}]}}"#);
    let (_folder, path) = scratch("page.json", page.as_bytes());
    let output = run(&format!("plan {}", path.display()));
    let shown = String::from_utf8(output.stdout).unwrap();
    let (beginning, _) = shown.split_once("decision").expect("there is a table");
    assert!(beginning.contains("names a next one, so devices are missing"), "{shown}");
    assert_eq!(shown.matches("devices are missing").count(), 1, "{shown}");
}

//! Cells that are not understood: counted, shown, and listed by `--problems`.

use std::collections::BTreeMap;

use insta::assert_snapshot;

use crate::{Folder, code};

const ODD: &[u8] = b"Device ID,Device name,Last check-in,OS,OS version,Ownership\n\
    1,a,9/1/2026 7:49:00 AM,iOS/iPadOS,17.5,Corporate-owned\n\
    2,b,9/2/2026 7:49:00 AM,iOS/iPadOS,17.5,Corporat\n\
    3,B\xfcro,2026-09-01 07:49,Palm OS,17.5,Institutional\n\
    4,d,,iOS/iPadOS\n\
    5,e,,iOS/iPadOS,17.5,Institutional\n";

#[test]
fn cells_that_are_not_understood_cost_no_device() {
    assert_snapshot!(Folder::with("odd.csv", ODD).shown("plan FILE --now 2026-11-01 --by none"));
}

#[test]
fn the_list_of_problems_has_every_cell_and_every_rejected_row() {
    let folder = Folder::with("odd.csv", ODD);
    let output = folder.run("plan FILE --problems problems.csv");
    assert_eq!(code(&output), 1);
    assert_snapshot!(folder.read("problems.csv").replace("odd.csv", "FILE"));
}

/// Returns an inventory of several parts with odd cells and rejected rows.
fn inventory() -> Folder {
    let mut file = "Device ID,Device name,OS,OS version,Ownership\n".to_owned();
    for row in 0..20_000 {
        let os = ["Windows", "Lynix", "iOS/iPadOS"][row % 3];
        let ownership = if row % 7 == 0 { format!("owner {row}") } else { "Personal".to_owned() };
        file += &format!("{row},name {row},{os},10.{row},{ownership}\n");
        if row % 1000 == 0 {
            file += "a,short,row\n";
        }
    }
    Folder::with("devices.csv", file)
}

#[test]
fn the_list_adds_up_to_the_report_with_any_number_of_threads() {
    let folder = inventory();
    let mut expected = None;
    for command in ["plan", "compare --to intune-2026-04-21"] {
        for threads in [1, 2, 7] {
            let options = format!("--threads {threads} --problems problems.csv --format json");
            let report = folder.json(&format!("{command} devices.csv {options}"));
            let lines = folder.bytes("problems.csv");
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
    let folder = Folder::with("odd.csv", ODD);
    folder.refused("plan FILE --problems FILE");
    assert_eq!(folder.bytes("odd.csv"), ODD);
}

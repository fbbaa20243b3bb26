//! Files that are no inventory, or a damaged one.

use insta::assert_snapshot;

use crate::{EXAMPLE, Folder, code, json, root};

#[test]
fn a_file_that_is_no_inventory_has_a_message() {
    let files: [(&str, &[u8]); 5] = [
        ("an empty file", b""),
        ("a binary file", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00"),
        ("the wrong delimiter", b"Device ID|OS|OS version\n1|Windows|10.0.19045\n"),
        ("no header", b"0173e28d-72a7-4cae-8d26-d3a00f0231c0,phone,iOS/iPadOS,17.1,Intune\n"),
        ("a table of something else", b"Name,Price,Colour\nApple,1,red\n"),
    ];
    let all: String = files
        .iter()
        .map(|(name, text)| {
            let folder = Folder::with("a.csv", text);
            format!("# {name}\n{}\n", folder.shown("plan FILE"))
        })
        .collect();
    assert_snapshot!(all);
}

#[test]
fn rows_that_are_wrong_are_rejected_and_the_others_decided() {
    let text = b"Device ID,OS,OS version,Managed by\n\
        1,iOS/iPadOS,17.1,Intune\n\
        2,iOS/iPadOS,seventeen,Intune\n\
        3,Amiga,1,Intune\n\
        4,iOS/iPadOS\n\
        5,iOS/iPadOS,17.1,Intune,extra\n\
        6,\xff\xfe,17.1,Intune\n\
        7,Windows,10.0.19045,Intune\n";
    assert_snapshot!(Folder::with("a.csv", text).shown("plan FILE --by none"));
}

#[test]
fn a_file_cut_off_in_the_middle_of_a_row_says_so() {
    let whole = std::fs::read(root().join(EXAMPLE)).unwrap();
    let output = Folder::with("a.csv", &whole[..whole.len() / 2]).run("plan FILE --format json");
    assert_eq!(code(&output), 1);
    let plan = json(&output);
    assert_eq!(plan["truncated"], serde_json::json!(["a.csv"]));
    let decided: u64 =
        plan["decisions"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(plan["rows"].as_u64().unwrap(), decided + plan["rejected"].as_u64().unwrap());
}

const SMALL: &str = "Device ID,Device name,OS,OS version\n1,a,iOS/iPadOS,17.5\n";

#[test]
fn what_is_no_inventory_in_a_folder_is_named_and_left_out() {
    let folder = Folder::with("a.csv", SMALL)
        .and("desktop.ini", "[.ShellClassInfo]\r\n")
        .and("empty.csv", "Device ID,OS\n")
        .and("hosts.csv", "id,platform,osquery_version,team_id\n")
        .and("palms.csv", "Device ID,OS\n1,Palm OS\n")
        .and("readme.txt", "from Monday\n");
    assert_snapshot!(folder.shown("plan FOLDER --by none"));
    let pattern = folder.json("plan *.csv --format json");
    assert_eq!(pattern["inventories"], serde_json::json!(["a.csv"]));
    assert_eq!(pattern["left-out"].as_array().unwrap().len(), 3);
    assert_eq!((&pattern["rows"], &pattern["rejected"]), (&1.into(), &0.into()));
}

#[test]
fn a_folder_without_an_inventory_is_an_error() {
    assert_snapshot!(Folder::with("readme.txt", "from Monday\n").shown("plan FOLDER"));
    let error = Folder::empty().refused("plan .");
    assert!(error.contains("there is no file in the folder"), "{error}");
}

#[test]
fn a_file_without_devices_is_an_error() {
    for text in ["Device ID,OS\n", "{\"value\":[]}"] {
        let error = Folder::with("empty.csv", text).refused("plan empty.csv");
        let message = "error: cannot use `empty.csv`: found an inventory without a device, \
            expected a device inventory\n";
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn the_last_page_of_an_answer_may_be_empty() {
    let first =
        "{\"value\":[{\"id\":\"1\",\"operatingSystem\":\"iOS\"}],\"@odata.nextLink\":\"x\"}";
    let folder = Folder::with("1.json", first).and("2.json", "{\"value\":[]}");
    assert_eq!(json(&folder.runs("plan 1.json 2.json --format json"))["rows"], 1);
}

#[test]
fn a_file_of_which_no_row_is_understood_gets_one_message() {
    let text = "Device ID,OS\n1,Palm OS\n2,BeOS\n";
    assert_snapshot!(Folder::with("a.csv", text).shown("plan FILE"));
}

#[test]
fn a_file_of_another_kind_than_the_command_takes_gets_one_message() {
    let policy = "policies/intune/2018-03-29.toml";
    let scenario = "scenarios/android/seed-device-admin.toml";
    let folder = Folder::with("fleet.csv", SMALL)
        .and("notes.txt", "Dear colleagues, see below\n".repeat(20))
        .and(policy, std::fs::read(root().join(policy)).unwrap())
        .and(scenario, std::fs::read(root().join(scenario)).unwrap());
    let mut all = String::new();
    for (command, file) in [
        ("simulate", "fleet.csv"),
        ("simulate", policy),
        ("simulate", "notes.txt"),
        ("decide", "fleet.csv"),
        ("decide", "ios"),
        ("policy check", "fleet.csv"),
        ("policy show", scenario),
        ("plan", policy),
        ("plan", scenario),
    ] {
        let command = format!("{command} {file}");
        all += &format!("$ relatch {command}\n{}", folder.shown(&command));
    }
    assert_snapshot!(all);
}

//! Files that are no inventory, or a damaged one.

use insta::assert_snapshot;

use crate::{EXAMPLE, code, json, root, run, scratch, shown, shown_with_file, without};

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
            let (_folder, path) = scratch("a.csv", text);
            format!("# {name}\n{}\n", shown_with_file("plan FILE", &path))
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
    let (_folder, path) = scratch("a.csv", text);
    assert_snapshot!(shown_with_file("plan FILE --by none", &path));
}

#[test]
fn a_file_cut_off_in_the_middle_of_a_row_says_so() {
    let whole = std::fs::read(root().join(EXAMPLE)).unwrap();
    let (_folder, path) = scratch("a.csv", &whole[..whole.len() / 2]);
    let output = run(&format!("plan {} --format json", path.display()));
    assert_eq!(code(&output), 1);
    let plan = json(&output);
    assert_eq!(plan["truncated"], serde_json::json!([path.to_str().unwrap()]));
    let decided: u64 =
        plan["decisions"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(plan["rows"].as_u64().unwrap(), decided + plan["rejected"].as_u64().unwrap());
}

const SMALL: &str = "Device ID,Device name,OS,OS version\n1,a,iOS/iPadOS,17.5\n";

#[test]
fn what_is_no_inventory_in_a_folder_is_named_and_left_out() {
    let (folder, path) = scratch("a.csv", SMALL.as_bytes());
    std::fs::write(folder.path().join("desktop.ini"), "[.ShellClassInfo]\r\n").unwrap();
    std::fs::write(folder.path().join("empty.csv"), "Device ID,OS\n").unwrap();
    std::fs::write(folder.path().join("hosts.csv"), "id,platform,osquery_version,team_id\n")
        .unwrap();
    std::fs::write(folder.path().join("palms.csv"), "Device ID,OS\n1,Palm OS\n").unwrap();
    std::fs::write(folder.path().join("readme.txt"), "from Monday\n").unwrap();
    let (guard, folder) = (&folder, folder.path().to_str().unwrap());
    let output = run(&format!("plan {folder} --by none"));
    assert_snapshot!(without(guard.path(), &shown(&output)));
    let pattern = json(&run(&format!("plan {folder}/*.csv --format json")));
    assert_eq!(pattern["inventories"], serde_json::json!([path.to_str().unwrap()]));
    assert_eq!(pattern["left-out"].as_array().unwrap().len(), 3);
    assert_eq!((&pattern["rows"], &pattern["rejected"]), (&1.into(), &0.into()));
}

#[test]
fn a_folder_without_an_inventory_is_an_error() {
    let (folder, _) = scratch("readme.txt", b"from Monday\n");
    let output = run(&format!("plan {}", folder.path().display()));
    assert_snapshot!(without(folder.path(), &shown(&output)));
}

#[test]
fn a_file_without_devices_is_an_error() {
    for text in ["Device ID,OS\n", "{\"value\":[]}"] {
        let (_folder, path) = scratch("empty.csv", text.as_bytes());
        let output = shown_with_file("plan FILE", &path);
        let message = "exit code 2\n--- standard error\nerror: cannot use `FILE`: found an inventory \
            without a device, expected a device inventory\n";
        assert!(output.starts_with(message), "{output}");
    }
}

#[test]
fn the_last_page_of_an_answer_may_be_empty() {
    let first =
        "{\"value\":[{\"id\":\"1\",\"operatingSystem\":\"iOS\"}],\"@odata.nextLink\":\"x\"}";
    let (folder, first) = scratch("1.json", first.as_bytes());
    let last = folder.path().join("2.json");
    std::fs::write(&last, "{\"value\":[]}").unwrap();
    let plan = run(&format!("plan {} {} --format json", first.display(), last.display()));
    assert_eq!((code(&plan), &json(&plan)["rows"]), (0, &1.into()));
}

#[test]
fn a_file_of_which_no_row_is_understood_gets_one_message() {
    let text = b"Device ID,OS\n1,Palm OS\n2,BeOS\n";
    let (_folder, path) = scratch("a.csv", text);
    assert_snapshot!(shown_with_file("plan FILE", &path));
}

#[test]
fn a_file_of_another_kind_than_the_command_takes_gets_one_message() {
    let (_folder, fleet) = scratch("fleet.csv", SMALL.as_bytes());
    let (_folder, notes) =
        scratch("notes.txt", "Dear colleagues, see below\n".repeat(20).as_bytes());
    let policy = "policies/intune/2018-03-29.toml";
    let scenario = "scenarios/android/seed-device-admin.toml";
    let mut all = String::new();
    for (command, file) in [
        ("simulate", fleet.to_str().unwrap()),
        ("simulate", policy),
        ("simulate", notes.to_str().unwrap()),
        ("decide", fleet.to_str().unwrap()),
        ("decide", "ios"),
        ("policy check", fleet.to_str().unwrap()),
        ("policy show", scenario),
        ("plan", policy),
        ("plan", scenario),
    ] {
        let output = shown(&run(&format!("{command} {file}")));
        all += &format!("$ relatch {command} {file}\n{output}");
    }
    let all = all.replace(fleet.to_str().unwrap(), "fleet.csv");
    assert_snapshot!(all.replace(notes.to_str().unwrap(), "notes.txt"));
}

//! Files that are no inventory, or a damaged one.

use insta::assert_snapshot;

use crate::{EXAMPLE, code, json, root, run, scratch, shown_with_file};

#[test]
fn an_empty_file() {
    let (_folder, path) = scratch("empty.csv", b"");
    assert_snapshot!(shown_with_file("plan FILE", &path));
}

#[test]
fn a_binary_file() {
    let (_folder, path) = scratch("a.csv", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00");
    assert_snapshot!(shown_with_file("plan FILE", &path));
}

#[test]
fn the_wrong_delimiter() {
    let (_folder, path) = scratch("a.csv", b"Device ID;OS;OS version\n1;Windows;10.0.19045\n");
    assert_snapshot!(shown_with_file("plan FILE", &path));
}

#[test]
fn no_header() {
    let text = b"0173e28d-72a7-4cae-8d26-d3a00f0231c0,phone,iOS/iPadOS,17.1,Intune\n";
    let (_folder, path) = scratch("a.csv", text);
    assert_snapshot!(shown_with_file("plan FILE", &path));
}

#[test]
fn a_table_of_something_else() {
    let (_folder, path) = scratch("a.csv", b"Name,Price,Colour\nApple,1,red\n");
    assert_snapshot!(shown_with_file("plan FILE", &path));
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

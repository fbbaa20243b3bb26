//! Tests of the objects that a file gives, one by one.

use super::*;
use crate::reader::tests::said;
use crate::reader::{Entry, Reader};

/// Returns the device ids and rejections of a file, each with its line, and the statements about
/// the file as a whole.
fn read(file: &str) -> Vec<String> {
    let mut reader = match Reader::open(file.as_bytes()) {
        Ok(reader) => reader,
        Err(error) => return vec![error.to_string()],
    };
    let mut entries = Vec::new();
    loop {
        entries.push(match reader.next_entry() {
            Ok(Some(Entry::Row(row))) => row.device_id.clone(),
            Ok(Some(Entry::Rejected(rejection))) => rejection.to_string(),
            Err(error) => error.to_string(),
            Ok(None) => break,
        });
        if entries.last().is_some_and(|last| last.starts_with("cannot read")) {
            break;
        }
    }
    let pages = reader.pages();
    let said = [
        reader.truncated().then(|| "truncated".to_owned()),
        pages.more.then(|| "more".to_owned()),
        pages.counted.map(|counted| format!("{} of {counted}", pages.devices)),
        pages.ignored_filter.map(str::to_owned),
    ];
    entries.extend(said.into_iter().flatten());
    entries
}

fn device(id: u32) -> String {
    format!("{{\"id\":\"{id}\",\"operatingSystem\":\"iOS\",\"osVersion\":\"17\"}}")
}

/// Replaces isolated `1` to `9` by devices with these ids.
fn with_devices(file: &str) -> String {
    let is_id = |word: &str| word.len() == 1 && word.parse::<u32>().is_ok_and(|id| id > 0);
    let words = file
        .split(' ')
        .map(|word| if is_id(word) { device(word.parse().unwrap()) } else { word.to_owned() });
    words.collect::<Vec<_>>().join(" ")
}

fn each(files: &[(&str, &[&str])]) {
    for (file, expected) in files {
        assert_eq!(read(&with_devices(file)), *expected, "{file}");
    }
}

#[test]
fn devices_are_found_in_whatever_they_are_wrapped() {
    each(&[
        (" 1 \n 2 \n", &["1", "2"]),
        ("[ 1 , 2 ]", &["1", "2"]),
        (
            r#"{"@odata.count":3,"value":[ 1 ]} {"@odata.count":2,"value":[ 2 ]}"#,
            &["1", "2", "2 of 3"],
        ),
        ("[[ 1 ],[ 2 ]]", &["1", "2"]),
        (r#"{"value":[ 1 , 2 ]}"#, &["1", "2"]),
        (
            r#"{"@odata.count":3,"value":[ 1 , 2 ],"@odata.nextLink":"x"}"#,
            &["1", "2", "more", "2 of 3"],
        ),
        (
            r#"{"value":[ 1 ],"@odata.nextLink":"x"} {"@odata.count":2,"value":[ 2 ]}"#,
            &["1", "2", "2 of 2"],
        ),
        (r#"[{"value":[ 1 ],"@odata.nextLink":"x"},{"value":[ 2 ]}]"#, &["1", "2"]),
        (r#"{"value":[],"@odata.nextLink":""} {"value":[ 2 ]}"#, &["2"]),
        (r#"{"x":{"value":[ 3 ]},"value":[ 1 ],"y":{"value":[ 2 ]}}"#, &["1"]),
        (r#"{"value":[ 1 ],"more":"value","x":[ 2 ]}"#, &["1"]),
        (r#"{"body":{"value":[ 1 ]},"x":{"value":[ 2 ]}}"#, &["1"]),
        (r#"{"body":[ 1 , 2 ],"x":[ 3 ]}"#, &["1", "2"]),
        (r#"{"x":1,"outputs":{"y":[],"body":{"value":[ 1 ]}},"z":{}} 2 "#, &["1", "2"]),
        (
            r#"{"responses":[{"body":{"value":[ 1 ],"@odata.nextLink":"x"}},{"body":{"value":[ 2 ]}}]}"#,
            &["1", "2", "more"],
        ),
        (r#"[{"json": 1 },{"json": 2 }]"#, &["1", "2"]),
        (" 1 \n{\"reset-token\":\"active\",\"id\":\"2\"}\n 3 ", &["1", "2", "3"]),
        (
            r#"{"error":{"code":"a","message":"b"},"id":"5","operatingSystem":"iOS"} 1 "#,
            &["5", "1"],
        ),
        (
            " 1 \n{\"id\":\"a\\ud83d\",\"operatingSystem\":\"iOS\"}\n{\"id\":\"\\ud83d\\ude00\\uDE00x\\\\ud83d\",\"operatingSystem\":\"iOS\"}\n",
            &["1", "a�", r#"😀�x\ud83d"#],
        ),
    ]);
}

#[test]
fn a_file_that_is_cut_off_says_so() {
    each(&[
        (r#"{"value":[ 1 , 2 "#, &["1", "2", "truncated"]),
        (r#"{"value":[ 1 , 2 ]"#, &["1", "2", "truncated"]),
        (
            r#"{"value":[ 1 ,17"#,
            &["1", "row 2 (line 1): found `17`, expected an object", "truncated"],
        ),
        (
            r#"[ 1 , {"id":"2""#,
            &[
                "1",
                "row 2 (line 1): found the end of the file, expected the rest of the object; the file may have been cut off",
                "truncated",
            ],
        ),
        (r#"{"body":{"value":[ 1 ]}"#, &["1", "truncated"]),
    ]);
}

#[test]
fn a_file_is_read_to_the_place_from_which_on_devices_cannot_be_told() {
    each(&[
        (
            r#"{"value":[ 1 ],"value":[ 2 ]}"#,
            &[
                "1",
                "cannot read on at line 1: found a second `value` with devices in one page, expected one",
            ],
        ),
        (
            r#"{"value":[ 1 ,x, 2 ]}"#,
            &["1", "cannot read on at line 1: found `x`, expected an object"],
        ),
        (
            r#"{"value":[ 1 , 2 }"#,
            &["1", "2", "cannot read on at line 1: found `}`, expected an object"],
        ),
        (
            r#"{"value":[ 1 , 2 ],,"x":1}"#,
            &[
                "1",
                "2",
                "cannot read on at line 1: found `,`, expected a property's name in quotes",
            ],
        ),
        (
            r#"{"value":[ 1 ]}{"@odata.context":"https://x/$metadata#users","value":[ 2 ]}"#,
            &[
                "1",
                "cannot read on at line 1: found `users` of Microsoft Graph, not `managedDevices`",
            ],
        ),
        (r#"{"value":[]}"#, &[]),
    ]);
}

#[test]
fn what_is_no_device_is_rejected_and_the_next_one_is_read() {
    each(&[
        (
            r#"{"managedDevices":[ 1 ,null,17,"a,]b",[ 2 ],true, 3 ]}"#,
            &[
                "1",
                "row 2 (line 1): found `null`, expected an object",
                "row 3 (line 1): found `17`, expected an object",
                r#"row 4 (line 1): found `"a,]b"`, expected an object"#,
                "2",
                "row 6 (line 1): found `true`, expected an object",
                "3",
            ],
        ),
        (
            r#"{"value":[ 1 ,nul, 2 ]}"#,
            &["1", "row 2 (line 1): found `nul`, expected an object", "2"],
        ),
        (
            " 1 \n{\"id\":\"2\"\n 3 \n",
            &["1", "row 2 (line 2): found `{`, expected `,` or `}`", "3"],
        ),
    ]);
}

#[test]
fn what_is_out_of_place_costs_its_line() {
    each(&[
        (" 1 \nx 2 \n 3 ", &["1", "row 2 (line 2): found `x`, expected an object", "3"]),
        (" 1 \n{\"id\" 2 \n 3 ", &["1", "row 2 (line 2): found `{`, expected a colon", "2", "3"]),
        (" 1 \n{\"id\":x 2 \n 3 ", &["1", "row 2 (line 2): found `x`, expected a value", "3"]),
        (" 1 \n{\"id\":[1,},\n 3 ", &["1", "row 2 (line 2): found `}`, expected a value", "3"]),
        (" 1 \n{\"id\":[1}\n 3 ", &["1", "row 2 (line 2): found `}`, expected `,` or `]`", "3"]),
        (" 1 \n{\"id\":1]\n 3 ", &["1", "row 2 (line 2): found `]`, expected `,` or `}`", "3"]),
        (
            " 1 \n{\"id\":1.x5,\"a\":-1e+5}\n{\"id\":tr_}\n 3 ",
            &[
                "1",
                "row 2 (line 2): found damaged JSON (invalid number), expected an object in JSON",
                "row 3 (line 3): found `_`, expected `,` or `}`",
                "3",
            ],
        ),
        (
            " 1 \n{,\n{\"a\":1,}\n{\"a\",}\n 3 ",
            &[
                "1",
                "row 2 (line 2): found `,`, expected a property's name in quotes or `}`",
                "row 3 (line 3): found `}`, expected a property's name in quotes",
                "row 4 (line 4): found `,`, expected a colon",
                "3",
            ],
        ),
        (
            " 1 \n{\"id\":\"2\",\"ID\":\"3\",\"id\":\"4\"}\n 3 ",
            &["1", "row 2 (line 2): found two properties `id`, expected one", "3"],
        ),
        (
            " 1 \n{\"x\":\"active\"}\n{}\n{\"error\":{\"code\":\"a\",\"message\":\"b\"}}\n 3 ",
            &[
                "1",
                "row 2 (line 2): found no known property, expected a device",
                "row 3 (line 3): found no known property, expected a device",
                "row 4 (line 4): found an error of Microsoft Graph (`a`: `b`), expected a device",
                "3",
            ],
        ),
        (
            r#"{"error":{"code":"a","message":"b"}} 1 "#,
            &[
                "row 1 (line 1): found an error of Microsoft Graph (`a`: `b`), expected a device",
                "1",
            ],
        ),
        (
            " 1 \n{\"id\":\"\\q\",\"operatingSystem\":\"iOS\"}\n 2 ",
            &[
                "1",
                "row 2 (line 2): found damaged JSON (invalid escape), expected an object in JSON",
                "2",
            ],
        ),
        (
            "[null,17, 1 ]",
            &[
                "row 1 (line 1): found `null`, expected an object",
                "row 2 (line 1): found `17`, expected an object",
                "1",
            ],
        ),
        (r#"[ "a", 1 ]"#, &[r#"row 1 (line 1): found `"a"`, expected an object"#, "1"]),
        ("[17]", &["row 1 (line 1): found `17`, expected an object"]),
    ]);
}

#[test]
fn a_file_without_a_device_is_refused() {
    each(&[
        (
            r#"{"error":{"code":"a","message":"{\"Message\":\"c\"}"}}"#,
            &["found an error of Microsoft Graph (`a`: `c`), expected a device inventory"],
        ),
        ("null\n 1 ", &["found something before the JSON (`null`), expected a device inventory"]),
        ("17", &["found a table with other columns (`17`), expected a device inventory"]),
        (
            r#"{"@odata.context":"https://x/$metadata#users","value":[ 1 ]}"#,
            &[
                "found `users` of Microsoft Graph, not `managedDevices`, expected a device inventory",
            ],
        ),
        (
            r#"{"a":1}"#,
            &["found JSON objects with other properties (`a`), expected a device inventory"],
        ),
        ("", &["found an empty file, expected a device inventory"]),
        ("{", &["found damaged JSON, expected a device inventory"]),
        (
            r#"{"a":{"value":[ 1 ]}}"#,
            &["found JSON objects with other properties (`a`), expected a device inventory"],
        ),
    ]);
}

#[test]
fn depths_and_lengths_have_bounds() {
    let [x, opened, closed] = ["x", "[", "]"].map(|text| move |count| text.repeat(count));
    let nested =
        |depth| format!(" 1 \n{{\"Id\":\"2\",\"x\":{}{}}}\n 3 ", opened(depth), closed(depth));
    let arrays = |depth| format!("{} 1 {}", opened(depth), closed(depth));
    let wrapped =
        |depth| format!("{}{{\"value\":[ 1 ]}}{}", "{\"body\":".repeat(depth), "}".repeat(depth));
    let long = |length| format!("{{\"id\":\"{}\"}}", x(length));
    // A device is whole with the last of its bytes.
    let [most, more] = [MAX_ROW_BYTES - 9, MAX_ROW_BYTES - 8].map(long);
    for (file, expected) in [
        (nested(63), &["1", "2", "3"][..]),
        (
            nested(64),
            &["1", "row 2 (line 2): found `[`, expected fewer objects inside each other", "3"],
        ),
        (arrays(8), &["1"]),
        (arrays(9), &[&format!("row 1 (line 1): found `[ {} ]`, expected an object", device(1))]),
        (wrapped(8), &["1"]),
        (
            wrapped(9),
            &["found JSON objects with other properties (`body`), expected a device inventory"],
        ),
        (format!(" 1 \n{most}\n 3 "), &["1", &x(MAX_ROW_BYTES - 9), "3"]),
        (
            format!(" 1 \n{more}\n 3 "),
            &["1", "row 2 (line 2): found more than 1048576 bytes, expected at most 1048576", "3"],
        ),
        (more, &["found a first object longer than 1048576 bytes, expected a device inventory"]),
        (
            format!("[{}null, 1 ]", "null,".repeat(BEFORE)),
            &["found damaged JSON, expected a device inventory"],
        ),
        (
            format!("[ 1 ,\"{}\"]", x(1000)),
            &["1", &format!("row 2 (line 1): found `\"{}…`, expected an object", x(59))],
        ),
    ] {
        let start: String = file.chars().take(60).collect();
        assert!(read(&with_devices(&file)) == expected, "{start}");
    }
    let few = format!("[{}null, 1 ]", "null,".repeat(BEFORE - 1));
    assert_eq!(read(&with_devices(&few)).len(), BEFORE + 1);
}

#[test]
fn a_property_is_read_by_its_rank_and_its_twin_beside_it() {
    for (object, expected) in [
        (r#"{"id":"1","operatingSystem":"iOS","deviceType":"iPad"}"#, "1 platform=ipados"),
        (r#"{"deviceType":"iPad","operatingSystem":"iOS","id":"1"}"#, "1 platform=ipados"),
        (r#"{"managedDeviceId":"2","operatingSystem":"iOS","id":"1"}"#, "1 platform=ios"),
        (r#"{"id":"1","operatingSystem":"iOS","managedDeviceId":"2"}"#, "1 platform=ios"),
        (
            r#"{"id":"1","operatingSystem":["iOS"],"isSupervised":{"value":true}}"#,
            "1 supervised=true operatingSystem?a list or an object",
        ),
    ] {
        assert_eq!(said(Purpose::Inventory, object), [expected], "{object}");
    }
}

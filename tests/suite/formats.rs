//! Inventories in JSON, and the same fleet in every format.

use std::io::{self, Read};

use eligibility::facts::{Fact, Facts, Management, Platform};
use inventory::{Entry, Format, MAX_ROW_BYTES, Pages, Reader, Sizes, Stream, Totals};
use proptest::prelude::*;
use synthetic_fleet::{self as generate, Options};
use testkit::inventories::{Everything, OneByOne, in_bulk, in_bulk_from, plainly};

fn bulk(file: &[u8]) -> Everything {
    in_bulk(file, Sizes::USUAL, 2).unwrap_or_else(|error| panic!("{error}"))
}

const TOKENS: [&str; 31] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\n",
    " ",
    "\"",
    "\\",
    "\"value\"",
    "\"value\":[",
    "\"id\":\"1\"",
    "\"operatingSystem\":\"iOS\"",
    "\"osVersion\":\"17.1\"",
    "\"isSupervised\":true",
    "null",
    "1.5e3",
    "\"@odata.nextLink\":\"x\"",
    "{\"id\":\"2\",\"operatingSystem\":\"Linux\"}",
    "\"a\\\"b\"",
    "{\"value\":[",
    "]}",
    "\"deviceType\":\"iPad\"",
    "\"x\":{\"y\":[1,{}]}",
    "\"\\u00e9\"",
    "é",
    "\u{1}",
    "{\"id\":\"3\",\"operatingSystem\":\"Beos\"}\n",
    "tru",
    "-",
];

proptest! {
    #[test]
    fn any_json_like_text_is_read_alike_in_any_pieces(
        tokens in prop::collection::vec(prop::sample::select(&TOKENS[..]), 0..40),
    ) {
        // What is before is an inventory, so that what follows is looked at.
        let file = format!("{{\"id\":\"0\",\"operatingSystem\":\"iOS\"}}\n{}", tokens.concat());
        let at_once = plainly(file.as_bytes()).map_err(|error| error.to_string());
        let one_by_one = plainly(OneByOne(file.as_bytes())).map_err(|error| error.to_string());
        prop_assert_eq!(&at_once, &one_by_one, "{}", file);
        if let Ok(at_once) = at_once {
            prop_assert_eq!(&bulk(file.as_bytes()), &at_once, "{}", file);
        }
    }

    #[test]
    fn any_bytes_behind_a_brace_are_read_without_a_panic(
        brace in prop::sample::select(&["{", "[", "[{", "{\"value\":[{"][..]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let _ = plainly([brace.as_bytes(), &rest].concat().as_slice());
    }

    #[test]
    fn a_damaged_page_loses_no_device_without_a_word(
        place in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let device = |id: u32| format!("{{\"id\":\"{id}\",\"operatingSystem\":\"iOS\"}}");
        let devices: Vec<_> = (0..5).map(device).collect();
        let mut file = format!("{{\"value\":[{}]}}", devices.join(",")).into_bytes();
        *place.get_mut(&mut file) = byte;
        if let Ok((_, _, totals, _)) = plainly(file.as_slice()) {
            prop_assert!(totals.counts.read >= 5 || totals.truncated || totals.counts.rejected > 0);
        }
    }
}

/// Returns a property as Graph and PowerShell write it, or damage.
fn any_property() -> impl Strategy<Value = String> {
    let usual = prop::sample::select(
        &[
            r#""deviceName":"Ada's phone, blue""#,
            r#""deviceName":"Zo\u00eb\u0027s \"phone\"""#,
            r#""deviceName":"\"quoted\"""#,
            r#""deviceName":"a\tb\r""#,
            r#""deviceName":"Zoë’s 电话""#,
            r#""operatingSystem":"iOS""#,
            r#""operatingSystem":"Android""#,
            r#""operatingSystem":"Lynix""#,
            r#""operatingSystem":null"#,
            r#""deviceType":"iPad""#,
            r#""deviceType":9"#,
            r#""osVersion":"17.1""#,
            r#""osVersion":"seven""#,
            r#""osVersion": 14"#,
            r#""osVersion":14.10"#,
            r#""isSupervised":true"#,
            r#""isSupervised":false"#,
            r#""isEncrypted":[]"#,
            r#""managementAgent":"mdm""#,
            r#""managementAgent":"configurationManagerClient""#,
            r#""managedDeviceOwnerType":"personal""#,
            r#""ownerType":"company""#,
            r#""ownerType":"personal""#,
            r#""managementState":"managed""#,
            r#""model":"iPad13,4""#,
            r#""deviceEnrollmentType":"appleUserEnrollment""#,
            r#""lastSyncDateTime":"2026-08-31T09:43:00.4896577Z""#,
            r#""lastSyncDateTime":"2026-08-31T09:43:00Z""#,
            r#""lastSyncDateTime":"\/Date(1785915060000)\/""#,
            r#""lastSyncDateTime":{"value":"2026-08-31T09:43:00Z","DisplayHint":2}"#,
            r#""serialNumber":"A1""#,
            r#""serialNumber":"3.52E+14""#,
            r#""operatingSystem":"Windows 11\u00a0Pro""#,
            r#""lastSyncDateTime":"Aug 5, 2026 7:31 AM""#,
            r#""id":"(37d6f1b5-25fd-4e6f-8952-cf78107060c9)""#,
            r#""notes":"C:\\temp {[}],:\ud83d\ude00""#,
            r#""deviceActionResults":[{"id":"x","actionState":"done"},{"id":"y","n":[1.5,-2,{}]}]"#,
            r#""hardware" : { "cells" : [ ] , "total" : 64 , "value":"x" }"#,
            r#""totalStorageSpaceInBytes":64000000000"#,
            r#""complianceGracePeriodExpirationDateTime":"9999-12-31T23:59:59Z""#,
            r#""id":"37d6f1b5-25fd-4e6f-8952-cf78107060c9""#,
            r#""id":"00000000-0000-0000-0000-000000000000""#,
        ][..],
    );
    let damage = prop::sample::select(
        &[
            r#""notes":"\ud83d""#,
            r#""notes":"\u12""#,
            r#""notes":"\x""#,
            "\"notes\":\"a\nb\"",
            r#""notes":tru"#,
            r#""notes":01"#,
            r#""notes":1e999"#,
            r#""notes":[1,]"#,
            r#""notes":{"a" 1}"#,
            r#""notes""#,
            r#""value":[{"id":"z","operatingSystem":"iOS"}]"#,
            r#""value":1"#,
            r#""devices":[{"id":"z","operatingSystem":"iOS"}]"#,
            r#""body":{"id":"z"}"#,
            r#""error":{"code":"Forbidden","message":"no"}"#,
            "}",
            "{",
        ][..],
    );
    prop_oneof![60 => usual.prop_map(str::to_owned), 1 => damage.prop_map(str::to_owned)]
}

/// Devices with the same properties mostly, as they lie in files of all sorts.
fn any_devices() -> impl Strategy<Value = String> {
    let usual = prop::collection::vec(any_property(), 0..6);
    let device = (prop::collection::vec(any_property(), 0..6), any::<bool>());
    let spaces = prop::sample::select(&["", " ", "\n  "][..]);
    let sort = prop::sample::select(
        &[("", "", "\n"), ("[", "]", ","), ("{\"@odata.context\":\"x\",\"value\":[", "]}", ",")][..],
    );
    let devices = prop::collection::vec(device, 0..25);
    (usual, devices, spaces, sort, prop::collection::vec(0..25_usize, 0..3), any::<u16>()).prop_map(
        |(usual, devices, space, (begin, end, between), breaks, cut)| {
            let mut text = begin.to_owned();
            let count = devices.len();
            for (at, (own, as_usual)) in devices.into_iter().enumerate() {
                let properties = if as_usual { &usual } else { &own };
                let first = format!("\"id\":\"{at}\",{space}\"operatingSystem\":\"iOS\"");
                let all: Vec<_> = std::iter::once(&first).chain(properties).cloned().collect();
                let separator = format!(",{space}");
                text += &format!("{{{space}{}{space}}}", all.join(&separator));
                if at + 1 == count {
                    break;
                }
                if breaks.contains(&at) && !begin.is_empty() {
                    text += &format!("{end}\n{begin}");
                } else {
                    text += between;
                    text += space;
                    if cut % 4 == 0 && !begin.is_empty() {
                        // No devices, but entries of the array.
                        text += ["null,", "[[],7 ],", "\"[{,]\\\"\",", ""][at % 4];
                    }
                }
            }
            text += end;
            // Seldom cut off.
            let keep = if cut < 4000 { text.len() * usize::from(cut) / 4000 } else { text.len() };
            text.truncate((0..=keep).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0));
            text
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn devices_in_json_are_read_as_plainly_wherever_the_file_is_cut(
        file in any_devices(),
        (chunk, overlap, window) in (1..300_u64, 0..100_usize, 1..300_usize),
        threads in 1..4_usize,
        mark in any::<bool>(),
    ) {
        let file = if mark { format!("\u{feff}{file}") } else { file };
        let sizes = Sizes { chunk, overlap, window, ..Sizes::USUAL };
        let plain = plainly(file.as_bytes()).map_err(|error| error.to_string());
        let bulk = in_bulk(file.as_bytes(), sizes, threads).map_err(|error| error.to_string());
        prop_assert_eq!(&bulk, &plain, "{}", file);
        let stream = in_bulk_from(|| Stream::new(file.as_bytes()), sizes, threads);
        prop_assert_eq!(&stream.map_err(|error| error.to_string()), &plain, "{}", file);
    }

    #[test]
    fn devices_in_json_with_damaged_bytes_are_read_as_plainly(
        file in any_devices(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        (chunk, window) in (1..300_u64, 1..300_usize),
    ) {
        let mut file = file.into_bytes();
        for (place, byte) in damage {
            if !file.is_empty() {
                *place.get_mut(&mut file) = byte;
            }
        }
        let sizes = Sizes { chunk, overlap: 10, window, ..Sizes::USUAL };
        let plain = plainly(file.as_slice()).map_err(|error| error.to_string());
        let bulk = in_bulk(file.as_slice(), sizes, 2).map_err(|error| error.to_string());
        prop_assert_eq!(&bulk, &plain, "{}", String::from_utf8_lossy(&file));
    }
}

#[test]
fn check_ins_of_a_chunk_that_is_read_again_are_counted_once() {
    // What begins in the middle of a device looks like a device, and is followed far behind its list
    // before it turns out to be none.
    let text = "x".repeat(1000);
    let app = |id: u32| {
        format!(r#"{{"id":"{id}","lastSyncDateTime":"2027-01-01T00:00:00Z","text":"{text}"}}"#)
    };
    let apps = (0..100).map(app).collect::<Vec<_>>().join(",");
    let device = |id: u32| {
        let device = r#""operatingSystem":"iOS","lastSyncDateTime":"2026-08-01T00:00:00Z""#;
        format!(r#"{{"id":"{id}",{device},"apps":[{apps}]}}"#)
    };
    let devices = (0..30).map(device).collect::<Vec<_>>().join(",");
    let file = format!(r#"{{"value":[{devices}]}}"#);
    let plain = plainly(file.as_bytes()).unwrap();
    assert_eq!(plain.2.check_ins.devices(), 30);
    for threads in [1, 2] {
        let bulk = in_bulk(file.as_bytes(), Sizes::USUAL, threads).unwrap();
        assert_eq!(bulk.2.check_ins, plain.2.check_ins, "{threads} threads");
    }
}

#[test]
fn a_byte_out_of_place_in_a_page_ends_the_reading_with_its_line() {
    let device = "{\"id\":\"1\",\"operatingSystem\":\"iOS\"}";
    for (rest, message) in [
        (" x", "cannot read on at line 2: found `x`, expected an object"),
        (" \"id\":1", "cannot read on at line 2: found `:`, expected an object"),
        (",{\"id\"}", "cannot read on at line 2: found `}`, expected a colon"),
        (",{\"id\":[1}", "cannot read on at line 2: found `}`, expected `,` or `]`"),
        (
            "],\"value\":[]}",
            "cannot read on at line 2: found a second `value` with devices in one page, expected one",
        ),
        ("],1", "cannot read on at line 2: found `1`, expected a property's name in quotes"),
    ] {
        let file = format!("{{\"value\":[{device},\n{device}{rest}");
        let error = plainly(file.as_bytes()).expect_err("the page is damaged");
        assert_eq!(error.to_string(), message, "{file}");
        let error = in_bulk(file.as_bytes(), Sizes::USUAL, 1).expect_err("the page is damaged");
        assert_eq!(error.to_string(), message, "{file}");
    }
}

#[test]
fn a_page_is_read_as_it_comes_however_long_it_is() {
    struct Endless {
        taken: usize,
    }
    impl Read for &mut Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            const BEGIN: &[u8] = b"{\"value\":[{\"operatingSystem\":\"iOS\"}";
            const NEXT: &[u8] = b",{\"operatingSystem\":\"iOS\"}";
            let rest = match self.taken.checked_sub(BEGIN.len()) {
                None => &BEGIN[self.taken..],
                Some(behind) => &NEXT[behind % NEXT.len()..],
            };
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.taken += count;
            Ok(count)
        }
    }
    let mut input = Endless { taken: 0 };
    let mut reader = Reader::open(&mut input).unwrap_or_else(|error| panic!("{error}"));
    for _ in 0..10_000 {
        assert!(matches!(reader.next_entry(), Ok(Some(Entry::Row(_)))));
    }
    drop(reader);
    assert!(input.taken < 10_000 * 27 + (1 << 18), "{}", input.taken);
}

#[test]
fn an_object_that_is_too_long_is_rejected_and_the_next_one_is_read() {
    let long = "x".repeat(MAX_ROW_BYTES);
    let file = format!(
        "[{{\"id\":\"1\",\"operatingSystem\":\"iOS\"}},{{\"id\":\"{long}\"}},\
         {{\"id\":\"3\",\"operatingSystem\":\"iOS\"}}]"
    );
    let (devices, rejections, ..) = plainly(file.as_bytes()).unwrap();
    assert_eq!(devices.iter().map(|device| device.1.as_str()).collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(
        rejections[0].to_string(),
        "row 2 (line 1): found more than 1048576 bytes, expected at most 1048576"
    );
}

#[test]
fn a_raw_report_is_read_in_bulk_as_it_is_read_plainly() {
    let mut file = "DeviceId,OS,DeviceType,Ownership,OwnerType\n".to_owned();
    for row in 0..20_000 {
        let (os, number) = [("Windows", 0), ("iOS/iPadOS", 9), ("Linux", 8), ("", 11)][row % 4];
        file.push_str(&format!("{row},{os},{number},Corporate,{}\n", 1 + row / 10_000));
    }
    let plain = plainly(file.as_bytes()).unwrap();
    assert_eq!(bulk(file.as_bytes()), plain);
    assert_eq!((plain.0.len(), plain.1.len()), (7500, 12_500));
    assert_eq!(
        Reader::open(file.as_bytes()).map(|reader| reader.format()).ok(),
        Some(Format::Portal)
    );
}

fn generated(format: generate::Format) -> Vec<u8> {
    let mut file = Vec::new();
    let written = generate::write(format, &Options::new(4321, 9), &mut file);
    written.expect("memory can be written");
    file
}

#[test]
fn the_same_fleet_says_the_same_in_every_format() {
    use generate::Format as F;
    let portal = plainly(generated(F::Portal).as_slice()).unwrap();
    assert_eq!(portal.2.counts.understood, 4321);
    for (format, read_as) in [
        (F::Tidy, Format::Tidy),
        (F::Devices, Format::Portal),
        (F::Graph, Format::Graph),
        (F::Ndjson, Format::Graph),
    ] {
        let file = generated(format);
        let reader = Reader::open(file.as_slice()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(reader.format(), read_as);
        let (devices, rejections, totals, problems) = plainly(file.as_slice()).unwrap();
        assert_eq!(rejections, [], "{format:?}");
        assert_eq!(problems, [], "{format:?}");
        let pages = if format == F::Graph { totals.pages.clone() } else { Pages::default() };
        // Each format has columns of its own to be carried along.
        let carried = totals.carried.clone();
        assert_eq!(totals, Totals { pages, carried, ..portal.2.clone() }, "{format:?}");
        for (device, expected) in devices.iter().zip(&portal.0) {
            let mut expected = expected.clone();
            expected.5.clone_from(&device.5);
            if read_as == Format::Graph {
                expected.0.management = sayable(&expected.0);
            }
            assert_eq!(device, &expected, "{format:?}");
        }
        assert_eq!(bulk(&file), (devices, rejections, totals, problems), "{format:?}");
    }
}

#[test]
fn the_same_fleet_says_the_same_in_parquet() {
    let portal = plainly(generated(generate::Format::Portal).as_slice()).unwrap();
    assert_eq!(bulk(&generated(generate::Format::Parquet)), portal);
}

/// Returns what Graph can say of a mode: it has no enrolment types for these two, and hides the
/// mode of an Android device that the portal counts in a bucket of several.
fn sayable(facts: &Facts) -> Fact<Management> {
    match facts.management {
        Fact::Known(Management::PersonalWorkProfile | Management::DeviceAdministrator) => {
            Fact::Unknown
        }
        Fact::OneOf(_) if facts.platform == Fact::Known(Platform::Android) => Fact::Unknown,
        mode => mode,
    }
}

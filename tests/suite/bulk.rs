//! The same files, read plainly and in bulk: rows, rejections, counts.

use std::convert::Infallible;
use std::io;
use std::num::NonZero;

use inventory::{Input, Inventory, Sizes, Stop, Stream};
use proptest::prelude::*;
use synthetic_fleet::{Options, write_csv};
use testkit::inventories::{All, Everything, carried, in_bulk, in_bulk_from, plainly};

/// The findings of both readers, or that neither opens the file.
type Reading = Option<Everything>;

fn bulk(file: &[u8], sizes: Sizes, threads: usize) -> Reading {
    in_bulk(file, sizes, threads).ok()
}

fn plain(file: &[u8]) -> Reading {
    plainly(file).ok()
}

/// Sizes so small that everything is at a boundary somewhere.
fn any_sizes() -> impl Strategy<Value = Sizes> {
    (1..200_u64, 0..100_usize, 1..150_usize).prop_map(|(chunk, overlap, window)| Sizes {
        chunk,
        overlap,
        window,
        ..Sizes::USUAL
    })
}

/// Returns a cell as exports write it, or damage.
fn any_cell() -> impl Strategy<Value = String> {
    let usual = proptest::sample::select(
        &[
            "",
            "iOS/iPadOS",
            "Android (fully managed)",
            "Windows",
            "iPad Air 2",
            "16",
            "7.1.2",
            "True",
            "No",
            "Corporate",
            "Managed",
            "WipePending",
            "Intune",
            "ConfigMgr",
            "EAS",
            "appleUserEnrollment",
            "Azure AD joined",
            "2026-08-05 07:31:00.1234567",
            "0001-01-01 00:00:00.0000000",
            "8/5/2026",
            "\"quoted, \"\"twice\"\"\"",
            "\"Linux\"",
            "\"a\nb\"",
            "\"a\r\nb\"",
            "Zoë",
            "Zoë’s 电话",
            " iPadOS ",
            "\"\"",
            "Ubuntu 24.04 LTS",
            "unknown",
            "0",
            "A1",
            "37d6f1b5-25fd-4e6f-8952-cf78107060c9",
            "\"37D6F1B5-25FD-4E6F-8952-CF78107060C9\"",
            "{37d6f1b5-25fd-4e6f-8952-cf78107060c9}",
            "00000000-0000-0000-0000-000000000000",
            "To be filled by O.E.M.",
            "37d6f1b525fd4e6f8952cf78107060c9",
            "urn:uuid:37d6f1b5-25fd-4e6f-8952-cf78107060c9",
            "3.52E+14",
            "None",
            "2026/8/5 7:31",
            "\"Aug 5, 2026 7:31 AM\"",
            "2026-08-05\u{a0}07:31:00",
            "1/1/0001 12:00:00 AM",
            "Android\u{a0}(dedicated)",
            "\u{a0}iPad",
            "Windows 11 Pro",
            "8.1.2026",
        ][..],
    );
    let damage = proptest::sample::select(
        &["Lynix", "5\" screen", "\"open", "\"a\"b", "x\ry", "x\ny", ",", "\"a\" ", "\r", "\u{a0}"]
            [..],
    );
    prop_oneof![20 => usual.prop_map(str::to_owned), 1 => damage.prop_map(str::to_owned)]
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let header = proptest::sample::select(
        &[
            "Device ID,Device name,OS,OS version,Managed by,Supervised,Last check-in",
            "OS,Model,EnrollmentType,Managed by,Ownership,Device state",
            "Notes,Last check-in,OS,More notes,JoinType,Encrypted,HasUnlockToken",
            "OS",
            "OS version,Device name",
            "Serial number,OS,Device ID,Last check-in",
            "OS,Notes,Serial number",
        ][..],
    );
    let rows = proptest::collection::vec(proptest::collection::vec(any_cell(), 7), 0..20);
    let line_end = proptest::sample::select(&["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"][..]);
    (header, rows, line_end, any::<bool>(), proptest::option::weighted(0.1, 1..8_usize)).prop_map(
        |(header, rows, line_end, ended, width)| {
            let width = width.unwrap_or(header.split(',').count());
            let rows = rows.iter().map(|row| row[..width.min(7)].join(","));
            let lines: Vec<_> = std::iter::once(header.to_owned()).chain(rows).collect();
            (lines.join(line_end) + if ended { line_end } else { "" }).into_bytes()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn any_file_is_read_as_plainly_wherever_it_is_cut(
        file in any_file(), sizes in any_sizes(), threads in 1..4_usize,
    ) {
        prop_assert_eq!(bulk(file.as_slice(), sizes, threads), plain(&file));
    }

    #[test]
    fn any_bytes_after_a_header_are_read_as_plainly(
        bytes in proptest::collection::vec(
            prop_oneof![any::<u8>(), proptest::sample::select(&b",\"\r\n x"[..])], 0..300,
        ),
        sizes in any_sizes(),
    ) {
        let mut file = b"Device ID,OS,Encrypted\n".to_vec();
        file.extend(bytes);
        prop_assert_eq!(bulk(file.as_slice(), sizes, 2), plain(&file));
    }

    #[test]
    fn any_file_with_another_delimiter_is_read_as_plainly(
        file in any_file(), sizes in any_sizes(), threads in 1..4_usize,
        delimiter in proptest::sample::select(&b";\t"[..]),
    ) {
        let other = |byte: &u8| if *byte == b',' { delimiter } else { *byte };
        let other: Vec<u8> = file.iter().map(other).collect();
        let found = plain(&other);
        prop_assert_eq!(bulk(other.as_slice(), sizes, threads), found.clone());
        // A single column has no delimiter that could tell.
        if !file.starts_with(b"OS\n") && !file.starts_with(b"OS\r") {
            let counts = |reading: Reading| reading.map(|(_, _, totals, _)| totals.counts);
            prop_assert_eq!(counts(found), counts(plain(&file)));
        }
    }

    #[test]
    fn any_file_in_utf_16_is_read_as_in_utf_8(
        file in any_file(), sizes in any_sizes(), threads in 1..4_usize, big in any::<bool>(),
    ) {
        let text = String::from_utf8(file).expect("it was made of text");
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect();
        let expected = plain(text.as_bytes());
        prop_assert_eq!(plain(&wide), expected.clone());
        prop_assert_eq!(bulk(wide.as_slice(), sizes, threads), expected);
    }

    #[test]
    fn any_file_in_windows_1252_is_read_as_in_utf_8(
        file in any_file(), sizes in any_sizes(), threads in 1..4_usize,
        delimiter in proptest::sample::select(&b",;\t"[..]),
    ) {
        let file: Vec<u8> =
            file.iter().map(|byte| if *byte == b',' { delimiter } else { *byte }).collect();
        let text = String::from_utf8(file).expect("it was made of text");
        let text = text.replace('电', "é").replace('话', "è");
        let byte = |letter| if letter == '’' { 0x92 } else { u8::try_from(letter).unwrap() };
        let western: Vec<u8> = text.chars().map(byte).collect();
        let found = plain(&western);
        prop_assert_eq!(bulk(western.as_slice(), sizes, threads), found.clone());
        let without_count = |mut reading: Reading| {
            if let Some((_, _, totals, _)) = &mut reading {
                totals.counts.windows_1252 = 0;
            }
            reading
        };
        prop_assert_eq!(without_count(found), plain(text.as_bytes()));
    }

    #[test]
    fn a_stream_is_read_as_a_file(file in any_file(), sizes in any_sizes(), threads in 1..4_usize) {
        let stream = in_bulk_from(|| Stream::new(file.as_slice()), sizes, threads).ok();
        prop_assert_eq!(stream, plain(&file));
    }

    #[test]
    fn tidy_tables_are_read_as_plainly(
        rows in proptest::collection::vec(
            (
                proptest::sample::select(&["android", "macos", "", "\"ios\"", "unknown", "beos"][..]),
                proptest::sample::select(&["fully-managed", "mdm", "", "shared-ipad"][..]),
                proptest::sample::select(&["7.0", "\"7\"", "", "26.6.1", "seven"][..]),
            ),
            0..30,
        ),
        sizes in any_sizes(),
    ) {
        let mut file = "platform,management,os-version\n".to_owned();
        for (platform, management, version) in rows {
            file += &format!("{platform},{management},{version}\n");
        }
        let file = file.into_bytes();
        prop_assert_eq!(bulk(file.as_slice(), sizes, 2), plain(&file));
    }
}

#[test]
fn a_quoted_line_end_is_read_wherever_the_file_is_cut() {
    let file = "Device ID,Device name,OS\n1,\"a\nb,c,\"\"\r\n\",Windows\n2,b,Linux\n\
                3,\"\n\n4,x,Linux\n\",Linux\n5,e,Beos\n";
    let expected = plain(file.as_bytes());
    for chunk in 1..=file.len() as u64 {
        for threads in [1, 2] {
            let sizes = Sizes { chunk, overlap: 3, window: 64, ..Sizes::USUAL };
            assert_eq!(bulk(file.as_bytes(), sizes, threads), expected, "chunks of {chunk}");
        }
    }
}

#[test]
fn the_generated_fleet_is_read_as_plainly_with_the_usual_sizes() {
    let mut file = Vec::new();
    write_csv(&Options::new(3000, 1), &mut file).unwrap();
    let expected = plain(&file);
    for threads in [1, 2, 3] {
        assert_eq!(bulk(file.as_slice(), Sizes::USUAL, threads), expected);
    }
}

#[test]
fn a_byte_order_mark_at_the_beginning_of_a_row_changes_no_word() {
    let file = "OS,Device ID\nLinux,1\n\u{feff}Windows,2\n\u{feff}\u{feff}Linux,\"3\n\"\nLinux,4\n";
    let expected = plain(file.as_bytes());
    let (devices, rejections, _, problems) = expected.clone().unwrap();
    assert_eq!((devices.len(), rejections.len(), problems.len()), (4, 0, 0));
    for threads in [1, 2] {
        assert_eq!(bulk(file.as_bytes(), Sizes::USUAL, threads), expected);
    }
}

#[test]
fn a_very_long_row_is_rejected_and_the_next_one_is_read() {
    let long = "x".repeat(3 * inventory::MAX_ROW_BYTES);
    let file = format!("Device ID,OS\n1,Linux\n{long}\n17,Windows\n2,Lin");
    let expected = plain(file.as_bytes());
    for threads in [1, 2] {
        assert_eq!(bulk(file.as_bytes(), Sizes::USUAL, threads), expected);
    }
}

/// Memory that cannot be read from a place on.
struct Broken<'b>(&'b [u8], u64);

impl Input for Broken<'_> {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let room = self.1.saturating_sub(place);
        if room == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let length = usize::try_from(room).unwrap_or(usize::MAX).min(buffer.len());
        self.0.read_at(place, &mut buffer[..length])
    }
}

#[test]
fn an_input_that_breaks_off_is_an_error_and_what_came_before_is_kept() {
    let mut file = Vec::new();
    write_csv(&Options::new(2000, 1), &mut file).unwrap();
    for threads in [1, 2] {
        let inventory = Inventory::open(Broken(&file, 1_000_000)).unwrap();
        let mut kept = 0;
        let read = inventory.read(NonZero::new(threads).unwrap(), &All, |chunk| {
            kept += chunk.partial.len();
            Ok::<(), Infallible>(())
        });
        let Err(Stop::Read(error)) = read else { panic!("it was read") };
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        assert!(kept > 1000 && kept < 2000 && error.line() > Some(kept as u64), "{kept}");
    }
}

#[test]
fn an_error_of_the_keeper_ends_the_reading() {
    let mut file = Vec::new();
    write_csv(&Options::new(2000, 1), &mut file).unwrap();
    let inventory = Inventory::open(file.as_slice()).unwrap();
    let read = inventory.read(NonZero::new(2).unwrap(), &All, |_| Err("enough"));
    assert!(matches!(read, Err(Stop::Keep("enough"))));
}

#[test]
fn what_is_kept_slowly_is_kept_in_order() {
    let mut file = Vec::new();
    write_csv(&Options::new(2000, 1), &mut file).unwrap();
    let (expected, ..) = plain(&file).unwrap();
    let sizes = Sizes { chunk: 2000, overlap: 1000, window: 1000, ..Sizes::USUAL };
    for threads in [1, 2, 3] {
        let mut inventory = Inventory::open(file.as_slice()).unwrap();
        inventory.carry(&carried()).unwrap();
        let mut rows = Vec::new();
        let read =
            inventory.read_with_sizes(sizes, NonZero::new(threads).unwrap(), &All, |chunk| {
                if rows.len() % 7 == 0 {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                rows.extend(chunk.partial);
                Ok::<(), Infallible>(())
            });
        assert_eq!(read.unwrap().counts.understood, 2000);
        assert!(rows == expected, "{threads} threads");
    }
}

#[test]
fn an_error_of_the_keeper_at_the_last_rows_is_not_lost() {
    let mut file = Vec::new();
    write_csv(&Options::new(500, 1), &mut file).unwrap();
    let sizes = Sizes { chunk: 5000, overlap: 1000, window: 1000, ..Sizes::USUAL };
    for threads in [1, 2, 3] {
        let inventory = Inventory::open(file.as_slice()).unwrap();
        let mut rows = 0;
        let read =
            inventory.read_with_sizes(sizes, NonZero::new(threads).unwrap(), &All, |chunk| {
                rows += chunk.partial.len();
                if rows == 500 { Err("full") } else { Ok(()) }
            });
        assert!(matches!(read, Err(Stop::Keep("full"))), "{threads} threads");
        assert_eq!(rows, 500);
    }
}

#[test]
fn more_kinds_of_rows_than_are_remembered_are_read_as_plainly() {
    let mut file = b"Device ID,OS version,Notes,OS,Supervised\n".to_vec();
    for row in 0..60_000_u32 {
        let (major, minor) = (row % 300, row / 300);
        file.extend(format!("{row},{major}.{minor},,iOS/iPadOS,True\n").bytes());
    }
    let expected = plain(&file);
    for threads in [1, 2] {
        assert!(bulk(file.as_slice(), Sizes::USUAL, threads) == expected, "{threads} threads");
    }
}

#[test]
fn a_letter_that_a_comma_cuts_is_no_letter_of_utf_8_on_either_side() {
    let mut file = b"Notes,Device name,OS\n".to_vec();
    for (notes, name) in [
        (&b"\xe2"[..], &b"\x80\x99s phone"[..]),
        (b"\xe2\x80", b"\x99s phone"),
        (b"\xc3", b"\xabs phone"),
        (b"x", b"Zo\xc3"),
        (b"x", b"Dana\xe2\x80"),
        ("’".as_bytes(), "’".as_bytes()),
    ] {
        file.extend([notes, b",", name, b",Linux\n"].concat());
    }
    let (rows, _, totals, problems) = plain(&file).unwrap();
    // The names are carried along as well.
    assert_eq!((rows.len(), problems.len(), totals.counts.windows_1252), (6, 0, 2 * 5));
    assert_eq!(rows[3].2, "ZoÃ");
    for threads in [1, 2] {
        assert_eq!(bulk(file.as_slice(), Sizes::USUAL, threads), plain(&file));
    }
}

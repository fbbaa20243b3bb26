//! Parquet says what the same table says as CSV.

use std::convert::Infallible;
use std::num::NonZero;

use eligibility::facts::Fact;
use inventory::{Format, Inventory, OpenError, Sizes, Stop};
use proptest::prelude::*;
use testkit::inventories::{All, Everything, in_bulk, plainly, without_lines};
use testkit::parquet::{Cells, Column, Large, Layout, Small, as_csv, write};

/// Returns what the plain reader finds in the table as CSV; a row of a Parquet file stands on no
/// line.
fn by_rows(file: &[u8]) -> Everything {
    let csv = as_csv(file);
    let all = plainly(csv.as_slice());
    without_lines(all.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&csv))))
}

fn by_columns(file: &[u8], rows: usize, threads: usize) -> Everything {
    let sizes = Sizes { rows, ..Sizes::USUAL };
    in_bulk(file, sizes, threads).unwrap_or_else(|error| panic!("{error}"))
}

const NAMES: [&str; 20] = [
    "Device ID",
    "Device name",
    "Last check-in",
    "OS",
    "DeviceType",
    "OS version",
    "Model",
    "Managed by",
    "ManagementAgents",
    "Ownership",
    "OwnerType",
    "Device state",
    "ManagementState",
    "Supervised",
    "Encrypted",
    "JoinType",
    "EnrollmentType",
    "HasUnlockToken",
    "Serial number",
    "Free storage",
];

const TIDY: [&str; 8] = [
    "device-id",
    "device-name",
    "platform",
    "management",
    "os-version",
    "reset-token",
    "supervised",
    "ownership",
];

/// Texts that some columns understand and others reject.
const TEXTS: [&str; 44] = [
    "",
    " ",
    "iOS/iPadOS",
    " iPadOS ",
    "Android (fully managed)",
    "Android",
    "Windows",
    "macOS",
    "iPad Air 2",
    "iPhone 12",
    "Pixel 8",
    "16",
    "7.1.2",
    "17.1",
    "True",
    "No",
    "Corporate",
    "Personal",
    "Managed",
    "WipePending",
    "Intune",
    "ConfigMgr",
    "EAS",
    "appleUserEnrollment",
    "Azure AD joined",
    "2026-08-05 07:31:00.1234567",
    "2026-08-05T09:31:00Z",
    "0001-01-01 00:00:00.0000000",
    "8/5/2026",
    "\"quoted\"",
    "\"Linux\"",
    "a,b",
    "a\nb\r\n",
    "Zoë",
    "Ubuntu 24.04 LTS",
    "unknown",
    "Lynix",
    "2",
    "8",
    "android",
    "fully-managed",
    "active",
    "corporate",
    "shared-ipad",
];

/// Returns a cell: mostly one that fits its column, so that most rows are understood.
fn any_text(name: &'static str) -> impl Strategy<Value = String> {
    let fitting: &'static [&'static str] = match name {
        "OS" => &["iOS/iPadOS", "Android (fully managed)", "Windows", "macOS", "Android", "iPadOS"],
        "DeviceType" => &["iPad", "8", "android", "Windows"],
        "OS version" | "os-version" => &["16", "7.1.2", "17.1", "10.0.19045"],
        "Managed by" | "ManagementAgents" => &["Intune", "mdm", "2", "EAS"],
        "Ownership" | "OwnerType" => &["Corporate", "Personal", "Unknown", "1"],
        "Device state" | "ManagementState" => &["Managed", "WipePending", "0"],
        "Supervised" | "Encrypted" => &["True", "No", "Yes", "false"],
        "JoinType" => &["Azure AD joined", "Hybrid Azure AD joined"],
        "EnrollmentType" => &["appleUserEnrollment", "Unknown", "userEnrollment"],
        "Last check-in" => &[
            "2026-08-05 07:31:00.1234567",
            "2026-08-04 23:59:59.0000000",
            "2025-12-31 00:00:00.5000000",
            "2026-08-05T09:31:00Z",
        ],
        "platform" => &["android", "ios", "macos"],
        "management" => &["fully-managed", "device-enrollment", "unknown"],
        "reset-token" => &["active", "pending"],
        "supervised" => &["true", "false"],
        "ownership" => &["corporate", "personal"],
        _ => &TEXTS,
    };
    prop_oneof![
        30 => prop::sample::select(fitting).prop_map(str::to_owned),
        1 => prop::sample::select(&TEXTS[..]).prop_map(str::to_owned),
        1 => Just(String::new()),
    ]
}

fn optional<T: Clone + std::fmt::Debug>(
    cell: impl Strategy<Value = T>,
    rows: usize,
) -> impl Strategy<Value = Vec<Option<T>>> {
    let weight = prop::sample::select(&[0.0, 0.1, 0.9][..]);
    (prop::collection::vec(cell, rows), prop::collection::vec(0.0..1.0, rows), weight).prop_map(
        |(cells, dice, nulls)| {
            let there = |(cell, dice): (T, f64)| (dice >= nulls).then_some(cell);
            cells.into_iter().zip(dice).map(there).collect()
        },
    )
}

/// Cells of a type that fits the column, mostly.
fn any_cells(name: &'static str, rows: usize) -> impl Strategy<Value = Cells> {
    let bytes = prop_oneof![
        20 => any_text(name).prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    let small = prop::sample::select(&[Small::Signed, Small::Unsigned, Small::Days][..]);
    let number = prop_oneof![20 => 0..20_i32, 1 => any::<i32>()];
    let large = [Large::Signed, Large::Milliseconds, Large::Microseconds, Large::Nanoseconds];
    let timestamp = prop_oneof![
        20 => 1_700_000_000_000..1_790_000_000_000_i64,
        1 => any::<i64>(),
        1 => prop::sample::select(&[-62_135_596_800_000, 253_402_300_799_999, 0][..]),
    ];
    let is_truth = matches!(name, "Supervised" | "supervised" | "Encrypted" | "HasUnlockToken");
    let is_number = name.ends_with("ersion")
        || matches!(name, "DeviceType" | "OwnerType" | "ManagementState" | "ManagementAgents");
    let is_timestamp = name == "Last check-in";
    let often = |fits: bool| if fits { 20 } else { 1 };
    let truths = optional(any::<bool>(), rows).prop_map(Cells::Truths);
    let numbers = (small, optional(number, rows));
    let timestamps = (prop::sample::select(large.to_vec()), optional(timestamp, rows));
    prop_oneof![
        40 => optional(any_text(name), rows).prop_map(Cells::Texts),
        5 => optional(bytes, rows).prop_map(Cells::Bytes),
        often(is_truth) => truths,
        often(is_number) => numbers.prop_map(|(kind, cells)| Cells::Small(kind, cells)),
        often(is_timestamp) => timestamps.prop_map(|(kind, cells)| Cells::Large(kind, cells)),
    ]
}

fn any_table() -> impl Strategy<Value = Vec<Column>> {
    let portal = prop::sample::subsequence(NAMES.to_vec(), 1..NAMES.len())
        .prop_map(|mut names| {
            // Without any of these a table says nothing of devices.
            if !names.contains(&"OS") {
                names.push("OS");
            }
            names
        })
        .prop_shuffle();
    let tidy = prop::sample::subsequence(TIDY.to_vec(), 1..TIDY.len()).prop_map(|mut names| {
        if !names.contains(&"platform") {
            names.push("platform");
        }
        names
    });
    (prop_oneof![3 => portal, 1 => tidy], 0..60_usize).prop_flat_map(|(names, rows)| {
        let columns = names.into_iter().map(move |name| {
            any_cells(name, rows).prop_map(move |cells| Column { name: name.to_owned(), cells })
        });
        columns.collect::<Vec<_>>()
    })
}

fn any_layout() -> impl Strategy<Value = Layout> {
    let dictionary = prop::sample::select(&[None, Some(1), Some(40), Some(1 << 20)][..]);
    let truths = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (1..70_usize, 1..40_usize, dictionary, truths).prop_map(
        |(group, page, dictionary, (second_form, delta, packed, required))| Layout {
            group,
            page,
            dictionary,
            second_form,
            delta,
            packed,
            required,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn any_table_is_read_as_the_same_table_in_csv(
        table in any_table(),
        layout in any_layout(),
        rows in prop_oneof![1..70_usize, Just(16_384)],
        threads in 1..4_usize,
    ) {
        let file = write(&table, &layout);
        let (found, expected) = (by_columns(&file, rows, threads), by_rows(&file));
        for (found, expected) in found.1.iter().zip(&expected.1) {
            prop_assert_eq!(found, expected);
        }
        for (found, expected) in found.0.iter().zip(&expected.0) {
            prop_assert_eq!(found, expected);
        }
        prop_assert_eq!(found.2, expected.2);
        prop_assert_eq!(found.3, expected.3);
    }

    #[test]
    fn a_damaged_file_is_an_error_or_a_table_and_never_a_panic(
        table in any_table(),
        layout in any_layout(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut file = write(&table, &layout);
        for (place, byte) in damage {
            *place.get_mut(&mut file) = byte;
        }
        let one = in_bulk(file.as_slice(), Sizes::USUAL, 1).map_err(|error| error.to_string());
        let three = in_bulk(file.as_slice(), Sizes::USUAL, 3).map_err(|error| error.to_string());
        prop_assert_eq!(one, three);
    }
}

fn small_table() -> Vec<Column> {
    let texts = |name: &str, cells: &[&str]| Column {
        name: name.to_owned(),
        cells: Cells::Texts(cells.iter().map(|cell| Some((*cell).to_owned())).collect()),
    };
    vec![
        texts("Device ID", &["1", "2", "3"]),
        texts("OS", &["Windows", "Lynix", "macOS"]),
        texts("OS version", &["10.0.19045", "1", "14"]),
    ]
}

#[test]
fn a_cell_that_is_not_understood_names_the_row_and_the_column_and_no_line() {
    let file = write(&small_table(), &Layout::USUAL);
    let (devices, rejections, totals, problems) = by_columns(&file, 2, 1);
    assert_eq!(devices.iter().map(|device| device.1.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!((totals.counts.read, rejections.len(), totals.problems.cells()), (3, 0, 1));
    let said = problems[0].to_string();
    assert!(said.starts_with("row 2, column `OS`: found `Lynix`, expected"), "{said}");
    assert_eq!(problems[0].guess(), Some("Linux"));
}

#[test]
fn a_column_without_a_type_has_no_values() {
    let mut table = small_table();
    let name = "Ownership".to_owned();
    table.push(Column { name, cells: Cells::Small(Small::Nothing, vec![None; 3]) });
    let file = write(&table, &Layout::USUAL);
    let (devices, rejections, ..) = by_columns(&file, 16_384, 1);
    assert_eq!((devices.len(), rejections.len()), (3, 0));
    assert!(devices.iter().all(|device| device.0.ownership == Fact::Unknown));
}

#[test]
fn pages_that_unpack_to_far_more_than_their_size_are_an_error() {
    // One text of 65 MiB, which is packed into some MiB.
    let mut table = small_table();
    table[2].cells =
        Cells::Texts(["x".repeat(65 << 20), "1".into(), "2".into()].map(Some).to_vec());
    let layout = Layout { page: 1, dictionary: None, ..Layout::USUAL };
    let file = write(&table, &layout);
    assert!(file.len() < 8 << 20, "{}", file.len());
    let inventory = Inventory::open(file.as_slice()).unwrap();
    let read = inventory.read(NonZero::<usize>::MIN, &All, |_| Ok::<(), Infallible>(()));
    let Err(Stop::Read(error)) = read else { panic!("it was read") };
    assert!(error.to_string().contains("a page is too large"), "{error}");
}

#[test]
fn two_ids_that_are_not_utf_8_are_two_though_their_bytes_together_are() {
    let mut table = small_table();
    let ids = [&b"1"[..], &[0xe1], &[0x80, 0x80]];
    table[0].cells = Cells::Bytes(ids.iter().map(|id| Some(id.to_vec())).collect());
    let file = write(&table, &Layout::USUAL);
    let found = by_columns(&file, 16_384, 1);
    assert_eq!(found, by_rows(&file));
    let (devices, rejections, totals, problems) = found;
    let ids: Vec<_> = devices.iter().map(|device| (&*device.1, device.3.is_some())).collect();
    assert_eq!(ids, [("1", true), ("á", true), ("€€", true)]);
    assert_eq!((rejections.len(), totals.counts.windows_1252, problems.len()), (0, 2, 1));
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_an_error() {
    let file = write(&small_table(), &Layout::USUAL);
    for length in 4..file.len() {
        let Err(error) = in_bulk(&file[..length], Sizes::USUAL, 1) else { panic!("{length}") };
        let said = error.to_string();
        assert!(said.starts_with("found a damaged Parquet file ("), "{said}");
    }
}

#[test]
fn a_column_that_cannot_be_read_is_named_if_it_is_needed() {
    let timestamps = |name: &str| Column {
        name: name.to_owned(),
        cells: Cells::Large(Large::Microseconds, vec![Some(0); 3]),
    };
    let mut table = small_table();
    table.push(timestamps("Enrollment date"));
    let file = write(&table, &Layout::USUAL);
    let inventory = Inventory::open(file.as_slice()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(inventory.format(), Format::Parquet);
    assert_eq!(inventory.columns().ignored, ["Enrollment date"]);
    assert_eq!(inventory.columns().recognised, ["Device ID", "OS", "OS version"]);
}

#[test]
fn other_tables_are_refused_as_in_csv() {
    let table = [Column { name: "Price".to_owned(), cells: Cells::Truths(vec![None]) }];
    let file = write(&table, &Layout::USUAL);
    let Err(OpenError::NotAnInventory(error)) = Inventory::open(file.as_slice()) else {
        panic!("it opened")
    };
    assert_eq!(
        error.to_string(),
        "found a table with other columns (`Price`), expected a device inventory"
    );
}

fn case(name: &str) -> Vec<u8> {
    std::fs::read(acceptance::root().join("tests/cases/parquet").join(name)).unwrap()
}

#[test]
fn the_files_of_other_programs_say_what_the_csv_says() {
    let expected = without_lines(plainly(case("devices.csv").as_slice()).unwrap());
    assert_eq!((expected.0.len(), expected.1.len(), expected.3.len()), (60, 0, 22));
    for name in ["duckdb", "duckdb-2", "polars", "arrow", "arrow-delta", "arrow-old"] {
        let file = case(&format!("{name}.parquet"));
        assert_eq!(by_columns(&file, 7, 2), expected, "{name}");
    }
}

#[test]
fn a_column_that_is_needed_and_cannot_be_read_is_named() {
    for (name, message) in [
        (
            "fractions",
            "found a Parquet file whose column `OS version` has values of the type DOUBLE",
        ),
        ("lists", "found a Parquet file whose column `OS` has lists or structures"),
    ] {
        let file = case(&format!("{name}.parquet"));
        let Err(error) = Inventory::open(file.as_slice()) else { panic!("{name} opened") };
        assert_eq!(error.to_string(), format!("{message}, expected a device inventory"));
    }
    let (devices, ..) = by_columns(&case("nested.parquet"), 10, 1);
    assert_eq!(devices.len(), 1, "its notes are not needed");
}

#[test]
fn pages_packed_by_a_method_that_is_not_understood_are_an_error_that_names_it() {
    let Err(error) = in_bulk(case("brotli.parquet").as_slice(), Sizes::USUAL, 2) else {
        panic!("it was read")
    };
    assert_eq!(
        error.to_string(),
        "cannot read on at row 1: its pages are packed by brotli; understood are snappy, zstd and \
         gzip"
    );
}

//! Facts files and columns that were added to exports: every way to read them gives what a plain
//! comparison of texts gives, whatever the formats, the threads and the order of files.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::num::NonZero;

use eligibility::facts::{Fact, FactName, Facts, Platform, Value};
use inventory::{
    Batch, Entry, FactsTable, Held, Holders, Inventory, JoinKey, JoinedFacts, Joining, Projection,
    Purpose, Reader, Sink, Sizes,
};
use proptest::prelude::*;
use proptest::sample::select;
use testkit::parquet::{Cells, Column, Layout, write};

/// A table of texts.
#[derive(Clone, Debug)]
struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
}

/// The form of a table.
#[derive(Clone, Copy, Debug)]
enum Form {
    Csv,
    Semicolons,
    Utf16,
    JsonLines,
    Parquet,
}

const FORMS: [Form; 5] = [Form::Csv, Form::Semicolons, Form::Utf16, Form::JsonLines, Form::Parquet];

impl Table {
    fn written(&self, form: Form) -> Vec<u8> {
        let text = |delimiter: &str| -> String {
            let lines = std::iter::once(&self.header).chain(&self.rows);
            lines.map(|cells| cells.join(delimiter) + "\n").collect()
        };
        match form {
            Form::Csv => text(",").into_bytes(),
            Form::Semicolons => text(";").into_bytes(),
            Form::Utf16 => {
                let text = format!("\u{feff}{}", text("\t"));
                text.encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
            Form::JsonLines => {
                let object = |row: &Vec<&str>| {
                    let cells = self.header.iter().zip(row);
                    let cells: Vec<_> =
                        cells.map(|(name, cell)| format!("{name:?}:{cell:?}")).collect();
                    format!("{{{}}}\n", cells.join(","))
                };
                self.rows.iter().map(object).collect::<String>().into_bytes()
            }
            Form::Parquet => {
                let column = |(at, name): (usize, &&str)| {
                    let cell = |row: &Vec<&str>| (!row[at].is_empty()).then(|| row[at].to_owned());
                    let cells = Cells::Texts(self.rows.iter().map(cell).collect());
                    Column { name: (*name).to_owned(), cells }
                };
                let columns: Vec<_> = self.header.iter().enumerate().map(column).collect();
                write(&columns, &Layout::USUAL)
            }
        }
    }
}

/// The findings: devices by facts, and for each facts file the rows that matched, those with an
/// ambiguous key, and the contradictions.
type Found = (BTreeMap<String, u64>, Vec<(u64, u64, u64)>);

fn shown(facts: &Facts) -> String {
    let facts: Vec<_> = FactName::ALL.iter().map(|name| facts.get(*name)).collect();
    format!("{facts:?}")
}

struct Devices;

impl Sink for Devices {
    type Local = ();
    type Partial = Vec<Facts>;

    fn projection(&self) -> Projection {
        Projection { facts: FactName::ALL.iter().copied().collect(), ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> Vec<Facts> {
        Vec::new()
    }

    fn consume(&self, (): &mut (), partial: &mut Vec<Facts>, batch: &mut Batch) {
        partial.extend((0..batch.len()).map(|row| batch.facts(row)));
    }
}

fn joined(inventories: &[Vec<u8>], files: &[Vec<u8>], sizes: Sizes, threads: usize) -> Found {
    let threads = NonZero::new(threads).unwrap();
    let mut tables: Vec<FactsTable> = Vec::new();
    for file in files {
        let file = Inventory::open_for(Purpose::Facts, file.as_slice()).unwrap();
        let mut table = FactsTable::new(&file).unwrap();
        let read = file.read_with_sizes(sizes, threads, &table.sink(), |chunk| {
            table.add(&chunk.partial);
            Ok::<(), Infallible>(())
        });
        assert_eq!(read.unwrap().counts.understood, table.rows());
        tables.push(table);
    }
    let mut held = Held::default();
    for inventory in inventories {
        let inventory = Inventory::open(inventory.as_slice()).unwrap();
        let read = inventory.read_with_sizes(sizes, threads, &Holders::new(&tables), |chunk| {
            held.add(chunk.partial);
            Ok::<(), Infallible>(())
        });
        read.unwrap();
    }
    held.finish(&mut tables);
    let (mut devices, mut joined) = (BTreeMap::new(), JoinedFacts::of(&tables));
    for inventory in inventories {
        let inventory = Inventory::open(inventory.as_slice()).unwrap();
        let sink = Joining::new(&Devices, &tables);
        let read = inventory.read_with_sizes(sizes, threads, &sink, |chunk| {
            let (facts, rows) = chunk.partial;
            JoinedFacts::add(&mut joined, rows);
            facts.iter().for_each(|facts| *devices.entry(shown(facts)).or_default() += 1);
            Ok::<(), Infallible>(())
        });
        read.unwrap();
    }
    let counts = joined.iter().zip(&tables).map(|(joined, table)| {
        (joined.matched(table), JoinedFacts::ambiguous(table), joined.contradictions())
    });
    (devices, counts.collect())
}

/// Returns the combination of several statements: the values that all admit, or else those that any admits.
/// The values are the words of a fact, or versions.
fn together(statements: &[Fact<Value>]) -> (Fact<Value>, bool) {
    let known: Vec<_> = statements.iter().copied().filter(|it| *it != Fact::Unknown).collect();
    let mut values: BTreeSet<Value> = BTreeSet::new();
    for statement in &known {
        match statement {
            Fact::Known(value) => values.extend([*value]),
            Fact::OneOf(choices) => values.extend(choices.iter().map(Value::Choice)),
            Fact::Unknown => {}
        }
    }
    let admitted = values.iter().filter(|value| known.iter().all(|it| it.admits(**value)));
    let admitted: Vec<_> = admitted.copied().collect();
    match (known.is_empty(), admitted.is_empty()) {
        (true, _) => (Fact::Unknown, false),
        (false, false) => (Fact::one_of(admitted), false),
        (false, true) => (Fact::one_of(values), true),
    }
}

struct Read {
    id: String,
    name: String,
    serial: String,
    facts: Facts,
}

fn rows(purpose: Purpose, file: &[u8]) -> Vec<Read> {
    let mut reader = Reader::open_for(purpose, file).unwrap();
    let mut rows = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        if let Entry::Row(row) = entry {
            rows.push(Read {
                id: row.device_id.to_lowercase(),
                name: row.device_name.to_lowercase(),
                serial: row.serial_number.to_lowercase(),
                facts: row.facts,
            });
        }
    }
    rows
}

/// Finds the same by comparing texts. The tables are read as CSV.
fn plainly(inventories: &[Table], files: &[(JoinKey, Table)]) -> Found {
    let csv = |table: &Table| table.written(Form::Csv);
    let devices: Vec<_> =
        inventories.iter().flat_map(|table| rows(Purpose::Inventory, &csv(table))).collect();
    let files: Vec<_> =
        files.iter().map(|(key, table)| (*key, rows(Purpose::Facts, &csv(table)))).collect();
    let key = |key: JoinKey, device: &Read| match key {
        JoinKey::DeviceId => device.id.clone(),
        JoinKey::SerialNumber => device.serial.clone(),
        JoinKey::DeviceName => device.name.clone(),
    };
    let said_key = |key: JoinKey, row: &Read| match key {
        JoinKey::DeviceId => row.id.clone(),
        _ => row.name.clone(),
    };
    let holders = |of: JoinKey, text: &str| {
        let same = devices.iter().filter(|device| key(of, device) == text);
        let ids: Vec<_> = same
            .map(|device| if device.id.is_empty() { &device.serial } else { &device.id })
            .collect();
        let nameless = ids.iter().filter(|id| id.is_empty()).count();
        ids.iter().filter(|id| !id.is_empty()).collect::<BTreeSet<_>>().len() + nameless
    };
    let mut counts = vec![(0, 0, BTreeSet::new()); files.len()];
    for ((of, file), counts) in files.iter().zip(&mut counts) {
        for row in file {
            let text = said_key(*of, row);
            let held = if text.is_empty() { 0 } else { holders(*of, &text) };
            counts.0 += u64::from(held == 1 || held > 1 && *of == JoinKey::DeviceId);
            counts.1 += u64::from(held > 1 && *of != JoinKey::DeviceId);
        }
    }
    let mut found = BTreeMap::new();
    for device in &devices {
        let said: Vec<(String, Facts)> = files
            .iter()
            .map(|(of, file)| {
                let text = key(*of, device);
                let several = *of != JoinKey::DeviceId && holders(*of, &text) > 1;
                let rows = file
                    .iter()
                    .filter(|row| !text.is_empty() && said_key(*of, row) == text && !several);
                let rows: Vec<_> = rows.map(|row| row.facts).collect();
                let mut said = Facts::default();
                for fact in FactName::ALL.iter().copied() {
                    let all: Vec<_> = rows.iter().map(|row| row.get(fact)).collect();
                    said.set(fact, together(&all).0);
                }
                (text, said)
            })
            .collect();
        let mut facts = device.facts;
        for fact in FactName::ALL.iter().copied() {
            let mut all: Vec<_> = said.iter().map(|(_, said)| said.get(fact)).collect();
            all.push(device.facts.get(fact));
            let (value, contradictory) = together(&all);
            facts.set(fact, value);
            for ((text, said), counts) in said.iter().zip(&mut counts) {
                if contradictory && said.get(fact) != Fact::Unknown {
                    counts.2.insert((text.clone(), fact));
                }
            }
        }
        *found.entry(shown(&facts)).or_default() += 1;
    }
    let counts = counts.into_iter().map(|(matched, ambiguous, contradictions)| {
        (matched, ambiguous, contradictions.len() as u64)
    });
    (found, counts.collect())
}

const IDS: &[&str] = &[
    "37d6f1b5-25fd-4e6f-8952-cf7810706001",
    "37D6F1B5-25fd-4e6f-8952-cf7810706001",
    "37d6f1b5-25fd-4e6f-8952-cf7810706002",
    "ab17",
    "AB17",
    "",
];
const SERIALS: &[&str] = &["S1", "s1", "S2", "C02XK1", ""];
const NAMES: &[&str] = &["Ada", "ada", "Bob", "Cleo", ""];

fn any_inventory() -> impl Strategy<Value = Table> {
    let row = (
        select(IDS),
        select(NAMES),
        select(SERIALS),
        select(&["Linux", "Windows"][..]),
        select(&["7", "8.1", ""][..]),
        select(&["Corporate", "Personal", ""][..]),
        select(&["active", "lost", ""][..]),
    );
    proptest::collection::vec(row, 1..12).prop_map(|rows| Table {
        header: vec![
            "Device ID",
            "Device name",
            "Serial number",
            "OS",
            "OS version",
            "Ownership",
            "reset-token",
        ],
        rows: rows
            .into_iter()
            .map(|row| vec![row.0, row.1, row.2, row.3, row.4, row.5, row.6])
            .collect(),
    })
}

fn any_facts() -> impl Strategy<Value = (JoinKey, Table)> {
    let keys = select(
        &[
            (JoinKey::DeviceId, "Device ID", IDS),
            (JoinKey::SerialNumber, "Serial", SERIALS),
            (JoinKey::DeviceName, "Computer name", NAMES),
        ][..],
    );
    keys.prop_flat_map(|(key, column, texts)| {
        let row = (
            select(texts),
            select(&["active", "Lost", "active|pending", ""][..]),
            select(&["7", "9", ""][..]),
            select(&["corporate", "personal", ""][..]),
            select(&["Yes", "false", "1", ""][..]),
        );
        proptest::collection::vec(row, 1..8).prop_map(move |rows| {
            let table = Table {
                header: vec![column, "Reset token", "os-version", "ownership", "passcode_set"],
                rows: rows.into_iter().map(|row| vec![row.0, row.1, row.2, row.3, row.4]).collect(),
            };
            (key, table)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_joined_is_what_a_comparison_of_texts_finds(
        inventories in proptest::collection::vec(any_inventory(), 1..3),
        files in proptest::collection::vec(any_facts(), 1..4),
        (first, second) in (0..FORMS.len(), 0..FORMS.len()),
        (chunk, overlap, window) in (1..400_u64, 0..100_usize, 1..150_usize),
    ) {
        let sizes = Sizes { chunk, overlap, window, ..Sizes::USUAL };
        let expected = plainly(&inventories, &files);
        let write = |table: &Table, form: usize| table.written(FORMS[form % FORMS.len()]);
        let bytes: Vec<_> =
            inventories.iter().enumerate().map(|(at, table)| write(table, first + at)).collect();
        let said: Vec<_> =
            files.iter().enumerate().map(|(at, (_, table))| write(table, second + at)).collect();
        for threads in [1, 3] {
            prop_assert_eq!(&joined(&bytes, &said, sizes, threads), &expected);
        }
        let backward = |files: &[Vec<u8>]| files.iter().rev().cloned().collect::<Vec<_>>();
        let (devices, mut counts) = joined(&backward(&bytes), &backward(&said), Sizes::USUAL, 2);
        counts.reverse();
        prop_assert_eq!((devices, counts), expected);
    }
}

/// The columns of an export, and those that were added.
const ADDED: [&str; 12] = [
    "OS",
    "OS version",
    "Managed by",
    "Ownership",
    "Supervised",
    "platform",
    "management",
    "ownership",
    "supervised",
    "os-version",
    "Reset token",
    "passcode-set",
];

fn any_export() -> impl Strategy<Value = Table> {
    let cells = [
        &["iOS/iPadOS", "Android (dedicated)", "AOSP", "Windows"][..],
        &["17.5", "8", ""],
        &["Intune", "intuneAosp", ""],
        &["Personal", "Corporate", ""],
        &["True", "False", ""],
        &["ipados", "ios", "android", "", "", "x"],
        &["dedicated", "aosp-userless", "user-enrollment", "", "", ""],
        &["personal", "Company", "", "", ""],
        &["yes", "no", "", "", "maybe"],
        &["17.5", "8", "", "", ""],
        &["active", "Lost", ""],
        &["TRUE", "0", "-"],
    ];
    let row = cells.map(select);
    let chosen = proptest::collection::vec(any::<bool>(), ADDED.len());
    (proptest::collection::vec(row, 1..20), chosen).prop_map(|(rows, mut chosen)| {
        chosen[0] = true;
        let only = |cells: &[&'static str]| -> Vec<&'static str> {
            cells
                .iter()
                .zip(&chosen)
                .filter(|(_, chosen)| **chosen)
                .map(|(cell, _)| *cell)
                .collect()
        };
        Table { header: only(&ADDED), rows: rows.iter().map(|row| only(row)).collect() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn added_columns_are_read_alike_by_every_reader(export in any_export(), chunk in 1..300_u64) {
        let sizes = Sizes { chunk, ..Sizes::USUAL };
        for form in [Form::Csv, Form::Semicolons, Form::Utf16] {
            let file = export.written(form);
            let plain = testkit::inventories::plainly(file.as_slice()).unwrap();
            for threads in [1, 2] {
                let bulk = testkit::inventories::in_bulk(file.as_slice(), sizes, threads).unwrap();
                prop_assert_eq!(&bulk, &plain);
            }
        }
        let plain = testkit::inventories::plainly(export.written(Form::Csv).as_slice()).unwrap();
        let parquet = export.written(Form::Parquet);
        let parquet = testkit::inventories::in_bulk(parquet.as_slice(), Sizes::USUAL, 2).unwrap();
        let (devices, rejections, ..) = testkit::inventories::without_lines(plain);
        prop_assert_eq!(&parquet.0, &devices);
        prop_assert_eq!(&parquet.1, &rejections);
    }
}

#[test]
fn a_fact_that_a_later_object_has_first_is_read_or_its_device_is_refused() {
    let phone =
        |id: u32| format!("{{\"id\":\"{id}\",\"operatingSystem\":\"iOS\",\"model\":\"x\"}}\n");
    let told = "{\"id\":\"t\",\"operatingSystem\":\"iOS\",\"unlock-token\":\"held\"}\n";
    for (before, refused) in [(1, 0), (20_000, 1)] {
        let file: String = (0..before).map(phone).chain([told.to_owned(), phone(before)]).collect();
        let plain = testkit::inventories::plainly(file.as_bytes()).unwrap();
        let (devices, rejections, ..) = &plain;
        assert_eq!((devices.len(), rejections.len()), (before as usize + 2 - refused, refused));
        let held = devices.iter().filter(|device| device.0.unlock_token.is_known()).count();
        assert_eq!(held + refused, 1);
        for threads in [1, 2] {
            let bulk =
                testkit::inventories::in_bulk(file.as_bytes(), Sizes::USUAL, threads).unwrap();
            assert!(bulk == plain, "{before} devices before it, {threads} threads");
        }
    }
}

#[test]
fn an_ipad_that_an_export_calls_ios_is_no_contradiction() {
    let inventory = b"Device ID,OS\n17,iOS/iPadOS\n".to_vec();
    let facts = b"Device ID,platform\n17,ipados\n".to_vec();
    let (devices, counts) = joined(&[inventory], &[facts], Sizes::USUAL, 1);
    let ipad = Facts { platform: Fact::Known(Platform::Ipados), ..Facts::default() };
    assert_eq!(devices, BTreeMap::from([(shown(&ipad), 1)]));
    assert_eq!(counts, [(1, 0, 0)]);
}

#[test]
fn a_mode_that_the_platform_does_not_have_contradicts_it() {
    let inventory = b"Device ID,OS\n17,Linux\n".to_vec();
    let facts = b"Device ID,management\n17,dedicated\n".to_vec();
    let (devices, counts) = joined(&[inventory], &[facts], Sizes::USUAL, 1);
    let linux = Facts { platform: Fact::Known(Platform::Linux), ..Facts::default() };
    assert_eq!(devices, BTreeMap::from([(shown(&linux), 1)]));
    assert_eq!(counts, [(1, 0, 1)]);
}

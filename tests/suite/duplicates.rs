//! Several rows of one device: the fast way finds what a plain grouping of all rows finds.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::num::NonZero;

use eligibility::classes::Classes;
use eligibility::facts::{Fact, FactName, Facts};
use eligibility::policy::{PolicyDocument, Reading};
use fleet::{Census, Coder, Counted, Counter, KeyedRows, NewestRows, RowKeys};
use inventory::{
    Batch, CheckIns, DeviceKey, Entry, Format, Inventory, LastCheckIn, Projection, Reader, Sink,
    Sizes,
};
use proptest::prelude::*;

/// The findings in some files.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    /// The devices: facts, and what a list says of them.
    devices: BTreeMap<String, u64>,
    /// Rows set aside, of each file; devices with several rows; contradictions.
    aside: (Vec<u64>, u64, u64),
    /// The number of devices with a check-in, and the latest of them.
    check_ins: (u64, String),
}

fn device(facts: &Facts) -> String {
    let facts: Vec<_> = FactName::ALL.iter().map(|name| facts.get(*name)).collect();
    format!("{facts:?}")
}

/// Returns the greater of two rows of a device counts.
fn rank(row: &inventory::Row) -> (LastCheckIn, Vec<Fact<eligibility::facts::Value>>) {
    let names = FactName::ALL.iter().filter(|name| **name != FactName::OsVersion);
    let names = [&FactName::OsVersion].into_iter().chain(names);
    (row.last_check_in.into(), names.map(|name| row.facts.get(*name)).collect())
}

fn greater(one: &inventory::Row, other: &inventory::Row) -> std::cmp::Ordering {
    let ((at, facts), (other_at, other_facts)) = (rank(one), rank(other));
    // A value counts before several that are possible, and these before nothing.
    let known = |fact: Fact<_>| match fact {
        Fact::Known(_) => 'c',
        Fact::OneOf(_) => 'b',
        Fact::Unknown => 'a',
    };
    let facts = facts.into_iter().zip(other_facts);
    let facts = facts.map(|(one, other)| (known(one), one).cmp(&(known(other), other)));
    facts.fold(at.cmp(&other_at), std::cmp::Ordering::then)
}

fn plainly(files: &[String]) -> Found {
    let mut rows: Vec<(usize, inventory::Row)> = Vec::new();
    for (file, text) in files.iter().enumerate() {
        let mut reader = Reader::open(text.as_bytes()).unwrap();
        while let Some(entry) = reader.next_entry().unwrap() {
            if let Entry::Row(row) = entry {
                rows.push((file, row.clone()));
            }
        }
    }
    let mut groups: HashMap<DeviceKey, Vec<&(usize, inventory::Row)>> = HashMap::new();
    let mut found = Found { aside: (vec![0; files.len()], 0, 0), ..Found::default() };
    let mut counted: Vec<&inventory::Row> = Vec::new();
    for row in &rows {
        match row.1.key() {
            Some(key) => groups.entry(key).or_default().push(row),
            None => counted.push(&row.1),
        }
    }
    for group in groups.values() {
        // Of equal rows the first stays, so that the others are set aside in their files.
        let best = group.iter().rev().max_by(|one, other| greater(&one.1, &other.1)).unwrap();
        counted.push(&best.1);
        for row in group.iter().filter(|row| !std::ptr::eq(**row, *best)) {
            found.aside.0[row.0] += 1;
        }
        found.aside.1 += u64::from(group.len() > 1);
        let contradicts = |row: &&&(usize, inventory::Row)| {
            let same = LastCheckIn::from(row.1.last_check_in) == best.1.last_check_in.into();
            same && row.1.facts != best.1.facts
        };
        found.aside.2 += u64::from(group.iter().any(|row| contradicts(&row)));
    }
    let mut check_ins = CheckIns::default();
    for row in counted {
        *found.devices.entry(device(&row.facts)).or_default() += 1;
        row.last_check_in.known().into_iter().for_each(|timestamp| check_ins.add(timestamp));
    }
    found.check_ins = (check_ins.devices(), format!("{:?}", check_ins.newest()));
    found
}

struct Count {
    counter: Counter,
    numbers: RowKeys,
    /// True if the batches have each version, as for a list.
    exact: bool,
}

impl Sink for Count {
    type Local = (Coder, RowKeys);
    type Partial = (Counted, KeyedRows);

    fn projection(&self) -> Projection {
        Projection { facts: self.counter.facts(), keys: true, ..Projection::default() }
    }

    fn versions(&self) -> Option<Classes> {
        self.counter.versions().filter(|_| !self.exact)
    }

    fn local(&self) -> Self::Local {
        (Coder::default(), self.numbers.clone())
    }

    fn partial(&self) -> Self::Partial {
        (Counted::default(), KeyedRows::default())
    }

    fn consume(&self, local: &mut Self::Local, partial: &mut Self::Partial, batch: &mut Batch) {
        self.counter.consume(&mut local.0, batch, &mut partial.0);
        partial.1.extend(&mut local.1, batch);
    }
}

fn fast(files: &[String], sizes: Sizes, threads: usize) -> Found {
    counted(Census::new(&[], FactName::ALL), true, files, sizes, threads)
}

fn counted(
    mut census: Census,
    exact: bool,
    files: &[String],
    sizes: Sizes,
    threads: usize,
) -> Found {
    let mut newest = NewestRows::new(census.counter().facts(), census.counter());
    let mut check_ins = CheckIns::default();
    let (counter, numbers) = (census.counter().clone(), newest.row_keys());
    let sink = Count { counter, numbers, exact };
    for (file, text) in files.iter().enumerate() {
        let inventory = Inventory::open(text.as_bytes()).unwrap();
        let threads = NonZero::new(threads).unwrap();
        let read = inventory.read_with_sizes(sizes, threads, &sink, |chunk| {
            census.keep(chunk.partial.0);
            newest.add(file, chunk.partial.1);
            Ok::<(), Infallible>(())
        });
        check_ins.merge(&read.unwrap().check_ins);
    }
    let aside = newest.finish();
    let numbers = (0..1000).filter(|number| aside.contains(*number)).count() as u64;
    assert_eq!((numbers, aside.files.iter().sum()), (aside.rows, aside.rows));
    for (facts, rows) in aside.facts() {
        census.remove(facts, rows);
    }
    check_ins.subtract(aside.check_ins());
    Found {
        devices: census.cells().iter().map(|(facts, count)| (device(facts), *count)).collect(),
        aside: (aside.files, aside.devices, aside.contradictions),
        check_ins: (check_ins.devices(), format!("{:?}", check_ins.newest())),
    }
}

/// A policy that treats 9 and 17.10 alike, and 17.5 and 17.6.
const BY_VERSION: &str = r#"
id = "by-version"
title = "Old and new versions"
source = "https://example.com"
documented = 2018-03-29
[[rule]]
id = "old-or-new"
when = { platform = "linux", os-version = ["<10", ">=17.8"] }
then = "remove-passcode"
source = "first bullet"
"#;

const GUID: &str = "37d6f1b5-25fd-4e6f-8952-cf7810706";

/// Returns a row: id, serial number, check-in, and facts.
fn any_row() -> impl Strategy<Value = [String; 5]> {
    let id = prop_oneof![
        4 => (0..6_u32).prop_map(|id| format!("{GUID}{id:03}")),
        1 => (0..6_u32).prop_map(|id| format!("{GUID}{id:03}").to_uppercase()),
        2 => proptest::sample::select(&["1", "2", "a b", "", "Unknown", "0"][..])
            .prop_map(str::to_owned),
    ];
    let serial = proptest::sample::select(&["", "S1", "s1", "C02", "Default string", "0"][..]);
    let check_in = proptest::sample::select(
        &[
            "",
            "2026-09-01 07:49:00.0000000",
            "2026-09-01 07:49:00.0010000",
            "2026-09-02 07:49:00",
            "0001-01-01 00:00:00.0000000",
            "1960-01-01",
            "yesterday",
        ][..],
    );
    let os = proptest::sample::select(&["Linux", "Android (dedicated)", "iOS/iPadOS", ""][..]);
    let version = proptest::sample::select(&["17.5", "17.6", "17.10", "9", ""][..]);
    (id, serial, check_in, os, version).prop_map(|(id, serial, check_in, os, version)| {
        [id, serial.to_owned(), check_in.to_owned(), os.to_owned(), version.to_owned()]
    })
}

/// The positions of the columns that a file has.
const SHAPES: [&[usize]; 5] = [&[0, 1, 2, 3, 4], &[3, 4, 2, 0], &[1, 3, 4], &[3, 2, 4], &[0, 3, 4]];
const HEADERS: [&str; 5] = ["Device ID", "Serial number", "Last check-in", "OS", "OS version"];
const PROPERTIES: [&str; 5] =
    ["id", "serialNumber", "lastSyncDateTime", "operatingSystem", "osVersion"];

fn any_file() -> impl Strategy<Value = String> {
    let rows = proptest::collection::vec(any_row(), 1..30);
    (rows, 0..SHAPES.len(), any::<bool>()).prop_map(|(rows, shape, json)| {
        let line = |cells: &[String; 5]| {
            SHAPES[shape].iter().map(|at| cells[*at].clone()).collect::<Vec<_>>().join(",")
        };
        if json {
            let object = |cells: &[String; 5]| {
                let of = |at: &usize| format!("\"{}\":\"{}\"", PROPERTIES[*at], cells[*at]);
                let properties: Vec<_> = SHAPES[shape].iter().map(of).collect();
                format!("{{{}}}", properties.join(","))
            };
            return rows.iter().map(|row| object(row) + "\n").collect();
        }
        let header = line(&HEADERS.map(str::to_owned));
        let lines = std::iter::once(header).chain(rows.iter().map(line));
        lines.map(|line| line + "\n").collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_newest_rows_are_those_of_a_plain_grouping(
        files in proptest::collection::vec(any_file(), 1..4),
        (chunk, overlap, window) in (1..400_u64, 0..100_usize, 1..150_usize),
    ) {
        let sizes = Sizes { chunk, overlap, window, ..Sizes::USUAL };
        let expected = plainly(&files);
        for threads in [1, 2, 7] {
            let found = fast(&files, sizes, threads);
            prop_assert_eq!(&found, &expected);
        }
        prop_assert_eq!(fast(&files, Sizes::USUAL, 2), expected);
    }

    /// A list has the version of each device, counts have one of those that the policy treats alike.
    #[test]
    fn no_list_changes_the_devices_that_count(
        files in proptest::collection::vec(any_file(), 1..4),
    ) {
        let (policy, _) = PolicyDocument::parse(BY_VERSION).unwrap();
        let policy = policy.read(Reading::Literal);
        let census = || Census::new(&[&policy], &[FactName::Management]);
        // The file of a row that is set aside may be another, where no fact that counts differs.
        let all = |found: Found| {
            let rows: u64 = found.aside.0.iter().sum();
            (found.devices, rows, found.aside.1, found.aside.2, found.check_ins)
        };
        let expected = all(counted(census(), true, &files, Sizes::USUAL, 1));
        for threads in [1, 2, 7] {
            let found = counted(census(), false, &files, Sizes::USUAL, threads);
            prop_assert_eq!(&all(found), &expected);
        }
        let mut backward = files.clone();
        backward.reverse();
        prop_assert_eq!(all(counted(census(), false, &backward, Sizes::USUAL, 2)), expected);
    }

    #[test]
    fn no_order_of_files_changes_the_devices(
        files in proptest::collection::vec(any_file(), 2..4),
    ) {
        let all = |found: Found| (found.devices, found.aside.1, found.aside.2, found.check_ins);
        let mut backward = files.clone();
        backward.reverse();
        let forward = all(fast(&files, Sizes::USUAL, 2));
        prop_assert_eq!(all(fast(&backward, Sizes::USUAL, 2)), forward);
    }
}

#[test]
fn parquet_has_the_keys_and_check_ins_of_its_rows_as_csv() {
    use testkit::parquet::{Cells, Column, Large, Layout, as_csv, write};
    let texts =
        |texts: &[&str]| Cells::Texts(texts.iter().map(|text| Some((*text).to_owned())).collect());
    let column = |name: &str, cells| Column { name: name.to_owned(), cells };
    let day = 1_788_000_000_000;
    let columns = [
        column("Device ID", texts(&["1", "1", "", "", "x"])),
        column("Serial number", texts(&["S1", "S1", "S1", "s1", "0"])),
        column(
            "Last check-in",
            Cells::Large(
                Large::Milliseconds,
                vec![Some(day), Some(day + 1), None, Some(7), Some(day)],
            ),
        ),
        column("OS", texts(&["Linux", "Windows", "Linux", "Windows", "Beos"])),
    ];
    let file = write(&columns, &Layout::USUAL);
    let read = |bytes: &[u8]| {
        let inventory = Inventory::open(bytes).unwrap();
        let counter = Census::new(&[], FactName::ALL).counter().clone();
        let mut newest = NewestRows::new(counter.facts(), &counter);
        let sink = Count { counter, numbers: newest.row_keys(), exact: true };
        let read = inventory.read(NonZero::new(2).unwrap(), &sink, |chunk| {
            newest.add(0, chunk.partial.1);
            Ok::<(), Infallible>(())
        });
        let (aside, totals) = (newest.finish(), read.unwrap());
        let facts: Vec<_> = aside.facts().map(|(facts, rows)| (device(facts), rows)).collect();
        (inventory.format(), facts, aside.rows, aside.devices, totals.keyed)
    };
    let (format, parquet_facts, rows, devices, keyed) = read(&file);
    assert_eq!(format, Format::Parquet);
    assert_eq!((rows, devices), (2, 2));
    let csv = read(&as_csv(&file));
    assert_eq!((csv.1, csv.2, csv.3, csv.4), (parquet_facts, rows, devices, keyed));
}

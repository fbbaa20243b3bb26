use chrono::NaiveDate;
use eligibility::facts::{Fact, FactName};
use inventory::{Batch, DeviceKey, LastCheckIn, Projection, Row};

use super::*;
use crate::example::device;

/// A row: its id, the day of its check-in in 2026, its facts, and its name.
type Line = (&'static str, Option<u32>, &'static str, &'static str);

fn row((id, day, facts, name): Line) -> Row {
    let moment = day.and_then(|day| NaiveDate::from_yo_opt(2026, day)?.and_hms_opt(8, 0, 0));
    Row {
        device_id: id.to_owned(),
        device_name: name.to_owned(),
        last_check_in: moment.map_or(Fact::Unknown, Fact::Known),
        facts: device(facts),
        ..Row::default()
    }
}

fn batch(rows: &[Line], keys: bool) -> Batch {
    let facts = FactName::ALL.iter().copied().collect();
    let mut batch = Batch::new(Projection { facts, keys, identity: true, ..Projection::default() });
    rows.iter().for_each(|line| batch.push(&row(*line)));
    batch
}

/// Returns what is set aside of the rows of some files; `supervised` decides, `ownership` is counted.
fn aside(files: &[&[Line]]) -> SetAside {
    settled(files, MANY)
}

fn only(fact: FactName) -> FactSet {
    [fact].into_iter().collect()
}

fn settled(files: &[&[Line]], limit: usize) -> SetAside {
    let mut newest = NewestRows::new(only(FactName::Supervised), only(FactName::Ownership));
    newest.limit = limit;
    for (file, rows) in files.iter().enumerate() {
        for rows in rows.chunks(2) {
            let mut keyed = KeyedRows::default();
            keyed.extend(&mut newest.numbers(), &batch(rows, true));
            newest.add(file, keyed);
        }
    }
    newest.finish()
}

fn numbers(aside: &SetAside) -> Vec<u64> {
    (0..200).filter(|number| aside.contains(*number)).collect()
}

#[test]
fn the_row_with_the_latest_check_in_counts() {
    let rows: &[Line] = &[
        ("a", Some(1), "platform=ios", ""),
        ("a", Some(3), "platform=android", ""),
        ("a", Some(2), "platform=linux", ""),
        ("b", None, "platform=ios", ""),
        ("b", Some(1), "platform=macos", ""),
    ];
    let aside = aside(&[rows]);
    assert_eq!(numbers(&aside), [0, 2, 3]);
    assert_eq!((aside.rows, aside.devices, aside.contradictions), (3, 2, 0));
    let mut facts: Vec<_> = aside.facts().map(|(facts, rows)| (facts.platform, rows)).collect();
    facts.sort();
    let platforms = ["platform=ios", "platform=linux"].map(|text| device(text).platform);
    assert_eq!(facts, [(platforms[0], 2), (platforms[1], 1)]);
    // A check-in that is unknown is not one of those that are taken out.
    assert_eq!(aside.check_ins().devices(), 2);
}

#[test]
fn between_rows_of_one_check_in_deciding_facts_come_first_then_counted_ones_then_the_version() {
    // Each line: the rows of one device, of which the first counts.
    let devices: [[&str; 2]; 8] = [
        ["supervised=true os-version=9", "supervised=false os-version=10"],
        ["supervised=false os-version=9", "os-version=10"],
        ["os-version=9 ownership=personal", "os-version=10"],
        ["os-version=10", "os-version=9 platform=ios"],
        ["os-version=9 platform=ios", "os-version=9"],
        // A value before several that are possible, and these before nothing.
        ["platform=ios", "platform=ios|ipados"],
        ["platform=android|ios", "management=mdm"],
        ["platform=ios|ipados", "platform=android|ipados"],
    ];
    let contradicted = [1, 1, 0, 0, 0, 0, 0, 0];
    for ([first, second], contradictions) in devices.into_iter().zip(contradicted) {
        for turned in [false, true] {
            let [one, other] = if turned { [second, first] } else { [first, second] };
            let aside = aside(&[&[("a", Some(1), one, ""), ("a", Some(1), other, "")]]);
            assert_eq!(numbers(&aside), [u64::from(!turned)], "{first} before {second}");
            assert_eq!(aside.contradictions, contradictions, "{first} and {second}");
        }
    }
}

#[test]
fn an_older_contradiction_is_forgotten_and_one_of_the_newest_rows_stays() {
    let [yes, no] = ["supervised=true", "supervised=false"];
    let old = [("a", Some(1), yes, ""), ("a", Some(1), no, ""), ("a", Some(2), no, "")];
    assert_eq!(aside(&[&old]).contradictions, 0);
    let new = [
        ("a", Some(2), yes, ""),
        ("a", Some(2), no, ""),
        ("a", Some(2), no, ""),
        ("a", Some(1), no, ""),
    ];
    for limit in [MANY, 2] {
        let aside = settled(&[&new], limit);
        assert_eq!((aside.contradictions, aside.devices, aside.rows), (1, 1, 3), "{limit}");
    }
}

#[test]
fn rows_that_say_the_same_differ_by_their_texts_and_then_the_first_counts() {
    let same = ("a", Some(1), "platform=ios", "x");
    assert_eq!(numbers(&aside(&[&[same, same]])), [1]);
    let other = ("a", Some(1), "platform=ios", "y");
    let [one, two] = [&[same, other], &[other, same]].map(|rows| numbers(&aside(&[rows]))[0]);
    assert_ne!(one, two, "the same row counts in whatever order they come");
}

#[test]
fn files_and_devices_are_told_apart() {
    let [first, second, third]: [&[Line]; 3] = [
        &[("a", Some(1), "platform=ios", ""), ("b", Some(1), "platform=ios", "")],
        &[("c", Some(1), "platform=ios", "")],
        &[("a", Some(2), "platform=ios", ""), ("b", None, "platform=ios", "")],
    ];
    for limit in [MANY, 1, 3] {
        let aside = settled(&[first, second, third], limit);
        assert_eq!(aside.files, [1, 0, 1], "{limit}");
        assert_eq!(numbers(&aside), [0, 4], "{limit}");
        assert_eq!(aside.first.clone().into_iter().collect::<Vec<_>>(), [(3, 0), (4, 1)]);
    }
}

#[test]
fn the_first_repeated_devices_are_named_and_no_more() {
    let ids = ["0a", "1a", "2a", "3a", "4a", "5a", "6a"];
    let rows: Vec<Line> =
        ids.iter().chain(&ids).map(|id| (*id, Some(1), "platform=ios", "")).collect();
    let aside = aside(&[&rows]);
    assert_eq!(aside.devices, 7);
    let named: Vec<_> = aside.first.into_iter().collect();
    assert_eq!(named, [(7, 0), (8, 1), (9, 2), (10, 3), (11, 4)]);
}

#[test]
fn rows_without_a_key_are_no_rows_of_one_device_and_have_their_numbers() {
    let blank = ("", Some(1), "platform=ios", "");
    let again = ("a", Some(1), "platform=ios", "");
    assert_eq!(numbers(&aside(&[&[blank, again, blank, again]])), [3]);
    let mut newest = NewestRows::new(FactSet::EMPTY, FactSet::EMPTY);
    let mut keyed = KeyedRows::default();
    // A file without columns for keys.
    keyed.extend(&mut newest.numbers(), &batch(&[blank, blank, blank], false));
    newest.add(0, keyed);
    let mut keyed = KeyedRows::default();
    keyed.extend(&mut newest.numbers(), &batch(&[again, again], true));
    newest.add(1, keyed);
    let aside = newest.finish();
    assert_eq!((numbers(&aside), aside.files), (vec![4], vec![0, 1]));
}

#[test]
fn many_devices_are_found_in_full_blocks_and_tables() {
    let count = BLOCK * PARTITIONS * 9 / 8;
    let mut newest = NewestRows::new(FactSet::EMPTY, FactSet::EMPTY);
    let check_in = LastCheckIn::default();
    for round in 0..2_u32 {
        let records = (0..count).map(|number| {
            let key = DeviceKey::of_id(&format!("{number}x")).expect("it is no placeholder");
            Record::new(key, check_in, round, 0)
        });
        newest.add(0, KeyedRows { records: records.collect(), without: 0 });
    }
    newest.kinds.number(&device("platform=ios"));
    newest.kinds.number(&device("platform=ios os-version=17"));
    let aside = newest.finish();
    assert_eq!((aside.rows, aside.devices), (count as u64, count as u64));
    // The later row has a version, so the earlier one is set aside.
    assert!(aside.contains(0) && aside.contains(count as u64 - 1) && !aside.contains(count as u64));
}

#[test]
fn a_record_keeps_each_part_of_a_row() {
    let key = DeviceKey::of_id("5f0c").expect("it is no placeholder");
    let check_in = LastCheckIn::from_number((1 << LastCheckIn::BITS) - 2);
    let record = Record::new(key, check_in, 77, u32::MAX);
    assert!(!record.is_empty() && !record.is_repeated() && !record.is_contradicted());
    let (partition, placed) = record.placed(u32::MAX).expect("it is a row");
    assert!(partition < PARTITIONS);
    assert_eq!((placed.number(), placed.kind()), (u64::from(u32::MAX), 77));
    assert_eq!(placed.check_in(), check_in);
    assert!(placed.has_key_of(placed) && !Record::EMPTY.has_key_of(Record::EMPTY));
    let of_id = |id: &str| {
        let key = DeviceKey::of_id(id).expect("it is no placeholder");
        Record::new(key, check_in, 77, 0)
    };
    assert!(!placed.has_key_of(of_id("5f0d")));
    // A tenth of the partitions would take ten times as long.
    let partitions = (1..2000).filter_map(|id| of_id(&id.to_string()).placed(0));
    let partitions: std::collections::BTreeSet<_> = partitions.map(|(at, _)| at).collect();
    assert!(partitions.len() > PARTITIONS / 2 && partitions.iter().all(|at| *at < PARTITIONS));
    assert_eq!(Record::EMPTY.placed(1), None);
}

use chrono::NaiveDate;
use eligibility::facts::{Fact, FactName};
use inventory::{Batch, DeviceKey, LastCheckIn, Projection, Row};

use super::*;
use crate::Census;
use crate::example::device;

/// A row: its id, the day of its check-in in 2026, its facts, and its name.
type Line = (&'static str, Option<u32>, &'static str, &'static str);

fn row((id, day, facts, name): Line) -> Row {
    let timestamp = day.and_then(|day| NaiveDate::from_yo_opt(2026, day)?.and_hms_opt(8, 0, 0));
    Row {
        device_id: id.to_owned(),
        device_name: name.to_owned(),
        last_check_in: timestamp.map_or(Fact::Unknown, Fact::Known),
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

/// Returns the rows of some files that are set aside; `supervised` decides, `ownership` is counted.
fn aside(files: &[&[Line]]) -> SetAside {
    settled(files, MANY)
}

fn only(fact: FactName) -> FactSet {
    [fact].into_iter().collect()
}

fn settled(files: &[&[Line]], limit: usize) -> SetAside {
    let census = Census::new(&[], &[FactName::Ownership]);
    let mut newest = NewestRows::new(only(FactName::Supervised), census.counter());
    newest.limit = limit;
    for (file, rows) in files.iter().enumerate() {
        for rows in rows.chunks(2) {
            let mut keyed = KeyedRows::default();
            keyed.extend(&mut newest.row_keys(), &batch(rows, true));
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
    // Each line: the rows of one device; the first counts.
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
fn files_and_devices_are_distinguished() {
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
    let mut newest = NewestRows::new(FactSet::EMPTY, Census::new(&[], &[]).counter());
    let mut keyed = KeyedRows::default();
    // A file without columns for keys.
    keyed.extend(&mut newest.row_keys(), &batch(&[blank, blank, blank], false));
    newest.add(0, keyed);
    let mut keyed = KeyedRows::default();
    keyed.extend(&mut newest.row_keys(), &batch(&[again, again], true));
    newest.add(1, keyed);
    let aside = newest.finish();
    assert_eq!((numbers(&aside), aside.files), (vec![4], vec![0, 1]));
}

/// Returns rows with all keys from 0 on.
fn rows(count: usize, id: impl Fn(usize) -> usize, row_key: u32) -> KeyedRows {
    let stored = |number| {
        let key = DeviceKey::of_id(&format!("{}x", id(number))).expect("it is no placeholder");
        Stored::new(key, LastCheckIn::default(), row_key)
    };
    let mut columns = Columns::default();
    columns.add((0..count).map(stored), &vec![row_key; count]);
    KeyedRows { columns, without: 0 }
}

#[test]
fn many_devices_are_found_in_whatever_groups_they_are_compared() {
    let count = 25_000;
    for limit in [MANY, 30_000] {
        let mut newest = NewestRows::new(FactSet::EMPTY, Census::new(&[], &[]).counter());
        newest.limit = limit;
        newest.dictionary.key(&device("platform=ios"));
        newest.dictionary.key(&device("platform=ios os-version=17"));
        for row_key in [0, 1, 0] {
            newest.add(0, rows(count, |number| number, row_key));
        }
        let aside = newest.finish();
        assert_eq!((aside.rows, aside.devices), (2 * count as u64, count as u64));
        // The second rows have a version, so the others are set aside.
        let (second, third) = (count as u64, 2 * count as u64);
        assert!((0..second).all(|row| aside.contains(row)), "{limit}");
        assert!((second..third).all(|row| !aside.contains(row)), "{limit}");
        assert!((third..third + second).all(|row| aside.contains(row)), "{limit}");
    }
}

#[test]
fn keys_that_occur_again_are_found_and_few_others_are_compared() {
    let count = 160_000_usize;
    let mut newest = NewestRows::new(FactSet::EMPTY, Census::new(&[], &[]).counter());
    newest.dictionary.key(&device("platform=ios"));
    // Each device twice, half of the file apart.
    for part in 0..10 {
        let first = part % 5 * count / 10;
        newest.add(0, rows(count / 10, |number| first + number, 0));
    }
    // Hardly more rows are compared than there are of devices with several.
    let suspects = |rows: usize| {
        let mut newest = NewestRows::new(FactSet::EMPTY, Census::new(&[], &[]).counter());
        newest.add(0, self::rows(rows, |number| number, 0));
        Repeats::of(&newest.blocks).suspects(rows)
    };
    assert!((1..count / 5).contains(&suspects(count)), "{}", suspects(count));
    let aside = newest.finish();
    assert_eq!((aside.rows, aside.devices), (count as u64 / 2, count as u64 / 2));
    assert!((0..count as u64).all(|row| aside.contains(row) == (row >= count as u64 / 2)));
}

#[test]
fn a_row_keeps_each_part() {
    let key = DeviceKey::of_id("5f0c").expect("it is no placeholder");
    let check_in = LastCheckIn::from_number((1 << LastCheckIn::BITS) - 1);
    for row_key in [0, 77, 4094, 4095, 4096, 1 << 20] {
        let mut columns = Columns::default();
        columns.add([Stored::new(key, check_in, 3)].into_iter(), &[3]);
        columns.add([Stored::new(key, check_in, row_key)].into_iter(), &[row_key]);
        columns.add([Stored::GONE].into_iter(), &[0]);
        let mut blocks = Blocks::default();
        blocks.add(7, columns);
        let gone: Vec<_> = blocks.hashes().flatten().map(|hash| *hash == 0).collect();
        assert_eq!(gone, [false, false, true]);
        let other = blocks.suspect(0, 0);
        let row = blocks.suspect(0, 1);
        assert_eq!((row.row.check_in(), row.row_key, other.row_key), (check_in, row_key, 3));
        assert!(row.row.has_key_of(other.row) && row.row.state() == State::Single);
        assert_eq!(blocks.number(row.place), 8);
        for state in [State::Single, State::Repeated, State::Contradicted, State::Gone] {
            blocks.set_state(row.place, state);
            let now = blocks.suspect(0, 1);
            assert_eq!((now.row.state(), now.row_key, now.place), (state, row_key, row.place));
            assert_eq!(now.row.has_key_of(row.row), state != State::Gone);
            assert_eq!(now.row.check_in(), check_in);
        }
    }
}

#[test]
fn keys_of_which_one_bit_differs_are_keys_of_two_devices() {
    let guid = |number: u128| {
        let hex = format!("{number:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    };
    let number = 0x37d6_f1b5_25fd_4e6f_8952_cf78_1070_60c9_u128;
    let ids = [number].into_iter().chain((0..128).map(|bit| number ^ 1 << bit)).map(guid);
    let mut newest = NewestRows::new(FactSet::EMPTY, Census::new(&[], &[]).counter());
    newest.dictionary.key(&device("platform=ios"));
    let mut columns = Columns::default();
    let stored = |id: String| {
        let key = DeviceKey::of_id(&id).expect("it is a GUID");
        Stored::new(key, LastCheckIn::default(), 0)
    };
    columns.add(ids.map(stored), &[0; 129]);
    newest.add(0, KeyedRows { columns, without: 0 });
    newest.settle(&Repeats::all());
    assert_eq!(newest.aside.rows, 0);
}

#[test]
fn parts_without_keys_take_no_memory_and_rows_behind_them_only_their_own() {
    let mut blocks = Blocks::default();
    for first in 0..3 {
        blocks.add(first, Columns::default());
    }
    assert_eq!(blocks.hashes().count(), 0);
    // Rows that follow directly are put into blocks, not those behind a gap.
    for first in [3, 4, 6, 7, 8] {
        blocks.add(first, rows(1, |number| number, 0).columns);
    }
    let lengths: Vec<_> = blocks.hashes().map(<[u32]>::len).collect();
    assert_eq!(lengths, [1, 1, 1, 2]);
}

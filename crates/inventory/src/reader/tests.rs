//! Properties of the reader, over any bytes and any way to write a table.

use std::io::{self, Read};

use eligibility::facts::{FactName, Facts};
use proptest::prelude::*;

use super::*;
use crate::spelling::os::OS;
use synthetic_fleet::{Options, write_csv};

/// Reads a file to its end: the understood rows and the rejections.
fn read(file: &[u8]) -> Result<(Vec<Row>, Vec<Rejection>), OpenError> {
    let mut reader = Reader::open(file)?;
    let (mut rows, mut rejections) = (Vec::new(), Vec::new());
    while let Some(entry) = reader.next_entry()? {
        match entry {
            Entry::Row(row) => rows.push(row.clone()),
            Entry::Rejected(rejection) => rejections.push(rejection),
        }
    }
    let counts = reader.counts();
    assert_eq!(counts.understood, rows.len() as u64);
    assert_eq!(counts.rejected, rejections.len() as u64);
    assert_eq!(counts.read, counts.understood + counts.rejected);
    Ok((rows, rejections))
}

/// Returns what each row of a file says: its id, facts and cells that are not understood, or why it is
/// rejected; of a file that is refused, the reason.
pub(crate) fn said(purpose: Purpose, file: &str) -> Vec<String> {
    let mut reader = match Reader::open_for(purpose, file.as_bytes()) {
        Ok(reader) => reader,
        Err(error) => return vec![error.to_string()],
    };
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        entries.push(match entry {
            Entry::Row(row) => {
                let fact = |name: &FactName| {
                    Some(format!("{name}={}", name.fact_text(row.facts.get(*name))?))
                };
                let odd = row.problems.iter().map(|cell| format!("{}?{}", cell.column, cell.text));
                let facts = FactName::ALL.iter().filter_map(fact);
                let words: Vec<_> =
                    [row.device_id.clone()].into_iter().chain(facts).chain(odd).collect();
                words.join(" ").trim().to_owned()
            }
            Entry::Rejected(rejection) => rejection.to_string(),
        });
    }
    entries
}

/// Asserts what single rows under a header say; what a rejection says, without its place.
pub(crate) fn assert_rows(purpose: Purpose, header: &str, rows: &[(&str, &str)]) {
    for (row, expected) in rows {
        let said = said(purpose, &format!("{header}\n{row}\n")).join("; ");
        let bare = said.strip_prefix("row 1 (line 2), ").or(said.strip_prefix("row 1 (line 2): "));
        assert_eq!(bare.unwrap_or(&said), *expected, "{header}: {row}");
    }
}

/// A reader that gives a few bytes at a time, as pipes do.
struct Trickle<'b> {
    bytes: &'b [u8],
    step: usize,
}

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = self.step.min(buffer.len());
        self.bytes.read(&mut buffer[..step])
    }
}

/// Returns one way to write a cell.
fn written(cell: &str, quote: bool) -> String {
    if quote || cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Rows without the lines of their problems, which depend on how lines end.
fn without_lines(mut rows: Vec<Row>) -> Vec<Row> {
    let problems = rows.iter_mut().flat_map(|row| &mut row.problems);
    problems.for_each(|problem| problem.line = None);
    rows
}

fn cells() -> impl Strategy<Value = [String; 5]> {
    let os = proptest::sample::select(&["Windows", "AOSP (User-based)", "Linux", "", "Amiga"][..]);
    let version = proptest::sample::select(&["16", "7.1.2", "Ubuntu 24.04 LTS", "", "x"][..]);
    let truth = proptest::sample::select(&["True", "no", "Unknown", "", "maybe"][..]);
    let fields = ("[a-z0-9]{1,9}", "[ -~\n\r\"',é]{0,20}", os, version, truth);
    fields.prop_map(|(id, name, os, version, truth)| {
        [id, name, os.to_owned(), version.to_owned(), truth.to_owned()]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_bytes_after_a_header_are_rows_understood_or_rejected(
        bytes in proptest::collection::vec(
            prop_oneof![any::<u8>(), proptest::sample::select(&b",\"\r\n "[..])], 0..300,
        ),
    ) {
        let mut file = b"Device ID,OS,Encrypted\n".to_vec();
        file.extend(bytes);
        read(&file).unwrap();
    }

}

proptest! {
    // To recognise the columns of a whole export takes a development build milliseconds.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_to_an_export_never_hides_a_row(
        seed in any::<u64>(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut file = Vec::new();
        write_csv(&Options::new(3, seed), &mut file).unwrap();
        let at = at.index(file.len());
        file[at] = byte;
        // `read` asserts that the counts add up; a damaged header may be refused.
        let _ = read(&file);
    }

    #[test]
    fn a_file_cut_anywhere_in_its_last_row_says_so(
        seed in any::<u64>(), at in any::<prop::sample::Index>(),
    ) {
        let (mut whole, mut shorter) = (Vec::new(), Vec::new());
        write_csv(&Options::new(3, seed), &mut whole).unwrap();
        write_csv(&Options::new(2, seed), &mut shorter).unwrap();
        // From one byte of the last row to all but its last cell.
        let last_cell = whole.len() - whole.iter().rev().position(|byte| *byte == b',').unwrap();
        let cut = shorter.len() + 1 + at.index(last_cell - shorter.len());
        let mut reader = Reader::open(&whole[..cut]).unwrap();
        while reader.next_entry().unwrap().is_some() {}
        let cells_are_all_there = cut == last_cell;
        prop_assert_eq!(reader.truncated(), !cells_are_all_there);
        prop_assert_eq!(reader.counts().rejected, u64::from(!cells_are_all_there));
    }

}

proptest! {
    #[test]
    fn quoting_line_ends_marks_and_reads_do_not_change_the_facts(
        rows in proptest::collection::vec(cells(), 0..8),
        quotes in any::<u64>(),
        mark in any::<bool>(),
        line_end in proptest::sample::select(&["\n", "\r\n", "\r"][..]),
        last_line_end in any::<bool>(),
        step in 1..50_usize,
    ) {
        let table = |quoted: u64, line_end: &str, last: bool| {
            let mut lines = vec!["Device ID,Device name,OS,OS version,Supervised".to_owned()];
            for (index, row) in rows.iter().enumerate() {
                let quoted = quoted.rotate_right(u32::try_from(index).unwrap() * 5);
                let cells = row.iter().enumerate();
                let cells: Vec<_> =
                    cells.map(|(at, cell)| written(cell, quoted >> at & 1 == 1)).collect();
                lines.push(cells.join(","));
            }
            lines.join(line_end) + if last { line_end } else { "" }
        };
        let plain = read(table(0, "\n", true).as_bytes()).unwrap();
        let other = if mark { "\u{feff}" } else { "" }.to_owned()
            + &table(quotes, line_end, last_line_end);
        let (same_rows, same_rejections) = read(other.as_bytes()).unwrap();
        prop_assert_eq!(without_lines(plain.0), without_lines(same_rows.clone()));
        prop_assert_eq!(plain.1.len(), same_rejections.len());
        let mut slow = Reader::open(Trickle { bytes: other.as_bytes(), step }).unwrap();
        let mut trickled = Vec::new();
        while let Some(entry) = slow.next_entry().unwrap() {
            if let Entry::Row(row) = entry {
                trickled.push(row.clone());
            }
        }
        prop_assert_eq!(same_rows, trickled);
    }

    #[test]
    fn a_lost_quote_never_makes_up_a_row(
        rows in proptest::collection::vec(cells(), 1..8),
        all_quoted in any::<bool>(),
        lost in any::<prop::sample::Index>(),
    ) {
        // Names that need quotes, without quotes or line ends of their own, and not between
        // commas of their own: such a cell stays a cell when inside and outside are swapped.
        let rows: Vec<_> = rows
            .into_iter()
            .enumerate()
            .map(|(number, [_, name, os, version, truth])| {
                let name = format!("x{}, x", name.replace(['"', '\r', '\n'], " "));
                [format!("d{number}"), name, os, version, truth]
            })
            .collect();
        let mut file = "Device ID,Device name,OS,OS version,Supervised\n".to_owned();
        for row in &rows {
            let cells: Vec<_> = row.iter().map(|cell| written(cell, all_quoted)).collect();
            file += &(cells.join(",") + "\n");
        }
        let (originals, _) = read(file.as_bytes()).unwrap();
        let quotes: Vec<_> = file.match_indices('"').map(|(at, _)| at).collect();
        file.remove(*lost.get(&quotes));
        let (understood, _) = read(file.as_bytes()).unwrap();
        for row in understood {
            let id = &row.device_id;
            let original = originals.iter().find(|original| original.device_id == *id);
            let original = original.map(|row| (row.facts, &row.device_name));
            prop_assert_eq!(original, Some((row.facts, &row.device_name)));
        }
    }

    #[test]
    fn facts_written_as_tidy_csv_come_back(
        choices in proptest::collection::vec(any::<Option<u8>>(), FactName::ALL.len()),
        parts in any::<[u32; 4]>(),
    ) {
        let mut facts = Facts::default();
        for (fact_name, choice) in FactName::ALL.iter().zip(choices) {
            let Some(choice) = choice else { continue };
            let words = fact_name.choices();
            let value = match words.get(usize::from(choice) % words.len().max(1)) {
                Some(word) => fact_name.parse(word).unwrap(),
                None => eligibility::facts::Value::Version(
                    eligibility::facts::OsVersion::new(parts),
                ),
            };
            facts.set(*fact_name, Fact::Known(value));
        }
        let names: Vec<_> = FactName::ALL.iter().map(|fact_name| fact_name.as_str()).collect();
        let cells: Vec<_> = FactName::ALL
            .iter()
            .map(|fact_name| facts.get(*fact_name).known().map_or(String::new(), |value| fact_name.text(value)))
            .collect();
        let file = format!("device-id,{}\n17,{}\n", names.join(","), cells.join(","));
        let (rows, rejections) = read(file.as_bytes()).unwrap();
        if facts.possible() {
            prop_assert_eq!(rows[0].facts, facts);
        } else {
            prop_assert_eq!(rejections[0].column.as_deref(), Some("management"));
        }
    }
}

#[test]
fn every_spelling_of_the_os_column_gives_a_possible_device() {
    for spelling in OS.spellings {
        for agent in ["Intune", "EAS", ""] {
            let file = format!("OS,Managed by\n{},{agent}\n", spelling.text);
            let (rows, rejections) = read(file.as_bytes()).unwrap();
            assert!(rows.iter().all(|row| row.facts.possible()), "{}", spelling.text);
            assert!(rejections.is_empty() || agent == "EAS", "{rejections:?}");
        }
    }
}

#[test]
fn a_row_of_40_megabytes_is_rejected_in_bounded_memory() {
    let long = io::repeat(b'x').take(40 << 20);
    let commas = io::repeat(b',').take(40 << 20);
    let header = "Device ID,OS\n".as_bytes();
    let next = "\n17,Windows\n".as_bytes();
    let mut reader =
        Reader::open(header.chain(long).chain(next).chain(commas).chain(next)).unwrap();
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        entries.push(match entry {
            Entry::Row(row) => row.device_id.clone(),
            Entry::Rejected(rejection) => {
                format!("line {}: {}", rejection.line.unwrap(), rejection.text)
            }
        });
    }
    let too_long = |line: u64| format!("line {line}: more than {MAX_ROW_BYTES} bytes");
    assert_eq!(entries, [too_long(2), "17".into(), too_long(4), "17".into()]);
    let Source::Table(records) = &reader.source else { panic!("it is a table") };
    assert!(records.buffered() <= 32 * MAX_ROW_BYTES);
}

#[test]
fn an_unclosed_quote_is_named_even_when_the_row_is_too_long() {
    let file = "Device ID,OS\n\"17,Windows\n".as_bytes();
    let mut reader = Reader::open(file.chain(io::repeat(b'x').take(3 << 20))).unwrap();
    let entry = reader.next_entry().unwrap();
    let Some(Entry::Rejected(rejection)) = entry else { panic!("{entry:?}") };
    assert_eq!(
        rejection.to_string(),
        "row 1 (line 2): found more than 1048576 bytes, \
         expected at most 1048576; a quote in it is never closed"
    );
    assert!(reader.truncated());
    assert_eq!(reader.next_entry().unwrap(), None);
}

#[test]
fn an_error_of_the_input_names_the_line() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let Err(OpenError::Read(error)) = Reader::open(Broken) else { panic!("it opened") };
    assert_eq!(error.to_string(), "cannot read on at line 1: the disk is gone");
    let rows = "17,Windows\n".repeat(10_000);
    let file = "Device ID,OS\n".as_bytes().chain(rows.as_bytes()).chain(Broken);
    let mut reader = Reader::open(file).unwrap();
    let error = loop {
        match reader.next_entry() {
            Ok(entry) => assert!(entry.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.line(), Some(10_002));
    assert_eq!(reader.counts().understood, 10_000);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_get_one_that_has_it() {
    let Err(OpenError::NotAnInventory(error)) = crate::Inventory::open(&b"PAR1..PAR1"[..]) else {
        panic!("it opened")
    };
    assert_eq!(error.to_string(), "found a Parquet file, expected a device inventory");
    let remedy = "cargo run --release -p relatch --features parquet -- plan FILE";
    assert!(error.hint().contains(remedy), "{}", error.hint());
}

#[cfg(not(feature = "zstd"))]
#[test]
fn a_build_without_zstd_says_so() {
    let Err(OpenError::NotAnInventory(error)) =
        crate::Unpacked::stream(crate::Packing::Zstd, &b"\x28\xb5\x2f\xfd"[..])
    else {
        panic!("it opened")
    };
    assert!(error.to_string().contains("zstd, which this build does not read"), "{error}");
}

#[test]
fn a_column_is_carried_by_its_name_but_for_case_and_its_very_name_comes_first() {
    let columns = ["Notes", "notes", "no tes", "!", "More"].map(str::to_owned);
    let carried = |file: &str| {
        let mut reader = Reader::open(file.as_bytes()).unwrap();
        reader.carry(&columns);
        let mut texts = Vec::new();
        while let Some(Entry::Row(row)) = reader.next_entry().unwrap() {
            texts.push(row.carried.join("|"));
        }
        (texts, reader.has_carried())
    };
    let table = "Device ID,OS,OS version,notes,Notes,!,?\n1,iOS,17,a,b,c,d\n2,iOS,17,,e,,f\n";
    assert_eq!(
        carried(table),
        (vec!["b|a|a|c|".to_owned(), "e||||".to_owned()], vec![true, true, true, true, false])
    );
    let device = r#""operatingSystem":"iOS","osVersion":"17""#;
    let objects = format!(
        "{{\"id\":\"1\",{device},\"notes\":\"a\",\"Notes\":\"b\",\"!\":\"c\"}}\n\
         {{\"id\":\"2\",{device},\"NOTES\":\"e\",\"?\":\"f\"}}\n"
    );
    assert_eq!(
        carried(&objects),
        (vec!["b|a|a|c|".to_owned(), "e|e|e||".to_owned()], vec![true, true, true, true, false])
    );
}

#[test]
fn rows_that_are_not_whole_are_rejected_and_blank_ones_passed_over() {
    for (file, expected) in [
        ("OS,Device ID\niOS,1\n\n\r\n,\nWindows,2", &["1 platform=ios", "2 platform=windows"][..]),
        (
            "OS,Device ID\niOS,1,x\niOS\n,,\nWindows,2\n",
            &[
                "row 1 (line 2): found 3 cells, expected 2 cells as in the header",
                "row 2 (line 3): found 1 cell, expected 2 cells as in the header",
                "row 3 (line 4): found 3 cells, expected 2 cells as in the header",
                "2 platform=windows",
            ],
        ),
        (
            "OS,Device ID\n\"iOS\r\n\",1\r\nWin\"dows,2\r\n\"a\nb\",3,4\r\n\"Linux\",4\r\n",
            &[
                "1 platform=ios",
                "row 2 (line 4): found a quote in the wrong place, expected quotes around whole cells, doubled inside; a quote may not be closed",
                "row 3 (line 5): found 3 cells, expected 2 cells as in the header; a quote may not be closed",
                "4 platform=linux",
            ],
        ),
        (
            "OS,Device ID\niOS,\"1\nWindows,2\n",
            &[
                "row 1 (line 2): found 2 cells, expected a closing quote before the end of the file, which may have been cut off",
            ],
        ),
        (
            "OS,Device ID\niOS,1\nWindows",
            &[
                "1 platform=ios",
                "row 2 (line 3): found 1 cell, expected 2 cells before the end of the file, which may have been cut off",
            ],
        ),
        (
            "OS,Device ID\riOS,1\rWindows\r",
            &["1 platform=ios", "row 2 (line 1): found 1 cell, expected 2 cells as in the header"],
        ),
        (
            "OS,Device ID,Device name\niOS,1,a\nTotal,2,\n,Sum: 2,\nApplied filters: x,,\nTotal,2,b\nOS,Device ID,Device name\n",
            &[
                "1 platform=ios",
                "row 2 (line 3): found `Total` and blank cells, expected a device",
                "row 3 (line 4): found `Sum: 2` and blank cells, expected a device",
                "row 4 (line 5): found `Applied filters: x` and blank cells, expected a device",
                "2 OS?Total",
                "row 6 (line 7): found the header again, expected a device",
            ],
        ),
    ] {
        assert_eq!(said(Purpose::Inventory, file), expected, "{file}");
    }
}

/// Files, and what their rows say or why they are refused.
const BEGINNINGS: &[(&str, &[&str])] = &[
    ("\u{feff}\u{feff}OS;Device ID\niOS;1\n", &["1 platform=ios"]),
    ("sep=;\nOS;Device ID\niOS;1\n", &["1 platform=ios"]),
    ("sep=\t\nOS\tDevice ID\niOS\t1\n", &["1 platform=ios"]),
    ("SEP=|\nOS|Device ID\niOS|1\n", &["1 platform=ios"]),
    (
        "sep=xOSxDevice ID\niOSx1\n",
        &["found a table with other columns (`sep=xOSxDevice ID`), expected a device inventory"],
    ),
    (
        "sep=x\nOSxDevice ID\niOSx1\n",
        &["found a table with other columns (`sep=x`), expected a device inventory"],
    ),
    ("\"sep=;\"\nOS;Device ID\niOS;1\n", &["1 platform=ios"]),
    ("#TYPE x.y\r\n\"OS\",\"Device ID\"\r\n\"iOS\",\"1\"\r\n", &["1 platform=ios"]),
    ("#TYPE x\nsep=;\nOS;Device ID\niOS;1\n", &["1 platform=ios"]),
    (
        "Devices of\nOS,Device ID\niOS,1\n",
        &["found a line before the header (`Devices of`), expected a device inventory"],
    ),
    (
        ",,\n,a,\n,,\n,,\n,,\n,,\nOS,Device ID\niOS,1\n",
        &["found a table with other columns (``, ``, ``), expected a device inventory"],
    ),
    (
        ",a,\n,b,\n,,\nOS,Device ID,x\niOS,1,x\n",
        &["found a line before the header (`a`), expected a device inventory"],
    ),
    (
        "Devices of\nOS,Device ID",
        &["found a table with other columns (`Devices of`), expected a device inventory"],
    ),
    ("# comment\nos = 17\n", &["found a TOML file, expected a device inventory"]),
    ("os = \"x\"\n", &["found a TOML file, expected a device inventory"]),
    (
        "OS = x\n",
        &["found a table without a header (`OS = x` is a value), expected a device inventory"],
    ),
    ("a b = 17\n", &["found a table with other columns (`a b = 17`), expected a device inventory"]),
    ("[section]\nx\n", &["found a file of settings (INI or TOML), expected a device inventory"]),
    ("[[section]]\nx\n", &["found a TOML file, expected a device inventory"]),
    ("[[1]]\n", &["row 1 (line 1): found `1`, expected an object"]),
    ("[.x]\n", &["found a file of settings (INI or TOML), expected a device inventory"]),
    ("[null]\n", &["row 1 (line 1): found `null`, expected an object"]),
    ("[truer]\n", &["found a file of settings (INI or TOML), expected a device inventory"]),
    (
        "; comment\n\n[x]\n",
        &["found a file of settings (INI or TOML), expected a device inventory"],
    ),
    ("[OS],[Device ID]\niOS,1\n", &["1 platform=ios"]),
    ("d[OS],d[Device ID]\niOS,1\n", &["1 platform=ios"]),
    ("<html>\n", &["found an HTML or XML document, expected a device inventory"]),
    ("  <x/>", &["found an HTML or XML document, expected a device inventory"]),
    ("%PDF", &["found a PDF document, expected a device inventory"]),
    ("PK\u{3}\u{4}xl/", &["found an Excel workbook, expected a device inventory"]),
    ("PK\u{5}\u{6}x", &["found a zip archive, expected a device inventory"]),
    ("PAR1", &["found a Parquet file, expected a device inventory"]),
    (
        "\0O\0S\0,\0x",
        &["found text in UTF-16 without a mark, or in UTF-32, expected a device inventory"],
    ),
    ("OS,x\0", &["found binary data, expected a device inventory"]),
    (
        "O\0S\0,\0a",
        &["found text in UTF-16 without a mark, or in UTF-32, expected a device inventory"],
    ),
    ("\u{1}\u{2}abcdefghijklmnop", &["found binary data, expected a device inventory"]),
    (
        "\u{1}\u{2}abcdefghijklmnopqr",
        &[
            "found a table with other columns (`\\u{1}\\u{2}abcdefghijklmnopqr`), expected a device inventory",
        ],
    ),
    (
        "\u{1}\u{2}abcdefghijklmnopqrst",
        &[
            "found a table with other columns (`\\u{1}\\u{2}abcdefghijklmnopqrst`), expected a device inventory",
        ],
    ),
    ("\n \r\n", &["found an empty file, expected a device inventory"]),
    (
        "OS,Device \"ID\niOS,1\n",
        &["found a header with a quote in the wrong place, expected a device inventory"],
    ),
    (
        "OS,\"Device ID\niOS,1\n",
        &["found a header with unbalanced quotes, expected a device inventory"],
    ),
    (
        "OS;\"Device ID\" ;x\niOS;1\n",
        &["found a header with a quote in the wrong place, expected a device inventory"],
    ),
    (
        "{'value': [{'id': '1', 'operatingSystem': 'iOS'}]}",
        &["found a dictionary as Python prints it, expected a device inventory"],
    ),
    ("[{'id': '1'}]", &["found a dictionary as Python prints it, expected a device inventory"]),
    ("\"[{\\\"id\\\":\\\"1\\\"}]\"", &["found JSON inside a text, expected a device inventory"]),
    (
        "+----+-----+\n| id | OS  |\n",
        &["found a table that is drawn with lines, expected a device inventory"],
    ),
    (
        "┌────┬─────┐\n│ id │ OS  │\n",
        &["found a table that is drawn with lines, expected a device inventory"],
    ),
    (
        "HTTP/1.1 200 OK\r\nDate: x\r\n\r\n{\"value\":[]}\n",
        &["found something before the JSON (`HTTP/1.1 200 OK`), expected a device inventory"],
    ),
    ("\u{a0}OS ,\u{200b}Device\u{a0}ID\niOS,\u{a0}1\u{200b}\n", &["1\u{200b} platform=ios"]),
];

#[test]
fn files_are_recognised_by_what_they_begin_with() {
    for (file, expected) in BEGINNINGS {
        assert_eq!(said(Purpose::Inventory, file), *expected, "{file}");
    }
}

#[test]
fn parts_are_counted_together() {
    let one = Counts { read: 1, understood: 2, rejected: 3, windows_1252: 4 };
    let mut all = Counts { read: 10, understood: 20, rejected: 30, windows_1252: 40 };
    all.merge(one);
    assert_eq!(all, Counts { read: 11, understood: 22, rejected: 33, windows_1252: 44 });
}

#[test]
fn texts_in_windows_1252_are_counted_if_they_are_shown() {
    let file =
        b"Device ID,Device name,Serial number,Notes,OS\n\xe9,\xe9,\xe9,\xe9,iOS\n2,e,e,e,\xe9\n";
    let mut reader = Reader::open(&file[..]).unwrap();
    reader.carry(&["notes".to_owned()]);
    let Some(Entry::Row(row)) = reader.next_entry().unwrap() else { panic!("it is a row") };
    let texts = [&row.device_id, &row.device_name, &row.serial_number, &row.carried[0]];
    assert_eq!(texts.map(String::as_str), ["é"; 4]);
    let Some(Entry::Row(row)) = reader.next_entry().unwrap() else { panic!("it is a row") };
    let problem = row.problems[0].to_string();
    assert!(problem.starts_with("row 2 (line 3), column `OS`: found `é`, expected"), "{problem}");
    assert_eq!(reader.counts().windows_1252, 3);
    let objects =
        b"{\"id\":\"\xe9\",\"operatingSystem\":\"iOS\"}\n{\"id\":\"\xe9\"}\n{\"a\":\"\xe9\"}\n";
    let mut reader = Reader::open(&objects[..]).unwrap();
    while reader.next_entry().unwrap().is_some() {}
    assert_eq!((reader.counts().windows_1252, reader.counts().rejected), (2, 1));
}

//! The same table in any wrapping that is understood: delimiters, encodings, line ends, what programs
//! write before a header, and how it is packed. Every reader finds the same in all of them.

use std::collections::BTreeMap;
use std::io::Read;

use inventory::{Sizes, Unpacked};
use proptest::prelude::*;
use proptest::sample::select;
use testkit::inventories::{Everything, in_bulk, plainly, without_lines};

/// The wrapping of a table.
#[derive(Clone, Copy, Debug)]
struct Wrapping {
    delimiter: char,
    quoted: bool,
    end: &'static str,
    before: &'static str,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Marked,
    LittleEndian,
    BigEndian,
    Windows1252,
}

fn any_wrapping() -> impl Strategy<Value = Wrapping> {
    let encoding = select(
        &[
            Encoding::Utf8,
            Encoding::Marked,
            Encoding::LittleEndian,
            Encoding::BigEndian,
            Encoding::Windows1252,
        ][..],
    );
    let before = select(&["", "#TYPE System.Object\n", "sep=D\n"][..]);
    let parts = (select(&[',', ';', '\t'][..]), any::<bool>(), select(&["\n", "\r\n"][..]));
    (parts, before, encoding).prop_map(|((delimiter, quoted, end), before, encoding)| Wrapping {
        delimiter,
        quoted,
        end,
        before,
        encoding,
    })
}

impl Wrapping {
    fn wrap(&self, rows: &[Vec<&str>]) -> Vec<u8> {
        let Self { delimiter, quoted, end, before, encoding } = *self;
        let cell = |cell: &&str| {
            if quoted || cell.contains([',', ';', '"']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                (*cell).to_owned()
            }
        };
        let mut text = before.replace('D', &delimiter.to_string());
        for row in rows {
            let cells: Vec<_> = row.iter().map(cell).collect();
            text.push_str(&cells.join(&delimiter.to_string()));
            text.push_str(end);
        }
        let marked = || format!("\u{feff}{text}");
        match encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Marked => marked().into_bytes(),
            Encoding::LittleEndian => marked().encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::BigEndian => marked().encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Windows1252 => {
                text.chars().map(|letter| u8::try_from(letter).expect("a byte")).collect()
            }
        }
    }
}

const HEADER: [&str; 6] =
    ["Device ID", "Device name", "Last check-in", "OS", "OS version", "Ownership"];

/// Rows of an export, some of them with odd cells, in the wrong number, or blank.
fn any_rows() -> impl Strategy<Value = Vec<Vec<&'static str>>> {
    let row = [
        &["1", "2", "a b", "", "Müller"][..],
        &["Ada", "Zoë", "a, b", "x;y", "say \"hi\""],
        &["2026-09-01 07:49", "05.08.2026 07:31", "03/04/2026", "", "NULL"],
        &["Linux", "iOS/iPadOS", "Android (dedicated)", "Amiga", ""],
        &["17.5", "Noble", "", "14"],
        &["Corporate", "Personal", "Ours", ""],
    ]
    .map(select);
    let row = (row, 0..20_usize).prop_map(|(row, odd)| match odd {
        0 => row[..4].to_vec(),
        1 => vec![""; 6],
        2 => HEADER.to_vec(),
        _ => row.to_vec(),
    });
    proptest::collection::vec(row, 1..30)
}

/// Returns the findings, without what depends on the wrapping alone.
fn found(everything: Everything) -> Everything {
    let (devices, rejections, mut totals, problems) = without_lines(everything);
    totals.counts.windows_1252 = 0;
    (devices, rejections, totals, problems)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_wrapping_of_a_table_says_what_the_table_says(
        rows in any_rows(),
        wrapping in any_wrapping(),
        (chunk, overlap, window) in (1..400_u64, 0..100_usize, 1..150_usize),
    ) {
        let table: Vec<_> = std::iter::once(HEADER.to_vec()).chain(rows).collect();
        let plain = Wrapping {
            delimiter: ',',
            quoted: true,
            end: "\n",
            before: "",
            encoding: Encoding::Utf8,
        };
        let expected = found(plainly(plain.wrap(&table).as_slice()).unwrap());
        let file = wrapping.wrap(&table);
        prop_assert_eq!(&found(plainly(file.as_slice()).unwrap()), &expected);
        let sizes = Sizes { chunk, overlap, window, ..Sizes::USUAL };
        for threads in [1, 3] {
            prop_assert_eq!(&found(in_bulk(file.as_slice(), sizes, threads).unwrap()), &expected);
        }
        for packed in [testkit::pack::gzip(&file), testkit::pack::zstd(&file)] {
            let mut unpacked = Vec::new();
            Unpacked::open(std::io::Cursor::new(packed)).unwrap().read_to_end(&mut unpacked).unwrap();
            prop_assert_eq!(&unpacked, &file);
        }
    }

    /// Rows read are rows understood and rejected; each cell that is not understood is listed once,
    /// and counted in its column.
    #[test]
    fn totals_and_lists_add_up_to_the_rows_read(rows in any_rows(), wrapping in any_wrapping()) {
        // Rows of blank cells are none.
        let count = rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).count() as u64;
        let table: Vec<_> = std::iter::once(HEADER.to_vec()).chain(rows).collect();
        let file = wrapping.wrap(&table);
        let (devices, rejections, totals, problems) =
            in_bulk(file.as_slice(), Sizes::USUAL, 2).unwrap();
        prop_assert_eq!(totals.counts.read, count);
        prop_assert_eq!(devices.len() + rejections.len(), rows_of(count));
        let mut by_column: BTreeMap<&str, u64> = BTreeMap::new();
        for problem in &problems {
            *by_column.entry(&problem.column).or_default() += 1;
            prop_assert!(rejections.iter().all(|rejection| rejection.row != problem.row));
        }
        let counted = totals.problems.columns().iter();
        let counted: BTreeMap<&str, u64> = counted.map(|one| (&*one.column, one.cells)).collect();
        prop_assert_eq!(by_column, counted);
    }
}

fn rows_of(count: u64) -> usize {
    usize::try_from(count).expect("few")
}

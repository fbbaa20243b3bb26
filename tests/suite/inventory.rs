//! Exports and what is read from them: `cases/inventory/*.toml`.
//!
//! - `values.toml`: rows under a header, and the facts that each makes known, the cell that is not
//!   understood, or the cell for which it is rejected;
//! - `files.toml`: whole files, the use of their columns and rows;
//! - `refused.toml`: files that are no inventory, and the message.

use std::collections::BTreeSet;
use std::io::{self, Read};

use acceptance::{read, root};
use eligibility::facts::FactName;
use inventory::{Entry, MAX_ROW_BYTES, OpenError, Reader, Rejection, Row};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

fn cases<T: DeserializeOwned>(name: &str) -> T {
    let path = root().join("tests/cases/inventory").join(name);
    toml::from_str(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Rows under one header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    name: String,
    /// The rows of the catalogue that it shows; `catalogue.rs` reads them.
    #[serde(default, rename = "covers")]
    _covers: IgnoredAny,
    header: String,
    /// The facts that the second text of each of `rows` lists.
    facts: Vec<Named>,
    /// A line, and its facts: words joined by a comma and a space, `-` for unknown.
    rows: Vec<(String, String)>,
    /// A line, the column whose cell is not understood, its text, the guess (may be empty), and the
    /// facts, while the others are known.
    #[serde(default)]
    odd: Vec<(String, String, String, String, String)>,
    /// A line that is rejected, the column that contradicts another, and its text.
    #[serde(default)]
    rejects: Vec<(String, String, String)>,
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Named(FactName);

impl TryFrom<String> for Named {
    type Error = eligibility::closed_enum::UnknownWord;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Families {
    family: Vec<Family>,
}

#[test]
fn each_value_format_gives_its_facts() {
    for family in cases::<Families>("values.toml").family {
        for (line, expected) in &family.rows {
            let (rows, rejections) = rows_of(&family.header, line);
            assert_eq!(rejections, [], "{}: {line}", family.name);
            assert_eq!(rows[0].problems, [], "{}: {line}", family.name);
            assert_eq!(&words(&rows[0], &family.facts), expected, "{}: {line}", family.name);
        }
    }
}

#[test]
fn each_value_that_is_not_understood_costs_its_fact_alone() {
    for family in cases::<Families>("values.toml").family {
        for (line, column, text, guess, expected) in &family.odd {
            let (rows, rejections) = rows_of(&family.header, line);
            assert_eq!(rejections, [], "{}: {line}", family.name);
            let [problem] = rows[0].problems.as_slice() else { panic!("{}: {line}", family.name) };
            assert_eq!(&*problem.column, column, "{}: {line}", family.name);
            assert_eq!(&problem.text, text, "{}: {line}", family.name);
            assert_eq!(problem.guess().unwrap_or_default(), guess, "{}: {line}", family.name);
            assert_eq!((problem.row, problem.line), (1, Some(2)), "{}: {line}", family.name);
            assert_eq!(&words(&rows[0], &family.facts), expected, "{}: {line}", family.name);
        }
    }
}

#[test]
fn each_contradiction_rejects_its_row() {
    for family in cases::<Families>("values.toml").family {
        for (line, column, text) in &family.rejects {
            let (_, rejections) = rows_of(&family.header, line);
            let [rejection] = rejections.as_slice() else { panic!("{}: {line}", family.name) };
            assert_eq!(rejection.column.as_ref(), Some(column), "{}: {line}", family.name);
            assert_eq!(&rejection.text, text, "{}: {line}", family.name);
            assert_eq!((rejection.row, rejection.line), (1, Some(2)), "{}: {line}", family.name);
        }
    }
}

fn rows_of(header: &str, line: &str) -> (Vec<Row>, Vec<Rejection>) {
    let file = format!("{header}\n{line}\n");
    let mut reader = Reader::open(file.as_bytes()).unwrap_or_else(|e| panic!("{header}: {e}"));
    drain(&mut reader)
}

fn drain(reader: &mut Reader<impl Read>) -> (Vec<Row>, Vec<Rejection>) {
    let (mut rows, mut rejections) = (Vec::new(), Vec::new());
    while let Some(entry) = reader.next_entry().expect("memory can be read") {
        match entry {
            Entry::Row(row) => rows.push(row.clone()),
            Entry::Rejected(rejection) => rejections.push(rejection),
        }
    }
    let counts = reader.counts();
    assert_eq!(counts.read, counts.understood + counts.rejected);
    assert_eq!(counts.understood, rows.len() as u64);
    assert_eq!(counts.rejected, rejections.len() as u64);
    (rows, rejections)
}

fn words(row: &Row, facts: &[Named]) -> String {
    let word = |Named(fact): &Named| {
        fact.fact_text(row.facts.get(*fact)).unwrap_or_else(|| "-".to_owned())
    };
    facts.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// A whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    /// The rows of the catalogue that it shows; `catalogue.rs` reads them.
    #[serde(default, rename = "covers")]
    _covers: IgnoredAny,
    #[serde(flatten)]
    content: Content,
    format: Option<String>,
    /// The understood devices: number, id, name and last check-in, joined by ` | `.
    devices: Vec<String>,
    /// The rejections in words.
    #[serde(default)]
    rejections: Vec<String>,
    recognised: Option<Vec<String>>,
    ignored: Option<Vec<String>>,
    #[serde(rename = "not-understood")]
    not_understood: Option<Vec<String>>,
    /// Name and facts of each missing column.
    missing: Option<Vec<String>>,
    unknown: Option<String>,
    #[serde(default)]
    truncated: bool,
    /// The cells that were not understood, in words.
    #[serde(default)]
    problems: Vec<String>,
    /// The number of ids, names and objects that are not UTF-8.
    #[serde(default, rename = "windows-1252")]
    windows_1252: u64,
    #[serde(default, rename = "more-pages")]
    more_pages: bool,
    /// The count on the pages, if there is one.
    counted: Option<u64>,
    #[serde(rename = "ignored-filter")]
    ignored_filter: Option<String>,
    /// Of each device: platform, management, version, ownership, supervised, encrypted, state.
    facts: Option<String>,
}

/// The bytes of a file.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Content {
    /// Text, in UTF-8.
    Text(String),
    /// Each character up to `\u00ff` is one byte.
    Bytes(String),
}

impl Content {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Bytes(bytes) => {
                bytes.chars().map(|byte| u8::try_from(byte).expect("a byte")).collect()
            }
        }
    }
}

#[derive(Deserialize)]
struct Files {
    file: Vec<File>,
}

#[test]
fn each_file_gives_its_rows_rejections_and_columns() {
    for file in files() {
        let (bytes, name) = (file.content.bytes(), &file.name);
        let mut reader =
            Reader::open(bytes.as_slice()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (rows, rejections) = drain(&mut reader);
        let devices: Vec<String> = rows.iter().map(device).collect();
        assert_eq!(devices, file.devices, "{name}");
        let rejections: Vec<String> = rejections.iter().map(ToString::to_string).collect();
        assert_eq!(rejections, file.rejections, "{name}");
        assert_eq!(reader.truncated(), file.truncated, "{name}");
        let problems = rows.iter().flat_map(|row| &row.problems);
        let problems: Vec<String> = problems.map(ToString::to_string).collect();
        assert_eq!(problems, file.problems, "{name}");
        assert_eq!(reader.counts().windows_1252, file.windows_1252, "{name}");
        let pages = reader.pages();
        assert_eq!(pages.more, file.more_pages, "{name}");
        if file.counted.is_some() {
            assert_eq!(pages.counted, file.counted, "{name}");
        }
        assert_eq!(pages.ignored_filter, file.ignored_filter.as_deref(), "{name}");
        if let Some(facts) = &file.facts {
            let found: Vec<_> = rows.iter().map(|row| words(row, &SHOWN_FACTS)).collect();
            assert_eq!(&found.join(" | "), facts, "{name}");
        }
        check_columns(&file, &reader);
    }
}

fn files() -> impl Iterator<Item = File> {
    let names = ["files.toml", "json.toml"];
    names.into_iter().flat_map(|name| cases::<Files>(name).file)
}

/// The facts that a case of whole files names.
const SHOWN_FACTS: [Named; 7] = [
    Named(FactName::Platform),
    Named(FactName::Management),
    Named(FactName::OsVersion),
    Named(FactName::Ownership),
    Named(FactName::Supervised),
    Named(FactName::Encrypted),
    Named(FactName::ManagementState),
];

fn check_columns<R: Read>(file: &File, reader: &Reader<R>) {
    let (name, columns) = (&file.name, reader.columns());
    if let Some(format) = &file.format {
        assert_eq!(reader.format().as_str(), format, "{name}");
    }
    if let Some(recognised) = &file.recognised {
        assert_eq!(&columns.recognised, recognised, "{name}");
    }
    if let Some(ignored) = &file.ignored {
        assert_eq!(&columns.ignored, ignored, "{name}");
    }
    if let Some(strange) = &file.not_understood {
        assert_eq!(&columns.not_understood, strange, "{name}");
    }
    if let Some(missing) = &file.missing {
        let found =
            columns.missing.iter().map(|column| format!("{}: {}", column.name, column.facts));
        assert_eq!(&found.collect::<Vec<_>>(), missing, "{name}");
    }
    if let Some(unknown) = &file.unknown {
        assert_eq!(&columns.unknown.to_string(), unknown, "{name}");
    }
}

fn device(row: &Row) -> String {
    let check_in = row.last_check_in.known();
    let check_in = check_in.map_or("unknown".to_owned(), |time| time.to_string());
    format!("{} | {} | {} | {check_in}", row.number, row.device_id, row.device_name)
}

/// A file that is no inventory.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    name: String,
    /// The rows of the catalogue that it shows; `catalogue.rs` reads them.
    #[serde(default, rename = "covers")]
    _covers: IgnoredAny,
    #[serde(flatten)]
    content: Content,
    /// The finding in the message.
    found: String,
    /// A piece of the hint.
    hint: String,
}

/// The names of files, without the other columns.
#[derive(Deserialize)]
struct Names {
    file: Vec<Name>,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct RefusedFiles {
    file: Vec<Refused>,
}

#[test]
fn each_file_that_is_no_inventory_gets_one_message_that_names_it() {
    for file in cases::<RefusedFiles>("refused.toml").file {
        let (bytes, name) = (file.content.bytes(), &file.name);
        let Err(OpenError::NotAnInventory(error)) = Reader::open(bytes.as_slice()) else {
            panic!("{name}: it opened")
        };
        let message = format!("found {}, expected a device inventory", file.found);
        assert_eq!(error.to_string(), message, "{name}");
        assert!(error.hint().contains(&file.hint), "{name}: {}", error.hint());
    }
}

#[test]
fn every_case_that_the_reference_names_is_one() {
    let names = ["files.toml", "json.toml", "refused.toml"].map(|name| cases::<Names>(name).file);
    let names: BTreeSet<String> = names.into_iter().flatten().map(|file| file.name).collect();
    let tests = ["packed", "workbooks", "parquet", "joins"]
        .map(|name| read(&root().join("tests/suite").join(name).with_extension("rs")));
    let is_case = |name: &str| {
        names.contains(name) || tests.iter().any(|text| text.contains(&format!("fn {name}(")))
    };
    let page = read(&root().join("docs/reference/inventories.md"));
    let mut tables = 0;
    for table in page.split("\n\n").filter(|block| block.starts_with('|')) {
        let mut rows = table.lines();
        let header: Vec<_> = rows.next().unwrap_or_default().split('|').map(str::trim).collect();
        let Some(column) = header.iter().position(|name| *name == "case") else { continue };
        tables += 1;
        for row in rows.skip(1) {
            let cells: Vec<_> = row.split('|').collect();
            let named: Vec<_> = cells[column].split('`').skip(1).step_by(2).collect();
            assert!(!named.is_empty(), "a form without a case: {row}");
            named.iter().for_each(|name| assert!(is_case(name), "no case: {name}"));
        }
    }
    assert!(tables >= 6, "only {tables} tables name cases");
}

/// Counts the bytes that were taken from it.
struct Counted<R> {
    input: R,
    taken: usize,
}

impl<R: Read> Read for &mut Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

#[test]
fn a_single_line_of_100_megabytes_is_refused_without_reading_it_all() {
    let mut input = Counted { input: io::repeat(b'x').take(100 << 20), taken: 0 };
    let Err(OpenError::NotAnInventory(error)) = Reader::open(&mut input) else {
        panic!("it opened")
    };
    let message = "found a first line longer than 1048576 bytes, expected a device inventory";
    assert_eq!(error.to_string(), message);
    assert!(input.taken <= 2 * MAX_ROW_BYTES, "{}", input.taken);
}

#[test]
fn a_row_of_100_megabytes_is_rejected_and_the_next_one_is_read() {
    let header = "Device ID,OS\n".as_bytes();
    let long = io::repeat(b'x').take(100 << 20);
    let mut reader = Reader::open(header.chain(long).chain("\n17,Windows\n".as_bytes()))
        .unwrap_or_else(|error| panic!("{error}"));
    let (rows, rejections) = drain(&mut reader);
    assert_eq!(device(&rows[0]), "2 | 17 |  | unknown");
    assert_eq!(
        rejections[0].to_string(),
        "row 1 (line 2): found more than 1048576 bytes, expected at most 1048576"
    );
}

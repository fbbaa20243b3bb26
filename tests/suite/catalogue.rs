//! The catalogues of behaviours, `catalogue/*.toml`: every row is shown, by a case in each room in
//! which it says that it is shown or by the tests that it names, and no case or test names a row
//! that does not exist.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use acceptance::{files, read, root};
use serde::Deserialize;
use toml::{Table, Value};

/// The number of rows each catalogue has. Rows are numbered from 1; a row that was found later
/// stands behind its neighbour with a letter.
const ROWS: [(&str, usize); 4] = [("android", 110), ("apple", 67), ("intune", 53), ("page", 16)];

/// The places of the cases of each crate.
const ROOMS: [(&str, &[&str]); 5] = [
    ("policies", &["tests/cases/decide", "tests/cases/intune"]),
    ("inventories", &["tests/cases/inventory"]),
    ("service", &["tests/cases/service", "scenarios/service"]),
    ("android", &["tests/cases/android", "scenarios/android"]),
    ("apple", &["tests/cases/apple", "scenarios/apple"]),
];

/// The places of tests.
const TESTS: [&str; 2] = ["tests", "crates"];

#[derive(Deserialize)]
struct Catalogue {
    behaviour: Vec<Row>,
}

/// A behaviour. A platform's catalogue has no rooms: its cases are those of the platform.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) id: String,
    says: String,
    source: String,
    #[serde(default)]
    rooms: Vec<String>,
    #[serde(default)]
    tests: Vec<String>,
    /// The rules that transcribe a sentence of the page of 2018; `page.rs` wants them complete.
    #[serde(default)]
    pub(crate) rules: Vec<String>,
    /// The places where simulated devices differ; `page.rs` wants them complete.
    #[serde(default)]
    pub(crate) disagreements: Vec<String>,
    /// The API levels at which an Android row can be seen; `android.rs` holds its cases to them.
    pub(crate) levels: Option<String>,
}

/// Returns a catalogue by its name.
pub(crate) fn catalogue(name: &str) -> Vec<Row> {
    let text = read(&root().join(format!("tests/catalogue/{name}.toml")));
    let parsed: Catalogue = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    parsed.behaviour
}

/// Returns all rows, each with the name of its catalogue.
fn rows() -> Vec<(&'static str, Row)> {
    let all = ROWS.iter().map(|(name, _)| *name);
    all.flat_map(|name| catalogue(name).into_iter().map(move |row| (name, row))).collect()
}

/// Adds every text in a list called `covers`, at any depth.
fn covers(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| covers(item, found)),
        Value::Table(table) => {
            for (key, value) in table {
                match value {
                    Value::Array(names) if key == "covers" => {
                        let names = names.iter().map(|name| name.as_str().expect("a name"));
                        found.extend(names.map(str::to_owned));
                    }
                    _ => covers(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Returns the rows that the case files of each room name.
fn covered() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut rooms = BTreeMap::new();
    for (room, folders) in ROOMS {
        let found: &mut BTreeSet<String> = rooms.entry(room).or_default();
        for path in folders.iter().flat_map(|folder| files(folder, "toml")) {
            let table: Table =
                read(&path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            covers(&Value::Table(table), found);
        }
    }
    rooms
}

/// Returns the names of all functions in the sources of the workspace that are marked as tests.
fn tests() -> BTreeSet<String> {
    let mut folders: Vec<PathBuf> = TESTS.iter().map(|folder| root().join(folder)).collect();
    let mut names = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                names.extend(tests_in(&read(&path)));
            }
        }
    }
    names
}

/// Returns the functions of a source that follow a line `#[test]`.
fn tests_in(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in source.split("#[test]\n").skip(1) {
        let function = piece.lines().map(str::trim_start).find_map(|line| line.strip_prefix("fn "));
        let name = function.and_then(|rest| rest.split(['(', '<']).next());
        names.extend(name.map(str::to_owned));
    }
    names
}

/// Returns the rows that the name of a test begins with: `intune_33_…`, `apple_29_and_42_…`.
fn named_by(test: &str) -> Vec<String> {
    let mut words = test.split('_').peekable();
    let first = words.next();
    let Some((catalogue, _)) = ROWS.iter().find(|(name, _)| Some(*name) == first) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    let digit = |letter: char| letter.is_ascii_digit();
    while let Some(number) = words.next_if(|word| word.starts_with(digit)) {
        rows.push(format!("{catalogue}-{number}"));
        if words.next_if_eq(&"and").is_none() {
            break;
        }
    }
    rows
}

#[test]
fn every_row_of_every_catalogue_is_shown_where_it_says() {
    let (covered, tests) = (covered(), tests());
    let mut without = Vec::new();
    for (name, row) in rows() {
        let rooms = if row.rooms.is_empty() && row.tests.is_empty() {
            vec![name.to_owned()]
        } else {
            row.rooms
        };
        for room in &rooms {
            let cases = covered.get(room.as_str());
            let cases = cases.unwrap_or_else(|| panic!("{}: there is no room `{room}`", row.id));
            if !cases.contains(&row.id) {
                without.push(format!("{} has no case in {room}", row.id));
            }
        }
        let unknown = row.tests.iter().filter(|test| !tests.contains(*test));
        without.extend(unknown.map(|test| format!("{} names a test `{test}`", row.id)));
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
}

#[test]
fn no_case_or_test_names_a_row_that_does_not_exist() {
    let known: BTreeSet<String> = rows().into_iter().map(|(_, row)| row.id).collect();
    let mut named: BTreeSet<String> = covered().into_values().flatten().collect();
    named.extend(tests().iter().flat_map(|test| named_by(test)));
    let unknown: Vec<_> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "unknown behaviours: {unknown:?}");
    assert_eq!(named_by("apple_29_and_42_have_the_form"), ["apple-29", "apple-42"]);
    assert_eq!(named_by("intune_21a_tokens"), ["intune-21a"]);
    assert!(named_by("a_row_of_100_megabytes").is_empty());
}

#[test]
fn rows_are_numbered_without_a_gap_and_have_sources() {
    for (name, count) in ROWS {
        let rows = catalogue(name);
        assert_eq!(rows.len(), count, "{name}");
        let mut last = 0;
        for row in rows {
            let Row { id, says, source, .. } = &row;
            assert!(says.len() > 10 && source.len() > 10, "{id}");
            assert_eq!(row.levels.is_some(), name == "android", "{id}");
            let number = id.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
            let number = number.unwrap_or_else(|| panic!("{id} is in {name} without a number"));
            let expected = [(last + 1).to_string(), format!("{last}a")];
            assert!(expected.iter().any(|one| one == number), "{id} follows {name}-{last}");
            last = number.trim_end_matches('a').parse().expect("a number");
        }
    }
}

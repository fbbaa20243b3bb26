//! The table of devices as packed columns, which the script of a page unpacks.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use eligibility::facts::{FactName, FactSet};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde::Serialize;

use super::Page;
use crate::present::devices::{Column, InPage};
use crate::present::table::grouped;
use crate::present::wording;

/// The columns that the table shows where they have something, in this order, and what they are
/// called there.
const SHOWN: [(&str, &str); 15] = [
    ("device-name", "Device"),
    ("decision", "Decision"),
    ("because", "Because"),
    ("change", "Change"),
    ("before", "Before"),
    ("after", "After"),
    ("because-before", "Because, before"),
    ("because-after", "Because, after"),
    ("differing", "Facts that differ"),
    ("cautions", "Cautions"),
    ("platform", "Platform"),
    ("management", "Management"),
    ("os-version", "OS version"),
    ("ownership", "Ownership"),
    ("last-check-in", "Last check-in"),
];

/// The columns that are searched.
const SEARCHED: [&str; 8] = [
    "device-id",
    "device-name",
    "because",
    "because-before",
    "because-after",
    "change",
    "cautions",
    "clause",
];

/// The columns whose texts may be long.
const LONG: [&str; 6] =
    ["device-name", "because", "because-before", "because-after", "change", "cautions"];

/// The most different cells of a column by which devices are chosen.
const MOST_CHOICES: usize = 40;

/// Columns by which devices are chosen.
const CHOICES: [&str; 8] =
    ["decision", "change", "before", "after", "differing", "platform", "management", "ownership"];

/// The text before the columns.
#[derive(Serialize)]
struct Header<'d> {
    rows: usize,
    columns: Vec<HeaderColumn<'d>>,
}

/// A column: its cells, each once; the bytes behind the header have the place of each row's cell.
#[derive(Serialize)]
struct HeaderColumn<'d> {
    name: &'d str,
    label: &'d str,
    /// The number of bytes a place has; none if each row has a cell of its own.
    width: usize,
    shown: bool,
    /// True if its texts are short and stay on one line.
    small: bool,
    searched: bool,
    choice: bool,
    fact: bool,
    entries: Vec<&'d str>,
}

/// The list of all devices.
pub(in crate::present) struct List<'l> {
    /// The common name of the devices.
    pub(in crate::present) title: &'static str,
    /// The number of devices.
    pub(in crate::present) all: u64,
    /// The name of the file, if there is one.
    pub(in crate::present) file: Option<&'l str>,
    /// True if it is in the folder of the page.
    pub(in crate::present) is_beside: bool,
    /// The command that lists them.
    pub(in crate::present) command: &'l str,
}

/// Adds the table of devices to a page; all of them may be more than the table has. Its rows also have
/// these facts.
pub(in crate::present) fn table(
    page: &mut Page,
    devices: &InPage,
    facts: FactSet,
    list: &List<'_>,
) {
    if devices.len() == 0 {
        return;
    }
    page.section("devices", list.title, |html| {
        if list.all > devices.len() as u64 {
            let shown = grouped(devices.len() as u64);
            let text =
                format!("The table has the first {shown} of {}.", wording::devices(list.all));
            html.leaf("p", &[], &text);
        }
        html.within("p", &[], |html| match list.file {
            Some(file) if list.is_beside => {
                html.text("The full list, beside this page: ");
                html.leaf("a", &[("href", &beside(file))], file);
            }
            Some(file) => html.text(&format!("The full list: {file}")),
            None => {
                html.text("The full list as a file: ");
                html.leaf("code", &[], list.command);
            }
        });
        html.within("div", &[("id", "devices-table")], |html| {
            html.leaf("p", &[], "The table needs a browser that runs the script of this page.");
        });
    });
    page.bytes("devices-data", &packed(&devices.columns(), devices.len(), facts));
}

/// Returns the address of a file in the folder of the page.
fn beside(file: &str) -> String {
    let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
    let mut address = "./".to_owned();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                address.push(byte.into());
            }
            byte => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

/// Packs the columns into one piece: the length of the header, the header, the places of the cells.
fn packed(columns: &[Column], rows: usize, facts: FactSet) -> Vec<u8> {
    let is_fact = |name: &str| facts.iter().any(|fact: FactName| fact.as_str() == name);
    let label = |name: &str| SHOWN.iter().find(|(shown, _)| *shown == name);
    let used = columns.iter().filter(|column| {
        let name = column.name.as_str();
        let own = label(name).is_some() || SEARCHED.contains(&name) || is_fact(name);
        (own || column.is_carried) && column.entries.iter().any(|entry| !entry.is_empty())
    });
    let mut used: Vec<_> = used.collect();
    // Columns of the inventory stand behind the name of the device.
    let place = |column: &Column| match column.is_carried {
        true => (0, 1),
        false => {
            let shown = SHOWN.iter().position(|(name, _)| *name == column.name);
            (shown.unwrap_or(SHOWN.len()), 0)
        }
    };
    used.sort_by_key(|column| place(column));
    let headers = used.iter().map(|column| HeaderColumn {
        name: &column.name,
        label: label(&column.name).map_or(&column.name, |(_, label)| label),
        width: width(column, rows),
        shown: column.is_carried || label(&column.name).is_some(),
        small: !LONG.contains(&&*column.name),
        searched: column.is_carried || SEARCHED.contains(&&*column.name),
        choice: (column.is_carried || CHOICES.contains(&&*column.name))
            && (2..=MOST_CHOICES).contains(&column.entries.len()),
        fact: is_fact(&column.name),
        entries: column.entries.iter().map(|entry| &**entry).collect(),
    });
    let header = Header { rows, columns: headers.collect() };
    let header = serde_json::to_vec(&header).expect("plain data has a JSON form");
    let length = u32::try_from(header.len()).expect("a header is shorter than four gigabytes");
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::default());
    let mut write = |bytes: &[u8]| packed.write_all(bytes).expect("memory can be written");
    write(&length.to_le_bytes());
    write(&header);
    for column in used {
        let width = width(column, rows);
        let places =
            column.rows.iter().flat_map(|place| place.to_le_bytes().into_iter().take(width));
        write(&places.collect::<Vec<_>>());
    }
    packed.finish().expect("memory can be written")
}

/// Returns the number of bytes in a place of a column.
fn width(column: &Column, rows: usize) -> usize {
    match column.entries.len() {
        all if all == rows => 0,
        0..=0x100 => 1,
        0x101..=0x1_0000 => 2,
        _ => 4,
    }
}

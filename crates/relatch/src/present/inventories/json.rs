//! The JSON about inventories in reports.

use eligibility::facts::FactName;
use inventory::RowLimit;
use schemars::JsonSchema;
use serde::Serialize;

use crate::report::inventories::{
    self as report, DuplicatesReport, InventoriesReport, SelectionReport,
};
use crate::report::joined::JoinedReport;

/// The inventories of a report, their rows, and signs that devices are missing.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::present) struct Inventories<'a> {
    /// The inventories that were read.
    inventories: &'a [String],
    /// The files that only a folder or a pattern named and that are no inventories, or device lists
    /// of relatch.
    left_out: Vec<LeftOut<'a>>,
    /// The rows read: those decided, those set aside as older rows of a device, and those rejected.
    rows: u64,
    /// The rows whose cells cannot be separated or contradict each other; no device of theirs is
    /// counted.
    rejected: u64,
    /// The rows that repeat a device; null with `--duplicates all`.
    duplicates: Option<Duplicates<'a>>,
    /// The inventories that were named more than once and read once.
    named_again: &'a [String],
    /// The facts joined from facts files.
    joined: Vec<JoinedFile<'a>>,
    /// The devices that were selected; null if all were.
    selection: Option<Selection<'a>>,
    /// The cells that were not understood, by column; each counts as unknown.
    problems: Vec<ColumnProblems<'a>>,
    /// The inventories that are not UTF-8 and were read as Windows-1252.
    windows_1252: Vec<Windows1252<'a>>,
    /// The inventories that end in the middle of a row.
    truncated: &'a [String],
    /// The inventories whose last page of Microsoft Graph's answer links to a page that was not
    /// read.
    more_pages: &'a [String],
    /// Complete answers of Microsoft Graph that count more devices than they contain.
    too_few: Vec<TooFew<'a>>,
    /// The inventories with exactly as many rows as a program gives at most, so that devices may be
    /// missing.
    row_limits: Vec<AtRowLimit<'a>>,
    /// The devices whose last check-in is more than two years after all others, which is hardly right.
    far_ahead: u64,
    /// The inventories that were requested with a filter that Microsoft Graph ignores.
    ignored_filters: Vec<IgnoredFilter<'a>>,
}

/// A file that was left out.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct LeftOut<'a> {
    /// Its name.
    file: &'a str,
    /// The kind of file it is instead of an inventory.
    found: &'a str,
    /// True if it may hold devices all the same; if so, the exit code is 1.
    may_hold_devices: bool,
}

/// Rows that repeat a device. A device is its Intune device id, or else its serial number.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Duplicates<'a> {
    /// The older rows, which are set aside: of each device the row with the newest check-in counts.
    rows: u64,
    /// The devices that have more than one row.
    devices: u64,
    /// Those of them whose newest rows have the same check-in, or none, and different facts.
    contradictions: u64,
    /// The inventories with rows that are set aside.
    inventories: Vec<SetAside<'a>>,
    /// The rows that are recognised by their serial number, because they have no device id.
    by_serial_number: u64,
    /// The rows that have neither a device id nor a serial number; each counts as a device.
    no_key: u64,
}

/// The results of the rows of a facts file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct JoinedFile<'a> {
    /// The file.
    file: &'a str,
    /// By what it identifies devices.
    key: &'static str,
    /// The facts that it has columns for.
    facts: Vec<&'static str>,
    /// Its rows: those matched and those unmatched.
    rows: u64,
    /// The rows about a device of the inventories.
    matched: u64,
    /// All other rows: those of the next three, and those whose key no device has.
    unmatched: u64,
    /// The unmatched rows whose key is blank.
    no_key: u64,
    /// The unmatched rows whose key several devices have.
    ambiguous: u64,
    /// The unmatched rows whose cells cannot be separated or contradict each other.
    rejected: u64,
    /// The rows whose key an earlier row has.
    repeated: u64,
    /// The keys whose rows contradict each other; such a fact is one of what they say.
    repeated_contradictions: u64,
    /// The facts of devices that contradict the inventory or another facts file; such a fact is one
    /// of what they say.
    contradictions: u64,
    /// The columns that are not read.
    ignored_columns: &'a [String],
}

/// A selection of devices.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::present) struct Selection<'a> {
    /// The condition of `--where`.
    condition: Option<&'a str>,
    /// The condition on the last check-in, in words.
    age: Option<&'a str>,
    /// The day from which the age is measured.
    since: Option<String>,
    /// The devices that are left out.
    left_out: u64,
    /// Those of them for which it is unknown whether the condition holds.
    unknown: u64,
    /// Those of them whose last check-in is unknown.
    no_check_in: u64,
}

/// The rows of an inventory that are set aside.
#[derive(Serialize, JsonSchema)]
struct SetAside<'a> {
    /// The inventory.
    inventory: &'a str,
    /// The number of rows.
    rows: u64,
}

/// The cells of a column that were not understood.
#[derive(Serialize, JsonSchema)]
struct ColumnProblems<'a> {
    /// The header of the column.
    column: &'a str,
    /// The number of cells.
    cells: u64,
    /// The expected text.
    expected: String,
    /// The first cells with different texts.
    texts: Vec<Problem<'a>>,
}

/// A cell that was not understood.
#[derive(Serialize, JsonSchema)]
struct Problem<'a> {
    /// The inventory.
    inventory: &'a str,
    /// The number of the row, from 1, without the header.
    row: u64,
    /// The line on which the row begins, in inventories that have lines.
    line: Option<u64>,
    /// The text of the cell.
    text: &'a str,
    /// The known text that was most likely meant.
    suggestion: Option<&'static str>,
}

/// An inventory that is not UTF-8.
#[derive(Serialize, JsonSchema)]
struct Windows1252<'a> {
    /// The inventory.
    inventory: &'a str,
    /// The device ids, device names and JSON objects that were read as Windows-1252.
    texts: u64,
}

/// An answer that counts more devices than it contains.
#[derive(Serialize, JsonSchema)]
struct TooFew<'a> {
    /// The inventory with the last page of the answer.
    inventory: &'a str,
    /// The devices that a page counts.
    counted: u64,
    /// The devices that the pages contain.
    devices: u64,
}

/// An inventory with exactly as many rows as a program gives at most.
#[derive(Serialize, JsonSchema)]
struct AtRowLimit<'a> {
    /// The inventory.
    inventory: &'a str,
    /// The number of rows.
    rows: u64,
    /// The program and its output that is cut there.
    cut: &'static str,
}

/// A filter that Microsoft Graph ignores.
#[derive(Serialize, JsonSchema)]
struct IgnoredFilter<'a> {
    /// The inventory.
    inventory: &'a str,
    /// The property in the filter.
    property: &'a str,
}

impl<'a> From<&'a InventoriesReport> for Inventories<'a> {
    fn from(inventories: &'a InventoriesReport) -> Self {
        let too_few = inventories.too_few.iter().map(|one| TooFew {
            inventory: &one.file,
            counted: one.counted,
            devices: one.devices,
        });
        let filters = inventories.ignored_filters.iter();
        let left_out = inventories.left_out.iter();
        Self {
            inventories: &inventories.files,
            left_out: left_out
                .map(|one| LeftOut {
                    file: &one.file,
                    found: &one.found,
                    may_hold_devices: one.may_hold_devices,
                })
                .collect(),
            rows: inventories.rows,
            rejected: inventories.rejected,
            duplicates: inventories.duplicates.as_ref().map(duplicates),
            named_again: &inventories.named_again,
            joined: inventories.joined.iter().map(JoinedFile::of).collect(),
            selection: inventories.selection.as_ref().map(Selection::of),
            problems: inventories.problems.iter().map(problems).collect(),
            windows_1252: inventories
                .windows_1252
                .iter()
                .map(|(inventory, texts)| Windows1252 { inventory, texts: *texts })
                .collect(),
            truncated: &inventories.truncated,
            more_pages: &inventories.more_pages,
            too_few: too_few.collect(),
            row_limits: inventories.row_limits.iter().map(AtRowLimit::of).collect(),
            far_ahead: inventories.check_ins.far_ahead(),
            ignored_filters: filters
                .map(|(inventory, property)| IgnoredFilter { inventory, property })
                .collect(),
        }
    }
}

impl<'a> AtRowLimit<'a> {
    fn of((inventory, limit): &'a (String, RowLimit)) -> Self {
        Self { inventory, rows: limit.rows, cut: limit.who }
    }
}

impl<'a> JoinedFile<'a> {
    fn of(report: &'a JoinedReport) -> Self {
        Self {
            file: &report.file,
            key: report.key.as_str(),
            facts: report.facts.iter().map(FactName::as_str).collect(),
            rows: report.rows,
            matched: report.matched,
            unmatched: report.unmatched,
            no_key: report.no_key,
            ambiguous: report.ambiguous,
            rejected: report.rejected,
            repeated: report.repeated,
            repeated_contradictions: report.repeated_contradictions,
            contradictions: report.contradictions,
            ignored_columns: &report.ignored,
        }
    }
}

impl<'a> Selection<'a> {
    pub(in crate::present) fn of(report: &'a SelectionReport) -> Self {
        Self {
            condition: report.condition.as_deref(),
            age: report.age.as_deref(),
            since: report.since.map(|day| day.to_string()),
            left_out: report.devices,
            unknown: report.unknown,
            no_check_in: report.no_check_in,
        }
    }
}

fn duplicates(report: &DuplicatesReport) -> Duplicates<'_> {
    let files = report.files.iter();
    Duplicates {
        rows: report.rows,
        devices: report.devices,
        contradictions: report.contradictions,
        inventories: files.map(|(inventory, rows)| SetAside { inventory, rows: *rows }).collect(),
        by_serial_number: report.keyed.serial_number,
        no_key: report.keyed.none,
    }
}

fn problems(column: &report::ColumnProblems) -> ColumnProblems<'_> {
    let texts = column.first.iter().map(|(inventory, cell)| Problem {
        inventory,
        row: cell.row,
        line: cell.line,
        text: &cell.text,
        suggestion: cell.guess(),
    });
    let expected = column.first.first().map(|(_, cell)| cell.expected().into_owned());
    ColumnProblems {
        column: &column.column,
        cells: column.cells,
        expected: expected.unwrap_or_default(),
        texts: texts.collect(),
    }
}

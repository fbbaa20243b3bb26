//! The account of inventories that were read.

use inventory::{CellProblem, CheckIns, Columns, Problems, Rejection};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::joined::JoinedReport;

/// The inventories of a report, their rows, and signs that devices are missing.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Inventories")]
pub(crate) struct InventoriesReport {
    /// The inventories that were read.
    #[serde(rename = "inventories")]
    pub(crate) files: Vec<String>,
    /// The files that only a folder or a pattern named and that are no inventories, or device lists
    /// of relatch.
    pub(crate) left_out: Vec<LeftOut>,
    /// The rows read: those decided, those set aside as older rows of a device, and those rejected.
    pub(crate) rows: u64,
    /// The rows whose cells cannot be separated or contradict each other; no device of theirs is
    /// counted.
    pub(crate) rejected: u64,
    /// The rows that repeat a device; null with `--duplicates all`.
    pub(crate) duplicates: Option<DuplicatesReport>,
    /// The inventories that were named more than once and read once.
    pub(crate) named_again: Vec<String>,
    /// The facts joined from facts files.
    pub(crate) joined: Vec<JoinedReport>,
    /// The devices that were selected; null if all were.
    pub(crate) selection: Option<SelectionReport>,
    /// The cells that were not understood, by column; each counts as unknown.
    pub(crate) problems: Vec<ColumnProblems>,
    /// The inventories that are not UTF-8 and were read as Windows-1252.
    pub(crate) windows_1252: Vec<Windows1252>,
    /// The inventories that end in the middle of a row.
    pub(crate) truncated: Vec<String>,
    /// The inventories whose last page of Microsoft Graph's answer links to a page that was not
    /// read.
    pub(crate) more_pages: Vec<String>,
    /// Complete answers of Microsoft Graph that count more devices than they contain.
    pub(crate) too_few: Vec<TooFew>,
    /// The inventories with exactly as many rows as a program gives at most, so that devices may be
    /// missing.
    pub(crate) row_limits: Vec<AtRowLimit>,
    /// The inventories with rows that Excel does not show and that are read all the same.
    pub(crate) hidden_rows: Vec<HiddenRows>,
    /// The devices whose last check-in is more than two years after all others, which is hardly right.
    #[serde(rename = "far-ahead", serialize_with = "far_ahead")]
    #[schemars(with = "u64")]
    pub(crate) check_ins: CheckIns,
    /// The inventories that were requested with a filter that Microsoft Graph ignores.
    pub(crate) ignored_filters: Vec<IgnoredFilter>,
    /// True if they are device lists that relatch wrote.
    #[serde(skip)]
    pub(crate) from_lists: bool,
    /// The first of the rejected rows, each with its file.
    #[serde(skip)]
    pub(crate) rejections: Vec<(String, Rejection)>,
    /// The list of all problems that was written.
    #[serde(skip)]
    pub(crate) problem_list: Option<String>,
    /// The columns of all inventories together.
    #[serde(skip)]
    pub(crate) columns: Columns,
}

/// A workbook with rows that Excel does not show, as a filter leaves them out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct HiddenRows {
    /// The inventory.
    pub(crate) inventory: String,
    /// The number of hidden rows.
    pub(crate) rows: u64,
}

/// An inventory with exactly as many rows as a program gives at most.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AtRowLimit {
    /// The inventory.
    pub(crate) inventory: String,
    /// The number of rows.
    pub(crate) rows: u64,
    /// The program and its output that is cut there.
    pub(crate) cut: &'static str,
}

fn far_ahead<S: Serializer>(check_ins: &CheckIns, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(check_ins.far_ahead())
}

/// A selection of devices.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Selection")]
pub(crate) struct SelectionReport {
    /// The condition of `--where`.
    pub(crate) condition: Option<String>,
    /// The condition on the last check-in, in words.
    pub(crate) age: Option<String>,
    /// The day from which the age is measured.
    pub(crate) since: Option<String>,
    /// The devices that are left out.
    pub(crate) left_out: u64,
    /// Those of them for which it is unknown whether the condition holds.
    pub(crate) unknown: u64,
    /// Those of them whose last check-in is unknown.
    pub(crate) no_check_in: u64,
}

/// Rows that repeat a device. A device is its Intune device id, or else its serial number.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Duplicates")]
pub(crate) struct DuplicatesReport {
    /// The older rows, which are set aside: of each device the row with the newest check-in counts.
    pub(crate) rows: u64,
    /// The devices that have more than one row.
    pub(crate) devices: u64,
    /// Those of them whose newest rows have the same check-in, or none, and different facts.
    pub(crate) contradictions: u64,
    /// The inventories with rows that are set aside.
    pub(crate) inventories: Vec<SetAsideRows>,
    /// The rows that are recognised by their device id.
    #[serde(skip)]
    pub(crate) by_device_id: u64,
    /// The rows that are recognised by their serial number, because they have no device id.
    pub(crate) by_serial_number: u64,
    /// The rows that have neither a device id nor a serial number; each counts as a device.
    pub(crate) no_key: u64,
}

/// The rows of an inventory that are set aside.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SetAside")]
pub(crate) struct SetAsideRows {
    /// The inventory.
    pub(crate) inventory: String,
    /// The number of rows.
    pub(crate) rows: u64,
}

/// A file that was left out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct LeftOut {
    /// Its name.
    pub(crate) file: String,
    /// The kind of file it is instead of an inventory.
    pub(crate) found: String,
    /// True if it may hold devices all the same; if so, the exit code is 1.
    pub(crate) may_hold_devices: bool,
}

/// The cells of a column that were not understood.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ColumnProblems {
    /// The header of the column.
    pub(crate) column: String,
    /// The number of cells.
    pub(crate) cells: u64,
    /// The expected text.
    pub(crate) expected: String,
    /// The first cells with different texts.
    pub(crate) texts: Vec<Problem>,
    /// True if they are the last check-ins of devices.
    #[serde(skip)]
    pub(crate) is_check_in: bool,
}

/// A cell that was not understood.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Problem {
    /// The inventory.
    pub(crate) inventory: String,
    /// The number of the row, from 1, without the header.
    pub(crate) row: u64,
    /// The line on which the row begins, in inventories that have lines.
    pub(crate) line: Option<u64>,
    /// The text of the cell.
    pub(crate) text: String,
    /// The known text that was most likely meant.
    pub(crate) suggestion: Option<&'static str>,
}

/// An inventory that is not UTF-8.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Windows1252 {
    /// The inventory.
    pub(crate) inventory: String,
    /// The device ids, device names and JSON objects that were read as Windows-1252.
    pub(crate) texts: u64,
}

/// An answer that counts more devices than it contains.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TooFew {
    /// The inventory with the last page of the answer.
    pub(crate) inventory: String,
    /// The devices that a page counts.
    pub(crate) counted: u64,
    /// The devices that the pages contain.
    pub(crate) devices: u64,
}

/// A filter that Microsoft Graph ignores.
#[derive(Serialize, JsonSchema)]
pub(crate) struct IgnoredFilter {
    /// The inventory.
    pub(crate) inventory: String,
    /// The property in the filter.
    pub(crate) property: &'static str,
}

impl InventoriesReport {
    /// Adds the problems of an inventory.
    pub(crate) fn add_problems(&mut self, file: &str, problems: &Problems) {
        for one in problems.columns() {
            let at = self.problems.iter().position(|known| *known.column == *one.column);
            let at = at.unwrap_or_else(|| {
                let first = one.first.first();
                self.problems.push(ColumnProblems {
                    column: one.column.to_string(),
                    cells: 0,
                    expected: first.map(|cell| cell.expected().into_owned()).unwrap_or_default(),
                    texts: Vec::new(),
                    is_check_in: first.is_some_and(CellProblem::is_check_in),
                });
                self.problems.len() - 1
            });
            let all = &mut self.problems[at];
            all.cells += one.cells;
            for cell in &one.first {
                let known = all.texts.iter().any(|first| first.text == cell.text);
                if !known && all.texts.len() < Problems::TEXTS {
                    all.texts.push(Problem {
                        inventory: file.to_owned(),
                        row: cell.row,
                        line: cell.line,
                        text: cell.text.clone(),
                        suggestion: cell.guess(),
                    });
                }
            }
        }
    }

    /// Returns the devices: rows that were understood and not set aside.
    pub(crate) fn devices(&self) -> u64 {
        let aside = self.duplicates.as_ref().map_or(0, |duplicates| duplicates.rows);
        let left_out = self.selection.as_ref().map_or(0, |selection| selection.left_out);
        self.rows - self.rejected - aside - left_out
    }

    /// Takes note of the devices that are left out, with their last check-ins.
    pub(crate) fn select(&mut self, selection: SelectionReport, left_out: &CheckIns) {
        self.check_ins.subtract(left_out);
        self.selection = Some(selection);
    }

    /// Returns true if every cell of every inventory was understood, and no device seems to be
    /// missing or too many.
    pub(crate) fn is_clean(&self) -> bool {
        let whole = self.truncated.is_empty() && self.more_pages.is_empty();
        let understood = self.rejected == 0 && self.problems.is_empty();
        let whole = whole && !self.left_out.iter().any(|file| file.may_hold_devices);
        let joined = self.joined.iter().all(JoinedReport::is_clean);
        joined && understood && whole && self.too_few.is_empty() && self.ignored_filters.is_empty()
    }
}

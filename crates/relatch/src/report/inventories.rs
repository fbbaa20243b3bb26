//! The account of inventories that were read.

use chrono::NaiveDate;
use inventory::{CellProblem, CheckIns, Columns, KeyCounts, Problems, Rejection, RowLimit};

use super::joined::JoinedReport;

/// The account of one or more inventories: what was read, and what was not.
#[derive(Default)]
pub(crate) struct InventoriesReport {
    /// The names of the inventories, as people know them.
    pub(crate) files: Vec<String>,
    /// True if they are device lists that relatch wrote.
    pub(crate) from_lists: bool,
    /// The files that only a folder or a pattern named and that are no inventories, or device lists
    /// of relatch.
    pub(crate) left_out: Vec<LeftOut>,
    /// Rows read: those decided and those rejected.
    pub(crate) rows: u64,
    /// Rows whose cells cannot be separated or contradict each other.
    pub(crate) rejected: u64,
    /// The first of them, each with its file.
    pub(crate) rejections: Vec<(String, Rejection)>,
    /// The cells that were not understood, by column.
    pub(crate) problems: Vec<ColumnProblems>,
    /// Inventories with device ids and names that are not UTF-8 and were read as Windows-1252, and
    /// how many.
    pub(crate) windows_1252: Vec<(String, u64)>,
    /// The list of all problems that was written.
    pub(crate) problem_list: Option<String>,
    /// Inventories that end in the middle of a row.
    pub(crate) truncated: Vec<String>,
    /// Inventories with exactly as many rows as a program gives at most.
    pub(crate) row_limits: Vec<(String, RowLimit)>,
    /// Inventories whose last page of Graph's answer names a next one that was not read.
    pub(crate) more_pages: Vec<String>,
    /// Answers of Graph that count more devices than they hold, though no page is missing.
    pub(crate) too_few: Vec<TooFew>,
    /// Inventories that were asked for with a filter that Graph ignores, and its property.
    pub(crate) ignored_filters: Vec<(String, &'static str)>,
    /// The columns of all inventories together.
    pub(crate) columns: Columns,
    /// The last check-ins of the devices.
    pub(crate) check_ins: CheckIns,
    /// Inventories that were named more than once, and read once.
    pub(crate) named_again: Vec<String>,
    /// Rows that repeat a device; `None` if every row counts.
    pub(crate) duplicates: Option<DuplicatesReport>,
    /// The facts joined from facts files.
    pub(crate) joined: Vec<JoinedReport>,
    /// The devices that were selected; `None` if all were.
    pub(crate) selection: Option<SelectionReport>,
}

/// The selected devices.
#[derive(Clone, Debug)]
pub(crate) struct SelectionReport {
    /// The number of devices that are left out.
    pub(crate) devices: u64,
    /// The condition, as it was given.
    pub(crate) condition: Option<String>,
    /// The condition on the last check-in, in words, and the day from which it is measured.
    pub(crate) age: Option<String>,
    pub(crate) since: Option<NaiveDate>,
    /// Devices left out because it is unknown whether the condition holds.
    pub(crate) unknown: u64,
    /// Devices left out because their last check-in is unknown.
    pub(crate) no_check_in: u64,
}

/// Rows that repeat a device, and by what devices were recognised.
pub(crate) struct DuplicatesReport {
    /// Older rows, which were set aside.
    pub(crate) rows: u64,
    /// The inventories that have such rows, and how many.
    pub(crate) files: Vec<(String, u64)>,
    /// Devices with more than one row.
    pub(crate) devices: u64,
    /// Those of them whose newest rows have the same check-in, or none, and different facts.
    pub(crate) contradictions: u64,
    /// The number of rows recognised by each means.
    pub(crate) keyed: KeyCounts,
}

/// A file that was left out.
#[derive(Debug)]
pub(crate) struct LeftOut {
    /// Its name.
    pub(crate) file: String,
    /// The kind of file it is instead of an inventory.
    pub(crate) found: String,
    /// True if it may hold devices all the same.
    pub(crate) may_hold_devices: bool,
}

/// The cells of a column that were not understood.
pub(crate) struct ColumnProblems {
    /// The column, as the inventories name it.
    pub(crate) column: String,
    /// The number of cells.
    pub(crate) cells: u64,
    /// The first cell with each of the first texts, with its file.
    pub(crate) first: Vec<(String, CellProblem)>,
}

/// An answer of Graph that counts more devices than it holds.
pub(crate) struct TooFew {
    /// The inventory with its last page.
    pub(crate) file: String,
    /// The devices that a page counts.
    pub(crate) counted: u64,
    /// The devices that the pages hold.
    pub(crate) devices: u64,
}

impl InventoriesReport {
    /// Adds the problems of an inventory.
    pub(crate) fn add_problems(&mut self, file: &str, problems: &Problems) {
        for one in problems.columns() {
            let at = self.problems.iter().position(|known| *known.column == *one.column);
            let at = at.unwrap_or_else(|| {
                let column = one.column.to_string();
                self.problems.push(ColumnProblems { column, cells: 0, first: Vec::new() });
                self.problems.len() - 1
            });
            let all = &mut self.problems[at];
            all.cells += one.cells;
            for problem in &one.first {
                let known = all.first.iter().any(|(_, first)| first.text == problem.text);
                if !known && all.first.len() < Problems::TEXTS {
                    all.first.push((file.to_owned(), problem.clone()));
                }
            }
        }
    }

    /// Returns the devices: rows that were understood and not set aside.
    pub(crate) fn devices(&self) -> u64 {
        let aside = self.duplicates.as_ref().map_or(0, |duplicates| duplicates.rows);
        let left_out = self.selection.as_ref().map_or(0, |selection| selection.devices);
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

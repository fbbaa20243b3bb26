//! What was read of inventories.

use chrono::NaiveDateTime;
use inventory::{Columns, Rejection};

/// What was read of one or more inventories, and what was not.
#[derive(Default)]
pub(crate) struct IntakeReport {
    /// The names of the inventories, as people know them.
    pub(crate) files: Vec<String>,
    /// Rows read: those decided and those rejected.
    pub(crate) rows: u64,
    /// Rows that were not understood.
    pub(crate) rejected: u64,
    /// The first of them, each with its file.
    pub(crate) rejections: Vec<(String, Rejection)>,
    /// Inventories that end in the middle of a row.
    pub(crate) truncated: Vec<String>,
    /// Inventories whose last page of Graph's answer names a next one that was not read.
    pub(crate) more_pages: Vec<String>,
    /// The columns of all inventories together.
    pub(crate) columns: Columns,
    /// The newest check-in of any device.
    pub(crate) newest_check_in: Option<NaiveDateTime>,
}

impl IntakeReport {
    /// Whether every row of every inventory was understood, and none seems to be missing.
    pub(crate) fn is_clean(&self) -> bool {
        self.rejected == 0 && self.truncated.is_empty() && self.more_pages.is_empty()
    }
}

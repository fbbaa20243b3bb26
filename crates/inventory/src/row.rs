//! The cells of a row, and why a row is rejected.

use std::borrow::Cow;

use crate::columns::Layout;
use crate::error::Rejection;
use crate::problems::shown;
use crate::reader::records::Record;
use crate::reader::western::decoded;
use crate::source::intune::header::Column;

/// The reason for rejecting a row; the reader adds its place.
pub(crate) struct Problem {
    /// The position of the cell that contradicts another, or `None` for the row as a whole.
    pub(crate) position: Option<usize>,
    pub(crate) text: String,
    pub(crate) expected: String,
}

impl Problem {
    pub(crate) fn of_row(text: String, expected: impl Into<String>) -> Self {
        Self { position: None, text, expected: expected.into() }
    }

    /// Returns the rejection of a row; `column` is the name of the column of the cell.
    pub(crate) fn rejection(
        self,
        row: u64,
        line: Option<u64>,
        column: Option<String>,
    ) -> Rejection {
        let Self { text, expected, .. } = self;
        Rejection { row, line, column, text, expected }
    }

    /// The problem of a row that is the header of a file that was put behind another one.
    pub(crate) fn header_again() -> Self {
        Self::of_row("the header again".to_owned(), "a device")
    }

    /// The problem of a row that is the header of a file with other columns: which rows below it are
    /// of that file, no row says.
    pub(crate) fn other_header() -> Self {
        let text = "the header of another table, whose rows have other columns";
        Self::of_row(text.to_owned(), "a device; name the tables as files of their own")
    }

    pub(crate) fn of_cell(position: usize, text: &[u8], expected: impl Into<String>) -> Self {
        let text = shown(text);
        Self { position: Some(position), text, expected: expected.into() }
    }
}

/// Returns the bytes of a cell; empty if the file does not have the column.
pub(crate) fn cell<'r>(layout: &Layout, record: &'r Record, column: Column) -> &'r [u8] {
    layout.column(column).map_or(&[], |position| record.cell(position))
}

/// Returns the trimmed text of a cell; it is owned if the cell is not UTF-8.
pub(crate) fn text(cell: &[u8]) -> Cow<'_, str> {
    match decoded(cell) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

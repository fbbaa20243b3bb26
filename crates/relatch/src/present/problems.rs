//! The list of everything in inventories that was not understood: `--problems FILE`.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use inventory::{CellProblem, Rejection};

use super::byte_order_mark;
use super::devices::csv_record;
use crate::error::Error;
use crate::files::Replacement;

/// The columns of the list.
const COLUMNS: [&str; 8] =
    ["inventory", "row", "line", "column", "text", "expected", "suggestion", "rejected"];

/// The number of texts whose suggestions are remembered; finding one takes long.
const REMEMBERED: usize = 1 << 12;

/// A list that is being written: a line for each cell that was not understood, and for each
/// rejected row, in the order of the inventories.
pub(crate) struct ProblemList {
    path: PathBuf,
    file: BufWriter<Replacement>,
    suggestions: HashMap<(Arc<str>, String), Option<&'static str>>,
}

/// Something to say of a cell that was understood.
#[derive(Clone, Copy)]
pub(crate) struct Remark<'r> {
    pub(crate) row: u64,
    pub(crate) column: &'r str,
    pub(crate) text: &'r str,
    pub(crate) expected: &'r str,
}

impl ProblemList {
    /// Begins a list.
    pub(crate) fn begin(path: &Path) -> Result<Self, Error> {
        let file = BufWriter::new(Replacement::begin(path)?);
        let mut list = Self { path: path.to_owned(), file, suggestions: HashMap::new() };
        list.file
            .write_all(byte_order_mark::of_csv().as_bytes())
            .map_err(|error| list.failure(error))?;
        list.write(&COLUMNS)?;
        Ok(list)
    }

    /// Adds the problems of consecutive rows of an inventory, each in the order of rows.
    pub(crate) fn append(
        &mut self,
        inventory: &str,
        cells: &[CellProblem],
        rejections: &[Rejection],
    ) -> Result<(), Error> {
        let mut rejections = rejections.iter().peekable();
        for cell in cells {
            while let Some(rejection) = rejections.next_if(|rejection| rejection.row < cell.row) {
                self.add_rejection(inventory, rejection)?;
            }
            self.add_cell(inventory, cell)?;
        }
        rejections.try_for_each(|rejection| self.add_rejection(inventory, rejection))
    }

    fn add_cell(&mut self, inventory: &str, cell: &CellProblem) -> Result<(), Error> {
        let suggestion = self.suggestion(cell).unwrap_or_default();
        let (row, line, expected) = (cell.row.to_string(), number(cell.line), cell.expected());
        let CellProblem { column, text, .. } = cell;
        self.write(&[inventory, &row, &line, column, text, &expected, suggestion, "false"])
    }

    fn add_rejection(&mut self, inventory: &str, rejection: &Rejection) -> Result<(), Error> {
        let Rejection { row, line, column, text, expected } = rejection;
        let (row, line) = (row.to_string(), number(*line));
        let column = column.as_deref().unwrap_or_default();
        self.write(&[inventory, &row, &line, column, text, expected, "", "true"])
    }

    /// Adds something to say of a row of a facts file.
    pub(crate) fn add_remark(&mut self, file: &str, remark: Remark<'_>) -> Result<(), Error> {
        let Remark { row, column, text, expected } = remark;
        self.write(&[file, &row.to_string(), "", column, text, expected, "", "false"])
    }

    fn suggestion(&mut self, cell: &CellProblem) -> Option<&'static str> {
        let key = (cell.column.clone(), cell.text.clone());
        if let Some(known) = self.suggestions.get(&key) {
            return *known;
        }
        let suggestion = cell.guess();
        if self.suggestions.len() < REMEMBERED {
            self.suggestions.insert(key, suggestion);
        }
        suggestion
    }

    fn write(&mut self, cells: &[&str]) -> Result<(), Error> {
        let mut record = Vec::new();
        csv_record(cells, &mut record);
        self.file.write_all(&record).map_err(|error| self.failure(error))
    }

    fn failure(&self, error: io::Error) -> Error {
        Error::write(&self.path, error)
    }

    /// Puts the list in its place and gives its name.
    pub(crate) fn finish(self) -> Result<String, Error> {
        let Self { path, file, .. } = self;
        let file = file.into_inner().map_err(|error| Error::write(&path, error.into_error()))?;
        file.finish()?;
        Ok(path.display().to_string())
    }
}

/// Returns a number as a cell.
fn number(number: Option<u64>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

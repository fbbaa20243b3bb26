//! Cells that were not understood: counted by column, with the first texts of each.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use eligibility::facts::{FactName, SEPARATOR};
use eligibility::nearest::nearest;

use crate::error::shortened;
use crate::reader::Row;
use crate::row::text;
use crate::source::intune::header::Column;
use crate::spelling::agent::{AGENT, AGENTS};
use crate::spelling::enrollment::ENROLLMENT;
use crate::spelling::join::JOIN_TYPE;
use crate::spelling::os::{DEVICE_TYPE, OS};
use crate::spelling::ownership::{OWNER_TYPE, OWNERSHIP};
use crate::spelling::state::{DEVICE_STATE, MANAGEMENT_STATE};
use crate::spelling::truth::TRUTH;
use crate::spelling::{date, is_slip, version};

/// The longest text that is compared with known words for a guess, in bytes.
const GUESSED: usize = 64;

/// A cell that was not understood. Its fact is unknown; its row is a device all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The number of the row, counting from 1 after the header.
    pub row: u64,
    /// The line of the file on which the row begins, counting from 1; `None` for files without
    /// lines.
    pub line: Option<u64>,
    /// The column, named as in the file.
    pub column: Arc<str>,
    /// The text of the cell; shortened.
    pub text: String,
    pub(crate) position: usize,
    pub(crate) content: Content,
}

impl CellProblem {
    /// Returns what was expected in the column.
    pub fn expected(&self) -> Cow<'static, str> {
        self.content.expected()
    }

    /// Returns the known spelling that was most likely meant, unless the text contradicts it.
    pub fn guess(&self) -> Option<&'static str> {
        self.content.guess(&self.text)
    }

    /// Returns true if it is the last check-in of a device.
    pub fn is_check_in(&self) -> bool {
        matches!(self.content, Content::Column { column: Column::LastCheckIn, .. })
    }

    /// Counts rows and lines from an earlier row and line on.
    pub(crate) fn shift(&mut self, rows: u64, lines: u64) {
        self.row += rows;
        self.line = self.line.map(|line| line + lines);
    }
}

impl fmt::Display for CellProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, line, column, text, .. } = self;
        write!(f, "row {row}")?;
        if let Some(line) = line {
            write!(f, " (line {line})")?;
        }
        write!(f, ", column `{column}`: found `{text}`, expected {}", self.expected())
    }
}

/// Returns the text of a cell as it is shown.
pub(crate) fn shown(cell: &[u8]) -> String {
    shortened(text(cell).as_bytes())
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A column of an Intune export; `coded` if it may have numbers of an enum.
    Column { column: Column, coded: bool },
    /// The words of a fact.
    Fact(FactName),
}

impl Content {
    fn expected(self) -> Cow<'static, str> {
        let Self::Column { column, coded } = self else { return self.expected_of_fact().into() };
        match (column, coded) {
            (Column::DeviceId | Column::DeviceName | Column::SerialNumber | Column::Model, _) => {
                "text in UTF-8"
            }
            (Column::LastCheckIn, _) => date::EXPECTED,
            (Column::OsVersion, _) => version::EXPECTED,
            (Column::Os, false) => OS.expected,
            (Column::Os, true) => DEVICE_TYPE.expected,
            (Column::ManagedBy, false) => AGENT.expected,
            (Column::ManagedBy, true) => AGENTS.expected,
            (Column::Ownership, false) => OWNERSHIP.expected,
            (Column::Ownership, true) => OWNER_TYPE.expected,
            (Column::DeviceState, false) => DEVICE_STATE.expected,
            (Column::DeviceState, true) => MANAGEMENT_STATE.expected,
            (Column::Supervised | Column::Encrypted | Column::UnlockToken, _) => TRUTH.expected,
            (Column::JoinType, _) => JOIN_TYPE.expected,
            (Column::EnrollmentType, _) => ENROLLMENT.expected,
        }
        .into()
    }

    fn expected_of_fact(self) -> String {
        let Self::Fact(fact) = self else { return String::new() };
        match fact.choices() {
            [] => "one to four numbers joined by dots, or blank".to_owned(),
            choices => format!(
                "one of {}, several of them with `{SEPARATOR}` between, or blank",
                choices.join(", ")
            ),
        }
    }

    fn guess(self, text: &str) -> Option<&'static str> {
        match self {
            Self::Fact(fact) => {
                let slips = fact.choices().iter().copied().filter(|word| is_slip(text, word));
                (text.len() <= GUESSED).then(|| nearest(text, slips)).flatten()
            }
            Self::Column { column, .. } => match column {
                Column::Os => OS.guess(text),
                Column::ManagedBy => AGENT.guess(text),
                Column::Ownership => OWNERSHIP.guess(text),
                Column::DeviceState => DEVICE_STATE.guess(text),
                Column::Supervised | Column::Encrypted | Column::UnlockToken => TRUTH.guess(text),
                Column::JoinType => JOIN_TYPE.guess(text),
                Column::EnrollmentType => ENROLLMENT.guess(text),
                Column::DeviceId
                | Column::DeviceName
                | Column::SerialNumber
                | Column::Model
                | Column::LastCheckIn
                | Column::OsVersion => None,
            },
        }
    }
}

/// The cells of one column that were not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnProblems {
    /// The column, named as in the file.
    pub column: Arc<str>,
    /// How many cells there are.
    pub cells: u64,
    /// The first cell of each of the first [`Problems::TEXTS`] different texts.
    pub first: Vec<CellProblem>,
    pub(crate) position: usize,
}

/// The cells of understood rows that were not understood, by column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    columns: Vec<ColumnProblems>,
}

impl Problems {
    /// How many different texts of a column are kept.
    pub const TEXTS: usize = 5;

    /// Returns the columns with such cells, in the order of the file.
    pub fn columns(&self) -> &[ColumnProblems] {
        &self.columns
    }

    /// Returns the number of cells.
    pub fn cells(&self) -> u64 {
        self.columns.iter().map(|column| column.cells).sum()
    }

    /// Returns the texts of the cells that are kept, to be replaced.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.columns.iter_mut().flat_map(|column| &mut column.first).map(|cell| &mut cell.text)
    }

    /// Adds the cells of the next row.
    pub fn add_row(&mut self, row: &Row) {
        row.problems.iter().for_each(|problem| self.add(problem));
    }

    /// Adds a cell.
    pub(crate) fn add(&mut self, problem: &CellProblem) {
        self.count(&problem.column, problem.position);
        self.keep(problem);
    }

    /// Counts a cell; says whether no further text of its column is kept.
    pub(crate) fn count(&mut self, name: &Arc<str>, position: usize) -> bool {
        let column = self.column(name, position);
        column.cells += 1;
        column.first.len() == Self::TEXTS
    }

    /// Keeps the text of a cell that was counted, if it is one of the first.
    pub(crate) fn keep(&mut self, problem: &CellProblem) {
        self.column(&problem.column, problem.position).keep(problem);
    }

    /// Adds the cells of later rows.
    pub(crate) fn merge(&mut self, later: &Self) {
        for other in &later.columns {
            let column = self.column(&other.column, other.position);
            column.cells += other.cells;
            other.first.iter().for_each(|problem| column.keep(problem));
        }
    }

    /// Counts rows and lines from an earlier row and line on.
    pub(crate) fn shift(&mut self, rows: u64, lines: u64) {
        let first = self.columns.iter_mut().flat_map(|column| &mut column.first);
        first.for_each(|problem| problem.shift(rows, lines));
    }

    /// Returns the column with a name. In objects, several names may lead to one position.
    fn column(&mut self, name: &Arc<str>, position: usize) -> &mut ColumnProblems {
        let at = self.columns.iter().position(|column| column.column == *name);
        let at = at.unwrap_or_else(|| {
            let at = self.columns.partition_point(|column| column.position <= position);
            let column = name.clone();
            let new = ColumnProblems { column, cells: 0, first: Vec::new(), position };
            self.columns.insert(at, new);
            at
        });
        &mut self.columns[at]
    }
}

impl ColumnProblems {
    fn keep(&mut self, problem: &CellProblem) {
        let known = self.first.iter().any(|first| first.text == problem.text);
        if !known && self.first.len() < Problems::TEXTS {
            self.first.push(problem.clone());
        }
    }
}

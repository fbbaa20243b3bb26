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
    /// Returns the expected content of the column.
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

/// The content of a column.
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
            (Column::Supervised | Column::Encrypted | Column::UnlockToken | Column::Deleted, _) => {
                TRUTH.expected
            }
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
                Column::Supervised | Column::Encrypted | Column::UnlockToken | Column::Deleted => {
                    TRUTH.guess(text)
                }
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
    /// The number of cells.
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
    /// The number of different texts of a column that are kept.
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

    /// Counts a cell; returns true if no further text of its column is kept.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Purpose;
    use crate::reader::{Entry, Reader};

    fn problems(purpose: Purpose, file: &str) -> Vec<Row> {
        let mut reader = Reader::open_for(purpose, file.as_bytes()).unwrap();
        let mut rows = Vec::new();
        while let Some(entry) = reader.next_entry().unwrap() {
            let Entry::Row(row) = entry else { panic!("{entry:?}") };
            rows.push(row.clone());
        }
        rows
    }

    #[test]
    fn a_cell_is_shown_with_what_was_expected_and_perhaps_meant() {
        for (header, cell, expected, guess) in [
            ("OS", "Windwos", OS.expected, Some("Windows")),
            ("DeviceType", "Windwos", DEVICE_TYPE.expected, Some("Windows")),
            ("Managed by", "Intnue", AGENT.expected, Some("Intune")),
            ("ManagementAgents", "Intnue", AGENTS.expected, Some("Intune")),
            ("Ownership", "Coporate", OWNERSHIP.expected, Some("Corporate")),
            ("OwnerType", "Coporate", OWNER_TYPE.expected, Some("Corporate")),
            ("Device state", "Manged", DEVICE_STATE.expected, Some("Managed")),
            ("ManagementState", "Manged", MANAGEMENT_STATE.expected, Some("Managed")),
            ("Supervised", "Ture", TRUTH.expected, Some("True")),
            ("IsEncrypted", "Ture", TRUTH.expected, Some("True")),
            ("HasUnlockToken", "Ture", TRUTH.expected, Some("True")),
            ("JoinType", "Azure AD joind", JOIN_TYPE.expected, Some("Azure AD joined")),
            ("EnrollmentType", "userEnrolment", ENROLLMENT.expected, Some("userEnrollment")),
            ("OS version", "17x", version::EXPECTED, None),
            ("Last check-in", "8/5/2026", date::EXPECTED, None),
            (
                "reset-token",
                "actve",
                "one of absent, pending, active, lost, several of them with `|` between, or blank",
                Some("active"),
            ),
            ("os-version", "17x", "one to four numbers joined by dots, or blank", None),
        ] {
            let other = match header {
                "OS" | "DeviceType" => "Encrypted",
                "os-version" => "platform",
                _ => "OS",
            };
            let file = format!("{other},{header}\n,{cell}\n");
            let rows = problems(Purpose::Inventory, &file);
            let [problem] = rows[0].problems.as_slice() else { panic!("{file}: {rows:?}") };
            assert_eq!((&*problem.expected(), problem.guess()), (expected, guess), "{file}");
            assert_eq!(problem.is_check_in(), header == "Last check-in");
            let shown =
                format!("row 1 (line 2), column `{header}`: found `{cell}`, expected {expected}");
            assert_eq!(problem.to_string(), shown);
        }
    }

    #[test]
    fn cells_are_counted_by_column_with_the_first_texts_of_each() {
        let cells = ["a,1x", ",2x", "b,2x", "a,3x", "c,", "d,", "e,", "f,", "f,4x"];
        let file = format!("OS,OS version\n{}\n", cells.join("\n"));
        let rows = problems(Purpose::Inventory, &file);
        let counted = |rows: &[Row]| {
            let mut problems = Problems::default();
            rows.iter().for_each(|row| problems.add_row(row));
            problems
        };
        let all = counted(&rows);
        let shown = |problems: &Problems| -> Vec<(String, u64, String)> {
            let columns = problems.columns().iter();
            let texts = |first: &CellProblem| {
                let line = first.line.map(|line| format!(":{line}")).unwrap_or_default();
                format!("{}{line} {}", first.row, first.text)
            };
            let column = |column: &ColumnProblems| {
                let texts: Vec<_> = column.first.iter().map(texts).collect();
                (column.column.to_string(), column.cells, texts.join(", "))
            };
            columns.map(column).collect()
        };
        let expected = [
            ("OS".to_owned(), 8, "1:2 a, 3:4 b, 5:6 c, 6:7 d, 7:8 e".to_owned()),
            ("OS version".to_owned(), 5, "1:2 1x, 2:3 2x, 4:5 3x, 9:10 4x".to_owned()),
        ];
        assert_eq!((shown(&all), all.cells()), (expected.to_vec(), 13));
        for cut in 0..=rows.len() {
            let (mut first, rest) = (counted(&rows[..cut]), counted(&rows[cut..]));
            first.merge(&rest);
            assert_eq!(first, all, "{cut}");
        }
        let mut moved = all.clone();
        moved.shift(10, 20);
        assert_eq!(shown(&moved)[1].2, "11:22 1x, 12:23 2x, 14:25 3x, 19:30 4x");
        moved.texts_mut().for_each(|text| text.push('!'));
        assert_eq!(shown(&moved)[1].2, "11:22 1x!, 12:23 2x!, 14:25 3x!, 19:30 4x!");
        let mut apart = Problems::default();
        let later = &rows[0].problems;
        assert!(!apart.count(&later[1].column, later[1].position));
        apart.keep(&later[1]);
        assert!(!apart.count(&later[0].column, later[0].position));
        assert_eq!(
            apart.columns().iter().map(|column| &*column.column).collect::<Vec<_>>(),
            ["OS", "OS version"]
        );
    }
}

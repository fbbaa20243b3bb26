//! The rows of a row group, batch by batch.

use std::io;
use std::sync::Arc;

use parquet::file::metadata::RowGroupMetaData;

use super::Table;
use super::column::Column;
use super::column_type::ColumnType;
use super::days::Days;
use super::dictionary::Dictionary;
use super::groups::{self, Group, Meaning};
use super::source::Source;
use super::values::Value;
use crate::batch::{Batch, Texts};
use crate::bulk::{Dates, Input};
use crate::check_ins::CheckIns;
use crate::error::{Rejection, shortened};
use crate::reader::facts::{self, Problem};
use crate::reader::records::Record;
use crate::reader::{Counts, Header};
use crate::spelling::header::Column as Name;

/// Texts that the file does not promise to be UTF-8.
const UNDECLARED: ColumnType = ColumnType::Text { declared: false };

/// What one thread knows of the texts of a file.
pub(super) struct Scan<'t> {
    table: &'t Table,
    /// The columns with keys, by their places in the file.
    columns: Vec<usize>,
    dictionaries: Vec<Dictionary>,
    groups: Vec<Group>,
    found: Vec<Vec<u16>>,
    pub(super) batch: Batch,
}

/// The columns of a row group that are being read.
pub(super) struct Open<'i, I: Input> {
    columns: Vec<Column<'i, I>>,
    /// The id, the name and the last check-in: those that are read.
    others: Vec<(Name, Column<'i, I>)>,
}

/// What some rows came to, besides what is in the batch.
#[derive(Default)]
pub(super) struct Found {
    pub(super) counts: Counts,
    pub(super) rejections: Vec<Rejection>,
    pub(super) check_ins: CheckIns,
}

impl<'t> Scan<'t> {
    pub(super) fn new(table: &'t Table, batch: Batch) -> Self {
        let (columns, groups) = groups::of(&table.plan);
        let model = table.header.layout.column(Name::Model);
        let dictionaries =
            columns.iter().map(|column| Dictionary::new(model == Some(*column))).collect();
        let found = columns.iter().map(|_| Vec::new()).collect();
        Self { table, columns, dictionaries, groups, found, batch }
    }

    /// The number of the first row of a row group, and how many it has.
    pub(super) fn rows_of(&self, group: usize) -> (u64, u64) {
        let rows = |group: &RowGroupMetaData| group.num_rows().cast_unsigned();
        let groups = self.table.metadata.row_groups();
        (1 + groups[..group].iter().map(rows).sum::<u64>(), rows(&groups[group]))
    }

    /// Begins with a row group.
    pub(super) fn open<'i, I: Input>(
        &self,
        source: &Arc<Source<'i, I>>,
        group: usize,
    ) -> io::Result<Open<'i, I>> {
        let column = |position: usize| self.table.open_column(source, group, position);
        let columns = self.columns.iter().map(|at| column(*at)).collect::<io::Result<_>>()?;
        let mut others = Vec::new();
        for name in [Name::DeviceId, Name::DeviceName, Name::LastCheckIn] {
            let Some(position) = self.table.header.layout.column(name) else { continue };
            // A text that the file promises to be UTF-8 is never rejected.
            let undeclared = self.table.column_type(position) == Some(UNDECLARED);
            if self.batch.projection().identity || undeclared || name == Name::LastCheckIn {
                others.push((name, column(position)?));
            }
        }
        Ok(Open { columns, others })
    }

    /// Reads the next rows into the batch, which is emptied before; `first` is the number of the
    /// first of them.
    pub(super) fn read<I: Input>(
        &mut self,
        open: &mut Open<'_, I>,
        first: u64,
        rows: usize,
    ) -> io::Result<Found> {
        self.make_room();
        let mut rejected = Vec::new();
        for ((column, keys), found) in
            open.columns.iter_mut().zip(&mut self.dictionaries).zip(&mut self.found)
        {
            found.clear();
            column.keys(rows, keys, found)?;
        }
        for group in &mut self.groups {
            let (columns, keys) = (&self.columns[..], &self.dictionaries[..]);
            let meaning = Meaning { plan: &self.table.plan, columns, dictionaries: keys };
            group.add(meaning, &self.found, &mut self.batch, &mut rejected);
        }
        let mut problems = Problems::new(rows);
        for row in rejected {
            problems.add(row, || self.problem(row));
        }
        let mut found = Found::default();
        let mut texts = Vec::new();
        for (name, column) in &mut open.others {
            // Moments that reject no row are looked at once it is known which rows are rejected.
            if column.column_type() == UNDECLARED || *name != Name::LastCheckIn {
                let cells = Cells::read(column, rows)?;
                if column.column_type() == UNDECLARED {
                    cells.reject(&self.table.header, *name, &mut problems);
                }
                texts.push((*name, cells));
            }
        }
        let mut dates = Dates::default();
        for (name, cells) in &texts {
            match name {
                Name::LastCheckIn => cells.each(&problems, |cell| dates.add_cell(cell)),
                _ if !self.batch.projection().identity => {}
                Name::DeviceId => cells.add_texts(&problems, &mut self.batch.ids),
                _ => cells.add_texts(&problems, &mut self.batch.names),
            }
        }
        for (name, column) in &mut open.others {
            if column.column_type() != UNDECLARED && *name == Name::LastCheckIn {
                add_moments(column, &problems.rejected, &mut dates)?;
            }
        }
        found.counts.unread_dates = dates.unread;
        found.check_ins = dates.check_ins();
        self.finish(problems, rows, first, &mut found);
        Ok(found)
    }

    fn make_room(&mut self) {
        self.batch.clear();
        let full = self.batch.is_full();
        if full {
            self.batch.reset();
        }
        if full || self.dictionaries.iter().any(Dictionary::is_full) {
            self.dictionaries.iter_mut().for_each(Dictionary::reset);
            self.groups.iter_mut().for_each(Group::reset);
        }
    }

    /// What is wrong with a row that one of the groups rejects.
    fn problem(&self, row: usize) -> Option<Problem> {
        let cells: Vec<_> = self
            .columns
            .iter()
            .zip(&self.dictionaries)
            .zip(&self.found)
            .map(|((column, keys), found)| (*column, keys.text(found[row])))
            .collect();
        let layout = &self.table.header.layout;
        facts::read(layout, &Record::blank_but_for(&cells, layout.width)).err()
    }

    /// Takes the rejected rows out of the batch, and counts.
    fn finish(&mut self, problems: Problems, rows: usize, first: u64, found: &mut Found) {
        let batch = &mut self.batch;
        if !problems.list.is_empty() {
            for kind in batch.projection().facts.iter() {
                let mut row = 0;
                batch.column_mut(kind).retain(|_| {
                    row += 1;
                    !problems.rejected[row - 1]
                });
            }
        }
        let rejected = problems.list.len();
        batch.fill(rows - rejected);
        found.counts.read = rows as u64;
        found.counts.rejected = rejected as u64;
        found.counts.understood = (rows - rejected) as u64;
        let names = &self.table.header.names;
        let mut list = problems.list;
        list.sort_by_key(|(row, _)| *row);
        found.rejections = list
            .into_iter()
            .map(|(row, problem)| {
                let column = problem.position.map(|position| shortened(names[position].as_bytes()));
                problem.rejection(first + row as u64, None, column)
            })
            .collect();
    }
}

/// The rows that are rejected, and why.
struct Problems {
    rejected: Vec<bool>,
    list: Vec<(usize, Problem)>,
}

impl Problems {
    fn new(rows: usize) -> Self {
        Self { rejected: vec![false; rows], list: Vec::new() }
    }

    /// Rejects a row, unless it is already.
    fn add(&mut self, row: usize, problem: impl FnOnce() -> Option<Problem>) {
        if !self.rejected[row]
            && let Some(problem) = problem()
        {
            self.rejected[row] = true;
            self.list.push((row, problem));
        }
    }
}

/// The cells of a column without keys, for some rows.
#[derive(Default)]
struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    fn read<I: Input>(column: &mut Column<'_, I>, rows: usize) -> io::Result<Self> {
        let column_type = column.column_type();
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(rows));
        column.each(rows, |cell| {
            match cell {
                Some(Value::Text(text)) => bytes.extend_from_slice(text),
                Some(Value::Number(number)) => {
                    bytes.extend_from_slice(column_type.say(number).as_bytes());
                }
                None => {}
            }
            ends.push(bytes.len());
        })?;
        Ok(Self { bytes, ends })
    }

    /// Each row that is not rejected, with its cell.
    fn each(&self, problems: &Problems, mut take: impl FnMut(&[u8])) {
        let mut start = 0;
        for (end, rejected) in self.ends.iter().zip(&problems.rejected) {
            if !rejected {
                take(&self.bytes[start..*end]);
            }
            start = *end;
        }
    }

    /// Rejects the rows whose cells are no text.
    fn reject(&self, header: &Header, name: Name, problems: &mut Problems) {
        let Some(position) = header.layout.column(name) else { return };
        if str::from_utf8(&self.bytes).is_ok() {
            return;
        }
        let mut start = 0;
        for (row, end) in self.ends.iter().enumerate() {
            let cell = &self.bytes[start..*end];
            start = *end;
            problems.add(row, || {
                let record = Record::blank_but_for(&[(position, cell)], header.layout.width);
                facts::cell(&header.layout, &record, name).err()
            });
        }
    }

    fn add_texts(&self, problems: &Problems, texts: &mut Texts) {
        self.each(problems, |cell| texts.push(String::from_utf8_lossy(cell).trim()));
    }
}

/// Adds the check-ins of the next rows, but for those that are rejected.
fn add_moments<I: Input>(
    column: &mut Column<'_, I>,
    rejected: &[bool],
    dates: &mut Dates,
) -> io::Result<()> {
    let mut days = Days::new(column.column_type());
    let mut row = 0;
    column.each(rejected.len(), |cell| {
        match cell.filter(|_| !rejected[row]) {
            Some(Value::Text(text)) => dates.add_cell(text),
            Some(Value::Number(number)) => days.add(number, dates),
            None => {}
        }
        row += 1;
    })?;
    days.finish(dates);
    Ok(())
}

//! The rows of a row group, batch by batch.

use std::io;
use std::sync::Arc;

use parquet::file::metadata::RowGroupMetaData;

use super::Table;
use super::column::Column;
use super::column_type::ColumnType;
use super::days::{Days, last_check_in};
use super::dictionary::Dictionary;
use super::groups::{self, Group, Meaning};
use super::source::Source;
use super::values::Value;
use crate::batch::{Batch, Projection, Texts};
use crate::bulk::{Dates, Input};
use crate::check_ins::{CheckIns, LastCheckIn};
use crate::device_key::{DeviceKey, GUID, KeyCounts};
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
    pub(super) keyed: KeyCounts,
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
        let Projection { identity, keys, .. } = self.batch.projection();
        for name in [Name::DeviceId, Name::DeviceName, Name::SerialNumber, Name::LastCheckIn] {
            let Some(position) = self.table.header.layout.column(name) else { continue };
            // A text that the file promises to be UTF-8 is never rejected.
            let undeclared = self.table.column_type(position) == Some(UNDECLARED);
            let needed = match name {
                Name::DeviceId => identity || keys || undeclared,
                Name::SerialNumber => keys,
                Name::LastCheckIn => true,
                _ => identity || undeclared,
            };
            if needed {
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
                if column.column_type() == UNDECLARED && *name != Name::SerialNumber {
                    cells.reject(&self.table.header, *name, &mut problems);
                }
                texts.push((*name, cells));
            }
        }
        let mut dates = Dates::default();
        let Projection { identity, keys, .. } = self.batch.projection();
        let told = &mut self.batch.last_check_ins;
        for (name, cells) in &texts {
            match name {
                Name::LastCheckIn => cells.each(&problems, |cell| {
                    let check_in = dates.add_cell(cell);
                    if keys {
                        told.push(check_in);
                    }
                }),
                Name::DeviceId if identity => cells.add_texts(&problems, &mut self.batch.ids),
                Name::DeviceName if identity => cells.add_texts(&problems, &mut self.batch.names),
                _ => {}
            }
        }
        for (name, column) in &mut open.others {
            if column.column_type() != UNDECLARED && *name == Name::LastCheckIn {
                let told = keys.then_some(&mut *told);
                add_moments(column, &problems.rejected, &mut dates, told)?;
            }
        }
        if keys {
            add_keys(&texts, &problems, &mut self.batch);
        }
        found.counts.unread_dates = dates.unread;
        found.check_ins = dates.check_ins();
        found.keyed = self.batch.keyed;
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

    /// The cell of a row.
    fn get(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[row]]
    }

    fn add_texts(&self, problems: &Problems, texts: &mut Texts) {
        self.each(problems, |cell| texts.push(String::from_utf8_lossy(cell).trim()));
    }
}

/// Adds the key of each row that is not rejected.
fn add_keys(texts: &[(Name, Cells)], problems: &Problems, batch: &mut Batch) {
    let of = |name| texts.iter().find(|(other, _)| *other == name).map(|(_, cells)| cells);
    let (ids, serial_numbers) = (of(Name::DeviceId), of(Name::SerialNumber));
    let rows = problems.rejected.iter().enumerate().filter(|(_, rejected)| !**rejected);
    for (row, _) in rows {
        let text = |cells: Option<&Cells>| {
            String::from_utf8_lossy(cells.map_or(&[][..], |cells| cells.get(row))).into_owned()
        };
        let id = ids.map_or(&[][..], |cells| cells.get(row));
        let key = id.first_chunk().filter(|_| id.len() == GUID).and_then(DeviceKey::of_guid);
        if key.is_some() {
            batch.keyed.device_id += 1;
            batch.device_keys.push(key);
            continue;
        }
        let id = text(ids);
        let key = DeviceKey::of(&id, &text(serial_numbers));
        batch.keyed.count(&id, key);
        batch.device_keys.push(key);
    }
}

/// Adds the check-ins of the next rows, but for those that are rejected.
fn add_moments<I: Input>(
    column: &mut Column<'_, I>,
    rejected: &[bool],
    dates: &mut Dates,
    mut told: Option<&mut Vec<LastCheckIn>>,
) -> io::Result<()> {
    let column_type = column.column_type();
    let mut days = Days::new(column_type);
    let mut row = 0;
    column.each(rejected.len(), |cell| {
        let rejected = rejected[row];
        row += 1;
        if rejected {
            return;
        }
        let check_in = match cell {
            Some(Value::Text(text)) => dates.add_cell(text),
            Some(Value::Number(number)) => {
                days.add(number, dates);
                told.as_ref()
                    .map_or_else(LastCheckIn::default, |_| last_check_in(column_type, number))
            }
            None => LastCheckIn::default(),
        };
        if let Some(told) = &mut told {
            told.push(check_in);
        }
    })?;
    days.finish(dates);
    Ok(())
}

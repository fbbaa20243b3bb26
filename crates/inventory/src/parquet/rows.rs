//! The rows of a row group, batch by batch.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use parquet::file::metadata::RowGroupMetaData;

use super::Table;
use super::bundles::Bundles;
use super::column::Column;
use super::column_type::ColumnType;
use super::days::Days;
use super::dictionary::{BLANK, Dictionary};
use super::groups::{self, KeyedRows};
use super::row_keys::RowKeys;
use super::source::Source;
use super::values::Value;
use crate::batch::{Batch, Projection, Texts};
use crate::bulk::Dates;
use crate::bulk::column_plan::Understood;
use crate::bulk::problem_counter::ProblemCounter;
use crate::check_ins::LastCheckIn;
use crate::device_key::{DeviceKey, GUID};
use crate::error::{Rejection, shortened};
use crate::merge::Totals;
use crate::problems::{CellProblem, shown};
use crate::reader::records::Record;
use crate::reader::western::decoded;
use crate::row::{self, Problem};
use crate::source;
use crate::source::intune::header::Column as Name;

/// Texts that the file does not promise to be UTF-8.
const UNDECLARED: ColumnType = ColumnType::Text { declared: false };

/// The state of one thread that reads the texts of a file.
pub(super) struct Scan<'t> {
    table: &'t Table,
    /// The columns with keys, by their places in the file.
    columns: Vec<usize>,
    dictionaries: Vec<Dictionary>,
    bundles: Bundles,
    row_keys: RowKeys,
    found: Vec<Vec<u16>>,
    problems: ProblemCounter,
    pub(super) batch: Batch,
}

/// The columns of a row group that are being read.
pub(super) struct Open<'i> {
    columns: Vec<Column<'i>>,
    /// The id, the name and the last check-in: those that are read.
    others: Vec<(Name, Column<'i>)>,
    /// Those that are carried along; `None` for one that the file does not have.
    carried: Vec<Option<Column<'i>>>,
}

/// The result of some rows, besides the content of the batch.
#[derive(Default)]
pub(super) struct Found {
    pub(super) totals: Totals,
    pub(super) rejections: Vec<Rejection>,
    pub(super) list: Vec<CellProblem>,
}

impl<'t> Scan<'t> {
    pub(super) fn new(table: &'t Table, batch: Batch) -> Self {
        let (columns, groups) = groups::of(&table.plan);
        let bundles = Bundles::new(groups);
        let model = table.header.layout.column(Name::Model);
        let dictionaries =
            columns.iter().map(|column| Dictionary::new(model == Some(*column))).collect();
        let found = columns.iter().map(|_| Vec::new()).collect();
        let problems = ProblemCounter::new(&table.header, batch.projection().problems);
        let row_keys = RowKeys::default();
        Self { table, columns, dictionaries, bundles, row_keys, found, problems, batch }
    }

    /// Returns the number of the first row of a row group, and how many it has.
    pub(super) fn rows_of(&self, group: usize) -> (u64, u64) {
        let rows = |group: &RowGroupMetaData| group.num_rows().cast_unsigned();
        let groups = self.table.metadata.row_groups();
        (1 + groups[..group].iter().map(rows).sum::<u64>(), rows(&groups[group]))
    }

    /// Begins with a row group.
    pub(super) fn open<'i>(&self, source: &Arc<Source<'i>>, group: usize) -> io::Result<Open<'i>> {
        let column = |position: usize| self.table.open_column(source, group, position);
        let columns = self.columns.iter().map(|at| column(*at)).collect::<io::Result<_>>()?;
        let mut others = Vec::new();
        let Projection { identity, keys, serial_numbers, .. } = self.batch.projection();
        for name in [Name::DeviceId, Name::DeviceName, Name::SerialNumber, Name::LastCheckIn] {
            let Some(position) = self.table.header.layout.column(name) else { continue };
            // A text that the file promises to be UTF-8 is always understood.
            let undeclared = self.table.column_type(position) == Some(UNDECLARED);
            let needed = match name {
                Name::DeviceId => identity || keys || undeclared,
                Name::SerialNumber => keys || serial_numbers,
                Name::LastCheckIn => true,
                _ => identity || undeclared,
            };
            if needed {
                others.push((name, column(position)?));
            }
        }
        let carried = self.table.header.layout.carried.iter();
        let carried = carried.map(|position| position.map(column).transpose());
        Ok(Open { columns, others, carried: carried.collect::<io::Result<_>>()? })
    }

    /// Reads the next rows into the batch, which is emptied before; `first` is the number of the
    /// first of them.
    pub(super) fn read(
        &mut self,
        open: &mut Open<'_>,
        first: u64,
        rows: usize,
    ) -> io::Result<Found> {
        self.make_room();
        let mut rejected = Vec::new();
        for ((column, keys), found) in
            open.columns.iter_mut().zip(&mut self.dictionaries).zip(&mut self.found)
        {
            found.resize(rows, BLANK);
            column.keys(keys, found)?;
        }
        let Self { dictionaries, columns, bundles, batch, found: keys, .. } = self;
        let rows_by_keys = KeyedRows { plan: &self.table.plan, columns, dictionaries, keys, batch };
        if !bundles.find(rows_by_keys, &mut rejected) {
            self.row_keys.reset();
        }
        self.problems.take();
        let mut kept = vec![true; rows];
        rejected.iter().for_each(|row| kept[*row] = false);
        self.row_keys.add(self.bundles.all(), &kept, &mut self.batch);
        self.note_odd_texts(first, &kept);
        let mut found = Found::default();
        self.read_others(open, first, &kept, &mut found)?;
        (found.totals.problems, found.list) = self.problems.take();
        found.totals.keyed = self.batch.keyed;
        self.finish(&kept, first, &mut found);
        Ok(found)
    }

    /// Takes note of the texts with keys that are not understood.
    fn note_odd_texts(&mut self, first: u64, kept: &[bool]) {
        let Self { table, columns, dictionaries, found, problems, .. } = self;
        for ((column, keys), found) in columns.iter().zip(dictionaries).zip(found) {
            let understood = |text: &[u8]| {
                let understood = table.plan.understand_as_they_are(&[(*column, text)]);
                !understood.is_some_and(|Understood { odd, .. }| odd)
            };
            let Some(understood) = keys.odd(understood).map(<[bool]>::to_vec) else { continue };
            for ((row, key), kept) in (first..).zip(found).zip(kept) {
                if *kept && !understood[usize::from(*key)] {
                    let text = keys.text(*key);
                    problems.add(*column, text, || (row, None), || shown(text));
                }
            }
        }
    }

    /// Reads the ids, names, check-ins and carried texts of the rows that are kept.
    fn read_others(
        &mut self,
        open: &mut Open<'_>,
        first: u64,
        kept: &[bool],
        found: &mut Found,
    ) -> io::Result<()> {
        let Projection { identity, keys, check_ins, serial_numbers: by_serial, .. } =
            self.batch.projection();
        let mut dates = Dates::default();
        let others = &mut found.totals.counts.windows_1252;
        let batch = &mut self.batch;
        let count = kept.iter().filter(|kept| **kept).count();
        for (name, column) in &mut open.others {
            let position = self.table.header.layout.column(*name).expect("it is read");
            match name {
                Name::LastCheckIn => {
                    let note = |row: usize, cell: &[u8]| {
                        let place = || (first + row as u64, None);
                        self.problems.add(position, cell, place, || shown(cell));
                    };
                    let listed = check_ins.then_some(&mut batch.last_check_ins);
                    add_moments(column, kept, &mut dates, listed, note)?;
                }
                Name::SerialNumber => {
                    // Columns that no one needs are not even decompressed.
                    batch.device_keys.resize(if keys { count } else { 0 }, None);
                    if by_serial || batch.device_keys.contains(&None) {
                        add_serial_numbers(column, kept, batch)?;
                    } else {
                        column.pass(kept.len())?;
                    }
                }
                Name::DeviceId => {
                    let (ids, device_keys) = (&mut batch.ids, &mut batch.device_keys);
                    let add = |cell: &[u8]| {
                        if keys {
                            device_keys.push(id_key(cell));
                        }
                    };
                    *others += add_texts(column, kept, identity.then_some(ids), add)?;
                    let by_id = batch.device_keys.iter().filter(|key| key.is_some());
                    batch.keyed.device_id += by_id.count() as u64;
                }
                _ => {
                    let names = identity.then_some(&mut batch.names);
                    *others += add_texts(column, kept, names, |_| {})?;
                }
            }
        }
        for (column, texts) in open.carried.iter_mut().zip(&mut batch.carried) {
            let Some(column) = column else { continue };
            *others += add_texts(column, kept, Some(texts), |_| {})?;
        }
        if keys {
            batch.device_keys.resize(count, None);
            batch.keyed.none += batch.device_keys.iter().filter(|key| key.is_none()).count() as u64;
        }
        found.totals.check_ins = dates.check_ins();
        Ok(())
    }

    fn make_room(&mut self) {
        self.batch.clear();
        let full = self.batch.is_full();
        if full {
            self.batch.reset();
        }
        if full || self.dictionaries.iter().any(Dictionary::is_full) {
            self.dictionaries.iter_mut().for_each(Dictionary::reset);
            self.bundles.reset();
            self.row_keys.reset();
        }
    }

    /// Returns what is wrong with a row that one of the groups rejects.
    fn problem(&self, row: usize) -> Option<Problem> {
        let cells: Vec<_> = self
            .columns
            .iter()
            .zip(&self.dictionaries)
            .zip(&self.found)
            .map(|((column, keys), found)| (*column, keys.text(found[row])))
            .collect();
        let layout = &self.table.header.layout;
        source::read(layout, &Record::blank_but_for(&cells, layout.width), &mut Vec::new()).err()
    }

    /// Counts the rows, and takes note of those that are rejected.
    fn finish(&mut self, kept: &[bool], first: u64, found: &mut Found) {
        let (rows, batch) = (kept.len(), &mut self.batch);
        let rejected = kept.iter().filter(|kept| !**kept).count();
        batch.fill(rows - rejected);
        let counts = &mut found.totals.counts;
        (counts.read, counts.rejected) = (rows as u64, rejected as u64);
        counts.understood = (rows - rejected) as u64;
        if rejected == 0 {
            return;
        }
        let names = &self.table.header.names;
        let rows = kept.iter().enumerate().filter(|(_, kept)| !**kept);
        found.rejections = rows
            .filter_map(|(row, _)| {
                let problem = self.problem(row)?;
                let column = problem.position.map(|position| shortened(names[position].as_bytes()));
                Some(problem.rejection(first + row as u64, None, column))
            })
            .collect();
    }
}

/// Calls `take` with the cell of each row that is kept in a column without keys.
fn each_cell(
    column: &mut Column<'_>,
    kept: &[bool],
    mut take: impl FnMut(&[u8]),
) -> io::Result<()> {
    let (column_type, rows) = (column.column_type(), kept.len());
    let mut kept = kept.iter();
    column.each(rows, |cell| match cell {
        _ if kept.next() != Some(&true) => {}
        Some(Value::Text(text)) => take(text),
        Some(Value::Number(number)) => take(column_type.say(number).as_bytes()),
        None => take(b""),
    })
}

/// Adds the texts of the rows that are kept, if they are projected, and hands each cell on; returns
/// the number of those that are not UTF-8.
fn add_texts(
    column: &mut Column<'_>,
    kept: &[bool],
    mut texts: Option<&mut Texts>,
    mut also: impl FnMut(&[u8]),
) -> io::Result<u64> {
    let undeclared = column.column_type() == UNDECLARED;
    let mut others = 0;
    each_cell(column, kept, |cell| {
        also(cell);
        if undeclared || texts.is_some() {
            let text = row::text(cell);
            others += u64::from(undeclared && matches!(text, Cow::Owned(_)));
            if let Some(texts) = &mut texts {
                texts.push(&text);
            }
        }
    })?;
    Ok(others)
}

/// Returns the key of an id.
fn id_key(id: &[u8]) -> Option<DeviceKey> {
    let guid = id.first_chunk().filter(|_| id.len() == GUID).and_then(DeviceKey::of_guid);
    guid.or_else(|| DeviceKey::of_id(&decoded(id)))
}

/// Adds the serial numbers of the rows that are kept, and the keys of those without an id.
fn add_serial_numbers(column: &mut Column<'_>, kept: &[bool], batch: &mut Batch) -> io::Result<()> {
    let by_serial = batch.projection().serial_numbers;
    let mut device_keys = batch.device_keys.iter_mut();
    each_cell(column, kept, |cell| {
        let missing = device_keys.next().filter(|key| key.is_none());
        if !by_serial && missing.is_none() {
            return;
        }
        let key = DeviceKey::of_serial_number(&decoded(cell));
        if by_serial {
            batch.serial_numbers.push(key);
        }
        if let Some(missing) = missing {
            *missing = key;
            batch.keyed.serial_number += u64::from(key.is_some());
        }
    })
}

/// The number of check-ins that are read one by one where one is not usual.
const UNUSUAL: usize = 64;

/// Adds the check-ins of the next rows, but for those that are rejected, and appends them to
/// `listed`; `note` takes the cells that are not understood.
fn add_moments(
    column: &mut Column<'_>,
    kept: &[bool],
    dates: &mut Dates,
    mut listed: Option<&mut Vec<LastCheckIn>>,
    mut note: impl FnMut(usize, &[u8]),
) -> io::Result<()> {
    let column_type = column.column_type();
    let mut days = Days::new(column_type);
    let all = !kept.contains(&false);
    let mut row = 0;
    while row < kept.len() {
        let usual = match all {
            true => column.usual_dates(kept.len() - row, dates, listed.as_deref_mut())?,
            false => 0,
        };
        row += usual;
        let rows = if usual > 0 { UNUSUAL } else { kept.len() };
        column.each(rows.min(kept.len() - row), |cell| {
            let at = row;
            row += 1;
            if !kept[at] {
                return;
            }
            let check_in = match cell {
                Some(Value::Text(text)) => {
                    let check_in = dates.add_cell(text);
                    if check_in.is_none() {
                        note(at, text);
                    }
                    check_in.unwrap_or_default()
                }
                Some(Value::Number(number)) => {
                    if !days.add(number, dates) {
                        note(at, column_type.say(number).as_bytes());
                    }
                    listed.as_ref().map(|_| days.check_in(number)).unwrap_or_default()
                }
                None => LastCheckIn::default(),
            };
            if let Some(listed) = &mut listed {
                listed.push(check_in);
            }
        })?;
    }
    days.finish(dates);
    Ok(())
}

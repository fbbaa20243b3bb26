//! The list as a table in Apache Parquet.
//!
//! What follows the id and the name of a device is the same for many devices. The threads number
//! these endings; here the numbers of a row group become the dictionaries of its columns. The
//! numbers depend on which thread came first, so nothing of them may reach the file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use inventory::{Cells, TableWriter};

use crate::files::Replacement;

/// How many rows a row group has.
const ROWS: usize = 1 << 16;

/// The endings that occurred, each with a number, for all threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbered(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<Arc<[String]>, u32>,
    endings: Vec<Arc<[String]>>,
}

impl Numbered {
    /// Returns the number of the cells of an ending.
    pub(super) fn number(&self, cells: Vec<String>) -> u32 {
        let mut known = self.lock();
        let next = known.endings.len();
        let cells = Arc::<[String]>::from(cells);
        let number = match known.numbers.entry(Arc::clone(&cells)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(place) => {
                let number = u32::try_from(next).expect("memory ends before the numbers do");
                *place.insert(number)
            }
        };
        known.endings.push(cells);
        number
    }

    fn cells(&self, number: u32) -> Arc<[String]> {
        Arc::clone(&self.lock().endings[number as usize])
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns what stands before a text in the rows that [`Table::append`] takes.
pub(super) fn length(text: &[u8]) -> [u8; 4] {
    // A text of four gigabytes would not have fitted into a batch before.
    u32::try_from(text.len()).expect("a text is shorter than four gigabytes").to_le_bytes()
}

/// A table in the making.
pub(super) struct Table {
    writer: TableWriter<Replacement>,
    numbered: Numbered,
    /// The ids and names of the devices of a row group, one after the other.
    texts: String,
    ends: Vec<[usize; 2]>,
    endings: Vec<u32>,
}

impl Table {
    pub(super) fn begin(file: Replacement, names: &[&str], numbered: Numbered) -> io::Result<Self> {
        let writer = TableWriter::new(file, names)?;
        let (texts, ends, endings) = (String::new(), Vec::new(), Vec::new());
        Ok(Self { writer, numbered, texts, ends, endings })
    }

    /// Adds rows: of each the id and the name behind their lengths, and the number of its ending.
    pub(super) fn append(&mut self, mut rows: &[u8]) -> io::Result<()> {
        while !rows.is_empty() {
            let ends = [self.text(&mut rows), self.text(&mut rows)];
            self.ends.push(ends);
            self.endings.push(number(&mut rows));
            if self.ends.len() == ROWS {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Ends the table, and gives the file back.
    pub(super) fn finish(mut self) -> io::Result<Replacement> {
        self.write()?;
        self.writer.finish()
    }

    fn text(&mut self, rows: &mut &[u8]) -> usize {
        let (text, rest) = rows[4..].split_at(number(&mut &**rows) as usize);
        self.texts.push_str(str::from_utf8(text).expect("it was put there as a text"));
        *rows = rest;
        self.texts.len()
    }

    /// Writes a row group.
    fn write(&mut self) -> io::Result<()> {
        if self.ends.is_empty() {
            return Ok(());
        }
        let starts = std::iter::once(0).chain(self.ends.iter().map(|ends| ends[1]));
        let (ids, names) = starts
            .zip(&self.ends)
            .map(|(start, [id, name])| (&self.texts[start..*id], &self.texts[*id..*name]))
            .unzip();
        let mut columns = vec![Cells::of(ids), Cells::of(names)];
        let (order, rows) = in_order(&self.endings);
        let endings: Vec<_> = order.into_iter().map(|number| self.numbered.cells(number)).collect();
        for column in 0..endings.first().map_or(0, |cells| cells.len()) {
            let cells = endings.iter().map(|cells| cells[column].as_str());
            columns.push(coded(cells, &rows));
        }
        self.writer.write(&columns)?;
        self.texts.clear();
        self.ends.clear();
        self.endings.clear();
        Ok(())
    }
}

fn number(bytes: &mut &[u8]) -> u32 {
    let (number, rest) = bytes.split_first_chunk().expect("rows are added whole");
    *bytes = rest;
    u32::from_le_bytes(*number)
}

/// Returns the different numbers as they first occur, and the position of each number among them.
fn in_order(numbers: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut places = HashMap::new();
    let mut order = Vec::new();
    let mut last = (u32::MAX, 0);
    let place = |number: &u32| {
        if last.0 != *number {
            let next = order.len() as u32;
            let place = *places.entry(*number).or_insert_with(|| {
                order.push(*number);
                next
            });
            last = (*number, place);
        }
        last.1
    };
    let rows = numbers.iter().map(place).collect();
    (order, rows)
}

/// Returns a column whose cell is that of the ending of each row.
fn coded<'c>(cells: impl Iterator<Item = &'c str>, rows: &[u32]) -> Cells<'c> {
    let mut places = HashMap::new();
    let mut entries = Vec::new();
    let places: Vec<u32> = cells
        .map(|cell| {
            let next = entries.len() as u32;
            *places.entry(cell).or_insert_with(|| {
                entries.push(cell);
                next
            })
        })
        .collect();
    Cells::Coded { entries, rows: rows.iter().map(|row| places[*row as usize]).collect() }
}

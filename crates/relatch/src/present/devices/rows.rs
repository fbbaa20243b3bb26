//! The list as rows of cells: for Apache Parquet and for the table of a page.
//!
//! What follows the texts of a device's own is the same for many devices. The threads number these
//! suffixes; here the numbers of a row group become the dictionaries of its columns. The numbers
//! depend on which thread came first, so nothing of them may reach a file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::columns::ListColumns;

/// The suffixes that occurred, each with a number, for all threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbered(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<Arc<[Arc<str>]>, u32>,
    suffixes: Vec<Arc<[Arc<str>]>>,
}

impl Numbered {
    /// Returns the number of the cells of a suffix.
    pub(super) fn number(&self, cells: Vec<String>) -> u32 {
        let mut known = self.lock();
        let next = known.suffixes.len();
        let cells: Arc<[Arc<str>]> = cells.into_iter().map(Arc::from).collect();
        let number = match known.numbers.entry(Arc::clone(&cells)) {
            Entry::Occupied(known) => return *known.get(),
            Entry::Vacant(place) => {
                let number = u32::try_from(next).expect("memory ends before the numbers do");
                *place.insert(number)
            }
        };
        known.suffixes.push(cells);
        number
    }

    pub(super) fn cells(&self, number: u32) -> Arc<[Arc<str>]> {
        Arc::clone(&self.lock().suffixes[number as usize])
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The representation of rows of cells.
#[derive(Clone, Debug)]
pub(crate) struct RowFormat {
    /// The cells behind those of a device's own.
    pub(super) numbered: Numbered,
    pub(super) columns: ListColumns,
}

impl RowFormat {
    /// Returns the format of rows with these columns, none of them numbered yet.
    pub(super) fn new(columns: ListColumns) -> Self {
        Self { numbered: Numbered::default(), columns }
    }

    /// Adds a row: the texts of a device's own, and its other cells.
    pub(in crate::present) fn append<'t>(
        &self,
        own: impl Iterator<Item = &'t str>,
        cells: Vec<String>,
        rows: &mut Vec<u8>,
    ) {
        for text in own {
            rows.extend_from_slice(&length(text.as_bytes()));
            rows.extend_from_slice(text.as_bytes());
        }
        rows.extend_from_slice(&self.numbered.number(cells).to_le_bytes());
    }
}

/// Returns the bytes before a text in the rows that [`Rows::append_one`] takes.
pub(super) fn length(text: &[u8]) -> [u8; 4] {
    // A text of four gigabytes would not have fitted into a batch before.
    u32::try_from(text.len()).expect("a text is shorter than four gigabytes").to_le_bytes()
}

/// Rows in the making.
#[derive(Debug)]
pub(super) struct Rows {
    numbered: Numbered,
    /// The number of texts of its own a row has.
    width: usize,
    /// These texts, one after the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
    suffixes: Vec<u32>,
}

impl Rows {
    /// Begins without a row.
    pub(super) fn new(format: &RowFormat) -> Self {
        let (texts, ends, suffixes) = (String::new(), Vec::new(), Vec::new());
        let (numbered, width) = (format.numbered.clone(), format.columns.own().len());
        Self { numbered, width, texts, ends, suffixes }
    }

    /// Returns the number of texts of a row's own.
    #[cfg(feature = "parquet")]
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.suffixes.len()
    }

    /// Adds the next of some rows: its texts behind their lengths, and the number of its suffix.
    pub(super) fn append_one(&mut self, rows: &mut &[u8]) {
        let (texts, suffix) = next(rows, self.width);
        for text in texts {
            self.texts.push_str(text);
            self.ends.push(self.texts.len());
        }
        self.suffixes.push(suffix);
    }

    /// Removes the rows.
    #[cfg(feature = "parquet")]
    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.ends.clear();
        self.suffixes.clear();
    }

    /// Returns a text of each row.
    pub(super) fn own(&self, column: usize) -> Vec<&str> {
        let ends = self.ends.iter().skip(column).step_by(self.width).enumerate();
        let text = |(row, end): (usize, &usize)| {
            let before = (row * self.width + column).checked_sub(1);
            &self.texts[before.map_or(0, |before| self.ends[before])..*end]
        };
        ends.map(text).collect()
    }

    /// Returns the columns of the suffixes, each as its different cells and the position of each row's cell
    /// among them.
    pub(super) fn shared(&self) -> Vec<(Vec<Arc<str>>, Vec<u32>)> {
        let (order, rows) = in_order(&self.suffixes);
        let suffixes: Vec<_> =
            order.into_iter().map(|number| self.numbered.cells(number)).collect();
        let width = suffixes.first().map_or(0, |cells| cells.len());
        (0..width).map(|column| coded(suffixes.iter().map(|cells| &cells[column]), &rows)).collect()
    }
}

/// Takes the next of some rows: a number of texts behind their lengths, and the number of its suffix.
pub(super) fn next<'r>(rows: &mut &'r [u8], width: usize) -> (Vec<&'r str>, u32) {
    let mut texts = Vec::with_capacity(width);
    for _ in 0..width {
        let length = number(rows) as usize;
        let (text, rest) = rows.split_at(length);
        texts.push(str::from_utf8(text).expect("it was put there as a text"));
        *rows = rest;
    }
    (texts, number(rows))
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

/// Returns the different cells of a column, and the position of that of each row, whose suffix has a number.
fn coded<'c>(cells: impl Iterator<Item = &'c Arc<str>>, rows: &[u32]) -> (Vec<Arc<str>>, Vec<u32>) {
    let mut places = HashMap::new();
    let mut entries = Vec::new();
    let places: Vec<u32> = cells
        .map(|cell| {
            let next = entries.len() as u32;
            *places.entry(Arc::clone(cell)).or_insert_with(|| {
                entries.push(Arc::clone(cell));
                next
            })
        })
        .collect();
    (entries, rows.iter().map(|row| places[*row as usize]).collect())
}

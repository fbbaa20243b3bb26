//! The list as the table of a page.

use std::collections::HashMap;
use std::sync::Arc;

use inventory::CellType;

use super::rows::{RowFormat, Rows};

/// The most devices that the table of a page has.
pub(crate) const MOST: usize = 200_000;

/// The number of letters of a timestamp that are its day.
const DAY: usize = "2026-09-01".len();

/// The devices of a page: the first [`MOST`].
#[derive(Debug)]
pub(crate) struct InPage {
    format: RowFormat,
    rows: Rows,
}

/// A column as its different cells, and for each row the position of its cell among them.
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// True if it is carried along from the inventory.
    pub(crate) is_carried: bool,
    /// The cells, each once.
    pub(crate) entries: Vec<Arc<str>>,
    /// The positions.
    pub(crate) rows: Vec<u32>,
}

impl InPage {
    pub(super) fn new(format: RowFormat) -> Self {
        Self { rows: Rows::new(&format), format }
    }

    /// Adds rows as long as there is room.
    pub(super) fn append(&mut self, mut rows: &[u8]) {
        while !rows.is_empty() && self.rows.len() < MOST {
            self.rows.append_one(&mut rows);
        }
    }

    /// Returns the number of devices.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns the columns; of a moment they have the day, by which a page stays small.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let own = self.format.columns.own().iter().enumerate().map(|(place, column)| {
            let mut cells = self.rows.own(place);
            if column.cell_type == CellType::Timestamp {
                cells.iter_mut().for_each(|cell| *cell = cell.get(..DAY).unwrap_or_default());
            }
            Column { is_carried: column.is_carried, ..distinct(&column.name, &cells) }
        });
        let shared = self.format.columns.shared().iter().zip(self.rows.shared());
        let shared = shared.map(|(column, (entries, rows))| Column {
            name: column.name.clone(),
            is_carried: false,
            entries,
            rows,
        });
        own.chain(shared).collect()
    }
}

fn distinct(name: &str, cells: &[&str]) -> Column {
    let mut known = HashMap::new();
    let rows = Vec::with_capacity(cells.len());
    let mut column = Column { name: name.to_owned(), is_carried: false, entries: Vec::new(), rows };
    for cell in cells {
        let number = *known.entry(*cell).or_insert_with(|| {
            column.entries.push(Arc::from(*cell));
            column.entries.len() as u32 - 1
        });
        column.rows.push(number);
    }
    column
}

//! The list as the table of a page.

use std::collections::HashMap;
use std::sync::Arc;

use super::RowFormat;
use super::rows::Rows;

/// The most devices that the table of a page has.
pub(crate) const MOST: usize = 200_000;

/// The devices of a page: the first [`MOST`].
#[derive(Debug)]
pub(crate) struct InPage(Rows);

/// A column as its different cells, and for each row the position of its cell among them.
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: &'static str,
    /// The cells, each once.
    pub(crate) entries: Vec<Arc<str>>,
    /// The positions.
    pub(crate) rows: Vec<u32>,
}

impl InPage {
    pub(super) fn new(format: &RowFormat) -> Self {
        Self(Rows::new(format.numbered.clone(), format.width()))
    }

    /// Adds rows as long as there is room.
    pub(super) fn append(&mut self, mut rows: &[u8]) {
        while !rows.is_empty() && self.0.len() < MOST {
            self.0.append_one(&mut rows);
        }
    }

    /// Returns the number of devices.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the columns.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let own = ["device-id", "device-name", "last-check-in"].into_iter().enumerate();
        let own = own.map(|(column, name)| distinct(name, &self.0.own(column)));
        let names = super::names().into_iter().skip(2);
        let shared = names.zip(self.0.shared());
        own.chain(shared.map(|(name, (entries, rows))| Column { name, entries, rows })).collect()
    }
}

fn distinct(name: &'static str, cells: &[&str]) -> Column {
    let mut known = HashMap::new();
    let mut column = Column { name, entries: Vec::new(), rows: Vec::with_capacity(cells.len()) };
    for cell in cells {
        let number = *known.entry(*cell).or_insert_with(|| {
            column.entries.push(Arc::from(*cell));
            column.entries.len() as u32 - 1
        });
        column.rows.push(number);
    }
    column
}

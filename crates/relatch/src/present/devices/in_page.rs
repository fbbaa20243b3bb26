//! The list as the table of a page.

use std::collections::HashMap;
use std::sync::Arc;

use super::RowFormat;
use super::rows::Rows;

/// The most devices that the table of a page has.
pub(crate) const MOST: usize = 200_000;

/// The devices of a page: the first [`MOST`].
#[derive(Debug)]
pub(crate) struct InPage {
    rows: Rows,
    carried: Arc<[String]>,
}

/// A column as its different cells, and for each row the position of its cell among them.
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is carried along from the inventory.
    pub(crate) is_carried: bool,
    /// The cells, each once.
    pub(crate) entries: Vec<Arc<str>>,
    /// The positions.
    pub(crate) rows: Vec<u32>,
}

impl InPage {
    pub(super) fn new(format: &RowFormat) -> Self {
        let rows = Rows::new(format.numbered.clone(), format.width());
        Self { rows, carried: Arc::clone(&format.carried) }
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

    /// Returns the columns.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let carried = self.carried.iter().map(|name| (name.as_str(), true));
        let [id, name, last] =
            ["device-id", "device-name", "last-check-in"].map(|name| (name, false));
        let own = [id, name].into_iter().chain(carried).chain([last]).enumerate();
        let own = own.map(|(place, (name, is_carried))| Column {
            is_carried,
            ..distinct(name, &self.rows.own(place))
        });
        let names = super::names(&[]).into_iter().skip(2).map(str::to_owned);
        let shared = names.zip(self.rows.shared());
        let shared =
            shared.map(|(name, (entries, rows))| Column { name, is_carried: false, entries, rows });
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

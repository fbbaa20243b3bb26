//! The list as columns in memory.

use std::sync::Arc;

use super::ListFormat;
use super::columns::{ListColumns, shared_names};
use super::rows::{RowFormat, Rows};

/// All devices of a list.
#[derive(Debug)]
pub(crate) struct Frame {
    format: RowFormat,
    rows: Rows,
}

impl Frame {
    /// Begins without a device.
    pub(crate) fn new() -> Self {
        let columns = ListColumns::of_devices(&[]).expect("no column is carried along");
        let format = RowFormat::new(columns);
        Self { rows: Rows::new(&format), format }
    }

    /// Returns the names of the columns behind those of a single device.
    pub(crate) fn names() -> Vec<&'static str> {
        shared_names()
    }

    /// Returns the form of its devices.
    pub(crate) fn format(&self) -> ListFormat {
        ListFormat::Rows(self.format.clone())
    }

    /// Adds devices.
    pub(crate) fn append(&mut self, mut rows: &[u8]) {
        while !rows.is_empty() {
            self.rows.append_one(&mut rows);
        }
    }

    /// Returns the ids, the names and the last check-ins.
    pub(crate) fn own(&self) -> [Vec<&str>; 3] {
        [0, 1, 2].map(|column| self.rows.own(column))
    }

    /// Returns the other columns, each as its different cells and the position of each device's
    /// cell among them.
    pub(crate) fn columns(&self) -> Vec<(Vec<Arc<str>>, Vec<u32>)> {
        self.rows.shared()
    }
}

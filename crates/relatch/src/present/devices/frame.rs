//! The list as columns in memory.

use std::sync::Arc;

use super::rows::Rows;
use super::{ListFormat, RowFormat};

/// All devices of a list.
#[derive(Debug)]
pub(crate) struct Frame {
    format: RowFormat,
    rows: Rows,
}

impl Frame {
    /// Begins without a device.
    pub(crate) fn new() -> Self {
        let format = RowFormat::default();
        Self { rows: Rows::new(format.numbered.clone(), format.width()), format }
    }

    /// Returns the names of the columns behind the id and the name.
    pub(crate) fn names() -> Vec<&'static str> {
        super::names(&[]).split_off(RowFormat::default().width())
    }

    /// Returns how its devices are written.
    pub(crate) fn format(&self) -> ListFormat {
        ListFormat::Rows(self.format.clone())
    }

    /// Adds devices.
    pub(crate) fn append(&mut self, mut rows: &[u8]) {
        while !rows.is_empty() {
            self.rows.append_one(&mut rows);
        }
    }

    /// Returns the ids and the names.
    pub(crate) fn identities(&self) -> [Vec<&str>; 2] {
        [0, 1].map(|column| self.rows.own(column))
    }

    /// Returns the other columns, each as its different cells and the position of each device's
    /// cell among them.
    pub(crate) fn columns(&self) -> Vec<(Vec<Arc<str>>, Vec<u32>)> {
        self.rows.shared()
    }
}

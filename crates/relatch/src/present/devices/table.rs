//! The list as a table in Apache Parquet, whose columns have types.

use std::io;

use inventory::{Cells, TableWriter};

use super::columns::ListColumns;
use super::rows::{RowFormat, Rows};
use crate::files::Replacement;

/// The number of rows a row group has.
const ROWS: usize = 1 << 16;

/// A table in the making.
pub(super) struct Table {
    writer: TableWriter<Replacement>,
    rows: Rows,
    columns: ListColumns,
}

impl Table {
    /// Begins a table.
    pub(super) fn begin(file: Replacement, format: &RowFormat) -> io::Result<Self> {
        let columns = format.columns.iter();
        let columns = columns.map(|column| (column.name.as_str(), column.cell_type));
        let writer = TableWriter::new(file, &format.columns.as_written(columns.collect()))?;
        Ok(Self { writer, rows: Rows::new(format), columns: format.columns.clone() })
    }

    /// Adds rows.
    pub(super) fn append(&mut self, mut rows: &[u8]) -> io::Result<()> {
        while !rows.is_empty() {
            self.rows.append_one(&mut rows);
            if self.rows.len() == ROWS {
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

    /// Writes a row group.
    fn write(&mut self) -> io::Result<()> {
        if self.rows.len() == 0 {
            return Ok(());
        }
        let shared = self.rows.shared();
        let own = (0..self.rows.width()).map(|column| Cells::of(self.rows.own(column)));
        let shared = shared.iter().map(|(entries, rows)| Cells::Coded {
            entries: entries.iter().map(|entry| &**entry).collect(),
            rows: rows.clone(),
        });
        let columns = self.columns.as_written(own.chain(shared).collect());
        self.writer.write(&columns)?;
        drop(columns);
        self.rows.clear();
        Ok(())
    }
}

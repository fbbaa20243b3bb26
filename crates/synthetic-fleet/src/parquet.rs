//! The fleet as Apache Parquet: the portal's columns, all of them texts.

use std::io::{self, Write};

use crate::Options;
use crate::device::{self, COLUMNS, Cells};
use crate::rng::Rng;
use inventory::{CellType, TableWriter};

/// The number of rows a row group has; they take some 50 MB of memory.
const ROWS: u64 = 1 << 16;

/// The texts of a column, one after the other.
#[derive(Clone, Default)]
struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn cells(&self) -> inventory::Cells<'_> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let texts = starts.zip(&self.ends).map(|(start, end)| &self.bytes[*start..*end]);
        inventory::Cells::of(texts.collect())
    }
}

pub(crate) fn write(options: &Options, output: impl Write + Send) -> io::Result<()> {
    let mut writer = TableWriter::new(output, &COLUMNS.map(|name| (name, CellType::Text)))?;
    let mut columns = vec![Texts::default(); COLUMNS.len()];
    let mut cells = Cells::default();
    let mut position = 0;
    while position < options.devices {
        let end = options.devices.min(position + ROWS);
        columns.iter_mut().for_each(Texts::clear);
        for position in position..end {
            device::fill(&mut Rng::new(options.seed, position), position, &mut cells);
            for (column, text) in columns.iter_mut().zip(cells.record()) {
                column.push(text);
            }
        }
        writer.write(&columns.iter().map(Texts::cells).collect::<Vec<_>>())?;
        position = end;
    }
    writer.finish()?.flush()
}

//! Reading single rows of a file whose header is known.

use std::io::{self, Read};

use super::json::{Devices, FirstDevice, Level, PagePart};
use super::records::Records;
use super::wide::Text;
use super::{Counts, Reader, Source};
use crate::columns::{Columns, Layout};
use crate::error::ReadError;
use crate::format::Format;

/// The parsed header of a file.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) layout: Layout,
    pub(crate) columns: Columns,
    pub(crate) names: Vec<String>,
}

impl<R: Read> Reader<R> {
    /// Returns a reader of rows under a header.
    pub(crate) fn after_header(header: Header, input: R) -> Self {
        let Header { layout, columns, names } = header;
        let input = Text::narrow(input);
        let source = if layout.format == Format::Graph {
            Source::Objects(Box::new(Devices::anywhere(input)))
        } else {
            let mut records = Records::new(input);
            records.set_delimiter(layout.delimiter);
            Source::Table(Box::new(records))
        };
        let carried = vec![String::new(); layout.carried.len()];
        let mut reader = Self::new(source, layout, columns, names);
        reader.row.carried = carried;
        reader
    }

    /// Returns the parsed header.
    pub(crate) fn header(&self) -> Header {
        let (layout, columns) = (self.layout.clone(), self.columns.clone());
        Header { layout, columns, names: self.names.clone() }
    }

    /// Begins anew with an input that begins with a row, inside what is open there; rows and lines
    /// are counted from there.
    pub(crate) fn restart(&mut self, input: R, open: &[Level]) {
        let input = Text::narrow(input);
        match &mut self.source {
            Source::Table(records) => records.restart(input),
            Source::Objects(devices) => devices.restart(input, open),
        }
        self.counts = Counts::default();
        self.truncated = false;
    }

    /// Returns the place behind the byte-order mark of JSON, and how its devices begin; `None` of a table.
    pub(crate) fn first_device(&self) -> Option<(u64, FirstDevice)> {
        match &self.source {
            Source::Table(_) => None,
            Source::Objects(devices) => Some((self.mark, devices.first_device())),
        }
    }

    /// Returns the levels that are open around the next row.
    pub(crate) fn open_levels(&self) -> &[Level] {
        match &self.source {
            Source::Table(_) => &[],
            Source::Objects(devices) => devices.open_levels(),
        }
    }

    /// Takes the parts of pages, and the number of devices in them, since they were taken last.
    pub(crate) fn take_parts(&mut self) -> (Vec<PagePart>, u64) {
        match &mut self.source {
            Source::Table(_) => (Vec::new(), 0),
            Source::Objects(devices) => devices.take_parts(),
        }
    }

    /// Returns the error of a read at the current line.
    pub(crate) fn failed(&self, source: io::Error) -> ReadError {
        let line = match &self.source {
            Source::Table(records) => records.line(),
            Source::Objects(devices) => devices.current_line(),
        };
        ReadError::at_line(line, source)
    }

    /// Returns the numbers of bytes and line feeds that were read since the restart, with the whole
    /// end of the last row's line in a table.
    pub(crate) fn consumed_line(&mut self) -> io::Result<(u64, u64)> {
        match &mut self.source {
            Source::Table(records) => {
                let bytes = records.pass_line_end()?;
                Ok((bytes, records.line() - 1))
            }
            Source::Objects(devices) => Ok((devices.passed(), devices.current_line() - 1)),
        }
    }
}

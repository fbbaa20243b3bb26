//! Reading single rows of a file whose header is known.

use std::io::{self, Read};

use super::records::Records;
use super::wide::Text;
use super::{Counts, Reader, Source};
use crate::columns::{Columns, Layout};
use crate::error::ReadError;

/// What the header of a file said.
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
        let mut records = Records::new(Text::narrow(input));
        records.set_delimiter(layout.delimiter);
        Self::new(Source::Table(Box::new(records)), layout, columns, names)
    }

    /// Returns what the header said.
    pub(crate) fn header(&self) -> Header {
        let (layout, columns) = (self.layout.clone(), self.columns.clone());
        Header { layout, columns, names: self.names.clone() }
    }

    /// Begins anew with an input that begins with a row; rows and lines are counted from there.
    pub(crate) fn restart(&mut self, input: R) {
        if let Source::Table(records) = &mut self.source {
            records.restart(Text::narrow(input));
        }
        self.counts = Counts::default();
        self.truncated = false;
    }

    /// Returns the error of a read at the current line.
    pub(crate) fn failed(&self, source: io::Error) -> ReadError {
        let line = match &self.source {
            Source::Table(records) => records.line(),
            Source::Objects(devices) => devices.current_line(),
        };
        ReadError::at_line(line, source)
    }

    /// Returns how many bytes and line feeds of a table were read, with the whole end of the last
    /// row's line.
    pub(crate) fn consumed_line(&mut self) -> io::Result<(u64, u64)> {
        let Source::Table(records) = &mut self.source else { return Ok((0, 0)) };
        let bytes = records.pass_line_end()?;
        Ok((bytes, records.line() - 1))
    }
}

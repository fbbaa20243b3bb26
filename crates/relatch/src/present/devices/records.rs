//! The devices of a list that was written, one by one.

use std::io::{self, BufRead};

use super::ListFormat;

/// Reads the records of a list.
pub(super) struct Records<R> {
    format: ListFormat,
    written: R,
    at_start: bool,
    bytes: Vec<u8>,
}

/// A record with its line end.
pub(super) struct Record<'r> {
    pub(super) bytes: &'r [u8],
    /// True if it is the header, which is no device.
    pub(super) is_header: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(format: ListFormat, written: R) -> Self {
        Self { format, written, at_start: true, bytes: Vec::new() }
    }

    /// Reads the next record; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Record<'_>>> {
        self.bytes.clear();
        match self.format {
            ListFormat::Csv(_) => self.read_lines()?,
            ListFormat::Ndjson(_) => {
                self.written.read_until(b'\n', &mut self.bytes)?;
            }
            ListFormat::Rows(ref rows) => {
                let width = rows.columns.own().len();
                self.read_row(width)?;
            }
        }
        let is_header = self.at_start && matches!(self.format, ListFormat::Csv(_));
        self.at_start = false;
        Ok((!self.bytes.is_empty()).then_some(Record { bytes: &self.bytes, is_header }))
    }

    /// Passes over a line end inside quotes, which ends no record.
    fn read_lines(&mut self) -> io::Result<()> {
        let mut quotes = 0;
        loop {
            let before = self.bytes.len();
            let count = self.written.read_until(b'\n', &mut self.bytes)?;
            quotes += self.bytes[before..].iter().filter(|byte| **byte == b'"').count();
            if count == 0 || quotes % 2 == 0 {
                return Ok(());
            }
        }
    }

    /// Reads texts behind their lengths, and the number of the suffix.
    fn read_row(&mut self, texts: usize) -> io::Result<()> {
        if self.written.fill_buf()?.is_empty() {
            return Ok(());
        }
        for _ in 0..texts {
            let length = self.read_number()?;
            let start = self.bytes.len();
            self.bytes.resize(start + length as usize, 0);
            self.written.read_exact(&mut self.bytes[start..])?;
        }
        self.read_number().map(|_| ())
    }

    fn read_number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.written.read_exact(&mut bytes)?;
        self.bytes.extend_from_slice(&bytes);
        Ok(u32::from_le_bytes(bytes))
    }
}

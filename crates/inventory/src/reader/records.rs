//! Splitting bytes into records, in bounded memory.
//!
//! The splitting itself is `csv_core`'s. This file adds what a reader of strangers' files needs:
//! a limit on the length of one record, the number of the line on which it begins, and the
//! difference between a record that ended and one that the end of the file cut off.

use std::io::{self, Read};

use csv_core::ReadRecordResult;

use super::quoting::Quoting;

/// The longest row that is read, in bytes of the file.
///
/// A row of the portal's export has one to two kilobytes, and no value of it is longer than a few
/// hundred characters. A row of a megabyte is damage (a quote that is never closed, a file that is
/// no table), and without a limit it would take as much memory as the file is long.
pub const MAX_ROW_BYTES: usize = 1 << 20;

/// The number of bytes that are requested from the input at a time.
const CHUNK: usize = 1 << 16;

/// The UTF-8 byte-order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The cells of one record, unquoted, with its buffers for the next one.
#[derive(Debug, Default)]
pub(crate) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    cells: usize,
}

impl Record {
    /// Returns a record of blank cells except these, each given with its position.
    pub(crate) fn blank_but_for(cells: &[(usize, impl AsRef<[u8]>)], count: usize) -> Self {
        let mut record = Self { bytes: Vec::new(), ends: Vec::with_capacity(count), cells: count };
        for position in 0..count {
            let cell = cells.iter().find(|(at, _)| *at == position);
            record.bytes.extend(cell.iter().flat_map(|(_, cell)| cell.as_ref()));
            record.ends.push(record.bytes.len());
        }
        record
    }

    /// Replaces the cells.
    pub(crate) fn fill<'c>(&mut self, cells: impl Iterator<Item = &'c [u8]>) {
        self.bytes.clear();
        self.ends.clear();
        for cell in cells {
            self.bytes.extend_from_slice(cell);
            self.ends.push(self.bytes.len());
        }
        self.cells = self.ends.len();
    }

    /// Returns the number of cells.
    pub(crate) fn len(&self) -> usize {
        self.cells
    }

    /// Returns a cell by its position.
    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
    }

    /// Returns all cells.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.cells).map(|index| self.cell(index))
    }
}

/// The way in which a record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// At the end of a line.
    LineEnd,
    /// At the end of the file, without the end of a line.
    EndOfFile,
    /// At the end of the file, inside a quoted cell.
    InsideQuotes,
    /// It ended, but has a quote where RFC 4180 allows none.
    Misquoted,
    /// It is longer than [`MAX_ROW_BYTES`]; the rest is to be skipped.
    TooLong,
}

/// Reads records.
pub(crate) struct Records<R> {
    input: R,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    parser: csv_core::Reader,
    delimiter: u8,
    spare: Record,
    passed: u64,
    last: u8,
    line: u64,
    record_line: u64,
    several_lines: bool,
    quoting: Quoting,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: vec![0; CHUNK].into_boxed_slice(),
            start: 0,
            end: 0,
            parser: csv_core::Reader::new(),
            delimiter: b',',
            spare: Record::default(),
            passed: 0,
            last: 0,
            line: 1,
            record_line: 1,
            several_lines: false,
            quoting: Quoting::new(b','),
        }
    }

    /// Returns the first bytes of the file, without its byte-order mark; to be called first.
    pub(crate) fn beginning(&mut self) -> io::Result<&[u8]> {
        while self.end < self.buffer.len() {
            let count = self.fetch()?;
            if count == 0 {
                break;
            }
        }
        // A program that writes a mark before a text that has one leaves two.
        while self.buffer[self.start..self.end].starts_with(MARK) {
            self.start += MARK.len();
        }
        self.passed = self.start as u64;
        Ok(&self.buffer[self.start..self.end])
    }

    /// Separates cells by another byte than a comma.
    pub(crate) fn set_delimiter(&mut self, delimiter: u8) {
        if self.delimiter != delimiter {
            self.delimiter = delimiter;
            self.parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        }
    }

    /// Passes over a number of bytes of the beginning, which end with a line.
    pub(crate) fn skip(&mut self, count: usize) {
        self.consume(count);
    }

    /// Returns the number of bytes that were passed over.
    pub(crate) fn passed(&self) -> u64 {
        self.passed
    }

    /// Gives back the input, with the bytes that were read and not passed over.
    pub(crate) fn into_input(self) -> (Vec<u8>, R) {
        (self.buffer[self.start..self.end].to_vec(), self.input)
    }

    /// Returns the line that is being read, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Returns the line on which the last record began.
    pub(crate) fn record_line(&self) -> u64 {
        self.record_line
    }

    /// Returns true if the last record went over a line end, which a quoted cell may.
    pub(crate) fn spans_lines(&self) -> bool {
        self.several_lines
    }

    /// Returns the number of bytes that the buffers take.
    #[cfg(test)]
    pub(crate) fn buffered(&self) -> usize {
        let ends = self.spare.ends.capacity() * size_of::<usize>();
        self.buffer.len() + self.spare.bytes.capacity() + ends
    }

    /// Returns the number of bytes that were passed over, with the end of the last record's line.
    pub(crate) fn pass_line_end(&mut self) -> io::Result<u64> {
        // A carriage return ends a record, and the line feed behind it belongs to the same line.
        if self.last == b'\r' && (self.start < self.end || self.refill()?) {
            self.consume(usize::from(self.buffer[self.start] == b'\n'));
        }
        Ok(self.passed)
    }

    /// Begins anew with another input.
    pub(crate) fn restart(&mut self, input: R) {
        self.input = input;
        self.parser.reset();
        // At the beginning of a file the parser removes a byte-order mark; but in a row, it is a
        // part of the row. A line end before it changes nothing else.
        self.parser.read_record(b"\n", &mut [0; 1], &mut [0; 1]);
        (self.start, self.end, self.passed, self.last) = (0, 0, 0, 0);
        (self.line, self.record_line) = (1, 1);
    }

    /// Lends the buffers of a record, so that they are allocated once.
    pub(crate) fn take(&mut self) -> Record {
        std::mem::take(&mut self.spare)
    }

    /// Takes the buffers back.
    pub(crate) fn put_back(&mut self, record: Record) {
        self.spare = record;
    }

    /// Reads the next record; `None` at the end of the file.
    pub(crate) fn read(&mut self, record: &mut Record) -> io::Result<Option<Ending>> {
        if !self.skip_blank_lines()? {
            return Ok(None);
        }
        self.record_line = self.line;
        self.quoting = Quoting::new(self.delimiter);
        record.cells = 0;
        let mut written = 0;
        let mut length = 0;
        loop {
            if self.start == self.end && !self.refill()? {
                self.several_lines = self.line > self.record_line;
                let ending = self.finish(record, written);
                return Ok(Some(self.unless_misquoted(ending)));
            }
            let window = (self.end - self.start).min(MAX_ROW_BYTES - length);
            if window == 0 {
                return Ok(Some(Ending::TooLong));
            }
            let input = &self.buffer[self.start..self.start + window];
            let (result, read, wrote, ended) = self.parser.read_record(
                input,
                &mut record.bytes[written..],
                &mut record.ends[record.cells..],
            );
            self.consume(read);
            length += read;
            written += wrote;
            record.cells += ended;
            match result {
                ReadRecordResult::Record => {
                    let at_feed = u64::from(self.buffer[self.start - 1] == b'\n');
                    self.several_lines = self.line - at_feed > self.record_line;
                    return Ok(Some(self.unless_misquoted(Ending::LineEnd)));
                }
                ReadRecordResult::OutputFull => grow(&mut record.bytes),
                ReadRecordResult::OutputEndsFull => grow(&mut record.ends),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
            }
        }
    }

    /// Ends a record that the end of the file cut off.
    ///
    /// A line end is fed to the parser: if that does not end the record, it is inside quotes, and
    /// then feeding nothing ends it.
    fn finish(&mut self, record: &mut Record, mut written: usize) -> Ending {
        let mut feed: &[u8] = b"\n";
        let mut ending = Ending::EndOfFile;
        loop {
            let (result, read, wrote, ended) = self.parser.read_record(
                feed,
                &mut record.bytes[written..],
                &mut record.ends[record.cells..],
            );
            feed = &feed[read..];
            written += wrote;
            record.cells += ended;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return ending,
                ReadRecordResult::OutputFull => grow(&mut record.bytes),
                ReadRecordResult::OutputEndsFull => grow(&mut record.ends),
                ReadRecordResult::InputEmpty => ending = Ending::InsideQuotes,
            }
        }
    }

    /// Returns the ending of a record, or that its quotes do not match.
    fn unless_misquoted(&self, ending: Ending) -> Ending {
        if self.quoting.is_broken() && ending != Ending::InsideQuotes {
            Ending::Misquoted
        } else {
            ending
        }
    }

    /// After [`Ending::TooLong`]: reads on to the end of the record without keeping it, and says
    /// how that was reached.
    pub(crate) fn skip_rest(&mut self) -> io::Result<Ending> {
        let mut bytes = [0; 4096];
        let mut ends = [0; 512];
        loop {
            if self.start == self.end && !self.refill()? {
                return Ok(self.finish(&mut Record::default(), 0));
            }
            let input = &self.buffer[self.start..self.end];
            let (result, read, _, _) = self.parser.read_record(input, &mut bytes, &mut ends);
            self.consume(read);
            if result == ReadRecordResult::Record {
                return Ok(Ending::LineEnd);
            }
        }
    }

    /// Goes to the first byte of a record; `false` at the end of the file.
    fn skip_blank_lines(&mut self) -> io::Result<bool> {
        loop {
            while let Some(b'\r' | b'\n') = self.buffer[self.start..self.end].first() {
                self.consume(1);
            }
            if self.start < self.end {
                return Ok(true);
            }
            if !self.refill()? {
                return Ok(false);
            }
        }
    }

    /// Passes over bytes, counting the line feeds among them.
    fn consume(&mut self, count: usize) {
        let passed = &self.buffer[self.start..self.start + count];
        self.quoting.pass(passed);
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.passed += count as u64;
        self.last = passed.last().copied().unwrap_or(self.last);
        self.start += count;
    }

    /// Replaces the bytes that were passed over; `false` at the end of the file.
    fn refill(&mut self) -> io::Result<bool> {
        self.start = 0;
        self.end = 0;
        Ok(self.fetch()? > 0)
    }

    fn fetch(&mut self) -> io::Result<usize> {
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => {
                    let count = result?;
                    self.end += count;
                    return Ok(count);
                }
            }
        }
    }
}

fn grow<T: Clone + Default>(buffer: &mut Vec<T>) {
    buffer.resize((buffer.len() * 2).max(64), T::default());
}

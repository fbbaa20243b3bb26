//! Single rows, read by the plain reader wherever they are.

use std::io::{self, Read};

use super::chunk::{Found, Position};
use super::problem_counter::ProblemCounter;
use crate::batch::Batch;
use crate::error::Rejection;
use crate::input::Input;
use crate::reader::{Entry, Header, MAX_ROW_BYTES, Reader};

/// The plain reader, at whatever place it is asked about.
pub(super) struct PlainRows<'s, I> {
    input: &'s I,
    reader: Reader<Place<'s, I>>,
    /// True if it is certain where the rows of the chunk begin.
    sure: bool,
    #[cfg(test)]
    rows: usize,
}

impl<'s, I: Input> PlainRows<'s, I> {
    pub(super) fn new(input: &'s I, header: &Header) -> Self {
        let place = Place { input, begin: 0, at: 0, sure: true, known: Vec::new() };
        Self {
            input,
            reader: Reader::after_header(header.clone(), place),
            sure: true,
            #[cfg(test)]
            rows: 0,
        }
    }

    /// Sets whether it is certain where the rows begin that are read next.
    pub(super) fn set_sure(&mut self, sure: bool) {
        self.sure = sure;
    }

    /// Returns the number of rows that were read.
    #[cfg(test)]
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Reads one row; returns the position behind it. `known` are bytes of the file from there on
    /// that are at hand.
    pub(super) fn read(
        &mut self,
        begin: &Position,
        known: Vec<u8>,
        batch: &mut Batch,
        problems: &mut ProblemCounter,
        found: &mut Found,
    ) -> io::Result<Position> {
        #[cfg(test)]
        {
            self.rows += 1;
        }
        let Self { input, sure, .. } = *self;
        let place = Place { input, begin: begin.place, at: begin.place, sure, known };
        self.reader.restart(place, &begin.open);
        match self.reader.next_entry() {
            Err(error) => {
                found.lines += error.line().map_or(0, |line| line - 1);
                return Err(error.into_source());
            }
            Ok(None) => found.at_end = true,
            Ok(Some(Entry::Row(row))) => {
                batch.push(row);
                for problem in &row.problems {
                    let mut problem = problem.clone();
                    problem.shift(found.counts.read, found.lines);
                    problems.add_problem(problem);
                }
            }
            Ok(Some(Entry::Rejected(rejection))) => found.rejections.push(Rejection {
                row: rejection.row + found.counts.read,
                line: rejection.line.map(|line| line + found.lines),
                ..rejection
            }),
        }
        found.counts.merge(self.reader.counts());
        found.truncated |= self.reader.truncated();
        let (parts, devices) = self.reader.take_parts();
        found.page_parts.extend(parts);
        found.page_devices += devices;
        let (bytes, lines) = self.reader.consumed_line()?;
        found.lines += lines;
        Ok(Position { place: begin.place + bytes, open: self.reader.open_levels().to_vec() })
    }
}

/// The input from a place on, where a row begins.
#[derive(Debug)]
struct Place<'s, I> {
    input: &'s I,
    begin: u64,
    at: u64,
    /// True if it is certain that a row begins there.
    sure: bool,
    /// Bytes from there on that are at hand.
    known: Vec<u8>,
}

/// The distance that a row is followed from a place where perhaps no row begins.
const FAR: u64 = 2 * MAX_ROW_BYTES as u64;

/// The number of bytes that the plain reader gets at a time: it mostly reads a single row.
const PIECE: usize = 1 << 11;

impl<I: Input> Read for Place<'_, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let passed = usize::try_from(self.at - self.begin).unwrap_or(usize::MAX);
        if let Some(rest) = self.known.get(passed..).filter(|rest| !rest.is_empty()) {
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.at += count as u64;
            return Ok(count);
        }
        let length = buffer.len().min(PIECE);
        if self.at - self.begin > FAR {
            if !self.sure {
                return Err(io::Error::other("a row may be very long, or begin elsewhere"));
            }
            // The row is too long to be kept, so no one will go back to its beginning.
            self.input.release(self.at - MAX_ROW_BYTES as u64);
        }
        let count = self.input.read_at(self.at, &mut buffer[..length])?;
        self.at += count as u64;
        Ok(count)
    }
}

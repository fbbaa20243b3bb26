//! One part of a file: the rows that begin in it.

use std::io::{self, Read};

use super::column_plan::ColumnPlan;
use super::column_plan::unquoted;
use super::fixed_width::MARGIN;
use super::input::Input;
use super::lookup::{Lookup, OddCell, Rows};
use super::problem_counter::ProblemCounter;
use super::sizes::Sizes;
use super::structural_index::StructuralIndex;
use crate::batch::{Batch, Sink};
use crate::check_ins::CheckIns;
use crate::device_key::KeyCounts;
use crate::error::Rejection;
use crate::problems::{CellProblem, Problems, shown};
use crate::reader::{Counts, Entry, Header, MAX_ROW_BYTES, Reader};

/// How many rows are looked up at a time while nothing is unusual, and at least.
const RUN: usize = 1 << 10;
const SHORT_RUN: usize = 4;

/// How many bytes are followed at least: some rows of an export.
const SHORT_WINDOW: usize = 1 << 12;

/// Where the rows of a part begin.
#[derive(Clone, Copy, Debug)]
pub(super) enum ChunkStart {
    /// At this place, surely.
    At(u64),
    /// Behind the first line feed that is at or behind the byte before this place, if that is
    /// not inside quotes.
    Near(u64),
}

/// What a part of the file holds, if its rows begin where they were thought to.
pub(super) struct Scanned<P> {
    /// What the sink made of the rows.
    pub(super) partial: P,
    /// Where the rows were thought to begin; `None` if no line ends in the part.
    pub(super) begin: Option<u64>,
    /// The place behind the last row that begins in the part.
    pub(super) end: u64,
    /// The length of the file, if its end was seen.
    pub(super) length: Option<u64>,
    pub(super) counts: Counts,
    /// Rows and lines are counted from the beginning of the part.
    pub(super) rejections: Vec<Rejection>,
    pub(super) problems: Problems,
    /// All cells that were not understood, if that is projected.
    pub(super) list: Vec<CellProblem>,
    pub(super) lines: u64,
    pub(super) truncated: bool,
    pub(super) check_ins: CheckIns,
    pub(super) keyed: KeyCounts,
}

/// A thread's tools, kept from part to part.
pub(super) struct Scanner<'s, I> {
    input: &'s I,
    plan: &'s ColumnPlan,
    lookup: Lookup<'s>,
    plain: Reader<Place<'s, I>>,
    index: StructuralIndex,
    problems: ProblemCounter,
    /// A part of the file between two margins.
    buffer: Vec<u8>,
    /// The place in the file of the byte behind the first margin.
    base: u64,
    /// Where the bytes of the file end in the buffer.
    filled: usize,
    /// Whether it is sure where the rows of the part begin.
    sure: bool,
    batch: Batch,
    run: usize,
    /// How many bytes are followed at a time: few where rows are mostly shaped unusually, because
    /// they are followed again from each such row on.
    window: usize,
    sizes: Sizes,
    #[cfg(test)]
    plain_rows: usize,
}

/// What has been found so far in a part.
#[derive(Default)]
struct Found {
    counts: Counts,
    rejections: Vec<Rejection>,
    lines: u64,
    truncated: bool,
    at_end: bool,
}

impl<'s, I: Input> Scanner<'s, I> {
    pub(super) fn new(
        input: &'s I,
        plan: &'s ColumnPlan,
        header: &Header,
        batch: Batch,
        sizes: Sizes,
    ) -> Self {
        Self {
            input,
            plan,
            lookup: Lookup::new(plan, &batch),
            plain: Reader::after_header(
                header.clone(),
                Place { input, begin: 0, at: 0, sure: true, line: Vec::new() },
            ),
            index: StructuralIndex::default(),
            problems: ProblemCounter::new(header, batch.projection().problems),
            buffer: Vec::new(),
            base: 0,
            filled: MARGIN,
            sure: false,
            batch,
            run: RUN,
            window: sizes.window,
            sizes,
            #[cfg(test)]
            plain_rows: 0,
        }
    }

    /// Returns how many rows the plain reader had to read.
    #[cfg(test)]
    pub(super) fn plain_rows(&self) -> usize {
        self.plain_rows
    }

    /// Reads the rows that begin before `limit`. An error means nothing if it was not sure where
    /// they begin: then they must be read again from where they do.
    pub(super) fn read<H: Sink>(
        &mut self,
        begin: ChunkStart,
        limit: u64,
        sink: &H,
        local: &mut H::Local,
    ) -> io::Result<Scanned<H::Partial>> {
        if self.batch.is_full() || self.lookup.is_full() {
            self.batch.reset();
        }
        self.batch.clear();
        self.problems.take();
        self.sure = matches!(begin, ChunkStart::At(_));
        let begin = self.fill(begin, limit)?;
        let mut found = Found::default();
        let mut end = limit.min(self.place(self.filled));
        if let Some(begin) = begin {
            end = self.rows(begin, limit, &mut found)?;
        }
        let dates = std::mem::take(&mut self.lookup.dates);
        let mut check_ins = dates.check_ins();
        check_ins.merge(&self.batch.check_ins);
        let (problems, list) = self.problems.take();
        let mut partial = sink.partial();
        if !self.batch.is_empty() {
            std::mem::swap(&mut self.batch.bytes, &mut self.buffer);
            sink.consume(local, &mut partial, &self.batch);
            std::mem::swap(&mut self.batch.bytes, &mut self.buffer);
        }
        Ok(Scanned {
            partial,
            begin,
            end,
            length: self.length(&found, end),
            counts: found.counts,
            rejections: found.rejections,
            problems,
            list,
            lines: found.lines,
            truncated: found.truncated,
            check_ins,
            keyed: self.batch.keyed,
        })
    }

    fn length(&self, found: &Found, end: u64) -> Option<u64> {
        let full = self.filled + MARGIN == self.buffer.len();
        if found.at_end { Some(end) } else { (!full).then_some(self.place(self.filled)) }
    }

    /// Returns the place in the file of a byte of the buffer.
    fn place(&self, at: usize) -> u64 {
        self.base + (at - MARGIN) as u64
    }

    /// Reads the bytes of a part, and finds where its rows begin.
    fn fill(&mut self, begin: ChunkStart, limit: u64) -> io::Result<Option<u64>> {
        self.base = match begin {
            ChunkStart::At(place) => place,
            ChunkStart::Near(place) => place - 1,
        };
        let size = usize::try_from(limit.saturating_sub(self.base)).map_err(io::Error::other)?;
        let room = MARGIN + size + self.sizes.overlap;
        self.buffer.resize(room + MARGIN, 0);
        self.filled = MARGIN;
        while self.filled < room {
            let place = self.place(self.filled);
            match self.input.read_at(place, &mut self.buffer[self.filled..room]) {
                Ok(0) => break,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // What an earlier part left there must not be taken for a part of this one.
        self.buffer[self.filled..self.filled + MARGIN].fill(0);
        Ok(match begin {
            ChunkStart::At(place) => Some(place),
            ChunkStart::Near(_) => {
                let bytes = &self.buffer[MARGIN..self.filled];
                let feed = bytes.iter().position(|byte| *byte == b'\n');
                feed.map(|feed| self.base + feed as u64 + 1)
            }
        })
    }

    /// Reads rows from `begin` on; gives the place behind the last.
    fn rows(&mut self, begin: u64, limit: u64, found: &mut Found) -> io::Result<u64> {
        let mut place = begin;
        while place < limit && !found.at_end {
            let start = place - self.base;
            let start = MARGIN + usize::try_from(start).map_err(io::Error::other)?;
            let rows = if start < self.filled { self.follow(start, limit) } else { 0 };
            if rows > 0 {
                self.run(rows, found)?;
                let end = self.index.bounds()[rows * self.plan.width()];
                place = self.place(end as usize);
            } else {
                place = self.plain_row(place, found)?;
            }
        }
        Ok(place)
    }

    /// Follows the bytes from `start` on; gives how many rows are there that are shaped as usual
    /// and begin before the limit.
    fn follow(&mut self, start: usize, limit: u64) -> usize {
        let width = self.plan.width();
        // A blank line is no row, and looks like one where there is one column only.
        if width == 1 {
            return 0;
        }
        let mut rows = 0;
        while rows == 0 {
            let end = self.filled.min(start + self.window);
            self.index.follow(&self.buffer, start, end, self.plan.delimiter());
            rows = self.index.rows(&self.buffer, width);
            if rows > 0 {
                self.window = (4 * self.window).min(self.sizes.window);
            } else if self.index.has_rows() || self.window == self.sizes.window {
                self.window = (self.window / 4).max(SHORT_WINDOW).min(self.sizes.window);
                break;
            } else {
                // Not even one row ends in so short a window.
                self.window = self.sizes.window;
            }
        }
        let bounds = self.index.bounds();
        while rows > 0 && self.place(bounds[(rows - 1) * width] as usize) >= limit {
            rows -= 1;
        }
        rows
    }

    /// Takes rows that are shaped as usual; those with unusual cells are left to the plain reader.
    fn run(&mut self, count: usize, found: &mut Found) -> io::Result<()> {
        let width = self.plan.width();
        let mut done = 0;
        while done < count {
            let rows = Rows {
                buffer: &self.buffer,
                bounds: &self.index.bounds()[done * width..],
                width,
                count: (count - done).min(self.run),
            };
            let tried = rows.count;
            let added = self.lookup.add(rows, &mut self.batch);
            self.note_odd_cells(done, found);
            found.counts.read += added as u64;
            found.counts.understood += added as u64;
            found.counts.windows_1252 += self.lookup.windows_1252;
            let bounds = self.index.bounds();
            let [first, behind] = [done, done + added].map(|row| bounds[row * width]);
            found.lines += added as u64 + self.index.inner_feeds(first, behind);
            if added < tried {
                // What is looked up behind an unusual row is looked up again, so the fewer rows
                // are usual in a row, the fewer are tried at once.
                self.run = (added * 2).clamp(SHORT_RUN, RUN);
                let end = self.place(bounds[(done + added + 1) * width] as usize);
                let read = self.plain_row(self.place(behind as usize), found)?;
                debug_assert_eq!(read, end, "both readers see the same row");
                done += added + 1;
            } else {
                self.run = (self.run * 2).min(RUN);
                done += added;
            }
        }
        Ok(())
    }

    /// Returns the bytes from a place to the end of the line, if they are in the buffer.
    fn line(&self, place: u64) -> Vec<u8> {
        let start = place.checked_sub(self.base).and_then(|start| usize::try_from(start).ok());
        let filled = &self.buffer[..self.filled];
        let rest = start.and_then(|start| filled.get(MARGIN + start..)).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == b'\n');
        end.map_or_else(Vec::new, |end| rest[..=end].to_vec())
    }

    /// Takes note of the cells that were not understood of rows from number `first` of the window
    /// on, before which everything else is counted.
    fn note_odd_cells(&mut self, first: usize, found: &Found) {
        let bounds = self.index.bounds();
        let begin = |row: usize| bounds[row * self.plan.width()];
        for OddCell { row, column, start, end } in self.lookup.odd.drain(..) {
            let cell = &self.buffer[start..end];
            let place = || {
                let inner = self.index.inner_feeds(begin(first), begin(first + row));
                let row = row as u64 + 1;
                (found.counts.read + row, Some(found.lines + row + inner))
            };
            self.problems.add(column, cell, place, || shown(&unquoted(cell)));
        }
    }

    /// Reads one row as the plain reader does; gives the place behind it.
    fn plain_row(&mut self, place: u64, found: &mut Found) -> io::Result<u64> {
        #[cfg(test)]
        {
            self.plain_rows += 1;
        }
        let line = self.line(place);
        let Self { input, sure, .. } = *self;
        self.plain.restart(Place { input, begin: place, at: place, sure, line });
        match self.plain.next_entry() {
            Err(error) => return Err(error.into_source()),
            Ok(None) => found.at_end = true,
            Ok(Some(Entry::Row(row))) => {
                self.batch.push(row);
                for problem in &row.problems {
                    let mut problem = problem.clone();
                    problem.shift(found.counts.read, found.lines);
                    self.problems.add_problem(problem);
                }
            }
            Ok(Some(Entry::Rejected(rejection))) => found.rejections.push(Rejection {
                row: rejection.row + found.counts.read,
                line: rejection.line.map(|line| line + found.lines),
                ..rejection
            }),
        }
        found.counts.merge(self.plain.counts());
        found.truncated |= self.plain.truncated();
        let (bytes, lines) = self.plain.consumed_line()?;
        found.lines += lines;
        Ok(place + bytes)
    }
}

/// The input from a place on, where a row begins.
#[derive(Debug)]
struct Place<'s, I> {
    input: &'s I,
    begin: u64,
    at: u64,
    /// Whether it is sure that a row begins there.
    sure: bool,
    /// The bytes from there to the end of the line, if they are at hand.
    line: Vec<u8>,
}

/// How far a row is followed from a place where perhaps no row begins.
const FAR: u64 = 2 * MAX_ROW_BYTES as u64;

/// How many bytes the plain reader gets at a time: it mostly reads a single row.
const PIECE: usize = 1 << 11;

impl<I: Input> Read for Place<'_, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let passed = usize::try_from(self.at - self.begin).unwrap_or(usize::MAX);
        if let Some(rest) = self.line.get(passed..).filter(|rest| !rest.is_empty()) {
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

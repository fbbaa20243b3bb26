//! One chunk of a file: the rows that begin in it.

use std::io;

use super::chunk::{self, ChunkReader, ChunkStart, Failed, Found, Position, Scanned};
use super::column_plan::ColumnPlan;
use super::column_plan::unquoted;
use super::file_window::FileWindow;
use super::lookup::{Lookup, OddCell, Rows, RunLength};
use super::plain_rows::PlainRows;
use super::problem_counter::ProblemCounter;
use super::structural_index::{Delimiters, StructuralIndex};
use crate::batch::{Batch, Sink};
use crate::input::Input;
use crate::inventory::Sizes;
use crate::problems::shown;
use crate::reader::{Header, other_width};

/// The least number of bytes that are followed: some rows of an export.
const SHORT_WINDOW: usize = 1 << 12;

/// A thread's tools, kept from chunk to chunk.
pub(super) struct Scanner<'s, I> {
    plan: &'s ColumnPlan,
    lookup: Lookup<'s>,
    plain: PlainRows<'s, I>,
    index: StructuralIndex,
    problems: ProblemCounter,
    file: FileWindow<'s, I>,
    batch: Batch,
    run: RunLength,
    /// The number of bytes that are followed at a time: few where rows are mostly shaped unusually,
    /// because they are followed again from each such row on.
    window: usize,
    sizes: Sizes,
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
            plan,
            lookup: Lookup::new(plan, false, &batch),
            plain: PlainRows::new(input, header),
            index: StructuralIndex::default(),
            problems: ProblemCounter::new(header, batch.projection().problems),
            file: FileWindow::new(input),
            batch,
            run: RunLength::USUAL,
            window: sizes.window,
            sizes,
        }
    }

    /// Returns the number of rows that the plain reader had to read.
    #[cfg(test)]
    pub(super) fn plain_rows(&self) -> usize {
        self.plain.rows()
    }

    fn length(&self, found: &Found, end: u64) -> Option<u64> {
        if found.at_end { Some(end) } else { self.file.is_at_end.then(|| self.file.end()) }
    }

    /// Reads the bytes of a chunk, and finds where its rows begin.
    fn fill(&mut self, begin: ChunkStart, limit: u64) -> io::Result<Option<u64>> {
        let base = match begin {
            ChunkStart::At(ref position) => position.place,
            ChunkStart::Near(place) => place - 1,
        };
        self.file.read(base, limit, self.sizes.overlap)?;
        Ok(match begin {
            ChunkStart::At(position) => Some(position.place),
            ChunkStart::Near(_) => {
                let end = self.file.bytes().iter().position(|byte| *byte == self.plan.line_end());
                end.map(|end| base + end as u64 + 1)
            }
        })
    }

    /// Reads rows from `begin` on; returns the place behind the last.
    fn rows(&mut self, begin: u64, limit: u64, found: &mut Found) -> io::Result<u64> {
        let mut place = begin;
        while place < limit && !found.at_end {
            let mut behind = place;
            if let Some(start) = self.file.at(place).filter(|start| *start < self.file.filled) {
                self.follow(start);
                behind = self.followed(limit, found)?;
            }
            place = if behind > place { behind } else { self.plain_row(place, found)? };
        }
        Ok(place)
    }

    /// Follows the bytes from `start` on, at least to the end of a row if it is at hand.
    fn follow(&mut self, start: usize) {
        let delimiters =
            Delimiters { delimiter: self.plan.delimiter(), line_end: self.plan.line_end() };
        loop {
            let end = self.file.filled.min(start + self.window);
            self.index.follow(&self.file.buffer, start, end, delimiters);
            if self.index.is_stopped() {
                // The rows behind a quote in the wrong place are followed again, so few at a time.
                self.window = (self.window / 4).max(SHORT_WINDOW).min(self.sizes.window);
                break;
            }
            if self.index.has_rows() || self.window == self.sizes.window {
                self.window = (4 * self.window).min(self.sizes.window);
                break;
            }
            // Not even one row ends in so short a window.
            self.window = self.sizes.window;
        }
    }

    /// Takes the rows that were followed and begin before the limit; returns the place behind them.
    fn followed(&mut self, limit: u64, found: &mut Found) -> io::Result<u64> {
        let width = self.plan.width();
        let mut at = 0;
        loop {
            let first = self.index.bounds()[at] as usize;
            let place = self.file.place(first);
            if place >= limit {
                return Ok(place);
            }
            let mut count = self.index.rows(&self.file.buffer, at, width);
            let bounds = self.index.bounds();
            while count > 0 && self.file.place(bounds[at + (count - 1) * width] as usize) >= limit {
                count -= 1;
            }
            if count > 0 {
                self.run(at, count, found)?;
                at += count * width;
                continue;
            }
            let Some(end) = self.index.row_end(&self.file.buffer, at) else { return Ok(place) };
            self.other_row(at, end, found)?;
            at = end;
        }
    }

    /// Takes a row that is not as wide as the header: a blank line is none.
    fn other_row(&mut self, at: usize, end: usize, found: &mut Found) -> io::Result<()> {
        let [first, behind] = [at, end].map(|bound| self.index.bounds()[bound]);
        if is_blank_line(&self.file.buffer[first as usize..behind as usize]) {
            found.lines += self.lines_per_row();
            return Ok(());
        }
        let inner = self.index.inner_feeds(first, behind);
        found.counts.read += 1;
        found.counts.rejected += 1;
        let problem = other_width(end - at, self.plan.width(), inner > 0);
        found.rejections.push(problem.rejection(found.counts.read, Some(found.lines + 1), None));
        found.lines += self.lines_per_row() + inner;
        Ok(())
    }

    /// Returns the number of line feeds of a row that has none in quotes.
    fn lines_per_row(&self) -> u64 {
        u64::from(self.plan.line_end() == b'\n')
    }

    /// Takes rows that are as wide as the header, from a bound on; those with unusual cells are left
    /// to the plain reader.
    fn run(&mut self, at: usize, count: usize, found: &mut Found) -> io::Result<()> {
        let width = self.plan.width();
        let mut done = 0;
        while done < count {
            let rows = Rows {
                buffer: &self.file.buffer,
                bounds: &self.index.bounds()[at + done * width..],
                width,
                count: (count - done).min(self.run.rows()),
            };
            let tried = rows.count;
            let rows = Rows { count: rows.devices(self.plan), ..rows };
            let added = self.lookup.add(rows, &mut self.batch);
            self.note_odd_cells(at + done * width, found);
            found.counts.read += added as u64;
            found.counts.understood += added as u64;
            found.counts.windows_1252 += self.lookup.windows_1252;
            let bounds = &self.index.bounds()[at..];
            let [first, behind] = [done, done + added].map(|row| bounds[row * width]);
            let lines = added as u64 * self.lines_per_row();
            found.lines += lines + self.index.inner_feeds(first, behind);
            self.run = self.run.after(tried, added);
            if added < tried {
                let end = bounds[(done + added + 1) * width];
                let row = &self.file.buffer[behind as usize..end as usize];
                if is_blank_row(row, self.plan.delimiter()) {
                    found.lines += self.lines_per_row();
                } else {
                    let end = self.file.place(end as usize);
                    let read = self.plain_row(self.file.place(behind as usize), found)?;
                    debug_assert_eq!(read, end, "both readers see the same row");
                }
                done += added + 1;
            } else {
                done += added;
            }
        }
        Ok(())
    }

    /// Returns the bytes from a place to the end of the line, if they are in the buffer.
    fn line(&self, place: u64) -> Vec<u8> {
        let start = self.file.at(place).unwrap_or(self.file.filled);
        let rest = &self.file.buffer[start..self.file.filled];
        let end = rest.iter().position(|byte| *byte == self.plan.line_end());
        end.map_or_else(Vec::new, |end| rest[..=end].to_vec())
    }

    /// Takes note of the cells that were not understood of rows from bound `first` of the window on,
    /// before which everything else is counted.
    fn note_odd_cells(&mut self, first: usize, found: &Found) {
        let bounds = &self.index.bounds()[first..];
        let begin = |row: usize| bounds[row * self.plan.width()];
        let lines_per_row = self.lines_per_row();
        for OddCell { row, column, start, end } in self.lookup.odd.drain(..) {
            let cell = &self.file.buffer[start..end];
            let place = || {
                let inner = self.index.inner_feeds(begin(0), begin(row));
                let lines = row as u64 * lines_per_row + inner;
                (found.counts.read + row as u64 + 1, Some(found.lines + lines + 1))
            };
            self.problems.add(column, cell, place, || shown(&unquoted(cell)));
        }
    }

    /// Reads one row as the plain reader does; returns the place behind it.
    fn plain_row(&mut self, place: u64, found: &mut Found) -> io::Result<u64> {
        let line = self.line(place);
        let begin = Position::at(place);
        let Self { plain, batch, problems, .. } = self;
        Ok(plain.read(&begin, line, batch, problems, found)?.place)
    }
}

/// Returns true if every cell of a row is blank, perhaps in quotes.
fn is_blank_row(row: &[u8], delimiter: u8) -> bool {
    let end = row.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
    let mut cells = row[..end.map_or(0, |end| end + 1)].split(|byte| *byte == delimiter);
    cells.all(|cell| matches!(cell, b"" | b"\"\""))
}

/// Returns true if a line has no byte but its end.
fn is_blank_line(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

impl<I: Input> ChunkReader for Scanner<'_, I> {
    fn read<H: Sink>(
        &mut self,
        begin: ChunkStart,
        limit: u64,
        sink: &H,
        local: &mut H::Local,
    ) -> Result<Scanned<H::Partial>, Failed> {
        self.lookup.empty(&mut self.batch);
        self.problems.take();
        self.plain.set_sure(matches!(begin, ChunkStart::At(_)));
        let begin = self.fill(begin, limit).map_err(Failed::at_once)?;
        let mut found = Found::default();
        let mut end = limit.min(self.file.end());
        if let Some(begin) = begin {
            let rows = self.rows(begin, limit, &mut found);
            end = rows.map_err(|source| found.failed(source))?;
        }
        let length = self.length(&found, end);
        let (begin, end) = (begin.map(Position::at), Position::at(end));
        let dates = std::mem::take(&mut self.lookup.dates);
        let partial = chunk::consumed(sink, local, &mut self.batch, &mut self.file.buffer);
        let scanned = found.scanned(partial, (begin, end, length), &mut self.problems);
        Ok(scanned.with_batch(&self.batch, dates))
    }
}

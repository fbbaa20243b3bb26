//! One chunk of a file of JSON: the devices that begin in it.
//!
//! An index of the quotes says where strings end ([`strings`]). The objects of a file have mostly the
//! same properties in the same order, so the text that leads from each property to the next is
//! compared with the one that was met before ([`properties`]); other values are followed
//! ([`values`]). The cells that are read are put beside each other ([`rows`]): from there on an object
//! is a row of a table. Whatever is not as usual, pages and wrappers included, is left to the plain
//! reader, one object at a time.

mod properties;
mod rows;
mod strings;
mod values;

use std::io;

use super::chunk::{self, ChunkReader, ChunkStart, Failed, Found, LOOK_BACK, Position, Scanned};
use super::column_plan::{ColumnPlan, unquoted};
use super::file_window::FileWindow;
use super::fixed_width::MARGIN;
use super::lookup::{Lookup, OddCell, RunLength};
use super::plain_rows::PlainRows;
use super::problem_counter::ProblemCounter;
use super::simd::{self, Simd, WithSimd};
use crate::batch::{Batch, Sink};
use crate::input::Input;
use crate::inventory::Sizes;
use crate::problems::shown;
use crate::reader::{FirstDevice, Header, Level, MAX_ROW_BYTES};
use properties::Properties;
use rows::ObjectRows;
use strings::StringIndex;
use values::{Bytes, Halt, Next, is_space};

/// The number of bytes that are read at least if an object reaches beyond those at hand.
const MORE: usize = 1 << 15;

/// A thread's tools, kept from chunk to chunk.
pub(super) struct Objects<'s, I> {
    first: &'s FirstDevice,
    lookup: Lookup<'s>,
    plain: PlainRows<'s, I>,
    strings: StringIndex,
    properties: Properties,
    rows: ObjectRows,
    problems: ProblemCounter,
    file: FileWindow<'s, I>,
    /// Up to which place of the buffer lines were counted.
    counted: usize,
    batch: Batch,
    run: RunLength,
    sizes: Sizes,
}

impl<'s, I: Input> Objects<'s, I> {
    pub(super) fn new(
        input: &'s I,
        plan: &'s ColumnPlan,
        header: &Header,
        first: &'s FirstDevice,
        batch: Batch,
        sizes: Sizes,
    ) -> Self {
        Self {
            first,
            lookup: Lookup::new(plan, true, &batch),
            plain: PlainRows::new(input, header),
            strings: StringIndex::default(),
            properties: Properties::new(),
            rows: ObjectRows::new(),
            problems: ProblemCounter::new(header, batch.projection().problems),
            file: FileWindow::new(input),
            counted: MARGIN,
            batch,
            run: RunLength::USUAL,
            sizes,
        }
    }

    /// Returns the number of objects that the plain reader had to read.
    #[cfg(test)]
    pub(super) fn plain_rows(&self) -> usize {
        self.plain.rows()
    }

    /// Reads the bytes of a chunk, and finds where its objects begin.
    fn fill(&mut self, begin: ChunkStart, limit: u64) -> io::Result<Option<Position>> {
        let base = match begin {
            ChunkStart::At(ref position) => position.place,
            ChunkStart::Near(place) => place.saturating_sub(LOOK_BACK),
        };
        self.file.read(base, limit, self.sizes.overlap)?;
        self.counted = MARGIN;
        let near = match begin {
            ChunkStart::At(position) => return Ok(Some(position)),
            ChunkStart::Near(place) => place,
        };
        let Some(first) = self.file.at(near).and_then(|from| self.first_object(from)) else {
            return Ok(None);
        };
        self.counted = first;
        Ok(Some(Position { place: self.file.place(first), open: self.first.open.clone() }))
    }

    /// Returns the first object that begins as devices do, and behind another one.
    fn first_object(&self, from: usize) -> Option<usize> {
        let bytes = self.file.bytes();
        let braces = (from - MARGIN..bytes.len()).filter(|at| bytes[*at] == b'{');
        let mut devices = braces.filter(|at| {
            let rest = bytes[at + 1..].trim_ascii_start();
            let mut before = bytes[..*at].iter().rev();
            let before = before.find(|byte| !is_space(**byte) && **byte != b',');
            !self.first.key.is_empty()
                && rest.starts_with(&self.first.key)
                && before.is_none_or(|byte| *byte == b'}')
        });
        devices.next().map(|at| at + MARGIN)
    }

    /// Skips what may be between devices, as far as it is at hand.
    fn separators(&self, position: &mut Position) {
        let Some(mut at) = self.file.at(position.place) else { return };
        let comma = is_list(&position.open);
        while at < self.file.filled
            && (is_space(self.file.buffer[at]) || (comma && self.file.buffer[at] == b','))
        {
            at += 1;
        }
        position.place = self.file.place(at);
    }

    /// Reads devices from a position on; returns the one behind the last.
    fn devices(
        &mut self,
        mut position: Position,
        limit: u64,
        found: &mut Found,
    ) -> io::Result<Position> {
        while !found.at_end {
            self.separators(&mut position);
            if position.place >= limit {
                break;
            }
            // Behind what a wrapper holds, the wrapper goes on.
            let in_wrapper = position.open.last() == Some(&Level::Wrapper);
            if let Some(start) = self.file.at(position.place).filter(|_| !in_wrapper) {
                let (end, halt) = self.take_usual(start, limit, &position.open);
                self.look_up(&position, found)?;
                position.place = self.file.place(end);
                match halt {
                    None => continue,
                    Some(Halt::Beyond) if self.can_read_on(end) => {
                        self.file.read_on((self.file.filled - end).max(MORE))?;
                        continue;
                    }
                    Some(Halt::Beyond | Halt::Plain) => {}
                }
            }
            position = self.plain_row(&position, found)?;
        }
        Ok(position)
    }

    /// Returns true if the object that begins at a place of the buffer may end behind it, and is
    /// not too long.
    fn can_read_on(&self, start: usize) -> bool {
        !self.file.is_at_end && self.file.filled - start <= MAX_ROW_BYTES
    }

    /// Makes rows of the devices from a place of the buffer on that are as usual; returns the place
    /// behind them, and why it ends there, unless it is that the others begin behind the limit.
    fn take_usual(&mut self, start: usize, limit: u64, open: &[Level]) -> (usize, Option<Halt>) {
        let limit = self.file.at(limit).unwrap_or(self.file.filled);
        assert!(u32::try_from(self.file.filled).is_ok(), "a chunk is far smaller than 4 GiB");
        let work = TakeUsual {
            strings: &mut self.strings,
            properties: &mut self.properties,
            rows: &mut self.rows,
            buffer: &self.file.buffer,
            filled: self.file.filled,
            limit,
            start,
            window: self.sizes.window,
            in_page: open.contains(&Level::Page),
            in_list: is_list(open),
        };
        work.run()
    }

    /// Looks the new rows up; those with unusual cells are left to the plain reader.
    fn look_up(&mut self, position: &Position, found: &mut Found) -> io::Result<()> {
        let in_page = position.open.last() == Some(&Level::Page);
        while !self.rows.is_done() {
            let rows = self.rows.next(self.run.rows());
            let tried = rows.count;
            let added = self.lookup.add(rows, &mut self.batch);
            self.note_odd_cells(found);
            self.rows.pass(added);
            found.counts.read += added as u64;
            found.counts.understood += added as u64;
            found.page_devices += if in_page { added as u64 } else { 0 };
            let behind = self.rows.behind();
            self.count_lines(behind, found);
            self.run = self.run.after(tried, added);
            if added == tried {
                continue;
            }
            let (start, end) = self.rows.source();
            self.count_lines(start, found);
            let begin = Position { place: self.file.place(start), open: position.open.clone() };
            let read = self.plain_row(&begin, found)?;
            debug_assert_eq!(read.place, self.file.place(end), "both readers see the same object");
            self.rows.pass(1);
        }
        Ok(())
    }

    /// Counts the lines up to a place of the buffer.
    fn count_lines(&mut self, to: usize, found: &mut Found) {
        if to > self.counted {
            found.lines += feeds(&self.file.buffer[self.counted..to]);
            self.counted = to;
        }
    }

    /// Takes note of the cells that were not understood of the rows that were looked up last.
    fn note_odd_cells(&mut self, found: &Found) {
        // The last object whose line was found.
        let mut last = (self.counted, found.lines);
        for OddCell { row, column, start, end } in self.lookup.odd.drain(..) {
            let cell = &self.rows.bytes()[start..end];
            let object = self.rows.source_of(row);
            let (buffer, counted) = (&self.file.buffer, self.counted);
            let place = || {
                if object < last.0 {
                    last = (counted, found.lines);
                }
                last = (object, last.1 + feeds(&buffer[last.0..object]));
                (found.counts.read + row as u64 + 1, Some(last.1 + 1))
            };
            let name = self.properties.name_of_cell(column);
            self.problems.add_named(name, column, cell, place, || shown(&unquoted(cell)));
        }
    }

    /// Reads one object as the plain reader does, and everything that may be before it; returns the
    /// position behind it.
    fn plain_row(&mut self, begin: &Position, found: &mut Found) -> io::Result<Position> {
        let start = self.file.at(begin.place);
        if let Some(start) = start {
            self.count_lines(start, found);
        }
        let known = start.map_or(Vec::new(), |start| {
            self.file.buffer[start..self.file.filled.min(start + KNOWN)].to_vec()
        });
        let Self { plain, batch, problems, .. } = self;
        let end = plain.read(begin, known, batch, problems, found)?;
        // Its lines were counted.
        self.counted = self.file.at(end.place).unwrap_or(self.file.filled).max(self.counted);
        Ok(end)
    }
}

/// The number of bytes at hand that are given to the plain reader at most; most objects are not
/// longer.
const KNOWN: usize = 1 << 13;

/// Returns true if commas are between the objects of what is open.
fn is_list(open: &[Level]) -> bool {
    matches!(open.last(), Some(Level::Array | Level::Page))
}

/// Counts line feeds.
fn feeds(bytes: &[u8]) -> u64 {
    struct Count<'b>(&'b [u8]);
    impl WithSimd for Count<'_> {
        type Output = u64;

        #[inline(always)]
        fn with(self, simd: impl Simd) -> u64 {
            let (blocks, rest) = self.0.as_chunks();
            let in_block = |block| u64::from(simd.masks(block, b'\n').feeds.count_ones());
            let rest = rest.iter().filter(|byte| **byte == b'\n').count() as u64;
            blocks.iter().map(in_block).sum::<u64>() + rest
        }
    }
    simd::run(Count(bytes))
}

impl<I: Input> ChunkReader for Objects<'_, I> {
    fn read<H: Sink>(
        &mut self,
        begin: ChunkStart,
        limit: u64,
        sink: &H,
        local: &mut H::Local,
    ) -> Result<Scanned<H::Partial>, Failed> {
        self.lookup.empty(&mut self.batch);
        self.problems.take();
        self.rows.clear();
        self.plain.set_sure(matches!(begin, ChunkStart::At(_)));
        let begin = self.fill(begin, limit).map_err(Failed::at_once)?;
        let mut found = Found::default();
        let mut end = Position::at(limit.min(self.file.end()));
        if let Some(begin) = &begin {
            let devices = self.devices(begin.clone(), limit, &mut found);
            end = devices.map_err(|source| found.failed(source))?;
            if let Some(at) = self.file.at(end.place) {
                self.count_lines(at, &mut found);
            }
        }
        let end_of_file = self.file.is_at_end.then(|| self.file.end());
        let length = if found.at_end { Some(end.place) } else { end_of_file };
        let dates = std::mem::take(&mut self.lookup.dates);
        let partial = chunk::consumed(sink, local, &mut self.batch, self.rows.bytes_mut());
        let scanned = found.scanned(partial, (begin, end, length), &mut self.problems);
        Ok(scanned.with_batch(&self.batch, dates))
    }
}

/// The size of the first window behind an object that was left to the plain reader: where there are
/// many of those, little is indexed twice.
const SHORT_WINDOW: usize = 1 << 12;

/// Devices to be made rows of, with the best instructions that there are.
struct TakeUsual<'w> {
    strings: &'w mut StringIndex,
    properties: &'w mut Properties,
    rows: &'w mut ObjectRows,
    /// The bytes, between margins.
    buffer: &'w [u8],
    /// Their end in the buffer.
    filled: usize,
    /// Where the objects begin that are not to be taken.
    limit: usize,
    start: usize,
    /// The number of bytes that are indexed at a time, if an object is not longer.
    window: usize,
    in_page: bool,
    /// True if commas are between the objects.
    in_list: bool,
}

impl TakeUsual<'_> {
    /// Takes them. Being no generic function, it is compiled with this crate, for speed, and not
    /// with the command line, for size.
    #[inline(never)]
    fn run(self) -> (usize, Option<Halt>) {
        simd::run(self)
    }

    /// Takes the objects from the beginning of a window on; returns the place behind them, and why
    /// it ends there.
    #[inline(always)]
    fn take_in_window(
        &mut self,
        simd: impl Simd,
        start: usize,
        end: usize,
    ) -> (usize, Option<Halt>) {
        let Self { strings, properties, rows, buffer, filled, .. } = self;
        let end = strings.find(simd, buffer, start, end).min(*filled);
        let bytes = Bytes { buffer, end, quotes: strings.quotes() };
        let mut unusual = strings.unusual();
        let mut next = Next { at: start, quote: 0 };
        loop {
            let start = next.at;
            let behind = match properties.follow(simd, &bytes, next, self.in_page) {
                Ok(behind) if behind.at - start <= MAX_ROW_BYTES => behind,
                Ok(_) => return (start, Some(Halt::Plain)),
                Err(halt) => return (start, Some(halt)),
            };
            let count = unusual.iter().take_while(|at| (**at as usize) < behind.at).count();
            if count > 0 {
                let (judged, rest) = unusual.split_at(count);
                if let Err(halt) = properties.judge(&bytes, judged) {
                    return (start, Some(halt));
                }
                unusual = rest;
            }
            if !rows.push(properties.cells(), buffer, (start, behind.at)) {
                return (start, Some(Halt::Plain));
            }
            next = behind;
            loop {
                match buffer[next.at] {
                    b'{' => break,
                    byte if is_space(byte) || (self.in_list && byte == b',') => next.at += 1,
                    _ => return (next.at, Some(bytes.halt(next.at))),
                }
            }
            if next.at >= self.limit {
                return (next.at, None);
            }
        }
    }
}

impl WithSimd for TakeUsual<'_> {
    type Output = (usize, Option<Halt>);

    #[inline(always)]
    fn with(mut self, simd: impl Simd) -> (usize, Option<Halt>) {
        let mut start = self.start;
        let mut window = SHORT_WINDOW.min(self.window);
        loop {
            let end = self.filled.min(start + window);
            let (behind, halt) = self.take_in_window(simd, start, end);
            if halt != Some(Halt::Beyond) || end == self.filled {
                return (behind, halt);
            }
            // Not even one object ends in a window, or it may be longer.
            let longer = 2 * window;
            window = if behind == start { longer } else { longer.min(self.window) };
            start = behind;
        }
    }
}

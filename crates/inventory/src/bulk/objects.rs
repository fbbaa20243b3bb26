//! One chunk of a file of JSON: the devices that begin in it.
//!
//! The objects of a file have mostly the same properties in the same order. So from each property
//! the next one is foretold ([`properties`]), only the values are followed ([`values`]), and the
//! cells that are read are put beside each other ([`rows`]): from there on an object is a row of a
//! table. Whatever is not as usual, pages and wrappers included, is left to the plain reader, one
//! object at a time.

mod properties;
mod rows;
mod values;

use std::io;

use super::chunk::{self, ChunkReader, ChunkStart, Failed, Found, LOOK_BACK, Position, Scanned};
use super::column_plan::{ColumnPlan, unquoted};
use super::fixed_width::MARGIN;
use super::lookup::{Lookup, OddCell, RunLength};
use super::plain_rows::PlainRows;
use super::problem_counter::ProblemCounter;
use super::simd::{self, Simd, WithSimd};
use crate::batch::{Batch, Sink, TextSort};
use crate::input::Input;
use crate::inventory::Sizes;
use crate::problems::shown;
use crate::reader::{FirstDevice, Header, Level, MAX_ROW_BYTES};
use properties::Properties;
use rows::ObjectRows;
use values::{Halt, is_space};

/// How many bytes are read at least if an object reaches beyond those at hand.
const MORE: usize = 1 << 15;

/// A thread's tools, kept from chunk to chunk.
pub(super) struct Objects<'s, I> {
    input: &'s I,
    first: &'s FirstDevice,
    lookup: Lookup<'s>,
    plain: PlainRows<'s, I>,
    properties: Properties,
    rows: ObjectRows,
    problems: ProblemCounter,
    /// A chunk of the file between two margins.
    buffer: Vec<u8>,
    /// The place in the file of the byte behind the first margin.
    base: u64,
    /// Where the bytes of the file end in the buffer.
    filled: usize,
    /// Whether there is nothing behind these bytes.
    whole: bool,
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
            input,
            first,
            lookup: Lookup::new(plan, TextSort::InFile, &batch),
            plain: PlainRows::new(input, header),
            properties: Properties::new(),
            rows: ObjectRows::new(),
            problems: ProblemCounter::new(header, batch.projection().problems),
            buffer: Vec::new(),
            base: 0,
            filled: MARGIN,
            whole: false,
            counted: MARGIN,
            batch,
            run: RunLength::USUAL,
            sizes,
        }
    }

    /// Returns how many objects the plain reader had to read.
    #[cfg(test)]
    pub(super) fn plain_rows(&self) -> usize {
        self.plain.rows()
    }

    /// Returns the place in the file of a byte of the buffer.
    fn place(&self, at: usize) -> u64 {
        self.base + (at - MARGIN) as u64
    }

    /// Returns where a place of the file is in the buffer.
    fn at(&self, place: u64) -> Option<usize> {
        let at = usize::try_from(place.checked_sub(self.base)?).ok()? + MARGIN;
        (at <= self.filled).then_some(at)
    }

    /// Reads the bytes of a chunk, and finds where its objects begin.
    fn fill(&mut self, begin: ChunkStart, limit: u64) -> io::Result<Option<Position>> {
        self.base = match begin {
            ChunkStart::At(ref position) => position.place,
            ChunkStart::Near(place) => place.saturating_sub(LOOK_BACK),
        };
        let size = usize::try_from(limit.saturating_sub(self.base)).map_err(io::Error::other)?;
        (self.filled, self.whole, self.counted) = (MARGIN, false, MARGIN);
        self.read_up_to(MARGIN + size + self.sizes.overlap)?;
        let near = match begin {
            ChunkStart::At(position) => return Ok(Some(position)),
            ChunkStart::Near(place) => place,
        };
        let Some(first) = self.at(near).and_then(|from| self.first_object(from)) else {
            return Ok(None);
        };
        self.counted = first;
        Ok(Some(Position { place: self.place(first), open: self.first.open.clone() }))
    }

    /// Reads on until the bytes fill the buffer up to a place, or the file ends.
    fn read_up_to(&mut self, room: usize) -> io::Result<()> {
        self.buffer.resize(room + MARGIN, 0);
        while self.filled < room && !self.whole {
            let place = self.place(self.filled);
            match self.input.read_at(place, &mut self.buffer[self.filled..room]) {
                Ok(0) => self.whole = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // What an earlier chunk left there must not be taken for a part of this one.
        self.buffer[self.filled..self.filled + MARGIN].fill(0);
        Ok(())
    }

    /// Returns the first object that begins as devices do, and behind another one.
    fn first_object(&self, from: usize) -> Option<usize> {
        let bytes = &self.buffer[MARGIN..self.filled];
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

    /// Passes over what may stand between devices, as far as it is at hand.
    fn separators(&self, position: &mut Position) {
        let Some(mut at) = self.at(position.place) else { return };
        let comma = is_list(&position.open);
        while at < self.filled && (is_space(self.buffer[at]) || (comma && self.buffer[at] == b','))
        {
            at += 1;
        }
        position.place = self.place(at);
    }

    /// Reads devices from a position on; gives the one behind the last.
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
            if let Some(start) = self.at(position.place).filter(|_| !in_wrapper) {
                let (end, halt) = self.take_usual(start, limit, &position.open);
                self.look_up(&position, found)?;
                position.place = self.place(end);
                match halt {
                    None => continue,
                    Some(Halt::Beyond) if self.can_read_on(end) => {
                        let more = (self.filled - end).max(MORE);
                        self.read_up_to(self.filled + more)?;
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
        !self.whole && self.filled - start <= MAX_ROW_BYTES
    }

    /// Makes rows of the devices from a place of the buffer on that are as usual; gives the place
    /// behind them, and why it ends there, unless it is that the others begin behind the limit.
    fn take_usual(&mut self, start: usize, limit: u64, open: &[Level]) -> (usize, Option<Halt>) {
        let limit = self.at(limit).unwrap_or(self.filled);
        assert!(u32::try_from(self.filled).is_ok(), "a chunk is far smaller than 4 GiB");
        let work = TakeUsual {
            properties: &mut self.properties,
            rows: &mut self.rows,
            bytes: values::Bytes { buffer: &self.buffer, filled: self.filled },
            limit,
            start,
            in_page: open.contains(&Level::Page),
            in_list: is_list(open),
        };
        simd::run(work)
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
            let begin = Position { place: self.place(start), open: position.open.clone() };
            let read = self.plain_row(&begin, found)?;
            debug_assert_eq!(read.place, self.place(end), "both readers see the same object");
            self.rows.pass(1);
        }
        Ok(())
    }

    /// Counts the lines up to a place of the buffer.
    fn count_lines(&mut self, to: usize, found: &mut Found) {
        if to > self.counted {
            found.lines += feeds(&self.buffer[self.counted..to]);
            self.counted = to;
        }
    }

    /// Takes note of the cells that were not understood of the rows that were looked up last.
    fn note_odd_cells(&mut self, found: &Found) {
        // The last object of which the line was found.
        let mut last = (self.counted, found.lines);
        for OddCell { row, column, start, end } in self.lookup.odd.drain(..) {
            let cell = &self.rows.bytes()[start..end];
            let object = self.rows.source_of(row);
            let (buffer, counted) = (&self.buffer, self.counted);
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

    /// Reads one object as the plain reader does, and everything that may stand before it; gives
    /// the position behind it.
    fn plain_row(&mut self, begin: &Position, found: &mut Found) -> io::Result<Position> {
        let start = self.at(begin.place);
        if let Some(start) = start {
            self.count_lines(start, found);
        }
        let known = start.map_or(Vec::new(), |start| {
            self.buffer[start..self.filled.min(start + KNOWN)].to_vec()
        });
        let Self { plain, batch, problems, .. } = self;
        let end = plain.read(begin, known, batch, problems, found)?;
        // Its lines were counted.
        self.counted = self.at(end.place).unwrap_or(self.filled).max(self.counted);
        Ok(end)
    }
}

/// How many bytes at hand are given to the plain reader at most; most objects are not longer.
const KNOWN: usize = 1 << 13;

/// Returns true if commas stand between the objects of what is open.
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
        let mut end = Position::at(limit.min(self.place(self.filled)));
        if let Some(begin) = &begin {
            let devices = self.devices(begin.clone(), limit, &mut found);
            end = devices.map_err(|source| found.failed(source))?;
            if let Some(at) = self.at(end.place) {
                self.count_lines(at, &mut found);
            }
        }
        let end_of_file = self.whole.then(|| self.place(self.filled));
        let length = if found.at_end { Some(end.place) } else { end_of_file };
        let dates = std::mem::take(&mut self.lookup.dates);
        let partial = chunk::consumed(sink, local, &mut self.batch, self.rows.bytes_mut());
        let scanned = found.scanned(partial, (begin, end, length), &mut self.problems);
        Ok(scanned.with_batch(&self.batch, dates))
    }
}

/// Devices to be made rows of, with the best instructions that there are.
struct TakeUsual<'w> {
    properties: &'w mut Properties,
    rows: &'w mut ObjectRows,
    bytes: values::Bytes<'w>,
    /// Where the objects begin that are not to be taken.
    limit: usize,
    start: usize,
    in_page: bool,
    /// Whether commas stand between the objects.
    in_list: bool,
}

impl WithSimd for TakeUsual<'_> {
    type Output = (usize, Option<Halt>);

    #[inline(always)]
    fn with(self, simd: impl Simd) -> (usize, Option<Halt>) {
        let Self { properties, rows, bytes, limit, start, in_page, in_list } = self;
        let mut start = start;
        loop {
            let end = match properties.follow(simd, bytes, start, in_page) {
                Ok(end) if end - start <= MAX_ROW_BYTES => end,
                Ok(_) => return (start, Some(Halt::Plain)),
                Err(halt) => return (start, Some(halt)),
            };
            if !rows.push(properties.cells(), bytes.buffer, (start, end)) {
                return (start, Some(Halt::Plain));
            }
            start = end;
            loop {
                match bytes.buffer[start] {
                    b'{' => break,
                    byte if is_space(byte) || (in_list && byte == b',') => start += 1,
                    _ if start >= bytes.filled => return (start, Some(Halt::Beyond)),
                    _ => return (start, Some(Halt::Plain)),
                }
            }
            if start >= limit {
                return (start, None);
            }
        }
    }
}

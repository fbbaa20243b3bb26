//! Objects as rows of a table: their cells beside each other.

use super::super::fixed_width::MARGIN;
use super::super::lookup::Rows;
use super::properties::Cells;
use super::values::unescape;
use crate::columns::OBJECT_CELLS;

/// Separates cells; no text of a usual cell has it.
const SEPARATOR: u8 = 0;

/// One for each cell at least, as they are written at once.
const SEPARATORS: [u8; 32] = [SEPARATOR; 32];
const _: () = assert!(OBJECT_CELLS <= SEPARATORS.len());

/// The number of bytes of a cell that are copied at once.
const AT_ONCE: usize = 64;

/// The rows of a chunk.
#[derive(Debug)]
pub(super) struct ObjectRows {
    /// The cells between two margins, each with a separator behind it; room for more.
    bytes: Vec<u8>,
    used: usize,
    /// The beginning of each cell, and that of the next one; room for more.
    bounds: Vec<u32>,
    /// The beginnings and ends of the objects in the file's buffer.
    sources: Vec<(u32, u32)>,
    /// The number of rows that are done with.
    done: usize,
}

impl ObjectRows {
    pub(super) fn new() -> Self {
        let mut rows = Self {
            bytes: Vec::new(),
            used: MARGIN,
            bounds: Vec::new(),
            sources: Vec::new(),
            done: 0,
        };
        rows.clear();
        rows
    }

    /// Removes all rows.
    pub(super) fn clear(&mut self) {
        self.sources.clear();
        (self.used, self.done) = (MARGIN, 0);
        if self.bytes.is_empty() {
            self.bytes.resize(2 * MARGIN, 0);
            self.bounds.push(MARGIN as u32);
        }
    }

    /// Returns the rows that are not done with, up to a number of them.
    pub(super) fn next(&self, most: usize) -> Rows<'_> {
        Rows {
            buffer: &self.bytes,
            bounds: &self.bounds[self.done * OBJECT_CELLS..=self.sources.len() * OBJECT_CELLS],
            width: OBJECT_CELLS,
            count: (self.sources.len() - self.done).min(most),
        }
    }

    /// Returns true if all rows are done with.
    pub(super) fn is_done(&self) -> bool {
        self.done == self.sources.len()
    }

    /// Has done with the next rows.
    pub(super) fn pass(&mut self, rows: usize) {
        self.done += rows;
    }

    /// Returns the beginning and the end of the object whose row comes next.
    pub(super) fn source(&self) -> (usize, usize) {
        let (start, end) = self.sources[self.done];
        (start as usize, end as usize)
    }

    /// Returns the beginning of an object, by its number among those that are not done with.
    pub(super) fn source_of(&self, row: usize) -> usize {
        self.sources[self.done + row].0 as usize
    }

    /// Returns the end of the last object whose row is done with; 0 if none is.
    pub(super) fn behind(&self) -> usize {
        self.done.checked_sub(1).map_or(0, |last| self.sources[last].1 as usize)
    }

    /// Returns the texts of the cells.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the texts, to be lent.
    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Adds an object, whose place has 32 bits; returns `false` if one of its cells is no usual
    /// text.
    #[inline(always)]
    pub(super) fn push(
        &mut self,
        cells: &mut Cells,
        buffer: &[u8],
        source: (usize, usize),
    ) -> bool {
        let mut unescaped = Vec::new();
        if cells.escaped != 0 && !take_escaped(cells, buffer, &mut unescaped) {
            return false;
        }
        self.make_room(source.1 - source.0 + OBJECT_CELLS + 2 * AT_ONCE + MARGIN);
        let behind = &mut self.bounds[self.sources.len() * OBJECT_CELLS..];
        let bounds: &mut [u32; OBJECT_CELLS + 1] = behind.first_chunk_mut().expect("there is room");
        // Each cell has a separator behind it.
        let mut bound = bounds[0];
        for (behind, length) in bounds[1..].iter_mut().zip(&cells.lengths) {
            bound += length + 1;
            *behind = bound;
        }
        // Those of the cells without a text before the first that has one.
        self.bytes[bounds[0] as usize..][..SEPARATORS.len()].copy_from_slice(&SEPARATORS);
        let mut filled = cells.filled;
        while filled != 0 {
            let position = filled.trailing_zeros() as usize;
            filled &= filled - 1;
            let (start, at) = (cells.starts[position] as usize, bounds[position] as usize);
            copy(buffer, start, &mut self.bytes, at, cells.lengths[position] as usize);
        }
        for (position, text) in unescaped {
            let start = bounds[position] as usize;
            self.bytes[start..start + text.len()].copy_from_slice(&text);
        }
        self.used = bound as usize;
        self.sources.push((source.0 as u32, source.1 as u32));
        true
    }

    #[inline(always)]
    fn make_room(&mut self, count: usize) {
        if self.used + count > self.bytes.len() {
            let room = (self.used + count).next_power_of_two();
            assert!(u32::try_from(room).is_ok(), "a chunk is far smaller than 4 GiB");
            self.bytes.resize(room, 0);
        }
        let bounds = 1 + (self.sources.len() + 1) * OBJECT_CELLS;
        if bounds > self.bounds.len() {
            self.bounds.resize(bounds.next_power_of_two(), 0);
        }
    }
}

/// Copies a cell, and puts as many separators behind it as there are cells at least, as those that
/// follow may have no text.
#[inline(always)]
fn copy(from: &[u8], start: usize, to: &mut [u8], at: usize, length: usize) {
    if length <= AT_ONCE {
        let from: &[u8; AT_ONCE] = from[start..].first_chunk().expect("a margin follows");
        let to: &mut [u8; AT_ONCE + SEPARATORS.len()] =
            to[at..].first_chunk_mut().expect("there is room");
        to[..AT_ONCE].copy_from_slice(from);
        to[length..length + SEPARATORS.len()].copy_from_slice(&SEPARATORS);
    } else {
        to[at..at + length].copy_from_slice(&from[start..start + length]);
        to[at + length..][..SEPARATORS.len()].copy_from_slice(&SEPARATORS);
    }
}

/// Takes the texts of the cells with escapes, whose lengths become those of the texts; returns
/// `false` if one is not usual.
#[cold]
#[inline(never)]
fn take_escaped(cells: &mut Cells, buffer: &[u8], texts: &mut Vec<(usize, Vec<u8>)>) -> bool {
    for position in (0..OBJECT_CELLS).filter(|position| cells.escaped >> position & 1 != 0) {
        let (start, length) = (cells.starts[position] as usize, &mut cells.lengths[position]);
        let string = &buffer[start..start + *length as usize];
        let mut text = Vec::with_capacity(string.len());
        // A text that begins with a quote could be taken for a quoted cell, and a carriage return
        // at its end for that of a line.
        let usual = unescape(string, &mut text)
            && !text.starts_with(b"\"")
            && !text.iter().any(|byte| matches!(*byte, SEPARATOR | b'\r'));
        if !usual {
            return false;
        }
        *length = text.len() as u32;
        texts.push((position, text));
    }
    true
}

//! Objects as rows of a table: their cells beside each other.

use super::super::fixed_width::MARGIN;
use super::super::lookup::Rows;
use super::properties::Cells;
use super::values::unescape;
use crate::columns::OBJECT_CELLS;

/// Separates cells; no text of a usual cell has it.
const SEPARATOR: u8 = 0;

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
    pub(super) fn push(&mut self, cells: &Cells, buffer: &[u8], source: (usize, usize)) -> bool {
        let length = source.1 - source.0;
        self.make_room(length + OBJECT_CELLS + AT_ONCE + MARGIN);
        let (mut at, mut bounds) = (self.used, [0; OBJECT_CELLS]);
        for (position, (start, end)) in cells.places.iter().enumerate() {
            let (start, end) = (*start as usize, *end as usize);
            if cells.escaped >> position & 1 == 0 {
                at = self.push_plain(buffer, start, end, at);
            } else if let Some(behind) = self.push_escaped(&buffer[start..end], at) {
                at = behind;
            } else {
                return false;
            }
            self.bytes[at] = SEPARATOR;
            at += 1;
            bounds[position] = at as u32;
        }
        self.used = at;
        let behind = &mut self.bounds[1 + self.sources.len() * OBJECT_CELLS..];
        *behind.first_chunk_mut().expect("there is room") = bounds;
        self.sources.push((source.0 as u32, source.1 as u32));
        true
    }

    #[inline(always)]
    fn push_plain(&mut self, buffer: &[u8], start: usize, end: usize, at: usize) -> usize {
        let length = end - start;
        if length == 0 {
            // Most cells of most devices.
        } else if length <= AT_ONCE {
            let from: &[u8; AT_ONCE] = buffer[start..].first_chunk().expect("a margin follows");
            let to: &mut [u8; AT_ONCE] = self.bytes[at..].first_chunk_mut().expect("there is room");
            *to = *from;
        } else {
            self.bytes[at..at + length].copy_from_slice(&buffer[start..end]);
        }
        at + length
    }

    /// Adds the text of a string with escapes; `None` if it is not usual.
    #[cold]
    #[inline(never)]
    fn push_escaped(&mut self, string: &[u8], at: usize) -> Option<usize> {
        let mut text = Vec::with_capacity(string.len());
        // A text that begins with a quote could be taken for a quoted cell, and a carriage return
        // at its end for that of a line.
        let usual = unescape(string, &mut text)
            && !text.starts_with(b"\"")
            && !text.iter().any(|byte| matches!(*byte, SEPARATOR | b'\r'));
        if !usual {
            return None;
        }
        let end = at + text.len();
        self.bytes[at..end].copy_from_slice(&text);
        Some(end)
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

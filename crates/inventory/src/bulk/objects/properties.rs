//! The properties of objects, and which of them follows which.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::simd::Simd;
use super::values::{Bytes, Halt, Next, Sort, Value};
use crate::batch::FactsState;
use crate::columns::{OBJECT_CELLS, is_added, object_twin};
use crate::error::shortened;
use crate::reader::{REMOVED, is_framing};
use crate::source::intune::header::{Column, column};

/// The number of different names that are remembered; Graph has about 70.
const NAMES: usize = 1 << 10;

/// The number that represents the beginning of an object, before its first property.
const BEGIN: u16 = 0;

/// The number of the end of an object.
const END: u16 = u16::MAX;

/// The known properties of a file.
pub(super) struct Properties {
    /// By their numbers.
    known: Vec<Property>,
    numbers: HashMap<Box<[u8]>, u16, FactsState>,
    /// The number of the property that each cell is read from; [`BEGIN`] if that is not known.
    sources: [u16; OBJECT_CELLS],
    cells: Cells,
}

/// The cells of the object that is being followed.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Cells {
    /// Their beginnings in the buffer, and one more for values that are not read.
    pub(super) starts: [u32; OBJECT_CELLS + 1],
    /// Their lengths in the buffer; 0 unless a property gives them.
    pub(super) lengths: [u32; OBJECT_CELLS + 1],
    /// A bit for each cell that a property gives.
    pub(super) filled: u64,
    /// A bit for each cell with escapes.
    pub(super) escaped: u64,
}

impl Cells {
    const NONE: Self = Self {
        starts: [0; OBJECT_CELLS + 1],
        lengths: [0; OBJECT_CELLS + 1],
        filled: 0,
        escaped: 0,
    };

    /// Takes note of an escape at a place, which need not be in a cell.
    fn note_escape(&mut self, at: usize) {
        for cell in 0..OBJECT_CELLS {
            let start = self.starts[cell] as usize;
            let is_there = (start..start + self.lengths[cell] as usize).contains(&at);
            self.escaped |= u64::from(is_there) << cell;
        }
    }
}

struct Property {
    /// The most common successors of its value.
    links: [Link; 2],
    cell: Cell,
    name: Arc<str>,
    /// The position of the cell of its column and of the twin of that; `None` if it is not read.
    column: Option<(usize, Option<usize>)>,
    /// True if an array or object there may hold devices.
    framing: bool,
    /// True if objects with it are left to the plain reader: it is named after a fact, or says that
    /// a device was removed.
    is_plain: bool,
}

/// The cell that the value of a property is put into.
#[derive(Clone, Copy)]
struct Cell {
    position: usize,
    /// Its bit, and that of the cell that it is the twin of; 0 if it is not read.
    bits: u64,
    /// Those of them that are filled before it: none, or that of the other.
    bits_before: u64,
}

/// Where a text between two values ends, and the number of the property with the second value.
#[derive(Clone, Copy)]
struct Way {
    end: u32,
    next: u16,
}

/// The text between two values, and the number of the property with the second value.
#[repr(align(64))]
struct Link {
    /// Its bytes, and as many others as make it whole.
    text: [u8; 64],
    /// A bit for each of its bytes; none if nothing is known.
    bits: u64,
    length: u32,
    next: u16,
}

impl Link {
    const NONE: Self = Self { text: [0; 64], bits: 0, length: 0, next: END };
}

impl Property {
    fn new(name: &str) -> Self {
        Self {
            links: [Link::NONE; 2],
            cell: Cell { position: OBJECT_CELLS, bits: 0, bits_before: 0 },
            name: Arc::from(shortened(name.as_bytes())),
            column: column(name).map(|(column, _)| (column as usize, object_twin(column))),
            framing: is_framing(name.as_bytes()),
            is_plain: is_added(name) || name == REMOVED,
        }
    }

    /// Returns the way from its value, which ends at a place, if it is known.
    #[inline(always)]
    fn way(&self, simd: impl Simd, bytes: &Bytes<'_>, at: usize) -> Option<Way> {
        let text = bytes.buffer[at..].first_chunk()?;
        let mut links = self.links.iter();
        let fits = |link: &&Link| link.bits != 0 && link.bits & !simd.equal(text, &link.text) == 0;
        let link = links.find(fits)?;
        Some(Way { end: at as u32 + link.length, next: link.next })
    }
}

impl Properties {
    pub(super) fn new() -> Self {
        Self {
            known: vec![Property::new("")],
            numbers: HashMap::default(),
            sources: [BEGIN; OBJECT_CELLS],
            cells: Cells::NONE,
        }
    }

    /// Returns the name of the property that a cell was read from.
    pub(super) fn name_of_cell(&self, position: usize) -> &Arc<str> {
        &self.known[usize::from(self.sources[position])].name
    }

    /// Returns the cells of the object that was followed last.
    pub(super) fn cells(&mut self) -> &mut Cells {
        &mut self.cells
    }

    /// Follows an object from its opening brace; returns its end. Places have 32 bits.
    #[inline(always)]
    pub(super) fn follow(
        &mut self,
        simd: impl Simd,
        bytes: &Bytes<'_>,
        start: Next,
        in_page: bool,
    ) -> Result<Next, Halt> {
        self.cells.lengths = [0; OBJECT_CELLS + 1];
        let (Next { mut at, mut quote }, mut filled) = (start, 0);
        let (mut last, mut property) = (BEGIN, &self.known[usize::from(BEGIN)]);
        loop {
            let way = match property.way(simd, bytes, at) {
                Some(way) => way,
                None => self.learn(bytes, Next { at, quote }, last, filled)?,
            };
            (at, last) = (way.end as usize, way.next);
            if last == END {
                break;
            }
            property = &self.known[usize::from(last)];
            // Those of its name.
            quote += 2;
            let (value_start, value_end);
            if bytes.buffer[at] == b'"' {
                (value_start, value_end) = (at + 1, bytes.string_end(quote)?);
                (at, quote) = (value_end + 1, quote + 2);
            } else {
                let Value { sort, end, behind } = bytes.value(Next { at, quote })?;
                let is_read = property.cell.bits != 0;
                if sort != Sort::AsItStands && (is_read || property.framing && !in_page) {
                    return Err(Halt::Plain);
                }
                (value_start, value_end, Next { at, quote }) = (at, end, behind);
            }
            let Cell { position, bits, bits_before } = property.cell;
            if filled & bits != bits_before {
                return Err(Halt::Plain);
            }
            filled |= bits;
            self.cells.starts[position] = value_start as u32;
            self.cells.lengths[position] = (value_end - value_start) as u32;
        }
        (self.cells.filled, self.cells.escaped) = (filled, 0);
        // Without a known property but an id it may be no device.
        let id = 1 << Column::DeviceId as usize;
        if filled & !id == 0 { Err(Halt::Plain) } else { Ok(Next { at, quote }) }
    }

    /// Judges the unusual bytes of the object that was followed last, by their places.
    #[inline(never)]
    pub(super) fn judge(&mut self, bytes: &Bytes<'_>, unusual: &[u32]) -> Result<(), Halt> {
        let mut behind = 0;
        let (mut first, mut last) = (None, 0);
        for at in unusual.iter().map(|at| *at as usize) {
            match bytes.buffer[at] {
                _ if at < behind => {}
                b'\\' => {
                    behind = bytes.escape(at)?;
                    self.cells.note_escape(at);
                }
                byte if !byte.is_ascii() => {
                    first = first.or(Some(at));
                    last = at;
                }
                _ => return Err(Halt::Plain),
            }
        }
        // No letter that is not ASCII goes beyond these.
        match first {
            Some(first) if str::from_utf8(&bytes.buffer[first..=last]).is_err() => Err(Halt::Plain),
            _ => Ok(()),
        }
    }

    /// Reads what follows a property, and remembers it.
    #[cold]
    #[inline(never)]
    fn learn(
        &mut self,
        bytes: &Bytes<'_>,
        Next { at: start, quote }: Next,
        last: u16,
        filled: u64,
    ) -> Result<Way, Halt> {
        let at = bytes.after_space(start);
        let ends = bytes.buffer[at] == b'}' && last != BEGIN;
        let (next, end) = if ends {
            (END, at + 1)
        } else {
            let begin = if last == BEGIN { b'{' } else { b',' };
            let (name, end) = bytes.name(bytes.after(begin, at)?, quote)?;
            let end = bytes.after(b':', end)?;
            let next = self.number(name)?;
            self.give_cell(next, filled)?;
            (next, end)
        };
        let length = end - start;
        let text = bytes.buffer[start..].first_chunk();
        if let Some(text) = text.filter(|text| length <= text.len()) {
            let [first, second] = &mut self.known[usize::from(last)].links;
            std::mem::swap(first, second);
            let bits = u64::MAX >> (text.len() - length);
            *first = Link { text: *text, bits, length: length as u32, next };
        }
        Ok(Way { end: end as u32, next })
    }

    /// Returns the number of the property with a name.
    fn number(&mut self, name: &[u8]) -> Result<u16, Halt> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        let number = u16::try_from(self.known.len()).ok().filter(|_| self.known.len() <= NAMES);
        let number = number.ok_or(Halt::Plain)?;
        let text = str::from_utf8(name).map_err(|_| Halt::Plain)?;
        self.known.push(Property::new(text));
        self.numbers.insert(name.into(), number);
        Ok(number)
    }

    /// Gives a property that comes next its cell, that of its column or the twin of that, unless it
    /// has one. Messages name the property, so each cell is always read from the same one.
    fn give_cell(&mut self, number: u16, filled: u64) -> Result<(), Halt> {
        let property = &mut self.known[usize::from(number)];
        if property.is_plain {
            return Err(Halt::Plain);
        }
        let Some((own, twin)) = property.column.filter(|_| property.cell.bits == 0) else {
            return Ok(());
        };
        let has_own = filled >> own & 1 != 0;
        let position = if has_own { twin.ok_or(Halt::Plain)? } else { own };
        if self.sources[position] != BEGIN {
            return Err(Halt::Plain);
        }
        self.sources[position] = number;
        let bits_before = if has_own { 1 << own } else { 0 };
        property.cell = Cell { position, bits: 1 << position | bits_before, bits_before };
        Ok(())
    }
}

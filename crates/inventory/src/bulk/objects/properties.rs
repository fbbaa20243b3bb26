//! The properties of objects, and which of them follows which.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::simd::Simd;
use super::super::text_table::{AT_ONCE, Ends, ends};
use super::values::{Bytes, Halt, Sort, Value};
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
    numbers: HashMap<Box<[u8]>, u16>,
    /// The number of the property that each cell is read from; [`BEGIN`] if that is not known.
    sources: [u16; OBJECT_CELLS],
    cells: Cells,
}

/// The cells of the object that is being followed.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Their beginnings and ends in the buffer.
    pub(super) places: [(u32, u32); OBJECT_CELLS],
    /// A bit for each cell that a property gives.
    filled: u32,
    /// A bit for each cell with escapes.
    pub(super) escaped: u32,
}

struct Property {
    name: Arc<str>,
    /// The positions of the cell of its column and of the twin of that; `None` if it is not read.
    cell: Option<(usize, Option<usize>)>,
    /// True if an array or object there may hold devices.
    framing: bool,
    /// True if objects with it are left to the plain reader: it is named after a fact, or says that
    /// a device was removed.
    is_plain: bool,
    /// The most common successors of its value.
    links: [Link; 2],
}

/// The text between two values: its bytes, and the number of the property with the second value.
struct Link {
    ends: Ends,
    /// 0 if nothing is known.
    length: usize,
    next: u16,
}

impl Link {
    const NONE: Self = Self { ends: [[0; 8]; 2], length: 0, next: END };
}

impl Property {
    fn new(name: &str) -> Self {
        let cell = column(name).map(|(column, _)| (column as usize, object_twin(column)));
        Self {
            name: Arc::from(shortened(name.as_bytes())),
            cell,
            framing: is_framing(name.as_bytes()),
            is_plain: is_added(name) || name == REMOVED,
            links: [Link::NONE; 2],
        }
    }
}

impl Properties {
    pub(super) fn new() -> Self {
        Self {
            known: vec![Property::new("")],
            numbers: HashMap::new(),
            sources: [BEGIN; OBJECT_CELLS],
            cells: Cells::default(),
        }
    }

    /// Returns the name of the property that a cell was read from.
    pub(super) fn name_of_cell(&self, position: usize) -> &Arc<str> {
        &self.known[usize::from(self.sources[position])].name
    }

    /// Returns the cells of the object that was followed last.
    pub(super) fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Follows an object from its opening brace; returns its end. Places have 32 bits.
    #[inline(always)]
    pub(super) fn follow(
        &mut self,
        simd: impl Simd,
        bytes: Bytes<'_>,
        start: usize,
        in_page: bool,
    ) -> Result<usize, Halt> {
        (self.cells.filled, self.cells.escaped) = (0, 0);
        self.cells.places = [(0, 0); OBJECT_CELLS];
        let (mut at, mut last) = (start, BEGIN);
        loop {
            (last, at) = self.next(simd, bytes, at, last)?;
            if last == END {
                // Without a known property but an id it may be no device.
                let id = 1 << Column::DeviceId as usize;
                return if self.cells.filled & !id == 0 { Err(Halt::Plain) } else { Ok(at) };
            }
            let value = bytes.value(simd, at)?;
            at = value.behind;
            let property = &self.known[usize::from(last)];
            if property.is_plain || property.framing && value.sort == Sort::Nested && !in_page {
                return Err(Halt::Plain);
            }
            if let Some(cell) = property.cell {
                self.fill(cell, last, value)?;
            }
        }
    }

    /// Returns the property that follows another, and where its value begins; or the end.
    #[inline(always)]
    fn next(
        &mut self,
        simd: impl Simd,
        bytes: Bytes<'_>,
        at: usize,
        last: u16,
    ) -> Result<(u16, usize), Halt> {
        for link in &self.known[usize::from(last)].links {
            let found = simd.ends(bytes.buffer, at, at + link.length, false);
            if link.length > 0 && simd.same(&found, &link.ends, false) {
                return Ok((link.next, at + link.length));
            }
        }
        self.learn(simd, bytes, at, last)
    }

    /// Reads what follows a property, and remembers it.
    #[cold]
    #[inline(never)]
    fn learn(
        &mut self,
        simd: impl Simd,
        bytes: Bytes<'_>,
        start: usize,
        last: u16,
    ) -> Result<(u16, usize), Halt> {
        let at = bytes.after_space(start);
        let ends = bytes.buffer[at] == b'}' && last != BEGIN;
        let (next, at) = if ends {
            (END, at + 1)
        } else {
            let begin = if last == BEGIN { b'{' } else { b',' };
            let (name, end) = bytes.name(simd, bytes.after(begin, at)?)?;
            let at = bytes.after(b':', end)?;
            (self.number(name)?, at)
        };
        let length = at - start;
        if length <= AT_ONCE {
            let ends = ends_of(bytes, start, at);
            let [first, second] = &mut self.known[usize::from(last)].links;
            std::mem::swap(first, second);
            *first = Link { ends, length, next };
        }
        Ok((next, at))
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

    /// Puts the value of a property into its cell, or into the twin of that.
    #[inline(always)]
    fn fill(
        &mut self,
        (own, twin): (usize, Option<usize>),
        number: u16,
        value: Value,
    ) -> Result<(), Halt> {
        let Cells { places, filled, escaped } = &mut self.cells;
        let position = match twin {
            _ if *filled >> own & 1 == 0 => own,
            Some(twin) if *filled >> twin & 1 == 0 => twin,
            _ => return Err(Halt::Plain),
        };
        // Messages name the property, so each cell is always read from the same one.
        let source = &mut self.sources[position];
        if *source == BEGIN {
            *source = number;
        }
        let twice = position != own && self.sources[own] == number;
        if self.sources[position] != number || twice {
            return Err(Halt::Plain);
        }
        match value.sort {
            Sort::AsItStands => {}
            Sort::Escaped => *escaped |= 1 << position,
            Sort::OtherNumber | Sort::Nested => return Err(Halt::Plain),
        }
        *filled |= 1 << position;
        places[position] = (value.start as u32, value.end as u32);
        Ok(())
    }
}

fn ends_of(bytes: Bytes<'_>, start: usize, end: usize) -> Ends {
    ends(bytes.buffer, start, end, false)
}

//! Devices as JSON: Graph's `managedDevices`, page by page or one object a line.
//!
//! Understood are a page as Graph sends it (`{"value": [...]}`), many of them one after the other
//! or in an array, an array of devices, and one device after the other, such as one a line.
//! Sources: <https://learn.microsoft.com/en-us/graph/paging> for the pages and
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice> for the
//! properties.

mod failure;
mod frame;
mod object;
mod pages;
mod scan;

use std::collections::{HashSet, VecDeque};
use std::io::{self, Read};

use crate::columns::{self, ALL_CELLS, Columns, Layout, Purpose};
use crate::error::{Found, GraphError, OpenError, OtherTable, ReadError};
use crate::reader::records::MAX_ROW_BYTES;
use crate::row::Problem;

pub(crate) use frame::{Level, is_framing};
pub(crate) use object::REMOVED;
pub use pages::Pages;
pub(crate) use pages::{PagePart, PageParts};

use super::records::Record;
use frame::{Framed, Frames};
use object::Properties;

/// The number of entries other than devices that may precede the first device.
const BEFORE: usize = 1 << 10;

/// The text that a message shows for an array or an object in place of a cell.
pub(super) const NESTED: &str = "a list or an object";

/// The devices of a JSON file.
pub(super) struct Devices<R> {
    frames: Frames<R>,
    properties: Properties,
    object: Vec<u8>,
    /// The entries before the first device that are no devices, each with its line.
    before: VecDeque<(u64, Problem)>,
    /// The first object, which was read to see what the file is.
    first: Option<Framed>,
    pages: PageParts,
    /// True if the parts of pages are left to be taken.
    leaves_parts: bool,
    line: u64,
}

/// The beginning of the devices of a file, as far as the first one shows it.
#[derive(Clone, Debug)]
pub(crate) struct FirstDevice {
    /// The levels that are open around it.
    pub(crate) open: Vec<Level>,
    /// The name of its first property, in quotes; empty if it has none.
    pub(crate) key: Vec<u8>,
}

impl FirstDevice {
    fn of(object: &[u8], open: &[Level]) -> Self {
        let rest = object.strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
        let mut quotes = rest.iter().enumerate().filter(|(_, byte)| **byte == b'"');
        let end = quotes.nth(1).map_or(0, |(at, _)| at + 1);
        let key = if rest.starts_with(b"\"") { rest[..end].to_vec() } else { Vec::new() };
        Self { open: open.to_vec(), key }
    }
}

/// Returns the names of the properties of all devices that are whole in the beginning of a file.
fn names_at(beginning: &[u8]) -> Vec<String> {
    let (mut frames, mut object) = (Frames::new(beginning, io::empty()), Vec::new());
    let (mut all, mut known) = (Vec::new(), HashSet::new());
    while let Ok(Some(framed)) = frames.next(&mut object) {
        match framed {
            Framed::Whole => {}
            Framed::Other(_) => continue,
            _ => break,
        }
        for name in object::names(&object).unwrap_or_default() {
            if known.insert(name.clone()) {
                all.push(name);
            }
        }
    }
    all
}

/// Returns the error that an object is; `None` if it is a device, whatever else it says.
fn error_alone(purpose: Purpose, object: &[u8]) -> Option<GraphError> {
    let error = failure::of(object)?;
    let is_known = |name: &String| columns::facts::property(purpose, name).is_some();
    (!object::names(object)?.iter().any(is_known)).then_some(error)
}

/// The content that was found where the next device should be.
pub(super) enum Next {
    /// The cells of a device are in the record.
    Device,
    /// Something that is no device.
    Problem(Problem),
}

impl<R: Read> Devices<R> {
    /// Recognises the properties of the first device. `beginning` was read from the input before.
    pub(super) fn open(
        purpose: Purpose,
        beginning: &[u8],
        input: R,
    ) -> Result<(Self, Layout, Columns), OpenError> {
        let mut frames = Frames::new(beginning, input);
        let mut object = Vec::new();
        let (mut before, mut first_error) = (VecDeque::new(), None::<GraphError>);
        let first = loop {
            let framed = frames.next(&mut object);
            let framed = framed.map_err(|source| ReadError::at_line(frames.line(), source))?;
            let problem = match &framed {
                Some(Framed::Other(text)) => Problem::of_row(format!("`{text}`"), "an object"),
                // The answers of a batch may be errors and devices.
                Some(Framed::Whole) if let Some(error) = error_alone(purpose, &object) => {
                    first_error.get_or_insert_with(|| error.clone());
                    Problem::of_row(error.to_string(), "a device")
                }
                _ => break framed,
            };
            before.push_back((frames.object_line(), problem));
            if before.len() > BEFORE {
                return Err(Found::DamagedJson.into());
            }
        };
        let mut names = match first {
            None => Vec::new(),
            Some(Framed::Whole) => object::names(&object).ok_or(Found::DamagedJson)?,
            Some(Framed::TooLong) => return Err(Found::LongObject.into()),
            Some(_) => return Err(Found::DamagedJson.into()),
        };
        if let Some(error) = first_error.filter(|_| first.is_none()) {
            return Err(Found::GraphError(error).into());
        }
        let collection = frames.take_other_collection();
        if let Some(collection) = collection.or_else(|| pages::other_collection(&object)) {
            // A list that is known by its columns has a better name.
            columns::refuse_foreign(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
            return Err(Found::OtherCollection(collection).into());
        }
        if let Some(what) = first.is_some().then(|| object::turned(purpose, &object)).flatten() {
            return Err(Found::OtherFormat(what).into());
        }
        // A fact that is known of few devices may first appear in a later one.
        let later = names_at(beginning).into_iter().filter(|name| columns::is_added(name));
        names.extend(later.filter(|name| !names.contains(name)).collect::<Vec<_>>());
        let recognise = |names: &[String]| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            columns::recognise_object(purpose, &names, first.is_some())
        };
        // A property without a value may be left out, so that a later device has more.
        let (layout, columns) = recognise(&names).or_else(|found| match found {
            Found::ForeignObject(_)
            | Found::Table(
                OtherTable::NoPlatform(_)
                | OtherTable::FewColumns(..)
                | OtherTable::NoKey(_)
                | OtherTable::NoFacts(_),
            ) => recognise(&names_at(beginning)).map_err(|_| found),
            _ => Err(found),
        })?;
        let line = frames.object_line();
        let properties = Properties::new(purpose, layout.has_facts());
        let pages = PageParts::default();
        let mut devices =
            Self { frames, properties, object, before, first, pages, leaves_parts: false, line };
        devices.note_pages();
        Ok((devices, layout, columns))
    }

    /// Returns devices that are read from places to be named by [`restart`](Self::restart).
    pub(super) fn anywhere(input: R) -> Self {
        Self {
            frames: Frames::new(&[], input),
            properties: Properties::default(),
            object: Vec::new(),
            before: VecDeque::new(),
            first: None,
            pages: PageParts::default(),
            leaves_parts: true,
            line: 1,
        }
    }

    /// Begins anew with another input, inside what is open there.
    pub(super) fn restart(&mut self, input: R, open: &[Level]) {
        self.frames.restart(input, open);
        self.first = None;
    }

    /// Carries properties along; returns the positions of their cells.
    pub(super) fn carry(&mut self, names: &[String]) -> Vec<Option<usize>> {
        self.properties.carry(names);
        (0..names.len()).map(|index| Some(ALL_CELLS + index)).collect()
    }

    /// Returns for each property that is carried along whether a device had it.
    pub(super) fn has_carried(&self) -> Vec<bool> {
        self.properties.has_carried()
    }

    /// Returns the beginning of the devices; to be called before the next one is read.
    pub(super) fn first_device(&self) -> FirstDevice {
        FirstDevice::of(&self.object, self.frames.open())
    }

    /// Returns the levels that are open around the next object.
    pub(super) fn open_levels(&self) -> &[Level] {
        self.frames.open()
    }

    /// Returns the number of bytes that were passed over.
    pub(super) fn passed(&self) -> u64 {
        self.frames.passed()
    }

    /// Takes the parts of pages, and the number of devices in them, since they were taken last;
    /// [`pages`](Self::pages) does not know of them then.
    pub(super) fn take_parts(&mut self) -> (Vec<PagePart>, u64) {
        let (parts, devices) = self.frames.take_parts();
        (parts.collect(), devices)
    }

    fn note_pages(&mut self) {
        if self.leaves_parts {
            return;
        }
        let (parts, devices) = self.frames.take_parts();
        self.pages.add(parts, devices);
    }

    /// Reads the next device; `None` at the end of the file.
    pub(super) fn next(&mut self, record: &mut Record) -> io::Result<Option<Next>> {
        if let Some((line, problem)) = self.before.pop_front() {
            self.line = line;
            return Ok(Some(Next::Problem(problem)));
        }
        let framed = match self.first.take() {
            Some(framed) => Some(framed),
            None => self.frames.next(&mut self.object)?,
        };
        if let Some(collection) = self.frames.take_other_collection() {
            let message = format!("found {}", Found::OtherCollection(collection));
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.note_pages();
        self.line = self.frames.object_line();
        let problem = |text: &str, expected: String| {
            Some(Next::Problem(Problem::of_row(text.to_owned(), expected)))
        };
        Ok(match framed {
            None => None,
            Some(Framed::Whole) => Some(match self.properties.read(&self.object, record) {
                Ok(()) => Next::Device,
                Err(problem) => Next::Problem(problem),
            }),
            Some(Framed::TooLong) => problem(
                &format!("more than {MAX_ROW_BYTES} bytes"),
                format!("at most {MAX_ROW_BYTES}"),
            ),
            Some(Framed::CutOff) => problem(
                "the end of the file",
                "the rest of the object; the file may have been cut off".to_owned(),
            ),
            Some(Framed::Other(text)) => problem(&format!("`{text}`"), "an object".to_owned()),
            Some(Framed::Broken(wrong)) => problem(&wrong.found(), wrong.expected().to_owned()),
        })
    }

    /// Returns true if the last device was in Windows-1252.
    pub(super) fn is_windows_1252(&self) -> bool {
        self.properties.is_windows_1252()
    }

    /// Returns the positions of the cells of the last device that are arrays or objects.
    pub(super) fn nested(&self) -> impl Iterator<Item = usize> {
        self.properties.nested()
    }

    /// Returns the line on which the last object began.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Returns the line that is being read.
    pub(super) fn current_line(&self) -> u64 {
        self.frames.line()
    }

    /// Returns true if the file ended inside an object, an array or a page.
    pub(super) fn truncated(&self) -> bool {
        self.frames.truncated()
    }

    /// Returns the paging information of the pages that were read.
    pub(super) fn pages(&self) -> &Pages {
        self.pages.pages()
    }

    /// Returns the name of a cell, as the file spells it.
    pub(super) fn name(&self, position: usize) -> &str {
        self.properties.name(position)
    }
}

#[cfg(test)]
mod tests;

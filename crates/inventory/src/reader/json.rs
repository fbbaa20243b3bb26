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

use std::io::{self, Read};

use crate::columns::{self, Columns, Layout};
use crate::error::{Found, OpenError, ReadError};
use crate::reader::facts::Problem;
use crate::reader::records::MAX_ROW_BYTES;

pub use pages::Pages;

use super::records::Record;
use frame::{Framed, Frames};
use object::Properties;

/// How an array or an object in place of a cell is shown.
pub(super) const NESTED: &str = "a list or an object";

/// The devices of a JSON file.
pub(super) struct Devices<R> {
    frames: Frames<R>,
    properties: Properties,
    object: Vec<u8>,
    /// The first object, which was read to see what the file is.
    first: Option<Framed>,
    line: u64,
}

/// Returns the names of the properties of all devices that are whole in the beginning of a file.
fn names_at(beginning: &[u8]) -> Vec<String> {
    let (mut frames, mut object) = (Frames::new(beginning, io::empty()), Vec::new());
    let mut all: Vec<String> = Vec::new();
    while let Ok(Some(Framed::Whole)) = frames.next(&mut object) {
        for name in object::names(&object).unwrap_or_default() {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}

/// What was found where the next device should be.
pub(super) enum Next {
    /// The cells of a device are in the record.
    Device,
    /// Something that is no device.
    Problem(Problem),
}

impl<R: Read> Devices<R> {
    /// Recognises the properties of the first device. `beginning` was read from the input before.
    pub(super) fn open(beginning: &[u8], input: R) -> Result<(Self, Layout, Columns), OpenError> {
        let mut frames = Frames::new(beginning, input);
        let mut object = Vec::new();
        let first = frames.next(&mut object);
        let first = first.map_err(|source| ReadError::at_line(frames.line(), source))?;
        let names = match first {
            None => Vec::new(),
            Some(Framed::Whole) => object::names(&object).ok_or(Found::DamagedJson)?,
            Some(_) => return Err(Found::DamagedJson.into()),
        };
        if let Some(error) = failure::of(&object).filter(|_| names.contains(&"error".to_owned())) {
            return Err(Found::GraphError(error).into());
        }
        let recognise = |names: &[String]| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            columns::recognise_object(&names, first.is_some())
        };
        // A property without a value may be left out, so that a later device tells more.
        let (layout, columns) = recognise(&names).or_else(|found| match found {
            Found::NoPlatform(_) | Found::FewColumns(..) | Found::ForeignObject(_) => {
                recognise(&names_at(beginning)).map_err(|_| found)
            }
            _ => Err(found),
        })?;
        let line = frames.object_line();
        let properties = Properties::default();
        Ok((Self { frames, properties, object, first, line }, layout, columns))
    }

    /// Reads the next device; `None` at the end of the file.
    pub(super) fn next(&mut self, record: &mut Record) -> io::Result<Option<Next>> {
        let framed = match self.first.take() {
            Some(framed) => Some(framed),
            None => self.frames.next(&mut self.object)?,
        };
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

    /// Returns what the pages that were read say of themselves.
    pub(super) fn pages(&self) -> &Pages {
        self.frames.pages()
    }

    /// Returns the name of a cell, as the file spells it.
    pub(super) fn name(&self, position: usize) -> &str {
        self.properties.name(position)
    }
}

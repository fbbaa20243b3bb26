//! The objects of a file that are devices, one after the other, in bounded memory.

use std::io::{self, Read};

use super::pages::{self, PagePart, other_collection};
use super::scan::{Scan, Step, Wrong};
use crate::error::shortened;
use crate::reader::records::MAX_ROW_BYTES;

/// The number of bytes that are kept of an entry that is no object, for a message.
const SHOWN: usize = 256;

/// The number of bytes that are requested from the input at a time.
const CHUNK: usize = 1 << 16;

/// The property of a page that holds the devices.
const VALUE: &[u8] = b"\"value\"";

/// Properties in which programs wrap what they got: Power Automate (`outputs`, `body`), n8n
/// (`json`) and the answers to a batch of requests (`responses`, `body`). Sources:
/// <https://learn.microsoft.com/en-us/graph/json-batching>,
/// <https://docs.n8n.io/data/data-structure/> and
/// <https://learn.microsoft.com/en-us/power-automate/desktop-flows/actions-reference/web>.
const WRAPPERS: [&[u8]; 4] = [b"\"body\"", b"\"json\"", b"\"outputs\"", b"\"responses\""];

/// The number of wrappers that may be nested inside each other, with the arrays in them.
const DEEP: usize = 8;

/// Properties in which programs have lists: other products their devices, so that these are
/// recognised, and tools what they got.
const LISTS: [&[u8]; 10] = [
    b"\"chromeosdevices\"",
    b"\"data\"",
    b"\"Devices\"",
    b"\"devices\"",
    b"\"hosts\"",
    b"\"items\"",
    b"\"managedDevices\"",
    b"\"mobiledevices\"",
    b"\"results\"",
    b"\"values\"",
];

/// Returns true if an array or an object in a property with this name may hold devices.
pub(crate) fn is_framing(name: &[u8]) -> bool {
    let named = |quoted: &[u8]| quoted[1..quoted.len() - 1] == *name;
    std::iter::once(VALUE).chain(WRAPPERS).chain(LISTS).any(named)
}

/// The end of an object, or an entry in the place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Framed {
    /// At its closing brace.
    Whole,
    /// At the end of the file.
    CutOff,
    /// At its closing brace, but it is longer than [`MAX_ROW_BYTES`].
    TooLong,
    /// At a byte that is out of place. What follows is read from the next line on.
    Broken(Wrong),
    /// An entry of an array that is no object, such as `null`.
    Other(Box<str>),
}

/// The result of scanning an item of the file.
enum Item {
    Device(Framed),
    /// It is a page, and its devices come next.
    Page,
    /// It is a wrapper, and what it wraps comes next: an object or an array, after its first byte.
    Wrapper(u8),
}

/// A level that is open around the next object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Array,
    Page,
    /// An object with one property that is read; the rest of it is skipped.
    Wrapper,
}

/// The bytes of a file, cut into objects.
pub(super) struct Frames<R> {
    input: R,
    /// The bytes that were read; those from `start` to `end` are still to be looked at.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The number of bytes that were read, those in the buffer included.
    read: u64,
    line: u64,
    object_line: u64,
    open: Vec<Level>,
    /// The parts of pages, and the devices in them, since they were taken last.
    parts: Vec<PagePart>,
    devices: u64,
    /// The collection of a page that is none of managed devices.
    other_collection: Option<String>,
    truncated: bool,
}

impl<R: Read> Frames<R> {
    /// Returns the objects of a file whose beginning was read before.
    pub(super) fn new(beginning: &[u8], input: R) -> Self {
        Self {
            input,
            buffer: beginning.to_vec(),
            start: 0,
            end: beginning.len(),
            read: beginning.len() as u64,
            line: 1,
            object_line: 1,
            open: Vec::new(),
            parts: Vec::new(),
            devices: 0,
            other_collection: None,
            truncated: false,
        }
    }

    /// Begins anew with another input, inside what is open there.
    pub(super) fn restart(&mut self, input: R, open: &[Level]) {
        self.input = input;
        (self.start, self.end, self.read) = (0, 0, 0);
        (self.line, self.object_line, self.truncated) = (1, 1, false);
        self.open.clear();
        self.open.extend_from_slice(open);
        self.parts.clear();
        self.devices = 0;
        self.other_collection = None;
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Returns the line on which the last object began.
    pub(super) fn object_line(&self) -> u64 {
        self.object_line
    }

    pub(super) fn truncated(&self) -> bool {
        self.truncated
    }

    /// Returns the levels that are open around the next object.
    pub(super) fn open(&self) -> &[Level] {
        &self.open
    }

    /// Takes the name of the collection of a page that is none of managed devices.
    pub(super) fn take_other_collection(&mut self) -> Option<String> {
        self.other_collection.take()
    }

    /// Returns the number of bytes that were passed over.
    pub(super) fn passed(&self) -> u64 {
        self.read - (self.end - self.start) as u64
    }

    /// Takes the parts of pages, and the number of devices in them, since they were taken last.
    pub(super) fn take_parts(&mut self) -> (std::vec::Drain<'_, PagePart>, u64) {
        (self.parts.drain(..), std::mem::take(&mut self.devices))
    }

    /// Reads the next device into `object`; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// Those of the input, and a byte out of place inside an array: then it is unknown where the
    /// next device would begin.
    pub(super) fn next(&mut self, object: &mut Vec<u8>) -> io::Result<Option<Framed>> {
        loop {
            if self.open.last() == Some(&Level::Wrapper) {
                self.open.pop();
                self.end_wrapper()?;
                continue;
            }
            let Some(byte) = self.next_byte()? else {
                self.truncated |= !self.open.is_empty();
                return Ok(None);
            };
            match (byte, self.open.last()) {
                (b' ' | b'\t' | b'\r' | b'\n', _) | (b',', Some(_)) => {}
                (b'[', None) => self.open.push(Level::Array),
                (b']', Some(Level::Page)) => {
                    self.open.pop();
                    self.end_page()?;
                }
                (b']', Some(Level::Array)) => {
                    self.open.pop();
                }
                (b'[', Some(_)) if self.open.len() < DEEP => self.open.push(Level::Array),
                (b'{', _) => {
                    if let Some(framed) = self.object(object)? {
                        return Ok(Some(framed));
                    }
                }
                (_, Some(_)) => return self.entry(byte).map(Some),
                (_, None) => {
                    self.object_line = self.line;
                    self.skip_line(byte)?;
                    return Ok(Some(Framed::Broken(Wrong::new(byte, "an object"))));
                }
            }
        }
    }

    /// Reads an entry of an array that is no object, after its first byte.
    fn entry(&mut self, first: u8) -> io::Result<Framed> {
        self.object_line = self.line;
        let (mut scan, mut text) = (Scan::entry(), Vec::new());
        let mut byte = first;
        loop {
            scan.step(byte).map_err(|_| wrong_place(Wrong::new(first, "an object")))?;
            if text.len() < SHOWN {
                text.push(byte);
            }
            if scan.is_behind_value() {
                break;
            }
            match self.next_byte()? {
                Some(b',' | b']' | b' ' | b'\t' | b'\r' | b'\n') if scan.in_word() => {
                    self.step_back();
                    break;
                }
                Some(next) => byte = next,
                None => {
                    self.truncated = true;
                    break;
                }
            }
        }
        Ok(Framed::Other(shortened(&text).into()))
    }

    /// Reads an object after its opening brace; `None` if it is a page, or a wrapper of one or of
    /// an array.
    fn object(&mut self, object: &mut Vec<u8>) -> io::Result<Option<Framed>> {
        self.object_line = self.line;
        loop {
            match self.item(object)? {
                Item::Device(framed) => {
                    self.devices += u64::from(self.open.last() == Some(&Level::Page));
                    return Ok(Some(framed));
                }
                Item::Page => {
                    self.begin_page(object);
                    return Ok(None);
                }
                Item::Wrapper(b'[') => {
                    self.open.extend([Level::Wrapper, Level::Array]);
                    return Ok(None);
                }
                Item::Wrapper(_) => self.open.push(Level::Wrapper),
            }
        }
    }

    /// Returns true if the page is one of several answers in a wrapper.
    fn in_batch(&self) -> bool {
        let outer = self.open.iter().take_while(|level| **level != Level::Page);
        outer.zip(self.open.iter().skip(1)).any(|pair| pair == (&Level::Wrapper, &Level::Array))
    }

    /// Passes over the rest of a wrapper, which may name a next page.
    fn end_wrapper(&mut self) -> io::Result<()> {
        let (mut scan, mut tail) = (Scan::after_value(), Vec::new());
        loop {
            let Some(byte) = self.next_byte()? else {
                self.truncated = true;
                return Ok(());
            };
            if tail.len() < MAX_ROW_BYTES {
                tail.push(byte);
            }
            if scan.step(byte).map_err(wrong_place)? == Step::End {
                break;
            }
        }
        if pages::says_more(&tail) {
            pages::push(&mut self.parts, pages::unfinished());
        }
        Ok(())
    }

    /// Reads an object after its opening brace.
    fn item(&mut self, object: &mut Vec<u8>) -> io::Result<Item> {
        object.clear();
        object.push(b'{');
        let (mut scan, mut too_long) = (Scan::new(), false);
        // The last string of the object itself: a name, then perhaps its value.
        let (mut begin, mut name) = (0, 0..0);
        loop {
            let Some(byte) = self.next_byte()? else {
                self.truncated = true;
                return Ok(Item::Device(Framed::CutOff));
            };
            let step = match scan.step(byte) {
                Ok(step) => step,
                Err(wrong) => return self.broken(wrong).map(Item::Device),
            };
            too_long |= object.len() >= MAX_ROW_BYTES;
            if !too_long {
                object.push(byte);
                if byte == b'"' && scan.in_plain_text() {
                    begin = object.len() - 1;
                }
                let named = |wanted: &[u8]| object.get(name.clone()) == Some(wanted);
                match step {
                    Step::KeyEnds => name = begin..object.len(),
                    Step::ValueBegins if self.open.contains(&Level::Page) => {}
                    Step::ValueBegins if byte == b'[' && named(VALUE) => return Ok(Item::Page),
                    Step::ValueBegins
                        if self.open.len() < DEEP
                            && (matches!(byte, b'{' | b'[') && WRAPPERS.into_iter().any(named)
                                || byte == b'[' && LISTS.into_iter().any(named)) =>
                    {
                        return Ok(Item::Wrapper(byte));
                    }
                    _ => {}
                }
            }
            if step == Step::End {
                let whole = if too_long { Framed::TooLong } else { Framed::Whole };
                return Ok(Item::Device(whole));
            }
            if scan.in_plain_text() {
                self.copy_text(object, too_long);
            }
        }
    }

    /// Takes the text before the devices of a page, with the bracket that opens them.
    fn begin_page(&mut self, before: &[u8]) {
        self.open.push(Level::Page);
        let head = before[..before.len() - 1].to_vec();
        self.other_collection = self.other_collection.take().or_else(|| other_collection(&head));
        let batch = self.in_batch();
        pages::push(&mut self.parts, PagePart::Head { text: head, batch });
    }

    /// Reads what follows the devices of a page.
    fn end_page(&mut self) -> io::Result<()> {
        let (mut scan, mut tail) = (Scan::after_value(), Vec::new());
        // The last key of the page itself.
        let (mut begin, mut name) = (0, 0..0);
        loop {
            let Some(byte) = self.next_byte()? else {
                self.truncated = true;
                return Ok(());
            };
            if tail.len() < MAX_ROW_BYTES {
                tail.push(byte);
            }
            let step = scan.step(byte).map_err(wrong_place)?;
            if byte == b'"' && scan.in_plain_text() {
                begin = tail.len() - 1;
            }
            match step {
                Step::KeyEnds => name = begin..tail.len(),
                Step::ValueBegins if byte == b'[' && tail.get(name.clone()) == Some(VALUE) => {
                    return Err(second_list());
                }
                Step::End => {
                    let batch = self.in_batch();
                    pages::push(&mut self.parts, PagePart::Tail { text: tail, batch });
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// Copies the bytes of a string that need no look, as far as they are here.
    fn copy_text(&mut self, object: &mut Vec<u8>, too_long: bool) {
        let rest = &self.buffer[self.start..self.end];
        let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'));
        let plain = &rest[..plain.unwrap_or(rest.len())];
        if !too_long {
            // One byte more than may be kept says that the object is too long.
            let room = MAX_ROW_BYTES.saturating_sub(object.len());
            object.extend_from_slice(&plain[..plain.len().min(room)]);
        }
        self.start += plain.len();
    }

    /// After a byte that is out of place: outside of arrays, the next line is a new beginning.
    fn broken(&mut self, wrong: Wrong) -> io::Result<Framed> {
        if !self.open.is_empty() {
            return Err(wrong_place(wrong));
        }
        if wrong.byte == b'{' {
            // It begins the next object; the one before it was not closed.
            self.step_back();
        } else {
            self.skip_line(wrong.byte)?;
        }
        Ok(Framed::Broken(wrong))
    }

    fn skip_line(&mut self, mut byte: u8) -> io::Result<()> {
        while byte != b'\n' {
            let Some(next) = self.next_byte()? else { return Ok(()) };
            byte = next;
        }
        Ok(())
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        if self.start == self.end && !self.refill()? {
            return Ok(None);
        }
        let byte = self.buffer[self.start];
        self.start += 1;
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }

    /// Leaves the last byte to be read again.
    fn step_back(&mut self) {
        self.start -= 1;
        self.line -= u64::from(self.buffer[self.start] == b'\n');
    }

    fn refill(&mut self) -> io::Result<bool> {
        self.start = 0;
        if self.buffer.len() < CHUNK {
            self.buffer.resize(CHUNK, 0);
        }
        loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => {
                    self.end = *result.as_ref().unwrap_or(&0);
                    self.read += self.end as u64;
                    return result.map(|count| count > 0);
                }
            }
        }
    }
}

fn second_list() -> io::Error {
    let message = "found a second `value` with devices in one page, expected one";
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn wrong_place(wrong: Wrong) -> io::Error {
    let message = format!("found {}, expected {}", wrong.found(), wrong.expected());
    io::Error::new(io::ErrorKind::InvalidData, message)
}

//! The objects of a file that are devices, one after the other, in bounded memory.

use std::io::{self, Read};

use super::pages::Pages;
use super::scan::{Scan, Step, Wrong};
use crate::reader::records::MAX_ROW_BYTES;

/// How many bytes are asked of the input at a time.
const CHUNK: usize = 1 << 16;

/// The property of a page that holds the devices.
const VALUE: &[u8] = b"\"value\"";

/// How an object ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framed {
    /// At its closing brace.
    Whole,
    /// At the end of the file.
    CutOff,
    /// At its closing brace, but it is longer than [`MAX_ROW_BYTES`].
    TooLong,
    /// At a byte that is out of place. What follows is read from the next line on.
    Broken(Wrong),
}

/// What the scan of an item of the file came to.
enum Item {
    Device(Framed),
    /// It is a page, and its devices come next.
    Page,
}

/// The bytes of a file, cut into objects.
pub(super) struct Frames<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    line: u64,
    object_line: u64,
    in_array: bool,
    in_page: bool,
    /// The page that is being read, with `null` for its devices.
    page: Vec<u8>,
    pages: Pages,
    truncated: bool,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(beginning: &[u8], input: R) -> Self {
        Self {
            input,
            buffer: beginning.to_vec(),
            start: 0,
            line: 1,
            object_line: 1,
            in_array: false,
            in_page: false,
            page: Vec::new(),
            pages: Pages::default(),
            truncated: false,
        }
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The line on which the last object began.
    pub(super) fn object_line(&self) -> u64 {
        self.object_line
    }

    pub(super) fn truncated(&self) -> bool {
        self.truncated
    }

    pub(super) fn pages(&self) -> &Pages {
        &self.pages
    }

    /// Reads the next device into `object`; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// Those of the input, and a byte out of place inside an array: where the next device would
    /// begin cannot be told then.
    pub(super) fn next(&mut self, object: &mut Vec<u8>) -> io::Result<Option<Framed>> {
        loop {
            let Some(byte) = self.next_byte()? else {
                self.truncated |= self.in_array || self.in_page;
                return Ok(None);
            };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => {}
                b',' if self.in_array || self.in_page => {}
                b'[' if !self.in_array && !self.in_page => self.in_array = true,
                b']' if self.in_page => {
                    self.in_page = false;
                    self.end_page()?;
                }
                b']' if self.in_array => self.in_array = false,
                b'{' => {
                    self.object_line = self.line;
                    match self.item(object)? {
                        Item::Device(framed) => {
                            self.pages.devices += u64::from(self.in_page);
                            return Ok(Some(framed));
                        }
                        Item::Page => self.begin_page(object),
                    }
                }
                _ => {
                    let wrong = Wrong::new(byte, "an object");
                    if self.in_array || self.in_page {
                        return Err(wrong_place(wrong));
                    }
                    self.object_line = self.line;
                    self.skip_line(byte)?;
                    return Ok(Some(Framed::Broken(wrong)));
                }
            }
        }
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
                    Step::ValueBegins if byte == b'[' && !self.in_page && named(VALUE) => {
                        return Ok(Item::Page);
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

    /// Takes what stands before the devices of a page, with the bracket that opens them.
    fn begin_page(&mut self, before: &[u8]) {
        self.in_page = true;
        self.page.clear();
        self.page.extend_from_slice(&before[..before.len() - 1]);
        self.page.extend_from_slice(b"null");
        let before = self.page.len();
        self.page.push(b'}');
        self.pages.read(&self.page);
        self.page.truncate(before);
    }

    /// Reads what follows the devices of a page.
    fn end_page(&mut self) -> io::Result<()> {
        let mut scan = Scan::after_value();
        loop {
            let Some(byte) = self.next_byte()? else {
                self.truncated = true;
                return Ok(());
            };
            if self.page.len() < MAX_ROW_BYTES {
                self.page.push(byte);
            }
            if scan.step(byte).map_err(wrong_place)? == Step::End {
                self.pages.read(&self.page);
                return Ok(());
            }
        }
    }

    /// Copies the bytes of a string that need no look, as far as they are here.
    fn copy_text(&mut self, object: &mut Vec<u8>, too_long: bool) {
        let rest = &self.buffer[self.start..];
        let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'));
        let plain = &rest[..plain.unwrap_or(rest.len())];
        if !too_long && object.len() + plain.len() <= MAX_ROW_BYTES {
            object.extend_from_slice(plain);
            self.start += plain.len();
        }
    }

    /// After a byte that is out of place: outside of arrays, the next line is a new beginning.
    fn broken(&mut self, wrong: Wrong) -> io::Result<Framed> {
        if self.in_array || self.in_page {
            return Err(wrong_place(wrong));
        }
        if wrong.byte == b'{' {
            // It begins the next object; the one before it was not closed.
            self.start -= 1;
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
        if self.start == self.buffer.len() && !self.refill()? {
            return Ok(None);
        }
        let byte = self.buffer[self.start];
        self.start += 1;
        self.line += u64::from(byte == b'\n');
        Ok(Some(byte))
    }

    fn refill(&mut self) -> io::Result<bool> {
        self.start = 0;
        self.buffer.resize(CHUNK, 0);
        loop {
            match self.input.read(&mut self.buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => {
                    self.buffer.truncate(*result.as_ref().unwrap_or(&0));
                    return result.map(|count| count > 0);
                }
            }
        }
    }
}

fn wrong_place(wrong: Wrong) -> io::Error {
    let message = format!("found {}, expected {}", wrong.found(), wrong.expected());
    io::Error::new(io::ErrorKind::InvalidData, message)
}

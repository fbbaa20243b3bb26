//! A part of a file in memory.

use std::io;

use super::fixed_width::MARGIN;
use crate::input::Input;

/// Bytes of a file one after the other, between two margins. It is kept from chunk to chunk for its
/// memory.
#[derive(Debug)]
pub(super) struct FileWindow<'s, I> {
    input: &'s I,
    /// [`MARGIN`] bytes, the bytes of the file, and at least as many bytes more.
    pub(super) buffer: Vec<u8>,
    /// The place in the file of the byte behind the first margin.
    base: u64,
    /// The end of the bytes of the file in the buffer.
    pub(super) filled: usize,
    /// True if the file ends there.
    pub(super) is_at_end: bool,
}

impl<'s, I: Input> FileWindow<'s, I> {
    pub(super) fn new(input: &'s I) -> Self {
        Self { input, buffer: Vec::new(), base: 0, filled: MARGIN, is_at_end: false }
    }

    /// Reads the bytes from one place of the file to another, and some more, as far as there are any.
    pub(super) fn read(&mut self, base: u64, limit: u64, more: usize) -> io::Result<()> {
        let size = usize::try_from(limit.saturating_sub(base)).map_err(io::Error::other)?;
        (self.base, self.filled, self.is_at_end) = (base, MARGIN, false);
        self.read_on(size + more)
    }

    /// Reads a number of bytes more, or up to the end of the file.
    pub(super) fn read_on(&mut self, more: usize) -> io::Result<()> {
        let room = self.filled + more;
        if self.buffer.len() < room + MARGIN {
            // Memory that is requested with zeros costs nothing before its use. The next chunk may begin
            // a byte earlier.
            let mut buffer = vec![0; room + 2 * MARGIN];
            let kept = self.filled.min(self.buffer.len());
            buffer[..kept].copy_from_slice(&self.buffer[..kept]);
            self.buffer = buffer;
        }
        while self.filled < room && !self.is_at_end {
            let place = self.place(self.filled);
            match self.input.read_at(place, &mut self.buffer[self.filled..room]) {
                Ok(0) => self.is_at_end = true,
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        // What an earlier chunk left there must not be taken for a part of this one.
        self.buffer[self.filled..self.filled + MARGIN].fill(0);
        Ok(())
    }

    /// Returns the bytes of the file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[MARGIN..self.filled]
    }

    /// Returns the place in the file of a byte of the buffer.
    pub(super) fn place(&self, at: usize) -> u64 {
        self.base + (at - MARGIN) as u64
    }

    /// Returns the place in the file behind the bytes.
    pub(super) fn end(&self) -> u64 {
        self.place(self.filled)
    }

    /// Returns the position in the buffer of a place of the file, if its byte is there or would be
    /// the next.
    pub(super) fn at(&self, place: u64) -> Option<usize> {
        let at = usize::try_from(place.checked_sub(self.base)?).ok()? + MARGIN;
        (at <= self.filled).then_some(at)
    }
}

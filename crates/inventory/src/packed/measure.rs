//! Counts the bytes that go in and those that come out: a small file that unpacks without end would
//! keep a reader busy for days.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder};

use super::damaged;

/// The multiple of its own size that a file may unpack to.
const RATIO: u64 = 200;

/// The number of bytes that a file may unpack to in any case.
const FREE: u64 = 64 << 20;

/// Returns true if a file of this size may not unpack to that many bytes.
#[cfg(feature = "workbook")]
pub(super) fn is_too_much(unpacked: u64, size: u64) -> bool {
    unpacked > FREE && unpacked / RATIO > size
}

/// An input that counts what was taken from it.
pub(super) struct Taken<R> {
    input: R,
    bytes: u64,
}

impl<R> Taken<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, bytes: 0 }
    }

    /// Returns the number of bytes that were taken.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl<R: Read> Read for Taken<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

/// A decoder that knows how much it has taken.
pub(super) trait Takes {
    /// Returns the number of packed bytes that were taken so far.
    fn taken(&self) -> u64;
}

impl<R> Takes for MultiGzDecoder<Taken<R>> {
    fn taken(&self) -> u64 {
        self.get_ref().bytes()
    }
}

impl<R: Read> Takes for DeflateDecoder<Taken<R>> {
    fn taken(&self) -> u64 {
        self.get_ref().bytes()
    }
}

/// A decoder whose output is held against what it has taken.
pub(super) struct Measured<D> {
    decoder: D,
    given: u64,
}

impl<D> Measured<D> {
    pub(super) fn new(decoder: D) -> Self {
        Self { decoder, given: 0 }
    }
}

impl<D: Read + Takes> Read for Measured<D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(buffer)?;
        self.given += count as u64;
        if self.given > FREE && self.given / RATIO > self.decoder.taken() {
            return Err(damaged(format!(
                "it unpacks to more than {RATIO} times its size, which no inventory does"
            )));
        }
        Ok(count)
    }
}

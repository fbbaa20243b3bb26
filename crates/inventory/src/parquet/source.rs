//! The bytes of a Parquet file, as the `parquet` crate asks for them.

use std::error::Error;
use std::io::{self, Read};
#[cfg(feature = "zstd")]
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::input::Input;
#[cfg(feature = "zstd")]
use crate::packed::Pieces;

/// The number of bytes that are read for the header of a page, which has some thirty without
/// statistics.
const HEADER: usize = 512;

/// The number of bytes that are read at a time, so that the memory that was cleared for them is still
/// in the cache.
const STEP: usize = 1 << 18;

/// An input with a known length, and what its reader uses again.
///
/// All inputs are of one type here: what reads pages would otherwise be compiled together with the
/// program that uses this crate, and as that is, for size.
pub(super) struct Source<'i> {
    input: &'i dyn Input,
    pub(super) length: u64,
    #[cfg(feature = "zstd")]
    zstd: Mutex<Pieces>,
}

impl<'i> Source<'i> {
    pub(super) fn new(input: &'i dyn Input, length: u64) -> Self {
        Self {
            input,
            length,
            #[cfg(feature = "zstd")]
            zstd: Mutex::default(),
        }
    }

    /// Returns the content of a page in zstd: at most `most` bytes and one more.
    #[cfg(feature = "zstd")]
    pub(super) fn zstd(&self, packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
        self.zstd.lock().unwrap_or_else(PoisonError::into_inner).content(packed, most)
    }
}

impl Length for Source<'_> {
    fn len(&self) -> u64 {
        self.length
    }
}

impl<'i> ChunkReader for Source<'i> {
    type T = From<'i>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(From { input: self.input, at: start, buffer: [0; HEADER], begin: 0, end: 0 })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(ParquetError::EOF("a piece lies behind the end of the file".to_owned()));
        }
        let (mut bytes, mut filled) = (Vec::with_capacity(length), 0);
        while filled < length {
            bytes.resize(length.min(filled + STEP), 0);
            match self.input.read_at(start + filled as u64, &mut bytes[filled..]) {
                Ok(0) => return Err(external(io::ErrorKind::UnexpectedEof.into())),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(external(error)),
            }
        }
        Ok(bytes.into())
    }
}

/// An input from a place on.
pub(super) struct From<'i> {
    input: &'i dyn Input,
    at: u64,
    buffer: [u8; HEADER],
    begin: usize,
    end: usize,
}

impl Read for From<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.begin == self.end {
            (self.begin, self.end) = (0, self.input.read_at(self.at, &mut self.buffer)?);
            self.at += self.end as u64;
        }
        let count = target.len().min(self.end - self.begin);
        target[..count].copy_from_slice(&self.buffer[self.begin..self.begin + count]);
        self.begin += count;
        Ok(count)
    }
}

fn external(error: io::Error) -> ParquetError {
    ParquetError::External(Box::new(error))
}

/// Returns the error of the input itself where there is one, or what is wrong with the file.
pub(super) fn as_io(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => damaged(error),
        },
        ParquetError::General(what) | ParquetError::EOF(what) | ParquetError::NYI(what) => {
            damaged(lower(&what))
        }
        other => damaged(other),
    }
}

/// Returns the error of a file that makes no sense.
pub(super) fn damaged(what: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Returns a message of the crate in the form of ours.
fn lower(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

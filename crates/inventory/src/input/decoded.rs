//! An input whose text is in UTF-8, whatever the file is in.

use std::io::{self, Read};

use super::{Input, Stream};
use crate::reader::wide::{self, Text};

/// The bytes of a file, or what they are in UTF-8.
pub(crate) enum Decoded<I> {
    AsItIs(I),
    Wide(Box<Stream<Text<Whole<I>>>>),
}

impl<I: Input> Decoded<I> {
    /// Looks at the first bytes of a file.
    pub(crate) fn open(input: I) -> io::Result<Self> {
        let mut beginning = [0; wide::BEGINNING];
        let mut filled = 0;
        while filled < beginning.len() {
            match input.read_at(filled as u64, &mut beginning[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if !wide::is_wide(&beginning[..filled]) {
            return Ok(Self::AsItIs(input));
        }
        let text = Text::open(Whole::new(input))?;
        Ok(Self::Wide(Box::new(Stream::new(text))))
    }
}

impl<I> std::fmt::Debug for Decoded<I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AsItIs(_) => "AsItIs",
            Self::Wide(_) => "Wide",
        })
    }
}

impl<I: Input> Input for Decoded<I> {
    fn read_at(&self, place: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::AsItIs(input) => input.read_at(place, buffer),
            Self::Wide(stream) => stream.read_at(place, buffer),
        }
    }

    fn length(&self) -> io::Result<Option<u64>> {
        match self {
            Self::AsItIs(input) => input.length(),
            Self::Wide(stream) => stream.length(),
        }
    }

    fn release(&self, before: u64) {
        match self {
            Self::AsItIs(input) => input.release(before),
            Self::Wide(stream) => stream.release(before),
        }
    }
}

/// An input that is read from its beginning to its end, each byte once.
pub(crate) struct Whole<I> {
    input: I,
    at: u64,
}

impl<I> Whole<I> {
    pub(crate) fn new(input: I) -> Self {
        Self { input, at: 0 }
    }
}

impl<I: Input> Read for Whole<I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.input.release(self.at);
        let count = self.input.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

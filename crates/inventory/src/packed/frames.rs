//! zstd: frame after frame.

use std::io::{self, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::measure::{Taken, Takes};
use super::{damaged, fill};

/// The largest window that is allocated, in bytes; RFC 8878 recommends to support 8 MiB, and
/// `zstd --long` uses 128 MiB.
const WINDOW: u64 = 128 << 20;

/// The content of consecutive frames.
pub(super) struct Frames<R> {
    input: Input<R>,
    decoder: FrameDecoder,
    begun: bool,
}

/// An input whose next byte may have been looked at.
struct Input<R> {
    input: R,
    next: Option<u8>,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(input: R) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        Self { input: Input { input, next: None }, decoder, begun: false }
    }

    /// Begins the next frame; `false` at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        self.begun = false;
        loop {
            let mut byte = [0];
            if fill(&mut self.input, &mut byte)? == 0 {
                return Ok(false);
            }
            self.input.next = Some(byte[0]);
            match self.decoder.reset(&mut self.input) {
                Ok(()) => break,
                // A frame that holds something for other programs.
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let skipped =
                        io::copy(&mut self.input.by_ref().take(length.into()), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(damaged(format!("its zstd frame is damaged: {error}"))),
            }
        }
        self.begun = true;
        Ok(true)
    }

    fn end(&self) -> io::Result<()> {
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(written), Some(found)) if written != found => {
                Err(damaged("its zstd checksum does not match its content"))
            }
            _ => Ok(()),
        }
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.begun && self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if !self.begun || self.decoder.is_finished() {
                if self.begun {
                    self.end()?;
                }
                if !self.begin()? {
                    return Ok(0);
                }
            } else {
                let one = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder
                    .decode_blocks(&mut self.input, one)
                    .map_err(|error| damaged(format!("its zstd content is damaged: {error}")))?;
            }
        }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (buffer.first_mut(), self.next) {
            (Some(first), Some(next)) => {
                *first = next;
                self.next = None;
                Ok(1)
            }
            _ => self.input.read(buffer),
        }
    }
}

impl<R> Takes for Frames<Taken<R>> {
    fn taken(&self) -> u64 {
        self.input.input.bytes()
    }
}

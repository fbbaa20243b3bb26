//! zstd: frame after frame.

use std::io::{self, BufRead, BufReader, Read};

use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, SafeResult};

use super::measure::{Taken, Takes};
use super::{damaged, fill};

/// The largest window that is allocated, as a power of two; RFC 8878 recommends to support 8 MiB,
/// and `zstd --long` uses 128 MiB.
const WINDOW: u32 = 27;

/// The content of consecutive frames. What they check by a checksum is compared.
pub(super) struct Frames<R> {
    input: R,
    decoder: DCtx<'static>,
    /// True if a frame was begun and has not ended.
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, decoder: decoder(), inside: false }
    }
}

fn decoder() -> DCtx<'static> {
    let mut decoder = DCtx::create();
    decoder.set_parameter(DParameter::WindowLogMax(WINDOW)).expect("it is within the bounds");
    decoder
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !buffer.is_empty() {
            let packed = self.input.fill_buf()?;
            let at_end = packed.is_empty();
            if at_end && !self.inside {
                break;
            }
            let mut packed = InBuffer::around(packed);
            let mut content = OutBuffer::around(buffer);
            let left = valid(self.decoder.decompress_stream(&mut content, &mut packed))?;
            let (taken, given) = (packed.pos(), content.pos());
            self.input.consume(taken);
            self.inside = left > 0;
            if given > 0 {
                return Ok(given);
            }
            if at_end && self.inside {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

impl<R: Read> Takes for Frames<BufReader<Taken<R>>> {
    fn taken(&self) -> u64 {
        self.input.get_ref().bytes()
    }
}

/// Unpacks one piece in zstd after the other. A decoder has 160 KB of tables, so it is used again.
#[cfg(feature = "parquet")]
#[derive(Default)]
pub(crate) struct Pieces(Option<DCtx<'static>>);

#[cfg(feature = "parquet")]
impl Pieces {
    /// Returns the content of frames: at most `most` bytes and one more.
    pub(crate) fn content(&mut self, packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
        // A frame that fits into the buffer is decoded there, without a copy.
        let told = zstd_safe::get_frame_content_size(packed).ok().flatten().unwrap_or_default();
        let mut content = vec![0; usize::try_from(told).map_or(most, |told| told.min(most))];
        // A decoder is kept only if it reached the end of its frames.
        let decoder = self.0.take().unwrap_or_else(decoder);
        let mut frames = Frames { input: packed, decoder, inside: false };
        let filled = fill(&mut frames, &mut content)?;
        content.truncate(filled);
        frames.by_ref().take((most - filled) as u64 + 1).read_to_end(&mut content)?;
        self.0 = Some(frames.decoder).filter(|_| !frames.inside);
        Ok(content)
    }
}

fn valid(result: SafeResult) -> io::Result<usize> {
    result.map_err(|code| {
        let what = zstd_safe::get_error_name(code).to_lowercase();
        damaged(format!("its zstd content is damaged: {what}"))
    })
}

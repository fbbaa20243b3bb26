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
    /// Whether a frame was begun and has not ended.
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    pub(super) fn new(input: R) -> Self {
        let mut decoder = DCtx::create();
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW)).expect("it is within the bounds");
        Self { input, decoder, inside: false }
    }
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

/// Returns the content of frames, of which at most so many bytes and one more.
#[cfg(feature = "parquet")]
pub(crate) fn content(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    // A frame that fits into the buffer is decoded there, without a copy.
    let told = zstd_safe::get_frame_content_size(packed).ok().flatten().unwrap_or_default();
    let mut content = vec![0; usize::try_from(told).map_or(most, |told| told.min(most))];
    let mut frames = Frames::new(packed);
    let filled = fill(&mut frames, &mut content)?;
    content.truncate(filled);
    frames.take((most - filled) as u64 + 1).read_to_end(&mut content)?;
    Ok(content)
}

fn valid(result: SafeResult) -> io::Result<usize> {
    result.map_err(|code| {
        let what = zstd_safe::get_error_name(code).to_lowercase();
        damaged(format!("its zstd content is damaged: {what}"))
    })
}

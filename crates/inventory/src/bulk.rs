//! Reading text at speed: rows by the batch, from several threads.
//!
//! What a row means is decided by the plain [`Reader`] alone, in three ways: the header is read by
//! it; it interprets a cell when a text occurs for the first time, and the result is remembered;
//! and every row in which anything is unusual is read by it. This module only finds the cells that
//! matter and recognises their texts. So the rows, the rejections and the counts are the plain
//! reader's, whatever the number of threads.
//!
//! Devices in JSON become rows of cells first; see [`objects`].
//!
//! A file is cut into chunks of 128 KiB. Memory is bounded by the number of threads, not by the
//! file.

mod chunk;
mod column_groups;
pub(crate) mod column_plan;
mod delimited;
mod distinct_rows;
mod file_window;
mod fixed_width;
mod keys;
mod lookup;
mod objects;
mod ordered_chunks;
mod plain_rows;
pub(crate) mod problem_counter;
mod simd;
mod structural_index;
mod text_table;
mod timestamps;
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "one instruction that no crate offers makes it much faster")]
mod x86;

use std::io::{self, Read};
use std::num::NonZero;

#[cfg(feature = "parquet")]
pub(crate) use simd::{Work, with_best_instructions};
#[cfg(feature = "parquet")]
pub(crate) use timestamps::Dates;

use crate::batch::Sink;
use crate::columns::Purpose;
use crate::error::OpenError;
use crate::format::Format;
use crate::input::Input;
use crate::inventory::Sizes;
use crate::merge::{Chunk, Stop, Totals};
use crate::reader::{FirstDevice, Header, Reader};
use column_plan::ColumnPlan;
use delimited::Scanner;
use objects::Objects;
use ordered_chunks::ChunkedFile;

/// For how many chunks of a file a thread is worth its beginning.
const WORTH: u64 = 4;

/// A file of lines.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) header: Header,
    pub(crate) format: Format,
    /// The place and the line of the first row.
    first: (u64, u64),
    /// The beginning of the devices of a JSON file.
    device: Option<FirstDevice>,
}

impl Text {
    /// Recognises the format and reads the header.
    pub(crate) fn open<I: Input>(purpose: Purpose, input: &I) -> Result<Self, OpenError> {
        let mut reader = Reader::open_for(purpose, Beginning { input, at: 0 })?;
        let (mut header, format) = (reader.header(), reader.format());
        if let Some((place, device)) = reader.first_device() {
            return Ok(Self { header, format, first: (place, 1), device: Some(device) });
        }
        let (place, lines) = reader.consumed_line().map_err(|source| reader.failed(source))?;
        // Old programs on a Mac end lines so; which byte it is changes nothing but the speed.
        let mut last = [0];
        let count = input.read_at(place.saturating_sub(1), &mut last).unwrap_or_default();
        if (count, last) == (1, *b"\r") {
            header.layout.line_end = b'\r';
        }
        Ok(Self { header, format, first: (place, lines + 1), device: None })
    }

    /// Returns false if the file is read row by row: facts and carried properties of objects, and
    /// columns that were added beside those that say the same.
    pub(crate) fn is_read_in_bulk(&self) -> bool {
        let layout = &self.header.layout;
        let added = layout.has_facts() || !layout.carried.is_empty();
        !layout.is_any_beside() && (self.device.is_none() || !added)
    }

    /// Reads all rows on several threads.
    pub(crate) fn read<I, H, E>(
        &self,
        input: &I,
        sizes: Sizes,
        threads: NonZero<usize>,
        sink: &H,
        keep: impl FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    ) -> Result<Totals, Stop<E>>
    where
        I: Input,
        H: Sink,
        E: Send,
    {
        let Self { header, first, device, .. } = self;
        let plan = ColumnPlan::with_twins(&header.layout);
        let projection = sink.projection().among(&header.layout);
        let threads = worthwhile(threads, input, sizes);
        let join = ChunkedFile { input, sink, projection, threads, first: *first, sizes, keep };
        match device {
            Some(device) => {
                join.read(|batch| Objects::new(input, &plan, header, device, batch, sizes))
            }
            None => join.read(|batch| Scanner::new(input, &plan, header, batch, sizes)),
        }
    }
}

/// Returns the number of threads that a file keeps busy.
fn worthwhile(threads: NonZero<usize>, input: &impl Input, sizes: Sizes) -> NonZero<usize> {
    let Ok(Some(length)) = input.length() else { return threads };
    let worth = usize::try_from(length / (WORTH * sizes.chunk)).unwrap_or(usize::MAX);
    threads.min(NonZero::<usize>::MIN.saturating_add(worth))
}

/// An input from its beginning.
struct Beginning<'i, I> {
    input: &'i I,
    at: u64,
}

impl<I: Input> Read for Beginning<'_, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read_at(self.at, buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;

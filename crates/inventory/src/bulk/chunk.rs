//! A chunk of a file, and what was found in it.

use std::io;

use super::problem_counter::ProblemCounter;
use super::timestamps::Dates;
use crate::batch::{Batch, Sink};
use crate::error::Rejection;
use crate::merge::Totals;
use crate::problems::CellProblem;
use crate::reader::{Counts, Level, PagePart};

/// The number of bytes that the reader of a chunk may look at before its beginning.
pub(super) const LOOK_BACK: u64 = 64;

/// A place in a file, and what is open there: nothing in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) place: u64,
    pub(super) open: Vec<Level>,
}

impl Position {
    /// Returns a place where nothing is open.
    pub(super) fn at(place: u64) -> Self {
        Self { place, open: Vec::new() }
    }
}

/// The beginning of the rows of a chunk.
#[derive(Clone, Debug)]
pub(super) enum ChunkStart {
    /// At this position, surely.
    At(Position),
    /// Where the first row at or behind this place seems to begin.
    Near(u64),
}

/// The content of a chunk of the file, if its rows begin where they were thought to.
#[derive(Debug)]
pub(super) struct Scanned<P> {
    /// The sink's result for the rows.
    pub(super) partial: P,
    /// The position where the rows were thought to begin; `None` if none seems to begin in the
    /// chunk.
    pub(super) begin: Option<Position>,
    /// The position behind the last row that begins in the chunk.
    pub(super) end: Position,
    /// The length of the file, if its end was seen.
    pub(super) length: Option<u64>,
    /// Rows and lines are counted from the beginning of the chunk.
    pub(super) totals: Totals,
    pub(super) rejections: Vec<Rejection>,
    /// All cells that were not understood, if that is projected.
    pub(super) list: Vec<CellProblem>,
    pub(super) lines: u64,
    /// The parts of Graph's pages, and how many devices are in these pages.
    pub(super) page_parts: Vec<PagePart>,
    pub(super) page_devices: u64,
}

/// The reason why a chunk could not be read, and the number of its lines that were.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) lines: u64,
    pub(super) source: io::Error,
}

/// Reads chunks of a file on one thread.
pub(super) trait ChunkReader {
    /// Reads the rows that begin before `limit`. An error means nothing if it was not sure where
    /// they begin: then they must be read again from where they do.
    fn read<H: Sink>(
        &mut self,
        begin: ChunkStart,
        limit: u64,
        sink: &H,
        local: &mut H::Local,
    ) -> Result<Scanned<H::Partial>, Failed>;
}

impl Failed {
    /// Returns the error of a read before the first line.
    pub(super) fn at_once(source: io::Error) -> Self {
        Self { lines: 0, source }
    }
}

/// The results for a chunk so far.
#[derive(Default)]
pub(super) struct Found {
    pub(super) counts: Counts,
    pub(super) rejections: Vec<Rejection>,
    pub(super) lines: u64,
    pub(super) truncated: bool,
    pub(super) at_end: bool,
    pub(super) page_parts: Vec<PagePart>,
    pub(super) page_devices: u64,
}

impl Found {
    /// Returns the error of a read after what has been found.
    pub(super) fn failed(&self, source: io::Error) -> Failed {
        Failed { lines: self.lines, source }
    }

    /// Returns all that has been found, with where it begins and ends and how long the file is.
    pub(super) fn scanned<P>(
        self,
        partial: P,
        (begin, end, length): (Option<Position>, Position, Option<u64>),
        problems: &mut ProblemCounter,
    ) -> Scanned<P> {
        let (problems, list) = problems.take();
        let (counts, truncated) = (self.counts, self.truncated);
        Scanned {
            partial,
            begin,
            end,
            length,
            totals: Totals { counts, problems, truncated, ..Totals::default() },
            rejections: self.rejections,
            list,
            lines: self.lines,
            page_parts: self.page_parts,
            page_devices: self.page_devices,
        }
    }
}

/// Gives the rows of a batch to a sink, to which the batch lends the bytes of their texts.
pub(super) fn consumed<H: Sink>(
    sink: &H,
    local: &mut H::Local,
    batch: &mut Batch,
    texts: &mut Vec<u8>,
) -> H::Partial {
    let mut partial = sink.partial();
    if !batch.is_empty() {
        std::mem::swap(&mut batch.bytes, texts);
        sink.consume(local, &mut partial, batch);
        std::mem::swap(&mut batch.bytes, texts);
    }
    partial
}

impl<P> Scanned<P> {
    /// Adds what a batch knows of its rows, and the dates that were not added to it.
    pub(super) fn with_batch(mut self, batch: &Batch, dates: Dates) -> Self {
        self.totals.check_ins = dates.check_ins();
        self.totals.check_ins.merge(&batch.check_ins);
        self.totals.keyed = batch.keyed;
        self
    }
}

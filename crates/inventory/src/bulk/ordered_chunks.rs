//! The chunks of a text, joined in the order of the file.
//!
//! Where the rows of a chunk begin is a guess until the chunk before it has been read: a line feed
//! may be inside quotes. The guess is right exactly if the chunk before ends there. If it does not,
//! the chunk is read again from where it does, so that no result depends on a guess.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;

use super::chunk::{ChunkReader, ChunkStart, Failed, LOOK_BACK, Position, Scanned};
use crate::batch::{Batch, Projection, Sink};
use crate::error::ReadError;
use crate::input::Input;
use crate::inventory::Sizes;
use crate::merge::{Chunk, Merge, Next, Order, Stop, Totals};
use crate::reader::PageParts;

/// The number of chunks per thread that may wait for the chunk before them, or to be kept.
const AHEAD: u64 = 4;

/// Everything that is needed to read a text.
pub(super) struct ChunkedFile<'s, I, H, K> {
    pub(super) input: &'s I,
    pub(super) sink: &'s H,
    /// The parts of a row that the batches contain.
    pub(super) projection: Projection,
    pub(super) threads: NonZero<usize>,
    /// The place and the line of the first row.
    pub(super) first: (u64, u64),
    pub(super) sizes: Sizes,
    pub(super) keep: K,
}

/// A chunk to read: its number, and where its rows begin.
type Task = (u64, ChunkStart);

/// The result of a chunk: its number, whether it was sure where its rows begin, and what it holds.
type Done<P> = (u64, bool, Result<Scanned<P>, Failed>);

/// The chunks of a file.
struct OrderedChunks<P> {
    /// The beginning of the first chunk, and the length of each.
    first: u64,
    size: u64,
    /// The number of chunks that may wait.
    ahead: u64,
    /// The next chunk that no one reads yet.
    next: u64,
    /// A chunk that must be read again.
    again: Option<Task>,
    /// Chunks that were read, by number.
    waiting: BTreeMap<u64, (bool, Result<Scanned<P>, Failed>)>,
    /// The number of chunks that were joined, and the place and line behind them.
    joined: u64,
    position: Position,
    line: u64,
    length: Option<u64>,
    pages: PageParts,
    totals: Totals,
}

impl<I, H, K, E> ChunkedFile<'_, I, H, K>
where
    I: Input,
    H: Sink,
    K: FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    E: Send,
{
    /// Reads the whole file; each thread makes what it reads the chunks with.
    pub(super) fn read<R: ChunkReader>(
        self,
        part_reader: impl Fn(Batch) -> R + Sync,
    ) -> Result<Totals, Stop<E>> {
        let Self { input, sink, projection, threads, sizes, keep, .. } = self;
        let (first, line) = self.first;
        let (size, threads) = (sizes.chunk, threads.get());
        let chunks = OrderedChunks {
            first,
            size,
            ahead: AHEAD * threads as u64,
            next: 1,
            again: Some((0, ChunkStart::At(Position::at(first)))),
            waiting: BTreeMap::new(),
            joined: 0,
            position: Position::at(first),
            line,
            length: None,
            pages: PageParts::default(),
            totals: Totals::default(),
        };
        let chunks = Merge::read(input, chunks, threads, keep, |merge| {
            let mut reader = part_reader(Batch::new(projection).with_versions(sink.versions()));
            let mut local = sink.local();
            while let Some((number, begin)) = merge.next() {
                let sure = matches!(begin, ChunkStart::At(_));
                let end = first + (number + 1) * size;
                merge.deliver((number, sure, reader.read(begin, end, sink, &mut local)));
            }
        })?;
        Ok(Totals { pages: chunks.pages.into_pages(), ..chunks.totals })
    }
}

impl<P: Send> Order for OrderedChunks<P> {
    type Task = Task;
    type Found = Done<P>;
    type Partial = P;

    fn next(&mut self, waiting: usize) -> Next<Task> {
        if self.is_over() {
            return Next::End;
        }
        if let Some(task) = self.again.take() {
            return Next::Read(task);
        }
        let begin = self.end_of(self.next) - self.size;
        let ahead = self.ahead.saturating_sub(waiting as u64);
        if self.next >= self.joined + ahead || self.length.is_some_and(|length| begin >= length) {
            return Next::Wait;
        }
        self.next += 1;
        Next::Read((self.next - 1, ChunkStart::Near(begin)))
    }

    fn is_early(&self, _: &Done<P>, _: usize) -> bool {
        false
    }

    fn add(
        &mut self,
        (number, sure, done): Done<P>,
        ready: &mut VecDeque<Chunk<P>>,
    ) -> Result<(), ReadError> {
        self.waiting.insert(number, (sure, done));
        while !self.is_over() {
            let Some((sure, done)) = self.waiting.remove(&self.joined) else { break };
            // A long row may reach over whole chunks, in which then no row begins.
            let reached_over = self.position.place >= self.end_of(self.joined);
            match done {
                Ok(done) => {
                    self.length = self.length.or(done.length);
                    if done.begin.as_ref() == Some(&self.position) && !reached_over {
                        ready.push_back(self.accept(done));
                    } else if !reached_over && !self.is_over() {
                        self.read_again();
                        break;
                    }
                }
                Err(_) if reached_over => {}
                Err(_) if !sure => {
                    self.read_again();
                    break;
                }
                Err(Failed { lines, source }) => {
                    return Err(ReadError::at_line(self.line + lines, source));
                }
            }
            self.joined += 1;
            self.totals.truncated |= self.is_over() && !self.position.open.is_empty();
        }
        Ok(())
    }

    fn released(&self) -> u64 {
        // The reader of a later chunk may still look at the bytes before it.
        let before = self.position.place.min(self.end_of(self.joined) - self.size);
        before.saturating_sub(LOOK_BACK)
    }
}

impl<P> OrderedChunks<P> {
    /// Returns the end of a chunk.
    fn end_of(&self, number: u64) -> u64 {
        self.first + (number + 1) * self.size
    }

    /// Returns true if everything up to the end of the file was joined.
    fn is_over(&self) -> bool {
        self.length.is_some_and(|length| self.position.place >= length)
    }

    /// Has the next chunk read from where its rows do begin.
    fn read_again(&mut self) {
        self.again = Some((self.joined, ChunkStart::At(self.position.clone())));
    }

    fn accept(&mut self, mut done: Scanned<P>) -> Chunk<P> {
        let (rows, lines) = (self.totals.counts.read, self.line - 1);
        for rejection in &mut done.rejections {
            rejection.row += rows;
            rejection.line = rejection.line.map(|line| line + lines);
        }
        done.totals.problems.shift(rows, lines);
        done.list.iter_mut().for_each(|problem| problem.shift(rows, lines));
        self.line += done.lines;
        self.totals.add(&done.totals);
        self.pages.add(done.page_parts, done.page_devices);
        self.position = done.end;
        Chunk { partial: done.partial, rejections: done.rejections, problems: done.list }
    }
}

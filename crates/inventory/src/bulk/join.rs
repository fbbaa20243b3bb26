//! The parts of a file, read by several threads and joined in the order of the file.
//!
//! Where the rows of a part begin is a guess until the part before it has been read: a line feed
//! may be inside quotes. The guess is right exactly if the part before ends there. If it does not,
//! the part is read again from where it does, so that no result depends on a guess.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::input::Input;
use super::part::{ChunkStart, Failed, LOOK_BACK, PartReader, Position, Scanned};
use super::sizes::Sizes;
use super::{Chunk, Totals};
use crate::batch::{Batch, Projection, Sink};
use crate::error::ReadError;
use crate::reader::PageParts;

/// How many parts for each thread may wait for the one before them, or for being kept.
const AHEAD: u64 = 4;

/// Why reading stopped.
#[derive(Debug)]
pub enum Stop<E> {
    /// The bytes could not be read.
    Read(ReadError),
    /// A part could not be kept.
    Keep(E),
}

/// Everything that the threads share.
pub(super) struct Join<'s, I, H, K> {
    pub(super) input: &'s I,
    pub(super) sink: &'s H,
    /// What the batches have of a row.
    pub(super) projection: Projection,
    pub(super) threads: NonZero<usize>,
    /// The place and the line of the first row.
    pub(super) first: (u64, u64),
    pub(super) sizes: Sizes,
    pub(super) keep: K,
}

/// A part to read: its number, and where its rows begin.
type Task = (u64, ChunkStart);

struct State<K, P, E> {
    /// `None` while a thread is keeping something. It does so without the lock, so that the others
    /// can go on reading.
    keep: Option<K>,
    /// What is to be kept, in order.
    ready: VecDeque<Chunk<P>>,
    /// The next part that no one reads yet.
    next: u64,
    /// A part that must be read again.
    again: Option<Task>,
    /// Parts that were read, by number, and whether it was sure where their rows begin.
    waiting: BTreeMap<u64, (bool, Result<Scanned<P>, Failed>)>,
    /// How many parts were joined, and the place and line behind them.
    joined: u64,
    position: Position,
    line: u64,
    length: Option<u64>,
    pages: PageParts,
    totals: Totals,
    over: bool,
    stop: Option<Stop<E>>,
}

impl<I, H, K, E> Join<'_, I, H, K>
where
    I: Input,
    H: Sink,
    K: FnMut(Chunk<H::Partial>) -> Result<(), E> + Send,
    E: Send,
{
    /// Reads the whole file; each thread makes what it reads the parts with.
    pub(super) fn read<R: PartReader>(
        self,
        part_reader: impl Fn(Batch) -> R + Sync,
    ) -> Result<Totals, Stop<E>> {
        let (place, line) = self.first;
        let Self { input, sink, projection, threads, sizes, keep, .. } = self;
        let shared = Mutex::new(State {
            keep: Some(keep),
            ready: VecDeque::new(),
            next: 1,
            again: Some((0, ChunkStart::At(Position::at(place)))),
            waiting: BTreeMap::new(),
            joined: 0,
            position: Position::at(place),
            line,
            length: None,
            pages: PageParts::default(),
            totals: Totals::default(),
            over: false,
            stop: None,
        });
        let ends = Ends { first: place, part: sizes.chunk };
        let changed = Condvar::new();
        let ahead = AHEAD * threads.get() as u64;
        let work = || {
            let _alarm = Alarm { state: &shared, changed: &changed };
            let mut reader = part_reader(Batch::by_row_key(projection));
            let mut local = sink.local();
            while let Some((number, begin)) = next_task(&shared, &changed, &ends, ahead) {
                let sure = matches!(begin, ChunkStart::At(_));
                let done = reader.read(begin, ends.of(number), sink, &mut local);
                let mut state = lock(&shared);
                state.waiting.insert(number, (sure, done));
                state.join(&ends);
                // The reader of a later part may still look at the bytes before it.
                let before = state.position.place.min(ends.of(state.joined) - ends.part);
                input.release(before.saturating_sub(LOOK_BACK));
                changed.notify_all();
                keep_ready(state, &shared, &changed);
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads.get() {
                scope.spawn(work);
            }
            work();
        });
        let state = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        let totals = Totals { pages: state.pages.into_pages(), ..state.totals };
        state.stop.map_or(Ok(totals), Err)
    }
}

/// Stops the other threads when one panics, so that no one waits for its part.
struct Alarm<'j, K, P, E> {
    state: &'j Mutex<State<K, P, E>>,
    changed: &'j Condvar,
}

impl<K, P, E> Drop for Alarm<'_, K, P, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(self.state).over = true;
            self.changed.notify_all();
        }
    }
}

/// Where each part ends.
struct Ends {
    first: u64,
    part: u64,
}

impl Ends {
    fn of(&self, number: u64) -> u64 {
        self.first + (number + 1) * self.part
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for something to do; `None` when everything is done.
fn next_task<K, P, E>(
    state: &Mutex<State<K, P, E>>,
    changed: &Condvar,
    ends: &Ends,
    ahead: u64,
) -> Option<Task> {
    let mut state = lock(state);
    loop {
        if state.over {
            return None;
        }
        if let Some(task) = state.again.take() {
            return Some(task);
        }
        let number = state.next;
        let begin = ends.of(number) - ends.part;
        let ahead = ahead.saturating_sub(state.ready.len() as u64);
        if number < state.joined + ahead && state.length.is_none_or(|length| begin < length) {
            state.next += 1;
            return Some((number, ChunkStart::Near(begin)));
        }
        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Keeps what is ready, unless another thread is doing that, which then goes on with it.
fn keep_ready<'s, K, P, E>(
    mut state: MutexGuard<'s, State<K, P, E>>,
    shared: &'s Mutex<State<K, P, E>>,
    changed: &Condvar,
) where
    K: FnMut(Chunk<P>) -> Result<(), E>,
{
    let Some(mut keep) = state.keep.take() else { return };
    while let Some(chunk) = state.ready.pop_front() {
        drop(state);
        let kept = keep(chunk);
        state = lock(shared);
        changed.notify_all();
        if let Err(error) = kept {
            // What comes after it in the file does not matter any more, and no one keeps it.
            return state.end(Some(Stop::Keep(error)));
        }
    }
    state.keep = Some(keep);
}

impl<K, P, E> State<K, P, E>
where
    K: FnMut(Chunk<P>) -> Result<(), E>,
{
    /// Keeps the parts that were read, as far as they follow each other.
    fn join(&mut self, ends: &Ends) {
        while !self.over {
            let Some((sure, done)) = self.waiting.remove(&self.joined) else { return };
            // A long row may reach over whole parts, in which then no row begins.
            let reached_over = self.position.place >= ends.of(self.joined);
            match done {
                Ok(done) => {
                    self.length = self.length.or(done.length);
                    let over = self.is_over();
                    if done.begin.as_ref() == Some(&self.position) && !reached_over {
                        self.accept(done);
                    } else if !reached_over && !over {
                        return self.read_again();
                    }
                }
                Err(_) if reached_over => {}
                Err(_) if !sure => return self.read_again(),
                Err(Failed { lines, source }) => {
                    let error = ReadError::at_line(self.line + lines, source);
                    return self.end(Some(Stop::Read(error)));
                }
            }
            self.joined += 1;
            if self.is_over() {
                return self.end(None);
            }
        }
    }

    /// Returns true if everything up to the end of the file was joined.
    fn is_over(&self) -> bool {
        self.length.is_some_and(|length| self.position.place >= length)
    }

    /// Has the next part read from where its rows do begin.
    fn read_again(&mut self) {
        self.again = Some((self.joined, ChunkStart::At(self.position.clone())));
    }

    fn accept(&mut self, mut done: Scanned<P>) {
        for rejection in &mut done.rejections {
            rejection.row += self.totals.counts.read;
            rejection.line = rejection.line.map(|line| line + self.line - 1);
        }
        let (rows, lines) = (self.totals.counts.read, self.line - 1);
        done.problems.shift(rows, lines);
        done.list.iter_mut().for_each(|problem| problem.shift(rows, lines));
        self.line += done.lines;
        self.totals.add(&done);
        self.pages.add(done.page_parts, done.page_devices);
        self.position = done.end;
        self.ready.push_back(Chunk {
            partial: done.partial,
            rejections: done.rejections,
            problems: done.list,
        });
    }

    fn end(&mut self, stop: Option<Stop<E>>) {
        self.over = true;
        self.totals.truncated |= stop.is_none() && !self.position.open.is_empty();
        self.stop = stop;
    }
}

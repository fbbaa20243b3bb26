//! The parts of a file, read by several threads and joined in the order of the file.
//!
//! Where the rows of a part begin is a guess until the part before it has been read: a line feed
//! may be inside quotes. The guess is right exactly if the part before ends there. If it does not,
//! the part is read again from where it does, so that no result depends on a guess.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::chunk::{ChunkStart, Scanned, Scanner};
use super::column_plan::ColumnPlan;
use super::input::Input;
use super::sizes::Sizes;
use super::{Chunk, Totals};
use crate::batch::{Batch, Sink};
use crate::error::ReadError;
use crate::reader::Header;

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
    pub(super) header: &'s Header,
    pub(super) plan: &'s ColumnPlan,
    pub(super) sink: &'s H,
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
    waiting: BTreeMap<u64, (bool, io::Result<Scanned<P>>)>,
    /// How many parts were joined, and the place and line behind them.
    joined: u64,
    place: u64,
    line: u64,
    length: Option<u64>,
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
    /// Reads the whole file.
    pub(super) fn read(self) -> Result<Totals, Stop<E>> {
        let (place, line) = self.first;
        let Self { input, header, plan, sink, threads, sizes, keep, .. } = self;
        let shared = Mutex::new(State {
            keep: Some(keep),
            ready: VecDeque::new(),
            next: 1,
            again: Some((0, ChunkStart::At(place))),
            waiting: BTreeMap::new(),
            joined: 0,
            place,
            line,
            length: None,
            totals: Totals::default(),
            over: false,
            stop: None,
        });
        let ends = Ends { first: place, part: sizes.chunk };
        let changed = Condvar::new();
        let ahead = AHEAD * threads.get() as u64;
        let work = || {
            let _alarm = Alarm { state: &shared, changed: &changed };
            let batch = Batch::by_row_key(sink.projection().among(&header.layout));
            let mut scanner = Scanner::new(input, plan, header, batch, sizes);
            let mut local = sink.local();
            while let Some((number, begin)) = next_task(&shared, &changed, &ends, ahead) {
                let done = scanner.read(begin, ends.of(number), sink, &mut local);
                let mut state = lock(&shared);
                state.waiting.insert(number, (matches!(begin, ChunkStart::At(_)), done));
                state.join(&ends);
                // The reader of a later part may still look at the byte before it.
                let before = state.place.min(ends.of(state.joined) - ends.part);
                input.release(before.saturating_sub(1));
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
        state.stop.map_or(Ok(state.totals), Err)
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
            let reached_over = self.place >= ends.of(self.joined);
            match done {
                Ok(done) => {
                    self.length = self.length.or(done.length);
                    let over = self.length.is_some_and(|length| self.place >= length);
                    if done.begin == Some(self.place) && !reached_over {
                        self.place = done.end;
                        self.accept(done);
                    } else if !reached_over && !over {
                        return self.read_again();
                    }
                }
                Err(_) if reached_over => {}
                Err(_) if !sure => return self.read_again(),
                Err(source) => {
                    return self.end(Some(Stop::Read(ReadError::at_line(self.line, source))));
                }
            }
            self.joined += 1;
            if self.length.is_some_and(|length| self.place >= length) {
                return self.end(None);
            }
        }
    }

    /// Has the next part read from where its rows do begin.
    fn read_again(&mut self) {
        self.again = Some((self.joined, ChunkStart::At(self.place)));
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
        self.ready.push_back(Chunk {
            partial: done.partial,
            rejections: done.rejections,
            problems: done.list,
        });
    }

    fn end(&mut self, stop: Option<Stop<E>>) {
        self.over = true;
        self.stop = stop;
    }
}

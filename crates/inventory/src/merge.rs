//! Chunks of a file, read by several threads and kept in the order of the file.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::check_ins::CheckIns;
use crate::device_key::KeyCounts;
use crate::error::{ReadError, Rejection};
use crate::input::Input;
use crate::problems::{CellProblem, Problems};
use crate::reader::{Counts, Pages};

/// The result of consecutive rows.
#[derive(Debug)]
pub struct Chunk<P> {
    /// The sink's result for those that were understood.
    pub partial: P,
    /// Those that were rejected.
    pub rejections: Vec<Rejection>,
    /// The cells of understood rows that were not understood, in the order of the file, if the
    /// [`Projection`](crate::Projection) has them.
    pub problems: Vec<CellProblem>,
}

/// The results of a whole inventory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The number of rows that were read, and their results.
    pub counts: Counts,
    /// The cells of understood rows that were not understood.
    pub problems: Problems,
    /// True if the file ends in the middle of a row. The row was rejected.
    pub truncated: bool,
    /// The paging information of Graph's answer.
    pub pages: Pages,
    /// The last check-ins of the devices.
    pub check_ins: CheckIns,
    /// The numbers of rows that are recognised by each sort of key, if keys are projected; nothing
    /// is counted of a file without a column for them.
    pub keyed: KeyCounts,
    /// For each column that is [carried](crate::Inventory::carry) along, whether the file has it.
    pub carried: Vec<bool>,
}

/// The reason why reading stopped.
#[derive(Debug)]
pub enum Stop<E> {
    /// The bytes could not be read.
    Read(ReadError),
    /// A chunk could not be kept.
    Keep(E),
}

impl Totals {
    /// Adds what was found in consecutive rows.
    pub(crate) fn add(&mut self, rows: &Self) {
        self.counts.merge(rows.counts);
        self.problems.merge(&rows.problems);
        self.truncated |= rows.truncated;
        self.check_ins.merge(&rows.check_ins);
        self.keyed.merge(rows.keyed);
    }
}

/// The order in which the chunks of a format are read and kept.
pub(crate) trait Order: Send {
    /// A piece of the file for one thread.
    type Task;
    /// The result of a thread for a piece, or for some rows of it.
    type Found: Send;
    /// The sink's result for a chunk.
    type Partial: Send;

    /// Returns what to read next, given how many chunks wait to be kept.
    fn next(&mut self, waiting: usize) -> Next<Self::Task>;

    /// Returns true if a thread must not hand over a result yet, because too much waits.
    fn is_early(&self, found: &Self::Found, waiting: usize) -> bool;

    /// Adds a result, and the chunks that are next in the file to `ready`.
    fn add(
        &mut self,
        found: Self::Found,
        ready: &mut VecDeque<Chunk<Self::Partial>>,
    ) -> Result<(), ReadError>;

    /// Returns the place before which nothing is read again.
    fn released(&self) -> u64;
}

/// The next step of a thread.
pub(crate) enum Next<T> {
    Read(T),
    Wait,
    End,
}

struct State<O: Order, K, E> {
    order: O,
    /// `None` while a thread is keeping something. It does so without the lock, so that the others
    /// can go on reading.
    keep: Option<K>,
    /// The chunks that are to be kept, in order.
    ready: VecDeque<Chunk<O::Partial>>,
    /// True if the threads are to end before everything is read.
    over: bool,
    stop: Option<Stop<E>>,
}

/// Threads that read a file.
pub(crate) struct Merge<'i, I, O: Order, K, E> {
    input: &'i I,
    state: Mutex<State<O, K, E>>,
    changed: Condvar,
}

impl<'i, I, O, K, E> Merge<'i, I, O, K, E>
where
    I: Input,
    O: Order,
    K: FnMut(Chunk<O::Partial>) -> Result<(), E> + Send,
    E: Send,
{
    /// Reads a file; each thread does `work`.
    pub(crate) fn read(
        input: &'i I,
        order: O,
        threads: usize,
        keep: K,
        work: impl Fn(&Self) + Sync,
    ) -> Result<O, Stop<E>> {
        let (keep, ready) = (Some(keep), VecDeque::new());
        let state = Mutex::new(State { order, keep, ready, over: false, stop: None });
        let merge = Self { input, state, changed: Condvar::new() };
        let work = || {
            let _alarm = Alarm(&merge);
            work(&merge);
        };
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        let state = merge.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.stop.map_or(Ok(state.order), Err)
    }

    /// Waits for something to read; `None` when there is nothing any more.
    pub(crate) fn next(&self) -> Option<O::Task> {
        let mut state = self.lock();
        while !state.over {
            let waiting = state.ready.len();
            match state.order.next(waiting) {
                Next::Read(task) => return Some(task),
                Next::Wait => state = self.wait(state),
                Next::End => break,
            }
        }
        None
    }

    /// Hands over a result, perhaps once others were kept; returns true if the thread is to go on.
    pub(crate) fn deliver(&self, found: O::Found) -> bool {
        let mut state = self.lock();
        while !state.over && state.order.is_early(&found, state.ready.len()) {
            state = self.wait(state);
        }
        if state.over {
            return false;
        }
        let State { order, ready, .. } = &mut *state;
        if let Err(error) = order.add(found, ready) {
            (state.over, state.stop) = (true, Some(Stop::Read(error)));
        }
        self.input.release(state.order.released());
        self.changed.notify_all();
        self.keep_ready(state)
    }

    /// Keeps what is ready, unless another thread is doing that, which then goes on with it.
    fn keep_ready<'s>(&'s self, mut state: MutexGuard<'s, State<O, K, E>>) -> bool {
        let Some(mut keep) = state.keep.take() else { return !state.over };
        while let Some(chunk) = state.ready.pop_front() {
            drop(state);
            let kept = keep(chunk);
            state = self.lock();
            self.changed.notify_all();
            if let Err(error) = kept {
                // Later parts of the file do not matter any more, and no one keeps them.
                (state.over, state.stop) = (true, Some(Stop::Keep(error)));
                return false;
            }
        }
        state.keep = Some(keep);
        !state.over
    }
}

impl<I, O: Order, K, E> Merge<'_, I, O, K, E> {
    fn lock(&self) -> MutexGuard<'_, State<O, K, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'s>(&self, state: MutexGuard<'s, State<O, K, E>>) -> MutexGuard<'s, State<O, K, E>> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops the other threads when one panics, so that no one waits for what it was reading.
struct Alarm<'m, 'i, I, O: Order, K, E>(&'m Merge<'i, I, O, K, E>);

impl<I, O: Order, K, E> Drop for Alarm<'_, '_, I, O, K, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().over = true;
            self.0.changed.notify_all();
        }
    }
}

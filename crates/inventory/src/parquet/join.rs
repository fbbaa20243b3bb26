//! The row groups of a file, read by several threads and joined in the order of the file.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::Table;
use super::rows::{Found, Scan};
use super::source::Source;
use crate::batch::{Batch, Sink};
use crate::bulk::{Chunk, Input, Stop, Totals};
use crate::error::ReadError;

/// How many batches of a row group may wait for the row groups before it.
const AHEAD: usize = 4;

/// Everything that is needed to read a file.
pub(super) struct Join<'t, I, H, K> {
    pub(super) table: &'t Table,
    pub(super) input: &'t I,
    /// How many rows are read at a time.
    pub(super) rows: usize,
    pub(super) threads: NonZero<usize>,
    pub(super) sink: &'t H,
    pub(super) keep: K,
}

/// What became of some rows, or why there are no more.
type Batched<P> = Result<(P, Found), ReadError>;

struct State<K, P, E> {
    keep: K,
    /// The row group that someone reads next.
    next: usize,
    /// The row group whose batches are kept now.
    head: usize,
    /// Batches of later row groups.
    waiting: BTreeMap<usize, VecDeque<Batched<P>>>,
    /// Later row groups that were read to their ends.
    finished: Vec<usize>,
    totals: Totals,
    over: bool,
    stop: Option<Stop<E>>,
}

struct Shared<K, P, E> {
    state: Mutex<State<K, P, E>>,
    changed: Condvar,
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
        let Self { table, input, rows, threads, sink, keep } = self;
        let groups = table.metadata.num_row_groups();
        let shared = Shared {
            state: Mutex::new(State {
                keep,
                next: 0,
                head: 0,
                waiting: BTreeMap::new(),
                finished: Vec::new(),
                totals: Totals::default(),
                over: false,
                stop: None,
            }),
            changed: Condvar::new(),
        };
        let work = || {
            let _alarm = Alarm(&shared);
            let source = Arc::new(Source { input, length: table.length });
            let mut scan = Scan::new(table, Batch::new(table.projection(sink)));
            let mut local = sink.local();
            while let Some(group) = shared.next(groups) {
                let read = read_group(&source, group, rows, &mut scan, |batch, found| {
                    let mut partial = sink.partial();
                    if !batch.is_empty() {
                        sink.consume(&mut local, &mut partial, batch);
                    }
                    shared.deliver(group, Ok((partial, found)))
                });
                if let Err(error) = read {
                    shared.deliver(group, Err(error));
                }
                shared.finish(group);
                let head = shared.lock().head;
                input.release(table.begin_of(head));
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads.get().min(groups) {
                scope.spawn(work);
            }
            work();
        });
        let state = shared.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.stop.map_or(Ok(state.totals), Err)
    }
}

/// Reads a row group; `deliver` says whether to go on.
fn read_group<I: Input>(
    source: &Arc<Source<'_, I>>,
    group: usize,
    rows: usize,
    scan: &mut Scan<'_>,
    mut deliver: impl FnMut(&mut Batch, Found) -> bool,
) -> Result<(), ReadError> {
    let (mut first, mut left) = scan.rows_of(group);
    let mut open = scan.open(source, group).map_err(|source| ReadError::at_row(first, source))?;
    while left > 0 {
        let now = usize::try_from(left).map_or(rows, |left| left.min(rows));
        let found = scan.read(&mut open, first, now);
        let found = found.map_err(|source| ReadError::at_row(first, source))?;
        if !deliver(&mut scan.batch, found) {
            return Ok(());
        }
        first += now as u64;
        left -= now as u64;
    }
    Ok(())
}

impl<K, P, E> Shared<K, P, E> {
    fn lock(&self) -> MutexGuard<'_, State<K, P, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the row group to read next; `None` when there is nothing to do.
    fn next(&self, groups: usize) -> Option<usize> {
        let mut state = self.lock();
        let group = state.next;
        state.next += 1;
        (group < groups && !state.over).then_some(group)
    }
}

impl<K, P, E> Shared<K, P, E>
where
    K: FnMut(Chunk<P>) -> Result<(), E>,
{
    /// Hands over a batch of a row group, perhaps once others were kept; says whether to go on.
    fn deliver(&self, group: usize, batched: Batched<P>) -> bool {
        let mut state = self.lock();
        while !state.over
            && state.head != group
            && state.waiting.get(&group).is_some_and(|waiting| waiting.len() >= AHEAD)
        {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.over {
            return false;
        }
        state.waiting.entry(group).or_default().push_back(batched);
        state.keep_waiting();
        let over = state.over;
        drop(state);
        if over {
            self.changed.notify_all();
        }
        !over
    }

    /// Says that a row group was read to its end.
    fn finish(&self, group: usize) {
        let mut state = self.lock();
        state.finished.push(group);
        state.keep_waiting();
        drop(state);
        self.changed.notify_all();
    }
}

impl<K, P, E> State<K, P, E>
where
    K: FnMut(Chunk<P>) -> Result<(), E>,
{
    /// Keeps what is there of the first row group, and goes on to the next if it is whole.
    fn keep_waiting(&mut self) {
        while !self.over {
            for batched in self.waiting.remove(&self.head).unwrap_or_default() {
                if let Err(stop) = self.keep(batched) {
                    (self.over, self.stop) = (true, Some(stop));
                    return;
                }
            }
            let head = self.head;
            let Some(index) = self.finished.iter().position(|group| *group == head) else { return };
            self.finished.swap_remove(index);
            self.head += 1;
        }
    }

    fn keep(&mut self, batched: Batched<P>) -> Result<(), Stop<E>> {
        let (partial, found) = batched.map_err(Stop::Read)?;
        let Found { counts, rejections, problems, list, check_ins, keyed } = found;
        self.totals.counts.merge(counts);
        self.totals.problems.merge(&problems);
        self.totals.check_ins.merge(&check_ins);
        self.totals.keyed.merge(keyed);
        (self.keep)(Chunk { partial, rejections, problems: list }).map_err(Stop::Keep)
    }
}

/// Stops the other threads when one panics, so that no one waits for its row group.
struct Alarm<'s, K, P, E>(&'s Shared<K, P, E>);

impl<K, P, E> Drop for Alarm<'_, K, P, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().over = true;
            self.0.changed.notify_all();
        }
    }
}

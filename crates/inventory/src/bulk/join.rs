//! The parts of a file, read by several threads and joined in the order of the file.
//!
//! Where the rows of a part begin is a guess until the part before it has been read: a line feed
//! may be inside quotes. The guess is right exactly if the part before ends there. If it does not,
//! the part is read again from where it does, so that no result depends on a guess.

use std::collections::BTreeMap;
use std::io;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::input::Input;
use super::meaning::Shape;
use super::part::{Begin, Done, Scanner};
use super::sizes::Sizes;
use super::{Stretch, Totals};
use crate::batch::{Batch, Harvest};
use crate::error::ReadError;
use crate::reader::Header;

/// How many parts for each thread may wait for the one before them.
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
    pub(super) shape: &'s Shape,
    pub(super) harvest: &'s H,
    pub(super) threads: NonZero<usize>,
    /// The place and the line of the first row.
    pub(super) first: (u64, u64),
    pub(super) sizes: Sizes,
    pub(super) keep: K,
}

/// A part to read: its number, and where its rows begin.
type Task = (u64, Begin);

struct State<K, P, E> {
    keep: K,
    /// The next part that nobody reads yet.
    next: u64,
    /// A part that must be read again.
    again: Option<Task>,
    /// Parts that were read, by number, and whether it was sure where their rows begin.
    waiting: BTreeMap<u64, (bool, io::Result<Done<P>>)>,
    /// How many parts were kept, and the place and line behind them.
    kept: u64,
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
    H: Harvest,
    K: FnMut(Stretch<H::Part>) -> Result<(), E> + Send,
    E: Send,
{
    /// Reads the whole file.
    pub(super) fn read(self) -> Result<Totals, Stop<E>> {
        let (place, line) = self.first;
        let Self { input, header, shape, harvest, threads, sizes, keep, .. } = self;
        let state = Mutex::new(State {
            keep,
            next: 1,
            again: Some((0, Begin::At(place))),
            waiting: BTreeMap::new(),
            kept: 0,
            place,
            line,
            length: None,
            totals: Totals::default(),
            over: false,
            stop: None,
        });
        let ends = Ends { first: place, part: sizes.part };
        let changed = Condvar::new();
        let ahead = AHEAD * threads.get() as u64;
        let work = || {
            let _alarm = Alarm { state: &state, changed: &changed };
            let batch = Batch::by_kind(harvest.wanted());
            let mut scanner = Scanner::new(input, shape, header, batch, sizes);
            let mut hand = harvest.hand();
            while let Some((number, begin)) = next_task(&state, &changed, &ends, ahead) {
                let done = scanner.read(begin, ends.of(number), harvest, &mut hand);
                let mut state = lock(&state);
                state.waiting.insert(number, (matches!(begin, Begin::At(_)), done));
                state.join(&ends);
                // Whoever reads a later part may still look at the byte before it.
                let before = state.place.min(ends.of(state.kept) - ends.part);
                input.release(before.saturating_sub(1));
                drop(state);
                changed.notify_all();
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads.get() {
                scope.spawn(work);
            }
            work();
        });
        let state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        state.stop.map_or(Ok(state.totals), Err)
    }
}

/// Stops the other threads when one panics, so that nobody waits for its part.
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
        if number < state.kept + ahead && state.length.is_none_or(|length| begin < length) {
            state.next += 1;
            return Some((number, Begin::Near(begin)));
        }
        state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
}

impl<K, P, E> State<K, P, E>
where
    K: FnMut(Stretch<P>) -> Result<(), E>,
{
    /// Keeps the parts that were read, as far as they follow each other.
    fn join(&mut self, ends: &Ends) {
        while let Some((sure, done)) = self.waiting.remove(&self.kept) {
            // A long row may reach over whole parts, in which then no row begins.
            let reached_over = self.place >= ends.of(self.kept);
            match done {
                Ok(done) => {
                    self.length = self.length.or(done.length);
                    let over = self.length.is_some_and(|length| self.place >= length);
                    if done.begin == Some(self.place) && !reached_over {
                        self.place = done.end;
                        if let Err(error) = self.keep(done) {
                            return self.end(Some(Stop::Keep(error)));
                        }
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
            self.kept += 1;
            if self.length.is_some_and(|length| self.place >= length) {
                return self.end(None);
            }
        }
    }

    /// Has the next part read from where its rows do begin.
    fn read_again(&mut self) {
        self.again = Some((self.kept, Begin::At(self.place)));
    }

    fn keep(&mut self, mut done: Done<P>) -> Result<(), E> {
        for rejection in &mut done.rejections {
            rejection.row += self.totals.counts.read;
            rejection.line = rejection.line.map(|line| line + self.line - 1);
        }
        self.line += done.lines;
        self.totals.add(&done);
        (self.keep)(Stretch { part: done.part, rejections: done.rejections })
    }

    fn end(&mut self, stop: Option<Stop<E>>) {
        self.over = true;
        self.stop = stop;
    }
}

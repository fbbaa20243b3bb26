//! Forecasts the results of one action on many partly known devices.
//!
//! A [`Forecast`] takes [`Cohort`]s, devices with the same known facts, draws whatever is not
//! known from stated [`Assumptions`], presses the button for every device, lets each live until
//! its action has ended, and counts the states of the actions after an hour, a day, a week and
//! thirty days, and why. That is repeated with other draws; the [`Outlook`] has [`Interval`]s.
//!
//! The same seed gives the same counts, on any number of threads: the results for a device
//! depends on the seed, the repeat and its number only. Devices live one by one, so memory does
//! not depend on how many there are.
//!
//! Not here: inventories, and the choice of devices for the action.

mod assumptions;
mod device_run;
mod histogram;
mod timeline;
mod variable;

use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use chrono::TimeDelta;
use eligibility::facts::Facts;

pub use assumptions::{Assumptions, DEFAULT_ASSUMPTIONS, InvalidAssumption, Share};
pub use histogram::Interval;
pub use timeline::{Ending, Why};
pub use variable::{Trait, Variable};

use crate::subject::NotSimulated;
use device_run::{Candidate, DeviceRun};
use histogram::Histogram;

/// Devices with the same known facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The known facts.
    pub facts: Facts,
    /// The number of devices.
    pub devices: u64,
    /// Among which group their counts are to be; groups are numbered from 0.
    pub group: usize,
}

/// The parameters of a forecast.
#[derive(Clone, Copy, Debug)]
pub struct Forecast<'a> {
    /// The source of unknown values.
    pub assumptions: &'a Assumptions,
    /// The seed.
    pub seed: u64,
    /// The number of repeats.
    pub repeats: NonZeroU32,
    /// For how many days.
    pub days: NonZeroU32,
    /// On how many threads; the number has no influence on the result.
    pub threads: NonZeroUsize,
}

/// The result of a forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    checkpoints: Vec<TimeDelta>,
    groups: usize,
    repeats: Vec<Histogram>,
    not_simulated: Vec<(Cohort, NotSimulated)>,
    drawn: Vec<(Variable, u64)>,
    given: Vec<(Variable, u64)>,
    simulated: u64,
}

/// The devices in one piece of a thread's work.
const PIECE: u64 = 256;

impl Forecast<'_> {
    /// Presses the button for every device of the cohorts and returns the results.
    pub fn run(&self, cohorts: &[Cohort]) -> Outlook {
        self.run_watched(cohorts, |_, _| {})
    }

    /// Returns the same; `watch` hears now and then, from any thread, how many lives are over
    /// since the last call, and how many there are in all.
    pub fn run_watched(&self, cohorts: &[Cohort], watch: impl Fn(u64, u64) + Sync) -> Outlook {
        let checkpoints = timeline::checkpoints(TimeDelta::days(self.days.get().into()));
        let groups = cohorts.iter().map(|cohort| cohort.group + 1).max().unwrap_or_default();
        let mut outlook = Outlook {
            checkpoints,
            groups,
            repeats: Vec::new(),
            not_simulated: Vec::new(),
            drawn: Vec::new(),
            given: Vec::new(),
            simulated: 0,
        };
        let mut candidates = Vec::new();
        for (number, cohort) in (0..).zip(cohorts) {
            match Candidate::find(*cohort, number, outlook.simulated, self) {
                Ok(candidate) => {
                    outlook.simulated = candidate.end();
                    candidates.push(candidate);
                }
                Err(reason) => outlook.not_simulated.push((*cohort, reason)),
            }
        }
        outlook.drawn = drawn(&candidates);
        let given = self.assumptions.given().map(|variable| {
            let candidates = candidates.iter().filter(|candidate| candidate.is_given(variable));
            (variable, candidates.map(|candidate| candidate.cohort.devices).sum())
        });
        outlook.given = given.collect();
        outlook.repeats = self.count(&candidates, &outlook, watch);
        outlook
    }

    /// Has the threads take piece after piece; sums do not depend on who has counted what.
    fn count(
        &self,
        candidates: &[Candidate],
        outlook: &Outlook,
        watch: impl Fn(u64, u64) + Sync,
    ) -> Vec<Histogram> {
        let devices = outlook.simulated;
        let lives = devices * u64::from(self.repeats.get());
        let empty = || {
            let one = Histogram::new(outlook.groups, outlook.checkpoints.len());
            vec![one; usize::try_from(self.repeats.get()).unwrap_or(usize::MAX)]
        };
        let per_repeat = devices.div_ceil(PIECE);
        let pieces = per_repeat * u64::from(self.repeats.get());
        let next = AtomicU64::new(0);
        let work = || {
            let mut histograms = empty();
            let mut run = DeviceRun::new(self, &outlook.checkpoints);
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece >= pieces {
                    return histograms;
                }
                let repeat = piece / per_repeat;
                let first = piece % per_repeat * PIECE;
                let numbers = first..devices.min(first + PIECE);
                let length = numbers.end - numbers.start;
                let histogram = &mut histograms[usize::try_from(repeat).unwrap_or(usize::MAX)];
                for (number, candidate) in in_range(candidates, numbers) {
                    histogram.add(candidate.cohort.group, run.follow(candidate, repeat, number));
                }
                watch(length, lives);
            }
        };
        let counted: Vec<Vec<Histogram>> = thread::scope(|scope| {
            let running: Vec<_> = (0..self.threads.get()).map(|_| scope.spawn(work)).collect();
            let done = running.into_iter().map(thread::ScopedJoinHandle::join);
            done.map(|histograms| histograms.expect("a simulated life does not panic")).collect()
        });
        counted.into_iter().fold(empty(), |mut all, histograms| {
            all.iter_mut().zip(&histograms).for_each(|(all, more)| all.merge(more));
            all
        })
    }
}

/// Returns the devices with these numbers, each with its cohort.
fn in_range(
    candidates: &[Candidate],
    numbers: Range<u64>,
) -> impl Iterator<Item = (u64, &Candidate)> {
    let skipped = candidates.partition_point(|candidate| candidate.end() <= numbers.start);
    let within = candidates[skipped..].iter().take_while({
        let end = numbers.end;
        move |candidate| candidate.first < end
    });
    within.flat_map(move |candidate| {
        let (first, end) = (candidate.first.max(numbers.start), candidate.end().min(numbers.end));
        (first..end).map(move |number| (number, candidate))
    })
}

/// For how many devices each fact was drawn.
fn drawn(candidates: &[Candidate]) -> Vec<(Variable, u64)> {
    let devices = |variable: &Variable| {
        let drawn = candidates.iter().filter(|candidate| candidate.draws(*variable));
        drawn.map(|candidate| candidate.cohort.devices).sum()
    };
    let facts = variable::ORDER.iter().filter(|variable| matches!(variable, Variable::Fact(_)));
    facts
        .map(|variable| (*variable, devices(variable)))
        .filter(|(_, devices)| *devices > 0)
        .collect()
}

impl Outlook {
    /// Returns the checkpoints at which it looks, each as the time since the press.
    pub fn checkpoints(&self) -> &[TimeDelta] {
        &self.checkpoints
    }

    /// Returns the number of simulated devices.
    pub fn simulated(&self) -> u64 {
        self.simulated
    }

    /// Returns the cohorts that nothing simulates, and why.
    pub fn not_simulated(&self) -> &[(Cohort, NotSimulated)] {
        &self.not_simulated
    }

    /// Returns the number of devices for which each unknown fact was drawn.
    pub fn drawn(&self) -> &[(Variable, u64)] {
        &self.drawn
    }

    /// Returns the number of devices for which each additional assumption holds: those that can
    /// have it and whose value is unknown.
    pub fn given(&self) -> &[(Variable, u64)] {
        &self.given
    }

    /// Returns the number of devices of a group, or of all, per state at a checkpoint.
    ///
    /// # Panics
    ///
    /// If there is no such checkpoint.
    pub fn count(
        &self,
        group: Option<usize>,
        checkpoint: usize,
        ending: Ending,
        why: Option<Why>,
    ) -> Interval {
        assert!(
            checkpoint < self.checkpoints.len(),
            "there are {} checkpoints",
            self.checkpoints.len()
        );
        let groups = match group {
            Some(group) => group..self.groups.min(group + 1),
            None => 0..self.groups,
        };
        let of = |histogram: &Histogram| histogram.count(groups.clone(), checkpoint, ending, why);
        Interval::of(self.repeats.iter().map(of).collect())
    }
}

#[cfg(test)]
mod tests;

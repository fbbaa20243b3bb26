//! Forecasts the results of one action on many partly known devices.
//!
//! A [`Forecast`] takes [`Cohort`]s, devices with the same known facts, draws whatever is not
//! known from stated [`Assumptions`], presses the button for every device, lets each live until
//! its action has ended, and counts where the actions stand after an hour, a day, a week and
//! thirty days, and why. That is repeated with other draws; the [`Outlook`] has [`Interval`]s.
//!
//! The same seed gives the same counts, on any number of threads: the results for a device
//! depends on the seed, the repeat and its number only. Devices live one by one, so memory does
//! not depend on how many there are.
//!
//! What is not here: inventories, and the question for which devices the button is pressed.

mod assumptions;
mod course;
mod life;
mod tally;
mod topic;

use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use chrono::TimeDelta;
use eligibility::facts::Facts;

pub use assumptions::{Assumptions, DEFAULT_ASSUMPTIONS, InvalidAssumption, Share};
pub use course::{Ending, Why};
pub use tally::Interval;
pub use topic::{Topic, Trait};

use crate::subject::NotSimulated;
use life::{Candidate, Life};
use tally::Tally;

/// Devices with the same known facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// What is known.
    pub facts: Facts,
    /// How many devices.
    pub devices: u64,
    /// Among which group their counts are to be; groups are numbered from 0.
    pub group: usize,
}

/// What is to be forecast, and how.
#[derive(Clone, Copy, Debug)]
pub struct Forecast<'a> {
    /// Where unknown things come from.
    pub assumptions: &'a Assumptions,
    /// From which seed.
    pub seed: u64,
    /// How often everything is drawn.
    pub repeats: NonZeroU32,
    /// For how many days.
    pub days: NonZeroU32,
    /// On how many threads; the number has no influence on the result.
    pub threads: NonZeroUsize,
}

/// What a forecast has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    moments: Vec<TimeDelta>,
    groups: usize,
    repeats: Vec<Tally>,
    not_simulated: Vec<(Cohort, NotSimulated)>,
    drawn: Vec<(Topic, u64)>,
    given: Vec<(Topic, u64)>,
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
    /// since it was told last, and how many there are in all.
    pub fn run_watched(&self, cohorts: &[Cohort], watch: impl Fn(u64, u64) + Sync) -> Outlook {
        let moments = course::moments(TimeDelta::days(self.days.get().into()));
        let groups = cohorts.iter().map(|cohort| cohort.group + 1).max().unwrap_or_default();
        let mut outlook = Outlook {
            moments,
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
        let given = self.assumptions.given().map(|topic| {
            let candidates = candidates.iter().filter(|candidate| candidate.is_given(topic));
            (topic, candidates.map(|candidate| candidate.cohort.devices).sum())
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
    ) -> Vec<Tally> {
        let devices = outlook.simulated;
        let lives = devices * u64::from(self.repeats.get());
        let empty = || {
            let one = Tally::new(outlook.groups, outlook.moments.len());
            vec![one; usize::try_from(self.repeats.get()).unwrap_or(usize::MAX)]
        };
        let per_repeat = devices.div_ceil(PIECE);
        let pieces = per_repeat * u64::from(self.repeats.get());
        let next = AtomicU64::new(0);
        let work = || {
            let mut tallies = empty();
            let mut life = Life::new(self, &outlook.moments);
            loop {
                let piece = next.fetch_add(1, Ordering::Relaxed);
                if piece >= pieces {
                    return tallies;
                }
                let repeat = piece / per_repeat;
                let first = piece % per_repeat * PIECE;
                let numbers = first..devices.min(first + PIECE);
                let length = numbers.end - numbers.start;
                let tally = &mut tallies[usize::try_from(repeat).unwrap_or(usize::MAX)];
                for (number, candidate) in stretch(candidates, numbers) {
                    tally.add(candidate.cohort.group, life.live(candidate, repeat, number));
                }
                watch(length, lives);
            }
        };
        let counted: Vec<Vec<Tally>> = thread::scope(|scope| {
            let running: Vec<_> = (0..self.threads.get()).map(|_| scope.spawn(work)).collect();
            let done = running.into_iter().map(thread::ScopedJoinHandle::join);
            done.map(|tallies| tallies.expect("a simulated life does not panic")).collect()
        });
        counted.into_iter().fold(empty(), |mut all, tallies| {
            all.iter_mut().zip(&tallies).for_each(|(all, more)| all.merge(more));
            all
        })
    }
}

/// Returns the devices with these numbers, each with its cohort.
fn stretch(
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
fn drawn(candidates: &[Candidate]) -> Vec<(Topic, u64)> {
    let devices = |topic: &Topic| {
        let drawn = candidates.iter().filter(|candidate| candidate.draws(*topic));
        drawn.map(|candidate| candidate.cohort.devices).sum()
    };
    let facts = topic::ORDER.iter().filter(|topic| matches!(topic, Topic::Fact(_)));
    facts.map(|topic| (*topic, devices(topic))).filter(|(_, devices)| *devices > 0).collect()
}

impl Outlook {
    /// Returns the moments at which it looks, each as the time since the press.
    pub fn moments(&self) -> &[TimeDelta] {
        &self.moments
    }

    /// Returns how many devices were simulated.
    pub fn simulated(&self) -> u64 {
        self.simulated
    }

    /// Returns the cohorts that nothing simulates, and why.
    pub fn not_simulated(&self) -> &[(Cohort, NotSimulated)] {
        &self.not_simulated
    }

    /// For how many devices each fact was drawn, as nothing was known.
    pub fn drawn(&self) -> &[(Topic, u64)] {
        &self.drawn
    }

    /// Returns for how many devices each assumption on top holds: those of which it is not known and
    /// that can have it.
    pub fn given(&self) -> &[(Topic, u64)] {
        &self.given
    }

    /// Returns how many devices of a group, or of all, stand where at a moment.
    ///
    /// # Panics
    ///
    /// If there is no such moment.
    pub fn count(
        &self,
        group: Option<usize>,
        moment: usize,
        ending: Ending,
        why: Option<Why>,
    ) -> Interval {
        assert!(moment < self.moments.len(), "there are {} moments", self.moments.len());
        let groups = match group {
            Some(group) => group..self.groups.min(group + 1),
            None => 0..self.groups,
        };
        let of = |tally: &Tally| tally.count(groups.clone(), moment, ending, why);
        Interval::of(self.repeats.iter().map(of).collect())
    }
}

#[cfg(test)]
mod tests;

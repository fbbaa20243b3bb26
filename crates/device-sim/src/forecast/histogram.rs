//! Counts of a forecast, and the intervals that repeated draws give: order statistics, in whole
//! numbers.

use super::timeline::{Ending, Timeline, Why};

/// The number of devices by group, checkpoint, ending and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Histogram {
    checkpoints: usize,
    cells: Vec<u64>,
}

const ENDINGS: usize = Ending::ALL.len();
const REASONS: usize = Why::ALL.len();

impl Histogram {
    pub(super) fn new(groups: usize, checkpoints: usize) -> Self {
        Self { checkpoints, cells: vec![0; groups * checkpoints * ENDINGS * REASONS] }
    }

    fn place(&self, group: usize, checkpoint: usize, ending: Ending, why: Why) -> usize {
        let row = (group * self.checkpoints + checkpoint) * ENDINGS + ending as usize;
        row * REASONS + why as usize
    }

    /// Counts one device at every checkpoint.
    pub(super) fn add(&mut self, group: usize, timeline: &Timeline) {
        for (checkpoint, (ending, why)) in timeline.standings().enumerate() {
            let place = self.place(group, checkpoint, ending, why);
            self.cells[place] += 1;
        }
    }

    /// Takes in what another thread has counted.
    pub(super) fn merge(&mut self, other: &Self) {
        for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
            *cell += more;
        }
    }

    /// Returns the devices of some groups that are in a state at a checkpoint for a reason.
    pub(super) fn count(
        &self,
        groups: impl Iterator<Item = usize>,
        checkpoint: usize,
        ending: Ending,
        why: Option<Why>,
    ) -> u64 {
        let reasons = match &why {
            Some(why) => std::slice::from_ref(why),
            None => Why::ALL,
        };
        let cells = groups.flat_map(|group| {
            reasons.iter().map(move |why| self.cells[self.place(group, checkpoint, ending, *why)])
        });
        cells.sum()
    }
}

/// Three order statistics of what repeated draws gave.
///
/// ```
/// use device_sim::forecast::Interval;
///
/// let interval = Interval::of(vec![30, 10, 20]);
/// assert_eq!((interval.low, interval.median, interval.high), (10, 20, 30));
/// let many = Interval::of((1..=100).collect());
/// assert_eq!((many.low, many.median, many.high), (5, 50, 95));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// At least one in twenty repeats gave no more than this: the lowest, if there are fewer.
    pub low: u64,
    /// Half of the repeats gave no more than this.
    pub median: u64,
    /// At least 19 in twenty repeats gave no more than this: the highest, if there are fewer.
    pub high: u64,
}

impl Interval {
    /// Returns the points at 5, 50 and 95 % by nearest rank; nothing of nothing.
    pub fn of(mut counts: Vec<u64>) -> Self {
        counts.sort_unstable();
        let point = |percent: usize| {
            let rank = (percent * counts.len()).div_ceil(100);
            counts.get(rank.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self { low: point(5), median: point(50), high: point(95) }
    }

    /// Returns true if the three points are the same.
    pub const fn is_one_number(&self) -> bool {
        self.low == self.high
    }
}

#[cfg(test)]
mod tests {
    use super::Interval;

    #[test]
    fn few_repeats_give_the_lowest_the_middle_and_the_highest() {
        for repeats in 1..20_u64 {
            let interval = Interval::of((1..=repeats).rev().collect());
            assert_eq!(interval.low, 1, "{repeats}");
            assert_eq!(interval.median, repeats.div_ceil(2), "{repeats}");
            assert_eq!(interval.high, repeats, "{repeats}");
        }
        assert_eq!(Interval::of(Vec::new()), Interval::default());
    }

    #[test]
    fn many_repeats_give_points_by_nearest_rank() {
        let of = |repeats: u64| {
            let interval = Interval::of((1..=repeats).collect());
            (interval.low, interval.median, interval.high)
        };
        assert_eq!(of(20), (1, 10, 19));
        assert_eq!(of(21), (2, 11, 20));
        assert_eq!(of(40), (2, 20, 38));
        assert_eq!(of(1000), (50, 500, 950));
    }
}

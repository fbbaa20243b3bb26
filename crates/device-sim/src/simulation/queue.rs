//! The queue of future calls: ordered by time, then by the order in which they were scheduled.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{DateTime, Utc};

/// Something that happens at a time.
#[derive(Clone, Debug)]
struct Scheduled<T> {
    at: DateTime<Utc>,
    sequence: u64,
    what: T,
}

impl<T> PartialEq for Scheduled<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Scheduled<T> {}

impl<T> PartialOrd for Scheduled<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Scheduled<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl<T> Scheduled<T> {
    fn key(&self) -> (DateTime<Utc>, u64) {
        (self.at, self.sequence)
    }
}

/// A queue of events; those of the same moment come out as they were put in.
#[derive(Clone, Debug)]
pub(crate) struct Queue<T> {
    heap: BinaryHeap<Reverse<Scheduled<T>>>,
    next: u64,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { heap: BinaryHeap::new(), next: 0 }
    }

    pub(crate) fn push(&mut self, at: DateTime<Utc>, what: T) {
        self.heap.push(Reverse(Scheduled { at, sequence: self.next, what }));
        self.next += 1;
    }

    /// Takes the earliest event if it is not later than `end`.
    pub(crate) fn pop_until(&mut self, end: DateTime<Utc>) -> Option<(DateTime<Utc>, T)> {
        if self.heap.peek()?.0.at > end {
            return None;
        }
        self.heap.pop().map(|Reverse(next)| (next.at, next.what))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::Queue;

    #[test]
    fn time_decides_then_the_order_of_scheduling() {
        let start = DateTime::UNIX_EPOCH;
        let mut queue = Queue::new();
        queue.push(start + TimeDelta::seconds(5), "c");
        queue.push(start, "a");
        queue.push(start, "b");
        queue.push(start + TimeDelta::seconds(9), "too late");
        let end = start + TimeDelta::seconds(8);
        let order: Vec<_> = std::iter::from_fn(|| queue.pop_until(end)).map(|e| e.1).collect();
        assert_eq!(order, ["a", "b", "c"]);
    }
}

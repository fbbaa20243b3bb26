//! The queue of future calls: ordered by time, then by the order in which they were scheduled.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

/// A queue of events; those of the same moment come out as they were put in.
#[derive(Clone, Debug)]
pub(crate) struct Queue<T> {
    events: BTreeMap<(DateTime<Utc>, u64), T>,
    next: u64,
}

impl<T> Queue<T> {
    pub(crate) fn new() -> Self {
        Self { events: BTreeMap::new(), next: 0 }
    }

    pub(crate) fn push(&mut self, at: DateTime<Utc>, what: T) {
        self.events.insert((at, self.next), what);
        self.next += 1;
    }

    /// Takes the earliest event if it is not later than `end`.
    pub(crate) fn pop_until(&mut self, end: DateTime<Utc>) -> Option<(DateTime<Utc>, T)> {
        let first = self.events.first_entry().filter(|first| first.key().0 <= end)?;
        let ((at, _), what) = first.remove_entry();
        Some((at, what))
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

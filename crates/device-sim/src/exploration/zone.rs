//! All moments at once: how much time is left until each waiting call.
//!
//! When something happens is not fixed, so what is left is not a number but a set of them: the
//! *zone*, as timed automata have it, held as a matrix of the largest differences. Source: R. Alur
//! and D. Dill, "A theory of timed automata", 1994; D. Dill, "Timing assumptions and verification
//! of finite-state concurrent systems", 1989.

/// The largest difference between what is left of two calls, in milliseconds; place 0 is
/// the present, so that row and column 0 bound what is left itself.
///
/// The matrix is always closed: no bound follows from others that are narrower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Zone {
    /// The number of calls and the present.
    size: usize,
    bounds: Vec<i64>,
}

impl Zone {
    /// Returns the zone in which nothing waits.
    pub(super) fn new() -> Self {
        Self { size: 1, bounds: vec![0] }
    }

    fn bound(&self, from: usize, to: usize) -> i64 {
        self.bounds[from * self.size + to]
    }

    fn set(&mut self, from: usize, to: usize, bound: i64) {
        self.bounds[from * self.size + to] = bound;
    }

    /// Adds a call that waits for exactly this long.
    pub(super) fn add(&mut self, delay: i64) {
        let old = std::mem::replace(self, Self { size: self.size + 1, bounds: Vec::new() });
        let last = old.size;
        for row in 0..last {
            self.bounds.extend((0..last).map(|column| old.bound(row, column)));
            self.bounds.push(old.bound(row, 0) - delay);
        }
        self.bounds.extend((0..last).map(|column| delay + old.bound(0, column)));
        self.bounds.push(0);
    }

    /// Removes a call.
    pub(super) fn remove(&mut self, place: usize) {
        let gone = place + 1;
        let size = self.size;
        let kept = |at: usize| at / size != gone && at % size != gone;
        let mut at = 0..;
        self.bounds.retain(|_| at.next().is_some_and(kept));
        self.size -= 1;
    }

    /// Time passes, as much or as little as one likes before the first call is due.
    pub(super) fn elapse(&mut self) {
        for column in 1..self.size {
            let least = (1..self.size).map(|row| self.bound(row, column)).min().unwrap_or(0);
            self.set(0, column, least.min(0));
        }
    }

    /// Time passes until a call is due, and it waits no longer; `None` if another one comes first
    /// whatever happened when. Calls that are due at the same moment come in their order.
    pub(super) fn due(&self, place: usize) -> Option<Self> {
        let first = place + 1;
        // The first call bounds each other one, so only paths that begin with it are shorter now.
        let latest = |other: usize| match other {
            0 => self.bound(first, 0),
            _ if other == first => 0,
            _ => self.bound(first, other).min(if other < first { -1 } else { 0 }),
        };
        let latest: Vec<_> = (0..self.size).map(latest).collect();
        let by_way = |to: usize| {
            let ways = latest.iter().zip(0..).map(|(least, by)| least + self.bound(by, to));
            ways.min().unwrap_or_default()
        };
        if by_way(first) < 0 {
            return None;
        }
        let row: Vec<_> = (0..self.size).map(by_way).collect();
        let mut zone = self.clone();
        for from in 0..self.size {
            for (to, rest) in row.iter().enumerate() {
                let way = self.bound(from, first) + rest;
                zone.set(from, to, self.bound(from, to).min(way));
            }
        }
        for other in 0..self.size {
            let (up, down) = (zone.bound(other, first), zone.bound(first, other));
            zone.set(other, 0, up);
            zone.set(0, other, down);
        }
        zone.set(0, 0, 0);
        zone.remove(place);
        Some(zone)
    }

    /// Returns the bounds, by which it is kept.
    pub(super) fn bounds(&self) -> &[i64] {
        &self.bounds
    }

    /// Returns true if it has no moment that a zone of the same calls with these bounds lacks.
    pub(super) fn is_within(&self, bounds: &[i64]) -> bool {
        self.bounds.iter().zip(bounds).all(|(mine, theirs)| mine <= theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::Zone;

    /// Returns the places of the calls that can come next.
    fn next(zone: &Zone) -> Vec<usize> {
        (0..zone.size - 1).filter(|place| zone.due(*place).is_some()).collect()
    }

    #[test]
    fn what_was_scheduled_together_comes_by_its_delay() {
        let mut zone = Zone::new();
        zone.add(10);
        zone.add(2);
        zone.add(10);
        zone.elapse();
        assert_eq!(next(&zone), [1]);
        let zone = zone.due(1).expect("it comes first");
        assert_eq!(next(&zone), [0], "at one moment in the order of scheduling");
    }

    #[test]
    fn a_short_delay_that_begins_late_may_end_late() {
        let mut zone = Zone::new();
        zone.add(10);
        zone.elapse();
        zone.add(2);
        assert_eq!(next(&zone), [0, 1]);
        // Directly after the short one, a long one cannot be over before another short one.
        let mut zone = Zone::new();
        zone.add(10);
        zone.add(2);
        let mut zone = zone.due(1).expect("it comes first");
        zone.add(2);
        assert_eq!(next(&zone), [1], "two and two are less than ten");
    }

    #[test]
    fn differences_outlive_any_waiting() {
        let mut zone = Zone::new();
        zone.add(5);
        zone.add(10);
        for _ in 0..3 {
            zone.elapse();
        }
        assert_eq!(next(&zone), [0], "five always come before ten");
    }

    #[test]
    fn among_many_calls_the_one_that_cannot_come_first_is_recognised() {
        let mut zone = Zone::new();
        (1..=80).for_each(|delay| zone.add(delay * 3_600_000));
        assert_eq!(next(&zone), [0]);
    }

    #[test]
    fn more_time_includes_less() {
        let mut exact = Zone::new();
        exact.add(10);
        let mut any = exact.clone();
        any.elapse();
        assert!(exact.is_within(any.bounds()) && !any.is_within(exact.bounds()));
    }
}

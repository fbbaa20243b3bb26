//! The situations that were met, found by their fingerprints.

use hashbrown::HashTable;

use super::zone::Zone;

/// The most zones of one fingerprint that a new one is compared with, the latest first. One that an
/// earlier zone includes is kept and followed once more, which costs time and changes no answer.
const COMPARED: usize = 256;

/// The situations of a fingerprint that were met.
struct Met {
    fingerprint: [u64; 2],
    /// The number of its last zone, counted from 1.
    last: usize,
}

/// A zone that was kept.
#[derive(Clone, Copy)]
struct Kept {
    /// The end of its bounds.
    end: usize,
    /// The number of the zone of this fingerprint that was kept before it; 0 if there is none.
    before: usize,
}

/// The situations that were met, each with the time that was left until the calls that wait.
pub(super) struct Seen {
    met: HashTable<Met>,
    kept: Vec<Kept>,
    /// The bounds of all zones, one zone after another.
    bounds: Vec<i64>,
}

impl Seen {
    /// Nothing was met.
    pub(super) fn new() -> Self {
        Self { met: HashTable::new(), kept: Vec::new(), bounds: Vec::new() }
    }

    /// Returns true if a situation was met in which everything can happen that can happen here.
    pub(super) fn includes(&self, fingerprint: [u64; 2], zone: &Zone) -> bool {
        let met = self.met.find(fingerprint[0], |met| met.fingerprint == fingerprint);
        let last = met.and_then(|met| self.kept(met.last));
        let zones = std::iter::successors(last, |kept| self.kept(kept.before));
        let length = zone.bounds().len();
        let mut bounds = zones.map(|kept| &self.bounds[kept.end - length..kept.end]);
        bounds.by_ref().take(COMPARED).any(|bounds| zone.is_within(bounds))
    }

    fn kept(&self, number: usize) -> Option<Kept> {
        number.checked_sub(1).map(|place| self.kept[place])
    }

    /// Keeps a situation.
    pub(super) fn insert(&mut self, fingerprint: [u64; 2], zone: &Zone) {
        self.bounds.extend(zone.bounds());
        let (end, last) = (self.bounds.len(), self.kept.len() + 1);
        let met = self.met.find_mut(fingerprint[0], |met| met.fingerprint == fingerprint);
        let before = met.map_or(0, |met| std::mem::replace(&mut met.last, last));
        if before == 0 {
            let met = Met { fingerprint, last };
            self.met.insert_unique(fingerprint[0], met, |met| met.fingerprint[0]);
        }
        self.kept.push(Kept { end, before });
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, Zone};

    /// Returns the zone of a call that is due exactly after this number of milliseconds.
    fn due_after(delay: i64) -> Zone {
        let mut zone = Zone::new();
        zone.add(delay);
        zone
    }

    #[test]
    fn what_was_met_is_found_and_nothing_else() {
        // Some of them have the first half in common.
        let fingerprints = || (0..5_000_u64).map(|number| [u64::MAX - number / 7, number]);
        let mut seen = Seen::new();
        for fingerprint in fingerprints() {
            assert!(!seen.includes(fingerprint, &Zone::new()));
            seen.insert(fingerprint, &Zone::new());
        }
        for [first, second] in fingerprints() {
            assert!(seen.includes([first, second], &Zone::new()));
            assert!(!seen.includes([first, second + 5_000], &Zone::new()));
        }
    }

    #[test]
    fn a_situation_with_other_times_is_another_one() {
        let mut seen = Seen::new();
        let mut later = due_after(2);
        seen.insert([1, 1], &due_after(1));
        assert!(!seen.includes([1, 1], &later));
        seen.insert([1, 1], &later);
        assert!(seen.includes([1, 1], &due_after(1)) && seen.includes([1, 1], &later));
        later.elapse();
        assert!(!seen.includes([1, 1], &later), "more can happen");
    }
}

//! The situations that were met: a table with open addressing, in which their fingerprints are
//! their places.

use super::zone::Zone;

/// A situation that was met; none if its zone ends at 0.
#[derive(Clone, Copy, Default)]
struct Slot {
    fingerprint: [u64; 2],
    /// The end of the bounds of its zone.
    end: usize,
}

/// The situations that were met, each with the time that was left until the calls that wait.
pub(super) struct Seen {
    /// A power of two of them, at most half of them taken.
    slots: Vec<Slot>,
    taken: usize,
    /// The bounds of all zones, one zone after another.
    bounds: Vec<i64>,
}

impl Seen {
    /// Nothing was met.
    pub(super) fn new() -> Self {
        Self { slots: vec![Slot::default(); 1 << 10], taken: 0, bounds: Vec::new() }
    }

    /// Returns true if a situation was met in which everything can happen that can happen here.
    pub(super) fn includes(&self, fingerprint: [u64; 2], zone: &Zone) -> bool {
        let met = self.places(fingerprint).map(|place| self.slots[place]);
        met.take_while(|slot| slot.end != 0).any(|slot| {
            slot.fingerprint == fingerprint
                && zone.is_within(&self.bounds[slot.end - zone.bounds().len()..slot.end])
        })
    }

    /// Keeps a situation.
    pub(super) fn insert(&mut self, fingerprint: [u64; 2], zone: &Zone) {
        self.taken += 1;
        if self.taken * 2 > self.slots.len() {
            let more = vec![Slot::default(); self.slots.len() * 2];
            let all = std::mem::replace(&mut self.slots, more);
            all.into_iter().filter(|slot| slot.end != 0).for_each(|slot| self.put(slot));
        }
        self.bounds.extend(zone.bounds());
        self.put(Slot { fingerprint, end: self.bounds.len() });
    }

    fn put(&mut self, slot: Slot) {
        let free = self.places(slot.fingerprint).find(|place| self.slots[*place].end == 0);
        self.slots[free.expect("half of the slots are free")] = slot;
    }

    /// Returns the places in the order in which a situation may take them.
    fn places(&self, fingerprint: [u64; 2]) -> impl Iterator<Item = usize> + use<> {
        let last = self.slots.len() - 1;
        let first = usize::try_from(fingerprint[0] % (1 << 32)).unwrap_or_default();
        (first..).map(move |place| place & last)
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
        // Many of them begin at the same place, and at the last one.
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

//! The situations that were met: a table with open addressing, in which their fingerprints are
//! their places.

use super::zone::Zone;

/// The most zones of one fingerprint that a new one is compared with, the latest first. One that an
/// earlier zone includes is kept and followed once more, which costs time and changes no answer.
const COMPARED: usize = 256;

/// The situations of a fingerprint that were met; none if the number of the last zone is 0.
#[derive(Clone, Copy, Default)]
struct Slot {
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
    /// A power of two of them, at most half of them taken.
    slots: Vec<Slot>,
    taken: usize,
    kept: Vec<Kept>,
    /// The bounds of all zones, one zone after another.
    bounds: Vec<i64>,
}

impl Seen {
    /// Nothing was met.
    pub(super) fn new() -> Self {
        let slots = vec![Slot::default(); 1 << 10];
        Self { slots, taken: 0, kept: Vec::new(), bounds: Vec::new() }
    }

    /// Returns true if a situation was met in which everything can happen that can happen here.
    pub(super) fn includes(&self, fingerprint: [u64; 2], zone: &Zone) -> bool {
        let last = self.slots[self.place(fingerprint)].last;
        let zones = std::iter::successors(self.kept(last), |kept| self.kept(kept.before));
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
        let place = self.place(fingerprint);
        let before = self.slots[place].last;
        self.kept.push(Kept { end: self.bounds.len(), before });
        self.slots[place] = Slot { fingerprint, last: self.kept.len() };
        self.taken += usize::from(before == 0);
        if self.taken * 2 > self.slots.len() {
            let more = vec![Slot::default(); self.slots.len() * 2];
            let all = std::mem::replace(&mut self.slots, more);
            for slot in all.into_iter().filter(|slot| slot.last != 0) {
                let place = self.place(slot.fingerprint);
                self.slots[place] = slot;
            }
        }
    }

    /// Returns the place of a fingerprint, or the one that it may take.
    fn place(&self, fingerprint: [u64; 2]) -> usize {
        let last = self.slots.len() - 1;
        let first = usize::try_from(fingerprint[0] % (1 << 32)).unwrap_or_default();
        let mut places = (first..).map(|place| place & last);
        let free_or_its = |place: &usize| {
            let slot = &self.slots[*place];
            slot.last == 0 || slot.fingerprint == fingerprint
        };
        places.find(free_or_its).expect("half of the slots are free")
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

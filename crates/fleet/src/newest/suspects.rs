//! Rows that may be of one device, compared with each other.

use std::cmp::Ordering;

use eligibility::classes::Classes;
use eligibility::facts::{Fact, FactName, FactSet, Facts, Value};

use super::stored::{Place, State, Stored};

/// In how many parts the rows are compared, so that each is searched in the cache.
const PARTS: usize = 64;

/// The compared values of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suspect {
    pub(super) row: Stored,
    /// True if its state is not that of the row any more.
    pub(super) is_changed: bool,
    pub(super) text: u16,
    pub(super) row_key: u32,
    pub(super) place: Place,
}

/// Rows, by their keys.
#[derive(Debug)]
pub(super) struct Suspects {
    parts: Vec<Vec<Suspect>>,
    /// Positions in a part, by the key: a hash table that is never more than half full.
    slots: Vec<u32>,
}

/// No row is at this position.
const FREE: u32 = u32::MAX;

impl Suspects {
    pub(super) fn new() -> Self {
        Self { parts: vec![Vec::new(); PARTS], slots: Vec::new() }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, suspect: Suspect) {
        self.parts[suspect.row.spread() as usize % PARTS].push(suspect);
    }

    /// Finds the newest row of each device, gives each other row with the one that replaces it to
    /// `set_aside`, then each row that changed to `changed`; and forgets all of them.
    pub(super) fn settle(
        &mut self,
        order: &FactOrder,
        mut set_aside: impl FnMut(&Suspect, &Suspect),
        mut changed: impl FnMut(&Suspect),
    ) {
        for rows in &mut self.parts {
            settle(rows, &mut self.slots, order, &mut set_aside);
            rows.iter().filter(|row| row.is_changed).for_each(&mut changed);
            rows.clear();
        }
    }
}

fn settle(
    rows: &mut [Suspect],
    slots: &mut Vec<u32>,
    order: &FactOrder,
    mut set_aside: impl FnMut(&Suspect, &Suspect),
) {
    let count = (2 * rows.len()).next_power_of_two();
    slots.clear();
    slots.resize(count, FREE);
    for at in 0..rows.len() {
        let row = rows[at];
        let mut slot = (row.row.spread() as usize / PARTS) % count;
        loop {
            let known = slots[slot];
            let at_32 = u32::try_from(at).expect("a part is far smaller");
            if known == FREE {
                slots[slot] = at_32;
                break;
            }
            let other = rows[known as usize];
            if other.row.has_key_of(row.row) {
                let (newer, older) = row.newest(other, order);
                let is_new = newer.place == row.place;
                slots[slot] = if is_new { at_32 } else { known };
                set_aside(&older, &newer);
                let (newer_at, older_at) =
                    if is_new { (at, known as usize) } else { (known as usize, at) };
                rows[newer_at] = newer;
                rows[older_at] = older;
                break;
            }
            slot = (slot + 1) & (count - 1);
        }
    }
}

impl Suspect {
    /// Returns the newest of two rows of a device, which takes note of the other, and the other,
    /// which is gone.
    fn newest(self, other: Self, facts: &FactOrder) -> (Self, Self) {
        let check_ins = self.row.check_in().cmp(&other.row.check_in());
        let (deciding, rest) = facts.compare(self.row_key, other.row_key);
        let order = check_ins.then(deciding).then(rest).then(self.text.cmp(&other.text));
        // The earlier row where nothing distinguishes two.
        let order = order.then_with(|| other.place.cmp(&self.place));
        let (mut newer, mut older) =
            if order == Ordering::Less { (other, self) } else { (self, other) };
        let contradicts = deciding != Ordering::Equal || older.row.state() == State::Contradicted;
        if newer.row.state() != State::Contradicted {
            let contradicted = check_ins == Ordering::Equal && contradicts;
            newer.row.set_state(if contradicted { State::Contradicted } else { State::Repeated });
        }
        older.row.set_state(State::Gone);
        (newer.is_changed, older.is_changed) = (true, true);
        (newer, older)
    }
}

/// The order of rows with the same check-in: the greater counts.
pub(super) struct FactOrder {
    facts: Vec<Facts>,
    /// The classes of versions, if not all count.
    versions: Option<Classes>,
    deciding: Vec<FactName>,
    counted: Vec<FactName>,
}

impl FactOrder {
    /// Returns the order of these facts, by their numbers: those that decide, those that are counted,
    /// then all others.
    pub(super) fn new(
        deciding: FactSet,
        counted: FactSet,
        versions: Option<Classes>,
        facts: Vec<Facts>,
    ) -> Self {
        let counted = by_version_first(|name| counted.contains(name) && !deciding.contains(name));
        Self {
            facts,
            versions,
            deciding: by_version_first(|name| deciding.contains(name)),
            counted,
        }
    }

    /// Compares two rows by the facts that decide, and by the others.
    fn compare(&self, one: u32, other: u32) -> (Ordering, Ordering) {
        if one == other {
            return (Ordering::Equal, Ordering::Equal);
        }
        let [one, other] = [one, other].map(|row_key| self.facts[row_key as usize]);
        let class = |name, fact| match &self.versions {
            Some(classes) if name == FactName::OsVersion => classes.representative(fact),
            _ => fact,
        };
        let by = |names: &[FactName]| {
            let each = names.iter().map(|name| [one, other].map(|it| class(*name, it.get(*name))));
            compare(each)
        };
        let all = by_version_first(|_| true).into_iter();
        let rest = || compare(all.map(|name| [one, other].map(|facts| facts.get(name))));
        (by(&self.deciding), by(&self.counted).then_with(rest))
    }
}

/// Returns some names of facts, that of the version of the operating system first.
fn by_version_first(is_meant: impl Fn(FactName) -> bool) -> Vec<FactName> {
    let others = FactName::ALL.iter().filter(|name| **name != FactName::OsVersion);
    let names = std::iter::once(&FactName::OsVersion).chain(others).copied();
    names.filter(|name| is_meant(*name)).collect()
}

fn compare(facts: impl Iterator<Item = [Fact<Value>; 2]>) -> Ordering {
    let mut orders = facts
        .map(|[one, other]| knowledge(one).cmp(&knowledge(other)).then_with(|| one.cmp(&other)));
    orders.find(|order| *order != Ordering::Equal).unwrap_or(Ordering::Equal)
}

/// Returns the knowledge: a value, a few that are possible, or nothing.
fn knowledge(fact: Fact<Value>) -> u8 {
    match fact {
        Fact::Known(_) => 2,
        Fact::OneOf(_) => 1,
        Fact::Unknown => 0,
    }
}

//! The facts of each single row, where counts are not enough: to join two inventories by
//! device, or to choose some of the devices.
//!
//! A row takes 4 bytes for its distinct row, 8 for its last check-in and 16 for the key of its
//! device.

use eligibility::facts::{FactSet, Facts};
use inventory::{Batch, DeviceKey, DistinctFacts, LastCheckIn, Projection, Sink};

/// Rows in the order of their files.
#[derive(Default)]
pub(super) struct Rows {
    distinct: DistinctFacts,
    /// For each row, the position of its facts.
    numbers: Vec<u32>,
    keys: Vec<Option<DeviceKey>>,
    check_ins: Vec<LastCheckIn>,
}

impl Rows {
    /// Returns the number of rows.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the facts of a row.
    pub(super) fn facts(&self, row: usize) -> &Facts {
        &self.distinct.all()[self.numbers[row] as usize]
    }

    /// Returns the key of the device of a row.
    pub(super) fn key(&self, row: usize) -> Option<DeviceKey> {
        self.keys[row]
    }

    /// Returns the last check-in of the device of a row.
    pub(super) fn check_in(&self, row: usize) -> LastCheckIn {
        self.check_ins[row]
    }

    /// Applies a function to the facts of each distinct row.
    pub(super) fn of_distinct<T>(&self, of: impl FnMut(&Facts) -> T) -> OfDistinct<'_, T> {
        OfDistinct { rows: self, each: self.distinct.all().iter().map(of).collect() }
    }

    /// Adds the next rows.
    pub(super) fn append(&mut self, part: Self) {
        let numbers: Vec<_> =
            part.distinct.all().iter().map(|facts| self.distinct.key(facts)).collect();
        self.numbers.extend(part.numbers.into_iter().map(|number| numbers[number as usize]));
        self.keys.extend(part.keys);
        self.check_ins.extend(part.check_ins);
    }

    fn extend(&mut self, batch: &Batch) {
        let mut known = vec![None; batch.distinct_rows().len()];
        self.numbers.extend(batch.row_keys().iter().map(|key| {
            let at = *key as usize;
            let number = || self.distinct.key(&batch.distinct_rows()[at]);
            *known[at].get_or_insert_with(number)
        }));
        // A file without columns for them has no keys.
        self.keys.extend(batch.device_keys());
        self.keys.resize(self.numbers.len(), None);
        self.check_ins.extend(batch.last_check_ins());
    }
}

/// Something about each row that follows from its facts.
pub(super) struct OfDistinct<'r, T> {
    rows: &'r Rows,
    each: Vec<T>,
}

impl<T> OfDistinct<'_, T> {
    /// Returns the decision of a row.
    pub(super) fn row(&self, row: usize) -> &T {
        &self.each[self.rows.numbers[row] as usize]
    }
}

/// Consumes rows as another sink does, and keeps what is known of each.
pub(super) struct Tracked<'s, S> {
    sink: &'s S,
    facts: FactSet,
}

impl<'s, S> Tracked<'s, S> {
    /// Keeps the facts that the sink reads, and these.
    pub(super) fn new(sink: &'s S, facts: FactSet) -> Self {
        Self { sink, facts }
    }
}

impl<S: Sink> Sink for Tracked<'_, S> {
    type Local = S::Local;
    type Partial = (S::Partial, Rows);

    fn projection(&self) -> Projection {
        let projection = self.sink.projection();
        let facts = projection.facts.union(self.facts);
        Projection { facts, keys: true, check_ins: true, ..projection }
    }

    fn local(&self) -> S::Local {
        self.sink.local()
    }

    fn partial(&self) -> Self::Partial {
        (self.sink.partial(), Rows::default())
    }

    fn consume(
        &self,
        local: &mut S::Local,
        (partial, rows): &mut Self::Partial,
        batch: &mut Batch,
    ) {
        self.sink.consume(local, partial, batch);
        rows.extend(batch);
    }
}

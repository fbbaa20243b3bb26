//! Counts devices per equivalence class.

use eligibility::classes::{Cells, Classes};
use eligibility::facts::{FactName, FactSet, Facts};
use eligibility::policy::{Conjunction, Policy};
use inventory::Batch;

use crate::dictionary::{FactsDictionary, RowNumbers};

/// The number of devices of each cell that policies, or the facts of a grouping, distinguish.
///
/// Nothing is decided while devices are counted: what a report says follows from the cells, each
/// decided once, and from their numbers.
///
/// ```
/// use eligibility::facts::{Fact, FactName, Facts, Platform};
/// use fleet::Census;
///
/// let mut census = Census::new(&[], &[FactName::Platform]);
/// for platform in [Platform::Ios, Platform::Ios, Platform::Linux] {
///     census.add(&Facts { platform: Fact::Known(platform), ..Facts::default() });
/// }
/// let counts: Vec<u64> = census.cells().into_iter().map(|(_, devices)| devices).collect();
/// assert_eq!(counts, [2, 1]);
/// ```
#[derive(Clone, Debug)]
pub struct Census {
    counter: Counter,
    /// The number of devices of each cell, by its number.
    devices: Vec<u64>,
}

/// The facts that a [`Census`] distinguishes; shared by the threads that count for it.
#[derive(Clone, Debug)]
pub struct Counter {
    cells: Cells,
    /// True if every version is distinguished.
    exact_versions: bool,
    dictionary: FactsDictionary,
}

/// Devices on their way into a [`Census`], by the keys of their cells.
#[derive(Debug, Default)]
pub struct Counted {
    single: Vec<u32>,
    many: Vec<(u32, u32)>,
}

/// The local state of one thread that counts batches.
#[derive(Clone, Debug, Default)]
pub struct Coder {
    numbers: RowNumbers,
    /// The number of rows of each distinct row in the present batch.
    counts: Vec<u32>,
}

impl Census {
    /// Counts nothing yet, and will distinguish what these policies and facts do.
    pub fn new(policies: &[&Policy], by: &[FactName]) -> Self {
        Self::with_regions(policies, &[], by)
    }

    /// Counts nothing yet, and will also distinguish the devices in each of these regions from
    /// others.
    pub fn with_regions(policies: &[&Policy], regions: &[&Conjunction], by: &[FactName]) -> Self {
        let cells = Cells::with_regions(policies, regions, by);
        let exact_versions = by.contains(&FactName::OsVersion);
        let counter = Counter { cells, exact_versions, dictionary: FactsDictionary::default() };
        Self { counter, devices: Vec::new() }
    }

    /// Returns the approximate number of cells so far: those whose devices were taken out count,
    /// too.
    pub fn cells_seen(&self) -> usize {
        self.devices.len()
    }

    /// Returns the counter, which knows the distinguished facts.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Counts one device.
    pub fn add(&mut self, facts: &Facts) {
        self.count(self.counter.number(facts), 1);
    }

    /// Counts devices that were gathered.
    pub fn keep(&mut self, counted: Counted) {
        for number in counted.single {
            self.count(number, 1);
        }
        for (number, devices) in counted.many {
            self.count(number, devices.into());
        }
    }

    fn count(&mut self, number: u32, devices: u64) {
        let number = number as usize;
        if number >= self.devices.len() {
            self.devices.resize(number + 1, 0);
        }
        self.devices[number] += devices;
    }

    /// Takes devices out that were counted.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn remove(&mut self, facts: &Facts, devices: u64) {
        let counted = &mut self.devices[self.counter.number(facts) as usize];
        *counted = counted.checked_sub(devices).expect("no more than were counted");
    }

    /// Returns a device of each occupied cell, and how many there are, in a fixed order.
    pub fn cells(&self) -> Vec<(Facts, u64)> {
        let all = self.counter.dictionary.facts().into_iter().zip(self.devices.iter().copied());
        let mut cells: Vec<_> = all.filter(|(_, devices)| *devices > 0).collect();
        let order = |facts: &Facts| FactName::ALL.iter().map(|fact| facts.get(*fact)).collect();
        cells.sort_by_cached_key(|(facts, _)| -> Vec<_> { order(facts) });
        cells
    }
}

impl Counter {
    /// Returns the facts that matter.
    pub fn facts(&self) -> FactSet {
        self.cells.facts()
    }

    /// Takes the devices of a batch, for the [`Census`] to keep.
    pub fn consume(&self, coder: &mut Coder, batch: &Batch, counted: &mut Counted) {
        let Coder { numbers, counts } = coder;
        let number = |facts: &Facts| self.number(facts);
        // More distinct rows than rows: going through all of them would take longer.
        if batch.distinct_rows().len() > batch.len() {
            counted.single.extend(numbers.of_rows(batch, number));
            return;
        }
        let numbers = numbers.of_distinct_rows(batch, number);
        counts.clear();
        counts.resize(numbers.len(), 0);
        for key in batch.row_keys() {
            counts[*key as usize] += 1;
        }
        let counts = numbers.iter().copied().zip(counts.iter().copied());
        counted.many.extend(counts.filter(|(_, devices)| *devices > 0));
    }

    /// Returns the intervals of versions that are distinguished; none if all versions are, or none
    /// at all. Intervals that no policy distinguishes are distinguished here, so that a later
    /// version is never represented by an earlier one than another.
    pub fn versions(&self) -> Option<Classes> {
        let mut classes = self.cells.classes().filter(|_| !self.exact_versions);
        let classes = classes.find(|classes| classes.fact() == FactName::OsVersion)?;
        let starts = classes.intervals().map(|(start, _)| start).collect();
        Some(Classes::distinct(FactName::OsVersion, &starts))
    }

    /// Returns the key of the cell of a device.
    fn number(&self, facts: &Facts) -> u32 {
        let mut cell = self.cells.representative(facts);
        if self.exact_versions {
            cell.os_version = facts.os_version;
        }
        self.dictionary.key(&cell)
    }
}

#[cfg(test)]
mod tests;

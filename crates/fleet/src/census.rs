//! Counts devices per equivalence class.

use std::collections::HashMap;

use eligibility::facts::{FactName, FactSet, Facts};
use eligibility::policy::{Conjunction, Policy};
use inventory::Batch;

use crate::classes::Classes;

/// The most cells that are counted in a table. It then takes 32 MiB; only pages with devices are
/// written to.
const TABLE_CELLS: u32 = 1 << 22;

/// Stands for the missing cell of a device with a fact that is one of a set; larger than any table.
const NO_CELL: u32 = u32::MAX;

/// How many devices there are of each kind that policies, or the facts of a grouping, tell apart.
///
/// Nothing is decided while devices are counted: what a report says follows from the kinds, each
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
/// let counts: Vec<u64> = census.kinds().into_iter().map(|(_, devices)| devices).collect();
/// assert_eq!(counts, [2, 1]);
/// ```
#[derive(Clone, Debug)]
pub struct Census {
    counter: Counter,
    cells: Vec<u64>,
    facts: HashMap<Facts, u64>,
}

/// What a [`Census`] tells apart; it can be shared by the threads that gather for it.
#[derive(Clone, Debug)]
pub struct Counter {
    classes: Classes,
    /// Whether versions are told apart one by one.
    exact_versions: bool,
    in_table: bool,
}

/// Devices on their way into a [`Census`].
#[derive(Debug)]
pub enum Counted {
    /// The number of each device's cell, cells with a number of devices, and the devices without a
    /// cell because a fact is one of a set.
    Cells(Vec<u32>, Vec<(u32, u32)>, HashMap<Facts, u64>),
    /// Devices by what matters of them.
    Kinds(HashMap<Facts, u64>),
}

impl Census {
    /// Counts nothing yet, and will tell apart what these policies and facts do.
    pub fn new(policies: &[&Policy], by: &[FactName]) -> Self {
        Self::with_regions(policies, &[], by)
    }

    /// Counts nothing yet, and will also tell apart whether a device is one of these.
    pub fn with_regions(policies: &[&Policy], regions: &[&Conjunction], by: &[FactName]) -> Self {
        let classes = Classes::with_regions(policies, regions, by);
        let exact_versions = by.contains(&FactName::OsVersion);
        let table = classes.cells().filter(|cells| !exact_versions && *cells <= TABLE_CELLS);
        let counter = Counter { classes, exact_versions, in_table: table.is_some() };
        Self { counter, cells: vec![0; table.unwrap_or_default() as usize], facts: HashMap::new() }
    }

    /// What is told apart.
    pub fn counter(&self) -> &Counter {
        &self.counter
    }

    /// Counts one device.
    pub fn add(&mut self, facts: &Facts) {
        match self.counter.cell(facts) {
            Some(cell) => self.cells[cell as usize] += 1,
            None => *self.facts.entry(self.counter.representative(facts)).or_default() += 1,
        }
    }

    /// Counts devices that were gathered.
    pub fn keep(&mut self, counted: Counted) {
        let kinds = match counted {
            Counted::Cells(single, many, kinds) => {
                for cell in single {
                    self.cells[cell as usize] += 1;
                }
                for (cell, devices) in many {
                    self.cells[cell as usize] += u64::from(devices);
                }
                kinds
            }
            Counted::Kinds(kinds) => kinds,
        };
        for (facts, devices) in kinds {
            *self.facts.entry(facts).or_default() += devices;
        }
    }

    /// Takes devices out that were counted.
    ///
    /// # Panics
    ///
    /// If there are not as many.
    pub fn remove(&mut self, facts: &Facts, devices: u64) {
        let counted = match self.counter.cell(facts) {
            Some(cell) => self.cells.get_mut(cell as usize),
            None => self.facts.get_mut(&self.counter.representative(facts)),
        };
        let counted = counted.expect("what is taken out was counted");
        *counted = counted.checked_sub(devices).expect("no more than were counted");
    }

    /// A device of each kind that occurred, and how many there are, in a fixed order.
    pub fn kinds(&self) -> Vec<(Facts, u64)> {
        let cells = (0..).zip(&self.cells).filter(|(_, devices)| **devices > 0);
        let cells = cells.map(|(cell, devices)| (self.counter.classes.witness(cell), *devices));
        let mut kinds: Vec<_> =
            cells.chain(self.facts.iter().map(|(facts, devices)| (*facts, *devices))).collect();
        kinds.retain(|(_, devices)| *devices > 0);
        let order = |facts: &Facts| FactName::ALL.iter().map(|kind| facts.get(*kind)).collect();
        kinds.sort_by_cached_key(|(facts, _)| -> Vec<_> { order(facts) });
        kinds
    }
}

impl Counter {
    /// The facts that matter.
    pub fn facts(&self) -> FactSet {
        self.classes.facts()
    }

    /// What [`consume`](Self::consume) adds to.
    pub fn begin(&self) -> Counted {
        if self.in_table {
            Counted::Cells(Vec::new(), Vec::new(), HashMap::new())
        } else {
            Counted::Kinds(HashMap::new())
        }
    }

    /// Takes the devices of a batch, for the [`Census`] to keep.
    pub fn consume(&self, coder: &mut Coder, batch: &Batch, counted: &mut Counted) {
        match (counted, batch.row_keys()) {
            (Counted::Cells(single, many, found), Some(kinds)) => {
                coder.follow(batch);
                for facts in &batch.distinct_rows()[coder.kind_cells.len()..] {
                    coder.kind_cells.push(self.classes.cell(facts).unwrap_or(NO_CELL));
                    coder.some_without_cell |= coder.kind_cells.last() == Some(&NO_CELL);
                }
                if coder.kind_cells.len() > kinds.len() && !coder.some_without_cell {
                    single.extend(kinds.iter().map(|kind| coder.kind_cells[*kind as usize]));
                } else {
                    coder.tally(kinds);
                    let counts = coder.kind_cells.iter().zip(coder.tally.iter().copied());
                    let counts = counts.zip(batch.distinct_rows());
                    for ((cell, devices), facts) in counts.filter(|((_, devices), _)| *devices > 0)
                    {
                        match *cell {
                            NO_CELL => self.add(found, facts, devices.into()),
                            cell => many.push((cell, devices)),
                        }
                    }
                }
            }
            (Counted::Cells(single, _, found), None) => {
                let before = single.len();
                coder.cells(&self.classes, batch, single);
                if coder.some_without_cell {
                    let rows = single[before..].iter().enumerate();
                    for (row, _) in rows.filter(|(_, cell)| **cell == NO_CELL) {
                        self.add(found, &batch.facts(row), 1);
                    }
                    single.retain(|cell| *cell != NO_CELL);
                }
            }
            (Counted::Kinds(found), Some(kinds)) => {
                coder.follow(batch);
                coder.tally(kinds);
                for (facts, devices) in batch.distinct_rows().iter().zip(&coder.tally) {
                    if *devices > 0 {
                        self.add(found, facts, u64::from(*devices));
                    }
                }
            }
            (Counted::Kinds(found), None) => {
                for row in 0..batch.len() {
                    self.add(found, &batch.facts(row), 1);
                }
            }
        }
    }

    /// Returns the cell that counts a device; `None` if it is counted by its facts.
    fn cell(&self, facts: &Facts) -> Option<u32> {
        if self.in_table { self.classes.cell(facts) } else { None }
    }

    fn add(&self, found: &mut HashMap<Facts, u64>, facts: &Facts, devices: u64) {
        *found.entry(self.representative(facts)).or_default() += devices;
    }

    fn representative(&self, facts: &Facts) -> Facts {
        let representative = self.classes.representative(facts);
        if self.exact_versions {
            Facts { os_version: facts.os_version, ..representative }
        } else {
            representative
        }
    }
}

/// What the codes or kinds of the batches of one thread add to the number of a cell.
#[derive(Clone, Debug, Default)]
pub struct Coder {
    epoch: u64,
    offsets: Vec<Vec<u32>>,
    kind_cells: Vec<u32>,
    /// Whether a fact was one of a set.
    some_without_cell: bool,
    /// How many rows of each kind the batch at hand has.
    tally: Vec<u32>,
}

impl Coder {
    /// Adds the number of each device's cell, or [`NO_CELL`]; the batch is by columns.
    fn cells(&mut self, classes: &Classes, batch: &Batch, cells: &mut Vec<u32>) {
        self.follow(batch);
        let before = cells.len();
        cells.resize(before + batch.len(), 0);
        for (index, kind) in classes.kinds().enumerate() {
            let values = batch.dictionary(kind);
            if self.offsets.len() == index {
                self.offsets.push(Vec::new());
            }
            let offsets = &mut self.offsets[index];
            let new = &values[offsets.len()..];
            offsets.extend(new.iter().map(|value| classes.offset(kind, *value).unwrap_or(NO_CELL)));
            self.some_without_cell |= offsets.contains(&NO_CELL);
            if values.len() > 1 {
                for (cell, code) in cells[before..].iter_mut().zip(batch.keys(kind)) {
                    *cell = cell.wrapping_add(offsets[usize::from(*code)]);
                }
            }
        }
        if !self.some_without_cell {
            return;
        }
        for (kind, offsets) in classes.kinds().zip(&self.offsets) {
            for (cell, code) in cells[before..].iter_mut().zip(batch.keys(kind)) {
                if offsets[usize::from(*code)] == NO_CELL {
                    *cell = NO_CELL;
                }
            }
        }
    }

    /// Forgets everything if the codes and kinds have a new meaning.
    fn follow(&mut self, batch: &Batch) {
        if self.epoch != batch.epoch() {
            *self = Self { epoch: batch.epoch(), ..Self::default() };
        }
    }

    /// Counts the rows of each kind.
    fn tally(&mut self, kinds: &[u32]) {
        self.tally.fill(0);
        for kind in kinds {
            let at = *kind as usize;
            if at >= self.tally.len() {
                self.tally.resize(at + 1, 0);
            }
            self.tally[at] += 1;
        }
    }
}

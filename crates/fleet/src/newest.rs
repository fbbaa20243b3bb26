//! One row for each device: its newest.
//!
//! Every row with a key leaves 16 bytes, in the order of the files: 72 bits of its key, check-in
//! and facts ([`stored`]). When all rows are there, bit sets show which keys may occur more than
//! once ([`repeats`]). The rows with such a key are compared ([`suspects`]), and what the older
//! ones had added to counts is taken out again. So a fleet in which no device occurs twice costs
//! little more than the memory.

mod repeats;
mod stored;
mod suspects;

use std::collections::BTreeMap;

use eligibility::classes::Classes;
use eligibility::facts::{FactSet, Facts};
use fixedbitset::FixedBitSet;
use inventory::{Batch, CheckIns};

use crate::census::Counter;
use crate::dictionary::{FactsDictionary, RowNumbers};
use repeats::Repeats;
use stored::{Blocks, Columns, State, Stored};
use suspects::{FactOrder, Suspect, Suspects};

/// After how many rows older ones are taken out for the first time.
const MANY: usize = 12_000_000;

/// About how many rows are compared at a time.
const AT_ONCE: usize = 1 << 20;

/// The number of devices with several rows that are named.
const NAMED: usize = 5;

/// Finds the newest row of each device among the rows of inventories.
///
/// Of several rows with one key, that with the latest check-in counts, to the millisecond; a
/// check-in that is unknown comes before all others. Between rows with the same check-in the facts
/// decide: the later version of the operating system first, then, fact by fact in the order of
/// [`FactName::ALL`](eligibility::facts::FactName::ALL), what is known before what is one of several
/// values, and that before what is unknown, and the later value before the earlier; the facts that
/// decide come before those that are counted, and these before all others. Versions that no policy
/// distinguishes are compared with the last of these only, unless devices are counted by version.
/// So no order of rows, files or threads changes the facts that count, nor does a list that has
/// more facts. Two devices share a key by mistake with a probability of 2⁻⁷² for each pair.
#[derive(Debug)]
pub struct NewestRows {
    deciding: FactSet,
    counted: FactSet,
    versions: Option<Classes>,
    dictionary: FactsDictionary,
    blocks: Blocks,
    stored: usize,
    /// The number of rows there may be before older ones are taken out.
    limit: usize,
    /// The number of the next row, and that of the first row of each file.
    next: u64,
    files: Vec<u64>,
    aside: SetAside,
}

/// The numbers of the facts in the batches of one thread; a clone begins anew for another thread.
#[derive(Clone, Debug)]
pub struct RowKeys {
    dictionary: FactsDictionary,
    rows: RowNumbers,
}

/// The rows of a part of an inventory, on their way into [`NewestRows`].
#[derive(Debug, Default)]
pub struct KeyedRows {
    columns: Columns,
    /// The number of rows that come before them that can have no keys, in a file without a column
    /// for them.
    without: u64,
}

/// The rows that do not count, because a newer row of the same device does.
#[derive(Debug, Default)]
pub struct SetAside {
    /// The number of rows.
    pub rows: u64,
    /// The number of them in each file, by its position; the last files may be missing.
    pub files: Vec<u64>,
    /// The number of devices that have more than one row.
    pub devices: u64,
    /// The number of those with two rows that have the same latest check-in and different deciding
    /// facts.
    pub contradictions: u64,
    /// The first devices with more than one row: the numbers of two of their rows, from 0.
    pub first: BTreeMap<u64, u64>,
    /// The number of rows that equal each distinct row.
    by_row_key: Vec<u64>,
    check_ins: CheckIns,
    numbers: FixedBitSet,
    facts: Vec<Facts>,
}

impl NewestRows {
    /// Knows no row yet; between rows with the same check-in, `deciding` facts come first, then
    /// those that a [`Census`](crate::Census) distinguishes.
    pub fn new(deciding: FactSet, counter: &Counter) -> Self {
        Self {
            deciding,
            counted: counter.facts(),
            versions: counter.versions(),
            dictionary: FactsDictionary::default(),
            blocks: Blocks::default(),
            stored: 0,
            limit: MANY,
            next: 0,
            files: Vec::new(),
            aside: SetAside::default(),
        }
    }

    /// Returns the initial local state of a thread.
    pub fn row_keys(&self) -> RowKeys {
        RowKeys { dictionary: self.dictionary.clone(), rows: RowNumbers::default() }
    }

    /// Takes rows in the order of their file, given by its position.
    pub fn add(&mut self, file: usize, rows: KeyedRows) {
        while self.files.len() <= file {
            self.files.push(self.next);
            self.aside.files.push(0);
        }
        let KeyedRows { columns, without } = rows;
        self.next += without;
        let first = self.next;
        self.next += columns.len() as u64;
        self.stored += columns.len();
        self.blocks.add(first, columns);
        if self.stored >= self.limit {
            self.settle(&Repeats::of(&self.blocks));
            self.blocks.compact();
            self.stored = self.blocks.len();
            self.limit = MANY.max(2 * self.stored);
        }
    }

    /// Sets aside every row but the newest of each device.
    pub fn finish(mut self) -> SetAside {
        self.settle(&Repeats::of(&self.blocks));
        let Self { blocks, mut aside, .. } = self;
        if aside.rows > 0 {
            aside.contradictions = blocks.count(State::Contradicted);
            aside.devices = aside.contradictions + blocks.count(State::Repeated);
        }
        SetAside { facts: self.dictionary.facts(), ..aside }
    }

    /// Marks the older rows of keys that may occur more than once.
    fn settle(&mut self, repeats: &Repeats) {
        let versions = self.versions.clone();
        let order = FactOrder::new(self.deciding, self.counted, versions, self.dictionary.facts());
        let Self { blocks, files, aside, .. } = self;
        let groups = repeats.suspects(blocks.len()).div_ceil(AT_ONCE).next_power_of_two() as u32;
        let mut suspects = Suspects::new();
        let mut changed = Vec::new();
        for group in 0..groups {
            for (block, hashes) in blocks.hashes().enumerate() {
                let suspect = |row| suspects.push(blocks.suspect(block, row));
                repeats.find(hashes, (group, groups), suspect);
            }
            let set_aside = |older: &Suspect, newer: &Suspect| {
                aside.add(older, [older, newer].map(|row| blocks.number(row.place)), files);
            };
            suspects.settle(&order, set_aside, |one| changed.push((one.place, one.row.state())));
            for (place, state) in changed.drain(..) {
                blocks.set_state(place, state);
            }
        }
    }
}

impl SetAside {
    fn add(&mut self, older: &Suspect, [number, newer]: [u64; 2], files: &[u64]) {
        self.rows += 1;
        let file = files.partition_point(|first| *first <= number);
        if let Some(rows) = file.checked_sub(1).and_then(|file| self.files.get_mut(file)) {
            *rows += 1;
        }
        let row_key = older.row_key as usize;
        self.by_row_key.resize(self.by_row_key.len().max(row_key + 1), 0);
        self.by_row_key[row_key] += 1;
        self.check_ins.add_last(older.row.check_in());
        self.numbers.grow_and_insert(number as usize);
        let (one, other) = (number.min(newer), number.max(newer));
        self.first.entry(other).or_insert(one);
        if self.first.len() > NAMED {
            self.first.pop_last();
        }
    }

    /// Returns the facts of the rows, and how many have them.
    pub fn facts(&self) -> impl Iterator<Item = (&Facts, u64)> {
        self.facts.iter().zip(self.by_row_key.iter().copied()).filter(|(_, rows)| *rows > 0)
    }

    /// Returns the last check-ins of the rows, by the day.
    pub fn check_ins(&self) -> &CheckIns {
        &self.check_ins
    }

    /// Returns true if the row with a number, from 0 in the order of all files, is set aside.
    pub fn contains(&self, number: u64) -> bool {
        usize::try_from(number).is_ok_and(|number| self.numbers.contains(number))
    }
}

impl KeyedRows {
    /// Adds the rows of a batch with keys, or of a file whose rows can have none.
    pub fn extend(&mut self, row_keys: &mut RowKeys, batch: &Batch) {
        if batch.device_keys().is_empty() {
            self.without += batch.len() as u64;
            return;
        }
        let RowKeys { dictionary, rows } = row_keys;
        let row_keys = rows.of_rows(batch, |facts| dictionary.key(facts));
        let rows = batch.device_keys().iter().zip(batch.last_check_ins()).zip(row_keys);
        let rows = rows.map(|((key, check_in), row_key)| {
            key.map_or(Stored::GONE, |key| Stored::new(key, *check_in, *row_key))
        });
        self.columns.add(rows, row_keys);
        if batch.projection().identity {
            self.columns.add_texts((0..batch.len()).map(|row| text_hash(batch, row)));
        }
    }
}

/// Returns a number that distinguishes rows that differ only in what a list shows of them.
fn text_hash(batch: &Batch, row: usize) -> u16 {
    // FNV-1a: names are short, and few of them are ever compared.
    let texts = [batch.id_text(row).as_bytes(), batch.name_text(row).as_bytes()];
    let bytes = texts.into_iter().flatten();
    let mix = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let hash = bytes.fold(0x811c_9dc5, mix);
    (hash >> 16 ^ hash) as u16
}

#[cfg(test)]
mod tests;

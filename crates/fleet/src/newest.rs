//! One row for each device: its newest.
//!
//! Every row with a key leaves 24 bytes in a table: key, check-in, facts and place. The table is
//! split by the key into partitions, each small enough to be searched in the cache; which rows are
//! set aside is found partition by partition, and what they had added to counts is taken out again.
//! So a fleet in which no device occurs twice costs little more than the table.

mod record;

use std::collections::BTreeMap;

use eligibility::facts::{FactSet, Facts};
use inventory::{Batch, CheckIns};

use crate::kinds::{Kinds, RowNumbers};
use record::{FactOrder, Record};

/// How many partitions there are, one for each value of the bits of a key that no record has.
const PARTITIONS: usize = 1 << record::PARTITION_BITS;

/// How many records are allocated at once.
const BLOCK: usize = 1 << 10;

/// After how many records in the table older rows are taken out for the first time.
const MANY: usize = 12_000_000;

/// How many devices with several rows are named.
const NAMED: usize = 5;

/// Finds the newest row of each device among the rows of inventories.
///
/// Of several rows with one key, that with the latest check-in counts, to the millisecond; a
/// check-in that is unknown comes before all others. Between rows with the same check-in the facts
/// decide: the later version of the operating system first, then, fact by fact in the order of
/// [`FactName::ALL`](eligibility::facts::FactName::ALL), what is known before what is one of several
/// values, and that before what is unknown, and the later value before the earlier; the facts that
/// decide come before those that are counted, and these before all others. So no order of rows,
/// files or threads changes the facts that count, nor does a list that has more facts. Two devices
/// share a key by mistake with a probability of 2⁻⁸⁰ for each pair.
#[derive(Debug)]
pub struct NewestRows {
    deciding: FactSet,
    counted: FactSet,
    kinds: Kinds,
    partitions: Vec<Vec<Vec<Record>>>,
    stored: usize,
    /// How many records there may be before older ones are taken out.
    limit: usize,
    /// The number of the next row, and that of the first row of each file.
    next: u64,
    files: Vec<u64>,
    aside: SetAside,
}

/// The numbers of the facts in the batches of one thread; a clone begins anew for another thread.
#[derive(Clone, Debug)]
pub struct KindNumbers {
    kinds: Kinds,
    rows: RowNumbers,
}

/// The rows of a part of an inventory, on their way into [`NewestRows`].
#[derive(Debug, Default)]
pub struct KeyedRows {
    records: Vec<Record>,
    /// How many rows come before them that can have no keys, in a file without a column for them.
    without: u64,
}

/// The rows that do not count, because a newer row of the same device does.
#[derive(Debug, Default)]
pub struct SetAside {
    /// How many rows there are.
    pub rows: u64,
    /// How many of them each file has, by its position; the last files may be missing.
    pub files: Vec<u64>,
    /// How many devices have more than one row.
    pub devices: u64,
    /// How many of those have two rows with the same latest check-in, of which facts that decide
    /// differ.
    pub contradictions: u64,
    /// The first devices with more than one row: the numbers of two of their rows, from 0.
    pub first: BTreeMap<u64, u64>,
    kinds: Vec<u64>,
    check_ins: CheckIns,
    numbers: Vec<u64>,
    facts: Vec<Facts>,
}

impl NewestRows {
    /// Knows no row yet; between rows with the same check-in, `deciding` facts come first, then
    /// `counted` ones, which are all that a [`Census`](crate::Census) tells apart.
    pub fn new(deciding: FactSet, counted: FactSet) -> Self {
        Self {
            deciding,
            counted,
            kinds: Kinds::default(),
            partitions: vec![Vec::new(); PARTITIONS],
            stored: 0,
            limit: MANY,
            next: 0,
            files: Vec::new(),
            aside: SetAside::default(),
        }
    }

    /// Returns what a thread begins with.
    pub fn numbers(&self) -> KindNumbers {
        KindNumbers { kinds: self.kinds.clone(), rows: RowNumbers::default() }
    }

    /// Takes rows in the order of their file, of which the position is given.
    ///
    /// # Panics
    ///
    /// If there are more rows than numbers of 32 bits.
    pub fn add(&mut self, file: usize, rows: KeyedRows) {
        while self.files.len() <= file {
            self.files.push(self.next);
            self.aside.files.push(0);
        }
        self.next += rows.without;
        for record in rows.records {
            let number = u32::try_from(self.next).expect("100 GB of memory end before numbers do");
            self.next += 1;
            let Some((partition, record)) = record.placed(number) else { continue };
            let blocks = &mut self.partitions[partition];
            if blocks.last().is_none_or(|block| block.len() == BLOCK) {
                blocks.push(Vec::with_capacity(BLOCK));
            }
            blocks.last_mut().expect("it was just put there").push(record);
            self.stored += 1;
        }
        if self.stored >= self.limit {
            self.settle();
            self.limit = MANY.max(2 * self.stored);
        }
    }

    /// Sets aside every row but the newest of each device.
    pub fn finish(mut self) -> SetAside {
        self.settle();
        let any = self.aside.rows > 0;
        let records = self.partitions.iter().flatten().flatten().filter(|_| any);
        for record in records.filter(|record| record.is_repeated()) {
            self.aside.devices += 1;
            self.aside.contradictions += u64::from(record.is_contradicted());
        }
        SetAside { facts: self.kinds.facts(), ..self.aside }
    }

    /// Takes out the older rows.
    fn settle(&mut self) {
        let order = FactOrder::new(self.deciding, self.counted, self.kinds.facts());
        let Self { partitions, files, aside, .. } = self;
        let mut table = Table::default();
        self.stored = 0;
        for blocks in partitions.iter_mut() {
            if table.settle(blocks, &order, |older, newer| aside.add(older, newer, files)) {
                let rest: Vec<Record> =
                    blocks.iter().flatten().filter(|one| !one.is_empty()).copied().collect();
                *blocks = rest
                    .chunks(BLOCK)
                    .map(|block| {
                        let mut room = Vec::with_capacity(BLOCK);
                        room.extend_from_slice(block);
                        room
                    })
                    .collect();
            }
            self.stored += blocks.iter().map(Vec::len).sum::<usize>();
        }
    }
}

/// Finds the records of a partition by their keys: positions in a hash table that is never more
/// than half full.
#[derive(Debug, Default)]
struct Table(Vec<u32>);

/// No record is at this position.
const FREE: u32 = u32::MAX;

impl Table {
    /// Empties every record that another one of the same device replaces; says whether there is
    /// any.
    fn settle(
        &mut self,
        blocks: &mut [Vec<Record>],
        order: &FactOrder,
        mut set_aside: impl FnMut(Record, Record),
    ) -> bool {
        let count: usize = blocks.iter().map(Vec::len).sum();
        let slots = (2 * count).next_power_of_two();
        self.0.clear();
        self.0.resize(slots, FREE);
        let mut any = false;
        for at in 0..count {
            let record = blocks[at / BLOCK][at % BLOCK];
            let mut slot = record.place() & (slots - 1);
            loop {
                let known = self.0[slot];
                if known == FREE {
                    self.0[slot] = u32::try_from(at).expect("a partition is far smaller");
                    break;
                }
                let known_at = known as usize;
                let other = blocks[known_at / BLOCK][known_at % BLOCK];
                if other.has_key_of(record) {
                    let (newer, older) = record.newest(other, order);
                    blocks[at / BLOCK][at % BLOCK] = Record::EMPTY;
                    blocks[known_at / BLOCK][known_at % BLOCK] = newer;
                    set_aside(older, newer);
                    any = true;
                    break;
                }
                slot = (slot + 1) & (slots - 1);
            }
        }
        any
    }
}

impl SetAside {
    fn add(&mut self, older: Record, newer: Record, files: &[u64]) {
        let number = older.number();
        self.rows += 1;
        let file = files.partition_point(|first| *first <= number);
        if let Some(rows) = file.checked_sub(1).and_then(|file| self.files.get_mut(file)) {
            *rows += 1;
        }
        let kind = older.kind() as usize;
        self.kinds.resize(self.kinds.len().max(kind + 1), 0);
        self.kinds[kind] += 1;
        self.check_ins.add_last(older.check_in());
        let (word, bit) = (number as usize / 64, number % 64);
        if word >= self.numbers.len() {
            self.numbers.resize(word + 1, 0);
        }
        self.numbers[word] |= 1 << bit;
        let (one, other) = (number.min(newer.number()), number.max(newer.number()));
        self.first.entry(other).or_insert(one);
        if self.first.len() > NAMED {
            self.first.pop_last();
        }
    }

    /// Returns the facts of the rows, and how many have them.
    pub fn facts(&self) -> impl Iterator<Item = (&Facts, u64)> {
        self.facts.iter().zip(self.kinds.iter().copied()).filter(|(_, rows)| *rows > 0)
    }

    /// Returns the last check-ins of the rows, by the day.
    pub fn check_ins(&self) -> &CheckIns {
        &self.check_ins
    }

    /// Returns true if the row with a number, from 0 in the order of all files, is set aside.
    pub fn contains(&self, number: u64) -> bool {
        let word = usize::try_from(number / 64).ok().and_then(|word| self.numbers.get(word));
        word.is_some_and(|word| word >> (number % 64) & 1 != 0)
    }
}

impl KeyedRows {
    /// Adds the rows of a batch with keys, or of a file whose rows can have none.
    pub fn extend(&mut self, numbers: &mut KindNumbers, batch: &Batch) {
        if batch.device_keys().is_empty() {
            self.without += batch.len() as u64;
            return;
        }
        let KindNumbers { kinds, rows } = numbers;
        let kinds = rows.of_rows(batch, |facts| kinds.number(facts));
        let keyed = batch.device_keys().iter().zip(batch.last_check_ins()).zip(kinds);
        self.records.extend(keyed.enumerate().map(|(row, ((key, check_in), kind))| match key {
            Some(key) => Record::new(*key, *check_in, *kind, text_hash(batch, row)),
            None => Record::EMPTY,
        }));
    }
}

/// Returns a number that tells rows apart that differ only in what a list shows of them.
fn text_hash(batch: &Batch, row: usize) -> u32 {
    if !batch.projection().identity {
        return 0;
    }
    // FNV-1a: names are short, and few of them are ever compared.
    let texts = [batch.id_text(row).as_bytes(), batch.name_text(row).as_bytes()];
    let bytes = texts.into_iter().flatten();
    bytes.fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests;

//! Joins facts files to the devices of inventories, whatever the format of either.
//!
//! The facts of a row are changed between its reader and the sink that consumes it, so that no reader
//! knows of it and no sink either. What several sources say of a fact is taken together; where no
//! value agrees with all of them, the fact is one of what they say, and that is noted.

use std::collections::{BTreeMap, HashMap};

use eligibility::classes::Classes;
use eligibility::facts::{Fact, FactName, FactSet, Facts, Platform, Value};
use fixedbitset::FixedBitSet;

use crate::batch::{Batch, Projection, Sink};
use crate::columns::JoinKey;
use crate::device_key::DeviceKey;
use crate::facts_table::{FactsTable, Said};
use crate::source::intune::management::narrowed;

/// Consumes rows as another sink does, with what facts files say of their devices.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'t, S> {
    sink: &'t S,
    tables: &'t [FactsTable],
}

/// The results of joining facts files to some rows, one for each file.
#[derive(Clone, Debug, Default)]
pub struct JoinedRows {
    tables: Vec<Part>,
}

#[derive(Clone, Debug, Default)]
struct Part {
    /// The entries of the rows, in their order.
    matched: Vec<u32>,
    contradictions: Vec<(u32, FactName, Fact<Value>)>,
}

/// The result of joining a facts file.
#[derive(Clone, Debug, Default)]
pub struct JoinedFacts {
    /// The entries that a device has.
    matched: FixedBitSet,
    /// For each statement that contradicts another source, what that one says.
    contradictions: BTreeMap<(u32, FactName), Fact<Value>>,
}

/// The result of joining a row of a facts file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It is about a device. The facts are those that contradict another source, with what that
    /// one says, which may be unknown: then no such device exists.
    Device(Vec<(FactName, Fact<Value>)>),
    /// Its key is blank, or a placeholder for none.
    NoKey,
    /// No device has its key.
    NoDevice,
    /// Several devices have its key.
    SeveralDevices,
}

impl<'t, S> Joining<'t, S> {
    /// Joins facts files to what a sink consumes.
    pub fn new(sink: &'t S, tables: &'t [FactsTable]) -> Self {
        Self { sink, tables }
    }
}

/// The memory of a thread: facts together with the statements about them.
#[derive(Debug, Default)]
pub struct Memory {
    epoch: u64,
    /// By the key of a distinct row and the number of the statement.
    keys: HashMap<(u32, u32), (u32, FactSet)>,
    /// The statements of one or more files, numbered.
    numbers: HashMap<Box<[Option<u32>]>, u32>,
}

impl<S: Sink> Sink for Joining<'_, S> {
    type Local = (S::Local, Memory);
    type Partial = (S::Partial, JoinedRows);

    fn projection(&self) -> Projection {
        let mut projection = keyed(self.sink.projection(), self.tables);
        if self.tables.is_empty() {
            return projection;
        }
        for table in self.tables {
            // A contradiction is found whether the fact is asked for or not.
            projection.facts = projection.facts.union(table.facts());
        }
        for fact in DEPENDENT {
            projection.facts.insert(fact);
        }
        projection
    }

    fn versions(&self) -> Option<Classes> {
        // Versions that are joined are compared with those of the inventory.
        self.sink.versions().filter(|_| self.tables.is_empty())
    }

    fn local(&self) -> Self::Local {
        (self.sink.local(), Memory::default())
    }

    fn partial(&self) -> Self::Partial {
        let tables = self.tables.iter().map(|_| Part::default()).collect();
        (self.sink.partial(), JoinedRows { tables })
    }

    fn consume(
        &self,
        (local, memory): &mut Self::Local,
        (partial, joined): &mut Self::Partial,
        batch: &mut Batch,
    ) {
        if memory.epoch != batch.epoch() {
            *memory = Memory { epoch: batch.epoch(), ..Memory::default() };
        }
        let keyed: Vec<Keyed<'_>> = keyed_tables(self.tables).collect();
        let mut entries = vec![None; keyed.len()];
        let rows = if keyed.is_empty() { 0 } else { batch.len() };
        for row in 0..rows {
            for (entry, keyed) in entries.iter_mut().zip(&keyed) {
                let table = keyed.table;
                *entry = find(*keyed, batch, row).filter(|entry| !table.is_ambiguous(*entry));
            }
            if entries.iter().any(Option::is_some) {
                self.join(memory, joined, batch, row, &entries);
            }
        }
        self.sink.consume(local, partial, batch);
    }
}

impl<S> Joining<'_, S> {
    /// Joins what the files say to a row.
    fn join(
        &self,
        memory: &mut Memory,
        joined: &mut JoinedRows,
        batch: &mut Batch,
        row: usize,
        entries: &[Option<u32>],
    ) {
        let number = memory.number(self.numbers(entries));
        let (own, key) = (batch.facts(row), batch.row_keys()[row]);
        let (key, contradictory) = *memory.keys.entry((key, number)).or_insert_with(|| {
            let (facts, contradictory) = combined(&own, self.said(entries).flatten());
            (batch.row_key(&facts), contradictory)
        });
        batch.row_keys_mut()[row] = key;
        for (keyed, entry) in keyed_tables(self.tables).zip(entries) {
            joined.tables[keyed.at].matched.extend(*entry);
        }
        if !contradictory.is_empty() {
            self.note(joined, entries, &own, contradictory);
        }
    }

    /// Returns the numbers of the statements of entries.
    fn numbers(&self, entries: &[Option<u32>]) -> Box<[Option<u32>]> {
        let entries = entries.iter().zip(keyed_tables(self.tables));
        entries.map(|(entry, keyed)| entry.map(|entry| keyed.table.number(entry))).collect()
    }

    /// Returns the statements of entries.
    fn said(&self, entries: &[Option<u32>]) -> impl Iterator<Item = Option<&Said>> {
        let entries = entries.iter().zip(keyed_tables(self.tables));
        entries
            .map(|(entry, Keyed { table, .. })| entry.map(|entry| table.said(table.number(entry))))
    }

    /// Notes the statements of files that contradict another source.
    fn note(
        &self,
        joined: &mut JoinedRows,
        entries: &[Option<u32>],
        own: &Facts,
        contradictory: FactSet,
    ) {
        let said: Vec<Facts> =
            self.said(entries).map(|said| said.map(Said::facts).unwrap_or_default()).collect();
        for ((at, entry), keyed) in entries.iter().enumerate().zip(keyed_tables(self.tables)) {
            let Some(entry) = entry else { continue };
            for fact in contradictory.iter() {
                let statement = said[at].get(fact);
                if statement == Fact::Unknown {
                    continue;
                }
                let others = said.iter().enumerate().filter(|(other, _)| *other != at);
                let others = others.map(|(_, facts)| facts.get(fact)).chain([own.get(fact)]);
                let against = others.filter(|other| other.and(statement).is_none());
                let against = against.reduce(Fact::or).unwrap_or_default();
                joined.tables[keyed.at].contradictions.push((*entry, fact, against));
            }
        }
    }
}

impl Memory {
    fn number(&mut self, said: Box<[Option<u32>]>) -> u32 {
        let next = u32::try_from(self.numbers.len()).expect("memory ends before numbers do");
        *self.numbers.entry(said).or_insert(next)
    }
}

/// Facts that follow from others, or contradict them.
const DEPENDENT: [FactName; 4] =
    [FactName::Platform, FactName::Management, FactName::Ownership, FactName::Supervised];

/// Returns what an inventory and facts files say together, and the facts on which they contradict each
/// other.
fn combined<'s>(own: &Facts, said: impl Iterator<Item = &'s Said>) -> (Facts, FactSet) {
    let said: Vec<Facts> = said.map(Said::facts).collect();
    let mut stated = *own;
    let (ios, ipados) = (Fact::Known(Platform::Ios), Fact::Known(Platform::Ipados));
    if own.platform == ios && said.iter().any(|said| said.platform == ipados) {
        // An OS column says `iOS` of iPads, too.
        stated.platform = ios.or(ipados);
    }
    let all = said.iter().fold(Said::default().with(&stated), Said::with);
    let (mut facts, mut contradictory) = (all.facts(), all.contradictory());
    // A mode that the platform does not have contradicts it; what the inventory says stays.
    for fact in [FactName::Management, FactName::Platform] {
        if !facts.possible() && facts.get(fact) != own.get(fact) {
            facts.set(fact, own.get(fact));
            contradictory.insert(fact);
        }
    }
    let changed = DEPENDENT.iter().any(|fact| facts.get(*fact) != own.get(*fact));
    (if changed { narrowed(facts) } else { facts }, contradictory)
}

/// Returns the projection with what it takes to find the entries of rows.
fn keyed(projection: Projection, tables: &[FactsTable]) -> Projection {
    let any = |key| tables.iter().any(|table| table.used_keys().contains(&key));
    Projection {
        keys: projection.keys || any(JoinKey::DeviceId),
        serial_numbers: any(JoinKey::SerialNumber),
        identity: projection.identity || any(JoinKey::DeviceName),
        ..projection
    }
}

/// A facts file with a key that some of its rows have.
#[derive(Clone, Copy)]
struct Keyed<'t> {
    /// The position of the file.
    at: usize,
    table: &'t FactsTable,
    key: JoinKey,
}

/// Returns the files, each once for every key that some of its rows have.
fn keyed_tables(tables: &[FactsTable]) -> impl Iterator<Item = Keyed<'_>> {
    tables.iter().enumerate().flat_map(|(at, table)| {
        table.used_keys().iter().map(move |key| Keyed { at, table, key: *key })
    })
}

/// Returns the entry of a row.
fn find(Keyed { table, key, .. }: Keyed<'_>, batch: &Batch, row: usize) -> Option<u32> {
    let key = match key {
        JoinKey::DeviceId => *batch.device_keys().get(row)?,
        JoinKey::SerialNumber => *batch.serial_numbers().get(row)?,
        JoinKey::DeviceName => DeviceKey::of_name(batch.name(row)),
    };
    table.entry(key?)
}

/// Finds out which keys several devices have, before anything is joined by serial number or name: a
/// device id is that of one device.
#[derive(Clone, Copy, Debug)]
pub struct Holders<'t> {
    tables: &'t [FactsTable],
}

/// The devices that have the keys of each facts file.
#[derive(Debug, Default)]
pub struct Held(Vec<HashMap<u32, Holder>>);

/// The holder of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// Rows of one device; without a key of its own, a row is a device.
    One(Option<DeviceKey>),
    Several,
}

impl<'t> Holders<'t> {
    /// Looks for the keys of these files.
    pub fn new(tables: &'t [FactsTable]) -> Self {
        Self { tables }
    }

    /// Returns true if the keys of a file may be those of several devices.
    pub fn needed(tables: &[FactsTable]) -> bool {
        keyed_tables(tables).any(|keyed| keyed.key != JoinKey::DeviceId)
    }
}

impl Sink for Holders<'_> {
    type Local = ();
    type Partial = Vec<Vec<(u32, Option<DeviceKey>)>>;

    fn projection(&self) -> Projection {
        keyed(Projection { keys: true, ..Projection::default() }, self.tables)
    }

    fn local(&self) {}

    fn partial(&self) -> Self::Partial {
        vec![Vec::new(); self.tables.len()]
    }

    fn consume(&self, (): &mut (), partial: &mut Self::Partial, batch: &mut Batch) {
        let keyed = keyed_tables(self.tables);
        for keyed in keyed.filter(|keyed| keyed.key != JoinKey::DeviceId) {
            let device = |row: usize| batch.device_keys().get(row).copied().flatten();
            let rows =
                (0..batch.len()).filter_map(|row| Some((find(keyed, batch, row)?, device(row))));
            partial[keyed.at].extend(rows);
        }
    }
}

impl Held {
    /// Adds the devices of the next rows.
    pub fn add(&mut self, held: Vec<Vec<(u32, Option<DeviceKey>)>>) {
        self.0.resize_with(held.len(), HashMap::new);
        for (known, held) in self.0.iter_mut().zip(held) {
            for (entry, device) in held {
                let same = Holder::One(device);
                known
                    .entry(entry)
                    .and_modify(|holder| {
                        if device.is_none() || *holder != same {
                            *holder = Holder::Several;
                        }
                    })
                    .or_insert(same);
            }
        }
    }

    /// Takes the keys that several devices have out of the files.
    pub fn finish(self, tables: &mut [FactsTable]) {
        for (table, known) in tables.iter_mut().zip(self.0) {
            let several = known.iter().filter(|(_, holder)| **holder == Holder::Several);
            several.for_each(|(entry, _)| table.set_ambiguous(*entry));
        }
    }
}

impl JoinedFacts {
    /// Returns a result for each file, with nothing joined yet.
    pub fn of(tables: &[FactsTable]) -> Vec<Self> {
        tables.iter().map(|_| Self::default()).collect()
    }

    /// Adds what was joined to the next rows, for all files.
    pub fn add(all: &mut [Self], rows: JoinedRows) {
        for (joined, part) in all.iter_mut().zip(rows.tables) {
            for entry in part.matched {
                joined.matched.grow_and_insert(entry as usize);
            }
            for (entry, fact, against) in part.contradictions {
                // Of several rows of a device the order does not matter.
                let other = joined.contradictions.entry((entry, fact)).or_insert(against);
                *other = against.min(*other);
            }
        }
    }

    fn is_matched(&self, entry: u32) -> bool {
        self.matched.contains(entry as usize)
    }

    /// Returns the number of rows of a file whose devices are in the inventories.
    pub fn matched(&self, table: &FactsTable) -> u64 {
        let entries = 0..u32::try_from(table.len()).unwrap_or(u32::MAX);
        entries.filter(|entry| self.is_matched(*entry)).map(|entry| table.rows_of(entry)).sum()
    }

    /// Returns the number of rows of a file whose key several devices have.
    pub fn ambiguous(table: &FactsTable) -> u64 {
        let entries = 0..u32::try_from(table.len()).unwrap_or(u32::MAX);
        let entries = entries.filter(|entry| table.is_ambiguous(*entry));
        entries.map(|entry| table.rows_of(entry)).sum()
    }

    /// Returns the number of statements of a file that contradict another source.
    pub fn contradictions(&self) -> u64 {
        self.contradictions.len() as u64
    }

    /// Returns the outcome of a row with a key.
    pub fn outcome(&self, table: &FactsTable, key: Option<DeviceKey>) -> Joined {
        let Some(entry) = key.and_then(|key| table.entry(key)) else { return Joined::NoKey };
        if table.is_ambiguous(entry) {
            return Joined::SeveralDevices;
        }
        if !self.is_matched(entry) {
            return Joined::NoDevice;
        }
        let found = FactName::ALL
            .iter()
            .filter_map(|fact| Some((*fact, *self.contradictions.get(&(entry, *fact))?)));
        Joined::Device(found.collect())
    }

    /// Returns the facts on which the rows with a key contradict each other.
    pub fn contradictory(table: &FactsTable, key: Option<DeviceKey>) -> FactSet {
        let entry = key.and_then(|key| table.entry(key));
        entry.map_or(FactSet::EMPTY, |entry| table.contradictions_of(entry))
    }
}

#[cfg(test)]
mod tests;

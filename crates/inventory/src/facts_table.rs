//! The statements of facts files, by the key of a device.
//!
//! A key takes some 60 bytes of memory, whatever its row says.

use std::collections::HashMap;

use eligibility::facts::{Fact, FactName, FactSet, Facts};
use fixedbitset::FixedBitSet;

use crate::batch::{Batch, Projection, Sink};
use crate::columns::JoinKey;
use crate::device_key::{DeviceKey, KeyHashing};
use crate::inventory::Inventory;

/// The rows of a facts file, by key.
///
/// Rows with the same key are taken together: what one leaves open, another may say. Where they
/// contradict each other, the fact is one of what they say.
///
/// ```
/// use std::num::NonZero;
///
/// use eligibility::facts::{Fact, ResetToken};
/// use inventory::{FactsTable, Inventory, JoinKey, Purpose};
///
/// let file = "Device ID,Reset token\n17,active\n18,lost\n17,active\n";
/// let inventory = Inventory::open_for(Purpose::Facts, file.as_bytes())?;
/// let mut table = FactsTable::new(&inventory).ok_or("it is no facts file")?;
/// let read = inventory.read(NonZero::<usize>::MIN, &table.sink(), |chunk| {
///     table.add(&chunk.partial);
///     Ok::<(), std::convert::Infallible>(())
/// });
/// read.map_err(|_| "it cannot be read")?;
/// assert_eq!((table.key(), table.rows(), table.repeated()), (JoinKey::DeviceId, 3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct FactsTable {
    keys: Vec<JoinKey>,
    /// Which of them any row has.
    used: Vec<JoinKey>,
    facts: FactSet,
    /// The entry of each key.
    entries: HashMap<DeviceKey, u32, KeyHashing>,
    /// For each entry, the position of its statement.
    said: Vec<u32>,
    /// The further rows of the entries with several.
    more: HashMap<u32, u64>,
    distinct: Distinct,
    /// A bit for each entry whose key several devices have.
    ambiguous: FixedBitSet,
    rows: u64,
    no_key: u64,
}

/// The distinct statements of rows.
#[derive(Debug, Default)]
struct Distinct {
    said: Vec<Said>,
    known: HashMap<Said, u32>,
}

/// The statements of one or more rows about a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Said {
    /// The facts of all statements together, without those that contradict each other.
    all: Facts,
    /// The facts of one of the statements, as far as it is known which one.
    any: Facts,
    /// The facts on which statements contradict each other.
    contradictory: FactSet,
}

/// Reads the rows of a facts file.
#[derive(Clone, Debug)]
pub struct FactsSink {
    keys: Vec<JoinKey>,
    facts: FactSet,
    /// True if the texts of keys are kept.
    texts: bool,
}

/// The rows of a chunk of a facts file: their keys, and what they say.
#[derive(Debug, Default)]
pub struct FactsRows {
    rows: Vec<(JoinKey, Option<DeviceKey>, Facts)>,
    texts: Vec<String>,
}

impl FactsTable {
    /// Returns an empty table for a facts file; `None` if the file was opened as an inventory.
    pub fn new(file: &Inventory<'_>) -> Option<Self> {
        let unknown = file.columns().unknown;
        let facts = FactName::ALL.iter().copied().filter(|fact| !unknown.contains(*fact));
        file.join_key()?;
        Some(Self {
            keys: file.join_keys().to_vec(),
            used: Vec::new(),
            facts: facts.collect(),
            entries: HashMap::default(),
            said: Vec::new(),
            more: HashMap::new(),
            distinct: Distinct::default(),
            ambiguous: FixedBitSet::new(),
            rows: 0,
            no_key: 0,
        })
    }

    /// Returns the sink that reads the rows.
    pub fn sink(&self) -> FactsSink {
        FactsSink { keys: self.keys.clone(), facts: self.facts, texts: false }
    }

    /// Returns a sink that also keeps the texts of keys.
    pub fn sink_with_texts(&self) -> FactsSink {
        FactsSink { texts: true, ..self.sink() }
    }

    /// Adds the next rows.
    ///
    /// # Panics
    ///
    /// If there are more than 4,294,967,294 keys.
    pub fn add(&mut self, rows: &FactsRows) {
        for (by, key, facts) in &rows.rows {
            self.rows += 1;
            let Some(key) = key else {
                self.no_key += 1;
                continue;
            };
            if !self.used.contains(by) {
                self.used.push(*by);
                self.used.sort_unstable();
            }
            let new = u32::try_from(self.said.len()).expect("memory ends before numbers do");
            let entry = *self.entries.entry(*key).or_insert(new);
            let before = if entry == new {
                self.said.push(0);
                Said::default()
            } else {
                *self.more.entry(entry).or_default() += 1;
                self.distinct.said[self.said[entry as usize] as usize]
            };
            self.said[entry as usize] = self.distinct.number(before.with(facts));
        }
    }

    /// Returns the key by which it identifies devices; a row whose cell is blank may have another one.
    pub fn key(&self) -> JoinKey {
        self.keys[0]
    }

    /// Returns the keys by which any of its rows identifies a device.
    pub fn used_keys(&self) -> &[JoinKey] {
        &self.used
    }

    /// Returns the facts that it has columns for.
    pub fn facts(&self) -> FactSet {
        self.facts
    }

    /// Returns the number of rows that were added.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Returns the number of rows without a key.
    pub fn no_key(&self) -> u64 {
        self.no_key
    }

    /// Returns the number of rows whose key an earlier row has.
    pub fn repeated(&self) -> u64 {
        self.more.values().sum()
    }

    /// Returns the number of keys whose rows contradict each other.
    pub fn contradictory(&self) -> u64 {
        let contradicts =
            |said: &&u32| !self.distinct.said[**said as usize].contradictory.is_empty();
        self.said.iter().filter(contradicts).count() as u64
    }

    /// Returns the number of different keys.
    pub(crate) fn len(&self) -> usize {
        self.said.len()
    }

    /// Returns the number of rows of an entry.
    pub(crate) fn rows_of(&self, entry: u32) -> u64 {
        1 + self.more.get(&entry).copied().unwrap_or_default()
    }

    /// Returns the entry of a key.
    #[inline]
    pub(crate) fn entry(&self, key: DeviceKey) -> Option<u32> {
        self.entries.get(&key).copied()
    }

    /// Returns true if several devices have the key of an entry, so that it is no key.
    #[inline]
    pub(crate) fn is_ambiguous(&self, entry: u32) -> bool {
        self.ambiguous.contains(entry as usize)
    }

    /// Marks an entry whose key several devices have.
    pub(crate) fn set_ambiguous(&mut self, entry: u32) {
        self.ambiguous.grow_and_insert(entry as usize);
    }

    /// Returns the number of the statement of an entry.
    #[inline]
    pub(crate) fn number(&self, entry: u32) -> u32 {
        self.said[entry as usize]
    }

    /// Returns the statement with a number.
    pub(crate) fn said(&self, number: u32) -> &Said {
        &self.distinct.said[number as usize]
    }

    /// Returns the facts on which the rows of an entry contradict each other.
    pub(crate) fn contradictions_of(&self, entry: u32) -> FactSet {
        self.said(self.number(entry)).contradictory
    }
}

impl Distinct {
    fn number(&mut self, said: Said) -> u32 {
        *self.known.entry(said).or_insert_with(|| {
            let number = u32::try_from(self.said.len()).expect("memory ends before numbers do");
            self.said.push(said);
            number
        })
    }
}

impl Said {
    /// Adds a statement. The order of statements does not matter.
    pub(crate) fn with(mut self, facts: &Facts) -> Self {
        for fact in FactName::ALL.iter().copied() {
            let said = facts.get(fact);
            if said == Fact::Unknown {
                continue;
            }
            let (all, any) = (self.all.get(fact), self.any.get(fact));
            // An unknown fact behind a statement is one that can be any of several versions.
            let first = any == Fact::Unknown && !self.contradictory.contains(fact);
            self.any.set(fact, if first { said } else { any.or(said) });
            match all.and(said) {
                Some(both) if !self.contradictory.contains(fact) => self.all.set(fact, both),
                _ => {
                    self.contradictory.insert(fact);
                    self.all.set(fact, Fact::Unknown);
                }
            }
        }
        self
    }

    /// Returns for each fact the value that agrees with all statements, or where there is none,
    /// with any of them.
    pub(crate) fn facts(&self) -> Facts {
        let mut facts = self.all;
        for fact in self.contradictory.iter() {
            facts.set(fact, self.any.get(fact));
        }
        facts
    }

    /// Returns the facts on which the statements contradict each other.
    pub(crate) fn contradictory(&self) -> FactSet {
        self.contradictory
    }
}

impl FactsRows {
    /// Returns the keys with their types and texts, of a sink that keeps them.
    pub fn keys(&self) -> impl Iterator<Item = (JoinKey, Option<DeviceKey>, &str)> {
        let keys = self.rows.iter().zip(self.texts.iter().map(String::as_str));
        keys.map(|((by, key, _), text)| (*by, *key, text))
    }

    /// Returns the facts of each row.
    pub fn facts(&self) -> impl Iterator<Item = &Facts> {
        self.rows.iter().map(|(_, _, facts)| facts)
    }
}

impl Sink for FactsSink {
    type Local = ();
    type Partial = FactsRows;

    fn projection(&self) -> Projection {
        // Contradictions within a row are found by all of its facts.
        Projection { facts: self.facts, identity: true, problems: true, ..Projection::default() }
    }

    fn local(&self) {}

    fn partial(&self) -> FactsRows {
        FactsRows::default()
    }

    fn consume(&self, (): &mut (), partial: &mut FactsRows, batch: &mut Batch) {
        for row in 0..batch.len() {
            let (id, name) = (batch.id(row), batch.name(row));
            let of = |by: JoinKey, text| (by, key_of(by, text), text);
            let (by, key, text) = match self.keys[..] {
                [by @ JoinKey::DeviceId] => of(by, id),
                [by] => of(by, name),
                [first, second, ..] => match (of(first, id), of(second, name)) {
                    ((_, None, _), other @ (_, Some(_), _)) => other,
                    (first, _) => first,
                },
                [] => continue,
            };
            if self.texts {
                partial.texts.push(text.to_owned());
            }
            partial.rows.push((by, key, batch.facts(row)));
        }
    }
}

fn key_of(by: JoinKey, text: &str) -> Option<DeviceKey> {
    match by {
        JoinKey::DeviceId => DeviceKey::of_id(text),
        JoinKey::SerialNumber => DeviceKey::of_serial_number(text),
        JoinKey::DeviceName => DeviceKey::of_name(text),
    }
}

#[cfg(test)]
mod tests {
    use eligibility::facts::{Ownership, ResetToken};
    use proptest::prelude::*;

    use super::*;

    fn any_facts() -> impl Strategy<Value = Facts> {
        let versions = proptest::sample::select(&["7", "8", ""][..]);
        let owners =
            proptest::sample::select(&["corporate", "personal", "", "corporate|personal"][..]);
        let tokens = proptest::sample::select(&["active|lost", "lost", "", "active|pending"][..]);
        (versions, owners, tokens).prop_map(|(version, owner, token)| {
            let mut facts = Facts::default();
            let texts = [
                (FactName::OsVersion, version),
                (FactName::Ownership, owner),
                (FactName::ResetToken, token),
            ];
            for (fact, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
                facts.set(fact, fact.parse_fact(text, '|').unwrap());
            }
            facts
        })
    }

    proptest! {
        #[test]
        fn the_order_of_statements_does_not_matter(
            (rows, shuffled) in proptest::collection::vec(any_facts(), 0..6).prop_flat_map(|rows| {
                (Just(rows.clone()), Just(rows).prop_shuffle())
            }),
        ) {
            let said = |rows: &[Facts]| rows.iter().fold(Said::default(), Said::with);
            prop_assert_eq!(said(&rows), said(&shuffled));
        }
    }

    #[test]
    fn a_contradiction_is_one_of_what_is_said_and_stays_one() {
        let owned = |owner| Facts { ownership: Fact::Known(owner), ..Facts::default() };
        let token = Facts { reset_token: Fact::Known(ResetToken::Lost), ..Facts::default() };
        let one = Said::default().with(&owned(Ownership::Corporate)).with(&token);
        assert_eq!(one.facts().ownership, Fact::Known(Ownership::Corporate));
        assert_eq!(one.facts().reset_token, Fact::Known(ResetToken::Lost));
        let both = one.with(&owned(Ownership::Personal)).with(&owned(Ownership::Corporate));
        let either = Fact::one_of([Ownership::Corporate, Ownership::Personal]);
        assert_eq!(both.facts().ownership, either);
        assert!(both.contradictory().contains(FactName::Ownership));
        assert!(!both.contradictory().contains(FactName::ResetToken));
    }
}

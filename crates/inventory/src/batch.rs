//! Rows as columns: the seam between reading and planning.
//!
//! A reader fills [`Batch`]es in whatever way its format makes cheap; a [`Sink`] consumes them
//! without knowing the format.

mod facts_hash;
mod sink;
mod texts;

use std::collections::HashMap;

use eligibility::classes::Classes;
use eligibility::facts::{Fact, FactName, Facts, Value};

use crate::check_ins::{CheckIns, LastCheckIn};
use crate::device_key::{DeviceKey, KeyCounts};
use crate::reader::Row;

pub use facts_hash::{FactsHasher, FactsState};
pub use sink::{Projection, Sink};
pub use texts::{RowText, is_formula};
pub(crate) use texts::{TextSort, Texts};

/// The number of facts.
const FACTS: usize = FactName::ALL.len();

/// The number of keys of one fact after which a batch must be [reset](Batch::reset).
const MAX_KEYS: usize = 1 << 15;

/// The number of distinct rows after which it must.
const MAX_DISTINCT_ROWS: usize = 1 << 18;

/// Rows that were understood, column by column, in the order of the file.
///
/// A batch has its facts in one of two forms, whichever is cheaper for its reader. In a batch
/// [by columns](Self::new), each fact of a row is a key into the [`dictionary`](Self::dictionary)
/// of that fact. In a batch [by distinct rows](Self::by_row_key), a row has a single key into
/// [`distinct_rows`](Self::distinct_rows). Keys stay the same from batch to batch of one thread as
/// long as the [`epoch`](Self::epoch) does: dictionaries only grow.
///
/// ```
/// use eligibility::facts::{Fact, FactName, Ownership};
/// use inventory::{Batch, Projection, Row};
///
/// let facts = [FactName::Ownership].into_iter().collect();
/// let projection = Projection { facts, identity: true, ..Projection::default() };
/// let mut batch = Batch::new(projection);
/// let mut row = Row { device_id: "17".to_owned(), ..Row::default() };
/// row.facts.ownership = Fact::Known(Ownership::Personal);
/// batch.push(&row);
/// let key = batch.keys(FactName::Ownership)[0];
/// let value = batch.dictionary(FactName::Ownership)[usize::from(key)];
/// assert_eq!(value, row.facts.get(FactName::Ownership));
/// assert_eq!(batch.id(0), "17");
/// ```
#[derive(Debug)]
pub struct Batch {
    projection: Projection,
    /// The classes of versions, if not all are told apart.
    versions: Option<Classes>,
    pub(crate) rows: usize,
    keys: [Vec<u16>; FACTS],
    dictionaries: [Vec<Fact<Value>>; FACTS],
    known: [HashMap<Fact<Value>, u16>; FACTS],
    epoch: u64,
    distinct: Option<DistinctRows>,
    pub(crate) ids: Texts,
    pub(crate) names: Texts,
    pub(crate) carried: Vec<Texts>,
    pub(crate) device_keys: Vec<Option<DeviceKey>>,
    pub(crate) last_check_ins: Vec<LastCheckIn>,
    pub(crate) serial_numbers: Vec<Option<DeviceKey>>,
    pub(crate) keyed: KeyCounts,
    pub(crate) check_ins: CheckIns,
    /// The bytes of the file in which texts may stand.
    pub(crate) bytes: Vec<u8>,
}

/// Rows by what is known of them.
#[derive(Debug, Default)]
struct DistinctRows {
    keys: Vec<u32>,
    facts: Vec<Facts>,
    known: HashMap<Facts, u32, FactsState>,
}

impl DistinctRows {
    fn number(&mut self, facts: &Facts) -> u32 {
        *self.known.entry(*facts).or_insert_with(|| {
            let key = u32::try_from(self.facts.len()).expect("a full batch is reset in time");
            self.facts.push(*facts);
            key
        })
    }
}

impl Batch {
    /// Returns a batch by columns, without rows.
    pub fn new(projection: Projection) -> Self {
        let check_ins = projection.check_ins || projection.keys;
        let mut batch = Self {
            projection: Projection { check_ins, ..projection },
            versions: None,
            rows: 0,
            keys: Default::default(),
            dictionaries: Default::default(),
            known: Default::default(),
            epoch: 0,
            distinct: None,
            ids: Texts::default(),
            names: Texts::default(),
            carried: (0..projection.carried).map(|_| Texts::default()).collect(),
            device_keys: Vec::new(),
            last_check_ins: Vec::new(),
            serial_numbers: Vec::new(),
            keyed: KeyCounts::default(),
            check_ins: CheckIns::default(),
            bytes: Vec::new(),
        };
        batch.number_unknown();
        batch
    }

    /// Returns a batch by distinct rows, without rows.
    pub fn by_row_key(projection: Projection) -> Self {
        Self { distinct: Some(DistinctRows::default()), ..Self::new(projection) }
    }

    /// Takes one version of each class for all others.
    pub(crate) fn with_versions(self, versions: Option<Classes>) -> Self {
        Self { versions, ..self }
    }

    /// Returns the classes of versions, if not all are told apart.
    pub(crate) fn versions(&self) -> Option<&Classes> {
        self.versions.as_ref()
    }

    /// Returns what stands for all that is not told apart from a fact.
    fn representative(&self, fact: FactName, value: Fact<Value>) -> Fact<Value> {
        let classes = self.versions().filter(|classes| classes.fact() == fact);
        classes.map_or(value, |classes| classes.representative(value))
    }

    /// Returns what the batch has of each row.
    pub fn projection(&self) -> Projection {
        self.projection
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Returns true if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Returns the position of each row in [`distinct_rows`](Self::distinct_rows), if this is a
    /// batch by distinct rows.
    pub fn row_keys(&self) -> Option<&[u32]> {
        self.distinct.as_ref().map(|rows| rows.keys.as_slice())
    }

    /// Returns the facts of each kind so far; empty in a batch by columns.
    pub fn distinct_rows(&self) -> &[Facts] {
        self.distinct.as_ref().map_or(&[], |rows| &rows.facts)
    }

    /// Returns the distinct row with these facts, without those that are not projected.
    pub(crate) fn row_key(&mut self, facts: &Facts) -> u32 {
        let projected = self.projected(facts);
        self.distinct.get_or_insert_default().number(&projected)
    }

    /// Returns the column of the kinds, for a source that fills it itself.
    pub(crate) fn row_keys_mut(&mut self) -> &mut Vec<u32> {
        &mut self.distinct.get_or_insert_default().keys
    }

    fn projected(&self, facts: &Facts) -> Facts {
        let mut only = Facts::default();
        for fact in self.projection.facts.iter() {
            only.set(fact, self.representative(fact, facts.get(fact)));
        }
        only
    }

    /// Returns the key of a fact in each row; empty unless the fact is projected and the batch is
    /// by columns.
    pub fn keys(&self, fact: FactName) -> &[u16] {
        &self.keys[fact as usize]
    }

    /// Returns what the keys of a fact mean; key 0 is always "unknown".
    pub fn dictionary(&self, fact: FactName) -> &[Fact<Value>] {
        &self.dictionaries[fact as usize]
    }

    /// Changes whenever keys get a new meaning.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Returns the id of a device; empty unless it is projected.
    pub fn id(&self, row: usize) -> &str {
        self.id_text(row).as_str()
    }

    /// Returns the id of a device, with what is known of its form.
    #[inline]
    pub fn id_text(&self, row: usize) -> RowText<'_> {
        self.ids.get(row, &self.bytes).unprotected(self.projection.protected)
    }

    /// Returns the name of a device; empty unless it is projected.
    pub fn name(&self, row: usize) -> &str {
        self.name_text(row).as_str()
    }

    /// Returns the name of a device, with what is known of its form.
    #[inline]
    pub fn name_text(&self, row: usize) -> RowText<'_> {
        self.names.get(row, &self.bytes).unprotected(self.projection.protected)
    }

    /// Returns the text of a row in a [carried](crate::Inventory::carry) column, with what is known
    /// of its form; blank where the file does not have it.
    #[inline]
    pub fn carried_text(&self, column: usize, row: usize) -> RowText<'_> {
        self.carried[column].get(row, &self.bytes).unprotected(self.projection.protected)
    }

    /// Returns the key of each device; empty unless keys are projected and the file has a column
    /// for them.
    pub fn device_keys(&self) -> &[Option<DeviceKey>] {
        &self.device_keys
    }

    /// Returns the last check-in of each device; empty unless check-ins or keys are projected.
    pub fn last_check_ins(&self) -> &[LastCheckIn] {
        &self.last_check_ins
    }

    /// Returns the key of the serial number of each device; empty unless it is projected and the
    /// file has a column for it.
    pub fn serial_numbers(&self) -> &[Option<DeviceKey>] {
        &self.serial_numbers
    }

    /// Replaces the projected facts of a row of a batch by columns.
    pub(crate) fn set_facts(&mut self, row: usize, facts: &Facts) {
        for fact in self.projection.facts.iter() {
            let key = self.key(fact, facts.get(fact));
            self.keys[fact as usize][row] = key;
        }
    }

    /// Returns the projected facts of a row.
    pub fn facts(&self, row: usize) -> Facts {
        if let Some(distinct) = &self.distinct {
            return distinct.facts[distinct.keys[row] as usize];
        }
        let mut facts = Facts::default();
        for fact in self.projection.facts.iter() {
            let key = self.keys(fact)[row];
            facts.set(fact, self.dictionary(fact)[usize::from(key)]);
        }
        facts
    }

    /// Adds one row.
    pub fn push(&mut self, row: &Row) {
        if self.distinct.is_some() {
            let key = self.row_key(&row.facts);
            self.row_keys_mut().push(key);
        } else {
            for fact in self.projection.facts.iter() {
                let key = self.key(fact, row.facts.get(fact));
                self.keys[fact as usize].push(key);
            }
        }
        if self.projection.identity {
            self.ids.push(&row.device_id);
            self.names.push(&row.device_name);
        }
        for (texts, text) in self.carried.iter_mut().zip(&row.carried) {
            texts.push(text);
        }
        if self.projection.keys {
            let key = row.key();
            self.keyed.count(&row.device_id, key);
            self.device_keys.push(key);
        }
        if self.projection.check_ins {
            self.last_check_ins.push(row.last_check_in.into());
        }
        if self.projection.serial_numbers {
            self.serial_numbers.push(DeviceKey::of_serial_number(&row.serial_number));
        }
        if let Some(timestamp) = row.last_check_in.known() {
            self.check_ins.add(timestamp);
        }
        self.rows += 1;
    }

    /// Returns the key of a value, which is a new one if the value is.
    ///
    /// # Panics
    ///
    /// If a source adds tens of thousands of values without making room, see
    /// [`is_full`](Self::is_full).
    pub fn key(&mut self, fact: FactName, value: Fact<Value>) -> u16 {
        let value = self.representative(fact, value);
        let dictionary = &mut self.dictionaries[fact as usize];
        *self.known[fact as usize].entry(value).or_insert_with(|| {
            let key = u16::try_from(dictionary.len()).expect("a full batch is reset in time");
            dictionary.push(value);
            key
        })
    }

    /// Returns the column of a fact, for a source that fills it itself; every column must get as
    /// many keys before [`fill`](Self::fill).
    pub fn column_mut(&mut self, fact: FactName) -> &mut Vec<u16> {
        &mut self.keys[fact as usize]
    }

    /// Sets the number of rows to `rows`: longer columns are cut, shorter ones are unknown in
    /// what is missing.
    pub fn fill(&mut self, rows: usize) {
        if let Some(distinct) = &mut self.distinct {
            distinct.keys.truncate(rows);
        } else {
            for fact in self.projection.facts.iter() {
                self.keys[fact as usize].resize(rows, 0);
            }
        }
        if self.projection.identity {
            self.ids.resize(rows);
            self.names.resize(rows);
        }
        self.carried.iter_mut().for_each(|texts| texts.resize(rows));
        if self.projection.keys {
            self.device_keys.resize(rows, None);
        }
        if self.projection.check_ins {
            self.last_check_ins.resize(rows, LastCheckIn::default());
        }
        if self.projection.serial_numbers {
            self.serial_numbers.resize(rows, None);
        }
        self.rows = rows;
    }

    /// Removes the rows, and keeps the keys.
    pub fn clear(&mut self) {
        self.fill(0);
        self.keyed = KeyCounts::default();
        self.check_ins = CheckIns::default();
    }

    /// Returns true if the dictionary is full and must be reset before the next batch.
    pub fn is_full(&self) -> bool {
        let values = self.dictionaries.iter().map(Vec::len).max().unwrap_or_default();
        values >= MAX_KEYS || self.distinct_rows().len() >= MAX_DISTINCT_ROWS
    }

    /// Removes the rows and the keys.
    pub fn reset(&mut self) {
        self.clear();
        self.known.iter_mut().for_each(HashMap::clear);
        self.dictionaries.iter_mut().for_each(Vec::clear);
        if self.distinct.is_some() {
            self.distinct = Some(DistinctRows::default());
        }
        self.epoch += 1;
        self.number_unknown();
    }

    fn number_unknown(&mut self) {
        for fact in FactName::ALL {
            self.key(*fact, Fact::Unknown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_cut_off_leave_no_text_behind() {
        let mut batch = Batch::new(Projection { identity: true, ..Projection::default() });
        for name in ["a", "b", "c"] {
            let row = Row { device_name: name.to_owned(), ..Row::default() };
            batch.push(&row);
        }
        batch.fill(1);
        batch.push(&Row { device_name: "d".to_owned(), ..Row::default() });
        assert_eq!((batch.name(0), batch.name(1), batch.name(2)), ("a", "d", ""));
        batch.clear();
        assert!(batch.is_empty());
    }

    #[test]
    fn codes_are_kept_until_they_are_forgotten() {
        let facts = [FactName::OsVersion].into_iter().collect();
        let mut batch = Batch::new(Projection { facts, ..Projection::default() });
        let version = |text| Fact::Known(FactName::OsVersion.parse(text).unwrap());
        assert_eq!(batch.key(FactName::OsVersion, Fact::Unknown), 0);
        assert_eq!(batch.key(FactName::OsVersion, version("7")), 1);
        batch.clear();
        assert_eq!(batch.key(FactName::OsVersion, version("7.0")), 1);
        let epoch = batch.epoch();
        batch.reset();
        assert_ne!(batch.epoch(), epoch);
        assert_eq!(batch.key(FactName::OsVersion, version("8")), 1);
        assert_eq!(batch.dictionary(FactName::OsVersion), [Fact::Unknown, version("8")]);
    }
}

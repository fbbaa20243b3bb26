//! Rows as columns: the seam between reading and planning.
//!
//! A reader fills [`Batch`]es in whatever way its format makes cheap; a [`Sink`] consumes them
//! without knowing the format.

mod distinct_facts;
mod facts_hash;
mod sink;
mod texts;

use eligibility::classes::Classes;
use eligibility::facts::{Fact, FactName, Facts, Value};

use crate::check_ins::{CheckIns, LastCheckIn};
use crate::device_key::{DeviceKey, KeyCounts};
use crate::reader::Row;

pub use distinct_facts::DistinctFacts;
pub use facts_hash::{FactsHasher, FactsState};
pub use sink::{Projection, Sink};
pub use texts::{RowText, is_formula};
pub(crate) use texts::{TextSort, Texts};

/// The number of distinct rows after which a batch must be [reset](Batch::reset).
const MAX_DISTINCT_ROWS: usize = 1 << 18;

/// Rows that were understood, column by column, in the order of the file.
///
/// Few rows differ in what is known of them, so each has a [key](Self::row_keys) into the
/// [distinct rows](Self::distinct_rows). Keys stay the same from batch to batch of one thread as long
/// as the [`epoch`](Self::epoch) does: distinct rows are only added.
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
/// let key = batch.row_keys()[0];
/// assert_eq!(batch.distinct_rows()[key as usize], row.facts);
/// assert_eq!(batch.id(0), "17");
/// ```
#[derive(Debug)]
pub struct Batch {
    projection: Projection,
    /// The classes of versions, if not all are distinguished.
    versions: Option<Classes>,
    keys: Vec<u32>,
    distinct: DistinctFacts,
    epoch: u64,
    pub(crate) ids: Texts,
    pub(crate) names: Texts,
    pub(crate) carried: Vec<Texts>,
    pub(crate) device_keys: Vec<Option<DeviceKey>>,
    pub(crate) last_check_ins: Vec<LastCheckIn>,
    pub(crate) serial_numbers: Vec<Option<DeviceKey>>,
    pub(crate) keyed: KeyCounts,
    pub(crate) check_ins: CheckIns,
    /// The bytes of the file that texts may refer to.
    pub(crate) bytes: Vec<u8>,
}

impl Batch {
    /// Returns a batch without rows.
    pub fn new(projection: Projection) -> Self {
        let check_ins = projection.check_ins || projection.keys;
        Self {
            projection: Projection { check_ins, ..projection },
            versions: None,
            keys: Vec::new(),
            distinct: DistinctFacts::default(),
            epoch: 0,
            ids: Texts::default(),
            names: Texts::default(),
            carried: (0..projection.carried).map(|_| Texts::default()).collect(),
            device_keys: Vec::new(),
            last_check_ins: Vec::new(),
            serial_numbers: Vec::new(),
            keyed: KeyCounts::default(),
            check_ins: CheckIns::default(),
            bytes: Vec::new(),
        }
    }

    /// Takes one version of each class for all others.
    pub(crate) fn with_versions(self, versions: Option<Classes>) -> Self {
        Self { versions, ..self }
    }

    /// Returns the classes of versions, if not all are distinguished.
    pub(crate) fn versions(&self) -> Option<&Classes> {
        self.versions.as_ref()
    }

    /// Returns the value that represents all values of a fact that are not distinguished from it.
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
        self.keys.len()
    }

    /// Returns true if there are no rows.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns the position of each row in [`distinct_rows`](Self::distinct_rows).
    pub fn row_keys(&self) -> &[u32] {
        &self.keys
    }

    /// Returns the different facts of all rows of this epoch.
    pub fn distinct_rows(&self) -> &[Facts] {
        self.distinct.all()
    }

    /// Returns the key of the distinct row with these facts, without those that are not projected.
    pub(crate) fn row_key(&mut self, facts: &Facts) -> u32 {
        let projected = self.projected(facts);
        self.distinct.key(&projected)
    }

    /// Returns the keys of the rows, for a source that adds or changes them itself.
    pub(crate) fn row_keys_mut(&mut self) -> &mut Vec<u32> {
        &mut self.keys
    }

    /// Returns facts without those that are not projected.
    pub(crate) fn projected(&self, facts: &Facts) -> Facts {
        let mut only = Facts::default();
        for fact in self.projection.facts.iter() {
            only.set(fact, self.representative(fact, facts.get(fact)));
        }
        only
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

    /// Returns the projected facts of a row.
    pub fn facts(&self, row: usize) -> Facts {
        self.distinct_rows()[self.keys[row] as usize]
    }

    /// Adds one row.
    pub fn push(&mut self, row: &Row) {
        let key = self.row_key(&row.facts);
        self.keys.push(key);
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
    }

    /// Cuts the batch to a number of rows, whose keys are there; columns with fewer are blank in what
    /// is missing.
    pub(crate) fn fill(&mut self, rows: usize) {
        self.keys.truncate(rows);
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
    }

    /// Removes the rows, and keeps the keys.
    pub fn clear(&mut self) {
        self.fill(0);
        self.keyed = KeyCounts::default();
        self.check_ins = CheckIns::default();
    }

    /// Returns true if there are too many distinct rows, so that the batch must be reset before the
    /// next rows.
    pub fn is_full(&self) -> bool {
        self.distinct_rows().len() >= MAX_DISTINCT_ROWS
    }

    /// Removes the rows and the keys.
    pub fn reset(&mut self) {
        self.clear();
        self.distinct.clear();
        self.epoch += 1;
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
    fn keys_stay_the_same_until_the_batch_is_reset() {
        let facts = [FactName::OsVersion].into_iter().collect();
        let mut batch = Batch::new(Projection { facts, ..Projection::default() });
        let with_version = |text| {
            let mut facts = Facts::default();
            facts.set(FactName::OsVersion, Fact::Known(FactName::OsVersion.parse(text).unwrap()));
            facts
        };
        let (none, seven, eight) = (Facts::default(), with_version("7"), with_version("8"));
        assert_eq!((batch.row_key(&none), batch.row_key(&seven)), (0, 1));
        batch.clear();
        assert_eq!(batch.row_key(&with_version("7.0")), 1);
        let epoch = batch.epoch();
        batch.reset();
        assert_ne!(batch.epoch(), epoch);
        assert_eq!(batch.row_key(&eight), 0);
        assert_eq!(batch.distinct_rows(), [eight]);
    }
}

//! Rows as columns: the seam between reading and planning.
//!
//! A reader fills [`Batch`]es in whatever way its format makes cheap; a [`Sink`] consumes them
//! without knowing the format.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use eligibility::facts::{Fact, FactName, FactSet, Facts, Value};

use crate::check_ins::{CheckIns, LastCheckIn};
use crate::columns::Layout;
use crate::device_key::{DeviceKey, KeyCounts};
use crate::reader::{Format, Row};
use crate::spelling::header::Column;

/// The number of facts.
const FACTS: usize = FactName::ALL.len();

/// The number of keys of one fact after which a batch must be [reset](Batch::reset).
const MAX_KEYS: usize = 1 << 15;

/// The number of distinct rows after which it must.
const MAX_DISTINCT_ROWS: usize = 1 << 18;

/// Consumes the rows of an inventory, chunk by chunk.
///
/// A file is cut into chunks that threads share. A thread has its own [`Local`](Self::Local) state
/// and calls [`consume`](Self::consume) for every batch of a chunk. Where the rows of a chunk begin
/// may be a guess; only chunks that were cut rightly are kept, in the order of the file, and the
/// partial results of the others are dropped.
pub trait Sink: Sync {
    /// The state of one thread, kept from chunk to chunk, such as the meaning of its keys.
    type Local: Send;
    /// The partial result of one chunk.
    type Partial: Send;

    /// Returns which facts and texts the batches must have.
    fn projection(&self) -> Projection;

    /// Returns the state that a thread begins with.
    fn local(&self) -> Self::Local;

    /// Returns the partial result that a chunk begins with.
    fn partial(&self) -> Self::Partial;

    /// Adds the next rows of a chunk to its partial result.
    ///
    /// A sink that hands the batch on to another may change its facts before.
    fn consume(&self, local: &mut Self::Local, partial: &mut Self::Partial, batch: &mut Batch);
}

/// The part of each row that a batch carries. Everything else is checked all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// The facts.
    pub facts: FactSet,
    /// The device's id and name.
    pub identity: bool,
    /// The device's key and last check-in, which tell rows of the same device apart.
    pub keys: bool,
    /// The key of the serial number alone, by which facts may be joined.
    pub serial_numbers: bool,
    /// Whether a [`Chunk`](crate::Chunk) lists all cells that were not understood. They are counted
    /// all the same.
    pub problems: bool,
    /// Whether an apostrophe before what a spreadsheet takes for a formula is no part of a text, see
    /// [`is_formula`]. The file decides, whatever a sink says.
    pub protected: bool,
    /// How many columns are [carried](crate::Inventory::carry). The file decides as well.
    pub carried: usize,
}

impl Projection {
    /// Returns what of it a file with these columns can have.
    pub(crate) fn among(self, layout: &Layout) -> Self {
        let serial_numbers = self.serial_numbers && layout.column(Column::SerialNumber).is_some();
        let protected = layout.format == Format::Tidy;
        let carried = layout.carried.len();
        Self { keys: self.keys && layout.has_keys(), serial_numbers, protected, carried, ..self }
    }
}

/// Returns true if a text begins as what a spreadsheet takes for a formula, perhaps behind
/// apostrophes.
///
/// Tidy CSV has one more apostrophe before such a text, so that opening it runs nothing; the characters
/// are those of <https://owasp.org/www-community/attacks/CSV_Injection> that a trimmed text can begin
/// with.
///
/// ```
/// use inventory::is_formula;
///
/// assert!(is_formula(b"=1+1") && is_formula(b"'-2"));
/// assert!(!is_formula(b"Ada's phone") && !is_formula(b"'t Hooft"));
/// ```
#[inline]
pub fn is_formula(text: &[u8]) -> bool {
    let first = text.iter().find(|byte| **byte != b'\'');
    first.is_some_and(|byte| b"=+-@".contains(byte))
}

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

/// Begins to mix facts from a number that differs from process to process, so that no file can be
/// made for which a table is slow.
///
/// ```
/// use std::collections::HashMap;
///
/// use eligibility::facts::Facts;
/// use inventory::FactsState;
///
/// let mut numbers: HashMap<Facts, u32, FactsState> = HashMap::default();
/// numbers.insert(Facts::default(), 17);
/// assert_eq!(numbers[&Facts::default()], 17);
/// ```
#[derive(Clone, Debug)]
pub struct FactsState(u64);

impl Default for FactsState {
    fn default() -> Self {
        Self(RandomState::new().hash_one(()))
    }
}

impl BuildHasher for FactsState {
    type Hasher = FactsHasher;

    fn build_hasher(&self) -> FactsHasher {
        FactsHasher(self.0)
    }
}

/// Mixes facts, or the codes of facts, by a multiplication for each word.
#[derive(Clone, Copy, Debug)]
pub struct FactsHasher(u64);

impl Hasher for FactsHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u16(&mut self, word: u16) {
        self.write_u64(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write_u64(&mut self, word: u64) {
        // 2⁶⁴ divided by the golden ratio; the upper half, where the bits of all words meet, also
        // goes into the lower one, from which a table takes its place.
        let mixed = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
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
        let mut batch = Self {
            projection,
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
            only.set(fact, facts.get(fact));
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

    /// Returns the last check-in of each device that has a place in
    /// [`device_keys`](Self::device_keys).
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
            self.last_check_ins.push(row.last_check_in.into());
        }
        if self.projection.serial_numbers {
            self.serial_numbers.push(DeviceKey::of_serial_number(&row.serial_number));
        }
        if let Some(moment) = row.last_check_in.known() {
            self.check_ins.add(moment);
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

/// A text of a row.
#[derive(Clone, Copy, Debug)]
pub struct RowText<'b> {
    /// The text, and what happens to stand behind it.
    bytes: &'b [u8],
    length: usize,
    bare: bool,
}

impl<'b> RowText<'b> {
    /// Returns the text.
    pub fn as_str(self) -> &'b str {
        str::from_utf8(self.as_bytes()).expect("every source checks its texts")
    }

    /// Returns its bytes, which are UTF-8.
    #[inline]
    pub fn as_bytes(self) -> &'b [u8] {
        &self.bytes[..self.length]
    }

    /// Returns the text without the apostrophe that protects it, if it may have one.
    #[inline]
    fn unprotected(self, protected: bool) -> Self {
        match self.as_bytes() {
            [b'\'', rest @ ..] if protected && is_formula(rest) => {
                Self { bytes: &self.bytes[1..], length: self.length - 1, ..self }
            }
            _ => self,
        }
    }

    /// Returns true if it surely has no comma, quote or line end: it stood in a CSV without quotes.
    #[inline]
    pub fn is_bare(self) -> bool {
        self.bare
    }

    /// Returns the length of the text, and so many bytes of which it is the beginning, so that they
    /// can be copied without a loop; `None` if it is longer, or if not as many stand there.
    #[inline]
    pub fn head<const N: usize>(self) -> Option<(usize, &'b [u8; N])> {
        let head = self.bytes.first_chunk()?;
        (self.length <= N).then_some((self.length, head))
    }
}

/// The texts of a column: some of their own, some in the bytes of the file.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    own: Vec<u8>,
    places: Vec<TextPlace>,
}

#[derive(Clone, Copy, Debug)]
struct TextPlace {
    start: u32,
    length: u32,
    sort: TextSort,
}

/// Where a text stands, and what is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextSort {
    /// In memory of its own.
    Own,
    /// In the bytes of the file.
    InFile,
    /// In the bytes of the file, a CSV, without quotes.
    Bare,
}

/// How many bytes follow the texts, so that they can be [copied](RowText::head) without a loop.
const BEHIND: usize = 64;

impl Texts {
    pub(crate) fn push(&mut self, text: &str) {
        self.own.truncate(self.own.len().saturating_sub(BEHIND));
        let start = place(self.own.len());
        self.own.extend_from_slice(text.as_bytes());
        self.places.push(TextPlace { start, length: place(text.len()), sort: TextSort::Own });
        self.own.extend_from_slice(&[0; BEHIND]);
    }

    /// Adds the text of a cell without quotes that stands in the bytes of the file, from which
    /// nothing has to be taken off.
    #[inline(always)]
    pub(crate) fn push_place(&mut self, start: usize, end: usize, sort: TextSort) {
        let (start, length) = (place(start), place(end - start));
        self.places.push(TextPlace { start, length, sort });
    }

    #[inline]
    fn get<'b>(&'b self, index: usize, bytes: &'b [u8]) -> RowText<'b> {
        let Some(place) = self.places.get(index) else {
            return RowText { bytes: &[], length: 0, bare: true };
        };
        let bytes = if place.sort == TextSort::Own { &self.own } else { bytes };
        let bytes = &bytes[place.start as usize..];
        let bare = place.sort == TextSort::Bare;
        RowText { bytes, length: place.length as usize, bare }
    }

    fn resize(&mut self, count: usize) {
        let none = TextPlace { start: 0, length: 0, sort: TextSort::Bare };
        self.places.resize(count, none);
        if count == 0 {
            self.own.clear();
        }
    }
}

fn place(at: usize) -> u32 {
    u32::try_from(at).expect("the texts of a batch are far smaller than 4 GiB")
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

//! One column of a row group, some rows at a time.

use std::io;
use std::sync::Arc;

use parquet::file::metadata::ColumnChunkMetaData;

use super::column_type::ColumnType;
use super::dictionary::{BLANK, Dictionary};
use super::pages::{Content, Data, Pages};
use super::rle::Rle;
use super::source::{Source, damaged};
use super::values::{DictionaryPage, Value, Values, beyond};
use crate::input::Input;

/// The key of an entry of the dictionary that did not occur yet.
const UNSEEN: u16 = u16::MAX;

/// No dictionary has this epoch, so that everything is learned.
const NO_EPOCH: u64 = 0;

/// The number of entries of a dictionary whose positions have at most eight bits.
const SMALL: usize = 1 << 8;

/// Reads the cells of a column from the first row of a row group to the last.
pub(super) struct Column<'i, I: Input> {
    pages: Pages<'i, I>,
    column_type: ColumnType,
    dictionary: DictionaryPage,
    /// The key of each entry of the dictionary that occurred.
    table: Vec<u16>,
    /// The keys of all of the first entries; `None` if not all were learned.
    small: Option<Box<[u16; SMALL]>>,
    /// The number of dictionaries that there were.
    dictionaries: usize,
    epoch: u64,
    data: Option<Data>,
    /// The number of rows that are to be skipped next.
    passed: usize,
    /// True if a row was read.
    begun: bool,
    levels: Vec<u32>,
    indices: Vec<u32>,
    found: Vec<u16>,
}

impl<'i, I: Input> Column<'i, I> {
    pub(super) fn new(
        source: &Arc<Source<'i, I>>,
        chunk: &ColumnChunkMetaData,
        column_type: ColumnType,
        optional: bool,
    ) -> io::Result<Self> {
        Ok(Self {
            pages: Pages::new(source, chunk, column_type, optional)?,
            column_type,
            dictionary: DictionaryPage::default(),
            table: Vec::new(),
            small: None,
            dictionaries: 0,
            epoch: NO_EPOCH,
            data: None,
            passed: 0,
            begun: false,
            levels: Vec::new(),
            indices: Vec::new(),
            found: Vec::new(),
        })
    }

    /// Returns what the values are.
    pub(super) fn column_type(&self) -> ColumnType {
        self.column_type
    }

    /// Adds the keys of the next rows to `target`.
    pub(super) fn keys(
        &mut self,
        rows: usize,
        interned: &mut Dictionary,
        target: &mut Vec<u16>,
    ) -> io::Result<()> {
        if self.epoch != interned.epoch() {
            self.table.fill(UNSEEN);
        }
        let end = target.len() + rows;
        while target.len() < end {
            let (now, values) = self.present(end - target.len())?;
            self.found.clear();
            self.find(values, interned)?;
            if values == now {
                target.extend_from_slice(&self.found);
            } else {
                spread(&self.levels, &self.found, target);
            }
        }
        Ok(())
    }

    /// Finds the keys of the next values.
    fn find(&mut self, count: usize, interned: &mut Dictionary) -> io::Result<()> {
        if self.epoch != interned.epoch() {
            self.epoch = interned.epoch();
            self.learn_first(interned)?;
        }
        let Some(data) = &mut self.data else { return Ok(()) };
        if let Values::Indices(indices) = &mut data.values {
            if let Some(small) = &self.small
                && indices.width() <= 8
            {
                indices.take_as(count, |index| small[index as usize % SMALL], &mut self.found)?;
                let unseen = self.found.iter().fold(false, |any, key| any | (*key == UNSEEN));
                return if unseen { Err(beyond()) } else { Ok(()) };
            }
            self.indices.clear();
            indices.take(count, &mut self.indices)?;
            return self.look_up(interned);
        }
        let (column_type, found) = (self.column_type, &mut self.found);
        data.values
            .each(count, &self.dictionary, |value| found.push(interned.of(column_type, value)))
    }

    /// Learns the keys of the first entries of the dictionary, whether they occur or not: then a row
    /// of a small dictionary is one load.
    ///
    /// A column has one dictionary; were there more, they could number more texts than there are rows.
    fn learn_first(&mut self, interned: &mut Dictionary) -> io::Result<()> {
        self.small = None;
        if self.dictionaries > 1 {
            return Ok(());
        }
        let mut small = Box::new([UNSEEN; SMALL]);
        for (index, key) in (0..).zip(&mut *small).take(self.dictionary.len()) {
            *key = interned.of(self.column_type, self.dictionary.get(index)?);
        }
        self.small = Some(small);
        Ok(())
    }

    /// Looks the indices up; one that no entry has is found out where keys are learned.
    fn look_up(&mut self, interned: &mut Dictionary) -> io::Result<()> {
        let Self { table, indices, found, .. } = self;
        let key = |index: &u32| table.get(*index as usize).copied().unwrap_or(UNSEEN);
        found.extend(indices.iter().map(key));
        let unseen = found.iter().fold(false, |any, key| any | (*key == UNSEEN));
        if unseen { self.learn(interned) } else { Ok(()) }
    }

    #[cold]
    fn learn(&mut self, interned: &mut Dictionary) -> io::Result<()> {
        for (index, found) in self.indices.iter().zip(&mut self.found) {
            let known = self.table.get_mut(*index as usize).ok_or_else(beyond)?;
            if *known == UNSEEN {
                *known = interned.of(self.column_type, self.dictionary.get(*index)?);
            }
            *found = *known;
        }
        Ok(())
    }

    /// Leaves the next rows out. Pages are read only if a row of the row group is: then all are, so
    /// that damage is found whatever the number of rows that are read at a time.
    pub(super) fn pass(&mut self, rows: usize) -> io::Result<()> {
        if self.begun {
            return self.each(rows, ignore);
        }
        self.passed += rows;
        Ok(())
    }

    /// Calls `take` with the cell of each of the next rows, `None` if it is blank.
    pub(super) fn each(
        &mut self,
        rows: usize,
        mut take: impl FnMut(Option<Value<'_>>),
    ) -> io::Result<()> {
        self.begun = true;
        let passed = std::mem::take(&mut self.passed);
        if passed > 0 {
            self.each(passed, ignore)?;
        }
        let mut left = rows;
        while left > 0 {
            let (now, values) = self.present(left)?;
            let Some(data) = &mut self.data else { return Ok(()) };
            let mut levels = self.levels.iter();
            data.values.each(values, &self.dictionary, |value| {
                // The levels are there only if a row is blank.
                while levels.next() == Some(&0) {
                    take(None);
                }
                take(Some(value));
            })?;
            levels.for_each(|_| take(None));
            left -= now;
        }
        Ok(())
    }

    /// Goes to the next rows of one page, at most the given number: how many there are, and how
    /// many of them have a value. The levels say which, unless all have.
    fn present(&mut self, most: usize) -> io::Result<(usize, usize)> {
        while self.data.as_ref().is_none_or(|data| data.rows == 0) {
            match self.pages.next()? {
                Some(Content::Dictionary(values, count)) => {
                    self.dictionary = DictionaryPage::new(values, count)?;
                    self.table = vec![UNSEEN; self.dictionary.len()];
                    self.epoch = NO_EPOCH;
                    self.dictionaries += 1;
                }
                Some(Content::Data(data)) => self.data = Some(data),
                None => return Err(damaged("a column has fewer rows than the file says")),
            }
        }
        self.levels.clear();
        let Some(data) = &mut self.data else { return Ok((0, 0)) };
        let now = most.min(data.rows);
        data.rows -= now;
        let values = match &mut data.present {
            None => now,
            Some(levels) => take_levels(levels, now, &mut self.levels)?,
        };
        Ok((now, values))
    }
}

fn ignore(_: Option<Value<'_>>) {}

/// Reads which rows have a value, unless all have; returns the number of rows that have one.
fn take_levels(levels: &mut Rle, rows: usize, target: &mut Vec<u32>) -> io::Result<usize> {
    if levels.skip_ones(rows) {
        return Ok(rows);
    }
    levels.take(rows, target)?;
    if target.iter().any(|level| *level > 1) {
        return Err(damaged("a page says neither that a row has a value nor that it has none"));
    }
    Ok(target.iter().map(|level| *level as usize).sum())
}

/// Puts keys where the rows have a value, and blanks elsewhere.
fn spread(levels: &[u32], found: &[u16], target: &mut Vec<u16>) {
    let mut next = 0;
    target.extend(levels.iter().map(|level| {
        let key = found.get(next).copied().unwrap_or(BLANK);
        next += *level as usize;
        if *level == 1 { key } else { BLANK }
    }));
}

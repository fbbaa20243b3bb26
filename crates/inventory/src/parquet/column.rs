//! One column of a row group, some rows at a time.

use std::io;
use std::sync::Arc;

use parquet::file::metadata::ColumnChunkMetaData;

use super::column_type::ColumnType;
use super::dictionary::{BLANK, Dictionary};
use super::pages::{Content, Data, Pages};
use super::rle::{Numbers, Rle};
use super::small_keys::{SMALL, SmallKeys, UNSEEN};
use super::source::{Source, damaged};
use super::values::{DictionaryPage, Value, Values, beyond};
use crate::bulk::{Dates, Work, with_best_instructions};
use crate::check_ins::LastCheckIn;

/// No dictionary has this epoch, so that everything is learned.
const NO_EPOCH: u64 = 0;

/// Reads the cells of a column from the first row of a row group to the last.
pub(super) struct Column<'i> {
    pages: Pages<'i>,
    column_type: ColumnType,
    dictionary: DictionaryPage,
    /// The key of each entry of the dictionary that occurred.
    table: Vec<u16>,
    /// The keys of all of the first entries; `None` if not all were learned.
    small: Option<Box<SmallKeys>>,
    /// The number of dictionaries that there were.
    dictionaries: usize,
    epoch: u64,
    data: Option<Data>,
    /// The number of rows that are to be skipped next.
    passed: usize,
    /// True if a row was read.
    begun: bool,
    levels: Vec<u8>,
    indices: Vec<u32>,
    found: Vec<u16>,
}

impl<'i> Column<'i> {
    pub(super) fn new(
        source: &Arc<Source<'i>>,
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

    /// Writes the keys of the next rows to `target`.
    pub(super) fn keys(
        &mut self,
        interned: &mut Dictionary,
        mut target: &mut [u16],
    ) -> io::Result<()> {
        if self.epoch != interned.epoch() {
            self.table.fill(UNSEEN);
        }
        while !target.is_empty() {
            let (now, values) = self.present(target.len())?;
            let (rows, rest) = target.split_at_mut(now);
            if values == now {
                self.find(interned, rows)?;
            } else {
                let mut found = std::mem::take(&mut self.found);
                found.resize(values, BLANK);
                self.find(interned, &mut found)?;
                spread(&self.levels, &found, rows);
                self.found = found;
            }
            target = rest;
        }
        Ok(())
    }

    /// Finds the keys of the next values.
    fn find(&mut self, interned: &mut Dictionary, found: &mut [u16]) -> io::Result<()> {
        if self.epoch != interned.epoch() {
            self.epoch = interned.epoch();
            self.learn_first(interned)?;
        }
        let Some(data) = &mut self.data else { return Ok(()) };
        if let Values::Indices(indices) = &mut data.values {
            if let Some(small) = &mut self.small
                && indices.width() <= 8
            {
                small.prepare(indices.width(), found.len());
                indices.take_as(&**small, found)?;
                return if any_unseen(found) { Err(beyond()) } else { Ok(()) };
            }
            self.indices.resize(found.len(), 0);
            indices.take(&mut self.indices)?;
            return self.look_up(interned, found);
        }
        let (column_type, mut places) = (self.column_type, found.iter_mut());
        data.values.each(places.len(), &self.dictionary, |value| {
            if let Some(place) = places.next() {
                *place = interned.of(column_type, value);
            }
        })
    }

    /// Learns the keys of the first entries of the dictionary, whether they occur or not: then a row
    /// of a small dictionary is a part of one load.
    ///
    /// A column has one dictionary; were there more, they could number more texts than there are rows.
    fn learn_first(&mut self, interned: &mut Dictionary) -> io::Result<()> {
        self.small = None;
        if self.dictionaries > 1 {
            return Ok(());
        }
        let count = u32::try_from(self.dictionary.len().min(SMALL)).expect("it is small");
        let key = |index| Ok(interned.of(self.column_type, self.dictionary.get(index)?));
        let keys = (0..count).map(key).collect::<io::Result<Vec<u16>>>()?;
        self.small = Some(Box::new(SmallKeys::new(keys.into_iter())));
        Ok(())
    }

    /// Looks the indices up; one that no entry has is found out where keys are learned.
    fn look_up(&mut self, interned: &mut Dictionary, found: &mut [u16]) -> io::Result<()> {
        for (found, index) in found.iter_mut().zip(&self.indices) {
            *found = self.table.get(*index as usize).copied().unwrap_or(UNSEEN);
        }
        if any_unseen(found) { self.learn(interned, found) } else { Ok(()) }
    }

    #[cold]
    fn learn(&mut self, interned: &mut Dictionary, found: &mut [u16]) -> io::Result<()> {
        for (index, found) in self.indices.iter().zip(found) {
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

    /// Counts the check-ins of the next rows up to the first that is no usual date, at most those of
    /// one page, and appends them to `listed`; returns the number of rows.
    pub(super) fn usual_dates(
        &mut self,
        rows: usize,
        dates: &mut Dates,
        listed: Option<&mut Vec<LastCheckIn>>,
    ) -> io::Result<usize> {
        self.begun = true;
        self.turn_page()?;
        let Some(Data { rows: left, present, values }) = &mut self.data else { return Ok(0) };
        let Values::Texts { bytes, at } = values else { return Ok(0) };
        let with_value = present.as_mut().map_or(*left, Rle::ones);
        let (texts, _) = bytes[*at..].as_chunks();
        let texts = &texts[..rows.min(*left).min(with_value).min(texts.len())];
        let count = with_best_instructions(Usual { texts, dates, listed });
        if let Some(present) = present {
            present.skip_ones(count);
        }
        *at += count * Dates::BEHIND_LENGTH;
        *left -= count;
        Ok(count)
    }

    /// Goes to the next rows of one page, at most the given number: how many there are, and how
    /// many of them have a value. The levels say which, unless all have.
    fn present(&mut self, most: usize) -> io::Result<(usize, usize)> {
        self.turn_page()?;
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

    /// Goes to the page with the next row.
    fn turn_page(&mut self) -> io::Result<()> {
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
        Ok(())
    }
}

fn ignore(_: Option<Value<'_>>) {}

/// Texts behind their lengths, of which the usual dates are to be counted.
struct Usual<'u> {
    texts: &'u [[u8; Dates::BEHIND_LENGTH]],
    dates: &'u mut Dates,
    listed: Option<&'u mut Vec<LastCheckIn>>,
}

impl Work for Usual<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { texts, dates, listed } = self;
        match listed {
            Some(listed) => dates.add_behind_lengths(texts, |check_in| listed.push(check_in)),
            None => dates.add_behind_lengths(texts, |_| {}),
        }
    }
}

fn any_unseen(keys: &[u16]) -> bool {
    keys.iter().fold(false, |any, key| any | (*key == UNSEEN))
}

/// Reads which rows have a value, unless all have; returns the number of rows that have one.
fn take_levels(levels: &mut Rle, rows: usize, target: &mut Vec<u8>) -> io::Result<usize> {
    if levels.skip_ones(rows) {
        return Ok(rows);
    }
    target.resize(rows, 0);
    levels.take_as(&Numbers, target)?;
    if target.iter().fold(0, |most, level| most.max(*level)) > 1 {
        return Err(damaged("a page says neither that a row has a value nor that it has none"));
    }
    Ok(target.iter().map(|level| usize::from(*level)).sum())
}

/// Puts keys where the rows have a value, and blanks elsewhere.
fn spread(levels: &[u8], mut found: &[u16], target: &mut [u16]) {
    for (levels, target) in levels.chunks(8).zip(target.chunks_mut(8)) {
        if let (&[1, 1, 1, 1, 1, 1, 1, 1], Some((keys, rest))) =
            (levels, found.split_first_chunk::<8>())
        {
            target.copy_from_slice(keys);
            found = rest;
            continue;
        }
        for (level, target) in levels.iter().zip(target) {
            *target = BLANK;
            if let (1, Some((key, rest))) = (level, found.split_first()) {
                (*target, found) = (*key, rest);
            }
        }
    }
}

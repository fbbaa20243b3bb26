//! One column of a row group, some rows at a time.

use std::io;
use std::sync::Arc;

use parquet::file::metadata::ColumnChunkMetaData;

use super::hybrid::Hybrid;
use super::kind::Kind;
use super::pages::{Data, Pages, Piece};
use super::source::{Source, damaged};
use super::values::{Dictionary, Value, Values, beyond};
use super::words::{BLANK, Words};
use crate::bulk::Input;

/// The word of an entry of the dictionary that did not occur yet.
const UNSEEN: u16 = u16::MAX;

/// Reads the cells of a column from the first row of a row group to the last.
pub(super) struct Column<'i, I: Input> {
    pages: Pages<'i, I>,
    kind: Kind,
    dictionary: Dictionary,
    /// The word of each entry of the dictionary.
    table: Vec<u16>,
    generation: u64,
    data: Option<Data>,
    levels: Vec<u32>,
    indices: Vec<u32>,
    found: Vec<u16>,
}

impl<'i, I: Input> Column<'i, I> {
    pub(super) fn new(
        source: &Arc<Source<'i, I>>,
        chunk: &ColumnChunkMetaData,
        kind: Kind,
        optional: bool,
    ) -> io::Result<Self> {
        Ok(Self {
            pages: Pages::new(source, chunk, kind, optional)?,
            kind,
            dictionary: Dictionary::default(),
            table: Vec::new(),
            generation: 0,
            data: None,
            levels: Vec::new(),
            indices: Vec::new(),
            found: Vec::new(),
        })
    }

    /// What the values are.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Adds the words of the next rows to `target`.
    pub(super) fn words(
        &mut self,
        rows: usize,
        words: &mut Words,
        target: &mut Vec<u16>,
    ) -> io::Result<()> {
        if self.generation != words.generation() {
            self.generation = words.generation();
            self.table.fill(UNSEEN);
        }
        let end = target.len() + rows;
        while target.len() < end {
            let (now, values) = self.present(end - target.len())?;
            self.found.clear();
            self.find(values, words)?;
            if values == now {
                target.extend_from_slice(&self.found);
            } else {
                spread(&self.levels, &self.found, target);
            }
        }
        Ok(())
    }

    /// Finds the words of the next values.
    fn find(&mut self, count: usize, words: &mut Words) -> io::Result<()> {
        let Some(data) = &mut self.data else { return Ok(()) };
        if let Values::Indices(indices) = &mut data.values {
            self.indices.clear();
            indices.take(count, &mut self.indices)?;
            return self.look_up(words);
        }
        let (kind, found) = (self.kind, &mut self.found);
        data.values.each(count, &self.dictionary, |value| found.push(words.of(kind, value)))
    }

    /// Looks the indices up; one that no entry has is found out where words are learned.
    fn look_up(&mut self, words: &mut Words) -> io::Result<()> {
        let Self { table, indices, found, .. } = self;
        let word = |index: &u32| table.get(*index as usize).copied().unwrap_or(UNSEEN);
        found.extend(indices.iter().map(word));
        let unseen = found.iter().fold(false, |any, word| any | (*word == UNSEEN));
        if unseen { self.learn(words) } else { Ok(()) }
    }

    #[cold]
    fn learn(&mut self, words: &mut Words) -> io::Result<()> {
        for (index, found) in self.indices.iter().zip(&mut self.found) {
            let known = self.table.get_mut(*index as usize).ok_or_else(beyond)?;
            if *known == UNSEEN {
                *known = words.of(self.kind, self.dictionary.get(*index)?);
            }
            *found = *known;
        }
        Ok(())
    }

    /// Calls `take` with the cell of each of the next rows, `None` if it is blank.
    pub(super) fn each(
        &mut self,
        rows: usize,
        mut take: impl FnMut(Option<Value<'_>>),
    ) -> io::Result<()> {
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

    /// Goes to the next rows of one page, at most so many: how many there are, and how many of
    /// them have a value. The levels say which, unless all have.
    fn present(&mut self, most: usize) -> io::Result<(usize, usize)> {
        while self.data.as_ref().is_none_or(|data| data.rows == 0) {
            match self.pages.next()? {
                Some(Piece::Dictionary(values, count)) => {
                    self.dictionary = Dictionary::new(values, count)?;
                    self.table = vec![UNSEEN; self.dictionary.len()];
                }
                Some(Piece::Data(data)) => self.data = Some(data),
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

/// Reads which rows have a value, unless all have; gives how many.
fn take_levels(levels: &mut Hybrid, rows: usize, target: &mut Vec<u32>) -> io::Result<usize> {
    if levels.skip_ones(rows) {
        return Ok(rows);
    }
    levels.take(rows, target)?;
    if target.iter().any(|level| *level > 1) {
        return Err(damaged("a page says neither that a row has a value nor that it has none"));
    }
    Ok(target.iter().map(|level| *level as usize).sum())
}

/// Puts words where the rows have a value, and blanks elsewhere.
fn spread(levels: &[u32], found: &[u16], target: &mut Vec<u16>) {
    let mut next = 0;
    target.extend(levels.iter().map(|level| {
        let word = found.get(next).copied().unwrap_or(BLANK);
        next += *level as usize;
        if *level == 1 { word } else { BLANK }
    }));
}

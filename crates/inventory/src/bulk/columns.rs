//! From the cells of many rows to the columns of a batch.

use eligibility::facts::FactKind;

use super::date::Dates;
use super::index::Index;
use super::meaning::{Shape, unquoted};
use super::runs::{Combinations, Known, Run};
use crate::batch::{Batch, Texts};

/// Rows whose cells are where the bounds say: as wide as the header, quotes around whole cells.
#[derive(Clone, Copy)]
pub(super) struct Rows<'b> {
    /// The file, with [`MARGIN`](super::words::MARGIN) bytes around the cells.
    pub(super) buffer: &'b [u8],
    /// The bounds of the cells, beginning with those of the first row.
    pub(super) bounds: &'b [u32],
    pub(super) width: usize,
    pub(super) count: usize,
    pub(super) index: &'b Index,
}

/// A cell, with [`MARGIN`](super::words::MARGIN) bytes around it.
#[derive(Clone, Copy)]
pub(super) struct Cell<'b> {
    pub(super) buffer: &'b [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'b> Rows<'b> {
    /// Where the cells of neighbouring columns begin and end, from the first column to the last.
    #[inline(always)]
    pub(super) fn spans(
        self,
        first: usize,
        last: usize,
    ) -> impl Iterator<Item = (usize, usize)> + 'b {
        let Self { buffer, bounds, width, count, .. } = self;
        let ends_the_row = last + 1 == width;
        // One slice for the bounds from the first cell to the end of the last.
        let all = &bounds[first..];
        (0..count).map(move |row| {
            let bounds = &all[row * width..][..last + 2 - first];
            let (start, mut end) = (bounds[0] as usize, bounds[bounds.len() - 1] as usize - 1);
            if ends_the_row && buffer[end - 1] == b'\r' {
                end -= 1;
            }
            (start, end)
        })
    }

    /// The cell of a row in a column.
    pub(super) fn cell(self, row: usize, column: usize) -> Option<Cell<'b>> {
        let one = Self { bounds: &self.bounds[row * self.width..], count: 1, ..self };
        let (start, end) = one.spans(column, column).next()?;
        Some(Cell { buffer: self.buffer, start, end })
    }

    /// The number of rows before the first that may be blank.
    fn filled(self) -> usize {
        let starts = self.bounds.iter().step_by(self.width);
        let ends = self.bounds[self.width..].iter().step_by(self.width);
        // Two quotes, a comma or line feed for each cell, and a carriage return.
        let blank = 3 * self.width + 1;
        let long = |(start, end): &(&u32, &u32)| (*end - *start) as usize > blank;
        starts.zip(ends).take(self.count).take_while(long).count()
    }
}

/// What one thread knows of the texts of a file.
#[derive(Debug)]
pub(super) struct Lookup<'s> {
    shape: &'s Shape,
    known: Known<'s>,
    runs: Vec<Run>,
    combinations: Combinations,
    keys: Vec<u64>,
    generation: u64,
    pub(super) dates: Dates,
}

impl<'s> Lookup<'s> {
    pub(super) fn new(shape: &'s Shape) -> Self {
        Self {
            shape,
            known: Known::new(shape),
            runs: Run::of(shape),
            combinations: Combinations::new(),
            keys: Vec::new(),
            generation: 0,
            dates: Dates::default(),
        }
    }

    /// Adds rows to the batch up to the first that only the plain reader can judge; gives how
    /// many were added.
    pub(super) fn add(&mut self, rows: Rows<'_>, batch: &mut Batch) -> usize {
        if self.generation != batch.generation() {
            let dates = std::mem::take(&mut self.dates);
            *self = Self { generation: batch.generation(), dates, ..Self::new(self.shape) };
        }
        let before = batch.len();
        let mut rows = Rows { count: rows.filled(), ..rows };
        self.keys.clear();
        self.keys.resize(rows.count, 0);
        for run in &mut self.runs {
            rows.count = run.add(rows, &mut self.known, batch, &mut self.keys);
        }
        rows.count = self.add_together(rows, batch);
        let identity = batch.wanted().identity;
        let Batch { ids, names, .. } = batch;
        for (column, texts) in [(self.shape.id, ids), (self.shape.name, names)] {
            rows.count = match column {
                Some(column) if identity => add_texts(rows, column, texts),
                Some(column) => check_texts(rows, column),
                None => rows.count,
            };
        }
        if let Some(column) = self.shape.check_in {
            rows.count = self.add_dates(rows, column);
        }
        batch.fill(before + rows.count);
        rows.count
    }

    /// Adds the platforms and management modes that the cells mean together.
    fn add_together(&mut self, rows: Rows<'_>, batch: &mut Batch) -> usize {
        let wanted = batch.wanted().facts;
        let pair = [FactKind::Platform, FactKind::Management];
        let [mut platforms, mut modes] = pair.map(|kind| std::mem::take(batch.column_mut(kind)));
        let mut added = 0;
        for key in &self.keys[..rows.count] {
            let codes = self.combinations.get(*key, &self.known, batch);
            let Some((platform, mode)) = codes else { break };
            platforms.push(platform);
            modes.push(mode);
            added += 1;
        }
        for (kind, mut codes) in pair.into_iter().zip([platforms, modes]) {
            if !wanted.contains(kind) {
                codes.clear();
            }
            *batch.column_mut(kind) = codes;
        }
        added
    }

    /// A date that cannot be read does not reject its row, but bytes that are no text do.
    fn add_dates(&mut self, rows: Rows<'_>, column: usize) -> usize {
        let mut added = 0;
        for (start, end) in rows.spans(column, column) {
            if !self.dates.add(rows.buffer, start, end) {
                break;
            }
            added += 1;
        }
        added
    }
}

/// How many rows come before the first whose cell is no text.
fn check_texts(rows: Rows<'_>, column: usize) -> usize {
    let mut texts = 0;
    for (start, end) in rows.spans(column, column) {
        if !rows.index.is_ascii(start, end) && str::from_utf8(&rows.buffer[start..end]).is_err() {
            break;
        }
        texts += 1;
    }
    texts
}

/// Adds the texts of a column up to the first that is none.
fn add_texts(rows: Rows<'_>, column: usize, texts: &mut Texts) -> usize {
    let mut added = 0;
    for (start, end) in rows.spans(column, column) {
        let Ok(text) = str::from_utf8(&rows.buffer[start..end]) else { break };
        if text.starts_with('"') {
            texts.push(String::from_utf8_lossy(&unquoted(text.as_bytes())).trim());
        } else {
            texts.push(text.trim());
        }
        added += 1;
    }
    added
}

//! From the cells of many rows to the columns of a batch.

use super::column_plan::{ColumnPlan, unquoted};
use super::distinct_rows::DistinctRows;
use super::fixed_width::{Letters, is_text};
use super::keys;
use super::simd::{self, Simd, WithSimd};
use super::timestamps::Dates;
use crate::batch::{Batch, Projection, TextSort, Texts};
use crate::check_ins::LastCheckIn;
use crate::reader::totals::{LABELS, is_label};
use crate::row::text;

/// Rows whose cells are where the bounds say: as wide as the header, quotes around whole cells.
#[derive(Clone, Copy)]
pub(super) struct Rows<'b> {
    /// The file, with [`MARGIN`](super::fixed_width::MARGIN) bytes around the cells.
    pub(super) buffer: &'b [u8],
    /// The bounds of the cells, beginning with those of the first row.
    pub(super) bounds: &'b [u32],
    pub(super) width: usize,
    pub(super) count: usize,
}

/// The number of rows that are looked up at a time.
///
/// Rows that are looked up behind an unusual row are looked up again, so the shorter the runs of
/// usual rows are, the fewer rows are tried at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct RunLength(usize);

impl RunLength {
    /// The number while nothing is unusual, and the most.
    pub(super) const USUAL: Self = Self(1 << 10);

    /// The least.
    const SHORT: usize = 4;

    /// Returns the number.
    pub(super) fn rows(self) -> usize {
        self.0
    }

    /// Returns the next one after some rows were tried and the first of them were added.
    pub(super) fn after(self, tried: usize, added: usize) -> Self {
        let most = Self::USUAL.0;
        Self(match added == tried {
            true => (self.0 * 2).min(most),
            false => (added * 2).clamp(Self::SHORT, most),
        })
    }
}

/// A cell, with [`MARGIN`](super::fixed_width::MARGIN) bytes around it.
#[derive(Clone, Copy)]
pub(super) struct Cell<'b> {
    pub(super) buffer: &'b [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A cell that is not understood, by its row among those that are looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct OddCell {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'b> Cell<'b> {
    /// Returns the buffer, and where the cell begins and ends in it.
    pub(super) fn place(self) -> (&'b [u8], usize, usize) {
        (self.buffer, self.start, self.end)
    }
}

impl<'b> Rows<'b> {
    /// Returns the beginnings and ends of the cells of neighbouring columns, from the first column
    /// to the last.
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

    /// Returns the cell of a row in a column.
    pub(super) fn cell(self, row: usize, column: usize) -> Option<Cell<'b>> {
        let one = Self { bounds: &self.bounds[row * self.width..], count: 1, ..self };
        let (start, end) = one.spans(column, column).next()?;
        Some(Cell { buffer: self.buffer, start, end })
    }

    /// Returns the cell of a row in a column, as one that is not understood.
    pub(super) fn odd_cell(self, row: usize, column: usize) -> Option<OddCell> {
        let Cell { start, end, .. } = self.cell(row, column)?;
        Some(OddCell { row, column, start, end })
    }

    /// Returns the number of rows before the first that may be no device: it is blank, a line of
    /// hyphens, a label of totals or a note, or belongs to a table beside this one.
    pub(super) fn devices(self, plan: &ColumnPlan) -> usize {
        let delimiter = plan.delimiter();
        let ends = self.bounds[self.width..].iter().step_by(self.width);
        let labels = self.labels();
        let thirds = self.bounds[labels..].iter().step_by(self.width);
        let is_device = |(row, (third, end)): &(usize, (&u32, &u32))| {
            let empty = |byte: &u8| {
                matches!(byte, b'"' | b'\r' | b'\n' | b'-' | b' ') || *byte == delimiter
            };
            let rest = &self.buffer[**third as usize..**end as usize];
            let ended = rest.iter().all(empty);
            !(ended && self.may_be_label(*row, rest) || self.is_of_table_beside(*row, plan))
        };
        thirds.zip(ends).take(self.count).enumerate().take_while(is_device).count()
    }

    /// Returns the number of first cells that a label may be in; a row of totals has a cell more.
    fn labels(self) -> usize {
        if self.width > LABELS { LABELS } else { 0 }
    }

    /// Returns true if a row may be blank, a line of hyphens or a label; `rest` is what is behind
    /// the cells of a label, blank or hyphens.
    fn may_be_label(self, row: usize, rest: &[u8]) -> bool {
        let first = (0..self.labels()).find_map(|column| {
            let cell = self.cell(row, column)?;
            Some(unquoted(&cell.buffer[cell.start..cell.end])).filter(|cell| !cell.is_empty())
        });
        let drawn = |byte: &u8| matches!(byte, b'-' | b' ');
        first.is_none_or(|first| is_label(&first)) || rest.iter().any(drawn)
    }

    /// Returns true if a row is blank in all columns that are read of a table beside another one.
    fn is_of_table_beside(self, row: usize, plan: &ColumnPlan) -> bool {
        let blank = |column: &usize| {
            let cell = self.cell(row, *column);
            cell.is_some_and(|cell| matches!(&cell.buffer[cell.start..cell.end], b"" | b"\"\""))
        };
        !plan.beside_another.is_empty() && plan.beside_another.iter().all(blank)
    }
}

/// The state of one thread that looks up the texts of a file.
#[derive(Debug)]
pub(super) struct Lookup<'s> {
    plan: &'s ColumnPlan,
    /// The sort of the texts that are in the bytes of the file.
    texts: TextSort,
    /// True if they are UTF-8, as strings of JSON are checked when they are followed.
    checked: bool,
    rows: DistinctRows<'s>,
    epoch: u64,
    pub(super) dates: Dates,
    /// The cells that were not understood of the rows that were added last.
    pub(super) odd: Vec<OddCell>,
    /// The number of non-UTF-8 ids, names and carried texts of the rows that were added last.
    pub(super) windows_1252: u64,
}

impl<'s> Lookup<'s> {
    /// Returns the state before the first row; `checked` is true for strings of JSON.
    pub(super) fn new(plan: &'s ColumnPlan, checked: bool, batch: &Batch) -> Self {
        let has_no_commas = !checked && plan.delimiter() == b',' && plan.line_end() == b'\n';
        Self {
            plan,
            texts: if has_no_commas { TextSort::Bare } else { TextSort::InFile },
            checked,
            rows: DistinctRows::new(plan, batch),
            epoch: batch.epoch(),
            dates: Dates::default(),
            odd: Vec::new(),
            windows_1252: 0,
        }
    }

    /// Empties the batch for the next chunk, and forgets the check-ins of one that could not be read
    /// to its end; if so much is known that it must be forgotten, what the batch has numbered is
    /// forgotten as well.
    pub(super) fn empty(&mut self, batch: &mut Batch) {
        self.dates = Dates::default();
        if batch.is_full() || self.rows.is_full() {
            batch.reset();
        }
        batch.clear();
    }

    /// Adds rows to the batch up to the first that only the plain reader can judge; returns the
    /// number of rows that were added.
    pub(super) fn add(&mut self, rows: Rows<'_>, batch: &mut Batch) -> usize {
        simd::run(Add { lookup: self, rows, batch })
    }

    #[inline(always)]
    fn add_with(&mut self, simd: impl Simd, rows: Rows<'_>, batch: &mut Batch) -> usize {
        if self.epoch != batch.epoch() {
            self.epoch = batch.epoch();
            self.rows.forget(batch);
        }
        self.odd.clear();
        self.windows_1252 = 0;
        let before = batch.len();
        let mut rows = rows;
        rows.count = self.rows.add(simd, rows, batch, &mut self.odd);
        let Projection { identity, keys, check_ins, serial_numbers, .. } = batch.projection();
        let Batch { ids, names, .. } = batch;
        let columns =
            [(self.plan.id, Letters::Ascii, ids), (self.plan.name, Letters::Mixed, names)];
        for (column, letters, texts) in columns {
            let Some(column) = column else { continue };
            if identity {
                self.windows_1252 += add_texts(rows, column, letters, self.texts, texts);
            } else if !self.checked {
                self.windows_1252 += count_other_texts(rows, column, letters);
            }
        }
        for (column, texts) in self.plan.carried.iter().zip(&mut batch.carried) {
            let Some(column) = *column else { continue };
            self.windows_1252 += add_texts(rows, column, Letters::Mixed, self.texts, texts);
        }
        if let Some(column) = self.plan.check_in {
            let last_check_ins = check_ins.then_some(&mut batch.last_check_ins);
            self.add_dates(rows, column, last_check_ins);
        }
        if keys {
            keys::add(rows, self.plan, batch);
        }
        if serial_numbers {
            keys::add_serial_numbers(rows, self.plan, batch);
        }
        batch.fill(before + rows.count);
        rows.count
    }

    #[inline(always)]
    fn add_dates(
        &mut self,
        rows: Rows<'_>,
        column: usize,
        last_check_ins: Option<&mut Vec<LastCheckIn>>,
    ) {
        let Self { dates, odd, .. } = self;
        let spans = rows.spans(column, column).enumerate();
        let Some(last_check_ins) = last_check_ins else {
            for (row, (start, end)) in spans {
                if !dates.add(rows.buffer, start, end) {
                    odd.push(OddCell { row, column, start, end });
                }
            }
            return;
        };
        for (row, (start, end)) in spans {
            let check_in = dates.read(rows.buffer, start, end);
            if check_in.is_none() {
                odd.push(OddCell { row, column, start, end });
            }
            last_check_ins.push(check_in.unwrap_or_default());
        }
    }
}

/// Rows to be added, with the best instructions that there are.
struct Add<'a, 's, 'b> {
    lookup: &'a mut Lookup<'s>,
    rows: Rows<'b>,
    batch: &'a mut Batch,
}

impl WithSimd for Add<'_, '_, '_> {
    type Output = usize;

    #[inline(always)]
    fn with(self, simd: impl Simd) -> usize {
        self.lookup.add_with(simd, self.rows, self.batch)
    }
}

/// Counts the cells of a column that are not UTF-8.
#[inline(always)]
fn count_other_texts(rows: Rows<'_>, column: usize, letters: Letters) -> u64 {
    let mut others = 0;
    // A sum of what is mapped would not be inlined into code for wide vectors.
    for (start, end) in rows.spans(column, column) {
        others += u64::from(!is_text(rows.buffer, start, end, letters));
    }
    others
}

/// Adds the texts of a column, and counts those that are not UTF-8.
#[inline(always)]
fn add_texts(
    rows: Rows<'_>,
    column: usize,
    letters: Letters,
    sort: TextSort,
    texts: &mut Texts,
) -> u64 {
    let mut others = 0;
    for (start, end) in rows.spans(column, column) {
        if !is_text(rows.buffer, start, end, letters) {
            push_unquoted(&rows.buffer[start..end], texts);
            others += 1;
            continue;
        }
        let ends = [rows.buffer[start], rows.buffer[end - 1]];
        // Neither quotes nor anything that is taken off: no white space is above `!` in ASCII.
        let bare = |byte: &u8| byte.is_ascii_graphic() && *byte != b'"';
        if start == end || (bare(&ends[0]) && bare(&ends[1])) {
            texts.push_place(start, end, sort);
        } else {
            push_unquoted(&rows.buffer[start..end], texts);
        }
    }
    others
}

#[cold]
#[inline(never)]
fn push_unquoted(cell: &[u8], texts: &mut Texts) {
    texts.push(&text(&unquoted(cell)));
}

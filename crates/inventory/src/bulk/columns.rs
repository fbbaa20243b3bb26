//! From the cells of many rows to the columns of a batch.

use eligibility::facts::FactKind;

use super::date::Newest;
use super::meaning::{Model, Shape, TOGETHER, unquoted};
use super::words::Words;
use crate::batch::Batch;

/// How many combinations of platform and management cells are remembered at a time.
const COMBINATIONS: usize = 1 << 10;

/// Rows whose cells are where the bounds say: as wide as the header, quotes around whole cells.
#[derive(Clone, Copy)]
pub(super) struct Rows<'b> {
    /// The file, with [`MARGIN`](super::words::MARGIN) bytes behind the last cell.
    pub(super) buffer: &'b [u8],
    /// The bounds of the cells, beginning with those of the first row.
    pub(super) bounds: &'b [u32],
    pub(super) width: usize,
    pub(super) count: usize,
}

impl<'b> Rows<'b> {
    /// Where a column's cells begin and end.
    #[inline(always)]
    fn cells(self, column: usize) -> impl Iterator<Item = (usize, usize)> + 'b {
        let Self { buffer, bounds, width, count } = self;
        let ends = bounds[column + 1..].iter().step_by(width);
        let last = column + 1 == width;
        bounds[column..].iter().step_by(width).zip(ends).take(count).map(move |(start, end)| {
            let (start, mut end) = (*start as usize, *end as usize - 1);
            if last && buffer[end - 1] == b'\r' {
                end -= 1;
            }
            (start, end)
        })
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
    alone: Vec<Words>,
    together: Vec<Part>,
    combinations: Vec<Option<Combination>>,
    keys: Vec<u64>,
    generation: u64,
    pub(super) newest: Newest,
}

/// A column that is understood together with others: each text has a number.
#[derive(Debug)]
struct Part {
    words: Words,
    texts: Vec<Box<[u8]>>,
}

/// What the cells of several columns mean together.
#[derive(Clone, Copy, Debug)]
struct Combination {
    /// The numbers of the texts, 16 bits each.
    key: u64,
    /// The codes of the platform and the management mode; `None` if such a row is rejected.
    codes: Option<(u16, u16)>,
}

impl<'s> Lookup<'s> {
    pub(super) fn new(shape: &'s Shape) -> Self {
        let part = || Part { words: Words::new(), texts: Vec::new() };
        let mut together: Vec<_> = shape.together.iter().map(|_| part()).collect();
        if let Some(model) = shape.model {
            together[model].texts = Model::ALL.map(|model| model.example().into()).to_vec();
        }
        Self {
            shape,
            alone: shape.alone.iter().map(|_| Words::new()).collect(),
            together,
            combinations: vec![None; COMBINATIONS],
            keys: Vec::new(),
            generation: 0,
            newest: Newest::default(),
        }
    }

    /// Adds rows to the batch up to the first that only the plain reader can judge; gives how
    /// many were added.
    pub(super) fn add(&mut self, rows: Rows<'_>, batch: &mut Batch) -> usize {
        self.follow(batch);
        let before = batch.len();
        let mut rows = Rows { count: rows.filled(), ..rows };
        for index in 0..self.shape.alone.len() {
            rows.count = self.add_alone(index, rows, batch);
        }
        rows.count = self.add_together(rows, batch);
        let identity = batch.wanted().identity;
        let Batch { ids, names, .. } = batch;
        for (column, texts) in [(self.shape.id, ids), (self.shape.name, names)] {
            let Some(column) = column else {
                continue;
            };
            rows.count = if identity {
                add_texts(rows, column, texts)
            } else {
                rows.cells(column)
                    .take_while(|(start, end)| is_text(&rows.buffer[*start..*end]))
                    .count()
            };
        }
        if let Some(column) = self.shape.check_in {
            rows.count = rows.count.min(self.add_dates(rows, column));
        }
        batch.fill(before + rows.count);
        rows.count
    }

    /// Forgets the codes that the batch has forgotten.
    fn follow(&mut self, batch: &Batch) {
        if self.generation != batch.generation() {
            self.generation = batch.generation();
            self.alone.iter_mut().for_each(Words::clear);
            self.combinations.fill(None);
        }
    }

    fn add_alone(&mut self, index: usize, rows: Rows<'_>, batch: &mut Batch) -> usize {
        let (column, kind) = self.shape.alone[index];
        let words = &mut self.alone[index];
        let wanted = batch.wanted().facts.contains(kind);
        let mut codes = std::mem::take(batch.column_mut(kind));
        let mut added = 0;
        for (start, end) in rows.cells(column) {
            let code = match words.get(rows.buffer, start, end) {
                Some(code) => code,
                None => match learn(self.shape, words, index, &rows.buffer[start..end], batch) {
                    Some(code) => code,
                    None => break,
                },
            };
            if wanted {
                codes.push(code);
            }
            added += 1;
        }
        *batch.column_mut(kind) = codes;
        added
    }

    fn add_together(&mut self, rows: Rows<'_>, batch: &mut Batch) -> usize {
        if self.together.is_empty() {
            return rows.count;
        }
        let mut rows = rows;
        self.keys.clear();
        self.keys.resize(rows.count, 0);
        for index in 0..self.together.len() {
            rows.count = self.add_to_keys(index, rows);
        }
        let keys = std::mem::take(&mut self.keys);
        let facts = batch.wanted().facts;
        let pair = [FactKind::Platform, FactKind::Management];
        let [mut platforms, mut managements] =
            pair.map(|kind| std::mem::take(batch.column_mut(kind)));
        let mut added = 0;
        for key in &keys[..rows.count] {
            let Some((platform, management)) = self.combination(*key, batch) else { break };
            platforms.push(platform);
            managements.push(management);
            added += 1;
        }
        for (kind, codes) in pair.into_iter().zip([platforms, managements]) {
            if facts.contains(kind) {
                *batch.column_mut(kind) = codes;
            }
        }
        self.keys = keys;
        added
    }

    fn add_to_keys(&mut self, index: usize, rows: Rows<'_>) -> usize {
        const { assert!(TOGETHER * 16 <= 64, "a key has 16 bits for each column") };
        let column = self.shape.together[index];
        let is_model = self.shape.model == Some(index);
        let part = &mut self.together[index];
        let mut added = 0;
        for ((start, end), key) in rows.cells(column).zip(&mut self.keys) {
            let number = match part.words.get(rows.buffer, start, end) {
                Some(number) => number,
                None => {
                    let cell = &rows.buffer[start..end];
                    let number = if is_model {
                        Some(part.learn_model(cell))
                    } else {
                        part.learn(self.shape, column, cell)
                    };
                    let Some(number) = number else { break };
                    number
                }
            };
            *key |= u64::from(number) << (16 * index);
            added += 1;
        }
        added
    }

    #[inline(always)]
    fn combination(&mut self, key: u64, batch: &mut Batch) -> Option<(u16, u16)> {
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
        let at = hash as usize & (COMBINATIONS - 1);
        match self.combinations[at] {
            Some(combination) if combination.key == key => combination.codes,
            _ => self.combine(key, at, batch),
        }
    }

    #[cold]
    fn combine(&mut self, key: u64, at: usize, batch: &mut Batch) -> Option<(u16, u16)> {
        let parts = self.shape.together.iter().zip(&self.together).enumerate();
        let cells: Vec<_> = parts
            .map(|(index, (column, part))| {
                let number = key >> (16 * index) & 0xffff;
                (*column, &*part.texts[number as usize])
            })
            .collect();
        let codes = self.shape.facts(&cells).map(|facts| {
            let mut code = |kind| batch.code(kind, facts.get(kind));
            (code(FactKind::Platform), code(FactKind::Management))
        });
        self.combinations[at] = Some(Combination { key, codes });
        codes
    }

    fn add_dates(&mut self, rows: Rows<'_>, column: usize) -> usize {
        // A date that cannot be read does not reject its row, but bytes that are no text do.
        let mut added = 0;
        for (start, end) in rows.cells(column) {
            if !self.newest.add(rows.buffer, start, end) {
                break;
            }
            added += 1;
        }
        added
    }
}

/// The code of a text that was not seen before; `None` if its row is rejected.
#[cold]
fn learn(
    shape: &Shape,
    words: &mut Words,
    index: usize,
    cell: &[u8],
    batch: &mut Batch,
) -> Option<u16> {
    let (column, kind) = shape.alone[index];
    let fact = shape.facts(&[(column, cell)])?.get(kind);
    let wanted = batch.wanted().facts.contains(kind);
    let code = if wanted { batch.code(kind, fact) } else { 0 };
    words.insert(cell, code);
    Some(code)
}

impl Part {
    /// The number of a text; `None` if a row with it is rejected, or if there is no room.
    #[cold]
    fn learn(&mut self, shape: &Shape, column: usize, cell: &[u8]) -> Option<u16> {
        shape.facts(&[(column, cell)])?;
        let number = u16::try_from(self.texts.len()).ok()?;
        if self.words.insert(cell, number) {
            self.texts.push(cell.into());
            return Some(number);
        }
        None
    }

    #[cold]
    fn learn_model(&mut self, cell: &[u8]) -> u16 {
        let model = Model::of(cell) as u16;
        self.words.insert(cell, model);
        model
    }
}

fn is_text(cell: &[u8]) -> bool {
    cell.is_ascii() || str::from_utf8(cell).is_ok()
}

/// Adds the texts of a column up to the first that is none.
fn add_texts(rows: Rows<'_>, column: usize, texts: &mut crate::batch::Texts) -> usize {
    let mut added = 0;
    for (start, end) in rows.cells(column) {
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

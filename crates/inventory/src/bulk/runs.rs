//! Neighbouring columns, looked up together.
//!
//! Of the columns that are looked at, several are mostly neighbours, and only some hundreds of the
//! combinations of their texts are common: so the bytes of all of them, with the commas between,
//! are looked up at once. A combination that was not seen before is looked up cell by cell.

use eligibility::facts::FactKind;

use super::columns::{Cell, Rows};
use super::meaning::{Model, Shape};
use super::words::Words;
use crate::batch::Batch;

/// What a thread knows of single cells.
#[derive(Debug)]
pub(super) struct Known<'s> {
    shape: &'s Shape,
    /// For each column that gives one fact, the codes of its texts.
    alone: Vec<Words>,
    /// For each column that is understood with others only, the numbers of its texts.
    together: Vec<Numbered>,
}

#[derive(Debug)]
struct Numbered {
    words: Words,
    texts: Vec<Box<[u8]>>,
}

/// A column, by its position among those of its sort in [`Shape`].
#[derive(Clone, Copy, Debug)]
enum Column {
    Alone(usize),
    Together(usize),
}

impl<'s> Known<'s> {
    pub(super) fn new(shape: &'s Shape) -> Self {
        let number = |_: &usize| Numbered { words: Words::new(), texts: Vec::new() };
        let mut together: Vec<_> = shape.together.iter().map(number).collect();
        if let Some(model) = shape.model {
            together[model].texts = Model::ALL.map(|model| model.example().into()).to_vec();
        }
        Self { shape, alone: shape.alone.iter().map(|_| Words::new()).collect(), together }
    }

    /// The code of a text that gives one fact; `None` if its row is rejected.
    fn code(&mut self, index: usize, cell: Cell<'_>, batch: &mut Batch) -> Option<u16> {
        if let Some(code) = self.alone[index].get(cell.buffer, cell.start, cell.end) {
            return Some(code);
        }
        let cell = &cell.buffer[cell.start..cell.end];
        let (column, kind) = self.shape.alone[index];
        let fact = self.shape.facts(&[(column, cell)])?.get(kind);
        let wanted = batch.wanted().facts.contains(kind);
        let code = if wanted { batch.code(kind, fact) } else { 0 };
        self.alone[index].insert(cell, code);
        Some(code)
    }

    /// The number of a text that means something together with others; `None` if a row with it is
    /// rejected, or if there is no room for another text.
    fn number(&mut self, index: usize, cell: Cell<'_>) -> Option<u16> {
        let numbered = &mut self.together[index];
        if let Some(number) = numbered.words.get(cell.buffer, cell.start, cell.end) {
            return Some(number);
        }
        let cell = &cell.buffer[cell.start..cell.end];
        if self.shape.model == Some(index) {
            let model = Model::of(cell) as u16;
            numbered.words.insert(cell, model);
            return Some(model);
        }
        self.shape.facts(&[(self.shape.together[index], cell)])?;
        let number = u16::try_from(numbered.texts.len()).ok()?;
        let inserted = numbered.words.insert(cell, number);
        inserted.then(|| {
            numbered.texts.push(cell.into());
            number
        })
    }
}

/// Neighbouring columns that are all looked at.
#[derive(Debug)]
pub(super) struct Run {
    first: usize,
    columns: Vec<Column>,
    /// The numbers of the combinations of texts that were seen.
    words: Words,
    /// For each of them, the codes of the columns that give one fact, and the numbers of the
    /// others as they stand in a key.
    codes: Vec<Vec<u16>>,
    keys: Vec<u64>,
    /// How many are remembered; those beyond are there for one call only.
    remembered: usize,
    numbers: Vec<u16>,
}

impl Run {
    /// The runs of a file.
    pub(super) fn of(shape: &Shape) -> Vec<Self> {
        let alone = shape.alone.iter().enumerate();
        let alone = alone.map(|(index, (column, _))| (*column, Column::Alone(index)));
        let together = shape.together.iter().enumerate();
        let together = together.map(|(index, column)| (*column, Column::Together(index)));
        let mut columns: Vec<_> = alone.chain(together).collect();
        columns.sort_by_key(|(column, _)| *column);
        let mut runs: Vec<Self> = Vec::new();
        for (at, column) in columns {
            match runs.last_mut() {
                Some(run) if run.first + run.columns.len() == at => run.columns.push(column),
                _ => runs.push(Self {
                    first: at,
                    columns: vec![column],
                    words: Words::new(),
                    codes: Vec::new(),
                    keys: Vec::new(),
                    remembered: 0,
                    numbers: Vec::new(),
                }),
            }
        }
        for run in &mut runs {
            run.codes = vec![Vec::new(); run.columns.len()];
        }
        runs
    }

    /// Adds the codes of the rows to the batch and their numbers to the keys, up to the first row
    /// that is rejected; gives how many that are.
    pub(super) fn add(
        &mut self,
        rows: Rows<'_>,
        known: &mut Known<'_>,
        batch: &mut Batch,
        keys: &mut [u64],
    ) -> usize {
        self.forget_beyond();
        self.numbers.clear();
        let last = self.first + self.columns.len() - 1;
        for (row, (start, end)) in rows.spans(self.first, last).enumerate() {
            let number = match self.words.get(rows.buffer, start, end) {
                Some(number) => number,
                None => match self.learn(rows, row, known, batch) {
                    Some(number) => number,
                    None => break,
                },
            };
            self.numbers.push(number);
        }
        let wanted = batch.wanted().facts;
        for (column, codes) in self.columns.iter().zip(&self.codes) {
            if let Column::Alone(index) = column {
                let (_, kind) = known.shape.alone[*index];
                if wanted.contains(kind) {
                    let codes = self.numbers.iter().map(|number| codes[usize::from(*number)]);
                    batch.column_mut(kind).extend(codes);
                }
            }
        }
        if self.columns.iter().any(|column| matches!(column, Column::Together(_))) {
            for (key, number) in keys.iter_mut().zip(&self.numbers) {
                *key |= self.keys[usize::from(*number)];
            }
        }
        self.numbers.len()
    }

    /// The number of a combination that was not seen before; `None` if its row is rejected.
    #[cold]
    fn learn(
        &mut self,
        rows: Rows<'_>,
        row: usize,
        known: &mut Known<'_>,
        batch: &mut Batch,
    ) -> Option<u16> {
        let mut key = 0;
        let mut found = Vec::with_capacity(self.columns.len());
        for (at, column) in (self.first..).zip(&self.columns) {
            let cell = rows.cell(row, at)?;
            found.push(match column {
                Column::Alone(index) => known.code(*index, cell, batch)?,
                Column::Together(index) => {
                    key |= u64::from(known.number(*index, cell)?) << (16 * index);
                    0
                }
            });
        }
        let number = u16::try_from(self.keys.len()).ok()?;
        self.keys.push(key);
        for (codes, code) in self.codes.iter_mut().zip(found) {
            codes.push(code);
        }
        let last = self.first + self.columns.len() - 1;
        let one = Rows { bounds: &rows.bounds[row * rows.width..], count: 1, ..rows };
        for (start, end) in one.spans(self.first, last) {
            // Once there is no room, all that follow are beyond.
            let room = self.remembered + 1 == self.keys.len();
            if room && self.words.insert(&rows.buffer[start..end], number) {
                self.remembered += 1;
            }
        }
        Some(number)
    }

    /// Forgets the combinations for which there was no room.
    fn forget_beyond(&mut self) {
        self.keys.truncate(self.remembered);
        self.codes.iter_mut().for_each(|codes| codes.truncate(self.remembered));
    }
}

/// How many combinations of platform and management cells are remembered at a time.
const COMBINATIONS: usize = 1 << 10;

/// What the cells of several columns mean together.
#[derive(Debug)]
pub(super) struct Combinations(Vec<Option<Combination>>);

#[derive(Clone, Copy, Debug)]
struct Combination {
    /// The numbers of the texts, 16 bits each.
    key: u64,
    /// The codes of the platform and the management mode; `None` if such a row is rejected.
    codes: Option<(u16, u16)>,
}

impl Combinations {
    pub(super) fn new() -> Self {
        Self(vec![None; COMBINATIONS])
    }

    /// The codes of the platform and the management mode; `None` if such a row is rejected.
    #[inline(always)]
    pub(super) fn get(
        &mut self,
        key: u64,
        known: &Known<'_>,
        batch: &mut Batch,
    ) -> Option<(u16, u16)> {
        let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54;
        match self.0[hash as usize & (COMBINATIONS - 1)] {
            Some(combination) if combination.key == key => combination.codes,
            _ => self.learn(key, hash as usize & (COMBINATIONS - 1), known, batch),
        }
    }

    #[cold]
    fn learn(
        &mut self,
        key: u64,
        at: usize,
        known: &Known<'_>,
        batch: &mut Batch,
    ) -> Option<(u16, u16)> {
        let columns = known.shape.together.iter().zip(&known.together).enumerate();
        let cells: Vec<_> = columns
            .map(|(index, (column, numbered))| {
                let number = key >> (16 * index) & 0xffff;
                (*column, &*numbered.texts[number as usize])
            })
            .collect();
        let codes = known.shape.facts(&cells).map(|facts| {
            let mut code = |kind| batch.code(kind, facts.get(kind));
            (code(FactKind::Platform), code(FactKind::Management))
        });
        self.0[at] = Some(Combination { key, codes });
        codes
    }
}

//! Neighbouring columns, looked up together.
//!
//! Of the columns that are looked at, several are mostly neighbours, and only some hundreds of the
//! combinations of their texts are common: so the bytes of all of them, with the commas between,
//! are looked up at once. A combination that was not seen before is looked up cell by cell.

use std::collections::HashMap;

use eligibility::facts::{Fact, FactSet, Facts, Value};

use super::columns::{Cell, Rows};
use super::marks::{Marker, Portable};
use super::meaning::{Model, Shape};
use super::words::Words;

/// What a thread knows of single cells.
#[derive(Debug)]
pub(super) struct Known<'s> {
    shape: &'s Shape,
    wanted: FactSet,
    /// For each column that gives one fact, what its texts say.
    alone: Vec<Telling>,
    /// For each column that is understood with others only, the numbers of its texts.
    together: Vec<Numbered>,
}

#[derive(Debug)]
struct Telling {
    words: Words,
    facts: Vec<Fact<Value>>,
}

#[derive(Debug)]
struct Numbered {
    words: Words,
    texts: Vec<Box<[u8]>>,
}

/// What the cells of some columns say: the facts that a single one gives, and the numbers of the
/// texts of those that are understood together, 16 bits each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Meaning {
    pub(super) facts: Facts,
    pub(super) together: u64,
}

/// A column, by its position among those of its sort in [`Shape`].
#[derive(Clone, Copy, Debug)]
enum Column {
    Alone(usize),
    Together(usize),
}

impl<'s> Known<'s> {
    pub(super) fn new(shape: &'s Shape, wanted: FactSet) -> Self {
        let telling = |_| Telling { words: Words::new(), facts: Vec::new() };
        let number = |_: &usize| Numbered { words: Words::new(), texts: Vec::new() };
        let mut together: Vec<_> = shape.together.iter().map(number).collect();
        if let Some(model) = shape.model {
            together[model].texts = Model::ALL.map(|model| model.example().into()).to_vec();
        }
        Self { shape, wanted, alone: shape.alone.iter().map(telling).collect(), together }
    }

    /// Adds what a cell says; `None` if its row is rejected, or if there is no room for what it
    /// says.
    fn add(&mut self, column: Column, cell: Cell<'_>, meaning: &mut Meaning) -> Option<()> {
        match column {
            Column::Alone(index) => {
                let (_, kind) = self.shape.alone[index];
                meaning.facts.set(kind, self.fact(index, cell)?);
            }
            Column::Together(index) => {
                meaning.together |= u64::from(self.number(index, cell)?) << (16 * index);
            }
        }
        Some(())
    }

    /// What a text says that gives one fact, which is left out unless it is wanted; `None` if its
    /// row is rejected.
    fn fact(&mut self, index: usize, cell: Cell<'_>) -> Option<Fact<Value>> {
        let telling = &mut self.alone[index];
        if let Some(known) = telling.words.get(Portable, cell.place(), false) {
            return Some(telling.facts[usize::from(known)]);
        }
        let cell = &cell.buffer[cell.start..cell.end];
        let (column, kind) = self.shape.alone[index];
        let fact = self.shape.facts(&[(column, cell)])?.get(kind);
        let fact = if self.wanted.contains(kind) { fact } else { Fact::Unknown };
        let number = u16::try_from(telling.facts.len()).ok();
        if number.is_some_and(|number| telling.words.insert(cell, number, false)) {
            telling.facts.push(fact);
        }
        Some(fact)
    }

    /// The number of a text that means something together with others; `None` if a row with it is
    /// rejected, or if there is no room for another text.
    fn number(&mut self, index: usize, cell: Cell<'_>) -> Option<u16> {
        let numbered = &mut self.together[index];
        if let Some(number) = numbered.words.get(Portable, cell.place(), false) {
            return Some(number);
        }
        let cell = &cell.buffer[cell.start..cell.end];
        if self.shape.model == Some(index) {
            let model = Model::of(cell) as u16;
            numbered.words.insert(cell, model, false);
            return Some(model);
        }
        self.shape.facts(&[(self.shape.together[index], cell)])?;
        let number = u16::try_from(numbered.texts.len()).ok()?;
        let inserted = numbered.words.insert(cell, number, false);
        inserted.then(|| {
            numbered.texts.push(cell.into());
            number
        })
    }

    /// The facts of a row whose columns mean these; `None` if such a row is rejected.
    pub(super) fn facts(&self, meanings: impl Iterator<Item = Meaning>) -> Option<Facts> {
        let (mut facts, mut together) = (Facts::default(), 0);
        for meaning in meanings {
            for (_, kind) in &self.shape.alone {
                if facts.get(*kind) == Fact::Unknown {
                    facts.set(*kind, meaning.facts.get(*kind));
                }
            }
            together |= meaning.together;
        }
        let columns = self.shape.together.iter().zip(&self.together).enumerate();
        let cells: Vec<_> = columns
            .map(|(index, (column, numbered))| {
                let number = together >> (16 * index) & 0xffff;
                (*column, &*numbered.texts[number as usize])
            })
            .collect();
        let pair = self.shape.facts(&cells)?;
        Some(Facts { platform: pair.platform, management: pair.management, ..facts })
    }
}

/// Neighbouring columns that are all looked at.
#[derive(Debug)]
pub(super) struct Run {
    first: usize,
    columns: Vec<Column>,
    /// The numbers of what the combinations of texts mean that were seen.
    words: Words,
    meanings: Vec<Meaning>,
    numbers: HashMap<Meaning, u16>,
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
                    meanings: Vec::new(),
                    numbers: HashMap::new(),
                }),
            }
        }
        runs
    }

    /// What a number that was given means.
    pub(super) fn meaning(&self, number: u16) -> Meaning {
        self.meanings[usize::from(number)]
    }

    /// How many meanings were numbered.
    pub(super) fn len(&self) -> usize {
        self.meanings.len()
    }

    /// Whether many of the texts are longer than what is loaded at once.
    fn is_long(&self) -> bool {
        self.columns.len() > 5
    }

    /// Adds the numbers of what the rows mean, up to the first row that only the plain reader can
    /// judge.
    #[inline(always)]
    pub(super) fn add(
        &mut self,
        marker: impl Marker,
        rows: Rows<'_>,
        known: &mut Known<'_>,
        numbers: &mut Vec<u16>,
    ) {
        // Two loops, each of which knows what is asked for.
        if self.is_long() {
            self.add_mostly(marker, true, rows, known, numbers);
        } else {
            self.add_mostly(marker, false, rows, known, numbers);
        }
    }

    #[inline(always)]
    fn add_mostly(
        &mut self,
        marker: impl Marker,
        long: bool,
        rows: Rows<'_>,
        known: &mut Known<'_>,
        numbers: &mut Vec<u16>,
    ) {
        let last = self.first + self.columns.len() - 1;
        for (row, (start, end)) in rows.spans(self.first, last).enumerate() {
            let number = match self.words.get(marker, (rows.buffer, start, end), long) {
                Some(number) => number,
                None => match self.learn(rows, row, known) {
                    Some(number) => number,
                    None => break,
                },
            };
            numbers.push(number);
        }
    }

    /// The number of what a combination means that was not seen before, or for which there is no
    /// room; `None` if its row is rejected.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, rows: Rows<'_>, row: usize, known: &mut Known<'_>) -> Option<u16> {
        let mut meaning = Meaning::default();
        for (at, column) in (self.first..).zip(&self.columns) {
            known.add(*column, rows.cell(row, at)?, &mut meaning)?;
        }
        let number = match self.numbers.get(&meaning) {
            Some(number) => *number,
            None => {
                let number = u16::try_from(self.meanings.len()).ok()?;
                self.meanings.push(meaning);
                self.numbers.insert(meaning, number);
                number
            }
        };
        let last = self.first + self.columns.len() - 1;
        let one = Rows { bounds: &rows.bounds[row * rows.width..], count: 1, ..rows };
        for (start, end) in one.spans(self.first, last) {
            self.words.insert(&rows.buffer[start..end], number, self.is_long());
        }
        Some(number)
    }
}

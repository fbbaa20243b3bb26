//! Neighbouring columns, looked up together.
//!
//! Of the columns that are looked at, several are mostly neighbours, and only some hundreds of the
//! combinations of their texts are common: so the bytes of all of them, with the commas between,
//! are looked up at once. A combination that was not seen before is looked up cell by cell.

use std::collections::HashMap;

use eligibility::classes::Classes;
use eligibility::facts::{Fact, FactName, FactSet, Facts, Value};

use super::column_plan::{ColumnPlan, Model, TOGETHER};
use super::lookup::{Cell, Rows};
use super::simd::{Portable, Simd};
use super::text_table::{MOST, TextTable};
use crate::batch::{Batch, FactsState};

/// The meanings of single cells that a thread has learned.
#[derive(Debug)]
pub(super) struct Known<'s> {
    pub(super) plan: &'s ColumnPlan,
    /// The facts that are projected, and those that narrow one of them.
    projected: FactSet,
    /// The classes of versions, if not all are distinguished.
    versions: Option<Classes>,
    /// For each column that gives one fact, what its texts say.
    alone: Vec<FactTexts>,
    /// For each column that is understood with others only, the numbers of its texts.
    together: Vec<Numbered>,
    /// The facts that these texts have together; `None` if such a row is rejected.
    said: HashMap<[u16; TOGETHER], Option<Facts>, FactsState>,
}

/// The texts of a column that gives one fact, and what each says.
#[derive(Debug)]
struct FactTexts {
    table: TextTable,
    facts: Vec<(Fact<Value>, bool)>,
}

/// The texts of a column that is understood with others only, and their numbers.
#[derive(Debug)]
struct Numbered {
    table: TextTable,
    texts: Vec<Box<[u8]>>,
}

/// The number of combinations of several columns that are remembered before the column that varies
/// most is taken out.
const MANY: usize = 1 << 12;

/// The number of meanings that are numbered before all are forgotten.
const MOST_MEANINGS: usize = 3 << 14;

/// The number of texts of a column that are all remembered, and the share of the others that is.
const ALL: usize = 1 << 10;
const ONE_IN: usize = 8;

/// Marks the number of a text that is not understood; it says no more than a blank one.
const ODD: u16 = 1 << 15;

/// The number of the blank text.
const BLANK: u16 = 0;

/// The meaning of the cells of some columns: the facts that a single one gives, the numbers of the
/// texts of those that are understood together, and which are not understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct PartialFacts {
    pub(super) facts: Facts,
    pub(super) together: [u16; TOGETHER],
    /// A bit for each column with a cell that is not understood, by its number in [`ColumnPlan`].
    pub(super) odd: u32,
}

/// A column, by its position among those of its sort in [`ColumnPlan`].
#[derive(Clone, Copy, Debug)]
enum Column {
    Alone(usize),
    Together(usize),
}

impl<'s> Known<'s> {
    pub(super) fn new(plan: &'s ColumnPlan, batch: &Batch) -> Self {
        let facts = |_| FactTexts { table: TextTable::new(), facts: Vec::new() };
        let number = |_: &usize| Numbered { table: TextTable::new(), texts: vec![Box::default()] };
        let mut together: Vec<_> = plan.together.iter().map(number).collect();
        if let Some(model) = plan.model {
            together[model].texts = Model::ALL.map(|model| model.example().into()).to_vec();
        }
        let projected = batch.projection().facts;
        let projected = projected.union(plan.narrowing(projected));
        let alone = plan.alone.iter().map(facts).collect();
        let versions = batch.versions().cloned();
        Self { plan, projected, versions, alone, together, said: HashMap::default() }
    }

    /// Adds what a cell says; `None` if there is no room for it.
    fn add(&mut self, column: Column, cell: Cell<'_>, meaning: &mut PartialFacts) -> Option<()> {
        match column {
            Column::Alone(index) => {
                let fact = self.fact(index, cell)?;
                self.put(index, fact, meaning);
            }
            Column::Together(index) => {
                let number = self.number(index, cell)?;
                meaning.together[index] = number & !ODD;
                meaning.odd |= u32::from(number & ODD != 0) << (self.plan.alone.len() + index);
            }
        }
        Some(())
    }

    /// Adds what a column that gives one fact says, and whether it is not understood.
    fn put(&self, index: usize, (fact, odd): (Fact<Value>, bool), meaning: &mut PartialFacts) {
        let (_, fact_name) = self.plan.alone[index];
        meaning.facts.set(fact_name, fact);
        meaning.odd |= u32::from(odd) << index;
    }

    /// Returns what a text says that gives one fact, and whether it is not understood; remembers it
    /// if there is room.
    fn fact(&mut self, index: usize, cell: Cell<'_>) -> Option<(Fact<Value>, bool)> {
        let known_texts = &self.alone[index];
        if let Some(known) = known_texts.table.get(Portable, cell.place(), false) {
            return Some(known_texts.facts[usize::from(known)]);
        }
        let fact = self.understood(index, cell)?;
        let known_texts = &mut self.alone[index];
        let number = u16::try_from(known_texts.facts.len()).ok();
        if number.is_some_and(|number| known_texts.table.insert(cell.place(), number, false)) {
            known_texts.facts.push(fact);
        }
        Some(fact)
    }

    /// Returns the meaning of a text that gives one fact, as far as its values are distinguished,
    /// which is nothing unless the fact is projected; and true if the text is not understood.
    fn understood(&self, index: usize, cell: Cell<'_>) -> Option<(Fact<Value>, bool)> {
        let (_, fact_name) = self.plan.alone[index];
        let cell = &cell.buffer[cell.start..cell.end];
        let (fact, odd) = self.plan.understand_alone(index, cell)?;
        let fact = match (fact_name, &self.versions) {
            _ if !self.projected.contains(fact_name) => Fact::Unknown,
            (FactName::OsVersion, Some(classes)) => classes.representative(fact),
            _ => fact,
        };
        Some((fact, odd))
    }

    /// Returns the number of a text that means something together with others; `None` if there is
    /// no room for another text.
    fn number(&mut self, index: usize, cell: Cell<'_>) -> Option<u16> {
        let numbered = &mut self.together[index];
        if let Some(number) = numbered.table.get(Portable, cell.place(), false) {
            return Some(number);
        }
        let place = cell.place();
        let cell = &cell.buffer[cell.start..cell.end];
        let odd = self.plan.understand(&[(self.plan.together[index], cell)])?.odd;
        let number = match (self.plan.model == Some(index), odd) {
            (true, _) => Model::of(cell) as u16,
            (false, true) => BLANK,
            (false, false) => {
                let number = u16::try_from(numbered.texts.len()).ok().filter(|one| *one < ODD)?;
                let inserted = numbered.table.insert(place, number, false);
                return inserted.then(|| {
                    numbered.texts.push(cell.into());
                    number
                });
            }
        };
        let number = if odd { number | ODD } else { number };
        numbered.table.insert(place, number, false);
        Some(number)
    }

    /// Returns the facts of a row whose columns mean these; `None` if such a row is rejected.
    pub(super) fn facts(&mut self, meanings: impl Iterator<Item = PartialFacts>) -> Option<Facts> {
        let (mut facts, mut together) = (Facts::default(), [BLANK; TOGETHER]);
        for meaning in meanings {
            for (_, fact_name) in &self.plan.alone {
                if facts.get(*fact_name) == Fact::Unknown {
                    facts.set(*fact_name, meaning.facts.get(*fact_name));
                }
            }
            // Each column is in one group.
            together.iter_mut().zip(meaning.together).for_each(|(all, one)| *all |= one);
        }
        let said = match self.said.get(&together) {
            Some(said) => *said,
            None => {
                let said = self.say(together);
                self.said.insert(together, said);
                said
            }
        }?;
        let mut facts = Facts { platform: said.platform, management: said.management, ..facts };
        for fact in &self.plan.compared {
            facts.set(*fact, said.get(*fact));
        }
        Some(self.plan.narrowed(facts))
    }
}

impl Known<'_> {
    /// Returns the facts that texts have together, by their numbers.
    fn say(&self, together: [u16; TOGETHER]) -> Option<Facts> {
        let columns = self.plan.together.iter().zip(&self.together).zip(together);
        let cells: Vec<_> = columns
            .map(|((column, numbered), number)| (*column, &*numbered.texts[usize::from(number)]))
            .collect();
        self.plan.understand(&cells).map(|understood| understood.facts)
    }
}

/// Neighbouring columns that are all looked at.
#[derive(Debug)]
pub(super) struct ColumnGroup {
    first: usize,
    columns: Vec<Column>,
    /// The numbers of what the combinations of texts mean that were seen.
    table: TextTable,
    /// The number of texts that were not found there.
    passed_over: usize,
    meanings: Vec<PartialFacts>,
    numbers: HashMap<PartialFacts, u16, FactsState>,
    /// The numbers of what a single column means that gives one fact, so that less is hashed.
    numbers_of_one: HashMap<(Fact<Value>, bool), u16, FactsState>,
}

impl ColumnGroup {
    /// Returns the groups of a file; some columns are to be alone.
    pub(super) fn of(plan: &ColumnPlan, alone: &[usize]) -> Vec<Self> {
        let single = alone;
        let alone = plan.alone.iter().enumerate();
        let alone = alone.map(|(index, (column, _))| (*column, Column::Alone(index)));
        let together = plan.together.iter().enumerate();
        let together = together.map(|(index, column)| (*column, Column::Together(index)));
        let mut columns: Vec<_> = alone.chain(together).collect();
        columns.sort_by_key(|(column, _)| *column);
        let mut groups: Vec<Self> = Vec::new();
        for (at, column) in columns {
            let apart =
                single.contains(&at) || at.checked_sub(1).is_some_and(|one| single.contains(&one));
            match groups.last_mut() {
                Some(group) if !apart && group.first + group.columns.len() == at => {
                    group.columns.push(column);
                }
                _ => groups.push(Self {
                    first: at,
                    columns: vec![column],
                    table: TextTable::new(),
                    passed_over: 0,
                    meanings: Vec::new(),
                    numbers: HashMap::default(),
                    numbers_of_one: HashMap::default(),
                }),
            }
        }
        groups
    }

    /// Returns the meaning of a number that was given.
    pub(super) fn meaning(&self, number: u16) -> PartialFacts {
        self.meanings[usize::from(number)]
    }

    /// Returns true if too many combinations or meanings are known, so that all must be forgotten.
    /// The texts of a single column are forgotten alone, as their meanings keep their numbers.
    pub(super) fn is_full(&self) -> bool {
        let varies = self.columns.len() > 1 && self.table.len() >= MANY;
        varies || self.meanings.len() >= MOST_MEANINGS
    }

    /// Returns the column with the most texts, if there are several and their combinations too many.
    pub(super) fn most_varied(&self, known: &Known<'_>) -> Option<usize> {
        if self.columns.len() == 1 || !self.is_full() {
            return None;
        }
        let texts = |(_, column): &(usize, Column)| match column {
            Column::Alone(index) => known.alone[*index].table.len(),
            Column::Together(index) => known.together[*index].table.len(),
        };
        let columns = (self.first..).zip(self.columns.iter().copied());
        columns.max_by_key(texts).map(|(position, _)| position)
    }

    /// Returns true if many of the texts are longer than what is loaded at once.
    fn is_long(&self) -> bool {
        self.columns.len() > 5
    }

    /// Adds the numbers of what the rows mean, up to the first row that only the plain reader can
    /// judge.
    #[inline(always)]
    pub(super) fn add(
        &mut self,
        simd: impl Simd,
        rows: Rows<'_>,
        known: &mut Known<'_>,
        numbers: &mut Vec<u16>,
    ) {
        // Two loops, one per projection, without a branch inside.
        if self.is_long() {
            self.add_mostly(simd, true, rows, known, numbers);
        } else {
            self.add_mostly(simd, false, rows, known, numbers);
        }
    }

    #[inline(always)]
    fn add_mostly(
        &mut self,
        simd: impl Simd,
        long: bool,
        rows: Rows<'_>,
        known: &mut Known<'_>,
        numbers: &mut Vec<u16>,
    ) {
        let last = self.first + self.columns.len() - 1;
        for (row, (start, end)) in rows.spans(self.first, last).enumerate() {
            let number = match self.table.get(simd, (rows.buffer, start, end), long) {
                Some(number) => number,
                None => match self.learn(rows, row, known) {
                    Some(number) => number,
                    None => break,
                },
            };
            numbers.push(number);
        }
    }

    /// Returns the number of what a combination means that was not seen before, or for which there
    /// is no room; `None` if its row is rejected.
    #[cold]
    #[inline(never)]
    fn learn(&mut self, rows: Rows<'_>, row: usize, known: &mut Known<'_>) -> Option<u16> {
        let number = match self.columns[..] {
            // Its texts are remembered here.
            [Column::Alone(index)] => {
                let fact = known.understood(index, rows.cell(row, self.first)?)?;
                match self.numbers_of_one.get(&fact) {
                    Some(number) => *number,
                    None => {
                        let mut meaning = PartialFacts::default();
                        known.put(index, fact, &mut meaning);
                        let number = self.number(meaning)?;
                        self.numbers_of_one.insert(fact, number);
                        number
                    }
                }
            }
            _ => {
                let mut meaning = PartialFacts::default();
                for (at, column) in (self.first..).zip(&self.columns) {
                    known.add(*column, rows.cell(row, at)?, &mut meaning)?;
                }
                self.number(meaning)?
            }
        };
        // Where each row has a text of its own, to remember it costs more than to understand it; what
        // occurs often is remembered soon all the same.
        self.passed_over += 1;
        let is_passed_over = !self.passed_over.is_multiple_of(ONE_IN);
        if self.columns.len() == 1 && self.table.len() >= ALL && is_passed_over {
            return Some(number);
        }
        if self.table.len() >= MOST {
            self.table = TextTable::new();
        }
        let last = self.first + self.columns.len() - 1;
        let one = Rows { bounds: &rows.bounds[row * rows.width..], count: 1, ..rows };
        for (start, end) in one.spans(self.first, last) {
            self.table.insert((rows.buffer, start, end), number, self.is_long());
        }
        Some(number)
    }

    /// Returns the number of a meaning; `None` if there is no room for another one.
    fn number(&mut self, meaning: PartialFacts) -> Option<u16> {
        if let Some(number) = self.numbers.get(&meaning) {
            return Some(*number);
        }
        let number = u16::try_from(self.meanings.len()).ok()?;
        self.meanings.push(meaning);
        self.numbers.insert(meaning, number);
        Some(number)
    }
}

//! Columns that are understood together, and what their keys mean.
//!
//! Nothing is decided here: for every combination of keys that occurs, a row is made up in which
//! all cells are blank but those, and the plain reader reads it.

use std::collections::HashMap;

use eligibility::facts::{FactName, Facts};

use super::dictionary::Dictionary;
use crate::batch::{Batch, DistinctFacts};
use crate::bulk::column_plan::{ColumnPlan, Understood};

/// The number of bits that the number of a combination may have in a table.
const TABLE_BITS: u32 = 16;

/// The number of combinations that are remembered where a table would be too large.
const MOST_IN_MAP: usize = 1 << 16;

/// The most columns of a group: those of platform and management mode, two facts that narrow the
/// mode, the twins of all that can have one, and what was added to these four facts.
const MOST_COLUMNS: usize = 13;

/// The keys of the columns of a group.
type Combination = [u16; MOST_COLUMNS];

/// A combination that did not occur yet.
const UNSEEN: u32 = u32::MAX;

/// A combination that the plain reader rejects.
const REJECTED: u32 = u32::MAX - 1;

/// Columns that give some facts together.
#[derive(Debug)]
pub(super) struct Group {
    /// Which columns, by their places among those with keys.
    columns: Vec<usize>,
    facts: Vec<FactName>,
    /// The number of bits of the keys of each column.
    bits: Vec<u32>,
    /// The number of the facts of each combination.
    table: Vec<u32>,
    /// The same, where a table would be too large.
    map: HashMap<Combination, u32>,
    /// The distinct meanings of combinations: the facts of the group that are projected.
    meant: DistinctFacts,
    /// For each row of the batch at hand, the number of its facts, or [`REJECTED`].
    found: Vec<u32>,
}

/// Returns the columns with keys, in the order of the file, and the groups that they make.
pub(super) fn of(plan: &ColumnPlan) -> (Vec<usize>, Vec<Group>) {
    let with_twins = |columns: &[usize]| -> Vec<usize> {
        let twins = columns.iter().filter_map(|column| plan.twin(*column));
        columns.iter().copied().chain(twins).collect()
    };
    let with_added = |mut columns: Vec<usize>, facts: &[FactName]| -> Vec<usize> {
        columns.extend(facts.iter().filter_map(|fact| plan.beside(*fact)));
        columns
    };
    let alone = plan.alone.iter();
    let mut groups: Vec<_> = alone
        .map(|(column, fact)| (with_added(with_twins(&[*column]), &[*fact]), vec![*fact]))
        .collect();
    let pair = vec![FactName::Platform, FactName::Management];
    let columns = plan.together.iter().copied().chain(plan.narrowing_columns());
    let columns = with_twins(&columns.collect::<Vec<_>>());
    let four = [pair[0], pair[1], FactName::Ownership, FactName::Supervised];
    let columns = with_added(columns, &four);
    if !plan.together.is_empty() || plan.beside(pair[0]).or(plan.beside(pair[1])).is_some() {
        groups.push((columns, pair));
    }
    let mut columns: Vec<usize> = groups.iter().flat_map(|(columns, _)| columns.clone()).collect();
    columns.sort_unstable();
    columns.dedup();
    let place = |column: usize| columns.partition_point(|other| *other < column);
    assert!(groups.iter().all(|(columns, _)| columns.len() <= MOST_COLUMNS), "keys have room");
    let groups = groups.into_iter().map(|(group, facts)| Group {
        columns: group.into_iter().map(place).collect(),
        facts,
        bits: Vec::new(),
        table: Vec::new(),
        map: HashMap::new(),
        meant: DistinctFacts::default(),
        found: Vec::new(),
    });
    let groups = groups.collect();
    (columns, groups)
}

/// The data that determine the meaning of a combination.
#[derive(Clone, Copy)]
pub(super) struct Meaning<'m> {
    pub(super) plan: &'m ColumnPlan,
    /// The columns with keys, by their places in the file.
    pub(super) columns: &'m [usize],
    pub(super) dictionaries: &'m [Dictionary],
}

impl Group {
    /// Returns a group that has found facts for rows, by their numbers.
    #[cfg(test)]
    pub(super) fn of_meant(facts: Vec<FactName>, meant: DistinctFacts, found: Vec<u32>) -> Self {
        Self {
            columns: Vec::new(),
            facts,
            bits: Vec::new(),
            table: Vec::new(),
            map: HashMap::new(),
            meant,
            found,
        }
    }

    /// Forgets what combinations mean.
    pub(super) fn reset(&mut self) {
        self.bits.clear();
        self.meant.clear();
    }

    /// Returns for each row the number of its facts, or [`REJECTED`].
    pub(super) fn found(&self) -> &[u32] {
        &self.found
    }

    /// Returns the number of bits that such a number has.
    pub(super) fn width(&self) -> u32 {
        self.meant.all().len().saturating_sub(1).checked_ilog2().map_or(0, |top| top + 1)
    }

    /// Adds the facts of a row that is not rejected.
    pub(super) fn add_facts(&self, row: usize, to: &mut Facts) {
        let meant = &self.meant.all()[self.found[row] as usize];
        self.facts.iter().for_each(|fact| to.set(*fact, meant.get(*fact)));
    }

    /// Finds the facts of rows; `keys` are those of each column. The rows that are rejected are added
    /// to `rejected`.
    pub(super) fn find(
        &mut self,
        meaning: Meaning<'_>,
        keys: &[Vec<u16>],
        batch: &Batch,
        rejected: &mut Vec<usize>,
    ) {
        self.make_room(meaning);
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        if self.table.is_empty() {
            self.find_by_map(meaning, keys, batch, &mut found);
        } else {
            self.find_by_table(meaning, keys, batch, &mut found);
        }
        let any = found.iter().fold(false, |any, found| any | (*found == REJECTED));
        if any {
            let rows = found.iter().enumerate().filter(|(_, found)| **found == REJECTED);
            rejected.extend(rows.map(|(row, _)| row));
        }
        self.found = found;
    }

    fn find_by_table(
        &mut self,
        meaning: Meaning<'_>,
        keys: &[Vec<u16>],
        batch: &Batch,
        found: &mut Vec<u32>,
    ) {
        if let [column] = self.columns[..] {
            let (keys, table) = (&keys[column], &self.table);
            found.extend(keys.iter().map(|key| table[usize::from(*key)]));
            if found.iter().fold(false, |any, found| any | (*found == UNSEEN)) {
                found.clear();
            } else {
                return;
            }
        }
        let mut shift = 0;
        for (column, bits) in self.columns.iter().zip(&self.bits) {
            let keys = &keys[*column];
            if found.is_empty() {
                found.extend(keys.iter().map(|key| u32::from(*key)));
            } else {
                for (combined, key) in found.iter_mut().zip(keys) {
                    *combined |= u32::from(*key) << shift;
                }
            }
            shift += bits;
        }
        for (row, found) in found.iter_mut().enumerate() {
            let key = *found as usize;
            *found = self.table[key];
            if *found == UNSEEN {
                *found = self.ask(meaning, keys, row, batch);
                self.table[key] = *found;
            }
        }
    }

    fn find_by_map(
        &mut self,
        meaning: Meaning<'_>,
        keys: &[Vec<u16>],
        batch: &Batch,
        found: &mut Vec<u32>,
    ) {
        let rows = self.columns.first().map_or(0, |column| keys[*column].len());
        for row in 0..rows {
            let mut key = [0; MOST_COLUMNS];
            for (key, column) in key.iter_mut().zip(&self.columns) {
                *key = keys[*column][row];
            }
            found.push(match self.map.get(&key) {
                Some(found) => *found,
                None => {
                    let found = self.ask(meaning, keys, row, batch);
                    self.map.insert(key, found);
                    found
                }
            });
        }
    }

    /// Makes the table large enough for the keys that there are now.
    fn make_room(&mut self, meaning: Meaning<'_>) {
        let needed = |column: &usize| {
            usize::BITS - (meaning.dictionaries[*column].len() - 1).leading_zeros()
        };
        let bits: Vec<u32> = self.columns.iter().map(needed).collect();
        if self.map.len() > MOST_IN_MAP {
            self.map.clear();
        }
        if self.bits == bits {
            return;
        }
        let sum: u32 = bits.iter().sum();
        let by_table = self.columns.len() == 1 || sum <= TABLE_BITS;
        // The entries of a map stay valid when there are more keys.
        if by_table || self.bits.is_empty() || !self.table.is_empty() {
            self.map.clear();
            self.table = vec![UNSEEN; if by_table { 1 << sum } else { 0 }];
        }
        self.bits = bits;
    }

    /// Asks what the keys of a row mean.
    #[cold]
    fn ask(&mut self, meaning: Meaning<'_>, keys: &[Vec<u16>], row: usize, batch: &Batch) -> u32 {
        let Meaning { plan, columns, dictionaries: known } = meaning;
        let cells: Vec<(usize, &[u8])> = self
            .columns
            .iter()
            .map(|column| (columns[*column], known[*column].text(keys[*column][row])))
            .collect();
        let Some(Understood { facts, .. }) = plan.understand_as_they_are(&cells) else {
            return REJECTED;
        };
        let (facts, mut own) = (batch.projected(&facts), Facts::default());
        self.facts.iter().for_each(|fact| own.set(*fact, facts.get(*fact)));
        self.meant.key(&own)
    }
}

//! Columns that are understood together, and what their keys mean.
//!
//! Nothing is decided here: for every combination of keys that occurs, a row is made up in which
//! all cells are blank but those, and the plain reader reads it.

use std::collections::HashMap;

use eligibility::facts::{FactName, Facts};

use super::dictionary::Dictionary;
use crate::batch::Batch;
use crate::bulk::column_plan::{ColumnPlan, Understood};

/// The number of combinations that are remembered before all are forgotten.
pub(super) const MOST_IN_MAP: usize = 1 << 16;

/// The most columns of a group: those of platform and management mode, two facts that narrow the
/// mode, the twins of all that can have one, and what was added to these four facts.
const MOST_COLUMNS: usize = 13;

/// The keys of the columns of a group.
pub(super) type Combination = [u16; MOST_COLUMNS];

/// Columns that give some facts together.
#[derive(Debug)]
pub(super) struct Group {
    /// Which columns, by their places among those with keys.
    columns: Vec<usize>,
    facts: Vec<FactName>,
    /// The facts of the group that are projected, for each combination that occurred; `None` for one
    /// that the plain reader rejects.
    known: HashMap<Combination, Option<Facts>>,
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
        known: HashMap::new(),
    });
    let groups = groups.collect();
    (columns, groups)
}

/// Rows by the keys of their columns, and the data that determine what these mean.
#[derive(Clone, Copy)]
pub(super) struct KeyedRows<'r> {
    pub(super) plan: &'r ColumnPlan,
    /// The columns with keys, by their places in the file.
    pub(super) columns: &'r [usize],
    pub(super) dictionaries: &'r [Dictionary],
    /// For each of these columns, the key of each row.
    pub(super) keys: &'r [Vec<u16>],
    /// The batch of the rows.
    pub(super) batch: &'r Batch,
}

impl Group {
    /// Returns its columns, by their places among those with keys.
    pub(super) fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// Returns the facts that it gives.
    pub(super) fn facts(&self) -> &[FactName] {
        &self.facts
    }

    /// Forgets what combinations mean.
    pub(super) fn reset(&mut self) {
        self.known.clear();
    }

    /// Returns the keys of its columns in a row.
    pub(super) fn combination(&self, keys: &[Vec<u16>], row: usize) -> Combination {
        let mut combination = [0; MOST_COLUMNS];
        for (key, column) in combination.iter_mut().zip(&self.columns) {
            *key = keys[*column][row];
        }
        combination
    }

    /// Adds the facts of a row; returns false if the plain reader rejects it.
    pub(super) fn add_facts(&mut self, rows: KeyedRows<'_>, row: usize, to: &mut Facts) -> bool {
        let combination = self.combination(rows.keys, row);
        if self.known.len() > MOST_IN_MAP {
            self.known.clear();
        }
        let Self { columns, known, .. } = self;
        let ask = || Self::ask(columns, rows, &combination);
        let Some(facts) = known.entry(combination).or_insert_with(ask) else { return false };
        self.facts.iter().for_each(|fact| to.set(*fact, facts.get(*fact)));
        true
    }

    /// Asks what keys of some columns mean.
    #[cold]
    fn ask(group: &[usize], rows: KeyedRows<'_>, combination: &Combination) -> Option<Facts> {
        let KeyedRows { plan, columns, dictionaries, batch, .. } = rows;
        let cells = group.iter().zip(combination);
        let cells: Vec<(usize, &[u8])> = cells
            .map(|(column, key)| (columns[*column], dictionaries[*column].text(*key)))
            .collect();
        let Understood { facts, .. } = plan.understand_as_they_are(&cells)?;
        Some(batch.projected(&facts))
    }
}

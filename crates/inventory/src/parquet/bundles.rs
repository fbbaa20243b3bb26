//! Groups of columns that are looked up together.
//!
//! The keys of a row in several columns, beside each other in few bits, are the place in a table of
//! the facts that all groups of these columns give. So the rows of a batch need few look-ups each,
//! however many columns there are.

use std::collections::HashMap;

use eligibility::facts::{FactName, Facts};

use super::dictionary::Dictionary;
use super::groups::{Combination, Group, KeyedRows, MOST_IN_MAP};
use crate::batch::DistinctFacts;
use crate::bulk::{Work, with_best_instructions};

/// The number of bits that the keys of a row may have in a table.
const TABLE_BITS: u32 = 16;

/// The number of rows that are looked up at a time, so that their places stay in the first-level
/// cache.
pub(super) const AT_ONCE: usize = 1 << 12;

/// A combination that did not occur yet.
const UNSEEN: u32 = u32::MAX;

/// A combination that the plain reader rejects.
const REJECTED: u32 = u32::MAX - 1;

/// All groups, by the bundles that they make with the keys that there are.
#[derive(Debug)]
pub(super) struct Bundles {
    groups: Vec<Group>,
    all: Vec<Bundle>,
    /// The number of bits of the keys of each column.
    bits: Vec<u32>,
}

/// Groups whose keys fit one table, or a single group whose keys do not.
#[derive(Debug, Default)]
pub(super) struct Bundle {
    /// Which groups, by their places.
    groups: Vec<usize>,
    /// Their columns, and where the keys of each begin in a place of the table.
    columns: Vec<(usize, u32)>,
    facts: Vec<FactName>,
    /// The number of the facts of each combination; empty if the keys do not fit.
    table: Vec<u32>,
    /// The same, if they do not.
    map: HashMap<Combination, u32>,
    /// The distinct facts of all groups that are projected.
    meant: DistinctFacts,
    /// For each row of the batch at hand, the number of its facts, or [`REJECTED`].
    found: Vec<u32>,
}

impl Bundles {
    pub(super) fn new(groups: Vec<Group>) -> Self {
        Self { groups, all: Vec::new(), bits: Vec::new() }
    }

    /// Forgets what keys mean.
    pub(super) fn reset(&mut self) {
        self.groups.iter_mut().for_each(Group::reset);
        self.bits.clear();
    }

    /// Returns the bundles.
    pub(super) fn all(&self) -> &[Bundle] {
        &self.all
    }

    /// Finds the facts of rows. Returns true if numbers have the meaning that they had before; the
    /// rows that are rejected are added to `rejected`.
    pub(super) fn find(&mut self, rows: KeyedRows<'_>, rejected: &mut Vec<usize>) -> bool {
        let same = self.make_room(rows.dictionaries);
        for bundle in &mut self.all {
            bundle.find(&mut self.groups, rows);
            if bundle.found.iter().fold(false, |any, found| any | (*found == REJECTED)) {
                let those = bundle.found.iter().enumerate();
                let those = those.filter(|(_, found)| **found == REJECTED);
                rejected.extend(those.map(|(row, _)| row));
            }
        }
        same
    }

    /// Bundles the groups anew if the keys have more bits; returns false if it did.
    fn make_room(&mut self, dictionaries: &[Dictionary]) -> bool {
        let bits = dictionaries.iter();
        let bits = bits.map(|keys| usize::BITS - (keys.len() - 1).leading_zeros());
        let bits: Vec<u32> = bits.collect();
        if self.bits == bits {
            return true;
        }
        self.bits = bits;
        self.all.clear();
        // The last group has the most columns, which others have as well.
        for at in (0..self.groups.len()).rev() {
            let fits = |bundle: &&mut Bundle| {
                let more = self.groups[at].columns().iter().filter(|column| !bundle.has(**column));
                let bits = more.map(|column| self.bits[*column]).sum::<u32>();
                bundle.bits(&self.bits) + bits <= TABLE_BITS
            };
            if let Some(bundle) = self.all.iter_mut().find(fits) {
                bundle.add(at, &self.groups[at], &self.bits);
            } else {
                let mut bundle = Bundle::default();
                bundle.add(at, &self.groups[at], &self.bits);
                self.all.push(bundle);
            }
        }
        for bundle in &mut self.all {
            let bits = bundle.bits(&self.bits);
            bundle.table = vec![UNSEEN; if bits <= TABLE_BITS { 1 << bits } else { 0 }];
        }
        false
    }
}

impl Bundle {
    /// Returns a bundle that has found facts for rows, by their numbers.
    #[cfg(test)]
    pub(super) fn of_meant(facts: Vec<FactName>, meant: DistinctFacts, found: Vec<u32>) -> Self {
        Self { facts, meant, found, ..Self::default() }
    }

    /// Returns true if the keys of a column are among those that are looked up.
    fn has(&self, column: usize) -> bool {
        self.columns.iter().any(|(other, _)| *other == column)
    }

    /// Returns the number of bits of a place.
    fn bits(&self, bits: &[u32]) -> u32 {
        self.columns.iter().map(|(column, _)| bits[*column]).sum()
    }

    fn add(&mut self, at: usize, group: &Group, bits: &[u32]) {
        self.groups.push(at);
        self.facts.extend(group.facts());
        for column in group.columns() {
            if !self.has(*column) {
                self.columns.push((*column, self.bits(bits)));
            }
        }
    }

    /// Returns for each row the number of its facts.
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

    fn find(&mut self, groups: &mut [Group], rows: KeyedRows<'_>) {
        let keys = rows.keys;
        let count = self.columns.first().map_or(0, |(column, _)| keys[*column].len());
        self.found.resize(count, UNSEEN);
        if self.table.is_empty() {
            for row in 0..count {
                self.found[row] = self.find_by_map(groups, rows, row);
            }
            return;
        }
        for begin in (0..count).step_by(AT_ONCE) {
            let end = count.min(begin + AT_ONCE);
            let Self { columns, table, found, .. } = self;
            let found = &mut found[begin..end];
            let look_up = LookUp { columns, keys, begin, table, found };
            if with_best_instructions(look_up) {
                for row in begin..end {
                    if self.found[row] == UNSEEN {
                        self.found[row] = self.learn(groups, rows, row);
                    }
                }
            }
        }
    }

    fn find_by_map(&mut self, groups: &mut [Group], rows: KeyedRows<'_>, row: usize) -> u32 {
        let combination = groups[self.groups[0]].combination(rows.keys, row);
        if let Some(number) = self.map.get(&combination) {
            return *number;
        }
        if self.map.len() >= MOST_IN_MAP {
            self.map.clear();
        }
        let number = self.ask(groups, rows, row);
        self.map.insert(combination, number);
        number
    }

    /// Learns what the keys of a row mean, unless a row before it has the same.
    #[cold]
    fn learn(&mut self, groups: &mut [Group], rows: KeyedRows<'_>, row: usize) -> u32 {
        let place = self.columns.iter().fold(0, |place, (column, shift)| {
            place | usize::from(rows.keys[*column][row]) << shift
        });
        if self.table[place] == UNSEEN {
            self.table[place] = self.ask(groups, rows, row);
        }
        self.table[place]
    }

    /// Returns the number of the facts that the groups give for a row.
    fn ask(&mut self, groups: &mut [Group], rows: KeyedRows<'_>, row: usize) -> u32 {
        let mut facts = Facts::default();
        for group in &self.groups {
            if !groups[*group].add_facts(rows, row, &mut facts) {
                return REJECTED;
            }
        }
        self.meant.key(&facts)
    }
}

/// Rows whose keys are to be looked up, from the row `begin` on; the result is true if a combination
/// did not occur yet.
struct LookUp<'l> {
    columns: &'l [(usize, u32)],
    keys: &'l [Vec<u16>],
    begin: usize,
    table: &'l [u32],
    found: &'l mut [u32],
}

impl Work for LookUp<'_> {
    type Output = bool;

    #[inline(always)]
    fn run(self) -> bool {
        let Self { columns, keys, begin, table, found } = self;
        found.fill(0);
        for (column, shift) in columns {
            for (place, key) in found.iter_mut().zip(&keys[*column][begin..]) {
                *place |= u32::from(*key) << shift;
            }
        }
        let mut unseen = false;
        for found in found {
            *found = table[*found as usize];
            unseen |= *found == UNSEEN;
        }
        unseen
    }
}

//! Facts by number.

use std::collections::HashMap;

use eligibility::facts::Facts;

use super::FactsState;

/// Facts, each once, with a key by the order of their first appearance.
///
/// ```
/// use eligibility::facts::{Fact, Facts, Platform};
/// use inventory::DistinctFacts;
///
/// let mut distinct = DistinctFacts::default();
/// let linux = Facts { platform: Fact::Known(Platform::Linux), ..Facts::default() };
/// let keys = [Facts::default(), linux, Facts::default()].map(|facts| distinct.key(&facts));
/// assert_eq!(keys, [0, 1, 0]);
/// assert_eq!(distinct.all(), [Facts::default(), linux]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct DistinctFacts {
    all: Vec<Facts>,
    keys: HashMap<Facts, u32, FactsState>,
}

impl DistinctFacts {
    /// Returns the key of these facts; new facts get the next one.
    ///
    /// # Panics
    ///
    /// If there are 2³² of them, for which no memory has room.
    pub fn key(&mut self, facts: &Facts) -> u32 {
        *self.keys.entry(*facts).or_insert_with(|| {
            self.all.push(*facts);
            u32::try_from(self.all.len() - 1).expect("memory ends before 32 bits do")
        })
    }

    /// Returns the facts in the order of their keys.
    pub fn all(&self) -> &[Facts] {
        &self.all
    }

    /// Removes all facts.
    pub(crate) fn clear(&mut self) {
        self.all.clear();
        self.keys.clear();
    }
}

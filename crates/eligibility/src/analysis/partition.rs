//! Dividing the space into blocks on which no clause changes its mind.

use std::collections::BTreeMap;

use super::axes::Axes;
use crate::classes::BitSet;
use crate::facts::FactName;
use crate::policy::{Conjunction, Policy};

/// The number of cubes a partition may have.
///
/// Shipped policies need about a hundred, two thousand rules in layers a few thousand. A cube takes
/// some 50 bytes for each fact and a bit for each rule and each bound of versions, twice over
/// while regions are sought: with two thousand rules this bounds an analysis to about 256 MiB.
pub(super) const MAX_BOXES: usize = 100_000;

/// The number of clauses that all cubes together may be compared with: the search in a cube takes
/// time for each of them.
const MAX_COMPARISONS: usize = 1 << 23;

/// The number of classes that the values of a fact may have: the search compares a class with all
/// others.
const MAX_CLASSES: usize = 1 << 13;

/// A policy divides the space of devices into more blocks than an analysis takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules divide the devices into too many classes for an analysis")]
pub struct TooComplex;

/// A set of devices that is a product of sets of values: for each axis the classes inside.
pub(super) type Cube = Vec<BitSet>;

/// A block of the partition: a cube, with the clauses that hold on all of it; the others fail on all
/// of it.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) cube: Cube,
    pub(super) holding: BitSet,
}

/// The clauses of several policies, numbered through: of each policy first the prerequisites,
/// then the rules.
pub(super) struct Clauses<'p>(Vec<&'p Conjunction>);

impl<'p> Clauses<'p> {
    pub(super) fn of(policies: &[&'p Policy]) -> Self {
        let each = policies.iter().flat_map(|policy| {
            let prerequisites = policy.prerequisites.iter().map(|one| &one.holds);
            prerequisites.chain(policy.rules.iter().map(|rule| &rule.when))
        });
        Self(each.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// These clauses, then more conditions by which devices are distinguished.
    pub(super) fn and(mut self, more: &[&'p Conjunction]) -> Self {
        self.0.extend(more);
        self
    }
}

/// Divides the space; every device that can exist is in exactly one block.
pub(super) fn partition(axes: &Axes, clauses: &Clauses<'_>) -> Result<Vec<Block>, TooComplex> {
    if axes.iter().any(|axis| axis.len() > MAX_CLASSES) {
        return Err(TooComplex);
    }
    let bound = clauses.0.len();
    let mut splitter =
        Splitter { axes, mentions: Vec::new(), accepts: Vec::new(), done: Vec::new(), bound };
    for axis in axes.iter() {
        let mut mentions = BitSet::none(bound);
        let mut accepts = vec![BitSet::all(bound); axis.len()];
        for (number, conjunction) in clauses.0.iter().enumerate() {
            let Some(condition) = conjunction.on(axis.fact()) else { continue };
            mentions.insert(number);
            let accepted = axis.accepted(condition);
            for (class, accepts) in accepts.iter_mut().enumerate() {
                if !accepted.contains(class) {
                    accepts.remove(number);
                }
            }
        }
        splitter.mentions.push(mentions);
        splitter.accepts.push(accepts);
    }
    splitter.split(Vec::with_capacity(axes.len()), BitSet::all(bound))?;
    Ok(splitter.done)
}

struct Splitter<'a> {
    axes: &'a Axes,
    /// For each axis the clauses that have a condition on it.
    mentions: Vec<BitSet>,
    /// For each axis and class of it the clauses that allow it.
    accepts: Vec<Vec<BitSet>>,
    done: Vec<Block>,
    /// The number of clauses.
    bound: usize,
}

impl Splitter<'_> {
    /// Splits the cube with these first literals; `open` are the clauses that have not failed on it.
    fn split(&mut self, cube: Cube, open: BitSet) -> Result<(), TooComplex> {
        let depth = cube.len();
        if depth == self.axes.len() {
            if self.done.len() == MAX_BOXES || self.done.len() * self.bound > MAX_COMPARISONS {
                return Err(TooComplex);
            }
            self.done.push(Block { cube, holding: open });
            return Ok(());
        }
        let classes = self.classes(depth, &cube);
        if !self.mentions[depth].intersects(&open) {
            return self.split(extended(&cube, classes), open);
        }
        let mut branches: BTreeMap<BitSet, BitSet> = BTreeMap::new();
        for class in classes.iter() {
            let left = open.intersection(&self.accepts[depth][class]);
            let literal =
                branches.entry(left).or_insert_with(|| BitSet::none(self.axes.get(depth).len()));
            literal.insert(class);
        }
        for (open, literal) in branches {
            self.split(extended(&cube, literal), open)?;
        }
        Ok(())
    }

    /// Returns the classes of the next axis that exist beside the literals chosen so far.
    fn classes(&self, depth: usize, cube: &[BitSet]) -> BitSet {
        let axis = self.axes.get(depth);
        match self.axes.position(FactName::Platform) {
            Some(platform) if axis.fact() == FactName::Management => {
                Axes::modes_on(&cube[platform])
            }
            _ => BitSet::all(axis.len()),
        }
    }
}

fn extended(cube: &[BitSet], literal: BitSet) -> Cube {
    cube.iter().cloned().chain(std::iter::once(literal)).collect()
}

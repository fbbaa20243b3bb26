//! Dividing the space into boxes on which no clause changes its mind.

use std::collections::BTreeMap;

use super::axes::Axes;
use crate::classes::BitSet;
use crate::facts::FactName;
use crate::policy::{Conjunction, Policy};

/// How many boxes a partition may have.
///
/// Shipped policies need about a hundred, two thousand rules in layers a few thousand. A box takes
/// some 50 bytes for each fact and a bit for each rule and each bound of versions, twice over
/// while regions are sought: with two thousand rules this bounds an analysis to about 256 MiB.
pub const MAX_BOXES: usize = 100_000;

/// How many clauses all boxes together may be compared with: what is sought in a box takes time for
/// each of them.
const MAX_COMPARISONS: usize = 1 << 23;

/// How many classes the values of a fact may fall into: what is sought compares a class with all
/// others.
const MAX_CLASSES: usize = 1 << 13;

/// A policy divides the space of devices into more pieces than an analysis takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the rules divide the devices into too many pieces for an analysis")]
pub struct TooComplex;

/// A set of devices that is a product of sets of values: for each axis the pieces inside.
pub(super) type Sides = Vec<BitSet>;

/// A box, with the clauses that hold on all of it; the others fail on all of it.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) sides: Sides,
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

    /// These clauses, then more conditions by which devices are told apart.
    pub(super) fn and(mut self, more: &[&'p Conjunction]) -> Self {
        self.0.extend(more);
        self
    }
}

/// Divides the space; every device that can exist is in exactly one piece.
pub(super) fn partition(axes: &Axes, clauses: &Clauses<'_>) -> Result<Vec<Piece>, TooComplex> {
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
    /// For each axis and piece of it the clauses that allow it.
    accepts: Vec<Vec<BitSet>>,
    done: Vec<Piece>,
    /// How many clauses there are.
    bound: usize,
}

impl Splitter<'_> {
    /// Splits the box with these first sides; `open` are the clauses that have not failed on it.
    fn split(&mut self, sides: Sides, open: BitSet) -> Result<(), TooComplex> {
        let depth = sides.len();
        if depth == self.axes.len() {
            if self.done.len() == MAX_BOXES || self.done.len() * self.bound > MAX_COMPARISONS {
                return Err(TooComplex);
            }
            self.done.push(Piece { sides, holding: open });
            return Ok(());
        }
        let pieces = self.pieces(depth, &sides);
        if !self.mentions[depth].intersects(&open) {
            return self.split(extended(&sides, pieces), open);
        }
        let mut branches: BTreeMap<BitSet, BitSet> = BTreeMap::new();
        for class in pieces.iter() {
            let left = open.intersection(&self.accepts[depth][class]);
            let side =
                branches.entry(left).or_insert_with(|| BitSet::none(self.axes.get(depth).len()));
            side.insert(class);
        }
        for (open, side) in branches {
            self.split(extended(&sides, side), open)?;
        }
        Ok(())
    }

    /// Returns the pieces of the next axis that exist beside the sides chosen so far.
    fn pieces(&self, depth: usize, sides: &[BitSet]) -> BitSet {
        let axis = self.axes.get(depth);
        match self.axes.position(FactName::Platform) {
            Some(platform) if axis.fact() == FactName::Management => {
                Axes::modes_on(&sides[platform])
            }
            _ => BitSet::all(axis.len()),
        }
    }
}

fn extended(sides: &[BitSet], side: BitSet) -> Sides {
    sides.iter().cloned().chain(std::iter::once(side)).collect()
}

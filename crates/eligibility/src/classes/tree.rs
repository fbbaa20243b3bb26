//! Decided cells as a decision tree: finite data that any engine can carry.

use super::{BitSet, Cells};
use crate::facts::{Fact, FactName, FactSet, Facts, Value};
use crate::policy::Test;

/// A decision tree with leaves of type `L`.
///
/// It is made from decided cells, never from rules, so *unknown* is a value like any other and
/// every completion is accounted for.
///
/// ```
/// use eligibility::classes::{Cells, Tree};
/// use eligibility::decide::decide;
/// use eligibility::facts::{Fact, Facts, Platform};
/// use eligibility::policy::{PolicyDocument, Reading};
///
/// # let text = r#"
/// # id = "p"
/// # title = "iPhones"
/// # source = "https://example.com"
/// # documented = 2018-03-29
/// # [[rule]]
/// # id = "ios"
/// # when = { platform = "ios" }
/// # then = "remove-passcode"
/// # source = "first bullet"
/// # "#;
/// let (document, _) = PolicyDocument::parse(text)?;
/// let policy = document.read(Reading::Literal);
/// let verdict = |facts: &Facts| decide(&policy, facts).headline().verdict();
/// let tree = Tree::of_cells(&Cells::of(&[&policy], &[]), verdict)?;
/// let iphone = Facts { platform: Fact::Known(Platform::Ios), ..Facts::default() };
/// assert_eq!(tree.answer(&iphone), Some(&verdict(&iphone)));
/// assert_eq!(tree.answer(&Facts::default()), Some(&verdict(&Facts::default())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree<L> {
    /// The answer for every device that gets here.
    Leaf(L),
    /// A question about one fact.
    Question {
        /// The fact.
        fact: FactName,
        /// The possible answers. Each value, and the unknown, is in exactly one of them.
        branches: Vec<Branch<L>>,
    },
}

/// The devices with some values of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch<L> {
    /// True if an unknown value belongs here.
    pub unknown: bool,
    /// The known values that belong here; there may be none.
    pub known: Test,
    /// The decision of these devices.
    pub then: Tree<L>,
}

/// A policy distinguishes more cells than a tree is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy distinguishes more than {MAX_CELLS} cells")]
pub struct TooManyCells;

/// The number of cells up to which a tree is made. Shipped policies have 432 to 7,776.
const MAX_CELLS: u32 = 1 << 17;

impl<L: Clone + PartialEq> Tree<L> {
    /// Creates the tree of all cells; `decide` gives the answer for a device of a cell, which may be
    /// one that is not [`possible`](Facts::possible).
    ///
    /// # Errors
    ///
    /// [`TooManyCells`] if there are more than 131,072.
    pub fn of_cells(
        cells: &Cells,
        mut decide: impl FnMut(&Facts) -> L,
    ) -> Result<Self, TooManyCells> {
        let count = cells.count().filter(|count| *count <= MAX_CELLS).ok_or(TooManyCells)?;
        let mut answers: Vec<L> = Vec::new();
        let numbers = (0..count).map(|cell| {
            let answer = decide(&cells.witness(cell));
            answers.iter().position(|other| *other == answer).unwrap_or_else(|| {
                answers.push(answer);
                answers.len() - 1
            })
        });
        let numbers = numbers.collect();
        let sizes: Vec<_> = cells.classes().map(|classes| classes.len() + 1).collect();
        let everything: Part = sizes.iter().map(|size| (0..*size).collect()).collect();
        let grid = Grid { cells, sizes, numbers, answers };
        Ok(grid.tree(&everything))
    }
}

impl<L> Tree<L> {
    /// Returns the answer for a device; `None` if a fact that decides is one of a set.
    pub fn answer(&self, facts: &Facts) -> Option<&L> {
        match self {
            Self::Leaf(leaf) => Some(leaf),
            Self::Question { fact, branches } => {
                let value = facts.get(*fact);
                branches.iter().find(|branch| branch.contains(value))?.then.answer(facts)
            }
        }
    }

    /// Returns the number of leaves.
    pub fn leaves(&self) -> usize {
        match self {
            Self::Leaf(_) => 1,
            Self::Question { branches, .. } => branches.iter().map(|one| one.then.leaves()).sum(),
        }
    }

    /// Returns the facts that the tree tests.
    pub fn facts(&self) -> FactSet {
        match self {
            Self::Leaf(_) => FactSet::EMPTY,
            Self::Question { fact, branches } => {
                let below = branches.iter().map(|branch| branch.then.facts());
                below.fold([*fact].into_iter().collect(), FactSet::union)
            }
        }
    }
}

impl<L> Branch<L> {
    fn contains(&self, fact: Fact<Value>) -> bool {
        match fact {
            Fact::Unknown => self.unknown,
            Fact::Known(value) => self.known.accepts(value),
            Fact::OneOf(_) => false,
        }
    }
}

/// The answers of all cells.
struct Grid<'a, L> {
    cells: &'a Cells,
    /// The number of digits of each axis.
    sizes: Vec<usize>,
    /// The position of each cell's answer in `answers`.
    numbers: Vec<usize>,
    answers: Vec<L>,
}

/// Digits of an axis behind which all answers are the same, and these answers.
struct Group {
    digits: Vec<usize>,
    numbers: Vec<usize>,
}

/// Some cells: the digits that are left of each axis.
type Part = Vec<Vec<usize>>;

impl<L: Clone> Grid<'_, L> {
    /// Returns the tree of some cells.
    fn tree(&self, part: &Part) -> Tree<L> {
        let numbers = self.numbers(part);
        if all_same(&numbers) {
            return Tree::Leaf(self.answers[numbers[0]].clone());
        }
        let questions = (0..part.len()).filter_map(|axis| {
            let groups = self.groups(part, axis);
            // An axis whose digits all behave alike is no question.
            (groups.len() > 1).then(|| (self.cost(part, axis, &groups), axis, groups))
        });
        let question = questions.min_by_key(|(cost, axis, _)| (*cost, *axis));
        let (_, axis, groups) = question.expect("cells with different answers differ in a digit");
        let classes = self.cells.classes().nth(axis).expect("each axis has its classes");
        let branches = groups.into_iter().map(|group| {
            let mut known = BitSet::none(classes.len());
            for class in group.digits.iter().filter_map(|digit| digit.checked_sub(1)) {
                known.insert(class);
            }
            let unknown = group.digits[0] == 0;
            let then = self.tree(&narrowed(part, axis, &group));
            Branch { unknown, known: classes.test(&known), then }
        });
        Tree::Question { fact: classes.fact(), branches: branches.collect() }
    }

    /// Returns an estimate of the leaves behind a question: for each branch, one, and one more for
    /// each further group that any axis is divided into there.
    fn cost(&self, part: &Part, axis: usize, groups: &[Group]) -> usize {
        let branch = |group: &Group| {
            if all_same(&group.numbers) {
                return 1;
            }
            let part = narrowed(part, axis, group);
            let further = (0..part.len()).map(|axis| self.groups(&part, axis).len() - 1);
            1 + further.sum::<usize>()
        };
        groups.iter().map(branch).sum()
    }

    /// Returns the digits of an axis, those together behind which all answers are the same.
    fn groups(&self, part: &Part, axis: usize) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut only = part.clone();
        for digit in &part[axis] {
            only[axis] = vec![*digit];
            let numbers = self.numbers(&only);
            match groups.iter_mut().find(|group| group.numbers == numbers) {
                Some(group) => group.digits.push(*digit),
                None => groups.push(Group { digits: vec![*digit], numbers }),
            }
        }
        groups
    }

    /// Returns the answers of some cells, in the order of the cells.
    fn numbers(&self, part: &Part) -> Vec<usize> {
        let mut cells = vec![0];
        for (size, digits) in self.sizes.iter().zip(part) {
            let below = |cell: usize| digits.iter().map(move |digit| cell * size + digit);
            cells = cells.into_iter().flat_map(below).collect();
        }
        cells.into_iter().map(|cell| self.numbers[cell]).collect()
    }
}

/// Returns the cells with the first digit of a group, which represents the others.
fn narrowed(part: &Part, axis: usize, group: &Group) -> Part {
    let mut part = part.clone();
    part[axis] = vec![group.digits[0]];
    part
}

fn all_same(numbers: &[usize]) -> bool {
    numbers.iter().all(|number| *number == numbers[0])
}

//! Describing a part of the space by few cubes.
//!
//! The method is that of two-level logic minimisation: a cube around one device is widened, axis
//! by axis, as long as it stays inside; the widest cubes are taken until everything is covered.
//! Devices that cannot exist, or that do not matter, may be inside or not.

use std::collections::BTreeMap;

use super::axes::Axes;
use super::partition::Cube;
use super::region::Region;
use super::releases::Releases;
use crate::classes::BitSet;
use crate::facts::{FactName, Facts};
use crate::policy::Condition;

/// The number of cells the grid of one cover may have, and how many cubes may make it. Beyond,
/// cubes that differ on one axis only are joined, and that is all.
const MAX_CELLS: usize = 1 << 16;
const MAX_GRID_CUBES: usize = 2_000;

/// The number of starting devices that are tried for each cube, each with several orders of axes.
const SEEDS: usize = 4;

/// Cubes that hold all of `inside`, none of `outside`, and as few as were found.
///
/// Both are lists of cubes. What is in neither does not matter.
fn minimise(axes: &Axes, inside: &[Cube], outside: &[Cube]) -> Vec<Cube> {
    match Grid::of(axes, inside, outside) {
        Some(grid) => grid.minimise(axes),
        None => joined(inside.to_vec()),
    }
}

/// Describes what a condition selects, apart from the rest, by few regions; `counts` says which
/// devices of a region may be its witness.
pub(super) fn regions<T>(
    axes: &Axes,
    all: &[T],
    cube: impl Fn(&T) -> &Cube,
    selects: impl Fn(&T) -> bool,
    releases: &Releases,
    counts: impl Fn(&Facts) -> bool,
) -> Vec<Region> {
    let (inside, outside): (Vec<_>, Vec<_>) = all.iter().partition(|one| selects(one));
    let cubes = |some: Vec<&T>| some.into_iter().map(|one| cube(one).clone()).collect::<Vec<_>>();
    let found = minimise(axes, &cubes(inside), &cubes(outside));
    found.iter().map(|cube| Region::of(axes, cube, releases, &counts)).collect()
}

/// The content of a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Free,
    Inside,
    Outside,
}

/// The space, with classes that no cube distinguishes joined into one step of an axis.
struct Grid {
    /// For each axis the steps, each a set of classes.
    steps: Vec<Vec<BitSet>>,
    cells: Vec<Cell>,
}

/// A cube of a grid: for each axis the steps inside.
type Steps = Vec<Vec<usize>>;

impl Grid {
    fn of(axes: &Axes, inside: &[Cube], outside: &[Cube]) -> Option<Self> {
        if inside.len() + outside.len() > MAX_GRID_CUBES {
            return None;
        }
        let steps: Vec<_> = (0..axes.len())
            .map(|axis| {
                let cubes = inside.iter().chain(outside).map(|cube| &cube[axis]);
                let steps = steps(axes.get(axis).len(), cubes);
                // Old and new versions may be alike, but only neighbours make a range.
                if axes.get(axis).fact() == FactName::OsVersion { in_runs(&steps) } else { steps }
            })
            .collect();
        let size = steps.iter().try_fold(1_usize, |size, steps| {
            size.checked_mul(steps.len()).filter(|size| *size <= MAX_CELLS)
        })?;
        let mut grid = Self { steps, cells: vec![Cell::Free; size] };
        for (cubes, cell) in [(outside, Cell::Outside), (inside, Cell::Inside)] {
            for cube in cubes {
                let steps = grid.steps_of(cube);
                for position in grid.positions(&steps) {
                    grid.cells[position] = cell;
                }
            }
        }
        grid.free_the_impossible(axes);
        Some(grid)
    }

    /// Frees the cells whose modes exist on none of their platforms.
    fn free_the_impossible(&mut self, axes: &Axes) {
        let (Some(platform), Some(management)) =
            (axes.position(FactName::Platform), axes.position(FactName::Management))
        else {
            return;
        };
        for position in 0..self.cells.len() {
            let steps = self.steps_at(position);
            let platforms = &self.steps[platform][steps[platform][0]];
            let modes = &self.steps[management][steps[management][0]];
            if !Axes::modes_on(platforms).intersects(modes) {
                self.cells[position] = Cell::Free;
            }
        }
    }

    /// Returns the steps that a cube is made of.
    fn steps_of(&self, cube: &Cube) -> Steps {
        let each = self.steps.iter().zip(cube).map(|(steps, literal)| {
            let inside = steps.iter().enumerate().filter(|(_, step)| step.intersects(literal));
            inside.map(|(index, _)| index).collect()
        });
        each.collect()
    }

    /// Returns the positions of the cells of a cube.
    fn positions(&self, steps: &Steps) -> Vec<usize> {
        let mut positions = vec![0];
        for (axis, inside) in steps.iter().enumerate() {
            let size = self.steps[axis].len();
            positions = positions
                .iter()
                .flat_map(|position| inside.iter().map(move |step| position * size + step))
                .collect();
        }
        positions
    }

    fn minimise(&self, axes: &Axes) -> Vec<Cube> {
        let mut open: Vec<bool> = self.cells.iter().map(|cell| *cell == Cell::Inside).collect();
        let mut chosen: Vec<Steps> = Vec::new();
        while open.contains(&true) {
            let seeds = (0..open.len()).filter(|position| open[*position]).take(SEEDS);
            let best = seeds
                .flat_map(|seed| self.orders().map(move |order| self.widened(seed, &order)))
                .max_by_key(|steps| {
                    let covered = self.positions(steps).iter().filter(|at| open[**at]).count();
                    (covered, self.whole_axes(steps))
                });
            let Some(best) = best else { break };
            for position in self.positions(&best) {
                open[position] = false;
            }
            chosen.push(best);
        }
        let mut times = self.times_covered(&chosen);
        self.drop_needless(&mut chosen, &mut times);
        for steps in &mut chosen {
            self.narrow(axes, steps, &mut times, false);
        }
        for steps in &mut chosen {
            *steps = self.plainest(axes, steps);
        }
        let mut times = self.times_covered(&chosen);
        for steps in &mut chosen {
            self.narrow(axes, steps, &mut times, true);
        }
        chosen.sort_by_key(|steps| self.positions(steps).first().copied());
        let cubes = chosen.iter().map(|steps| self.cube(axes, steps));
        cubes.collect()
    }

    /// Returns some orders of the axes that have more than one step.
    fn orders(&self) -> impl Iterator<Item = Vec<usize>> {
        let axes: Vec<_> =
            (0..self.steps.len()).filter(|axis| self.steps[*axis].len() > 1).collect();
        permutations(&axes).into_iter()
    }

    /// Returns the cube around a cell, widened along the axes in this order.
    fn widened(&self, seed: usize, order: &[usize]) -> Steps {
        let mut steps = self.steps_at(seed);
        for axis in order {
            for step in 0..self.steps[*axis].len() {
                if steps[*axis].contains(&step) {
                    continue;
                }
                let slice = with_literal(&steps, *axis, vec![step]);
                let fits = self.positions(&slice).iter().all(|at| self.cells[*at] != Cell::Outside);
                if fits {
                    steps[*axis].push(step);
                }
            }
        }
        steps
    }

    fn steps_at(&self, mut position: usize) -> Steps {
        let mut steps = vec![Vec::new(); self.steps.len()];
        for axis in (0..self.steps.len()).rev() {
            steps[axis].push(position % self.steps[axis].len());
            position /= self.steps[axis].len();
        }
        steps
    }

    fn whole_axes(&self, steps: &Steps) -> usize {
        let whole = |(all, inside): &(&Vec<BitSet>, &Vec<usize>)| all.len() == inside.len();
        self.steps.iter().zip(steps).filter(whole).count()
    }

    /// Returns the number of cubes that hold each cell.
    fn times_covered(&self, chosen: &[Steps]) -> Vec<u32> {
        let mut times = vec![0; self.cells.len()];
        for position in chosen.iter().flat_map(|steps| self.positions(steps)) {
            times[position] += 1;
        }
        times
    }

    /// Drops cubes that the others cover.
    fn drop_needless(&self, chosen: &mut Vec<Steps>, times: &mut [u32]) {
        chosen.retain(|steps| {
            let positions = self.positions(steps);
            let inside = |at: &&usize| self.cells[**at] == Cell::Inside;
            let needed = positions.iter().filter(inside).any(|at| times[*at] == 1);
            if !needed {
                for position in positions {
                    times[position] -= 1;
                }
            }
            needed
        });
    }

    /// Takes steps out of a cube that only add what other cubes hold, or what does not matter; if
    /// asked, only where that makes the words shorter. An axis that is whole stays whole: leaving
    /// a fact unsaid is shorter than any list.
    fn narrow(&self, axes: &Axes, steps: &mut Steps, times: &mut [u32], only_shorter: bool) {
        for axis in 0..steps.len() {
            if steps[axis].len() == self.steps[axis].len() {
                continue;
            }
            let slice = |step: usize| self.positions(&with_literal(steps, axis, vec![step]));
            let needed = |step: &usize| {
                let mut cells = slice(*step).into_iter();
                cells.any(|at| self.cells[at] == Cell::Inside && times[at] == 1)
            };
            let kept: Vec<usize> = steps[axis].iter().copied().filter(needed).collect();
            let shorter = || self.words(axes, axis, &kept) < self.words(axes, axis, &steps[axis]);
            if kept.is_empty() || (only_shorter && !shorter()) {
                continue;
            }
            for step in steps[axis].iter().filter(|step| !kept.contains(step)) {
                for position in slice(*step) {
                    times[position] -= 1;
                }
            }
            steps[axis] = kept;
        }
    }

    /// Returns the same cube for people: on each axis but the platform's, the values that do not
    /// matter are taken in, all of them or some, if that makes the words shorter.
    fn plainest(&self, axes: &Axes, steps: &Steps) -> Steps {
        let mut plain = steps.clone();
        for (index, axis) in axes.iter().enumerate() {
            let free = |step: &usize| {
                let slice = self.positions(&with_literal(&plain, index, vec![*step]));
                slice.iter().all(|at| self.cells[*at] != Cell::Outside)
            };
            let wide: Vec<_> = (0..self.steps[index].len()).filter(free).collect();
            let narrow_platform = axis.fact() == FactName::Platform;
            let words = |inside: &[usize]| self.words(axes, index, inside);
            let whole = wide.len() == self.steps[index].len();
            if narrow_platform {
                continue;
            }
            if whole || words(&wide) < words(&plain[index]) {
                plain[index] = wide;
                continue;
            }
            for step in wide {
                let mut with: Vec<_> = plain[index].iter().copied().chain([step]).collect();
                with.sort_unstable();
                if !plain[index].contains(&step) && words(&with) < words(&plain[index]) {
                    plain[index] = with;
                }
            }
        }
        plain
    }

    /// Returns the length of the description of a literal.
    fn words(&self, axes: &Axes, axis: usize, inside: &[usize]) -> usize {
        let (literal, axis) = (self.literal(axes, axis, inside), axes.get(axis));
        Condition { fact: axis.fact(), test: axis.test(&literal) }.values().len()
    }

    fn literal(&self, axes: &Axes, axis: usize, inside: &[usize]) -> BitSet {
        let mut literal = BitSet::none(axes.get(axis).len());
        for step in inside {
            literal.union_with(&self.steps[axis][*step]);
        }
        literal
    }

    fn cube(&self, axes: &Axes, steps: &Steps) -> Cube {
        steps.iter().enumerate().map(|(axis, inside)| self.literal(axes, axis, inside)).collect()
    }
}

/// Returns a cube with another literal on one axis.
fn with_literal(steps: &Steps, axis: usize, literal: Vec<usize>) -> Steps {
    let mut changed = steps.clone();
    changed[axis] = literal;
    changed
}

/// Cubes joined in pairs that differ on one axis only, until there is no such pair.
fn joined(mut cubes: Vec<Cube>) -> Vec<Cube> {
    for axis in (0..cubes.first().map_or(0, Vec::len)).rev() {
        let mut alike: BTreeMap<Cube, BitSet> = BTreeMap::new();
        for mut cube in cubes {
            let literal = cube.remove(axis);
            alike.entry(cube).and_modify(|all| all.union_with(&literal)).or_insert(literal);
        }
        cubes = alike
            .into_iter()
            .map(|(mut cube, literal)| {
                cube.insert(axis, literal);
                cube
            })
            .collect();
    }
    cubes
}

/// Returns the classes of an axis, joined where every cube has both or neither.
fn steps<'a>(size: usize, cubes: impl Iterator<Item = &'a BitSet>) -> Vec<BitSet> {
    let mut steps = vec![BitSet::all(size)];
    for literal in cubes {
        steps = steps
            .iter()
            .flat_map(|step| [step.intersection(literal), step.without(literal)])
            .filter(|step| !step.is_empty())
            .collect();
    }
    steps.sort_by_key(|step| step.iter().next());
    steps
}

/// Returns the steps divided where a class does not follow the one before.
fn in_runs(steps: &[BitSet]) -> Vec<BitSet> {
    let mut runs: Vec<BitSet> = Vec::new();
    for step in steps {
        let mut last = None;
        for class in step.iter() {
            match runs.last_mut() {
                Some(run) if last.is_some_and(|last| last + 1 == class) => run.insert(class),
                _ => runs.push(step.only(class)),
            }
            last = Some(class);
        }
    }
    runs.sort_by_key(|step| step.iter().next());
    runs
}

/// Returns the permutations of a few numbers; of more than four only the rotations, both ways
/// round.
fn permutations(numbers: &[usize]) -> Vec<Vec<usize>> {
    if numbers.len() > 4 {
        let turned = (0..numbers.len()).map(|by| {
            let mut turned = numbers.to_vec();
            turned.rotate_left(by);
            turned
        });
        return turned
            .flat_map(|order| [order.clone(), order.into_iter().rev().collect()])
            .collect();
    }
    if numbers.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in numbers.iter().enumerate() {
        let mut rest = numbers.to_vec();
        rest.remove(index);
        all.extend(permutations(&rest).into_iter().map(|mut order| {
            order.insert(0, *first);
            order
        }));
    }
    all
}

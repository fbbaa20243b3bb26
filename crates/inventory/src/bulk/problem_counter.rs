//! Counting the cells that were not understood, at speed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::columns::Layout;
use crate::error::shortened;
use crate::problems::{CellProblem, Problems};
use crate::reader::Header;

/// The number of cells of a column that are recognised as ones that were looked at.
const SEEN: usize = 64;

/// The number of bytes of a cell that are compared: what is behind them is not shown either.
const COMPARED: usize = 256;

/// Takes note of the cells of some rows that were not understood.
///
/// Few texts are shown, so few are put into words: a cell costs a comparison, unless all are to be
/// listed.
#[derive(Debug)]
pub(crate) struct ProblemCounter {
    layout: Layout,
    names: Vec<Arc<str>>,
    /// True if all cells are to be listed.
    listed: bool,
    /// For each column, how cells begin in the file.
    seen: BTreeMap<usize, Vec<Box<[u8]>>>,
    problems: Problems,
    list: Vec<CellProblem>,
}

impl ProblemCounter {
    pub(crate) fn new(header: &Header, listed: bool) -> Self {
        let names = header.names.iter().map(|name| Arc::from(shortened(name.as_bytes())));
        Self {
            layout: header.layout.clone(),
            names: names.collect(),
            listed,
            seen: BTreeMap::new(),
            problems: Problems::default(),
            list: Vec::new(),
        }
    }

    /// Adds a cell. Its row with its line, and its text as it is shown, are found only if they are
    /// needed.
    pub(crate) fn add(
        &mut self,
        position: usize,
        cell: &[u8],
        place: impl FnOnce() -> (u64, Option<u64>),
        text: impl FnOnce() -> String,
    ) {
        let name = self.names[position].clone();
        self.add_named(&name, position, cell, place, text);
    }

    /// As [`add`](Self::add), with the name of the column.
    pub(super) fn add_named(
        &mut self,
        name: &Arc<str>,
        position: usize,
        cell: &[u8],
        place: impl FnOnce() -> (u64, Option<u64>),
        text: impl FnOnce() -> String,
    ) {
        let kept_all = self.problems.count(name, position);
        let begin = &cell[..cell.len().min(COMPARED)];
        let seen = self.seen.entry(position).or_default();
        if !self.listed && (kept_all || seen.iter().any(|seen| **seen == *begin)) {
            return;
        }
        if seen.len() < SEEN {
            seen.push(begin.into());
        }
        let ((row, line), content) = (place(), self.layout.content(position));
        let problem =
            CellProblem { row, line, column: name.clone(), text: text(), position, content };
        self.problems.keep(&problem);
        if self.listed {
            self.list.push(problem);
        }
    }

    /// Adds a cell that is already put into words.
    pub(crate) fn add_problem(&mut self, problem: CellProblem) {
        self.problems.add(&problem);
        if self.listed {
            self.list.push(problem);
        }
    }

    /// Gives what was noted, and the list in the order of rows; begins anew.
    pub(crate) fn take(&mut self) -> (Problems, Vec<CellProblem>) {
        self.seen.clear();
        self.list.sort_by_key(|problem| (problem.row, problem.position));
        (std::mem::take(&mut self.problems), std::mem::take(&mut self.list))
    }
}

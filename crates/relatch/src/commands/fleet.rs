//! The data that plans, comparisons and forecasts take from the rows of inventories, in any thread.

use std::path::PathBuf;

use eligibility::classes::Classes;
use eligibility::facts::{FactName, FactSet};
use fleet::{Census, Coder, Counted, Counter, KeyedRows, NewestRows, Program, RowKeys, SetAside};
use inventory::{Batch, JoinedFacts, Joining, Projection, Sink};

use super::facts::FactsFiles;
use super::inventories::{EachRow, ReadInventories};
use super::repeated;
use super::rows::{Rows, Tracked};
use super::selection::{LeftOut, Selection};
use crate::args::{Duplicates, InventoryArguments};
use crate::error::Error;
use crate::files::{self, InputFile};
use crate::present::devices::{DeviceList, Lines, ListFormat};
use crate::report::advice::Advisor;
use crate::report::inventories::InventoriesReport;

/// The most cells of devices that are counted, which only grouping by version can exceed.
const MOST_CELLS: usize = 1 << 17;

fn too_many_groups() -> Error {
    Error::Argument {
        message: format!("`--by os-version` gives more than {MOST_CELLS} groups"),
        hint: "leave `os-version` out of `--by`; a list has the version of each device".to_owned(),
    }
}

/// The inventories of a command, and how to read them.
pub(super) struct Inventories<'a> {
    pub(super) files: &'a [InputFile],
    pub(super) arguments: &'a InventoryArguments,
    /// The columns that are carried into lists.
    pub(super) columns: &'a [String],
    /// The devices that are meant; all of them without a selection.
    pub(super) selection: Option<&'a Selection>,
    /// The facts that are kept of each row, beside those that are counted; nothing is kept without
    /// them.
    pub(super) kept: Option<FactSet>,
    /// True if what is found out about each single row is kept.
    pub(super) each_row: bool,
}

/// The devices of inventories.
pub(super) struct Fleet {
    pub(super) inventories: InventoriesReport,
    pub(super) census: Census,
    /// The lists that were begun, in their order.
    pub(super) lists: Vec<DeviceList>,
    /// The files, in the order of the rows.
    pub(super) paths: Vec<PathBuf>,
    rows: Rows,
    /// The findings about each row, if they were to be kept.
    pub(super) each_row: Option<EachRow>,
    /// The older rows of devices.
    pub(super) aside: Option<SetAside>,
    /// The devices that were not selected.
    pub(super) left_out: Option<LeftOut>,
}

impl Fleet {
    /// Returns the rows; none unless they were to be kept.
    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Returns the numbers of the rows that were not set aside.
    pub(super) fn counted(&self) -> impl Iterator<Item = usize> {
        let is_aside = |row: usize| self.aside.as_ref().is_some_and(|it| it.contains(row as u64));
        (0..self.rows.len()).filter(move |row| !is_aside(*row))
    }

    /// Returns the rows that a selection leaves out.
    pub(super) fn not_chosen(&self, selection: &Selection) -> LeftOut {
        selection.left_out(&self.rows, self.aside.as_ref(), self.inventories.check_ins.newest())
    }

    /// Takes what is not selected out of the counts, and with the rows that are set aside out of
    /// the lists.
    fn leave_out(&mut self, lists: impl Iterator<Item = DeviceList>) -> Result<(), Error> {
        let (aside, left_out) = (&self.aside, &self.left_out);
        if let Some(left_out) = left_out {
            for (facts, rows) in &left_out.facts {
                self.census.remove(facts, *rows);
            }
            self.inventories.select(left_out.report.clone(), &left_out.check_ins);
        }
        let is_aside = |number| aside.as_ref().is_some_and(|it| it.contains(number));
        let is_left_out = |number| left_out.as_ref().is_some_and(|it| it.contains(number));
        let any = aside.as_ref().is_some_and(|aside| aside.rows > 0)
            || left_out.as_ref().is_some_and(|left_out| left_out.report.left_out > 0);
        for list in lists {
            let list = list.leave_out(any, |number| is_aside(number) || is_left_out(number))?;
            self.lists.push(list);
        }
        Ok(())
    }
}

impl<'a> Inventories<'a> {
    /// Returns the inventories of a command that keeps nothing of single rows.
    pub(super) fn new(
        files: &'a [InputFile],
        arguments: &'a InventoryArguments,
        selection: Option<&'a Selection>,
    ) -> Self {
        Self { files, arguments, columns: &[], selection, kept: None, each_row: false }
    }

    /// Counts the devices, and lists them in each list.
    pub(super) fn read(
        &self,
        program: &Program,
        mut census: Census,
        mut lists: Vec<(DeviceList, &Advisor<'_>)>,
    ) -> Result<Fleet, Error> {
        let newest = || NewestRows::new(program.policy().facts(), census.counter());
        let mut newest = (self.arguments.duplicates != Duplicates::All).then(newest);
        let sink = FleetSink {
            program,
            counter: census.counter().clone(),
            lists: lists.iter().map(|(list, advisor)| (list.format(), *advisor)).collect(),
            row_keys: newest.as_ref().map(NewestRows::row_keys),
            problems: self.arguments.problems.is_some() || self.each_row,
        };
        let threads = super::threads(self.arguments.threads);
        let mut facts = FactsFiles::read(&self.arguments.facts, threads)?;
        facts.find_ambiguous(self.files, threads, newest.is_some())?;
        let mut joined = JoinedFacts::of(facts.tables());
        let mut inventories = ReadInventories::new(
            self.arguments.threads,
            self.arguments.problems.as_deref(),
            &facts,
            self.columns,
        )?;
        inventories.each_row = self.each_row.then(EachRow::default);
        let once = newest.as_ref().map(|_| inventories.once(self.files));
        let files = once.as_deref().unwrap_or(self.files);
        let mut rows = Rows::default();
        let mut keep = |file, partial: Partial, rows| {
            JoinedFacts::add(&mut joined, rows);
            census.keep(partial.counted);
            if census.cells_seen() > MOST_CELLS {
                return Err(too_many_groups());
            }
            if let Some(newest) = &mut newest {
                newest.add(file, partial.keyed);
            }
            let mut each = lists.iter_mut().zip(&partial.lines);
            each.try_for_each(|((list, _), lines)| list.append(lines))
        };
        match self.kept_facts() {
            None => {
                let joining = Joining::new(&sink, facts.tables());
                inventories.read_all(files, &joining, |file, (partial, joined)| {
                    keep(file, partial, joined)
                })?;
            }
            Some(kept) => {
                let tracked = Tracked::new(&sink, kept);
                let joining = Joining::new(&tracked, facts.tables());
                inventories.read_all(files, &joining, |file, ((partial, part), joined)| {
                    rows.append(part);
                    keep(file, partial, joined)
                })?;
            }
        }
        inventories.join(&joined)?;
        let aside = newest.map(NewestRows::finish);
        if let Some(aside) = &aside {
            if aside.rows > 0 && self.arguments.duplicates == Duplicates::Refuse {
                return Err(repeated::refusal(inventories.paths(), aside));
            }
            for (facts, rows) in aside.facts() {
                census.remove(facts, rows);
            }
            inventories.set_aside(aside);
        }
        let (paths, inventories, each_row) = inventories.finish()?;
        self.check_now(&inventories);
        let (lists_made, left_out) = (Vec::new(), None);
        let mut fleet = Fleet {
            inventories,
            census,
            lists: lists_made,
            paths,
            rows,
            each_row,
            aside,
            left_out,
        };
        fleet.left_out = self.selection.map(|selection| fleet.not_chosen(selection));
        fleet.leave_out(lists.into_iter().map(|(list, _)| list))?;
        Ok(fleet)
    }

    /// Warns of a `--now` before the latest check-in, from which every device is young.
    fn check_now(&self, inventories: &InventoriesReport) {
        let newest = inventories.check_ins.newest().map(|newest| newest.date());
        if let (Some(now), Some(newest)) = (self.arguments.selection.now, newest)
            && now < newest
        {
            files::warn(&format!(
                "`--now {now}` is before the latest check-in, {newest}\n\
                 hint: ages are measured from `--now`; without it, from the latest check-in"
            ));
        }
    }

    /// Returns the facts that are kept of each row, if rows are kept at all.
    fn kept_facts(&self) -> Option<FactSet> {
        match (self.selection, self.kept) {
            (None, kept) => kept,
            (Some(selection), kept) => {
                Some(selection.facts().union(kept.unwrap_or(FactSet::EMPTY)))
            }
        }
    }
}

/// Counts devices, and writes their lines for each list.
struct FleetSink<'p> {
    program: &'p Program,
    counter: Counter,
    lists: Vec<(ListFormat, &'p Advisor<'p>)>,
    row_keys: Option<RowKeys>,
    problems: bool,
}

impl FleetSink<'_> {
    /// Returns the facts that have columns in the lists.
    fn listed(&self) -> FactSet {
        let none = FactSet::EMPTY;
        self.lists.iter().fold(none, |facts, (format, _)| facts.union(format.facts()))
    }
}

/// The result of a part of the rows.
struct Partial {
    counted: Counted,
    keyed: KeyedRows,
    /// For each list.
    lines: Vec<Vec<u8>>,
}

/// The local state of a thread.
struct Local<'p> {
    coder: Coder,
    row_keys: Option<RowKeys>,
    lists: Vec<Lines<'p>>,
}

impl<'p> Sink for FleetSink<'p> {
    type Local = Local<'p>;
    type Partial = Partial;

    fn projection(&self) -> Projection {
        let any = !self.lists.is_empty();
        Projection {
            facts: self.listed().union(self.counter.facts()),
            identity: any,
            keys: self.row_keys.is_some(),
            check_ins: self.lists.iter().any(|(format, _)| format.has_check_in()),
            problems: self.problems,
            ..Projection::default()
        }
    }

    fn versions(&self) -> Option<Classes> {
        // A list may have the version of each device.
        self.counter.versions().filter(|_| !self.listed().contains(FactName::OsVersion))
    }

    fn local(&self) -> Local<'p> {
        let lists = self.lists.iter().cloned();
        let lists = lists.map(|(format, advisor)| Lines::new(format, advisor)).collect();
        Local { coder: Coder::default(), row_keys: self.row_keys.clone(), lists }
    }

    fn partial(&self) -> Partial {
        let lines = vec![Vec::new(); self.lists.len()];
        Partial { counted: Counted::default(), keyed: KeyedRows::default(), lines }
    }

    fn consume(&self, local: &mut Local<'p>, partial: &mut Partial, batch: &mut Batch) {
        self.counter.consume(&mut local.coder, batch, &mut partial.counted);
        if let Some(row_keys) = &mut local.row_keys {
            partial.keyed.extend(row_keys, batch);
        }
        for (list, lines) in local.lists.iter_mut().zip(&mut partial.lines) {
            list.write(self.program, batch, lines);
        }
    }
}

//! What plans, comparisons and forecasts take from the rows of inventories, in any thread.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use eligibility::facts::{FactName, FactSet};
use fleet::{
    Census, Coder, Counted, Counter, KeyedRows, KindNumbers, NewestRows, Program, SetAside,
};
use inventory::{Batch, Projection, Sink};

use super::intake::Intake;
use super::repeated;
use super::rows::{Rows, Tracked};
use super::selection::{LeftOut, Selection};
use crate::args::Duplicates;
use crate::failure::Failure;
use crate::files::InputFile;
use crate::present::devices::{DeviceList, Lines, ListFormat};
use crate::report::advice::Advisor;
use crate::report::intake::IntakeReport;

/// The inventories of a command, and how to read them.
pub(super) struct Inventories<'a> {
    pub(super) files: &'a [InputFile],
    pub(super) threads: Option<NonZero<usize>>,
    pub(super) duplicates: Duplicates,
    /// Where everything that is not understood is listed.
    pub(super) problems: Option<&'a Path>,
    /// The devices that are meant; all of them without a selection.
    pub(super) selection: Option<&'a Selection>,
    /// The facts that are kept of each row, beside those that are counted; nothing is kept without
    /// them.
    pub(super) kept: Option<FactSet>,
}

/// The devices of inventories.
pub(super) struct Fleet {
    pub(super) intake: IntakeReport,
    pub(super) census: Census,
    pub(super) list: Option<DeviceList>,
    /// The files, in the order of the rows.
    pub(super) paths: Vec<PathBuf>,
    rows: Rows,
    aside: Option<SetAside>,
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
    pub(super) fn not_chosen(&self, selection: &Selection) -> Result<LeftOut, Failure> {
        selection.left_out(&self.rows, self.aside.as_ref(), self.intake.check_ins.newest())
    }
}

impl Inventories<'_> {
    /// Counts the devices, and lists them if there is a list.
    pub(super) fn read(
        &self,
        program: &Program,
        mut census: Census,
        mut list: Option<(DeviceList, &Advisor<'_>)>,
    ) -> Result<Fleet, Failure> {
        let deciding = program.policy().facts();
        let mut newest = (self.duplicates != Duplicates::All).then(|| NewestRows::new(deciding));
        let gather = Gather {
            program,
            counter: census.counter().clone(),
            list: list.as_ref().map(|(list, advisor)| (list.format(), *advisor)),
            numbers: newest.as_ref().map(NewestRows::numbers),
            problems: self.problems.is_some(),
        };
        let mut intake = Intake::new(self.threads, self.problems)?;
        let once = newest.as_ref().map(|_| intake.once(self.files));
        let files = once.as_deref().unwrap_or(self.files);
        let mut rows = Rows::default();
        let mut keep = |file, gathered: Gathered| {
            census.keep(gathered.counted);
            if let Some(newest) = &mut newest {
                newest.add(file, gathered.keyed);
            }
            list.as_mut().map_or(Ok(()), |(list, _)| list.append(&gathered.lines))
        };
        match self.kept_facts() {
            None => intake.read_all(files, &gather, keep)?,
            Some(facts) => {
                let tracked = Tracked::new(&gather, facts);
                intake.read_all(files, &tracked, |file, (gathered, part)| {
                    rows.append(part);
                    keep(file, gathered)
                })?;
            }
        }
        let aside = newest.map(NewestRows::finish);
        if let Some(aside) = &aside {
            if aside.rows > 0 && self.duplicates == Duplicates::Refuse {
                return Err(repeated::refusal(intake.paths(), aside));
            }
            for (facts, rows) in aside.facts() {
                census.remove(facts, rows);
            }
            intake.set_aside(aside);
        }
        let (paths, report) = intake.finish()?;
        let mut fleet = Fleet { intake: report, census, list: None, paths, rows, aside };
        let left_out = self.selection.map(|selection| fleet.not_chosen(selection)).transpose()?;
        if let Some(left_out) = &left_out {
            for (facts, rows) in &left_out.facts {
                fleet.census.remove(facts, *rows);
            }
            fleet.intake.select(left_out.report.clone(), &left_out.check_ins);
        }
        if let Some((list, _)) = list {
            let is_aside = |number| fleet.aside.as_ref().is_some_and(|it| it.contains(number));
            let is_left_out = |number| left_out.as_ref().is_some_and(|it| it.contains(number));
            let any = fleet.aside.as_ref().is_some_and(|aside| aside.rows > 0)
                || left_out.as_ref().is_some_and(|left_out| left_out.report.devices > 0);
            fleet.list =
                Some(list.leave_out(any, |number| is_aside(number) || is_left_out(number))?);
        }
        Ok(fleet)
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

/// Counts devices, and writes their lines if there is a list.
struct Gather<'p> {
    program: &'p Program,
    counter: Counter,
    list: Option<(ListFormat, &'p Advisor<'p>)>,
    numbers: Option<KindNumbers>,
    problems: bool,
}

/// The result of a part of the rows.
struct Gathered {
    counted: Counted,
    keyed: KeyedRows,
    lines: Vec<u8>,
}

/// What a thread keeps.
struct Local<'p> {
    coder: Coder,
    numbers: Option<KindNumbers>,
    lines: Option<Lines<'p>>,
}

impl<'p> Sink for Gather<'p> {
    type Local = Local<'p>;
    type Partial = Gathered;

    fn projection(&self) -> Projection {
        // A list has every fact.
        let all = || FactName::ALL.iter().copied().collect();
        Projection {
            facts: if self.list.is_some() { all() } else { self.counter.facts() },
            identity: self.list.is_some(),
            keys: self.numbers.is_some(),
            problems: self.problems,
        }
    }

    fn local(&self) -> Local<'p> {
        let list = self.list.clone();
        let lines = list.map(|(format, advisor)| Lines::new(format, advisor));
        Local { coder: Coder::default(), numbers: self.numbers.clone(), lines }
    }

    fn partial(&self) -> Gathered {
        Gathered { counted: Counted::default(), keyed: KeyedRows::default(), lines: Vec::new() }
    }

    fn consume(&self, local: &mut Local<'p>, partial: &mut Gathered, batch: &Batch) {
        self.counter.consume(&mut local.coder, batch, &mut partial.counted);
        if let Some(numbers) = &mut local.numbers {
            partial.keyed.extend(numbers, batch);
        }
        if let Some(lines) = &mut local.lines {
            lines.write(self.program, batch, &mut partial.lines);
        }
    }
}

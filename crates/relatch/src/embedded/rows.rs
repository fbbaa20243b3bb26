//! The rows of inventories, each decided in its place.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use eligibility::facts::{FactName, FactSet};
use fleet::{Census, KeyedRows, KindNumbers, NewestRows, Program, SetAside};
use inventory::{Batch, CellProblem, Input, Projection, Rejection, Sink};

use super::{Ended, Observer, Refused, watched};
use crate::args::{self, FactList, ReadingArgument};
use crate::failure::Failure;
use crate::files::{self, Source};
use crate::policies;
use crate::present::devices::{Frame, Lines, ListFormat};
use crate::progress::Watched;
use crate::report::advice::{self, Advisor};
use crate::report::caution::Cautions;
use crate::report::pages;

/// A policy with what a list of devices says beside its decisions.
pub struct Decider {
    program: Program,
    cautions: Cautions,
    costs: eligibility::costs::Costs,
}

/// An inventory.
pub enum Inventory {
    /// A file, packed or not.
    File(PathBuf),
    /// The bytes of a file that is not packed.
    Bytes(Vec<u8>),
}

/// The rows of inventories, and what was decided.
#[derive(Debug)]
pub struct Decided {
    /// The rows that each inventory has.
    pub rows: Vec<u64>,
    /// The rejected rows, each with the position of its inventory, in their order.
    pub rejections: Vec<(usize, Rejection)>,
    /// The cells of other rows that were not understood, in the order of rows.
    pub problems: Vec<(usize, CellProblem)>,
    devices: Frame,
    aside: Option<SetAside>,
}

/// Where the decision of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this position in each column of [`Decided::columns`].
    Device(u32),
    /// It is an older row of a device, at this position; it does not count.
    Older(u32),
    /// It was rejected.
    Rejected,
}

/// A column: its different cells, blank where there is nothing to say, and for each device the
/// position of its cell among them.
pub type Cells = (Vec<Arc<str>>, Vec<u32>);

impl Decider {
    /// Loads a policy by its name and reading, with the costs of changes in a file or the built-in
    /// ones.
    ///
    /// # Errors
    ///
    /// What is wrong with the policy or the costs.
    pub fn new(policy: &str, reading: &str, costs: Option<&Path>) -> Result<Self, Refused> {
        let work = || {
            let reading = ReadingArgument::from_str(reading, false).map_err(|_| {
                let message = format!("`{reading}` is no reading of a policy");
                Failure::Argument { message, hint: "`literal` or `intended`".to_owned() }
            })?;
            let document = policies::load(policy)?.document;
            Ok(Self {
                program: Program::new(document.read(reading.into())),
                cautions: Cautions::about(&document, reading.into()),
                costs: crate::commands::costs(costs)?,
            })
        };
        watched(None, work).map(|(decider, _)| decider)
    }

    /// Returns the names of the columns of decisions.
    pub fn columns() -> Vec<&'static str> {
        Frame::names()
    }

    /// Decides every row of inventories. With the facts by which a plan is grouped, joined by commas,
    /// all rows of a device but the newest are set aside, as by that plan.
    ///
    /// # Errors
    ///
    /// What is wrong with an inventory or the facts, or the reason of the observer.
    pub fn decide(
        &self,
        inventories: Vec<Inventory>,
        threads: Option<NonZero<usize>>,
        newest_by: Option<&str>,
        observer: Option<Arc<dyn Observer>>,
    ) -> Result<Decided, Refused> {
        let work = || {
            let by = newest_by.map(args::facts_list).transpose().map_err(|message| {
                let hint = "join the names of facts by commas, or say `none`".to_owned();
                Failure::Argument { message, hint }
            })?;
            let by = by.as_ref().map(|FactList(by)| &by[..]);
            self.read(inventories, crate::commands::threads(threads), by)
        };
        watched(observer, work).map(|(decided, Ended { .. })| decided)
    }

    /// Returns the facts that a plan by this policy counts, grouped by some.
    fn counted(&self, by: &[FactName]) -> FactSet {
        let pages: Vec<_> =
            pages::all(self.program.policy().reading).map(|(_, page)| page).collect();
        let policies: Vec<_> = pages.iter().chain([self.program.policy()]).collect();
        let regions = advice::regions(&self.cautions, &self.costs);
        Census::with_regions(&policies, &regions, by).counter().facts()
    }

    fn read(
        &self,
        inventories: Vec<Inventory>,
        threads: NonZero<usize>,
        newest: Option<&[FactName]>,
    ) -> Result<Decided, Failure> {
        let advisor = Advisor::new(&self.program, &self.cautions, &self.costs);
        let deciding = self.program.policy().facts();
        let mut newest = newest.map(|by| NewestRows::new(deciding, self.counted(by)));
        let (rows, rejections, problems) = (Vec::new(), Vec::new(), Vec::new());
        let mut decided =
            Decided { rows, rejections, problems, devices: Frame::new(), aside: None };
        let sink = EachRow {
            program: &self.program,
            advisor: &advisor,
            format: decided.devices.format(),
            numbers: newest.as_ref().map(NewestRows::numbers),
        };
        for inventory in inventories {
            match inventory {
                Inventory::File(path) => {
                    let Source { input, length, .. } = files::open(&path)?;
                    let input = Watched::new(input, &files::input_name(&path), length);
                    read(&path, input, threads, &sink, &mut decided, &mut newest)?;
                }
                Inventory::Bytes(bytes) => {
                    let path = Path::new("table");
                    read(path, &bytes[..], threads, &sink, &mut decided, &mut newest)?;
                }
            }
        }
        decided.aside = newest.map(NewestRows::finish);
        Ok(decided)
    }
}

/// Reads the next inventory.
fn read(
    path: &Path,
    input: impl Input,
    threads: NonZero<usize>,
    sink: &EachRow<'_>,
    decided: &mut Decided,
    newest: &mut Option<NewestRows>,
) -> Result<(), Failure> {
    let at = decided.rows.len();
    let inventory =
        inventory::Inventory::open(input).map_err(|error| Failure::not_opened(path, error))?;
    let read = inventory.read(threads, sink, |chunk| {
        let (devices, keyed) = chunk.partial;
        decided.devices.append(&devices);
        decided.rejections.extend(chunk.rejections.into_iter().map(|one| (at, one)));
        decided.problems.extend(chunk.problems.into_iter().map(|one| (at, one)));
        if let Some(newest) = newest {
            newest.add(at, keyed);
        }
        Ok(())
    });
    let totals = read.map_err(|stop| Failure::stopped(path, stop))?;
    decided.rows.push(totals.counts.read);
    Ok(())
}

impl Decided {
    /// Returns the places of all rows, in their order.
    pub fn places(&self) -> Vec<Place> {
        let mut rejected = self.rejections.iter().map(|(at, one)| (*at, one.row)).peekable();
        let mut device = 0;
        let rows = self.rows.iter().enumerate();
        let rows = rows.flat_map(|(at, rows)| (1..=*rows).map(move |row| (at, row)));
        rows.map(|row| {
            if rejected.next_if_eq(&row).is_some() {
                return Place::Rejected;
            }
            let place = device;
            device += 1;
            let older = self.aside.as_ref().is_some_and(|it| it.contains(u64::from(place)));
            if older { Place::Older(place) } else { Place::Device(place) }
        })
        .collect()
    }

    /// Returns the device ids and the device names.
    pub fn identities(&self) -> [Vec<&str>; 2] {
        self.devices.identities()
    }

    /// Returns the columns that [`Decider::columns`] names.
    pub fn columns(&self) -> Vec<Cells> {
        self.devices.columns()
    }
}

/// Writes what is decided for each row.
struct EachRow<'p> {
    program: &'p Program,
    advisor: &'p Advisor<'p>,
    format: ListFormat,
    numbers: Option<KindNumbers>,
}

impl<'p> Sink for EachRow<'p> {
    type Local = (Lines<'p>, Option<KindNumbers>);
    type Partial = (Vec<u8>, KeyedRows);

    fn projection(&self) -> Projection {
        Projection {
            facts: FactName::ALL.iter().copied().collect(),
            identity: true,
            keys: self.numbers.is_some(),
            problems: true,
            ..Projection::default()
        }
    }

    fn local(&self) -> Self::Local {
        (Lines::new(self.format.clone(), self.advisor), self.numbers.clone())
    }

    fn partial(&self) -> Self::Partial {
        Self::Partial::default()
    }

    fn consume(
        &self,
        (lines, numbers): &mut Self::Local,
        (devices, keyed): &mut Self::Partial,
        batch: &mut Batch,
    ) {
        lines.write(self.program, batch, devices);
        if let Some(numbers) = numbers {
            keyed.extend(numbers, batch);
        }
    }
}

//! The rows of inventories, each decided in its place.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;
use eligibility::facts::FactName;
use fleet::{Program, SetAside};
use inventory::{Batch, CellProblem, Projection, Rejection, Sink};

use super::{Ended, Observer, Refused, watched};
use crate::args::ReadingArgument;
use crate::commands::inventories::EachRow;
use crate::commands::selection::LeftOut;
use crate::error::Error;
use crate::policies;
use crate::present::devices::{Frame, Lines, ListFormat};
use crate::report::advice::Advisor;
use crate::report::caution::Cautions;

/// A policy with what a list of devices says beside its decisions.
pub struct Decider {
    program: Program,
    cautions: Cautions,
    costs: eligibility::costs::Costs,
}

/// The rows of inventories, and what was decided.
#[derive(Debug)]
pub struct Decided {
    rows: EachRow,
    devices: Frame,
    aside: Option<SetAside>,
    left_out: Option<LeftOut>,
}

/// The column with the decision of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At this position in each column of [`Decided::columns`].
    Device(u32),
    /// It is an older row of a device, at this position; it does not count.
    Older(u32),
    /// Its device is not selected; its position.
    NotSelected(u32),
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
    /// The problems of the policy or the costs.
    pub fn new(policy: &str, reading: &str, costs: Option<&Path>) -> Result<Self, Refused> {
        let work = || {
            let reading = ReadingArgument::from_str(reading, false).map_err(|_| {
                let message = format!("`{reading}` is no reading of a policy");
                Error::Argument { message, hint: "`literal` or `intended`".to_owned() }
            })?;
            let read = policies::read(policy, reading.into())?;
            Ok(Self {
                program: Program::new(read.policy),
                cautions: Cautions::about(read.document.page(), reading.into()),
                costs: crate::commands::costs(costs)?,
            })
        };
        watched(None, work).map(|(decider, _)| decider)
    }

    /// Returns the names of the columns of decisions.
    pub fn columns() -> Vec<&'static str> {
        Frame::names()
    }

    /// Decides every row of an inventory, given as the bytes of a file that is not packed.
    ///
    /// # Errors
    ///
    /// The problem of the inventory, or the reason of the observer.
    pub fn decide(
        &self,
        inventory: &[u8],
        observer: Option<Arc<dyn Observer>>,
    ) -> Result<Decided, Refused> {
        watched(observer, || self.read(inventory)).map(|(decided, Ended { .. })| decided)
    }

    fn read(&self, inventory: &[u8]) -> Result<Decided, Error> {
        let path = Path::new("table");
        let advisor = Advisor::new(&self.program, &self.cautions, &self.costs);
        let mut devices = Frame::new();
        let sink = Each { program: &self.program, advisor: &advisor, format: devices.format() };
        let inventory = inventory::Inventory::open(inventory)
            .map_err(|error| Error::not_opened(path, error))?;
        let mut rows = EachRow::default();
        let read = inventory.read(NonZero::<usize>::MIN, &sink, |chunk| {
            devices.append(&chunk.partial);
            rows.rejections.extend(chunk.rejections.into_iter().map(|one| (0, one)));
            rows.problems.extend(chunk.problems.into_iter().map(|one| (0, one)));
            Ok(())
        });
        let totals = read.map_err(|stop| Error::stopped(path, stop))?;
        rows.rows.push(totals.counts.read);
        Ok(Decided::new(rows, devices, None, None))
    }
}

impl Decided {
    pub(crate) fn new(
        rows: EachRow,
        devices: Frame,
        aside: Option<SetAside>,
        left_out: Option<LeftOut>,
    ) -> Self {
        Self { rows, devices, aside, left_out }
    }

    /// Returns the number of rows that each inventory has.
    pub fn rows(&self) -> &[u64] {
        &self.rows.rows
    }

    /// Returns the rejected rows, each with the position of its inventory, in their order.
    pub fn rejections(&self) -> &[(usize, Rejection)] {
        &self.rows.rejections
    }

    /// Returns the cells of other rows that were not understood, in the order of rows.
    pub fn problems(&self) -> &[(usize, CellProblem)] {
        &self.rows.problems
    }

    /// Returns the places of all rows, in their order.
    pub fn places(&self) -> Vec<Place> {
        let mut rejected = self.rejections().iter().map(|(at, one)| (*at, one.row)).peekable();
        let mut device = 0;
        let rows = self.rows().iter().enumerate();
        let rows = rows.flat_map(|(at, rows)| (1..=*rows).map(move |row| (at, row)));
        rows.map(|row| {
            if rejected.next_if_eq(&row).is_some() {
                return Place::Rejected;
            }
            let place = device;
            device += 1;
            if self.aside.as_ref().is_some_and(|aside| aside.contains(place.into())) {
                return Place::Older(place);
            }
            let not_selected = self.left_out.as_ref().is_some_and(|it| it.contains(place.into()));
            if not_selected { Place::NotSelected(place) } else { Place::Device(place) }
        })
        .collect()
    }

    /// Returns the ids of the devices, their names and their last check-ins.
    pub fn own(&self) -> [Vec<&str>; 3] {
        self.devices.own()
    }

    /// Returns the columns that [`Decider::columns`] names.
    pub fn columns(&self) -> Vec<Cells> {
        self.devices.columns()
    }
}

/// Writes what is decided for each row.
struct Each<'p> {
    program: &'p Program,
    advisor: &'p Advisor<'p>,
    format: ListFormat,
}

impl<'p> Sink for Each<'p> {
    type Local = Lines<'p>;
    type Partial = Vec<u8>;

    fn projection(&self) -> Projection {
        Projection {
            facts: FactName::ALL.iter().copied().collect(),
            identity: true,
            check_ins: true,
            problems: true,
            ..Projection::default()
        }
    }

    fn local(&self) -> Self::Local {
        Lines::new(self.format.clone(), self.advisor)
    }

    fn partial(&self) -> Self::Partial {
        Vec::new()
    }

    fn consume(&self, lines: &mut Self::Local, devices: &mut Self::Partial, batch: &mut Batch) {
        lines.write(self.program, batch, devices);
    }
}

//! `relatch plan`: every device of one or more inventories.

mod gather;

use std::num::NonZero;
use std::path::Path;
use std::thread;

use chrono::NaiveDateTime;
use eligibility::facts::FactKind;
use eligibility::policy::{Policy, PolicyDocument};
use fleet::{Census, Program, Summary, compile, differences};
use inventory::{Columns, Inventory, OpenError, Rejection, Stop};

use crate::args::{Format, PlanArguments};
use crate::failure::{Failure, Finding};
use crate::present::devices::DeviceList;
use crate::present::{plan_json, plan_text};
use crate::progress::Watched;
use crate::{files, policies};
use gather::Gather;

/// How many rejected rows a report shows; all are counted.
const SHOWN_REJECTIONS: usize = 10;

/// Everything that a plan says.
pub(crate) struct PlanReport {
    /// The policy that decided.
    pub(crate) policy: Policy,
    /// The names of the inventories, as people know them.
    pub(crate) files: Vec<String>,
    /// Rows read: those decided and those rejected.
    pub(crate) rows: u64,
    /// Rows that were not understood.
    pub(crate) rejected: u64,
    /// The first of them, each with its file.
    pub(crate) rejections: Vec<(String, Rejection)>,
    /// Inventories that end in the middle of a row.
    pub(crate) truncated: Vec<String>,
    /// The columns of all inventories together.
    pub(crate) columns: Columns,
    /// What was decided.
    pub(crate) summary: Summary,
    /// The facts of each group of the summary.
    pub(crate) by: Vec<FactKind>,
    /// The newest revision, and how many devices it would decide differently.
    pub(crate) newer: Option<(String, u64)>,
    /// The newest check-in of any device.
    pub(crate) newest_check_in: Option<NaiveDateTime>,
    /// Where the list of devices went.
    pub(crate) devices: Option<String>,
}

pub(super) fn run(arguments: &PlanArguments) -> Result<Finding, Failure> {
    let loaded = policies::load(&arguments.choice.policy)?;
    let newest = policies::newest_after(&loaded)?;
    let mut planner = Planner::new(&loaded.document, newest.as_ref(), arguments)?;
    for path in &arguments.inventories {
        planner.read(path)?;
    }
    let report = planner.finish()?;
    let text = match arguments.format {
        Format::Text => plan_text::render(&report),
        Format::Json => plan_json::render(&report),
    };
    files::write_text(arguments.out.as_deref(), &text)?;
    let clean = report.rejected == 0 && report.truncated.is_empty();
    Ok(if clean { Finding::Nothing } else { Finding::Something })
}

/// A plan in the making.
struct Planner {
    program: Program,
    newest: Option<Program>,
    census: Census,
    by: Vec<FactKind>,
    list: Option<DeviceList>,
    threads: NonZero<usize>,
    files: Vec<String>,
    rows: u64,
    rejected: u64,
    rejections: Vec<(String, Rejection)>,
    truncated: Vec<String>,
    columns: Columns,
    newest_check_in: Option<NaiveDateTime>,
}

impl Planner {
    fn new(
        document: &PolicyDocument,
        newest: Option<&PolicyDocument>,
        arguments: &PlanArguments,
    ) -> Result<Self, Failure> {
        let reading = arguments.choice.reading.into();
        let program = compile(document.read(reading));
        let newest = newest.map(|newest| compile(newest.read(reading)));
        let policies: Vec<_> =
            std::iter::once(&program).chain(&newest).map(Program::policy).collect();
        let by = arguments.by.0.clone();
        let all = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let list = arguments.devices.as_deref();
        Ok(Self {
            census: Census::new(&policies, &by),
            list: list.map(|path| DeviceList::begin(path, program.policy())).transpose()?,
            threads: arguments.threads.unwrap_or_else(all),
            by,
            program,
            newest,
            files: Vec::new(),
            rows: 0,
            rejected: 0,
            rejections: Vec::new(),
            truncated: Vec::new(),
            columns: Columns::default(),
            newest_check_in: None,
        })
    }

    fn read(&mut self, path: &Path) -> Result<(), Failure> {
        let name = files::input_name(path);
        let (input, length) = files::open(path)?;
        let inventory = Inventory::open(Watched::new(input, &name, length))
            .map_err(|error| cannot_open(path, error))?;
        merge_columns(&mut self.columns, inventory.columns(), self.files.is_empty());
        let format = self.list.as_ref().map(DeviceList::format);
        let gather = Gather::new(&self.program, self.census.counter().clone(), format);
        let (census, list, rejections) = (&mut self.census, &mut self.list, &mut self.rejections);
        let read = inventory.read(self.threads, &gather, |stretch| {
            census.keep(stretch.part.counted);
            let room = SHOWN_REJECTIONS - rejections.len();
            let shown = stretch.rejections.into_iter().take(room);
            rejections.extend(shown.map(|rejection| (name.clone(), rejection)));
            list.as_mut().map_or(Ok(()), |list| list.append(&stretch.part.lines))
        });
        let totals = read.map_err(|stop| match stop {
            Stop::Read(source) => Failure::BrokenInventory { path: path.to_owned(), source },
            Stop::Keep(failure) => failure,
        })?;
        self.rows += totals.counts.read;
        self.rejected += totals.counts.rejected;
        self.newest_check_in = self.newest_check_in.max(totals.newest_check_in);
        if totals.truncated {
            self.truncated.push(name.clone());
        }
        self.files.push(name);
        Ok(())
    }

    fn finish(self) -> Result<PlanReport, Failure> {
        let newer = self.newest.map(|newest| {
            let word = |program: &Program, id| program.decision(id).headline().verdict().word();
            let differs = differences(&self.program, &newest, &self.census)
                .into_iter()
                .filter(|((before, after), _)| {
                    word(&self.program, *before) != word(&newest, *after)
                })
                .map(|(_, devices)| devices)
                .sum();
            (newest.policy().id.clone(), differs)
        });
        Ok(PlanReport {
            files: self.files,
            rows: self.rows,
            rejected: self.rejected,
            rejections: self.rejections,
            truncated: self.truncated,
            columns: self.columns,
            summary: Summary::new(&self.program, &self.census, &self.by),
            by: self.by,
            newer,
            newest_check_in: self.newest_check_in,
            devices: self.list.map(DeviceList::finish).transpose()?,
            policy: self.program.policy().clone(),
        })
    }
}

fn cannot_open(path: &Path, error: OpenError) -> Failure {
    match error {
        OpenError::NotAnInventory(source) => {
            Failure::NotAnInventory { path: path.to_owned(), source }
        }
        OpenError::Read(source) => Failure::BrokenInventory { path: path.to_owned(), source },
    }
}

/// Adds the columns of one more file; a column is missing if any file lacks it, and a fact is
/// unknown if no file can tell it.
fn merge_columns(all: &mut Columns, one: &Columns, first: bool) {
    let add = |all: &mut Vec<String>, one: &[String]| {
        for name in one {
            if !all.contains(name) {
                all.push(name.clone());
            }
        }
    };
    add(&mut all.recognised, &one.recognised);
    add(&mut all.ignored, &one.ignored);
    for missing in &one.missing {
        if !all.missing.contains(missing) {
            all.missing.push(*missing);
        }
    }
    let unknown = one.unknown.iter().filter(|fact| first || all.unknown.contains(*fact));
    all.unknown = unknown.collect();
}

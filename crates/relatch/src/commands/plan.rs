//! `relatch plan`: every device of one or more inventories.

use std::path::Path;

use chrono::NaiveDateTime;
use eligibility::policy::{Policy, PolicyDocument};
use fleet::{Differences, Evaluator, Summary, Tally};
use inventory::{Columns, Entry, OpenError, Reader, Rejection, Row};

use crate::args::{Format, PlanArguments};
use crate::failure::{Failure, Finding};
use crate::present::devices::DeviceList;
use crate::present::{plan_json, plan_text};
use crate::progress::Watched;
use crate::{files, policies};

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
    pub(crate) by: Vec<eligibility::facts::FactKind>,
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
    evaluator: Evaluator,
    newest: Option<(Evaluator, Differences)>,
    tally: Tally,
    list: Option<DeviceList>,
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
        let evaluator = Evaluator::new(document.read(reading));
        let list = match &arguments.devices {
            None => None,
            Some(path) => Some(DeviceList::begin(path, evaluator.policy())?),
        };
        Ok(Self {
            evaluator,
            newest: newest
                .map(|newest| (Evaluator::new(newest.read(reading)), Differences::default())),
            tally: Tally::new(&arguments.by.0),
            list,
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
        let mut reader = Reader::open(Watched::new(input, &name, length))
            .map_err(|error| cannot_open(path, error))?;
        merge_columns(&mut self.columns, reader.columns(), self.files.is_empty());
        let broken = |source| Failure::BrokenInventory { path: path.to_owned(), source };
        while let Some(entry) = reader.next_entry().map_err(broken)? {
            match entry {
                Entry::Row(row) => self.decide(row)?,
                Entry::Rejected(rejection) => {
                    if self.rejections.len() < SHOWN_REJECTIONS {
                        self.rejections.push((name.clone(), rejection));
                    }
                }
            }
        }
        self.rows += reader.counts().read;
        self.rejected += reader.counts().rejected;
        if reader.truncated() {
            self.truncated.push(name.clone());
        }
        self.files.push(name);
        Ok(())
    }

    fn decide(&mut self, row: &Row) -> Result<(), Failure> {
        let id = self.evaluator.decide(&row.facts);
        self.tally.add(&row.facts, id);
        if let Some((evaluator, differences)) = &mut self.newest {
            differences.add(id, evaluator.decide(&row.facts));
        }
        self.newest_check_in = self.newest_check_in.max(row.last_check_in.known());
        match &mut self.list {
            Some(list) => list.write(self.evaluator.policy(), row, self.evaluator.decision(id)),
            None => Ok(()),
        }
    }

    fn finish(self) -> Result<PlanReport, Failure> {
        let newer = self.newest.map(|(newest, differences)| {
            let differs = differences
                .iter()
                .filter(|(before, after, _)| {
                    let before = self.evaluator.decision(*before).headline().verdict();
                    before.word() != newest.decision(*after).headline().verdict().word()
                })
                .map(|(_, _, devices)| devices)
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
            summary: Summary::new(&self.evaluator, &self.tally),
            by: self.tally.by().to_vec(),
            newer,
            newest_check_in: self.newest_check_in,
            devices: self.list.map(DeviceList::finish).transpose()?,
            policy: self.evaluator.policy().clone(),
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

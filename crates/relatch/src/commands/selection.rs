//! The selection of devices: `--where`, `--stale` and `--active`.

use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use eligibility::document::parse_document;
use eligibility::facts::{FactSet, Facts};
use eligibility::policy::{Conjunction, Truth};
use fixedbitset::FixedBitSet;
use fleet::SetAside;
use inventory::{CheckIns, LastCheckIn};

use super::rows::Rows;
use crate::args::{Days, SelectionArguments};
use crate::error::Error;
use crate::report::inventories::SelectionReport;

/// A selection of devices.
pub(super) struct Selection {
    devices: Option<(String, Conjunction)>,
    age: Option<Age>,
    now: Option<NaiveDate>,
}

/// The time since the last check-in of a device.
#[derive(Clone, Copy)]
enum Age {
    /// More than a number of days ago.
    Above(Days),
    /// At most a number of days ago.
    UpTo(Days),
}

/// The devices that were not chosen.
#[derive(Debug)]
pub(crate) struct LeftOut {
    rows: FixedBitSet,
    /// Their facts, and how many have them.
    pub(super) facts: HashMap<Facts, u64>,
    pub(super) check_ins: CheckIns,
    pub(super) report: SelectionReport,
}

impl Selection {
    /// Returns the selection that was made; none if every device is meant.
    pub(super) fn new(arguments: &SelectionArguments) -> Result<Option<Self>, Error> {
        let devices = arguments.conditions.as_deref().map(|conditions| {
            let text = format!("where = {{ {conditions} }}");
            let read = parse_document(&text, "condition", |mut top, problems| {
                let devices = Conjunction::take(&mut top, "where", problems);
                top.finish(problems);
                devices
            });
            let (what, path) = ("condition", PathBuf::from("--where"));
            match read {
                Ok(devices) => Ok((conditions.to_owned(), devices)),
                Err(problems) => Err(Error::Invalid { what, path, text, problems }),
            }
        });
        let age = match (arguments.stale, arguments.active) {
            (Some(days), _) => Some(Age::Above(days)),
            (None, active) => active.map(Age::UpTo),
        };
        let devices = devices.transpose()?;
        Ok((devices.is_some() || age.is_some()).then_some(Self {
            devices,
            age,
            now: arguments.now,
        }))
    }

    /// Returns the facts that it looks at.
    pub(super) fn facts(&self) -> FactSet {
        self.devices.as_ref().map_or(FactSet::EMPTY, |(_, devices)| devices.facts())
    }

    /// Finds the rows that are not chosen among those that were not set aside; ages are measured
    /// from the date that was given, or else from the newest check-in.
    pub(super) fn left_out(
        &self,
        rows: &Rows,
        aside: Option<&SetAside>,
        newest: Option<NaiveDateTime>,
    ) -> LeftOut {
        let since = self.now.or(newest.map(|timestamp| timestamp.date()));
        let truth = rows.of_distinct(|facts| match &self.devices {
            Some((_, devices)) => devices.truth(facts),
            None => Truth::Holds,
        });
        let mut left_out = LeftOut {
            rows: FixedBitSet::with_capacity(rows.len()),
            facts: HashMap::new(),
            check_ins: CheckIns::default(),
            report: self.report(since),
        };
        for row in 0..rows.len() {
            if aside.is_some_and(|aside| aside.contains(row as u64)) {
                continue;
            }
            let check_in = rows.check_in(row);
            let age = self.age.map_or(Truth::Holds, |age| age.truth(check_in, since));
            match (*truth.row(row), age) {
                (Truth::Holds, Truth::Holds) => continue,
                (Truth::Fails, _) | (_, Truth::Fails) => {}
                (_, Truth::Unknown) => left_out.report.no_check_in += 1,
                (Truth::Unknown, Truth::Holds) => left_out.report.unknown += 1,
            }
            left_out.report.left_out += 1;
            left_out.rows.insert(row);
            *left_out.facts.entry(*rows.facts(row)).or_default() += 1;
            left_out.check_ins.add_last(check_in);
        }
        left_out
    }

    fn report(&self, since: Option<NaiveDate>) -> SelectionReport {
        let age = self.age.map(|age| match age {
            Age::Above(Days(days)) => format!("no check-in for more than {days} days"),
            Age::UpTo(Days(days)) => format!("a check-in within {days} days"),
        });
        SelectionReport {
            condition: self.devices.as_ref().map(|(text, _)| text.clone()),
            age,
            since: self.age.and(since).map(|day| day.to_string()),
            left_out: 0,
            unknown: 0,
            no_check_in: 0,
        }
    }
}

impl Age {
    fn truth(self, check_in: LastCheckIn, since: Option<NaiveDate>) -> Truth {
        let (Some(date), Some(since)) = (check_in.date(), since) else { return Truth::Unknown };
        let age = since.signed_duration_since(date).num_days();
        let holds = match self {
            Self::Above(Days(days)) => age > days.into(),
            Self::UpTo(Days(days)) => age <= days.into(),
        };
        if holds { Truth::Holds } else { Truth::Fails }
    }
}

impl LeftOut {
    /// Returns true if a row, by its number in the order of all files, is not chosen.
    pub(crate) fn contains(&self, row: u64) -> bool {
        usize::try_from(row).is_ok_and(|row| self.rows.contains(row))
    }
}

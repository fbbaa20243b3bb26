//! What plans, comparisons and forecasts take from the rows of inventories, in any thread.

use std::num::NonZero;
use std::path::Path;

use eligibility::facts::FactName;
use fleet::{Census, Coder, Counted, Counter, KeyedRows, KindNumbers, NewestRows, Program};
use inventory::{Batch, Projection, Sink};

use super::intake::Intake;
use super::repeated;
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
}

/// The devices of inventories.
pub(super) struct Fleet {
    pub(super) intake: IntakeReport,
    pub(super) census: Census,
    pub(super) list: Option<DeviceList>,
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
        intake.read_all(files, &gather, |file, gathered: Gathered| {
            census.keep(gathered.counted);
            if let Some(newest) = &mut newest {
                newest.add(file, gathered.keyed);
            }
            list.as_mut().map_or(Ok(()), |(list, _)| list.append(&gathered.lines))
        })?;
        let mut list = list.map(|(list, _)| list);
        if let Some(aside) = newest.map(NewestRows::finish) {
            if aside.rows > 0 && self.duplicates == Duplicates::Refuse {
                return Err(repeated::refusal(intake.paths(), &aside));
            }
            for (facts, rows) in aside.facts() {
                census.remove(facts, rows);
            }
            let leave_out =
                |list: DeviceList| list.leave_out(aside.rows > 0, |number| aside.contains(number));
            list = list.map(leave_out).transpose()?;
            intake.set_aside(&aside);
        }
        Ok(Fleet { intake: intake.finish()?, census, list })
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

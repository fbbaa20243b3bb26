//! `relatch plan`: every device of one or more inventories.

use fleet::{Census, Program, Summary, compile_to_rule_sets, differences};

use super::gather::{Gather, Gathered};
use super::intake::Intake;
use crate::args::PlanArguments;
use crate::failure::{Failure, Finding};
use crate::present::devices::DeviceList;
use crate::report::plan::PlanReport;
use crate::{files, policies, present};

pub(super) fn run(arguments: &PlanArguments) -> Result<Finding, Failure> {
    let report = plan(arguments)?;
    let text = present::plan::render(&report, arguments.format);
    files::write_text(arguments.out.as_deref(), &text)?;
    Ok(if report.intake.is_clean() { Finding::Nothing } else { Finding::Something })
}

/// Decides the inventories, and lists the devices if that was asked for.
fn plan(arguments: &PlanArguments) -> Result<PlanReport, Failure> {
    let loaded = policies::load(&arguments.choice.policy)?;
    let reading = arguments.choice.reading.into();
    // A fleet has few kinds of devices, so deciding those is less work than filling a table.
    let program = compile_to_rule_sets(loaded.document.read(reading));
    let newest =
        policies::newest_after(&loaded).map(|newest| compile_to_rule_sets(newest.read(reading)));
    let by = arguments.by.0.clone();
    let policies: Vec<_> = std::iter::once(&program).chain(&newest).map(Program::policy).collect();
    let mut census = Census::new(&policies, &by);
    let list = arguments.devices.as_deref();
    let mut list = list.map(|path| DeviceList::begin(path, program.policy())).transpose()?;
    let format = list.as_ref().map(DeviceList::format);
    let gather = Gather::new(&program, census.counter().clone(), format);
    let mut intake = Intake::new(arguments.threads);
    for path in &files::inventories(&arguments.inventories)? {
        intake.read(path, &gather, |gathered: Gathered| {
            census.keep(gathered.counted);
            list.as_mut().map_or(Ok(()), |list| list.append(&gathered.lines))
        })?;
    }
    Ok(PlanReport {
        intake: intake.finish(),
        summary: Summary::new(&program, &census, &by),
        by,
        newer: newest.map(|newest| newer(&program, &newest, &census)),
        now: arguments.now,
        devices: list.map(DeviceList::finish).transpose()?,
        policy: program.policy().clone(),
    })
}

/// The newest revision, and how many devices it would decide differently.
fn newer(program: &Program, newest: &Program, census: &Census) -> (String, u64) {
    let word = |program: &Program, id| program.decision(id).headline().verdict().word();
    let differs = differences(program, newest, census)
        .into_iter()
        .filter(|((before, after), _)| word(program, *before) != word(newest, *after))
        .map(|(_, devices)| devices)
        .sum();
    (newest.policy().id.clone(), differs)
}

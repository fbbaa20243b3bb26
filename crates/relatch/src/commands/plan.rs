//! `relatch plan`: every device of one or more inventories.

use std::path::Path;

use fleet::{Census, Program, Summary, compile_to_rule_sets, differences};

use super::gather::{Gather, Gathered};
use super::intake::{self, Intake};
use crate::args::{PlanArguments, ReadingArgument};
use crate::failure::{Failure, Finding};
use crate::files::{InputFile, Output};
use crate::present::devices::DeviceList;
use crate::report::plan::{Next, PlanReport};
use crate::{files, policies, present};

pub(super) fn run(arguments: &PlanArguments) -> Result<Finding, Failure> {
    let inventories = files::inventories(&arguments.inventories)?;
    let devices = arguments.devices.as_deref();
    let out = Output { option: "--out", path: arguments.out.as_deref() };
    let list = devices.map(|path| Output { option: "--devices", path: Some(path) });
    let outputs: Vec<_> = std::iter::once(out).chain(list).collect();
    intake::keep_apart(&inventories, policies::file(&arguments.choice.policy), &outputs)?;
    let out = files::Report::begin(arguments.out.as_deref())?;
    let list = devices.map(DeviceList::begin).transpose()?;
    let report = plan(arguments, &inventories, list)?;
    out.finish(&present::plan::render(&report, arguments.format))?;
    Ok(if report.intake.is_clean() { Finding::Nothing } else { Finding::Something })
}

/// Decides the inventories, and lists the devices if that was asked for.
fn plan(
    arguments: &PlanArguments,
    inventories: &[InputFile],
    mut list: Option<DeviceList>,
) -> Result<PlanReport, Failure> {
    let loaded = policies::load(&arguments.choice.policy)?;
    let reading = arguments.choice.reading.into();
    // A fleet has few kinds of devices, so deciding those is less work than filling a table.
    let program = compile_to_rule_sets(loaded.document.read(reading));
    let newest =
        policies::newest_after(&loaded).map(|newest| compile_to_rule_sets(newest.read(reading)));
    let by = arguments.by.0.clone();
    let policies: Vec<_> = std::iter::once(&program).chain(&newest).map(Program::policy).collect();
    let mut census = Census::new(&policies, &by);
    let format = list.as_ref().map(DeviceList::format);
    let gather = Gather::new(&program, census.counter().clone(), format);
    let mut intake = Intake::new(arguments.threads);
    intake.read_all(inventories, &gather, |gathered: Gathered| {
        census.keep(gathered.counted);
        list.as_mut().map_or(Ok(()), |list| list.append(&gathered.lines))
    })?;
    Ok(PlanReport {
        intake: intake.finish(),
        summary: Summary::new(&program, &census, &by),
        by,
        newer: newest.map(|newest| newer(&program, &newest, &census)),
        now: arguments.now,
        devices: list.map(DeviceList::finish).transpose()?,
        next: next(arguments),
        policy: program.policy().clone(),
    })
}

/// What to run next: the same plan with a list, and by another policy.
fn next(arguments: &PlanArguments) -> Next {
    let words: Vec<_> = arguments
        .inventories
        .iter()
        .map(|path| if files::is_standard(path) { "INVENTORY".into() } else { shell_word(path) })
        .collect();
    let reading = match arguments.choice.reading {
        ReadingArgument::Literal => "",
        ReadingArgument::Intended => " --reading intended",
    };
    let policy = match arguments.choice.policy.as_str() {
        policies::DEFAULT => String::new(),
        other => format!(" --policy {}", shell_word(Path::new(other))),
    };
    let mut names = (1..).map(|number| match number {
        1 => "devices.csv".to_owned(),
        _ => format!("devices-{number}.csv"),
    });
    let free = names.find(|name| !Path::new(name).exists());
    let plan = format!("relatch plan {}", words.join(" "));
    Next {
        list: format!("{plan}{policy}{reading} --devices {}", free.unwrap_or_default()),
        by_policy: format!("{plan}{reading} --policy"),
    }
}

/// A path as a word of a command line.
fn shell_word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |letter: char| letter.is_alphanumeric() || "_-./\\:,+@%=".contains(letter);
    match text.chars().all(plain) && !text.is_empty() {
        true => text.into_owned(),
        false if cfg!(windows) => format!("\"{text}\""),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
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

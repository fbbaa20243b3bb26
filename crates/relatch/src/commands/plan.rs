//! `relatch plan`: every device of one or more inventories.

use std::path::{Path, PathBuf};

use eligibility::builtin;
use eligibility::costs::Costs;
use eligibility::facts::Facts;
use fleet::{Census, Program, Summary, VerdictCounts, differences};

use super::gather::{Fleet, Inventories};
use super::intake;
use super::selection::Selection;
use crate::args::{
    ColumnNames, Days, Duplicates, PageFormat, PlanArguments, ReadingArgument, SelectionArguments,
};
use crate::failure::{Failure, Finding};
use crate::files::{InputFile, Output};
use crate::present::devices::{DeviceList, Finished, InPage};
use crate::present::redaction;
use crate::report::advice::{self, Advisor};
use crate::report::caution::{Cautions, Found};
use crate::report::plan::{Next, PlanReport};
use crate::report::{pages, remedy};
use crate::{files, policies, present};

pub(super) fn run(arguments: &PlanArguments) -> Result<Finding, Failure> {
    let inventories = files::inventories(&arguments.inventories)?;
    let devices = arguments.devices.as_deref();
    let out = Output { option: "--out", path: arguments.out.as_deref() };
    let list = devices.map(|path| Output { option: "--devices", path: Some(path) });
    let problems = intake::problems_output(arguments.intake.problems.as_deref());
    let outputs: Vec<_> = std::iter::once(out).chain(list).chain(problems).collect();
    let policies = policies::files(&arguments.choice.policy);
    let policies = policies.iter().map(PathBuf::as_path);
    let others = policies.chain(arguments.costs.as_deref());
    let others = others.chain(arguments.intake.facts.iter().map(PathBuf::as_path));
    intake::keep_apart(&inventories, others, &outputs)?;
    let out = files::Report::begin(arguments.out.as_deref())?;
    let leaves_out =
        arguments.intake.duplicates != Duplicates::All || !arguments.intake.selection.is_empty();
    let is_page = arguments.format == PageFormat::Html;
    let columns = ColumnNames::of(arguments.columns.as_ref());
    if !columns.is_empty() && devices.is_none() && !is_page {
        return Err(Failure::Argument {
            message: "`--columns` goes into a list of devices, and there is none".to_owned(),
            hint: "name one: `--devices list.csv`".to_owned(),
        });
    }
    let list = devices.map(|path| DeviceList::begin(path, leaves_out, columns));
    let in_page = is_page.then(|| DeviceList::begin_in_page(leaves_out, columns));
    let lists: Result<Vec<_>, _> = list.into_iter().chain(in_page).collect();
    let (report, devices) = plan(arguments, &inventories, lists?)?;
    out.finish(&present::plan::render(&report, arguments.format, devices.as_ref()))?;
    Ok(if report.intake.is_clean() { Finding::Nothing } else { Finding::Something })
}

/// Decides the inventories, and lists the devices in each list; gives those of a page.
fn plan(
    arguments: &PlanArguments,
    inventories: &[InputFile],
    lists: Vec<DeviceList>,
) -> Result<(PlanReport, Option<InPage>), Failure> {
    let loaded = policies::load(&arguments.choice.policy)?;
    let reading = arguments.choice.reading.into();
    policies::warn_of_conflicts(&arguments.choice.policy, &loaded.document, reading);
    // A fleet has few kinds of devices, so deciding those is less work than filling a table.
    let program = Program::new(loaded.document.read(reading));
    let by = arguments.by.0.clone();
    let cautions = Cautions::about(&loaded.document, reading);
    let costs = costs(arguments.costs.as_deref())?;
    let advisor = Advisor::new(&program, &cautions, &costs);
    let pages: Vec<_> =
        pages::all(reading).map(|(date, page)| (date, Program::new(page))).collect();
    let policies: Vec<_> = std::iter::once(&program)
        .chain(pages.iter().map(|(_, page)| page))
        .map(Program::policy)
        .collect();
    let census = Census::with_regions(&policies, &advice::regions(&cautions, &costs), &by);
    let selection = Selection::new(&arguments.intake.selection)?;
    let inventories = Inventories {
        files: inventories,
        arguments: &arguments.intake,
        columns: ColumnNames::of(arguments.columns.as_ref()),
        selection: selection.as_ref(),
        kept: None,
    };
    let lists = lists.into_iter().map(|list| (list, &advisor)).collect();
    let Fleet { intake, census, lists, .. } = inventories.read(&program, census, lists)?;
    let kinds = census.kinds();
    let newest = pages.last().filter(|_| policies::is_outdated(&loaded));
    let (mut devices, mut in_page) = (None, None);
    for list in lists {
        match list.finish()? {
            Finished::File(name) => devices = Some(name),
            Finished::InPage(list) => in_page = Some(list),
        }
    }
    let report = PlanReport {
        newer: newest.map(|(_, newest)| newer(&program, newest, &census)),
        pages: pages::stretches(pages.iter().map(|(date, page)| (*date, verdicts(page, &kinds)))),
        cautions: find_cautions(&cautions, &program, &kinds),
        remedies: remedy::find(&program, &advisor, &costs, &kinds),
        intake,
        summary: Summary::new(&program, &census, &by),
        by,
        now: arguments.intake.selection.now,
        devices,
        list_is_beside: is_beside(arguments),
        next: next(arguments),
        page: (loaded.document.title.clone(), loaded.document.source.clone()),
        policy: program.policy().clone(),
    };
    Ok((report, in_page))
}

/// Returns true if the report and the list of devices are files of one folder.
fn is_beside(arguments: &PlanArguments) -> bool {
    let folder =
        |path: &Path| (!files::is_standard(path)).then(|| path.parent().map(Path::to_owned));
    let out = arguments.out.as_deref().and_then(folder);
    out.is_some() && out == arguments.devices.as_deref().and_then(folder)
}

/// Returns what to run next: the same plan with a list, and by another policy.
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
    let facts = arguments.intake.facts.iter().map(|path| format!(" --facts {}", shell_word(path)));
    let facts: String = facts.collect();
    let selected = selected(&arguments.intake.selection);
    let redact = redaction::key_file().map(|path| format!(" --redact {}", shell_word(path)));
    let redact = redact.unwrap_or_default();
    let plan = format!("relatch plan {}{facts}{selected}{redact}", words.join(" "));
    Next {
        list: format!("{plan}{policy}{reading} --devices {}", free.unwrap_or_default()),
        by_policy: format!("{plan}{reading} --policy"),
    }
}

/// Returns the selection of devices, as it is given to the next command.
fn selected(arguments: &SelectionArguments) -> String {
    let SelectionArguments { conditions, stale, active, now } = arguments;
    let word = |text: &str| shell_word(Path::new(text));
    let conditions = conditions.as_deref().map(|text| format!(" --where {}", word(text)));
    let stale = stale.map(|Days(days)| format!(" --stale {days}d"));
    let active = active.map(|Days(days)| format!(" --active {days}d"));
    let now = now.map(|now| format!(" --now {now}"));
    [conditions, stale, active, now].into_iter().flatten().collect()
}

/// Returns a path as a word of a command line.
fn shell_word(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |letter: char| letter.is_alphanumeric() || "_-./\\:,+@%=".contains(letter);
    match text.chars().all(plain) && !text.is_empty() {
        true => text.into_owned(),
        false if cfg!(windows) => format!("\"{text}\""),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

/// Returns the costs of changes, from a file or built in.
pub(crate) fn costs(path: Option<&Path>) -> Result<Costs, Failure> {
    let Some(path) = path else { return Ok(builtin::costs()) };
    let text = files::read_document(path)?;
    let path = path.to_owned();
    Costs::parse(&text).map_err(|problems| Failure::InvalidCosts { path, text, problems })
}

/// Returns how a program decides devices, given with their number.
fn verdicts(program: &Program, kinds: &[(Facts, u64)]) -> VerdictCounts {
    let mut verdicts = VerdictCounts::default();
    for (facts, devices) in kinds {
        let decision = program.decision(program.decide(facts));
        verdicts.add(decision.headline().verdict().word(), *devices);
    }
    verdicts
}

fn find_cautions(cautions: &Cautions, program: &Program, kinds: &[(Facts, u64)]) -> Found {
    let decisions: Vec<_> =
        kinds.iter().map(|(facts, _)| program.decision(program.decide(facts))).collect();
    let devices = kinds.iter().zip(&decisions);
    cautions.find(devices.map(|((facts, devices), decision)| (facts, &**decision, *devices)))
}

/// Returns the newest revision, and how many devices it would decide differently.
fn newer(program: &Program, newest: &Program, census: &Census) -> (String, u64) {
    let word = |program: &Program, id| program.decision(id).headline().verdict().word();
    let differs = differences(program, newest, census)
        .into_iter()
        .filter(|((before, after), _)| word(program, *before) != word(newest, *after))
        .map(|(_, devices)| devices)
        .sum();
    (newest.policy().id.clone(), differs)
}

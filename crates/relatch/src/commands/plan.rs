//! `relatch plan`: every device of one or more inventories.

use std::path::Path;

use eligibility::builtin;
use eligibility::costs::Costs;
use eligibility::facts::Facts;
use fleet::{Census, Program, Summary, VerdictCounts, differences};

use super::fleet::{Fleet, Inventories};
use super::inventories::begin_report;
use super::next;
use super::selection::Selection;
use crate::args::{ColumnNames, Duplicates, PageFormat, PlanArguments};
use crate::embedded::Decided;
use crate::error::{Error, ExitStatus};
use crate::files::InputFile;
use crate::present::devices::{DeviceList, Finished, InPage, ListColumns};
use crate::report::advice::{self, Advisor};
use crate::report::caution::{Cautions, Found};
use crate::report::plan::{Next, PlanReport};
use crate::report::{pages, remedy};
use crate::{files, policies, present};

pub(super) fn run(arguments: &PlanArguments) -> Result<ExitStatus, Error> {
    planned(arguments, false).map(|(finding, _)| finding)
}

/// Plans, and returns what was decided for each row of the inventories.
pub(crate) fn with_rows(arguments: &PlanArguments) -> Result<(ExitStatus, Decided), Error> {
    let (finding, decided) = planned(arguments, true)?;
    Ok((finding, decided.expect("each row was to be kept")))
}

fn planned(
    arguments: &PlanArguments,
    each_row: bool,
) -> Result<(ExitStatus, Option<Decided>), Error> {
    let inventories = files::inventories(&arguments.inventories)?;
    let devices = arguments.devices.as_deref();
    let (policies, outputs) = ([&*arguments.choice.policy], [arguments.out.as_deref(), devices]);
    let (input, costs) = (&arguments.input, arguments.costs.as_deref());
    let out = begin_report(&inventories, input, &policies, costs, outputs)?;
    let leaves_out =
        arguments.input.duplicates != Duplicates::All || !arguments.input.selection.is_empty();
    let is_page = arguments.format == PageFormat::Html;
    let columns = ColumnNames::of(arguments.columns.as_ref());
    if !columns.is_empty() && devices.is_none() && !is_page {
        return Err(Error::Argument {
            message: "`--columns` goes into a list of devices, and there is none".to_owned(),
            hint: "name one: `--devices list.csv`".to_owned(),
        });
    }
    let columns = ListColumns::of_devices(columns)?;
    let in_list = match &arguments.only {
        None => columns.clone(),
        only => columns.clone().only(ColumnNames::of(only.as_ref()))?,
    };
    let list = devices.map(|path| DeviceList::begin(path, leaves_out, &in_list));
    let in_page = is_page.then(|| DeviceList::begin_in_page(leaves_out, columns));
    let in_memory = each_row.then(|| Ok(DeviceList::begin_in_memory()));
    let lists: Result<Vec<_>, _> = list.into_iter().chain(in_page).chain(in_memory).collect();
    let Planned { report, in_page, decided } = plan(arguments, &inventories, lists?, each_row)?;
    out.finish(&present::plan::render(&report, arguments.format, in_page.as_ref()))?;
    let clean = report.inventories.is_clean();
    Ok((if clean { ExitStatus::Clean } else { ExitStatus::Findings }, decided))
}

/// The result of a plan.
struct Planned {
    report: PlanReport,
    /// The devices of a page.
    in_page: Option<InPage>,
    /// The decision for each row.
    decided: Option<Decided>,
}

/// Decides the inventories, and lists the devices in each list.
fn plan(
    arguments: &PlanArguments,
    inventories: &[InputFile],
    lists: Vec<DeviceList>,
    each_row: bool,
) -> Result<Planned, Error> {
    let reading = arguments.choice.reading.into();
    let read = policies::read(&arguments.choice.policy, reading)?;
    policies::warn_of_conflicts(&arguments.choice.policy, &read);
    // A fleet has few cells of devices, so deciding those is less work than filling a table.
    let program = Program::new(read.policy.clone());
    let by = arguments.by.0.clone();
    let cautions = Cautions::about(read.document.page(), reading);
    let costs = costs(arguments.costs.as_deref())?;
    let advisor = Advisor::new(&program, &cautions, &costs);
    let pages: Vec<_> =
        pages::all(reading).map(|(date, page)| (date, Program::new(page))).collect();
    let policies: Vec<_> = std::iter::once(&program)
        .chain(pages.iter().map(|(_, page)| page))
        .map(Program::policy)
        .collect();
    let census = Census::with_regions(&policies, &advice::regions(&cautions, &costs), &by);
    let selection = Selection::new(&arguments.input.selection)?;
    let inventories = Inventories {
        columns: ColumnNames::of(arguments.columns.as_ref()),
        each_row,
        ..Inventories::new(inventories, &arguments.input, selection.as_ref())
    };
    let lists = lists.into_iter().map(|list| (list, &advisor)).collect();
    let fleet = inventories.read(&program, census, lists)?;
    let Fleet { inventories, census, lists, each_row, aside, left_out, .. } = fleet;
    let cells = census.cells();
    let newest = pages.last().filter(|_| policies::is_outdated(&read));
    let (mut devices, mut in_page, mut frame) = (None, None, None);
    for list in lists {
        match list.finish()? {
            Finished::File(name) => devices = Some(name),
            Finished::InPage(list) => in_page = Some(list),
            Finished::Frame(list) => frame = Some(list),
        }
    }
    let report = PlanReport {
        newer: newest.map(|(_, newest)| newer(&program, newest, &census)),
        pages: pages::periods(pages.iter().map(|(date, page)| (*date, verdicts(page, &cells)))),
        cautions: find_cautions(&cautions, &program, &cells),
        remedies: remedy::find(&program, &advisor, &costs, &cells),
        inventories,
        summary: Summary::new(&program, &census, &by),
        by,
        now: arguments.input.selection.now,
        devices,
        list_is_beside: next::is_beside(arguments.out.as_deref(), arguments.devices.as_deref()),
        next: next(arguments),
        page: (read.document.title.clone(), read.document.source.clone()),
        policy: read.policy,
    };
    let decided =
        each_row.zip(frame).map(|(rows, devices)| Decided::new(rows, devices, aside, left_out));
    Ok(Planned { report, in_page, decided })
}

/// Returns the next commands: the same plan with a list, and by another policy.
fn next(arguments: &PlanArguments) -> Next {
    let inventories = next::inventories(&arguments.inventories);
    let plan = format!("relatch plan {inventories}{}", next::input(&arguments.input));
    let reading = next::reading(arguments.choice.reading);
    let policy = match arguments.choice.policy.as_str() {
        policies::DEFAULT => String::new(),
        other => format!(" --policy {}", next::text_word(other)),
    };
    let costs = arguments.costs.as_deref().map(|path| format!(" --costs {}", next::word(path)));
    let costs = costs.unwrap_or_default();
    let list = next::list("devices", arguments.columns.as_ref());
    Next {
        list: format!("{plan}{policy}{reading}{costs}{list}"),
        by_policy: format!("{plan}{reading}{costs} --policy"),
    }
}

/// Returns the costs of changes, from a file or built in.
pub(crate) fn costs(path: Option<&Path>) -> Result<Costs, Error> {
    let Some(path) = path else { return Ok(builtin::costs()) };
    let text = files::read_document(path)?;
    let (what, path) = ("file of costs", path.to_owned());
    Costs::parse(&text).map_err(|problems| Error::Invalid { what, path, text, problems })
}

/// Returns the decisions of a program for devices, given with their number.
fn verdicts(program: &Program, cells: &[(Facts, u64)]) -> VerdictCounts {
    let mut verdicts = VerdictCounts::default();
    for (facts, devices) in cells {
        let decision = program.decision(program.decide(facts));
        verdicts.add(decision.headline().verdict().word(), *devices);
    }
    verdicts
}

fn find_cautions(cautions: &Cautions, program: &Program, cells: &[(Facts, u64)]) -> Found {
    let decisions: Vec<_> =
        cells.iter().map(|(facts, _)| program.decision(program.decide(facts))).collect();
    let devices = cells.iter().zip(&decisions);
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

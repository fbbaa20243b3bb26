//! `relatch compare`: what changes between two inventories, two policies, or all pages.

mod across;
mod inventories;
mod list;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use eligibility::facts::{Fact, FactSet, Facts, Value};
use fleet::{Census, Program};

use super::carried::Carried;
use super::fleet::{Fleet, Inventories};
use super::next;
use super::selection::Selection;
use crate::args::{ColumnNames, CompareArguments};
use crate::error::{Error, ExitStatus};
use crate::files::{InputFile, Report};
use crate::present::changes::{ChangeList, Changed};
use crate::present::devices::InPage;
use crate::report::transition::{FleetComparison, Listed, Side};
use crate::{files, policies, present};

pub(super) fn run(arguments: &CompareArguments) -> Result<ExitStatus, Error> {
    match (&arguments.to, arguments.across, &*arguments.inventories) {
        (Some(to), _, _) => policies(arguments, to),
        (None, true, _) => across::run(arguments),
        (None, false, [old, new]) => inventories::run(arguments, old, new),
        (None, false, _) => Err(Error::Argument {
            message: "`compare` takes two inventories, or two policies".to_owned(),
            hint: "`compare OLD NEW`, `compare INVENTORY --to POLICY`, or all pages with \
                   `compare INVENTORY --across`"
                .to_owned(),
        }),
    }
}

/// Returns the same fleet under two policies.
fn policies(arguments: &CompareArguments, to: &str) -> Result<ExitStatus, Error> {
    let inventories = files::inventories(&arguments.inventories)?;
    list::refuse_streams(&inventories, arguments)?;
    let out = begin(arguments, &inventories, &[&arguments.from, to])?;
    let (comparison, devices) = compare(arguments, to, &inventories)?;
    out.finish(&present::compare::render(&comparison, arguments.format, devices.as_ref()))?;
    Ok(if comparison.inventories.is_clean() { ExitStatus::Clean } else { ExitStatus::Findings })
}

/// Returns the file that lists the devices that change, if there is one.
fn listed(arguments: &CompareArguments, file: Option<String>, policies: &str) -> Listed {
    let inventories = next::inventories(&arguments.inventories);
    let (input, reading) = (next::input(&arguments.input), next::reading(arguments.reading));
    let list = next::list("changes", arguments.columns.as_ref());
    let is_beside = next::is_beside(arguments.out.as_deref(), arguments.devices.as_deref());
    let command = format!("relatch compare {inventories}{input}{policies}{reading}{list}");
    Listed { file, is_beside, command }
}

/// Returns the option of a policy that is not the usual one.
fn option(name: &str, policy: &str) -> String {
    match policy {
        policies::DEFAULT => String::new(),
        policy => format!(" --{name} {}", next::text_word(policy)),
    }
}

/// Begins the report, which is none of the files that are read.
fn begin(
    arguments: &CompareArguments,
    inventories: &[InputFile],
    policies: &[&str],
) -> Result<Report, Error> {
    let outputs = [arguments.out.as_deref(), arguments.devices.as_deref()];
    super::inventories::begin_report(inventories, &arguments.input, policies, None, outputs)
}

fn compare(
    arguments: &CompareArguments,
    to_name: &str,
    inventories: &[InputFile],
) -> Result<(FleetComparison, Option<InPage>), Error> {
    let reading = arguments.reading.into();
    let program = |name: &str| Ok::<_, Error>(Program::new(policies::read(name, reading)?.policy));
    let (from, to) = (program(&arguments.from)?, program(to_name)?);
    let both = [from.policy(), to.policy()];
    let list = list::begin(arguments, inventories, both)?;
    let by = arguments.by.0.clone();
    let census = Census::new(&both, &by);
    let selection = Selection::new(&arguments.input.selection)?;
    let inventories = Inventories {
        kept: list.as_ref().map(|_| from.policy().facts().union(to.policy().facts())),
        ..Inventories::new(inventories, &arguments.input, selection.as_ref())
    };
    let fleet = inventories.read(&from, census, Vec::new())?;
    let carried = Carried::new(ColumnNames::of(arguments.columns.as_ref()));
    let lists = list.map(|list| write(&from, &to, &fleet, selection.as_ref(), carried, list));
    let (file, devices) = lists.transpose()?.unwrap_or_default();
    let Fleet { inventories, census, .. } = fleet;
    let mut verdicts = BTreeMap::new();
    let mut reasons = BTreeMap::new();
    let mut groups: BTreeMap<Vec<Fact<Value>>, (u64, u64)> = BTreeMap::new();
    for (facts, devices) in census.cells() {
        let (before, after) = (side(&from, &facts), side(&to, &facts));
        *verdicts.entry((before.verdict, after.verdict)).or_insert(0) += devices;
        let group = by.iter().map(|fact| facts.get(*fact)).collect();
        let (all, changed) = groups.entry(group).or_default();
        *all += devices;
        if before.verdict != after.verdict {
            *reasons.entry((before, after)).or_insert(0) += devices;
            *changed += devices;
        }
    }
    let mut reasons: Vec<_> =
        reasons.into_iter().map(|((before, after), devices)| (before, after, devices)).collect();
    reasons.sort_by_key(|(_, _, devices)| Reverse(*devices));
    let mut groups: Vec<_> =
        groups.into_iter().map(|(values, (all, changed))| (values, all, changed)).collect();
    groups.sort_by_key(|(_, all, changed)| Reverse((*changed, *all)));
    let names = format!("{} --to {}", option("from", &arguments.from), next::text_word(to_name));
    let comparison = FleetComparison {
        inventories,
        verdicts: verdicts
            .into_iter()
            .map(|((before, after), devices)| (before, after, devices))
            .collect(),
        reasons,
        by,
        groups,
        from: from.policy().clone(),
        to: to.policy().clone(),
        listed: listed(arguments, file, &names),
    };
    Ok((comparison, devices))
}

/// Lists the devices that the policies decide differently.
fn write(
    from: &Program,
    to: &Program,
    fleet: &Fleet,
    selection: Option<&Selection>,
    mut carried: Carried<'_>,
    mut list: ChangeList<'_>,
) -> Result<(Option<String>, Option<InPage>), Error> {
    let rows = fleet.rows();
    let changed = rows.of_distinct(|facts| {
        let (before, after) = (side(from, facts), side(to, facts));
        let differs = before.verdict != after.verdict;
        differs.then(|| Changed::between(before, after, FactSet::EMPTY))
    });
    let left_out = selection.map(|selection| fleet.not_chosen(selection));
    let meant = |row: &usize| left_out.as_ref().is_none_or(|it| !it.contains(*row as u64));
    let lines = fleet.counted().filter(meant);
    let lines = lines.filter_map(|row| Some((row, (*changed.row(row))?)));
    list::write(&fleet.paths, rows.len(), &lines.collect(), &mut carried, &mut list)?;
    carried.finish()?;
    list.finish()
}

fn side(program: &Program, facts: &Facts) -> Side {
    let decision = program.decision(program.decide(facts));
    let headline = decision.headline();
    let reason = headline.reasons().first().copied();
    Side { verdict: headline.verdict().word(), reason }
}

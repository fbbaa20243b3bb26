//! `relatch compare`: the same fleet under two policies.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use eligibility::facts::{Fact, Facts, Value};
use fleet::{Census, Program};

use super::gather::{Fleet, Inventories};
use super::intake;
use crate::args::CompareArguments;
use crate::failure::{Failure, Finding};
use crate::files::{InputFile, Output};
use crate::report::transition::{FleetComparison, Side};
use crate::{files, policies, present};

pub(super) fn run(arguments: &CompareArguments) -> Result<Finding, Failure> {
    let inventories = files::inventories(&arguments.inventories)?;
    let policies = [&arguments.from, &arguments.to].into_iter().flat_map(|it| policies::files(it));
    let policies: Vec<_> = policies.collect();
    let output = Output { option: "--out", path: arguments.out.as_deref() };
    let problems = intake::problems_output(arguments.problems.as_deref());
    let outputs: Vec<_> = std::iter::once(output).chain(problems).collect();
    let policies = policies.iter().map(PathBuf::as_path);
    intake::keep_apart(&inventories, policies, &outputs)?;
    let out = files::Report::begin(arguments.out.as_deref())?;
    let comparison = compare(arguments, &inventories)?;
    out.finish(&present::compare::render(&comparison, arguments.format))?;
    Ok(if comparison.intake.is_clean() { Finding::Nothing } else { Finding::Something })
}

fn compare(
    arguments: &CompareArguments,
    inventories: &[InputFile],
) -> Result<FleetComparison, Failure> {
    let reading = arguments.reading.into();
    let program = |name: &str| {
        let loaded = policies::load(name)?;
        Ok::<_, Failure>(Program::new(loaded.document.read(reading)))
    };
    let (from, to) = (program(&arguments.from)?, program(&arguments.to)?);
    let by = arguments.by.0.clone();
    let census = Census::new(&[from.policy(), to.policy()], &by);
    let inventories = Inventories {
        files: inventories,
        threads: arguments.threads,
        duplicates: arguments.duplicates,
        problems: arguments.problems.as_deref(),
    };
    let Fleet { intake, census, .. } = inventories.read(&from, census, None)?;
    let mut verdicts = BTreeMap::new();
    let mut reasons = BTreeMap::new();
    let mut groups: BTreeMap<Vec<Fact<Value>>, (u64, u64)> = BTreeMap::new();
    for (facts, devices) in census.kinds() {
        let (before, after) = (side(&from, &facts), side(&to, &facts));
        *verdicts.entry((before.verdict, after.verdict)).or_insert(0) += devices;
        let group = by.iter().map(|kind| facts.get(*kind)).collect();
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
    Ok(FleetComparison {
        intake,
        verdicts: verdicts
            .into_iter()
            .map(|((before, after), devices)| (before, after, devices))
            .collect(),
        reasons,
        by,
        groups,
        from: from.policy().clone(),
        to: to.policy().clone(),
    })
}

fn side(program: &Program, facts: &Facts) -> Side {
    let decision = program.decision(program.decide(facts));
    let headline = decision.headline();
    let reason = headline.reasons().first().copied();
    Side { verdict: headline.verdict().word(), reason }
}

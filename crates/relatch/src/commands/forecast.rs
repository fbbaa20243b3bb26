//! `relatch simulate --fleet`: forecasts the action on the devices of inventories.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;

use device_sim::forecast::{
    Assumptions, Cohort, DEFAULT_ASSUMPTIONS, Forecast, InvalidAssumption, Outlook,
};
use eligibility::decide::VerdictWord;
use eligibility::facts::{Fact, FactName, Value};
use fleet::{Census, Program, VerdictCounts};

use super::fleet::{Fleet, Inventories};
use super::inventories::begin_report;
use super::selection::Selection;
use crate::args::{ForecastArguments, SimulateFormat};
use crate::error::{Error, ExitStatus};
use crate::files::InputFile;
use crate::progress::DeviceRuns;
use crate::report::forecast::ForecastReport;
use crate::{files, policies, present};

/// The seed of a forecast that names none.
const SEED: u64 = 1;

pub(super) fn run(
    arguments: &ForecastArguments,
    seed: Option<u64>,
    format: SimulateFormat,
) -> Result<ExitStatus, Error> {
    let inventories = files::inventories(&arguments.fleet)?;
    let (policies, outputs) = ([&*arguments.policy], [arguments.out.as_deref(), None]);
    let (input, assumptions) = (&arguments.input, arguments.assumptions.as_deref());
    let out = begin_report(&inventories, input, &policies, assumptions, outputs)?;
    let report = forecast(arguments, &inventories, seed.unwrap_or(SEED))?;
    out.finish(&present::forecast::render(&report, format))?;
    Ok(if report.inventories.is_clean() { ExitStatus::Clean } else { ExitStatus::Findings })
}

fn forecast(
    arguments: &ForecastArguments,
    inventories: &[InputFile],
    seed: u64,
) -> Result<ForecastReport, Error> {
    let assumptions = assumptions(arguments)?;
    let read = policies::read(&arguments.policy, arguments.reading.into())?;
    let program = Program::new(read.policy);
    // The outcome of a device may depend on anything that is known of it, its exact version too.
    let census = Census::new(&[program.policy()], FactName::ALL);
    let selection = Selection::new(&arguments.input.selection)?;
    let inventories = Inventories::new(inventories, &arguments.input, selection.as_ref());
    let Fleet { inventories, census, .. } = inventories.read(&program, census, Vec::new())?;
    let by = arguments.by.0.clone();
    let (pressed, verdicts, groups) = press(&program, &census, &by);
    let runs = DeviceRuns::new();
    let run = |assumptions: &Assumptions| {
        Forecast {
            assumptions,
            seed,
            repeats: NonZero::new(arguments.repeats).unwrap_or(NonZero::<u32>::MIN),
            days: arguments.days.into(),
            threads: super::threads(arguments.input.threads),
        }
        .run_watched(&pressed, |over, all| runs.are_over(over, all))
    };
    let outlook = run(&assumptions);
    let without_assumed = assumptions.without_given().map(|without| run(&without));
    Ok(ForecastReport {
        inventories,
        verdicts,
        seed,
        repeats: arguments.repeats,
        days: arguments.days.get(),
        assumptions: assumptions.title,
        assumed: last_of_each(&arguments.assume),
        without_assumed,
        groups: simulated_groups(&groups, &pressed, &outlook),
        not_simulated: reasons(&outlook),
        by,
        outlook,
        policy: program.policy().clone(),
    })
}

fn assumptions(arguments: &ForecastArguments) -> Result<Assumptions, Error> {
    let (path, text) = match &arguments.assumptions {
        Some(path) => (path.as_path(), files::read_document(path)?),
        None => (Path::new("assumptions.toml"), DEFAULT_ASSUMPTIONS.to_owned()),
    };
    let mut assumptions = Assumptions::read(&text)
        .map_err(|problems| files::unusable("file of assumptions", path, &text, problems))?;
    for text in &arguments.assume {
        assumptions.assume(text).map_err(|invalid| Error::Argument {
            hint: hint(&invalid),
            message: invalid.to_string(),
        })?;
    }
    Ok(assumptions)
}

/// Returns the assumptions of the command line; of several about one fact or trait, the last holds.
fn last_of_each(assumed: &[String]) -> Vec<String> {
    let key = |text: &str| text.split('=').next().unwrap_or_default().to_owned();
    let later =
        |place: usize, text: &str| assumed[place + 1..].iter().any(|other| key(other) == key(text));
    let last = assumed.iter().enumerate().filter(|(place, text)| !later(*place, text));
    last.map(|(_, text)| text.clone()).collect()
}

fn hint(invalid: &InvalidAssumption) -> String {
    match invalid {
        InvalidAssumption::Form { .. } | InvalidAssumption::Shares { .. } => {
            "an assumption looks like `reset-token=active:3,pending:1`".to_owned()
        }
        InvalidAssumption::Key { guess: Some(name), .. } => format!("did you mean `{name}`?"),
        InvalidAssumption::Key { guess: None, .. } => {
            "`relatch simulate --print-assumptions` lists everything that is drawn".to_owned()
        }
        InvalidAssumption::Value { understood: [], .. } => {
            "a version has one to four numbers".to_owned()
        }
        InvalidAssumption::Value { understood, .. } => {
            let words = understood.iter().map(|word| format!("`{word}`"));
            format!("understood: {}", words.collect::<Vec<_>>().join(", "))
        }
    }
}

/// The values of the facts of each group.
type Groups = Vec<Vec<Fact<Value>>>;

/// Returns the devices for which the button is pressed, the decisions of all, and the groups.
fn press(
    program: &Program,
    census: &Census,
    by: &[FactName],
) -> (Vec<Cohort>, VerdictCounts, Groups) {
    let mut pressed = Vec::new();
    let mut verdicts = VerdictCounts::default();
    let mut numbers: BTreeMap<Vec<Fact<Value>>, usize> = BTreeMap::new();
    for (facts, devices) in census.cells() {
        let verdict = program.decision(program.decide(&facts)).headline().verdict().word();
        verdicts.add(verdict, devices);
        if matches!(verdict, VerdictWord::Eligible | VerdictWord::Conditional) {
            let values = by.iter().map(|fact| facts.get(*fact)).collect();
            let next = numbers.len();
            let group = *numbers.entry(values).or_insert(next);
            pressed.push(Cohort { facts, devices, group });
        }
    }
    let mut groups = vec![Vec::new(); numbers.len()];
    for (values, number) in numbers {
        groups[number] = values;
    }
    (pressed, verdicts, groups)
}

/// Returns the groups with their simulated devices.
fn simulated_groups(
    groups: &Groups,
    pressed: &[Cohort],
    outlook: &Outlook,
) -> Vec<(Vec<Fact<Value>>, u64)> {
    let devices = |number: usize| {
        let of_group = |cohort: &&Cohort| cohort.group == number;
        let all: u64 = pressed.iter().filter(of_group).map(|cohort| cohort.devices).sum();
        let missing = outlook.not_simulated().iter().map(|(cohort, _)| cohort);
        all - missing.filter(of_group).map(|cohort| cohort.devices).sum::<u64>()
    };
    (0..).zip(groups).map(|(number, values)| (values.clone(), devices(number))).collect()
}

fn reasons(outlook: &Outlook) -> Vec<(String, u64)> {
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for (cohort, reason) in outlook.not_simulated() {
        *reasons.entry(reason.to_string()).or_default() += cohort.devices;
    }
    reasons.into_iter().collect()
}

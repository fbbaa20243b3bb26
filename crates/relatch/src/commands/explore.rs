//! `relatch explore`: every order of events.

use std::path::Path;
use std::time::{Duration, Instant};

use device_sim::Scenario;
use device_sim::android::{ApiLevel, TOKEN_EXPLORATIONS, token_exploration};
use device_sim::apple::{CLEAR_EXPLORATIONS, clear_explorations};
use device_sim::exploration::{Answer, Claim, Exploration, Limits};
use device_sim::scenario::write_scenario;
use device_sim::service::{RESET_EXPLORATION, reset_exploration};
use eligibility::facts::OsVersion;
use eligibility::nearest::nearest;

use crate::args::ExploreArguments;
use crate::error::{Error, ExitStatus};
use crate::files::Output;
use crate::progress::Search;
use crate::report::exploration::{OwnOrder, Travelled};
use crate::report::simulation::{Played, report_idle_claims};
use crate::scenarios::load;
use crate::{files, present};

pub(super) fn run(arguments: &ExploreArguments) -> Result<ExitStatus, Error> {
    let (explorations, own_order) = choose(arguments)?;
    let states = arguments.states.unwrap_or(Limits::STATES);
    let limits = Limits { depth: arguments.depth, states };
    let end = Instant::now() + Duration::from_secs(arguments.seconds.into());
    let mut left = u32::try_from(explorations.len()).unwrap_or(u32::MAX);
    let mut travelled = Vec::new();
    for exploration in explorations {
        let begin = Instant::now();
        let share = end.saturating_duration_since(begin) / left;
        left -= 1;
        let bar = Search::new();
        let mut watch = |progress| {
            bar.is_at(progress);
            begin.elapsed() < share
        };
        let explored = exploration.explore_and_watch(limits, &mut watch);
        drop(bar);
        travelled.push(Travelled { exploration, explored, took: begin.elapsed() });
    }
    excuse_idle_claims(&mut travelled);
    if let Some(folder) = &arguments.runs {
        write_runs(folder, Path::new(&arguments.model), &travelled)?;
    }
    let mut played: Vec<_> =
        own_order.iter().flat_map(|order| &order.scenarios).map(in_its_own_order).collect();
    report_idle_claims(&mut played);
    let own_order = own_order.as_ref().map(|order| (order, played));
    files::print(&present::explore::render(&travelled, own_order.as_ref(), arguments.format))?;
    let verdicts = travelled.iter().flat_map(|one| &one.explored.verdicts);
    let played = own_order.iter().flat_map(|(_, played)| played);
    let unmet = verdicts.into_iter().any(|verdict| !verdict.holds())
        || played.into_iter().any(|one| !one.run.findings.is_empty());
    Ok(if unmet { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// Returns the names of the explorations that need no file.
pub(super) fn built_in() -> impl Iterator<Item = &'static str> {
    TOKEN_EXPLORATIONS.into_iter().chain(CLEAR_EXPLORATIONS).chain([RESET_EXPLORATION])
}

/// Excuses a claim that does not apply in one variant of a file and does in another, as `simulate`
/// does.
fn excuse_idle_claims(travelled: &mut [Travelled]) {
    let mut applied = Vec::new();
    for (property, verdict) in travelled.iter().flat_map(Travelled::decided) {
        if let Claim::Always(claim) = &property.claim
            && !matches!(verdict.answer, Answer::DoesNotApply { .. })
        {
            applied.push(claim.span.clone());
        }
    }
    for Travelled { exploration, explored, .. } in travelled {
        for (property, verdict) in exploration.properties.iter().zip(&mut explored.verdicts) {
            if let (Claim::Always(claim), Answer::DoesNotApply { is_meant, .. }) =
                (&property.claim, &mut verdict.answer)
            {
                *is_meant |= applied.contains(&claim.span);
            }
        }
    }
}

/// Runs a scenario as `simulate` does.
fn in_its_own_order(scenario: &Scenario) -> Played<'_> {
    let run = device_sim::run(scenario, scenario.seed, |_| {});
    Played { scenario, seed: scenario.seed, events: Vec::new(), run }
}

/// Returns the explorations that are meant, one for each version; and what of a file is about its own
/// order.
fn choose(arguments: &ExploreArguments) -> Result<(Vec<Exploration>, Option<OwnOrder>), Error> {
    let place = TOKEN_EXPLORATIONS.iter().position(|name| *name == arguments.model);
    let clear = clear_explorations().into_iter().find(|one| one.name == arguments.model);
    let (mut all, mut own_order): (Vec<Exploration>, Option<OwnOrder>) = match (place, clear) {
        _ if arguments.model == RESET_EXPLORATION => (vec![reset_exploration()], None),
        (Some(place), _) => {
            (ApiLevel::all().map(|api| token_exploration(api, place == 0)).collect(), None)
        }
        (None, Some(clear)) => (vec![clear], None),
        (None, None) => of_file(&arguments.model).map(|(all, order)| (all, Some(order)))?,
    };
    if let Some(level) = arguments.api_level {
        let is_meant = |version: Option<OsVersion>| version.is_some_and(|v| v.parts()[0] == level);
        all.retain(|one| is_meant(one.version));
        if let Some(order) = &mut own_order {
            order.scenarios.retain(|scenario| is_meant(scenario.version));
        }
    }
    if let Some(level) = arguments.api_level.filter(|_| all.is_empty()) {
        return Err(Error::Argument {
            message: format!("`{}` is not explored at API level `{level}`", arguments.model),
            hint: "leave `--api-level` out to see the levels".to_owned(),
        });
    }
    Ok((all, own_order))
}

fn of_file(model: &str) -> Result<(Vec<Exploration>, OwnOrder), Error> {
    let path = Path::new(model);
    if !path.exists() {
        let guess = nearest(model, built_in()).map(|name| format!("did you mean `{name}`? "));
        return Err(Error::Argument {
            message: format!("there is no exploration `{model}`"),
            hint: format!(
                "{}a model is built in ({}) or a path to a scenario file",
                guess.unwrap_or_default(),
                built_in().collect::<Vec<_>>().join(", ")
            ),
        });
    }
    let loaded = load(path)?;
    if loaded.document.scenarios.iter().any(|scenario| scenario.devices.len() > 1) {
        return Err(Error::Argument {
            message: format!("`{model}` has several devices"),
            hint: "an exploration is about one device; split the scenario".to_owned(),
        });
    }
    let scenarios = loaded.document.scenarios.iter();
    Ok((scenarios.filter_map(Exploration::of_scenario).collect(), OwnOrder::of(loaded)))
}

fn write_runs(folder: &Path, model: &Path, travelled: &[Travelled]) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| Error::unwritable(folder, &error))?;
    for one in travelled {
        for verdict in &one.explored.verdicts {
            let Some(run) = verdict.answer.run() else { continue };
            let parts = [one.version().unwrap_or_default(), verdict.name.clone()];
            let name = file_name(&parts.join(" "));
            let remark = format!("{}: {}", present::explore::kind_of_run(verdict), verdict.name);
            let path = folder.join(name);
            files::keep_apart([model], &[Output { option: "--runs", path: Some(&path) }])?;
            files::write_text(&path, &write_scenario(run, &[remark]))?;
        }
    }
    Ok(())
}

/// Returns a text as a file name: lower-case words joined by hyphens.
fn file_name(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(
            |letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' },
        )
        .collect();
    format!("{}.toml", plain.split_whitespace().collect::<Vec<_>>().join("-"))
}

//! `relatch simulate`: scenarios on simulated devices.

use std::path::Path;

use device_sim::Scenario;

use super::forecast;
use crate::args::{Format, SimulateArguments, SimulateFormat};
use crate::error::{Error, ExitStatus};
use crate::files::{self, Output};
use crate::present;
use crate::report::simulation::{Detail, LoadedScenario, Played, report_idle_claims};
use crate::scenarios;

pub(super) fn run(arguments: &SimulateArguments) -> Result<ExitStatus, Error> {
    let format = arguments.format;
    if arguments.forecast.print_assumptions {
        files::print(device_sim::forecast::DEFAULT_ASSUMPTIONS)?;
        return Ok(ExitStatus::Clean);
    }
    if !arguments.forecast.fleet.is_empty() {
        if format == SimulateFormat::Junit {
            without_rows(format)?;
        }
        return forecast::run(&arguments.forecast, arguments.seed, format);
    }
    if !arguments.forecast.input.is_empty() {
        return Err(Error::Argument {
            message: "options about inventories are for a forecast, not for scenarios".to_owned(),
            hint: "name the inventories: `relatch simulate --fleet INVENTORY`".to_owned(),
        });
    }
    if arguments.parameters {
        files::print(&present::parameters::render(without_rows(format)?))?;
        return Ok(ExitStatus::Clean);
    }
    if arguments.vocabulary {
        files::print(&present::vocabulary::render(without_rows(format)?))?;
        return Ok(ExitStatus::Clean);
    }
    if matches!(format, SimulateFormat::Csv | SimulateFormat::Html) {
        without_rows(format)?;
    }
    let paths = files::scenarios(&arguments.scenarios)?;
    let trace = arguments.trace.as_deref();
    let outputs = trace.map(|path| Output { option: "--trace", path: Some(path) });
    let report = Output { option: "", path: None };
    let outputs: Vec<_> = outputs.into_iter().chain([report]).collect();
    files::keep_apart(paths.iter().map(|path| &**path), &outputs)?;
    let loaded = scenarios::load_all(&paths)?;
    let played: Vec<(&LoadedScenario, Vec<Played<'_>>)> = loaded
        .iter()
        .map(|file| {
            let scenarios = file.document.scenarios.iter();
            let mut runs = scenarios.map(|scenario| play(scenario, arguments.seed)).collect();
            report_idle_claims(&mut runs);
            (file, runs)
        })
        .collect();
    if let Some(path) = trace {
        write_trace(path, &played)?;
    }
    let detail = Detail { quiet: arguments.quiet, state: arguments.state };
    files::print(&present::simulate::render(&played, format, detail))?;
    let unmet = played.iter().flat_map(|(_, runs)| runs).any(|one| !one.run.findings.is_empty());
    Ok(if unmet { ExitStatus::Findings } else { ExitStatus::Clean })
}

/// Returns the format of what has neither rows nor test cases.
fn without_rows(format: SimulateFormat) -> Result<Format, Error> {
    let message = match format {
        SimulateFormat::Text => return Ok(Format::Text),
        SimulateFormat::Json => return Ok(Format::Json),
        SimulateFormat::Csv => "only a forecast has a CSV form",
        SimulateFormat::Html => "only a forecast is a page",
        SimulateFormat::Junit => "only runs of scenarios have a JUnit form",
    };
    Err(Error::Argument {
        message: message.to_owned(),
        hint: "use `--format json`, or `--fleet INVENTORY` for a forecast".to_owned(),
    })
}

fn play(scenario: &Scenario, seed: Option<u64>) -> Played<'_> {
    let seed = seed.unwrap_or(scenario.seed);
    let mut events = Vec::new();
    let run = device_sim::run(scenario, seed, |event| events.push(event.clone()));
    Played { scenario, seed, events, run }
}

/// Writes the events of all runs, one after the other.
fn write_trace(path: &Path, played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> Result<(), Error> {
    let json = path.extension().is_some_and(|ending| ending == "ndjson");
    let mut text = String::new();
    for event in played.iter().flat_map(|(_, runs)| runs).flat_map(|one| &one.events) {
        text.push_str(&if json { event.to_json() } else { event.to_string() });
        text.push('\n');
    }
    files::write_text(path, &text)
}

//! `relatch simulate`: scenarios on simulated devices.

use std::path::Path;

use device_sim::{Scenario, ScenarioDocument};

use super::forecast;
use crate::args::{Format, SimulateArguments, SimulateFormat};
use crate::failure::{Failure, Finding};
use crate::files::{self, Output};
use crate::present;
use crate::report::simulation::{LoadedScenario, Played};

/// Reads a scenario file.
pub(crate) fn load(path: &Path) -> Result<LoadedScenario, Failure> {
    let text = files::read_document(path)?;
    let path = path.to_owned();
    match ScenarioDocument::read(&text) {
        Ok(document) => Ok(LoadedScenario { path, text, document }),
        Err(problems) => Err(files::slip(&path, &text, "a scenario", &problems)
            .unwrap_or(Failure::InvalidScenario { path, text, problems })),
    }
}

pub(super) fn run(arguments: &SimulateArguments) -> Result<Finding, Failure> {
    let format = arguments.format;
    if arguments.forecast.print_assumptions {
        files::print(device_sim::forecast::DEFAULT_ASSUMPTIONS)?;
        return Ok(Finding::Nothing);
    }
    if !arguments.forecast.fleet.is_empty() {
        return forecast::run(&arguments.forecast, arguments.seed, format);
    }
    let format = without_csv(format)?;
    if arguments.parameters {
        files::print(&present::parameters::render(format))?;
        return Ok(Finding::Nothing);
    }
    if arguments.vocabulary {
        files::print(&present::vocabulary::render(format))?;
        return Ok(Finding::Nothing);
    }
    let trace = arguments.trace.as_deref();
    let outputs = trace.map(|path| Output { option: "--trace", path: Some(path) });
    let report = Output { option: "", path: None };
    let outputs: Vec<_> = outputs.into_iter().chain([report]).collect();
    files::keep_apart(arguments.scenarios.iter().map(|path| &**path), &outputs)?;
    let loaded: Vec<_> =
        arguments.scenarios.iter().map(|path| load(path)).collect::<Result<_, _>>()?;
    let played: Vec<(&LoadedScenario, Vec<Played<'_>>)> = loaded
        .iter()
        .map(|file| {
            let scenarios = file.document.scenarios.iter();
            (file, scenarios.map(|scenario| play(scenario, arguments.seed)).collect())
        })
        .collect();
    if let Some(path) = trace {
        write_trace(path, &played)?;
    }
    files::print(&present::simulate::render(&played, format))?;
    let unmet = played.iter().flat_map(|(_, runs)| runs).any(|one| !one.run.findings.is_empty());
    Ok(if unmet { Finding::Something } else { Finding::Nothing })
}

/// The format of what has no rows, and so no CSV form.
fn without_csv(format: SimulateFormat) -> Result<Format, Failure> {
    match format {
        SimulateFormat::Text => Ok(Format::Text),
        SimulateFormat::Json => Ok(Format::Json),
        SimulateFormat::Csv => Err(Failure::Argument {
            message: "only a forecast has a CSV form".to_owned(),
            hint: "use `--format json`, or `--fleet INVENTORY` for a forecast".to_owned(),
        }),
    }
}

fn play(scenario: &Scenario, seed: Option<u64>) -> Played<'_> {
    let seed = seed.unwrap_or(scenario.seed);
    let mut events = Vec::new();
    let run = device_sim::run(scenario, seed, |event| events.push(event.clone()));
    Played { scenario, seed, events, run }
}

/// Writes the events of all runs, one after the other.
fn write_trace(path: &Path, played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> Result<(), Failure> {
    let json = path.extension().is_some_and(|ending| ending == "ndjson");
    let mut text = String::new();
    for event in played.iter().flat_map(|(_, runs)| runs).flat_map(|one| &one.events) {
        text.push_str(&if json { event.to_json() } else { event.to_string() });
        text.push('\n');
    }
    files::write_text(path, &text)
}

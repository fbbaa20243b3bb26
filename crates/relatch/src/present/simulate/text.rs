//! Runs of scenarios, for people: a timeline in columns, and what was not met.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use device_sim::duration::format_duration;
use device_sim::{Event, Finding, Viewer};
use eligibility::diagnostic::Diagnostic;

use crate::present::diagnostics;
use crate::present::table::{self, Column};
use crate::report::simulation::{LoadedScenario, Played};

pub(super) fn render(played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> String {
    let mut text = String::new();
    for (file, runs) in played {
        let _ = writeln!(text, "{}: {}\n", file.path.display(), file.document.title);
        for group in alike(runs) {
            let first = group[0];
            if let Some(versions) = versions(&group) {
                let _ = writeln!(text, "at {versions}");
            }
            text.push_str(&start(first));
            text.push_str(&timeline(first));
            text.push('\n');
            for finding in &first.run.findings {
                text.push_str(&unmet(file, first, finding));
            }
        }
        text.push_str(&summary(runs));
    }
    text
}

/// Runs that show the same, together: most levels differ in little.
fn alike<'a>(runs: &'a [Played<'a>]) -> Vec<Vec<&'a Played<'a>>> {
    let mut groups: Vec<Vec<&Played<'_>>> = Vec::new();
    for run in runs {
        let same = |group: &&mut Vec<&Played<'_>>| {
            let shown = group[0];
            start(shown) == start(run)
                && timeline(shown) == timeline(run)
                && shown.run.findings == run.run.findings
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    groups
}

/// `API level 26 to 29, 33`, from the versions of a group.
fn versions(group: &[&Played<'_>]) -> Option<String> {
    let first = group[0].scenario;
    let setup = &first.devices.first()?.setup;
    let numbers: Vec<_> = group.iter().filter_map(|one| one.scenario.version).collect();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in numbers.iter().map(|version| version.parts()[0]) {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    let words: Vec<_> = ranges
        .iter()
        .skip(1)
        .map(|(first, last)| range(first.to_string(), *first, *last))
        .collect();
    let (low, high) = ranges.first()?;
    let begin = range(setup.version_in_words(first.version?), *low, *high);
    Some([vec![begin], words].concat().join(", "))
}

fn range(begin: String, first: u32, last: u32) -> String {
    if first == last { begin } else { format!("{begin} to {last}") }
}

/// What each user sees before anything happens, as far as it is worth a word.
fn start(played: &Played<'_>) -> String {
    const DULL: [&str; 7] = ["false", "none", "hidden", "no-profile", "unified", "0", "-1"];
    let mut text = String::new();
    for device in &played.scenario.devices {
        let machine = device.setup.build(played.scenario.start);
        let seen: Vec<_> = (0..)
            .zip(device.setup.observables())
            .filter(|(_, observable)| observable.viewer == Viewer::User)
            .map(|(index, observable)| (observable.name, machine.observe(index).to_string()))
            .filter(|(_, value)| !DULL.contains(&value.as_str()))
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let seen = if seen.is_empty() { "nothing set".to_owned() } else { seen.join(", ") };
        let _ = writeln!(text, "  `{}` at the start: {seen}", device.name);
    }
    text
}

fn timeline(played: &Played<'_>) -> String {
    let several = played.scenario.devices.len() > 1;
    let mut headings = vec![("after", Column::Words)];
    headings.extend(several.then_some(("device", Column::Words)));
    headings.extend([
        ("what the user sees", Column::Words),
        ("what the admin sees", Column::Words),
        ("what the system did", Column::Words),
    ]);
    let rows: Vec<Vec<String>> = played
        .events
        .iter()
        .map(|event| {
            let mut row = vec![since(played, event.at)];
            row.extend(several.then(|| event.device.to_string()));
            row.extend([Viewer::User, Viewer::Admin, Viewer::System].map(|v| cell(event, v)));
            row
        })
        .collect();
    table::render(&headings, &rows)
}

fn since(played: &Played<'_>, at: DateTime<Utc>) -> String {
    format_duration(at - played.scenario.start)
}

/// What one viewer sees of an event: what they did and were told, and what changed for them.
fn cell(event: &Event, viewer: Viewer) -> String {
    let mut lines = Vec::new();
    if event.actor == viewer {
        let mut line = event.verb.to_owned();
        for (name, value) in event.arguments.iter().filter(|(name, _)| *name != "by") {
            let _ = write!(line, " {name}={value}");
        }
        lines.push(line);
        if let Some(outcome) = &event.outcome {
            let because = outcome.message.map_or(String::new(), |text| format!(" ({text})"));
            lines.push(format!("= {} {}{because}", outcome.key, outcome.value));
        }
    }
    let changes = event.changes.iter().filter(|change| change.viewer == viewer);
    lines
        .extend(changes.map(|change| format!("{}: {} -> {}", change.what, change.from, change.to)));
    let notes = event.notes.iter().filter(|note| note.viewer == viewer);
    lines.extend(notes.map(|note| note.text.to_owned()));
    lines.join("\n")
}

/// An expectation that was not met: its place in the file, and the state at that moment.
fn unmet(file: &LoadedScenario, played: &Played<'_>, finding: &Finding) -> String {
    let mut text = String::new();
    let when = since(played, finding.at);
    let message = format!("`{}` at {when}: expected {}", finding.device, finding.expected);
    match &finding.span {
        Some(span) => {
            let problem = Diagnostic::error("expectation-not-met", message, span.clone())
                .label(format!("found {}", finding.found));
            let _ = writeln!(text, "{}", diagnostics::render(&file.path, &file.text, &[problem]));
        }
        None => {
            let _ = writeln!(text, "error: {message}, found {}", finding.found);
        }
    }
    let state: Vec<_> =
        finding.state.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let _ = writeln!(text, "  the state of `{}` at {when}:", finding.device);
    for line in state.chunks(4) {
        let _ = writeln!(text, "    {}", line.join(", "));
    }
    text.push('\n');
    text
}

fn summary(runs: &[Played<'_>]) -> String {
    let unmet: usize = runs.iter().map(|one| one.run.findings.len()).sum();
    let events: u64 = runs.iter().map(|one| one.run.events).sum();
    let checked = match unmet {
        0 => "every expectation met".to_owned(),
        1 => "1 expectation not met".to_owned(),
        many => format!("{many} expectations not met"),
    };
    let count = if runs.len() == 1 { "1 run".to_owned() } else { format!("{} runs", runs.len()) };
    format!("{count}, {} events: {checked}\n\n", table::grouped(events))
}

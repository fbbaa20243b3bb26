//! Runs of scenarios, for people: a timeline, and what was not met; of many files, a line for each.

use std::fmt::Write;

use device_sim::scenario::{self, Mode};
use device_sim::{Finding, Viewer};
use eligibility::diagnostic::Diagnostic;

use super::timeline::{self, since};
use crate::present::diagnostics;
use crate::present::paragraph;
use crate::present::table::grouped;
use crate::report::simulation::{Detail, LoadedScenario, Played};

pub(super) fn render(played: &[(&LoadedScenario, Vec<Played<'_>>)], detail: Detail) -> String {
    let mut text = String::new();
    let many = played.len() > 1;
    for (file, runs) in played {
        let path = file.path.display();
        let unmet = unmet_in(runs);
        match (many, detail.quiet) {
            (true, false) => {
                let mark = if unmet == 0 { "ok    " } else { "failed" };
                let _ = writeln!(text, "{mark}  {path}: {}", summary(runs));
            }
            (false, false) => {
                let _ = writeln!(text, "{path}: {}\n", file.document.title);
            }
            (_, true) => {}
        }
        for group in alike(runs) {
            let first = group[0];
            let is_shown = !many && !detail.quiet;
            if let Some(variants) =
                variants(&group).filter(|_| is_shown || !first.run.findings.is_empty())
            {
                let _ = writeln!(text, "at {variants}");
            }
            if is_shown {
                text.push_str(&start(first));
                text.push_str(&timeline::render(first));
                text.push('\n');
            }
            text.push_str(&findings(file, first, detail));
        }
        if !many && !detail.quiet {
            let _ = writeln!(text, "{}\n", summary(runs));
        }
    }
    if many && !detail.quiet {
        text.push_str(&totals(played));
    }
    text
}

/// Returns the unmet expectations in runs of a file, and nothing else.
pub(crate) fn unmet(file: &LoadedScenario, runs: &[Played<'_>]) -> String {
    let detail = Detail { quiet: true, state: false };
    let groups = alike(runs).into_iter().filter(|group| !group[0].run.findings.is_empty());
    let of_group = |group: Vec<&Played<'_>>| {
        let at = variants(&group).map_or(String::new(), |variants| format!("at {variants}\n"));
        format!("\n{at}{}", findings(file, group[0], detail))
    };
    groups.map(of_group).collect()
}

/// The number of unmet expectations of a run that are shown.
const SHOWN_FINDINGS: usize = 100;

fn findings(file: &LoadedScenario, one: &Played<'_>, detail: Detail) -> String {
    let findings = &one.run.findings;
    let shown = findings.iter().take(SHOWN_FINDINGS);
    let mut text: String = shown.map(|finding| unmet_one(file, one, finding, detail)).collect();
    if let Some(more) = findings.len().checked_sub(SHOWN_FINDINGS).filter(|more| *more > 0) {
        let _ = writeln!(text, "… and {more} more; `--format json` lists them");
    }
    text
}

fn unmet_in(runs: &[Played<'_>]) -> usize {
    runs.iter().map(|one| one.run.findings.len()).sum()
}

/// `32 files, 214 runs, 1 805 events: every expectation met`.
fn totals(played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> String {
    let failed = played.iter().filter(|(_, runs)| unmet_in(runs) > 0).count();
    let runs: u64 = played.iter().map(|(_, runs)| u64::try_from(runs.len()).unwrap_or(0)).sum();
    let events: u64 = played.iter().flat_map(|(_, runs)| runs).map(|one| one.run.events).sum();
    let result = match failed {
        0 => "every expectation met".to_owned(),
        1 => "1 file has expectations that were not met".to_owned(),
        many => format!("{many} files have expectations that were not met"),
    };
    let (runs, events) = (grouped(runs), grouped(events));
    format!("\n{} files, {runs} runs, {events} events: {result}\n", played.len())
}

/// Runs that show the same, together: most levels differ in little.
fn alike<'a>(runs: &'a [Played<'a>]) -> Vec<Vec<&'a Played<'a>>> {
    let mut groups: Vec<Vec<&Played<'_>>> = Vec::new();
    for run in runs {
        let same = |group: &&mut Vec<&Played<'_>>| {
            let shown = group[0];
            shown.scenario.choices == run.scenario.choices
                && start(shown) == start(run)
                && timeline::render(shown) == timeline::render(run)
                && shown.run.findings == run.run.findings
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    groups
}

/// `API level 26 to 29, 33, lock = 4711`, from the versions and the choices of a group.
fn variants(group: &[&Played<'_>]) -> Option<String> {
    let choices = group[0].scenario.choices.iter().map(ToString::to_string);
    let words: Vec<_> = versions(group).into_iter().chain(choices).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

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

/// Returns what each user sees before anything happens, as far as it is worth a word.
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

/// Returns an expectation that was not met: its place in the file, and the state at that moment.
fn unmet_one(
    file: &LoadedScenario,
    played: &Played<'_>,
    finding: &Finding,
    detail: Detail,
) -> String {
    let mut text = String::new();
    let when = since(played, finding.at);
    let message = format!("`{}` at {when}: expected {}", finding.device, finding.expected);
    match &finding.span {
        Some(span) => {
            let place = file.place(span);
            let mut problem = Diagnostic::error("expectation-not-met", message, place.span)
                .label(format!("found {}", finding.found));
            problem.hint = finding.hint.map(str::to_owned);
            let _ = writeln!(text, "{}", diagnostics::render(place.path, place.text, &[problem]));
        }
        None => {
            let _ = writeln!(text, "error: {message}, found {}", finding.found);
        }
    }
    let shown: Vec<_> = finding
        .state
        .iter()
        .filter(|(name, _)| detail.state || finding.about.contains(name))
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    let mut about = shown.join(", ");
    if !detail.state {
        let rest = finding.state.len() - shown.len();
        let _ = match shown.is_empty() {
            true => write!(about, "{rest} values with `--state`"),
            false => write!(about, ", and {rest} more with `--state`"),
        };
    }
    text.push_str(&paragraph::labelled(2, &format!("`{}` then: ", finding.device), &about));
    text.push('\n');
    text
}

fn summary(runs: &[Played<'_>]) -> String {
    let unmet = unmet_in(runs);
    let events: u64 = runs.iter().map(|one| one.run.events).sum();
    let checked = match unmet {
        0 => "every expectation met".to_owned(),
        1 => "1 expectation not met".to_owned(),
        many => format!("{many} expectations not met"),
    };
    let count = if runs.len() == 1 { "1 run".to_owned() } else { format!("{} runs", runs.len()) };
    let noun = if events == 1 { "event" } else { "events" };
    format!("{count}, {} {noun}: {checked}{}", grouped(events), left_open(runs))
}

/// Returns what was left undone at the end of runs whose claims are about every moment.
fn left_open(runs: &[Played<'_>]) -> String {
    let is_claim = |claim: &scenario::Property| matches!(claim.mode, Mode::Always | Mode::Never);
    let claims = |one: &&Played<'_>| one.scenario.properties.iter().any(is_claim);
    match runs.iter().filter(claims).map(|one| one.run.open_actions).sum() {
        0_usize => String::new(),
        1 => "; 1 action was still pending at the end".to_owned(),
        many => format!("; {many} actions were still pending at the end"),
    }
}

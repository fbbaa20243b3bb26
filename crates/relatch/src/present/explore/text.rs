//! Explorations, for people.

use std::fmt::Write;

use device_sim::exploration::Verdict;
use device_sim::scenario::write_scenario;

use crate::present::table::{self, Column, grouped};
use crate::report::exploration::Travelled;

/// What the run of a verdict is to it.
pub(crate) fn kind_of_run(verdict: &Verdict) -> &'static str {
    if verdict.is_possibility { "example" } else { "counterexample" }
}

pub(super) fn render(travelled: &[Travelled]) -> String {
    let mut text = String::new();
    if let Some(first) = travelled.first() {
        let _ = writeln!(text, "{}\n", first.exploration.name);
    }
    text.push_str(&sizes(travelled));
    text.push_str("\n  what was claimed\n");
    for name in names(travelled) {
        let about = travelled.iter().filter_map(|one| Some((one, verdict(one, name)?)));
        let (holds, not): (Vec<_>, Vec<_>) = about.partition(|(_, verdict)| verdict.holds);
        let word = match (holds.is_empty(), not.is_empty()) {
            (_, true) => "holds".to_owned(),
            (true, false) => "does not hold".to_owned(),
            (false, false) => format!("does not hold at {}", versions(&not)),
        };
        let _ = writeln!(text, "  {word:<13}  {name}");
    }
    for name in names(travelled) {
        let refuted = travelled
            .iter()
            .filter_map(|one| Some((one, verdict(one, name)?)))
            .find(|(_, verdict)| !verdict.holds);
        if let Some((one, verdict)) = refuted {
            text.push_str(&counterexample(one, verdict));
        }
    }
    text
}

fn sizes(travelled: &[Travelled]) -> String {
    let number = |number: usize| grouped(u64::try_from(number).unwrap_or(u64::MAX));
    let rows: Vec<_> = travelled
        .iter()
        .map(|one| {
            let explored = &one.explored;
            vec![
                one.version().unwrap_or_else(|| "-".to_owned()),
                number(explored.states),
                number(explored.transitions),
                number(explored.depth),
                (if explored.complete { "any length" } else { "up to that" }).to_owned(),
                format!("{} ms", one.took.as_millis()),
            ]
        })
        .collect();
    let headings = [
        ("version", Column::Words),
        ("states", Column::Number),
        ("events tried", Column::Number),
        ("longest run", Column::Number),
        ("runs looked at", Column::Words),
        ("time", Column::Number),
    ];
    table::render(&headings, &rows)
}

/// The names of all properties, in the order in which they first occur.
fn names(travelled: &[Travelled]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for verdict in travelled.iter().flat_map(|one| &one.explored.verdicts) {
        if !names.contains(&verdict.name.as_str()) {
            names.push(&verdict.name);
        }
    }
    names
}

fn verdict<'a>(one: &'a Travelled, name: &str) -> Option<&'a Verdict> {
    one.explored.verdicts.iter().find(|verdict| verdict.name == name)
}

fn versions(verdicts: &[(&Travelled, &Verdict)]) -> String {
    verdicts.iter().filter_map(|(one, _)| one.version()).collect::<Vec<_>>().join(", ")
}

fn counterexample(one: &Travelled, verdict: &Verdict) -> String {
    let at = one.version().map_or(String::new(), |version| format!(" at {version}"));
    match &verdict.run {
        None => format!("\nno run{at} shows that: {}\n", verdict.name),
        Some(run) => {
            let events = match run.steps.len() {
                1 => "1 event".to_owned(),
                many => format!("{many} events"),
            };
            let head = format!("the shortest counterexample{at}, {events}, as a scenario");
            let remark = std::slice::from_ref(&verdict.name);
            format!("\n{head}\n\n{}", write_scenario(run, remark))
        }
    }
}

//! Explorations, for people.

use std::fmt::Write;

use device_sim::exploration::{Answer, Verdict};
use device_sim::scenario::write_scenario;

use super::InOrder;
use crate::present::paragraph;
use crate::present::simulate::unmet;
use crate::present::table::{Column, Sheet, grouped};
use crate::report::exploration::Travelled;

/// Returns the relation of a run to a verdict.
pub(crate) fn kind_of_run(verdict: &Verdict) -> &'static str {
    if verdict.answer.is_of_possibility() { "example" } else { "counterexample" }
}

/// The waits that are tried where the time that passes can make a difference.
pub(super) const WAITS: &str = "none, until the next scheduled event, or, where none is, 800 days";

pub(super) fn render(travelled: &[Travelled], own_order: Option<&InOrder<'_>>) -> String {
    let mut text = String::new();
    if let Some(first) = travelled.first() {
        let _ = writeln!(text, "{}\n", first.exploration.name);
    }
    text.push_str(&sizes(travelled));
    text.push_str(&unfinished(travelled));
    text.push_str(&waits(travelled));
    text.push_str("\n  what was claimed\n");
    let answers = answers(travelled);
    let width = answers.iter().map(|(words, _)| words.chars().count()).max().unwrap_or(0);
    for (words, name) in answers {
        text.push_str(&paragraph::labelled(2, &format!("{words:<width$}  "), name));
    }
    text.push_str(&own_order.map(in_order).unwrap_or_default());
    for name in names(travelled) {
        let refuted = travelled
            .iter()
            .filter_map(|one| Some((one, verdict(one, name)?)))
            .find(|(_, verdict)| !verdict.holds());
        if let Some((one, verdict)) = refuted {
            text.push_str(&counterexample(one, verdict));
        }
    }
    text
}

fn sizes(travelled: &[Travelled]) -> String {
    let number = |number: usize| grouped(u64::try_from(number).unwrap_or(u64::MAX));
    let rows = travelled.iter().map(|one| {
        let explored = &one.explored;
        vec![
            one.version().unwrap_or_else(|| "-".to_owned()),
            number(explored.states),
            number(explored.transitions),
            number(explored.depth),
            match explored.complete {
                true => "any length".to_owned(),
                false => format!("up to {} events", explored.depth),
            },
            format!("{} ms", one.took.as_millis()),
        ]
    });
    let headings = [
        ("version", Column::Words),
        ("states", Column::Number),
        ("events tried", Column::Number),
        ("longest run", Column::Number),
        ("runs looked at", Column::Words),
        ("time", Column::Number),
    ];
    Sheet::new(headings, rows).table()
}

/// Returns the names of all properties, in the order in which they first occur.
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

/// Returns every property with its answer; where versions differ, with one for each.
fn answers(travelled: &[Travelled]) -> Vec<(String, &str)> {
    let mut answers = Vec::new();
    for name in names(travelled) {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for one in travelled {
            let Some(verdict) = verdict(one, name) else { continue };
            let words = verdict.answer.in_words(one.explored.only_some_waits);
            let version = one.version().into_iter();
            match groups.iter_mut().find(|(known, _)| *known == words) {
                Some((_, versions)) => versions.extend(version),
                None => groups.push((words, version.collect())),
            }
        }
        let differ = groups.len() > 1;
        answers.extend(groups.into_iter().map(|(words, versions)| {
            let at = if differ { format!(" at {}", versions.join(", ")) } else { String::new() };
            (words + &at, name)
        }));
    }
    answers
}

/// Returns the reason that a search ended before every state was seen.
fn unfinished(travelled: &[Travelled]) -> String {
    let mut growing: Vec<&str> = Vec::new();
    for name in travelled.iter().flat_map(|one| &one.explored.growing) {
        if !growing.contains(name) {
            growing.push(name);
        }
    }
    let mut text = String::new();
    if travelled.iter().any(|one| !one.explored.complete) {
        text.push_str("\n  There are more states than were looked at.");
        if !growing.is_empty() {
            let _ = write!(text, " What still grew at the end: {}.", growing.join(", "));
        }
        text.push('\n');
    }
    text
}

/// Returns the waits that were tried, where others can make a difference.
fn waits(travelled: &[Travelled]) -> String {
    if !travelled.iter().any(|one| one.explored.only_some_waits) {
        return String::new();
    }
    let text = format!("Waits tried before a step: {WAITS}. Another wait can change an answer.");
    format!("\n{}", paragraph::labelled(2, "", &text))
}

/// Returns the part of a file about its own order alone, and the unmet expectations in it.
fn in_order((order, played): &InOrder<'_>) -> String {
    let count = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let (steps, claims) = (order.steps(), order.claims());
    let all: Vec<_> = count(steps, "step", "steps")
        .into_iter()
        .chain(count(claims, "claim over time", "claims over time"))
        .collect();
    if all.is_empty() {
        return String::new();
    }
    let (all, verb) = (all.join(" and "), if steps + claims == 1 { "expects" } else { "expect" });
    let is_met = played.iter().all(|one| one.run.findings.is_empty());
    let is_met = if is_met { "is met" } else { "is not met" };
    let text = format!(
        "What {all} {verb} {is_met} in the order of the file; in other orders it was not looked at."
    );
    let text = paragraph::labelled(2, "", &text);
    format!("\n{}\n{}", text.trim_end(), unmet(&order.file, played))
}

fn counterexample(one: &Travelled, verdict: &Verdict) -> String {
    let at = one.version().map_or(String::new(), |version| format!(" at {version}"));
    if let Answer::DoesNotApply { up_to, .. } = &verdict.answer {
        let runs = match up_to {
            None => "no order of events".to_owned(),
            Some(events) => format!("no run of up to {events} events"),
        };
        return format!(
            "\n{}: its `when` holds in {runs}, so nothing was checked\n  = hint: if that is no \
             mistake, add `may-not-apply = true`\n",
            verdict.name
        );
    }
    match verdict.answer.run() {
        None => format!("\nno run{at} shows that: {}\n", verdict.name),
        Some(run) => {
            let steps = match run.steps.len() {
                1 => "1 step".to_owned(),
                many => format!("{many} steps"),
            };
            let head = format!("the shortest counterexample{at}, {steps}, as a scenario");
            let remark = std::slice::from_ref(&verdict.name);
            format!("\n{head}\n\n{}", write_scenario(run, remark))
        }
    }
}

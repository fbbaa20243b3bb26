//! In what policies differ: for people, for pages and for programs.

use std::fmt::Write;

use eligibility::analysis::Change;
use eligibility::policy::{PolicyDocument, Reading};
use serde::Serialize;
use serde_json::{Map, Value};

use super::outcome_json::{facts_object, pretty};
use super::words;
use crate::report::comparison::Comparison;

pub(crate) fn text(comparison: &Comparison, reading: Reading) -> String {
    let Comparison { from, to, .. } = comparison;
    let mut text = format!("{} → {}, {reading} reading\n\n", from.id, to.id);
    changes_text(&mut text, comparison);
    text
}

pub(crate) fn history_text(comparisons: &[Comparison], reading: Reading) -> String {
    let mut text = format!("Every revision against the one before, {reading} reading\n");
    let bold = anstyle::Style::new().bold();
    for comparison in comparisons {
        let to = &comparison.to;
        let _ = writeln!(text, "\n{bold}{}{bold:#}  {}", to.documented, to.title);
        changes_text(&mut text, comparison);
    }
    text
}

fn changes_text(text: &mut String, comparison: &Comparison) {
    if comparison.changes.is_empty() {
        text.push_str("  nothing that a device would notice\n");
    }
    let mut last = None;
    for change in &comparison.changes {
        let heading = heading(change);
        if last.as_ref() != Some(&heading) {
            let _ = writeln!(text, "  {heading}");
            last = Some(heading);
        }
        let witness = words::witness(&change.region);
        let _ = writeln!(text, "      {}   (for example {witness})", change.region);
    }
}

/// `from → to`, with the scope where only that one differs.
fn heading(change: &Change) -> String {
    match change.at {
        None => format!("{} → {}", change.from, change.to),
        Some(scope) => format!("at scope {scope} only: {} → {}", change.from, change.to),
    }
}

pub(crate) fn markdown(comparison: &Comparison, reading: Reading) -> String {
    let Comparison { from, to, .. } = comparison;
    let mut text = format!("# {} → {}\n\nIn the {reading} reading.\n", from.id, to.id);
    changes_markdown(&mut text, comparison);
    text
}

pub(crate) fn history_markdown(comparisons: &[Comparison], reading: Reading) -> String {
    let mut text =
        format!("# Every revision against the one before\n\nIn the {reading} reading.\n");
    for comparison in comparisons {
        let PolicyDocument { documented, id, source, .. } = &comparison.to;
        let _ = write!(text, "\n## {documented}: [{id}]({source})\n");
        changes_markdown(&mut text, comparison);
    }
    text
}

fn changes_markdown(text: &mut String, comparison: &Comparison) {
    if comparison.changes.is_empty() {
        text.push_str("\nNothing that a device would notice.\n");
        return;
    }
    text.push_str("\n| devices | scope | before | after | for example |\n|---|---|---|---|---|\n");
    for change in &comparison.changes {
        let at = change.at.map_or("headline", |scope| scope.as_str());
        let witness = words::witness(&change.region);
        let cells = [change.region.to_string(), at.to_owned()];
        let cells =
            cells.into_iter().chain([change.from.to_string(), change.to.to_string(), witness]);
        let cells: Vec<_> = cells.map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

#[derive(Serialize)]
struct DiffObject<'a> {
    schema: u32,
    reading: &'static str,
    from: &'a str,
    to: &'a str,
    changes: Vec<ChangeObject>,
}

#[derive(Serialize)]
struct HistoryObject<'a> {
    schema: u32,
    reading: &'static str,
    revisions: Vec<StepObject<'a>>,
}

#[derive(Serialize)]
struct StepObject<'a> {
    from: &'a str,
    to: &'a str,
    documented: String,
    changes: Vec<ChangeObject>,
}

#[derive(Serialize)]
struct ChangeObject {
    scope: Option<&'static str>,
    before: String,
    after: String,
    devices: Map<String, Value>,
    witness: Map<String, Value>,
}

pub(crate) fn json(comparison: &Comparison, reading: Reading) -> String {
    pretty(&DiffObject {
        schema: 1,
        reading: reading.as_str(),
        from: &comparison.from.id,
        to: &comparison.to.id,
        changes: comparison.changes.iter().map(change).collect(),
    })
}

pub(crate) fn history_json(comparisons: &[Comparison], reading: Reading) -> String {
    let steps = comparisons.iter().map(|comparison| StepObject {
        from: &comparison.from.id,
        to: &comparison.to.id,
        documented: comparison.to.documented.to_string(),
        changes: comparison.changes.iter().map(change).collect(),
    });
    pretty(&HistoryObject { schema: 1, reading: reading.as_str(), revisions: steps.collect() })
}

fn change(change: &Change) -> ChangeObject {
    ChangeObject {
        scope: change.at.map(eligibility::policy::Scope::as_str),
        before: change.from.to_string(),
        after: change.to.to_string(),
        devices: words::conditions(&change.region),
        witness: facts_object(change.region.witness()),
    }
}

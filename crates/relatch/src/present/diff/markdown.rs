//! The differences between policies, for a page.

use std::fmt::Write;

use eligibility::policy::{PolicyDocument, Reading};

use crate::present::wording;
use crate::report::comparison::Comparison;

pub(super) fn one(comparison: &Comparison, reading: Reading) -> String {
    let Comparison { from, to, .. } = comparison;
    let mut text = format!("# {} → {}\n\nIn the {reading} reading.\n", from.id, to.id);
    changes_markdown(&mut text, comparison);
    text
}

pub(super) fn history(comparisons: &[Comparison], reading: Reading) -> String {
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
        let witness = wording::witness(&change.region);
        let cells = [change.region.to_string(), at.to_owned()];
        let cells =
            cells.into_iter().chain([change.from.to_string(), change.to.to_string(), witness]);
        let cells: Vec<_> = cells.map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
}

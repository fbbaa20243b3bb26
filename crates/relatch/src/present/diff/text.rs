//! The differences between policies, for people.

use std::fmt::Write;

use eligibility::analysis::Change;
use eligibility::policy::Reading;

use crate::present::paragraph::labelled;
use crate::present::terminal::Style;
use crate::present::wording;
use crate::report::comparison::Comparison;

pub(super) fn one(comparison: &Comparison, reading: Reading) -> String {
    let Comparison { from, to, .. } = comparison;
    let mut text = format!("{} → {}, {reading} reading\n\n", from.id, to.id);
    changes_text(&mut text, comparison);
    text
}

pub(super) fn history(comparisons: &[Comparison], reading: Reading) -> String {
    let mut text = format!("Every revision against the one before, {reading} reading\n");
    let bold = Style::Bold;
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
            text.push_str(&labelled(2, "", &heading));
            last = Some(heading);
        }
        let witness = wording::witness(&change.region);
        let line = format!("{}   (for example {witness})", change.region);
        text.push_str(&labelled(6, "", &line));
    }
}

/// `from → to`, with the scope where only that one differs.
fn heading(change: &Change) -> String {
    match change.at {
        None => format!("{} → {}", change.from, change.to),
        Some(scope) => format!("at scope {scope} only: {} → {}", change.from, change.to),
    }
}

//! The same fleet under two policies, for people.

use std::fmt::Write;

use eligibility::policy::Policy;

use crate::present::table::{self, Column, grouped, share};
use crate::present::terminal::Style;
use crate::present::{inventories, wording};
use crate::report::transition::{FleetComparison, Side};

pub(super) fn render(comparison: &FleetComparison) -> String {
    let mut text = String::new();
    let FleetComparison { from, to, intake, .. } = comparison;
    let (all, changed) = (comparison.devices(), comparison.changed());
    let bold = Style::Bold;
    let _ = writeln!(
        text,
        "{bold}{} of {} in {} are decided differently{}.{bold:#}",
        grouped(changed),
        wording::devices(all),
        inventories::files(intake),
        inventories::exceptions(intake)
    );
    let _ = writeln!(text, "Before: {}; after: {}; {} reading.", from.id, to.id, to.reading);
    inventories::duplicates(&mut text, intake);
    let rows: Vec<_> = comparison
        .verdicts
        .iter()
        .map(|(before, after, devices)| {
            let same = if before == after { "as before" } else { "" };
            let cells = [before.to_string(), after.to_string(), grouped(*devices)];
            cells.into_iter().chain([share(*devices, all), same.to_owned()]).collect()
        })
        .collect();
    let headings = [
        ("before", Column::Words),
        ("after", Column::Words),
        ("devices", Column::Number),
        ("share", Column::Number),
        ("", Column::Words),
    ];
    let _ = write!(text, "\n{}", table::render(&headings, &rows));
    why(&mut text, comparison);
    groups(&mut text, comparison);
    inventories::not_understood(&mut text, intake, "comparison");
    if let Some(list) = &comparison.devices {
        let _ = writeln!(text, "\nThe devices that change are listed in {list}.");
    }
    let _ = writeln!(text, "\nNext, the rules: relatch policy diff {} {}", from.id, to.id);
    text
}

fn why(text: &mut String, comparison: &FleetComparison) {
    if comparison.reasons.is_empty() {
        return;
    }
    let rows: Vec<_> = comparison
        .reasons
        .iter()
        .map(|(before, after, devices)| {
            vec![grouped(*devices), side(&comparison.from, before), side(&comparison.to, after)]
        })
        .collect();
    let headings =
        [("devices", Column::Number), ("before", Column::Words), ("after", Column::Words)];
    let _ = write!(text, "\n{}", table::render(&headings, &rows));
}

fn side(policy: &Policy, side: &Side) -> String {
    let reason = side.reason.map(|reason| wording::reason(policy, &reason)).unwrap_or_default();
    format!("{}: {reason}", side.verdict)
}

fn groups(text: &mut String, comparison: &FleetComparison) {
    if comparison.by.is_empty() {
        return;
    }
    let changed = comparison.groups.iter().filter(|(_, _, changed)| *changed > 0);
    let rows: Vec<_> = changed
        .map(|(values, all, changed)| {
            let values = wording::group(&comparison.by, values);
            values.into_iter().chain([grouped(*all), grouped(*changed)]).collect()
        })
        .collect();
    let mut headings: Vec<_> =
        comparison.by.iter().map(|kind| (kind.as_str(), Column::Words)).collect();
    headings.extend([("devices", Column::Number), ("decided differently", Column::Number)]);
    if !rows.is_empty() {
        let _ = write!(text, "\n{}", table::render(&headings, &rows));
    }
}

//! The same fleet under two policies, for people.

use std::fmt::Write;

use eligibility::policy::Policy;

use crate::present::table::{Column, Sheet, grouped, share};
use crate::present::terminal::Style;
use crate::present::{inventories, wording};
use crate::report::transition::{FleetComparison, Side};

pub(super) fn render(comparison: &FleetComparison) -> String {
    let mut text = String::new();
    let FleetComparison { from, to, inventories, .. } = comparison;
    let bold = Style::Bold;
    let _ = writeln!(text, "{bold}{}{bold:#}", headline(comparison));
    let _ = writeln!(text, "{}", policies(comparison));
    inventories::duplicates(&mut text, inventories);
    text.push_str(&decisions(comparison).text());
    text.push_str(&why(comparison).text());
    text.push_str(&groups(comparison).text());
    inventories::not_understood(&mut text, inventories, "comparison");
    if let Some(list) = &comparison.listed.file {
        let _ = writeln!(text, "\nThe devices that change are listed in {list}.");
    }
    let _ = writeln!(text, "\nNext, the rules: relatch policy diff {} {}", from.id, to.id);
    text
}

/// Returns the number of devices that change, as a sentence.
pub(super) fn headline(comparison: &FleetComparison) -> String {
    let inventories = &comparison.inventories;
    format!(
        "{} of {} in {} are decided differently{}.",
        grouped(comparison.changed()),
        wording::devices(comparison.devices()),
        inventories::files(inventories),
        inventories::exceptions(inventories)
    )
}

/// Returns the compared policies, as a sentence.
pub(super) fn policies(comparison: &FleetComparison) -> String {
    let FleetComparison { from, to, .. } = comparison;
    format!("Before: {}; after: {}; {} reading.", from.id, to.id, to.reading)
}

/// Returns the devices by their decisions before and after.
pub(super) fn decisions(comparison: &FleetComparison) -> Sheet {
    let all = comparison.devices();
    let rows = comparison.verdicts.iter().map(|(before, after, devices)| {
        let same = if before == after { "as before" } else { "" };
        let cells = [before.to_string(), after.to_string(), grouped(*devices)];
        cells.into_iter().chain([share(*devices, all), same.to_owned()]).collect()
    });
    Sheet::new(super::CHANGES, rows)
}

/// Returns the reasons of the changes.
pub(super) fn why(comparison: &FleetComparison) -> Sheet {
    let rows = comparison.reasons.iter().map(|(before, after, devices)| {
        vec![grouped(*devices), side(&comparison.from, before), side(&comparison.to, after)]
    });
    let headings =
        [("devices", Column::Number), ("before", Column::Words), ("after", Column::Words)];
    Sheet::new(headings, rows)
}

/// Returns the groups in which devices change.
pub(super) fn groups(comparison: &FleetComparison) -> Sheet {
    let by = &comparison.by;
    let changed = comparison.groups.iter().filter(|(_, _, changed)| *changed > 0);
    let rows = changed.filter(|_| !by.is_empty()).map(|(values, all, changed)| {
        let values = wording::group(by, values);
        values.into_iter().chain([grouped(*all), grouped(*changed)]).collect()
    });
    let facts = by.iter().map(|fact| (fact.as_str(), Column::Words));
    let counts = [("devices", Column::Number), ("decided differently", Column::Number)];
    Sheet::new(facts.chain(counts), rows)
}

fn side(policy: &Policy, side: &Side) -> String {
    let reason = side.reason.map(|reason| wording::reason(policy, &reason)).unwrap_or_default();
    format!("{}: {reason}", side.verdict)
}

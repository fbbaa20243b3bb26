//! The same fleet under two policies, for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::outcome_json::pretty;
use super::pages_json::{FilterObject, TooFewObject, ignored_filters, too_few};
use crate::report::transition::FleetComparison;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct CompareObject<'a> {
    schema: u32,
    from: &'a str,
    to: &'a str,
    reading: &'static str,
    inventories: &'a [String],
    rows: u64,
    rejected: u64,
    truncated: &'a [String],
    more_pages: &'a [String],
    too_few: Vec<TooFewObject<'a>>,
    ignored_filters: Vec<FilterObject<'a>>,
    changed: u64,
    transitions: Vec<Transition>,
    groups: Vec<Group>,
}

#[derive(Serialize)]
struct Transition {
    before: &'static str,
    after: &'static str,
    devices: u64,
}

#[derive(Serialize)]
struct Group {
    by: BTreeMap<&'static str, Option<String>>,
    devices: u64,
    changed: u64,
}

pub(crate) fn render(comparison: &FleetComparison) -> String {
    let transitions = comparison.verdicts.iter().map(|(before, after, devices)| Transition {
        before: before.as_str(),
        after: after.as_str(),
        devices: *devices,
    });
    let groups = comparison.groups.iter().map(|(values, devices, changed)| {
        let by = comparison
            .by
            .iter()
            .zip(values)
            .map(|(kind, value)| (kind.as_str(), value.known().map(|value| kind.text(value))));
        Group { by: by.collect(), devices: *devices, changed: *changed }
    });
    pretty(&CompareObject {
        schema: 1,
        from: &comparison.from.id,
        to: &comparison.to.id,
        reading: comparison.to.reading.as_str(),
        inventories: &comparison.intake.files,
        rows: comparison.intake.rows,
        rejected: comparison.intake.rejected,
        truncated: &comparison.intake.truncated,
        more_pages: &comparison.intake.more_pages,
        too_few: too_few(&comparison.intake),
        ignored_filters: ignored_filters(&comparison.intake),
        changed: comparison.changed(),
        transitions: transitions.collect(),
        groups: groups.collect(),
    })
}

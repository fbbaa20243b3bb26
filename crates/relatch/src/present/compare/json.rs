//! The same fleet under two policies, for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::present::inventories::InventoriesObject;
use crate::present::json::pretty;
use crate::report::transition::FleetComparison;

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct CompareObject<'a> {
    schema: u32,
    from: &'a str,
    to: &'a str,
    reading: &'static str,
    #[serde(flatten)]
    intake: InventoriesObject<'a>,
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

pub(super) fn render(comparison: &FleetComparison) -> String {
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
        intake: (&comparison.intake).into(),
        changed: comparison.changed(),
        transitions: transitions.collect(),
        groups: groups.collect(),
    })
}

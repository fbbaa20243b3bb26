//! The same fleet under two policies, for programs.

use eligibility::decide::VerdictWord;
use eligibility::facts::FactName;
use eligibility::policy::Reading;
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, Version, Word, pretty};
use crate::present::wording::group_by;
use crate::report::inventories::InventoriesReport;
use crate::report::transition::FleetComparison;

/// The same fleet under two policies: `relatch compare --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Compare<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policy before.
    from: &'a str,
    /// The policy after.
    to: &'a str,
    /// The reading of both.
    reading: Word<Reading>,
    #[serde(flatten)]
    inventories: &'a InventoriesReport,
    /// The number of devices that are decided differently.
    changed: u64,
    /// The devices by their decisions before and after; unchanged ones are included.
    transitions: Vec<Transition>,
    /// The devices by the facts of `--by`.
    groups: Vec<Group>,
    /// The list of devices that was written.
    devices: Option<&'a str>,
}

/// The devices with the same decisions before and after.
#[derive(Serialize, JsonSchema)]
pub(super) struct Transition {
    /// The decision before.
    before: Word<VerdictWord>,
    /// The decision after.
    after: Word<VerdictWord>,
    /// The number of devices.
    devices: u64,
}

/// The devices with the same values of the facts of `--by`.
#[derive(Serialize, JsonSchema)]
struct Group {
    /// The values; null if unknown.
    by: ByWord<FactName, Option<String>>,
    /// The number of devices.
    devices: u64,
    /// The number of devices that are decided differently.
    changed: u64,
}

impl Transition {
    pub(super) fn of((before, after, devices): &(VerdictWord, VerdictWord, u64)) -> Self {
        Self { before: Word(*before), after: Word(*after), devices: *devices }
    }
}

pub(super) fn render(comparison: &FleetComparison) -> String {
    let groups = comparison.groups.iter().map(|(values, devices, changed)| Group {
        by: group_by(&comparison.by, values).collect(),
        devices: *devices,
        changed: *changed,
    });
    pretty(&Compare {
        schema: Version,
        from: &comparison.from.id,
        to: &comparison.to.id,
        reading: Word(comparison.to.reading),
        inventories: &comparison.inventories,
        changed: comparison.changed(),
        transitions: comparison.verdicts.iter().map(Transition::of).collect(),
        groups: groups.collect(),
        devices: comparison.listed.file.as_deref(),
    })
}

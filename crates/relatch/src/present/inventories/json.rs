//! What was read, for programs: the keys that every report about inventories begins with.

use serde::Serialize;

use crate::report::intake::IntakeReport;

/// The inventories, their rows, and what they say of their completeness.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::present) struct InventoriesObject<'a> {
    inventories: &'a [String],
    rows: u64,
    rejected: u64,
    truncated: &'a [String],
    more_pages: &'a [String],
    too_few: Vec<TooFewObject<'a>>,
    ignored_filters: Vec<FilterObject<'a>>,
}

/// An answer that counts more devices than it holds.
#[derive(Serialize)]
struct TooFewObject<'a> {
    inventory: &'a str,
    counted: u64,
    devices: u64,
}

/// A filter that was ignored.
#[derive(Serialize)]
struct FilterObject<'a> {
    inventory: &'a str,
    property: &'a str,
}

impl<'a> From<&'a IntakeReport> for InventoriesObject<'a> {
    fn from(intake: &'a IntakeReport) -> Self {
        let too_few = intake.too_few.iter().map(|one| TooFewObject {
            inventory: &one.file,
            counted: one.counted,
            devices: one.devices,
        });
        let filters = intake.ignored_filters.iter();
        Self {
            inventories: &intake.files,
            rows: intake.rows,
            rejected: intake.rejected,
            truncated: &intake.truncated,
            more_pages: &intake.more_pages,
            too_few: too_few.collect(),
            ignored_filters: filters
                .map(|(inventory, property)| FilterObject { inventory, property })
                .collect(),
        }
    }
}

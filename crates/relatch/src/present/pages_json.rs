//! What the pages of Graph's answers say of themselves, for programs.

use serde::Serialize;

use crate::report::intake::IntakeReport;

/// An answer that counts more devices than it holds.
#[derive(Serialize)]
pub(super) struct TooFewObject<'a> {
    inventory: &'a str,
    counted: u64,
    devices: u64,
}

/// A filter that was ignored.
#[derive(Serialize)]
pub(super) struct FilterObject<'a> {
    inventory: &'a str,
    property: &'a str,
}

pub(super) fn too_few(intake: &IntakeReport) -> Vec<TooFewObject<'_>> {
    let each = intake.too_few.iter().map(|one| TooFewObject {
        inventory: &one.file,
        counted: one.counted,
        devices: one.devices,
    });
    each.collect()
}

pub(super) fn ignored_filters(intake: &IntakeReport) -> Vec<FilterObject<'_>> {
    let filters = intake.ignored_filters.iter();
    filters.map(|(inventory, property)| FilterObject { inventory, property }).collect()
}

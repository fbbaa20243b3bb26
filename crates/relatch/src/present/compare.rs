//! Two inventories, the same fleet under two policies, or under all pages.

mod across;
mod html;
mod json;
mod movement;
mod text;

use super::devices::InPage;
use super::table::Column;
use crate::args::PageFormat;
use crate::report::movement::Movement;
use crate::report::transition::{Across, FleetComparison};

pub(crate) use across::CompareAcross;
pub(crate) use json::Compare;
pub(crate) use movement::CompareInventories;

/// The columns of a table of decisions before and after.
const CHANGES: [(&str, Column); 5] = [
    ("before", Column::Words),
    ("after", Column::Words),
    ("devices", Column::Number),
    ("share", Column::Number),
    ("", Column::Words),
];

/// Renders a comparison; a page has the devices that change, too.
pub(crate) fn render(
    comparison: &FleetComparison,
    format: PageFormat,
    devices: Option<&InPage>,
) -> String {
    match format {
        PageFormat::Text => text::render(comparison),
        PageFormat::Json => json::render(comparison),
        PageFormat::Html => html::policies(comparison, devices),
    }
}

pub(crate) fn render_movement(
    movement: &Movement,
    format: PageFormat,
    devices: Option<&InPage>,
) -> String {
    match format {
        PageFormat::Text => movement::text(movement),
        PageFormat::Json => movement::json(movement),
        PageFormat::Html => html::inventories(movement, devices),
    }
}

pub(crate) fn render_across(across: &Across, format: PageFormat) -> String {
    match format {
        PageFormat::Text => across::text(across),
        PageFormat::Json => across::json(across),
        PageFormat::Html => html::across(across),
    }
}

//! Two inventories, the same fleet under two policies, or under all pages.

mod across;
mod json;
mod movement;
mod text;

use crate::args::Format;
use crate::report::movement::Movement;
use crate::report::transition::{Across, FleetComparison};

pub(crate) use across::CompareAcross;
pub(crate) use json::Compare;
pub(crate) use movement::CompareInventories;

pub(crate) fn render(comparison: &FleetComparison, format: Format) -> String {
    match format {
        Format::Text => text::render(comparison),
        Format::Json => json::render(comparison),
    }
}

pub(crate) fn render_movement(movement: &Movement, format: Format) -> String {
    match format {
        Format::Text => movement::text(movement),
        Format::Json => movement::json(movement),
    }
}

pub(crate) fn render_across(across: &Across, format: Format) -> String {
    match format {
        Format::Text => across::text(across),
        Format::Json => across::json(across),
    }
}

//! The same fleet under two policies.

mod json;
mod text;

use crate::args::Format;
use crate::report::transition::FleetComparison;

pub(crate) use json::Compare;

pub(crate) fn render(comparison: &FleetComparison, format: Format) -> String {
    match format {
        Format::Text => text::render(comparison),
        Format::Json => json::render(comparison),
    }
}

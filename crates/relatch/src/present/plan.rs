//! A plan: the decisions for a fleet.

mod json;
mod text;

use crate::args::Format;
use crate::report::plan::PlanReport;

pub(crate) use json::Plan;

pub(crate) fn render(report: &PlanReport, format: Format) -> String {
    match format {
        Format::Text => text::render(report),
        Format::Json => json::render(report),
    }
}

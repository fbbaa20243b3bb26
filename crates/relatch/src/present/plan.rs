//! A plan: the decisions for a fleet.

mod html;
mod json;
mod text;

use super::devices::InPage;
use crate::args::PageFormat;
use crate::report::plan::PlanReport;

pub(crate) use json::Plan;

/// Renders a plan; a page has the devices, too.
pub(crate) fn render(report: &PlanReport, format: PageFormat, devices: Option<&InPage>) -> String {
    match format {
        PageFormat::Text => text::render(report),
        PageFormat::Json => json::render(report),
        PageFormat::Html => html::render(report, devices),
    }
}

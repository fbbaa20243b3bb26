//! The answer for one device.

mod explanation;
mod json;
mod text;

use crate::args::Format;
use crate::report::decided::Decided;

pub(crate) use json::Decide;

pub(crate) fn render(report: &Decided, format: Format) -> String {
    match format {
        Format::Text => {
            text::render(report) + &explanation::render(&report.policy, &report.explanations)
        }
        Format::Json => json::render(report),
    }
}

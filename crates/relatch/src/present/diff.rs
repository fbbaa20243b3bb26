//! The differences between policies: of two, and of every revision and the one before.

mod json;
mod markdown;
mod text;

use eligibility::policy::Reading;

use crate::args::ReportFormat;
use crate::report::comparison::Comparison;

pub(crate) use json::{PolicyDiff, PolicyHistory};

pub(crate) fn one(comparison: &Comparison, reading: Reading, format: ReportFormat) -> String {
    match format {
        ReportFormat::Text => text::one(comparison, reading),
        ReportFormat::Json => json::one(comparison, reading),
        ReportFormat::Markdown => markdown::one(comparison, reading),
    }
}

pub(crate) fn history(
    comparisons: &[Comparison],
    reading: Reading,
    format: ReportFormat,
) -> String {
    match format {
        ReportFormat::Text => text::history(comparisons, reading),
        ReportFormat::Json => json::history(comparisons, reading),
        ReportFormat::Markdown => markdown::history(comparisons, reading),
    }
}

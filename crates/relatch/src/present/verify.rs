//! Policies held against simulated devices.

mod json;
mod markdown;
mod text;

use crate::args::ReportFormat;
use crate::report::verification::Verified;

pub(crate) use json::PolicyVerify;

pub(crate) fn render(verified: &Verified, format: ReportFormat) -> String {
    match format {
        ReportFormat::Text => text::render(verified),
        ReportFormat::Json => json::render(verified),
        ReportFormat::Markdown => markdown::render(verified),
    }
}

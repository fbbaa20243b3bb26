//! The findings in policies.

mod json;
mod text;

use eligibility::policy::Reading;

use crate::args::Format;
use crate::report::check::Checked;

pub(crate) use json::PolicyCheck;

pub(crate) fn render(checked: &[Checked], reading: Reading, format: Format) -> String {
    match format {
        Format::Text => text::render(checked, reading),
        Format::Json => json::render(checked, reading),
    }
}

/// Returns the cases that were run, and what they cover.
pub(crate) fn tests(tested: &[Checked], reading: Reading, quiet: bool, format: Format) -> String {
    match format {
        Format::Text => text::tests(tested, reading, quiet),
        Format::Json => json::render(tested, reading),
    }
}

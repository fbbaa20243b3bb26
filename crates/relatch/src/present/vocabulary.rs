//! The vocabulary of scenarios: verbs, outcomes and observables by platform.

mod json;
mod text;

use crate::args::Format;

pub(crate) use json::Vocabulary;

pub(crate) fn render(format: Format) -> String {
    match format {
        Format::Text => text::render(),
        Format::Json => json::render(),
    }
}

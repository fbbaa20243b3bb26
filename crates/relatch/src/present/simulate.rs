//! Runs of scenarios.

mod json;
mod text;

use crate::args::Format;
use crate::report::simulation::{LoadedScenario, Played};

pub(crate) use json::Simulate;

pub(crate) fn render(played: &[(&LoadedScenario, Vec<Played<'_>>)], format: Format) -> String {
    match format {
        Format::Text => text::render(played),
        Format::Json => json::render(played),
    }
}

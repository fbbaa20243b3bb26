//! Runs of scenarios.

mod json;
mod junit;
mod schema;
mod text;
mod timeline;

use crate::args::SimulateFormat;
use crate::report::simulation::{Detail, LoadedScenario, Played};

pub(crate) use json::{Simulate, Unmet, unmet_of};
pub(crate) use schema::schema;
pub(crate) use text::unmet;

pub(crate) fn render(
    played: &[(&LoadedScenario, Vec<Played<'_>>)],
    format: SimulateFormat,
    detail: Detail,
) -> String {
    match format {
        SimulateFormat::Text => text::render(played, detail),
        SimulateFormat::Json => json::render(played),
        SimulateFormat::Junit => junit::render(played),
        SimulateFormat::Csv | SimulateFormat::Html => {
            unreachable!("scenarios have no such form; it was refused before")
        }
    }
}

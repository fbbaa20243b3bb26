//! A forecast of the action on a fleet.

mod csv;
mod html;
mod json;
mod text;

use crate::args::SimulateFormat;
use crate::report::forecast::ForecastReport;

pub(crate) use json::Forecast;

pub(crate) fn render(report: &ForecastReport, format: SimulateFormat) -> String {
    match format {
        SimulateFormat::Text => text::render(report),
        SimulateFormat::Json => json::render(report),
        SimulateFormat::Html => html::render(report),
        SimulateFormat::Csv => csv::render(report),
        SimulateFormat::Junit => {
            unreachable!("a forecast has no test cases; it was refused before")
        }
    }
}

//! A forecast of the action on a fleet.

mod csv;
mod json;
mod text;

use crate::args::SimulateFormat;
use crate::report::forecast::ForecastReport;

pub(crate) use json::Forecast;

pub(crate) fn render(report: &ForecastReport, format: SimulateFormat) -> String {
    match format {
        SimulateFormat::Text => text::render(report),
        SimulateFormat::Json => json::render(report),
        SimulateFormat::Csv => csv::render(report),
        SimulateFormat::Junit => {
            unreachable!("a forecast has no test cases; it was refused before")
        }
    }
}

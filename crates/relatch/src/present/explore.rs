//! Explorations: properties decided over every order of events.

mod json;
mod text;

use crate::args::Format;
use crate::report::exploration::Travelled;

pub(crate) use json::Explore;
pub(crate) use text::kind_of_run;

/// Renders explorations; `not_looked_at` is the number of steps whose expectations are about the
/// order of the file.
pub(crate) fn render(travelled: &[Travelled], not_looked_at: usize, format: Format) -> String {
    match format {
        Format::Text => text::render(travelled, not_looked_at),
        Format::Json => json::render(travelled, not_looked_at),
    }
}

//! Explorations: properties decided over every order of events.

mod json;
mod text;

use crate::args::Format;
use crate::report::exploration::Travelled;

pub(crate) use json::Explore;
pub(crate) use text::kind_of_run;

pub(crate) fn render(travelled: &[Travelled], format: Format) -> String {
    match format {
        Format::Text => text::render(travelled),
        Format::Json => json::render(travelled),
    }
}

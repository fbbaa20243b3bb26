//! Explorations: properties decided over every order of events.

mod json;
mod text;

use crate::args::Format;
use crate::report::exploration::{OwnOrder, Travelled};
use crate::report::simulation::Played;

pub(crate) use json::Explore;
pub(crate) use text::kind_of_run;

/// The part of a file about its own order, run in it.
type InOrder<'a> = (&'a OwnOrder, Vec<Played<'a>>);

/// Renders explorations, and what a file expects in its own order.
pub(crate) fn render(
    travelled: &[Travelled],
    own_order: Option<&InOrder<'_>>,
    format: Format,
) -> String {
    match format {
        Format::Text => text::render(travelled, own_order),
        Format::Json => json::render(travelled, own_order),
    }
}

//! The parameters of the models: what they choose where the sources are silent.

mod json;
mod text;

use device_sim::user;
use device_sim::{Parameter, vocabularies};

use crate::args::Format;

pub(crate) use json::Parameters;

pub(crate) fn render(format: Format) -> String {
    match format {
        Format::Text => text::render(),
        Format::Json => json::render(),
    }
}

/// Returns the choices of every model, and of the people that a forecast invents: whose they are,
/// where they are changed, and which there are.
fn tables() -> Vec<(&'static str, &'static str, Vec<Parameter>)> {
    let models = vocabularies().into_iter();
    let models = models.map(|known| (known.model, known.parameters_in, known.parameters));
    let people = ("people", "the table `people` of a file of assumptions", user::Timing::table());
    models.chain(std::iter::once(people)).collect()
}

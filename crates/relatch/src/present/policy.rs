//! Policies: their list, their rules, and the form of their files.

mod json;
mod schema;
pub(crate) mod stable_form;
mod text;

use eligibility::policy::{Policy, PolicyDocument};

use crate::args::Format;

pub(crate) use json::{PolicyList, PolicyShow};
pub(crate) use schema::schema;

pub(crate) fn list(documents: &[PolicyDocument], format: Format) -> String {
    match format {
        Format::Text => text::list(documents),
        Format::Json => json::list(documents),
    }
}

pub(crate) fn show(document: &PolicyDocument, policy: &Policy, format: Format) -> String {
    match format {
        Format::Text => text::show(document, policy),
        Format::Json => json::show(document, policy),
    }
}

//! Policies: their list, their rules, and the form of their files.

pub(crate) mod compile;
mod explain;
mod json;
mod schema;
pub(crate) mod stable_form;
pub(crate) mod start;
mod text;

use eligibility::policy::{Policy, PolicyDocument};

use crate::args::Format;
use crate::report::rule::ExplainedRule;

pub(crate) use compile::PolicyCompile;
pub(crate) use explain::PolicyExplain;
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

pub(crate) fn explain(explained: &ExplainedRule, format: Format) -> String {
    match format {
        Format::Text => explain::text(explained),
        Format::Json => explain::json(explained),
    }
}

//! The answer for one device.

mod explanation;
mod json;
mod text;

use eligibility::decide::{Decision, Explanation};
use eligibility::facts::Facts;
use eligibility::policy::Policy;

use crate::args::Format;

pub(crate) use json::Decide;

pub(crate) fn render(
    policy: &Policy,
    facts: &Facts,
    decision: &Decision,
    explanations: &[Explanation],
    format: Format,
) -> String {
    match format {
        Format::Text => {
            text::render(policy, facts, decision) + &explanation::render(policy, explanations)
        }
        Format::Json => json::render(policy, facts, decision, explanations),
    }
}

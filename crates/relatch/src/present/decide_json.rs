//! The answer for one device, for programs.

use eligibility::decide::Decision;
use eligibility::facts::Facts;
use eligibility::policy::{Policy, Scope};
use serde::Serialize;
use serde_json::{Map, Value};

use super::outcome_json::{OutcomeObject, facts_object, pretty};

#[derive(Serialize)]
struct DecideObject<'a> {
    schema: u32,
    policy: &'a str,
    reading: &'static str,
    facts: Map<String, Value>,
    #[serde(flatten)]
    headline: OutcomeObject<'a>,
    scopes: Scopes<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Scopes<'a> {
    device: OutcomeObject<'a>,
    work_profile: OutcomeObject<'a>,
}

pub(crate) fn render(policy: &Policy, facts: &Facts, decision: &Decision) -> String {
    pretty(&DecideObject {
        schema: 1,
        policy: &policy.id,
        reading: policy.reading.as_str(),
        facts: facts_object(facts),
        headline: OutcomeObject::new(policy, decision.headline()),
        scopes: Scopes {
            device: OutcomeObject::new(policy, decision.scope(Scope::Device)),
            work_profile: OutcomeObject::new(policy, decision.scope(Scope::WorkProfile)),
        },
    })
}

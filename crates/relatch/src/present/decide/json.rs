//! The answer for one device, for programs.

use eligibility::decide::{Decision, Explanation, Tested};
use eligibility::facts::Facts;
use eligibility::policy::{Clause, Policy, Scope, Truth};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::present::json::{facts_object, pretty};
use crate::present::outcome::OutcomeObject;

#[derive(Serialize)]
struct DecideObject<'a> {
    schema: u32,
    policy: &'a str,
    reading: &'static str,
    facts: Map<String, Value>,
    #[serde(flatten)]
    headline: OutcomeObject<'a>,
    scopes: Scopes<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clauses: Vec<ClauseObject<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Scopes<'a> {
    device: OutcomeObject<'a>,
    work_profile: OutcomeObject<'a>,
}

/// A clause explained; only where an explanation was asked for.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ClauseObject<'a> {
    id: &'a str,
    kind: &'static str,
    scope: Option<&'static str>,
    matches: &'static str,
    preceded_by: Option<&'a str>,
    conditions: Vec<TestedObject>,
    needs: Vec<TestedObject>,
}

#[derive(Serialize)]
struct TestedObject {
    fact: &'static str,
    values: String,
    truth: &'static str,
}

fn clause<'a>(policy: &'a Policy, explanation: &Explanation) -> ClauseObject<'a> {
    let tested = |tests: &[Tested]| {
        let each = tests.iter().map(|one| TestedObject {
            fact: one.condition.fact.as_str(),
            values: one.condition.values(),
            truth: truth(one),
        });
        each.collect()
    };
    let rule = |index: u16| &policy.rules[usize::from(index)];
    let (kind, scope) = match explanation.clause {
        Clause::Rule(index) => ("rule", Some(rule(index).scope.as_str())),
        Clause::Prerequisite(_) => ("prerequisite", None),
    };
    ClauseObject {
        id: policy.clause_id(explanation.clause),
        kind,
        scope,
        matches: truth_word(explanation.truth),
        preceded_by: explanation.preceded_by.map(|index| rule(index).id.as_str()),
        conditions: tested(&explanation.conditions),
        needs: tested(&explanation.needs),
    }
}

fn truth(tested: &Tested) -> &'static str {
    if tested.presumed { "presumed" } else { truth_word(tested.truth) }
}

const fn truth_word(truth: Truth) -> &'static str {
    match truth {
        Truth::Holds => "holds",
        Truth::Fails => "fails",
        Truth::Unknown => "unknown",
    }
}

pub(super) fn render(
    policy: &Policy,
    facts: &Facts,
    decision: &Decision,
    explanations: &[Explanation],
) -> String {
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
        clauses: explanations.iter().map(|one| clause(policy, one)).collect(),
    })
}

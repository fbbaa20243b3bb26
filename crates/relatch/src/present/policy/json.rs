//! Policies, for programs.

use eligibility::policy::{Conjunction, Policy, PolicyDocument};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::builtin::DEFAULT;
use crate::present::json::pretty;

#[derive(Serialize)]
struct ListObject<'a> {
    schema: u32,
    policies: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    documented: String,
    source: &'a str,
    rules: usize,
    default: bool,
}

pub(crate) fn list(documents: &[PolicyDocument]) -> String {
    let policies = documents.iter().map(entry).collect();
    pretty(&ListObject { schema: 1, policies })
}

fn entry(document: &PolicyDocument) -> Entry<'_> {
    Entry {
        id: &document.id,
        title: &document.title,
        documented: document.documented.to_string(),
        source: &document.source,
        rules: document.rules.len(),
        default: document.id == DEFAULT,
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ShowObject<'a> {
    schema: u32,
    id: &'a str,
    title: &'a str,
    documented: String,
    source: &'a str,
    reading: &'static str,
    hit_policy: &'static str,
    prerequisites: Vec<PrerequisiteObject<'a>>,
    rules: Vec<RuleObject<'a>>,
}

#[derive(Serialize)]
struct PrerequisiteObject<'a> {
    id: &'a str,
    holds: Conditions,
    source: &'a str,
}

#[derive(Serialize)]
struct RuleObject<'a> {
    id: &'a str,
    when: Conditions,
    then: &'static str,
    scope: &'static str,
    mechanism: Option<&'static str>,
    needs: Conditions,
    source: &'a str,
}

/// By fact, the values that satisfy it in words.
type Conditions = BTreeMap<&'static str, String>;

pub(crate) fn show(document: &PolicyDocument, policy: &Policy) -> String {
    let prerequisites = policy.prerequisites.iter().map(|one| PrerequisiteObject {
        id: &one.id,
        holds: conditions(&one.holds),
        source: &one.source,
    });
    let rules = policy.rules.iter().map(|rule| RuleObject {
        id: &rule.id,
        when: conditions(&rule.when),
        then: rule.then.as_str(),
        scope: rule.scope.as_str(),
        mechanism: rule.mechanism.map(eligibility::policy::Mechanism::as_str),
        needs: conditions(&rule.needs),
        source: &rule.source,
    });
    pretty(&ShowObject {
        schema: 1,
        id: &document.id,
        title: &document.title,
        documented: document.documented.to_string(),
        source: &document.source,
        reading: policy.reading.as_str(),
        hit_policy: policy.hit_policy.as_str(),
        prerequisites: prerequisites.collect(),
        rules: rules.collect(),
    })
}

fn conditions(conjunction: &Conjunction) -> Conditions {
    let conditions = conjunction.conditions().iter();
    conditions.map(|condition| (condition.fact.as_str(), condition.values())).collect()
}

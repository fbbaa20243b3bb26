//! Policies, for programs.

use eligibility::builtin;
use eligibility::facts::FactName;
use eligibility::policy::{
    Conjunction, Effect, HitPolicy, Mechanism, Policy, PolicyDocument, Reading, Scope,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, Version, Word, pretty};

/// The built-in policies: `relatch policy list --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PolicyList<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policies, oldest first.
    policies: Vec<Entry<'a>>,
}

/// A built-in policy.
#[derive(Serialize, JsonSchema)]
struct Entry<'a> {
    /// The id, for `--policy`.
    id: &'a str,
    /// The title of the page.
    title: &'a str,
    /// The date of the page.
    documented: String,
    /// The URL of the page.
    source: &'a str,
    /// The number of rules.
    rules: usize,
    /// True for the policy that decides where none is named.
    default: bool,
}

pub(super) fn list(documents: &[PolicyDocument]) -> String {
    let policies = documents.iter().map(entry).collect();
    pretty(&PolicyList { schema: Version, policies })
}

fn entry(document: &PolicyDocument) -> Entry<'_> {
    Entry {
        id: &document.id,
        title: &document.title,
        documented: document.documented.to_string(),
        source: &document.source,
        rules: document.rules.len(),
        default: document.id == builtin::latest().id(),
    }
}

/// The rules of a policy: `relatch policy show --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PolicyShow<'a> {
    /// The version of this shape.
    schema: Version,
    /// The id of the policy.
    id: &'a str,
    /// The title of the page.
    title: &'a str,
    /// The date of the page.
    documented: String,
    /// The URL of the page.
    source: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    /// The meaning of several matching rules.
    hit_policy: Word<HitPolicy>,
    /// The policy that is extended.
    extends: Option<&'a str>,
    /// The conditions of the whole policy.
    prerequisites: Vec<Prerequisite<'a>>,
    /// The rules, in the order of the page.
    rules: Vec<Rule<'a>>,
}

/// A condition of the whole policy.
#[derive(Serialize, JsonSchema)]
struct Prerequisite<'a> {
    /// The name of the prerequisite.
    id: &'a str,
    /// The values that satisfy it, by fact.
    holds: Conditions,
    /// The place on the page.
    source: &'a str,
}

/// A rule.
#[derive(Serialize, JsonSchema)]
struct Rule<'a> {
    /// The name of the rule.
    id: &'a str,
    /// The devices that it covers: the values by fact.
    when: Conditions,
    /// The effect.
    then: Word<Effect>,
    /// Whose passcode it is about.
    scope: Word<Scope>,
    /// The vendor operation, where the page names one.
    mechanism: Option<Word<Mechanism>>,
    /// The conditions of success: the values by fact.
    needs: Conditions,
    /// The place on the page.
    source: &'a str,
    /// Of the rules of a scope that match, only those of the lowest rank decide.
    rank: u16,
}

/// The values that satisfy a condition in words, by fact.
pub(super) type Conditions = ByWord<FactName, String>;

pub(super) fn show(document: &PolicyDocument, policy: &Policy) -> String {
    let prerequisites = policy.prerequisites.iter().map(|one| Prerequisite {
        id: &one.id,
        holds: conditions(&one.holds),
        source: &one.source,
    });
    let rules = policy.rules.iter().map(|rule| Rule {
        id: &rule.id,
        when: conditions(&rule.when),
        then: Word(rule.then),
        scope: Word(rule.scope),
        mechanism: rule.mechanism.map(Word),
        needs: conditions(&rule.needs),
        source: &rule.source,
        rank: rule.rank,
    });
    pretty(&PolicyShow {
        schema: Version,
        id: &document.id,
        title: &document.title,
        documented: document.documented.to_string(),
        source: &document.source,
        reading: Word(policy.reading),
        hit_policy: Word(document.hit_policy),
        extends: document.base.as_ref().map(|base| base.id.as_str()),
        prerequisites: prerequisites.collect(),
        rules: rules.collect(),
    })
}

pub(super) fn conditions(conjunction: &Conjunction) -> Conditions {
    let conditions = conjunction.conditions().iter();
    conditions.map(|condition| (condition.fact, condition.values())).collect()
}

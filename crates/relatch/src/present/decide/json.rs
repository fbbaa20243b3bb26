//! The answer for one device, for programs.

use eligibility::decide::{Explanation, Tested, VerdictWord};
use eligibility::facts::FactName;
use eligibility::policy::{Clause, Policy, Reading, Scope, Truth};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{KnownFacts, Version, Word, pretty};
use crate::present::outcome::OutcomeObject;
use crate::report::caution::Caution;
use crate::report::decided::Decided;

/// The answer for one device: `relatch decide --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Decide<'a> {
    /// The version of this shape.
    schema: Version,
    /// The policy that decided.
    policy: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    /// The device.
    facts: KnownFacts,
    #[serde(flatten)]
    headline: OutcomeObject<'a>,
    /// The reasons why no device has these facts together.
    exclusions: Vec<Excluded>,
    /// The outcome for each scope.
    scopes: Scopes<'a>,
    /// The known disagreements with the policy about this device.
    cautions: &'a [Caution],
    /// Notes on the action.
    notes: &'a [Caution],
    /// The decisions of all pages, oldest first.
    pages: Vec<Page>,
    /// Every clause of the policy; only with `--explain`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clauses: Vec<ExplainedClause<'a>>,
}

/// Facts that exclude each other.
#[derive(Serialize, JsonSchema)]
struct Excluded {
    /// The reason.
    because: String,
    /// The page or the file that states it.
    source: &'static str,
}

/// Consecutive pages with the same decision.
#[derive(Serialize, JsonSchema)]
struct Page {
    /// The date of the first page.
    from: String,
    /// The date of the last page; null if the newest page is one of them.
    to: Option<String>,
    /// The decision.
    decision: Word<VerdictWord>,
}

/// The outcome for each scope.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Scopes<'a> {
    /// The passcode of the device.
    device: OutcomeObject<'a>,
    /// The passcode of the work profile.
    work_profile: OutcomeObject<'a>,
}

/// A clause of the policy, tested on the device.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct ExplainedClause<'a> {
    /// The name of the clause.
    id: &'a str,
    /// The part of the policy that it belongs to.
    clause: ClauseType,
    /// The scope of a rule.
    scope: Option<Word<Scope>>,
    /// The result for the whole clause.
    matches: TestResult,
    /// The earlier rule that decides instead, where the first matching rule does.
    preceded_by: Option<&'a str>,
    /// The conditions of the clause.
    conditions: Vec<TestedCondition>,
    /// The conditions that must hold for the action to succeed.
    needs: Vec<TestedCondition>,
}

/// A part of a policy.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ClauseType {
    Rule,
    Prerequisite,
}

/// A condition, tested on the device.
#[derive(Serialize, JsonSchema)]
struct TestedCondition {
    /// The fact.
    fact: Word<FactName>,
    /// The values that satisfy the condition.
    values: String,
    /// The result.
    truth: TestResult,
}

/// The result of a test on a partly known device.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum TestResult {
    Holds,
    Fails,
    Unknown,
    Presumed,
}

impl From<Truth> for TestResult {
    fn from(truth: Truth) -> Self {
        match truth {
            Truth::Holds => Self::Holds,
            Truth::Fails => Self::Fails,
            Truth::Unknown => Self::Unknown,
        }
    }
}

impl From<&Tested> for TestedCondition {
    fn from(tested: &Tested) -> Self {
        Self {
            fact: Word(tested.condition.fact),
            values: tested.condition.values(),
            truth: if tested.presumed { TestResult::Presumed } else { tested.truth.into() },
        }
    }
}

fn clause<'a>(policy: &'a Policy, explanation: &Explanation) -> ExplainedClause<'a> {
    let rule = |index: u16| &policy.rules[usize::from(index)];
    let (clause, scope) = match explanation.clause {
        Clause::Rule(index) => (ClauseType::Rule, Some(Word(rule(index).scope))),
        Clause::Prerequisite(_) => (ClauseType::Prerequisite, None),
    };
    ExplainedClause {
        id: policy.clause_id(explanation.clause),
        clause,
        scope,
        matches: explanation.truth.into(),
        preceded_by: explanation.preceded_by.map(|index| rule(index).id.as_str()),
        conditions: explanation.conditions.iter().map(TestedCondition::from).collect(),
        needs: explanation.needs.iter().map(TestedCondition::from).collect(),
    }
}

pub(super) fn render(report: &Decided) -> String {
    let Decided { policy, facts, decision, .. } = report;
    let pages = report.pages.iter().map(|period| Page {
        from: period.from.to_string(),
        to: period.to.map(|to| to.to_string()),
        decision: Word(period.answer),
    });
    pretty(&Decide {
        schema: Version,
        policy: &policy.id,
        reading: Word(policy.reading),
        facts: KnownFacts::of(facts),
        headline: OutcomeObject::new(policy, decision.headline()),
        exclusions: report
            .exclusions
            .iter()
            .map(|one| Excluded { because: one.to_string(), source: one.source() })
            .collect(),
        scopes: Scopes {
            device: OutcomeObject::new(policy, decision.scope(Scope::Device)),
            work_profile: OutcomeObject::new(policy, decision.scope(Scope::WorkProfile)),
        },
        cautions: &report.cautions.cautions,
        notes: &report.cautions.notes,
        pages: pages.collect(),
        clauses: report.explanations.iter().map(|one| clause(policy, one)).collect(),
    })
}

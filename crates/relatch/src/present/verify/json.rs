//! Policies held against simulated devices, for programs.

use conformance::{Disagreement, DisagreementCode, Unsaid};
use device_sim::service::ActionState;
use eligibility::facts::FactName;
use eligibility::policy::{Mechanism, Reading, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, KnownFacts, Version, Word, pretty};
use crate::present::wording::{self, conditions};
use crate::report::verification::{Shown, Verified, VerifiedPolicy};

/// Policies held against simulated devices: `relatch policy verify --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PolicyVerify<'a> {
    /// The version of this shape.
    schema: Version,
    /// The reading of the policies.
    reading: Word<Reading>,
    /// The number of trials on simulated devices.
    trials: usize,
    /// The policies.
    policies: Vec<VerifiedPolicyObject<'a>>,
    /// The disagreements between policies and simulated devices.
    findings: Vec<Finding<'a>>,
    /// The devices that are not simulated, and so not checked.
    not_simulated: Vec<NotSimulated>,
}

/// A policy held against simulated devices.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerifiedPolicy")]
struct VerifiedPolicyObject<'a> {
    /// The id of the policy.
    id: &'a str,
    /// The URL of the page.
    source: &'a str,
    /// The number of disagreements.
    disagreements: usize,
    /// The number of disagreements that the policy accepts; they are not among the findings.
    accepted: usize,
    /// The number of acceptances that fit no disagreement any more.
    stale_acceptances: usize,
    /// The number of disagreements with an explanation on record.
    explained: usize,
    /// The devices that no rule covers.
    gaps: Vec<Undecided>,
    /// The devices for which rules contradict each other.
    conflicts: Vec<Undecided>,
    /// The rules that match no simulated device, so that nothing of them was checked.
    unchecked_rules: Vec<&'a str>,
}

/// Devices that a policy does not decide.
#[derive(Serialize, JsonSchema)]
struct Undecided {
    /// The devices, as a condition.
    region: String,
    /// The same condition by fact.
    devices: ByWord<FactName, String>,
    /// One of the devices.
    witness: KnownFacts,
    /// The result on a simulated device; null if the action is not carried out.
    result: Option<TrialResult>,
}

/// A disagreement between a policy and simulated devices.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Finding<'a> {
    /// The id of the policy.
    policy: &'a str,
    /// The code of the disagreement.
    #[schemars(extend("enum" = DisagreementCode::WORDS))]
    code: &'static str,
    /// The claim of the policy in words.
    message: String,
    /// The scope.
    scope: Word<Scope>,
    /// The clauses behind the claim.
    clauses: Vec<SourcedClause<'a>>,
    /// The devices, by fact.
    devices: ByWord<FactName, String>,
    /// The same devices, as a condition.
    region: String,
    /// One of the devices.
    witness: KnownFacts,
    /// The result on a simulated device.
    result: TrialResult,
    /// The explanation on record.
    explanation: Option<RecordedExplanation<'a>>,
    /// The public sources of the model's behaviour.
    sources: Vec<&'static str>,
    /// The scenario file that was written.
    scenario: Option<String>,
}

/// A clause of a policy.
#[derive(Serialize, JsonSchema)]
struct SourcedClause<'a> {
    /// The name of the clause.
    id: &'a str,
    /// The place on the page.
    source: &'a str,
}

/// The result of pressing the button on a simulated device.
#[derive(Serialize, JsonSchema)]
struct TrialResult {
    /// The last state of the action.
    #[schemars(extend("enum" = ActionState::WORDS))]
    state: &'static str,
    /// Whose passcode it was.
    scope: Word<Scope>,
    /// The vendor operation.
    mechanism: Option<Word<Mechanism>>,
}

/// An explanation on record.
#[derive(Serialize, JsonSchema)]
struct RecordedExplanation<'a> {
    /// The name of the explanation.
    id: &'a str,
    /// The reason for the disagreement.
    because: &'a str,
    /// A rule that would agree with the devices.
    instead: Option<&'a str>,
    /// The public sources of the reason.
    sources: &'a [String],
}

/// Devices that are not simulated.
#[derive(Serialize, JsonSchema)]
struct NotSimulated {
    /// The reason.
    because: String,
    /// The devices, as a condition.
    region: String,
    /// The same condition by fact.
    devices: ByWord<FactName, String>,
}

pub(super) fn render(verified: &Verified) -> String {
    let each = verified.policies.iter();
    let findings = each
        .clone()
        .flat_map(|one| one.disagreements.iter().map(move |shown| finding(verified, one, shown)));
    let not_simulated = verified.unseen.iter().map(|unseen| NotSimulated {
        because: unseen.because.to_string(),
        region: unseen.region.to_string(),
        devices: conditions(&unseen.region).collect(),
    });
    pretty(&PolicyVerify {
        schema: Version,
        reading: Word(verified.reading),
        trials: verified.trials,
        policies: each.map(policy).collect(),
        findings: findings.collect(),
        not_simulated: not_simulated.collect(),
    })
}

fn policy(one: &VerifiedPolicy) -> VerifiedPolicyObject<'_> {
    let explained = |shown: &&Shown| shown.disagreement.explanation.is_some();
    let undecided = |contradictory: bool| {
        let these =
            one.unsaid.iter().filter(move |one| one.contradiction.is_some() == contradictory);
        these.map(undecided).collect()
    };
    VerifiedPolicyObject {
        id: &one.document.id,
        source: &one.document.source,
        disagreements: one.disagreements.len(),
        accepted: one.accepted,
        stale_acceptances: one.stale.len(),
        explained: one.disagreements.iter().filter(explained).count(),
        gaps: undecided(false),
        conflicts: undecided(true),
        unchecked_rules: one.untried.iter().map(|clause| one.clause(*clause).0).collect(),
    }
}

fn finding<'a>(verified: &'a Verified, one: &'a VerifiedPolicy, shown: &'a Shown) -> Finding<'a> {
    let Disagreement { code, scope, clauses, result: trial, explanation, region } =
        &shown.disagreement;
    let clauses = clauses.iter().map(|clause| {
        let (id, source) = one.clause(*clause);
        SourcedClause { id, source }
    });
    let explanation = explanation.map(|place| verified.record.get(place));
    Finding {
        policy: &one.document.id,
        code: code.as_str(),
        message: wording::claim(&one.policy, &shown.disagreement),
        scope: Word(*scope),
        clauses: clauses.collect(),
        devices: conditions(region).collect(),
        region: region.to_string(),
        witness: KnownFacts::of(region.witness()),
        result: result(*trial),
        explanation: explanation.map(|one| RecordedExplanation {
            id: &one.id,
            because: &one.because,
            instead: one.instead.as_deref(),
            sources: &one.sources,
        }),
        sources: conformance::sources_of(region.witness(), *trial),
        scenario: shown.scenario.as_ref().map(|path| path.display().to_string()),
    }
}

fn result(result: conformance::TrialResult) -> TrialResult {
    TrialResult {
        state: result.state.as_str(),
        scope: Word(result.scope),
        mechanism: result.mechanism.map(Word),
    }
}

fn undecided(unsaid: &Unsaid) -> Undecided {
    Undecided {
        region: unsaid.region.to_string(),
        devices: conditions(&unsaid.region).collect(),
        witness: KnownFacts::of(unsaid.region.witness()),
        result: unsaid.done.map(result),
    }
}

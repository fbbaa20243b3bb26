//! Policies held against simulated devices, for programs.

use conformance::{Deed, Disagreement, Unsaid};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::present::json::{facts_object, pretty};
use crate::present::wording;
use crate::report::verification::{Shown, Verified, VerifiedPolicy};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct VerifyObject<'a> {
    schema: u32,
    reading: &'static str,
    trials: usize,
    policies: Vec<PolicyObject<'a>>,
    findings: Vec<FindingObject<'a>>,
    not_simulated: Vec<UnseenObject>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct PolicyObject<'a> {
    id: &'a str,
    source: &'a str,
    disagreements: usize,
    explained: usize,
    silent: Vec<UnsaidObject>,
    contradictory: Vec<UnsaidObject>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct FindingObject<'a> {
    policy: &'a str,
    code: &'static str,
    message: String,
    scope: &'static str,
    clauses: Vec<ClauseObject<'a>>,
    devices: Map<String, Value>,
    region: String,
    witness: Map<String, Value>,
    deed: DeedObject,
    explanation: Option<ExplanationObject<'a>>,
    sources: Vec<&'static str>,
    scenario: Option<String>,
}

#[derive(Serialize)]
struct ClauseObject<'a> {
    id: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct DeedObject {
    state: &'static str,
    scope: &'static str,
    mechanism: Option<&'static str>,
}

#[derive(Serialize)]
struct ExplanationObject<'a> {
    id: &'a str,
    because: &'a str,
    instead: Option<&'a str>,
    sources: &'a [String],
}

#[derive(Serialize)]
struct UnsaidObject {
    region: String,
    devices: Map<String, Value>,
    witness: Map<String, Value>,
    done: Option<DeedObject>,
}

#[derive(Serialize)]
struct UnseenObject {
    because: String,
    region: String,
    devices: Map<String, Value>,
}

pub(super) fn render(verified: &Verified) -> String {
    let each = verified.policies.iter();
    let findings = each
        .clone()
        .flat_map(|one| one.disagreements.iter().map(move |shown| finding(verified, one, shown)));
    let unseen = verified.unseen.iter().map(|unseen| UnseenObject {
        because: unseen.because.to_string(),
        region: unseen.region.to_string(),
        devices: wording::conditions(&unseen.region),
    });
    pretty(&VerifyObject {
        schema: 1,
        reading: verified.reading.as_str(),
        trials: verified.trials,
        policies: each.map(policy).collect(),
        findings: findings.collect(),
        not_simulated: unseen.collect(),
    })
}

fn policy(one: &VerifiedPolicy) -> PolicyObject<'_> {
    let explained = |shown: &&Shown| shown.disagreement.explanation.is_some();
    let unsaid = |contradictory: bool| {
        let these =
            one.unsaid.iter().filter(move |one| one.contradiction.is_some() == contradictory);
        these.map(unsaid).collect()
    };
    PolicyObject {
        id: &one.document.id,
        source: &one.document.source,
        disagreements: one.disagreements.len(),
        explained: one.disagreements.iter().filter(explained).count(),
        silent: unsaid(false),
        contradictory: unsaid(true),
    }
}

fn finding<'a>(
    verified: &'a Verified,
    one: &'a VerifiedPolicy,
    shown: &'a Shown,
) -> FindingObject<'a> {
    let Disagreement { kind, scope, clauses, deed, explanation, region } = &shown.disagreement;
    let clauses = clauses.iter().map(|clause| {
        let (id, source) = one.clause(*clause);
        ClauseObject { id, source }
    });
    let explanation = explanation.map(|place| verified.record.get(place));
    FindingObject {
        policy: &one.document.id,
        code: kind.code(),
        message: wording::claim(&one.policy, &shown.disagreement),
        scope: scope.as_str(),
        clauses: clauses.collect(),
        devices: wording::conditions(region),
        region: region.to_string(),
        witness: facts_object(region.witness()),
        deed: deed_object(*deed),
        explanation: explanation.map(|one| ExplanationObject {
            id: &one.id,
            because: &one.because,
            instead: one.instead.as_deref(),
            sources: &one.sources,
        }),
        sources: conformance::sources_of(region.witness(), *deed),
        scenario: shown.scenario.as_ref().map(|path| path.display().to_string()),
    }
}

fn deed_object(deed: Deed) -> DeedObject {
    DeedObject {
        state: deed.state.word(),
        scope: deed.scope.as_str(),
        mechanism: deed.mechanism.map(eligibility::policy::Mechanism::as_str),
    }
}

fn unsaid(unsaid: &Unsaid) -> UnsaidObject {
    UnsaidObject {
        region: unsaid.region.to_string(),
        devices: wording::conditions(&unsaid.region),
        witness: facts_object(unsaid.region.witness()),
        done: unsaid.done.map(deed_object),
    }
}

//! Findings about a policy that its owner accepts.

use conformance::{Disagreement, DisagreementCode};
use eligibility::analysis::{Region, check_accepting};
use eligibility::builtin;
use eligibility::diagnostic::Diagnostic;
use eligibility::policy::{
    Accepted, FindingCode, Policy, PolicyDocument, Reading, Test, VersionRange,
};

/// Returns the gaps and conflicts of a policy, as what a policy that extends it need not answer
/// for.
pub(super) fn inherited(base: &PolicyDocument, reading: Reading) -> Vec<Accepted> {
    let policy = base.read(reading);
    let Ok(found) = check_accepting(&policy, &base.accepted, &builtin::releases()) else {
        return Vec::new();
    };
    let of_base = |finding, region: &Region, rules: &[u16]| Accepted {
        finding,
        devices: region.devices().clone(),
        rules: rules.iter().map(|at| policy.rules[usize::from(*at)].id.clone()).collect(),
        because: format!("`{}` leaves it open", base.id),
        span: 0..0,
    };
    let gaps = found.gaps.iter().map(|region| of_base(FindingCode::Gap, region, &[]));
    let conflicts = found.conflicts.iter();
    let conflicts =
        conflicts.map(|(_, rules, region)| of_base(FindingCode::Conflict, region, rules));
    gaps.chain(conflicts).collect()
}

/// Takes out the disagreements that are accepted; returns their number, and the acceptances of the
/// file that fit no disagreement.
pub(super) fn accept(
    document: &PolicyDocument,
    policy: &Policy,
    disagreements: &mut Vec<Disagreement>,
) -> (usize, Vec<Diagnostic>) {
    let mut met = vec![false; document.accepted.len()];
    let before = disagreements.len();
    disagreements.retain(|one| {
        let rules = || one.clauses.iter().map(|clause| policy.clause_id(*clause));
        let mut accepted = false;
        for (acceptance, met) in document.accepted.iter().zip(&mut met) {
            if acceptance.is_about(one.code.as_str(), rules()) && covers(acceptance, &one.region) {
                (accepted, *met) = (true, true);
            }
        }
        !accepted
    });
    let is_ours = |one: &&Accepted| DisagreementCode::WORDS.contains(&one.finding.as_str());
    let own = document.own_accepted().iter().zip(met).filter(|(_, met)| !met);
    let stale = own.map(|(one, _)| one).filter(is_ours).map(stale).collect();
    (before - disagreements.len(), stale)
}

/// Returns the warning about an acceptance that fits nothing any more.
pub(super) fn stale(accepted: &Accepted) -> Diagnostic {
    let message = format!("there is no such finding `{}` any more", accepted.finding);
    Diagnostic::warning("stale-acceptance", message, accepted.span.clone())
        .label("this accepts nothing")
        .hint("remove it, or correct its devices and rules")
}

/// Returns true if an acceptance is about all devices of a region.
pub(super) fn covers(accepted: &Accepted, region: &Region) -> bool {
    accepted.devices.conditions().iter().all(|condition| {
        let of_region = region.devices().on(condition.fact);
        of_region.is_some_and(|one| within(&one.test, &condition.test))
    })
}

/// Returns true if every value that satisfies a test satisfies another.
fn within(inner: &Test, outer: &Test) -> bool {
    match (inner, outer) {
        (Test::Choices(inner), Test::Choices(outer)) => {
            inner.iter().all(|choice| outer.contains(choice))
        }
        (Test::Versions(inner), Test::Versions(outer)) => {
            let inside = |part: &VersionRange| {
                outer.ranges().iter().any(|whole| whole.intersection(*part) == Some(*part))
            };
            inner.ranges().iter().all(inside)
        }
        _ => false,
    }
}

//! The common part of several judged devices.

use std::collections::BTreeMap;

use super::outcome::{Cause, Outcome, Reason, ReasonCode, Verdict};
use crate::facts::{Fact, FactName, FactSet, Facts, Value};

/// Returns one outcome for all devices that agree with the known facts; they differ in `open` only.
pub(super) fn merge<'a>(
    open: FactSet,
    judged: impl Iterator<Item = (&'a Facts, &'a Outcome)>,
) -> Outcome {
    let judged: Vec<_> = judged.collect();
    let Some(verdict) = common_verdict(judged.iter().map(|(_, outcome)| outcome.verdict)) else {
        return undetermined(facts_that_matter(open, &judged));
    };
    let outcomes = || judged.iter().map(|(_, outcome)| *outcome);
    let mut reasons: Vec<_> = outcomes().flat_map(|one| one.reasons.iter().copied()).collect();
    if verdict == Verdict::Conditional {
        reasons.retain(|reason| reason.code == ReasonCode::NeedUnknown);
    }
    reasons.sort_unstable();
    reasons.dedup();
    Outcome {
        verdict,
        action: common(outcomes().map(|one| one.action)),
        scope: common(outcomes().map(|one| one.scope)),
        mechanism: common(outcomes().map(|one| one.mechanism)),
        reasons,
        needs: outcomes().fold(FactSet::EMPTY, |all, one| all.union(one.needs)),
        missing: FactSet::EMPTY,
    }
}

fn undetermined(missing: FactSet) -> Outcome {
    let code = ReasonCode::MissingFacts;
    let reasons = missing.iter().map(|fact| Reason { code, clause: None, fact: Some(fact) });
    let verdict = Verdict::Undetermined(Cause::MissingFacts);
    Outcome { missing, ..Outcome::bare(verdict, reasons.collect()) }
}

/// Returns the verdict of all, where eligible and conditional together are conditional.
fn common_verdict(mut verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    let first = verdicts.next()?;
    verdicts.try_fold(first, |common, verdict| {
        if common == verdict {
            Some(common)
        } else if common.allows() && verdict.allows() {
            Some(Verdict::Conditional)
        } else {
            None
        }
    })
}

fn common<T: PartialEq>(mut values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

/// Returns the facts in which two devices differ that get different verdicts, and in nothing else
/// that does not depend on them.
fn facts_that_matter(open: FactSet, judged: &[(&Facts, &Outcome)]) -> FactSet {
    let matters = |fact: FactName| {
        let mut seen: BTreeMap<Vec<Fact<Value>>, Verdict> = BTreeMap::new();
        judged.iter().any(|(device, outcome)| {
            let others = open.iter().filter(|other| !fact.with_dependents().contains(*other));
            let key = others.map(|other| device.get(other)).collect();
            *seen.entry(key).or_insert(outcome.verdict) != outcome.verdict
        })
    };
    open.iter().filter(|fact| matters(*fact)).collect()
}

//! Judging one device whose deciding facts are all known.

use super::outcome::{Cause, Outcome, Reason, ReasonCode, Verdict};
use crate::facts::{FactSet, Facts};
use crate::policy::{Clause, Effect, Policy, Rule, Scope, Truth};

/// Returns the results of `judge` for each scope, in the order of [`Scope::ALL`].
pub(super) fn each_scope<T>(mut judge: impl FnMut(Scope) -> T) -> [T; 2] {
    [judge(Scope::Device), judge(Scope::WorkProfile)]
}

/// Judges `completed` at each scope; what the rules need is looked up in `known`.
pub(super) fn judge(policy: &Policy, completed: &Facts, known: &Facts) -> [Outcome; 2] {
    let broken = broken_prerequisites(policy, completed);
    if broken.is_empty() {
        each_scope(|scope| by_rules(policy, completed, known, scope))
    } else {
        each_scope(|_| Outcome::bare(Verdict::Ineligible, broken.clone()))
    }
}

/// Judges a device that meets the prerequisites at one scope.
fn by_rules(policy: &Policy, completed: &Facts, known: &Facts, scope: Scope) -> Outcome {
    let matching = matching_rules(policy, completed, scope);
    let Some((_, first)) = matching.first() else {
        let reason = Reason { code: ReasonCode::NoRuleMatches, clause: None, fact: None };
        return Outcome::bare(Verdict::Undetermined(Cause::NoRuleMatches), vec![reason]);
    };
    if matching.iter().any(|(_, rule)| !rule.same_effect(first)) {
        let reasons = because(ReasonCode::Conflict, &matching, FactSet::EMPTY);
        return Outcome::bare(Verdict::Undetermined(Cause::Conflict), reasons);
    }
    if first.then == Effect::Unsupported {
        let reasons = because(ReasonCode::Unsupported, &matching, FactSet::EMPTY);
        return Outcome::by_rule(Verdict::Ineligible, first, reasons);
    }
    allowed(&matching, first, known)
}

/// Returns a device that a rule allows: the rule's needs have the last word.
fn allowed(matching: &[(u16, &Rule)], rule: &Rule, known: &Facts) -> Outcome {
    let (verdict, code, needs) = match rule.needs.truth(known) {
        Truth::Holds => (Verdict::Eligible, ReasonCode::Supported, FactSet::EMPTY),
        Truth::Unknown => (
            Verdict::Conditional,
            ReasonCode::NeedUnknown,
            rule.needs.facts_where(known, Truth::Unknown),
        ),
        Truth::Fails => (
            Verdict::Ineligible,
            ReasonCode::NeedBroken,
            rule.needs.facts_where(known, Truth::Fails),
        ),
    };
    let outcome = Outcome::by_rule(verdict, rule, because(code, matching, needs));
    Outcome { needs, ..outcome }
}

fn broken_prerequisites(policy: &Policy, completed: &Facts) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (index, prerequisite) in (0..).zip(&policy.prerequisites) {
        for fact in prerequisite.holds.facts_where(completed, Truth::Fails).iter() {
            reasons.push(Reason {
                code: ReasonCode::PrerequisiteBroken,
                clause: Some(Clause::Prerequisite(index)),
                fact: Some(fact),
            });
        }
    }
    reasons
}

fn matching_rules<'p>(policy: &'p Policy, completed: &Facts, scope: Scope) -> Vec<(u16, &'p Rule)> {
    let matches = |rule: &Rule| rule.scope == scope && rule.when.truth(completed) == Truth::Holds;
    let mut matching: Vec<_> = (0..).zip(&policy.rules).filter(|(_, rule)| matches(rule)).collect();
    let lowest = matching.first().map(|(_, rule)| rule.rank);
    matching.retain(|(_, rule)| Some(rule.rank) == lowest);
    matching
}

/// Returns one reason for each rule, and for each fact where facts are to blame.
fn because(code: ReasonCode, matching: &[(u16, &Rule)], facts: FactSet) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (index, _) in matching {
        let reason = Reason { code, clause: Some(Clause::Rule(*index)), fact: None };
        if facts.is_empty() {
            reasons.push(reason);
        }
        reasons.extend(facts.iter().map(|fact| Reason { fact: Some(fact), ..reason }));
    }
    reasons
}

/// Returns the outcome of the scope that decides first. Of two refusals that is the one that says what
/// is missing: it can be changed.
pub(super) fn headline(scopes: &[Outcome; 2]) -> &Outcome {
    let rank = |outcome: &Outcome| match outcome.verdict() {
        Verdict::Eligible => 0,
        Verdict::Conditional => 1,
        Verdict::Undetermined(Cause::Conflict | Cause::MissingFacts) => 2,
        Verdict::Ineligible if !outcome.needs.is_empty() => 3,
        Verdict::Ineligible => 4,
        Verdict::Undetermined(Cause::NoRuleMatches) => 5,
    };
    let [device, work_profile] = scopes;
    if rank(work_profile) < rank(device) { work_profile } else { device }
}

//! The names of decisions in sentences.

use conformance::{Disagreement, DisagreementCode, TrialResult};
use eligibility::analysis::Region;
use eligibility::decide::{Cause, Outcome, Reason, ReasonCode, Verdict, VerdictWord};
use eligibility::facts::{Fact, FactName, FactSet, Facts, SEPARATOR, Value};
use eligibility::policy::{Action, Clause, Conjunction, Policy, Scope};
use inventory::{origins, shortened};

use super::table::grouped;
use super::terminal::Style;

/// The number of unknown columns that a report names.
const SHOWN_COLUMNS: usize = 5;

/// Returns the names of the first of some columns, in backticks.
pub(crate) fn some_columns(names: &[String]) -> String {
    let shown = names.iter().take(SHOWN_COLUMNS);
    let shown: Vec<_> = shown.map(|name| format!("`{}`", shortened(name.as_bytes()))).collect();
    let more = if names.len() > SHOWN_COLUMNS { ", …" } else { "" };
    shown.join(", ") + more
}

/// Returns the event, in a few words.
pub(crate) fn what_happens(outcome: &Outcome) -> String {
    let action = match (outcome.action(), outcome.scope()) {
        (Some(Action::RemovePasscode), Some(Scope::Device)) => "the passcode is removed",
        (Some(Action::RemovePasscode), _) => "the passcode of the work profile is removed",
        (Some(Action::ResetPasscode), Some(Scope::Device)) => "the device gets a new passcode",
        (Some(Action::ResetPasscode), Some(Scope::WorkProfile)) => {
            "the work profile gets a new passcode"
        }
        (Some(Action::ResetPasscode), None) => "there is a new passcode",
        (None, _) => match outcome.verdict() {
            Verdict::Eligible | Verdict::Conditional => "it works, in one of several ways",
            Verdict::Ineligible => "the action does not work",
            Verdict::Undetermined(cause) => cause_words(cause),
        },
    };
    match outcome.mechanism() {
        Some(mechanism) => format!("{action} ({mechanism})"),
        None => action.to_owned(),
    }
}

/// Returns the cause of an undetermined verdict, in a few words.
pub(crate) const fn cause_words(cause: Cause) -> &'static str {
    match cause {
        Cause::MissingFacts => "too few facts are known",
        Cause::NoRuleMatches => "no rule covers this device",
        Cause::Conflict => "rules contradict each other",
    }
}

/// Returns a reason as a sentence without a dot.
pub(crate) fn reason(policy: &Policy, reason: &Reason) -> String {
    let clause = reason.clause.map(|clause| policy.clause_id(clause)).unwrap_or_default();
    let need = match (reason.clause, reason.fact) {
        (Some(Clause::Rule(index)), Some(fact)) => {
            need(&policy.rules[usize::from(index)].needs, fact)
        }
        (Some(Clause::Prerequisite(index)), Some(fact)) => {
            need(&policy.prerequisites[usize::from(index)].holds, fact)
        }
        (None, Some(fact)) => fact.to_string(),
        (_, None) => String::new(),
    };
    match reason.code {
        ReasonCode::Supported => format!("rule `{clause}` allows it"),
        ReasonCode::Unsupported => format!("rule `{clause}` refuses it"),
        ReasonCode::NeedUnknown => format!("rule `{clause}` requires {need}, which is unknown"),
        ReasonCode::NeedBroken => format!("rule `{clause}` requires {need}, which is false here"),
        ReasonCode::PrerequisiteBroken => format!("prerequisite `{clause}` requires {need}"),
        ReasonCode::MissingFacts => format!("{need} is unknown and would change the decision"),
        ReasonCode::NoRuleMatches => "no rule covers this device".to_owned(),
        ReasonCode::Conflict => format!("rule `{clause}` contradicts another matching rule"),
    }
}

/// Returns a reason for the answer about one device: where a fact that is one of a set decides, the
/// set is named.
pub(crate) fn reason_for(policy: &Policy, facts: &Facts, one: &Reason) -> String {
    match (one.code, one.fact) {
        (ReasonCode::MissingFacts, Some(fact)) if facts.get(fact) != Fact::Unknown => {
            let set = fact.fact_text(facts.get(fact)).unwrap_or_default();
            let set = set.replace(SEPARATOR, ", ");
            format!("{fact} is unknown: one of {set}; which of them would change the decision")
        }
        _ => reason(policy, one),
    }
}

/// Returns the requests and reports that would make facts known, a line each.
pub(crate) fn origins_of(facts: FactSet) -> Vec<String> {
    let lines = facts.iter().flat_map(|fact| {
        origins(fact).iter().map(move |one| format!("{fact}: {} ({})", one.request, one.source))
    });
    lines.collect()
}

fn need(conditions: &Conjunction, fact: FactName) -> String {
    conditions.on(fact).map_or_else(|| fact.to_string(), ToString::to_string)
}

/// Returns the style in which a verdict is printed where styles are understood.
pub(crate) const fn style(verdict: VerdictWord) -> Style {
    match verdict {
        VerdictWord::Eligible => Style::Green,
        VerdictWord::Conditional => Style::Yellow,
        VerdictWord::Ineligible => Style::Red,
        VerdictWord::Undetermined => Style::Magenta,
    }
}

/// Returns the known facts as `platform ios, os-version 11.2`, sets as `management a or b`.
pub(crate) fn facts(facts: &Facts) -> String {
    let known = FactName::ALL.iter().filter_map(|fact| {
        let text = fact.fact_text(facts.get(*fact))?;
        Some(format!("{fact} {}", text.replace(SEPARATOR, " or ")))
    });
    let known: Vec<_> = known.collect();
    if known.is_empty() { "nothing".to_owned() } else { known.join(", ") }
}

/// Returns the device that represents a region, by its values alone: `android, dedicated, 8.0`.
/// Facts that the region does not name are left out, platform and management mode excepted.
pub(crate) fn witness(region: &Region) -> String {
    let always = [FactName::Platform, FactName::Management];
    let telling =
        |fact: &&FactName| always.contains(fact) || region.devices().facts().contains(**fact);
    let values = FactName::ALL.iter().filter(telling).filter_map(|fact| {
        let text = fact.text(region.witness().get(*fact).known()?);
        let speaks = always.contains(fact) || *fact == FactName::OsVersion;
        Some(if speaks { text } else { format!("{fact} {text}") })
    });
    values.collect::<Vec<_>>().join(", ")
}

/// Returns the values that the devices of a region have in common, by fact.
pub(crate) fn conditions(region: &Region) -> impl Iterator<Item = (FactName, String)> {
    let conditions = region.devices().conditions().iter();
    conditions.map(|condition| (condition.fact, condition.values()))
}

/// Returns what a policy says of devices that do something else, as a sentence without a dot.
pub(crate) fn claim(policy: &Policy, disagreement: &Disagreement) -> String {
    let Disagreement { code, scope, clauses, .. } = disagreement;
    let names: Vec<_> =
        clauses.iter().map(|clause| format!("`{}`", policy.clause_id(*clause))).collect();
    let names = names.join(" and ");
    let rule = clauses.iter().find_map(|clause| match clause {
        Clause::Rule(index) => Some(&policy.rules[usize::from(*index)]),
        Clause::Prerequisite(_) => None,
    });
    let promise = rule.map_or_else(String::new, |rule| match rule.mechanism {
        Some(mechanism) => format!("{} at scope {scope} by {mechanism}", rule.then),
        None => format!("{} at scope {scope}", rule.then),
    });
    let needs = rule.map(|rule| rule.needs.to_string()).unwrap_or_default();
    match code {
        DisagreementCode::NotKept if needs.is_empty() => format!("{names} promises {promise}"),
        DisagreementCode::NotKept => format!("{names} promises {promise} where {needs}, as here"),
        DisagreementCode::NeedNeverHolds => {
            format!("{names} promises {promise} if {needs}, which such a device cannot have")
        }
        DisagreementCode::KeptOtherwise => format!("{names} promises {promise}"),
        DisagreementCode::RefusedButDone => format!("{names} refuses it at scope {scope}"),
        DisagreementCode::NotNeeded => {
            format!("{names} requires {needs}, and the action works without it")
        }
    }
}

/// Returns the scope and the operation of an action that was carried out.
pub(crate) fn how(result: TrialResult) -> String {
    match result.mechanism {
        Some(mechanism) => format!("{}, {mechanism}", result.scope),
        None => result.scope.to_string(),
    }
}

/// Returns a number with its noun.
pub(crate) fn number(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// Returns the values of the facts by which devices are grouped.
pub(crate) fn group(by: &[FactName], values: &[Fact<Value>]) -> Vec<String> {
    let words = by
        .iter()
        .zip(values)
        .map(|(fact, value)| fact.fact_text(*value).unwrap_or_else(|| "(unknown)".to_owned()))
        .map(|text| text.replace(SEPARATOR, " or "));
    words.collect()
}

/// Returns the values of the facts by which devices are grouped, each with its fact.
pub(crate) fn group_by(
    by: &[FactName],
    values: &[Fact<Value>],
) -> impl Iterator<Item = (FactName, Option<String>)> {
    by.iter().zip(values).map(|(fact, value)| (*fact, fact.fact_text(*value)))
}

/// Returns a time after the press in one unit where that is exact: `1 hour`, `7 days`.
pub(crate) fn since_press(time: chrono::TimeDelta) -> String {
    let (number, unit) = match time.num_hours() {
        hours if hours % 24 == 0 => (hours / 24, "day"),
        hours => (hours, "hour"),
    };
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{ending}")
}

/// Returns a number with its noun, which has a regular plural.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// Returns one device, or several.
pub(crate) fn devices(number: u64) -> String {
    plural(number, "device")
}

/// Returns `1 row repeats a device`, or several.
pub(crate) fn repeats(rows: u64) -> String {
    let verb = if rows == 1 { "row repeats" } else { "rows repeat" };
    format!("{} {verb} a device", grouped(rows))
}

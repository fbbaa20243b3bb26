//! The answer for one device, for people.

use std::fmt::Write;

use eligibility::decide::{Decision, Outcome};
use eligibility::facts::Facts;
use eligibility::policy::{Policy, Scope};

use crate::present::wording;

pub(super) fn render(policy: &Policy, facts: &Facts, decision: &Decision) -> String {
    let mut text = String::new();
    let headline = decision.headline();
    let word = headline.verdict().word();
    let style = wording::style(word);
    let happens = wording::what_happens(headline);
    let _ = writeln!(text, "{style}{word}{style:#}: {happens}");
    let reasons = headline.reasons().iter().map(|reason| wording::reason(policy, reason));
    for reason in reasons.filter(|reason| *reason != happens) {
        let _ = writeln!(text, "  {reason}");
    }
    let _ = writeln!(text, "\nby scope");
    for (name, scope) in [("device", Scope::Device), ("work profile", Scope::WorkProfile)] {
        let _ = writeln!(text, "  {name:<13} {}", in_a_line(policy, decision.scope(scope)));
    }
    let _ = writeln!(text, "\nknown: {}", wording::facts(facts));
    let _ = writeln!(text, "policy: {}, {} reading", policy.id, policy.reading);
    if let Some(rule) = headline.rule() {
        let rule = &policy.rules[usize::from(rule)];
        let _ = writeln!(text, "source of rule `{}`: {}", rule.id, rule.source);
    }
    text
}

fn in_a_line(policy: &Policy, outcome: &Outcome) -> String {
    let reasons: Vec<_> =
        outcome.reasons().iter().map(|reason| wording::reason(policy, reason)).collect();
    format!("{}: {}", outcome.verdict().word(), reasons.join("; "))
}

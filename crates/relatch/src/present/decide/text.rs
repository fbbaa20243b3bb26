//! The answer for one device, for people.

use std::fmt::Write;

use eligibility::decide::Outcome;
use eligibility::facts::Facts;
use eligibility::policy::{Policy, Scope};

use crate::present::paragraph::{filled, labelled};
use crate::present::{caution, wording};
use crate::report::decided::Decided;

pub(super) fn render(report: &Decided) -> String {
    let Decided { policy, facts, decision, .. } = report;
    let mut text = String::new();
    let headline = decision.headline();
    let word = headline.verdict().word();
    let style = wording::style(word);
    let happens = wording::what_happens(headline);
    let contradicted = report.cautions.contradicted + report.cautions.contradicted_conditional;
    let but = if contradicted > 0 { " by the page, but see the caution" } else { "" };
    let sentence = filled(&format!("{word}{but}: {happens}"));
    // The styles of a terminal have no width.
    let rest = sentence.strip_prefix(word.as_str()).unwrap_or(&sentence);
    let _ = write!(text, "{style}{word}{style:#}{rest}");
    let reasons = headline.reasons().iter();
    let reasons = reasons.map(|reason| wording::reason_for(policy, facts, reason));
    for reason in reasons.filter(|reason| *reason != happens) {
        text.push_str(&labelled(2, "", &reason));
    }
    for exclusion in &report.exclusions {
        let _ = writeln!(text, "\nno device has these facts together: {exclusion}");
        text.push_str(&labelled(2, "source   ", exclusion.source()));
    }
    let _ = writeln!(text, "\nby scope");
    for (name, scope) in [("device", Scope::Device), ("work profile", Scope::WorkProfile)] {
        let line = in_a_line(policy, facts, decision.scope(scope));
        text.push_str(&labelled(2, &format!("{name:<13} "), &line));
    }
    let origins = wording::origins_of(headline.missing());
    if !origins.is_empty() {
        text.push_str("\nto find out what is missing, read\n");
        origins.iter().for_each(|origin| text.push_str(&labelled(2, "", origin)));
    }
    text.push('\n');
    text.push_str(&labelled(0, "known: ", &wording::facts(facts)));
    let _ = writeln!(text, "policy: {}, {} reading", policy.id, policy.reading);
    if let Some(rule) = headline.rule() {
        let rule = &policy.rules[usize::from(rule)];
        text.push_str(&filled(&format!("source of rule `{}`: {}", rule.id, rule.source)));
    }
    caution::of_device(&mut text, &report.cautions);
    let _ = writeln!(text, "\nby page");
    for period in &report.pages {
        let _ = writeln!(text, "  {:<24}  {}", period.dates(), period.answer);
    }
    text
}

fn in_a_line(policy: &Policy, facts: &Facts, outcome: &Outcome) -> String {
    let reasons = outcome.reasons().iter();
    let reasons: Vec<_> =
        reasons.map(|reason| wording::reason_for(policy, facts, reason)).collect();
    format!("{}: {}", outcome.verdict().word(), reasons.join("; "))
}

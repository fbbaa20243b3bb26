//! One clause of a policy, explained.

use std::fmt::Write;

use eligibility::analysis::{Region, RuleProblem};
use eligibility::policy::{Clause, Conjunction, Effect, Mechanism, Reading, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use super::json::{Conditions, conditions};
use crate::json::{KnownFacts, Version, Word, pretty};
use crate::present::terminal::Style;
use crate::present::wording;
use crate::report::rule::ExplainedRule;

/// Returns a rule or a prerequisite, for people.
pub(super) fn text(explained: &ExplainedRule) -> String {
    let ExplainedRule { document, policy, clause, regions, problem, cases } = explained;
    let bold = Style::Bold;
    let id = policy.clause_id(*clause);
    let reading = policy.reading;
    let kind = match clause {
        Clause::Rule(_) => "rule",
        Clause::Prerequisite(_) => "prerequisite",
    };
    let mut text = format!("{bold}{id}{bold:#}, a {kind} of {}, {reading} reading\n", policy.id);
    match clause {
        Clause::Prerequisite(at) => {
            let one = &policy.prerequisites[usize::from(*at)];
            line(&mut text, "requires", &one.holds.to_string());
            line(&mut text, "else", "the action is refused at every scope");
            line(&mut text, "source", &one.source);
        }
        Clause::Rule(at) => {
            let rule = &policy.rules[usize::from(*at)];
            line(&mut text, "devices", &rule.when.to_string());
            line(&mut text, "gives", &gives(rule.then, rule.mechanism, rule.scope));
            if rule.needs != Conjunction::default() {
                line(&mut text, "needs", &rule.needs.to_string());
            }
            line(&mut text, "source", &rule.source);
            let written = &document.rules[usize::from(*at)];
            if written.intended != Conjunction::default() {
                line(&mut text, "intended", &written.intended.to_string());
                line(&mut text, "", &format!("because {}", written.intended_because));
            }
            for origin in wording::origins_of(rule.needs.facts()) {
                line(&mut text, "find out", &origin);
            }
        }
    }
    let parts = regions.iter().flat_map(|regions| {
        [
            ("It decides", &regions.decides),
            ("Other rules contradict it for", &regions.contradicted),
            ("Earlier rules decide instead for", &regions.preceded),
        ]
    });
    for (heading, regions) in parts.filter(|(_, regions)| !regions.is_empty()) {
        let _ = writeln!(text, "\n{heading}");
        for region in regions {
            let witness = wording::witness(region);
            let _ = writeln!(text, "  {region}   (for example {witness})");
        }
    }
    if let Some(problem) = problem {
        let others = problem.others().iter().map(|at| policy.clause_id(Clause::Rule(*at)));
        let others = others.map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let others = if others.is_empty() { others } else { format!(" ({others})") };
        let _ = writeln!(text, "\nProblem [{}]: the rule {problem}{others}", problem.code());
    }
    if cases.is_empty() {
        text.push_str("\nNo case of the policy reaches it.\n");
    } else {
        text.push_str("\nCases that reach it\n");
    }
    for (at, words) in cases {
        let _ = writeln!(text, "  line {at:<4} {words}");
    }
    text
}

fn line(text: &mut String, label: &str, words: &str) {
    let _ = writeln!(text, "  {label:<9} {words}");
}

fn gives(then: Effect, mechanism: Option<Mechanism>, scope: Scope) -> String {
    match mechanism {
        Some(mechanism) => format!("{then} at scope {scope} by {mechanism}"),
        None => format!("{then} at scope {scope}"),
    }
}

/// A rule or a prerequisite, explained: `relatch policy explain --format json`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PolicyExplain<'a> {
    /// The version of this shape.
    schema: Version,
    /// The id of the policy.
    policy: &'a str,
    /// The reading of the policy.
    reading: Word<Reading>,
    /// The id of the rule or of the prerequisite.
    id: &'a str,
    /// True for a prerequisite.
    prerequisite: bool,
    /// The devices that a rule covers, or what a prerequisite requires: the values by fact.
    conditions: Conditions,
    /// The effect of a rule.
    then: Option<Word<Effect>>,
    /// The scope of a rule.
    scope: Option<Word<Scope>>,
    /// The vendor operation of a rule, where it names one.
    mechanism: Option<Word<Mechanism>>,
    /// The conditions of success of a rule: the values by fact.
    needs: Conditions,
    /// The place on the page.
    source: &'a str,
    /// The reason of the intended reading; empty where nothing else was meant.
    intended_because: &'a str,
    /// The devices that the rule decides, alone or with rules that give the same.
    decides: Vec<Devices>,
    /// The devices for which other rules contradict it.
    contradicted: Vec<Devices>,
    /// The devices for which earlier rules decide.
    preceded: Vec<Devices>,
    /// The code of the reason why the rule has no effect, if it has none.
    problem: Option<&'static str>,
    /// The cases that reach it.
    cases: Vec<Case<'a>>,
}

/// Devices that are alike.
#[derive(Serialize, JsonSchema)]
struct Devices {
    /// The devices, as a condition.
    devices: String,
    /// One of the devices.
    witness: KnownFacts,
}

/// A case of the policy.
#[derive(Serialize, JsonSchema)]
struct Case<'a> {
    /// The line in the file, from 1.
    line: usize,
    /// The device and the expected decision, in words.
    words: &'a str,
}

/// Returns a rule or a prerequisite, for programs.
pub(super) fn json(explained: &ExplainedRule) -> String {
    let ExplainedRule { document, policy, clause, regions, problem, cases } = explained;
    let nothing = Conjunction::default();
    let (holds, rule, source, because) = match clause {
        Clause::Prerequisite(at) => {
            let one = &policy.prerequisites[usize::from(*at)];
            (&one.holds, None, &one.source, "")
        }
        Clause::Rule(at) => {
            let rule = &policy.rules[usize::from(*at)];
            let because = &document.rules[usize::from(*at)].intended_because;
            (&rule.when, Some(rule), &rule.source, because.as_str())
        }
    };
    let devices = |regions: Option<&Vec<Region>>| -> Vec<Devices> {
        let regions = regions.into_iter().flatten();
        regions
            .map(|one| Devices { devices: one.to_string(), witness: KnownFacts::of(one.witness()) })
            .collect()
    };
    let regions = regions.as_ref();
    pretty(&PolicyExplain {
        schema: Version,
        policy: &policy.id,
        reading: Word(policy.reading),
        id: policy.clause_id(*clause),
        prerequisite: rule.is_none(),
        conditions: conditions(holds),
        then: rule.map(|rule| Word(rule.then)),
        scope: rule.map(|rule| Word(rule.scope)),
        mechanism: rule.and_then(|rule| rule.mechanism).map(Word),
        needs: conditions(rule.map_or(&nothing, |rule| &rule.needs)),
        source,
        intended_because: because,
        decides: devices(regions.map(|regions| &regions.decides)),
        contradicted: devices(regions.map(|regions| &regions.contradicted)),
        preceded: devices(regions.map(|regions| &regions.preceded)),
        problem: problem.as_ref().map(RuleProblem::code),
        cases: cases.iter().map(|(line, words)| Case { line: *line, words }).collect(),
    })
}

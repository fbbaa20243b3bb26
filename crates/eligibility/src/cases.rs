//! Running the cases of a policy: the tests that its file carries.
//!
//! Cases are data of the policy document; running them needs [`decide`], so it is a layer of its
//! own above it.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::decide::{Cause, Decision, Outcome, Verdict, decide};
use crate::diagnostic::Diagnostic;
use crate::facts::{FactName, Facts};
use crate::policy::{Action, Case, Clause, Expected, Mechanism, PolicyDocument, Reading};

/// A device of a case whose answer differs from the expected one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseFailure {
    /// The position of the case in [`PolicyDocument::cases`].
    pub case: usize,
    /// The place of the case in the text, in bytes.
    pub span: Range<usize>,
    /// The device.
    pub device: Facts,
    /// The differences, never empty.
    pub differences: Vec<Difference>,
}

/// One expectation of a case that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The key of the case.
    pub key: &'static str,
    /// The value in the case.
    pub expected: String,
    /// The value that the policy gives; `none` for nothing.
    pub got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} `{}`, got `{}`", self.key, self.expected, self.got)
    }
}

impl fmt::Display for CaseFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a case fails: ")?;
        for (index, difference) in self.differences.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{difference}")?;
        }
        Ok(())
    }
}

impl CaseFailure {
    /// Returns the failure as a problem of the policy file.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error("case-failed", self.to_string(), self.span.clone())
            .label(format!("for {}", describe(&self.device)))
    }
}

/// Describes the known facts of a device.
fn describe(device: &Facts) -> String {
    let known = |name: &FactName| {
        let text = name.fact_text(device.get(*name))?;
        Some(format!("{name} {text}"))
    };
    let words: Vec<_> = FactName::ALL.iter().filter_map(known).collect();
    if words.is_empty() { "a device with no known facts".to_owned() } else { words.join(", ") }
}

impl From<Expected> for Verdict {
    fn from(expected: Expected) -> Self {
        match expected {
            Expected::Eligible => Self::Eligible,
            Expected::Conditional => Self::Conditional,
            Expected::Ineligible => Self::Ineligible,
            Expected::MissingFacts => Self::Undetermined(Cause::MissingFacts),
            Expected::NoRuleMatches => Self::Undetermined(Cause::NoRuleMatches),
            Expected::Conflict => Self::Undetermined(Cause::Conflict),
        }
    }
}

/// Runs all cases of a policy and returns the failures, one for each device.
///
/// The cases run one by one as the iterator advances, so the first failure is cheap.
///
/// ```
/// use eligibility::cases;
/// use eligibility::policy::PolicyDocument;
///
/// let text = r#"
/// id = "p"
/// title = "iPhones"
/// source = "https://example.com"
/// documented = 2018-03-29
/// [[rule]]
/// id = "ios"
/// when = { platform = "ios" }
/// then = "remove-passcode"
/// source = "first bullet"
/// [[case]]
/// facts = { platform = ["ios", "ipados"] }
/// expect = "eligible"
/// "#;
/// let (document, _) = PolicyDocument::parse(text)?;
/// let failures: Vec<_> = cases::failures(&document).collect();
/// assert_eq!(failures.len(), 1);
/// assert_eq!(
///     failures[0].to_string(),
///     "a case fails: expected verdict `eligible`, got `no-rule-matches`",
/// );
/// # Ok::<(), eligibility::diagnostic::InvalidDocument>(())
/// ```
pub fn failures(document: &PolicyDocument) -> impl Iterator<Item = CaseFailure> {
    answers(document).filter_map(|(index, device, outcome)| {
        let case = &document.cases[index];
        let differences = differences(document, case, &outcome);
        let span = case.span.clone();
        (!differences.is_empty()).then_some(CaseFailure { case: index, span, device, differences })
    })
}

/// Returns the clauses that are behind the answer to no case of this reading, in order.
///
/// A rule that reads the same in both readings is covered by the cases of either.
pub fn uncovered_clauses(document: &PolicyDocument, reading: Reading) -> Vec<Clause> {
    let mut covered: Vec<Clause> = Vec::new();
    for (case, _, outcome) in answers(document) {
        let same_reading = document.cases[case].reading == reading;
        let counts = |clause: &Clause| same_reading || reads_alike(document, *clause);
        covered.extend(clauses(&outcome).filter(counts));
    }
    let prerequisites = (0..).zip(&document.prerequisites).map(|(at, _)| Clause::Prerequisite(at));
    let rules = (0..).zip(&document.rules).map(|(at, _)| Clause::Rule(at));
    rules.chain(prerequisites).filter(|clause| !covered.contains(clause)).collect()
}

fn reads_alike(document: &PolicyDocument, clause: Clause) -> bool {
    match clause {
        Clause::Prerequisite(_) => true,
        Clause::Rule(at) => document.rules[usize::from(at)].intended.conditions().is_empty(),
    }
}

/// Decides every device of every case; gives the position of the case with each.
fn answers(document: &PolicyDocument) -> impl Iterator<Item = (usize, Facts, Outcome)> {
    let policies = [document.read(Reading::Literal), document.read(Reading::Intended)];
    let devices =
        document.cases.iter().enumerate().flat_map(|(index, case)| {
            case.devices.iter().map(move |device| (index, case, *device))
        });
    devices.map(move |(index, case, device)| {
        let decision = decide(&policies[case.reading as usize], &device);
        (index, device, asked(case, &decision).clone())
    })
}

/// Returns the outcome of the scope that the case is about.
fn asked<'d>(case: &Case, decision: &'d Decision) -> &'d Outcome {
    match case.scope {
        None => decision.headline(),
        Some(scope) => decision.scope(scope),
    }
}

fn differences(document: &PolicyDocument, case: &Case, outcome: &Outcome) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differ = |key, expected: String, got: String| {
        differences.push(Difference { key, expected, got });
    };
    if outcome.verdict() != case.expect.into() {
        differ("verdict", case.expect.to_string(), verdict_word(outcome.verdict()).to_owned());
    }
    let mut behind: Vec<_> = clauses(outcome).collect();
    behind.sort_unstable();
    behind.dedup();
    if !case.clauses.is_empty() && behind != case.clauses {
        differ("rule", names(document, &case.clauses), names(document, &behind));
    }
    if let Some(action) = case.action.filter(|action| outcome.action() != Some(*action)) {
        let got = outcome.action().map_or("none", Action::as_str);
        differ("action", action.to_string(), got.to_owned());
    }
    if let Some(mechanism) = case.mechanism.filter(|one| *one != outcome.mechanism()) {
        let word = |one: Option<Mechanism>| one.map_or("none", Mechanism::as_str).to_owned();
        differ("mechanism", word(mechanism), word(outcome.mechanism()));
    }
    differences
}

fn names(document: &PolicyDocument, clauses: &[Clause]) -> String {
    let name = |clause: &Clause| match clause {
        Clause::Rule(at) => document.rules[usize::from(*at)].id.as_str(),
        Clause::Prerequisite(at) => document.prerequisites[usize::from(*at)].id.as_str(),
    };
    let names: Vec<_> = clauses.iter().map(name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn clauses(outcome: &Outcome) -> impl Iterator<Item = Clause> {
    outcome.reasons().iter().filter_map(|reason| reason.clause)
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict.cause() {
        Some(cause) => cause.as_str(),
        None => verdict.word().as_str(),
    }
}

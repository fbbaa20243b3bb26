//! Running the cases of a policy: the tests that its file carries.
//!
//! Cases are data of the policy document; running them needs [`decide`], so it is a layer of its
//! own above it.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::analysis::{TooComplex, cells_reached};
use crate::decide::{Cause, Decision, Outcome, Verdict, decide};
use crate::diagnostic::Diagnostic;
use crate::facts::{FactName, Facts};
use crate::policy::{Action, Case, Clause, Expected, Mechanism, PolicyDocument, Reading, Truth};
use crate::text::write_joined;

/// The result of one device of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// The position of the case in [`PolicyDocument::cases`].
    pub case: usize,
    /// The place of the case in the text, in bytes.
    pub span: Range<usize>,
    /// The device.
    pub device: Facts,
    /// The differences between the expected and the actual decision; none if the case passes.
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

impl fmt::Display for CaseResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.passed() {
            return f.write_str("a case passes");
        }
        f.write_str("a case fails: ")?;
        write_joined(f, &self.differences, ", ")
    }
}

impl CaseResult {
    /// Returns true if the decision is the expected one.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }

    /// Returns the failure as a problem of the policy file.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error("case-failed", self.to_string(), self.span.clone())
            .label(format!("for {}", describe(&self.device)))
    }
}

/// Describes the known facts of a device: `platform ios, os-version 11.2`.
pub fn describe(device: &Facts) -> String {
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

/// Runs all cases of a policy and returns the results, one for each device.
///
/// The cases run one by one as the iterator advances.
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
/// let results: Vec<_> = cases::results(&document).collect();
/// assert!(results[0].passed());
/// assert_eq!(results.len(), 2);
/// assert_eq!(
///     results[1].to_string(),
///     "a case fails: expected verdict `eligible`, got `no-rule-matches`",
/// );
/// # Ok::<(), eligibility::diagnostic::InvalidDocument>(())
/// ```
pub fn results(document: &PolicyDocument) -> impl Iterator<Item = CaseResult> {
    answers(document).map(|(index, device, outcome)| {
        let case = &document.cases[index];
        let differences = differences(document, case, &outcome);
        CaseResult { case: index, span: case.span.clone(), device, differences }
    })
}

/// Runs the cases of a policy until one fails; returns the failures, one for each device.
pub fn failures(document: &PolicyDocument) -> impl Iterator<Item = CaseResult> {
    results(document).filter(|result| !result.passed())
}

/// Returns the devices of cases whose decision a clause is behind, each with the position of its
/// case.
pub fn reaching(document: &PolicyDocument, clause: Clause) -> Vec<(usize, Facts)> {
    let reached =
        answers(document).filter(|(_, _, outcome)| clauses(outcome).any(|it| it == clause));
    reached.map(|(case, device, _)| (case, device)).collect()
}

/// A part of a whole that cases reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The number that is reached.
    pub reached: usize,
    /// The number of all.
    pub all: usize,
}

/// The part of a policy that its cases reach, in one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The rules that are behind the decision of some case.
    pub rules: Share,
    /// The prerequisites that are behind the decision of some case.
    pub prerequisites: Share,
    /// The cells that the device of some case may be in.
    pub cells: Share,
    /// The conditions in the needs of rules that hold for the device of some case.
    pub needs_met: Share,
    /// The conditions in the needs of rules that fail for the device of some case.
    pub needs_broken: Share,
}

/// Measures how much of a policy its cases reach.
///
/// # Errors
///
/// [`TooComplex`] if the rules divide the devices into more cells than an analysis takes.
pub fn coverage(document: &PolicyDocument, reading: Reading) -> Result<Coverage, TooComplex> {
    let policy = document.read(reading);
    let open = uncovered_clauses(document, reading);
    let left = |is_rule: bool| {
        open.iter().filter(|clause| matches!(clause, Clause::Rule(_)) == is_rule).count()
    };
    let share = |all: usize, left: usize| Share { reached: all - left, all };
    let alike = alike_in_both(document);
    let counted = answers(document)
        .filter(|(case, device, _)| document.cases[*case].reading == reading || alike(device));
    let mut met: Vec<(u16, FactName)> = Vec::new();
    let mut broken = met.clone();
    let mut devices = Vec::new();
    for (_, device, outcome) in counted {
        for clause in clauses(&outcome) {
            let Clause::Rule(at) = clause else { continue };
            let needs = &policy.rules[usize::from(at)].needs;
            let with = |truth| needs.facts_where(&device, truth).iter().map(move |fact| (at, fact));
            met.extend(with(Truth::Holds).collect::<Vec<_>>());
            broken.extend(with(Truth::Fails).collect::<Vec<_>>());
        }
        if outcome.verdict() != Verdict::Undetermined(Cause::MissingFacts) {
            devices.push(device);
        }
    }
    let all = policy.rules.iter().map(|rule| rule.needs.conditions().len()).sum();
    let distinct = |mut reached: Vec<(u16, FactName)>| {
        reached.sort_unstable();
        reached.dedup();
        Share { reached: reached.len(), all }
    };
    let (reached, cells) = cells_reached(&policy, &devices)?;
    Ok(Coverage {
        rules: share(document.own_rules(), left(true)),
        prerequisites: share(document.own_prerequisites(), left(false)),
        cells: Share { reached, all: cells },
        needs_met: distinct(met),
        needs_broken: distinct(broken),
    })
}

/// Returns a test for devices that both readings decide alike.
pub(crate) fn alike_in_both(document: &PolicyDocument) -> impl Fn(&Facts) -> bool {
    let [literal, intended] = [Reading::Literal, Reading::Intended].map(|one| document.read(one));
    move |device| decide(&literal, device) == decide(&intended, device)
}

/// Returns the clauses that are behind the answer to no case of this reading, in order; those of a
/// policy that is extended are left out.
///
/// A rule that reads the same in both readings is covered by the cases of either.
pub fn uncovered_clauses(document: &PolicyDocument, reading: Reading) -> Vec<Clause> {
    let mut covered: Vec<Clause> = Vec::new();
    for (case, _, outcome) in answers(document) {
        let same_reading = document.cases[case].reading == reading;
        let counts = |clause: &Clause| same_reading || reads_alike(document, *clause);
        covered.extend(clauses(&outcome).filter(counts));
    }
    let own = &document.prerequisites[..document.own_prerequisites()];
    let prerequisites = (0..).zip(own).map(|(at, _)| Clause::Prerequisite(at));
    let rules = (0..).zip(&document.rules[..document.own_rules()]);
    let rules = rules.map(|(at, _)| Clause::Rule(at));
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

#[cfg(test)]
mod tests;

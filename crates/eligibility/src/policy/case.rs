//! The tests that a policy carries: devices, and what the policy must say of them.

use std::fmt;
use std::ops::Range;

use super::PolicyDocument;
use super::rule::{Action, Clause, Mechanism, Reading, Scope};
use crate::closed_enum;
use crate::decide::{Cause, Decision, Outcome, Verdict, decide};
use crate::diagnostic::Diagnostic;
use crate::facts::{Fact, FactName, Facts};

closed_enum! {
    /// The verdict that a case expects, with the cause where it is undetermined.
    pub enum Expected: "expectation" {
        /// The action works.
        Eligible = "eligible",
        /// The action works if something that is not known holds.
        Conditional = "conditional",
        /// The action does not work.
        Ineligible = "ineligible",
        /// The facts of the case do not suffice.
        MissingFacts = "missing-facts",
        /// The policy has a hole here.
        NoRuleMatches = "no-rule-matches",
        /// Rules that give different things match.
        Conflict = "conflict",
    }
}

impl Expected {
    /// The verdict that is meant.
    ///
    /// ```
    /// use eligibility::decide::{Cause, Verdict};
    /// use eligibility::policy::Expected;
    ///
    /// assert_eq!(Expected::Conflict.verdict(), Verdict::Undetermined(Cause::Conflict));
    /// ```
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Eligible => Verdict::Eligible,
            Self::Conditional => Verdict::Conditional,
            Self::Ineligible => Verdict::Ineligible,
            Self::MissingFacts => Verdict::Undetermined(Cause::MissingFacts),
            Self::NoRuleMatches => Verdict::Undetermined(Cause::NoRuleMatches),
            Self::Conflict => Verdict::Undetermined(Cause::Conflict),
        }
    }

    /// Whether some clause of the policy stands behind such a verdict.
    pub const fn has_clauses(self) -> bool {
        !matches!(self, Self::MissingFacts | Self::NoRuleMatches)
    }
}

/// One `[[case]]` of a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The devices, all of which must get the same; one for each combination of the listed values.
    pub devices: Vec<Facts>,
    /// The reading in which it holds.
    pub reading: Reading,
    /// The scope whose answer is meant; `None` for the headline.
    pub scope: Option<Scope>,
    /// The verdict.
    pub expect: Expected,
    /// Exactly the clauses behind it, sorted; empty where the case does not say.
    pub clauses: Vec<Clause>,
    /// What happens to the passcode, where the case says so.
    pub action: Option<Action>,
    /// By which vendor operation, where the case says so; `Some(None)` if the policy may name none.
    pub mechanism: Option<Option<Mechanism>>,
    /// Where the case stands in the text, in bytes.
    pub span: Range<usize>,
}

/// A device of a case that gets something else than the case expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// The position of the case in [`PolicyDocument::cases`].
    pub case: usize,
    /// Where the case stands in the text, in bytes.
    pub span: Range<usize>,
    /// The device.
    pub device: Facts,
    /// What differs, one entry a difference, never empty.
    pub differences: Vec<Difference>,
}

/// One thing that a case expected and did not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: a key of the case.
    pub key: &'static str,
    /// What the case says.
    pub expected: String,
    /// What the policy says; `none` for nothing.
    pub got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} `{}`, got `{}`", self.key, self.expected, self.got)
    }
}

impl CaseFailure {
    /// The failure as a problem of the policy file.
    pub fn diagnostic(&self) -> Diagnostic {
        let differences: Vec<_> = self.differences.iter().map(ToString::to_string).collect();
        let message = format!("a case fails: {}", differences.join(", "));
        Diagnostic::error("case-failed", message, self.span.clone())
            .label(format!("for {}", describe(&self.device)))
    }
}

/// The known facts of a device in words.
fn describe(device: &Facts) -> String {
    let known = |kind: &FactName| match device.get(*kind) {
        Fact::Known(value) => Some(format!("{kind} {}", kind.text(value))),
        Fact::Unknown => None,
    };
    let words: Vec<_> = FactName::ALL.iter().filter_map(known).collect();
    if words.is_empty() {
        "a device of which nothing is known".to_owned()
    } else {
        words.join(", ")
    }
}

impl PolicyDocument {
    /// Runs all cases; empty if every device gets what its case expects.
    ///
    /// ```
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
    /// let (document, _) = PolicyDocument::parse(text).expect("it is well-formed");
    /// let failures = document.run_cases();
    /// assert_eq!(failures.len(), 1);
    /// assert_eq!(
    ///     failures[0].differences[0].to_string(),
    ///     "expected verdict `eligible`, got `no-rule-matches`",
    /// );
    /// ```
    pub fn run_cases(&self) -> Vec<CaseFailure> {
        self.failures().collect()
    }

    /// Whether every device gets what its case expects; stops at the first that does not.
    pub fn passes_cases(&self) -> bool {
        self.failures().next().is_none()
    }

    fn failures(&self) -> impl Iterator<Item = CaseFailure> {
        self.answers().filter_map(|(index, device, outcome)| {
            let case = &self.cases[index];
            let differences = self.differences(case, &outcome);
            let span = case.span.clone();
            (!differences.is_empty()).then_some(CaseFailure {
                case: index,
                span,
                device,
                differences,
            })
        })
    }

    /// The clauses that stand behind the answer to no case of this reading, in order.
    ///
    /// A rule that reads the same in both readings is covered by the cases of either.
    pub fn uncovered_clauses(&self, reading: Reading) -> Vec<Clause> {
        let mut covered: Vec<Clause> = Vec::new();
        for (case, _, outcome) in self.answers() {
            let same_reading = self.cases[case].reading == reading;
            covered.extend(
                clauses(&outcome).filter(|clause| same_reading || self.reads_alike(*clause)),
            );
        }
        let prerequisites = (0..).zip(&self.prerequisites).map(|(at, _)| Clause::Prerequisite(at));
        let rules = (0..).zip(&self.rules).map(|(at, _)| Clause::Rule(at));
        rules.chain(prerequisites).filter(|clause| !covered.contains(clause)).collect()
    }

    fn reads_alike(&self, clause: Clause) -> bool {
        match clause {
            Clause::Prerequisite(_) => true,
            Clause::Rule(at) => self.rules[usize::from(at)].intended.conditions().is_empty(),
        }
    }

    /// The answer to every device of every case, with the position of the case.
    fn answers(&self) -> impl Iterator<Item = (usize, Facts, Outcome)> {
        let policies = [self.read(Reading::Literal), self.read(Reading::Intended)];
        let devices = self.cases.iter().enumerate().flat_map(|(index, case)| {
            case.devices.iter().map(move |device| (index, case, *device))
        });
        devices.map(move |(index, case, device)| {
            let decision = decide(&policies[case.reading as usize], &device);
            (index, device, case.asked(&decision).clone())
        })
    }

    fn differences(&self, case: &Case, outcome: &Outcome) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut differ = |key, expected: String, got: String| {
            differences.push(Difference { key, expected, got });
        };
        if outcome.verdict() != case.expect.verdict() {
            differ("verdict", case.expect.to_string(), verdict_word(outcome.verdict()).to_owned());
        }
        let mut behind: Vec<_> = clauses(outcome).collect();
        behind.sort_unstable();
        behind.dedup();
        if !case.clauses.is_empty() && behind != case.clauses {
            differ("rule", self.names(&case.clauses), self.names(&behind));
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

    fn names(&self, clauses: &[Clause]) -> String {
        let name = |clause: &Clause| match clause {
            Clause::Rule(at) => self.rules[usize::from(*at)].id.as_str(),
            Clause::Prerequisite(at) => self.prerequisites[usize::from(*at)].id.as_str(),
        };
        let names: Vec<_> = clauses.iter().map(name).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }
}

impl Case {
    /// The part of a decision that the case is about.
    pub fn asked<'d>(&self, decision: &'d Decision) -> &'d Outcome {
        match self.scope {
            None => decision.headline(),
            Some(scope) => decision.scope(scope),
        }
    }
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

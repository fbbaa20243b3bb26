//! The findings in policies.

use eligibility::cases::{CaseResult, Coverage};
use eligibility::diagnostic::{Diagnostic, LineStarts, Severity};
use eligibility::policy::Scope;

/// The findings in one policy.
pub(crate) struct Checked {
    /// The id or the path that was given.
    pub(crate) name: String,
    /// The text, for the lines that a report shows.
    pub(crate) text: String,
    /// The size of what was checked; `None` if the file cannot be used.
    pub(crate) size: Option<Size>,
    /// The findings, errors first.
    pub(crate) findings: Vec<PolicyFinding>,
    /// The gaps at one scope only: no finding, but good to know.
    pub(crate) scope_gaps: Vec<(Scope, String, String)>,
    /// The number of accepted findings.
    pub(crate) accepted: usize,
    /// The number of gaps and conflicts that come from the extended policy.
    pub(crate) inherited: usize,
    /// The results of the cases that were run.
    pub(crate) cases: Vec<CaseLine>,
    /// The part of the policy that the cases reach; `None` if that was not measured.
    pub(crate) coverage: Option<Coverage>,
}

impl Checked {
    /// Returns a policy known only by its text.
    pub(crate) fn of(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            text,
            size: None,
            findings: Vec::new(),
            scope_gaps: Vec::new(),
            accepted: 0,
            inherited: 0,
            cases: Vec::new(),
            coverage: None,
        }
    }
}

/// A case that was run.
pub(crate) struct CaseLine {
    /// The line in the file, from 1.
    pub(crate) line: usize,
    /// The device and the expected decision in words.
    pub(crate) words: String,
    /// The result.
    pub(crate) result: CaseResult,
}

/// The extent of the check.
pub(crate) struct Size {
    pub(crate) id: String,
    pub(crate) rules: usize,
    /// The policy that is extended, and the number of rules that come from it.
    pub(crate) base: Option<(String, usize)>,
    pub(crate) cases: usize,
    pub(crate) blocks: usize,
}

/// One finding to review.
pub(crate) struct PolicyFinding {
    /// The problem, with its place in the text.
    pub(crate) diagnostic: Diagnostic,
    /// True if the problem is at a place; a gap is nowhere in the text.
    pub(crate) has_place: bool,
    /// The devices that it is about, and one of them, in words.
    pub(crate) devices: Option<(String, String)>,
    /// The rules that it is about.
    pub(crate) rules: Vec<String>,
}

impl PolicyFinding {
    /// Returns a problem of the policy as a whole.
    pub(crate) fn of_the_whole(diagnostic: Diagnostic) -> Self {
        Self { has_place: false, ..Self::from(diagnostic) }
    }

    /// Returns line and column of the problem, from 1, if it has a place.
    pub(crate) fn position(&self, starts: &LineStarts<'_>) -> Option<(usize, usize)> {
        self.has_place.then(|| starts.position(self.diagnostic.primary.span.start))
    }
}

impl From<Diagnostic> for PolicyFinding {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, has_place: true, devices: None, rules: Vec::new() }
    }
}

/// Returns the numbers of errors and of warnings.
pub(crate) fn counts(checked: &[Checked]) -> (usize, usize) {
    let all = checked.iter().flat_map(|one| &one.findings);
    let errors = all.clone().filter(|one| one.diagnostic.severity == Severity::Error).count();
    (errors, all.count() - errors)
}

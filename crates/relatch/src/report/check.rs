//! What was found in policies.

use eligibility::diagnostic::{Diagnostic, Severity, position};
use eligibility::policy::Scope;

/// What was found in one policy.
pub(crate) struct Checked {
    /// The id or the path that was given.
    pub(crate) name: String,
    /// The text, for the lines that a report shows.
    pub(crate) text: String,
    /// The size of what was checked; `None` if the file cannot be used.
    pub(crate) size: Option<Size>,
    /// What was found, errors first.
    pub(crate) findings: Vec<PolicyFinding>,
    /// What is open at one scope only: no finding, but good to know.
    pub(crate) scope_gaps: Vec<(Scope, String, String)>,
}

/// How much was checked.
pub(crate) struct Size {
    pub(crate) id: String,
    pub(crate) rules: usize,
    pub(crate) cases: usize,
    pub(crate) boxes: usize,
}

/// One finding to review.
pub(crate) struct PolicyFinding {
    /// The problem, with its place in the text.
    pub(crate) diagnostic: Diagnostic,
    /// The devices that it is about, and one of them, in words.
    pub(crate) devices: Option<(String, String)>,
    /// The rules that it is about.
    pub(crate) rules: Vec<String>,
}

impl PolicyFinding {
    /// Line and column of the problem, from 1, if it has a place.
    pub(crate) fn position(&self, text: &str) -> Option<(usize, usize)> {
        let span = &self.diagnostic.primary.span;
        (!span.is_empty()).then(|| position(text, span.start))
    }
}

impl From<Diagnostic> for PolicyFinding {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, devices: None, rules: Vec::new() }
    }
}

/// How many findings are errors, and how many warnings.
pub(crate) fn counts(checked: &[Checked]) -> (usize, usize) {
    let all = checked.iter().flat_map(|one| &one.findings);
    let errors = all.clone().filter(|one| one.diagnostic.severity == Severity::Error).count();
    (errors, all.count() - errors)
}

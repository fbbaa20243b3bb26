//! `relatch policy test`: the cases that policies carry, and what they cover.

use eligibility::analysis::check_accepting;
use eligibility::builtin;
use eligibility::cases::{CaseResult, coverage, describe, results};
use eligibility::diagnostic::{Diagnostic, LineStarts};
use eligibility::facts::Facts;
use eligibility::policy::{Case, Clause, PolicyDocument, Reading};

use super::check::{finding, names, read, too_complex, uncovered};
use crate::args::TestArguments;
use crate::error::{Error, ExitStatus};
use crate::report::check::{CaseLine, Checked, PolicyFinding};
use crate::{files, present};

/// Runs the cases only: what passes, what fails, and what no case reaches.
pub(super) fn run(arguments: &TestArguments) -> Result<ExitStatus, Error> {
    let reading = arguments.check.reading.into();
    let only = arguments.only.as_deref();
    let tested = names(&arguments.check).map(|name| test(&name, reading, only));
    let tested = tested.collect::<Result<Vec<_>, _>>()?;
    let nothing = tested.iter().all(|one| one.size.is_some() && one.cases.is_empty());
    if let Some(only) = only.filter(|_| nothing) {
        return Err(Error::Argument {
            message: format!("no case matches `{only}`"),
            hint: "`--only` takes a part of a line that `relatch policy test` lists".to_owned(),
        });
    }
    let format = arguments.check.format;
    files::print(&present::check::tests(&tested, reading, arguments.quiet, format))?;
    Ok(finding(&tested, arguments.check.deny))
}

fn test(name: &str, reading: Reading, only: Option<&str>) -> Result<Checked, Error> {
    let (mut checked, document) = read(name)?;
    let Some(document) = document else { return Ok(checked) };
    checked.findings.clear();
    let starts = LineStarts::of(&checked.text);
    let lines = results(&document).map(|result| line(&document, &starts, result));
    let lines = lines.filter(|line| only.is_none_or(|text| line.words.contains(text)));
    checked.cases = lines.collect();
    if document.cases.is_empty() {
        let message = "the policy has no case, so nothing was tested";
        let hint = "a `[[case]]` gives a device and the decision that it must get";
        let nothing = Diagnostic::warning("no-cases", message, 0..0).hint(hint);
        checked.findings.push(PolicyFinding::of_the_whole(nothing));
    }
    let failures = checked.cases.iter().filter(|line| !line.result.passed());
    let failures = failures.map(|line| line.result.diagnostic().into());
    checked.findings.extend(failures.collect::<Vec<_>>());
    if only.is_some() {
        // A part of the cases says nothing about what all of them cover.
        return Ok(checked);
    }
    let policy = document.read(reading);
    match check_accepting(&policy, &document.accepted, &builtin::releases()) {
        Ok(check) => {
            if checked.findings.is_empty() {
                checked.findings.extend(uncovered(&document, &check, reading));
            }
            checked.size.iter_mut().for_each(|size| size.blocks = check.blocks);
            checked.coverage = coverage(&document, reading).ok();
        }
        Err(error) => checked.findings.push(too_complex(error)),
    }
    Ok(checked)
}

fn line(document: &PolicyDocument, starts: &LineStarts<'_>, result: CaseResult) -> CaseLine {
    let case = &document.cases[result.case];
    let words = case_words(document, case, &result.device);
    CaseLine { line: starts.position(result.span.start).0, words, result }
}

/// Returns a device of a case and the expected decision.
pub(super) fn case_words(document: &PolicyDocument, case: &Case, device: &Facts) -> String {
    format!("{}: {}", describe(device), expectation(document, case))
}

/// Returns what a case expects: `conditional at scope work-profile by `kiosks`, intended reading`.
fn expectation(document: &PolicyDocument, case: &Case) -> String {
    let mut words = case.expect.to_string();
    if let Some(scope) = case.scope {
        words.push_str(&format!(" at scope {scope}"));
    }
    let ids: Vec<_> = case.clauses.iter().map(|clause| id(document, *clause)).collect();
    if !ids.is_empty() {
        words.push_str(&format!(" by {}", ids.join(", ")));
    }
    if case.reading == Reading::Intended {
        words.push_str(" (intended reading)");
    }
    words
}

fn id(document: &PolicyDocument, clause: Clause) -> String {
    let id = match clause {
        Clause::Rule(at) => &document.rules[usize::from(at)].id,
        Clause::Prerequisite(at) => &document.prerequisites[usize::from(at)].id,
    };
    format!("`{id}`")
}

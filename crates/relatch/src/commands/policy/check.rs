//! `relatch policy check`: everything that is wrong with policies.

use std::path::Path;

use eligibility::analysis::{Check, RuleProblem, check};
use eligibility::diagnostic::{Diagnostic, Severity};
use eligibility::policy::{Clause, Policy, PolicyDocument, Reading};
use eligibility::{builtin, cases};

use crate::args::CheckArguments;
use crate::failure::{Failure, Finding};
use crate::present::wording::witness;
use crate::report::check::{Checked, PolicyFinding, Size};
use crate::{files, policies, present};

/// Finds everything that is wrong.
pub(super) fn run(arguments: &CheckArguments) -> Result<Finding, Failure> {
    report(arguments, true, |_| true)
}

/// Runs the cases only: what fails, and what no case reaches.
pub(super) fn test(arguments: &CheckArguments) -> Result<Finding, Failure> {
    const OF_CASES: [&str; 2] = ["case-failed", "uncovered"];
    report(arguments, false, |finding| {
        let unusable =
            finding.diagnostic.severity == Severity::Error && finding.diagnostic.code != "conflict";
        unusable || OF_CASES.contains(&finding.diagnostic.code)
    })
}

fn report(
    arguments: &CheckArguments,
    all: bool,
    wanted: impl Fn(&PolicyFinding) -> bool,
) -> Result<Finding, Failure> {
    let reading = arguments.reading.into();
    let names = if arguments.policies.is_empty() {
        builtin::all().iter().map(|one| one.id().to_owned()).collect()
    } else {
        arguments.policies.clone()
    };
    let checked: Result<Vec<_>, _> = names.iter().map(|name| check_one(name, reading)).collect();
    let mut checked = checked?;
    for one in &mut checked {
        one.findings.retain(&wanted);
        if !all {
            one.scope_gaps.clear();
        }
    }
    files::print(&present::check::render(&checked, reading, arguments.format))?;
    let found = checked.iter().any(|one| !one.findings.is_empty());
    Ok(if found { Finding::Something } else { Finding::Nothing })
}

fn check_one(name: &str, reading: Reading) -> Result<Checked, Failure> {
    let text = policies::text(name)?;
    let empty = Checked {
        name: name.to_owned(),
        text: text.clone(),
        size: None,
        findings: Vec::new(),
        scope_gaps: Vec::new(),
    };
    let (document, warnings) = match PolicyDocument::parse(&text) {
        Ok(parsed) => parsed,
        Err(problems) => {
            if let Some(failure) = files::slip(Path::new(name), &text, "a policy", &problems) {
                return Err(failure);
            }
            let findings = problems.into_problems().into_iter().map(PolicyFinding::from).collect();
            return Ok(Checked { findings, ..empty });
        }
    };
    let policy = document.read(reading);
    let releases = builtin::releases();
    let mut findings: Vec<_> = warnings.into_iter().map(PolicyFinding::from).collect();
    findings.extend(cases::failures(&document).map(|failure| failure.diagnostic().into()));
    let mut size = Size {
        id: document.id.clone(),
        rules: document.rules.len(),
        cases: document.cases.len(),
        boxes: 0,
    };
    let mut scope_gaps = Vec::new();
    match check(&policy, &releases) {
        Err(error) => {
            findings.push(Diagnostic::error("too-complex", error.to_string(), 0..0).into());
        }
        Ok(check) => {
            size.boxes = check.boxes;
            findings.extend(analysed(&document, &policy, &check));
            findings.extend(uncovered(&document, &check, reading));
            scope_gaps.extend(
                check
                    .scope_gaps
                    .iter()
                    .map(|(scope, region)| (*scope, region.to_string(), witness(region))),
            );
        }
    }
    findings.sort_by_key(|finding| finding.diagnostic.severity);
    Ok(Checked { size: Some(size), findings, scope_gaps, ..empty })
}

/// The gaps, conflicts and idle rules.
fn analysed<'a>(
    document: &'a PolicyDocument,
    policy: &'a Policy,
    check: &'a Check,
) -> impl Iterator<Item = PolicyFinding> {
    let about =
        |region: &eligibility::analysis::Region| Some((region.to_string(), witness(region)));
    let id = |index: &u16| policy.rules[usize::from(*index)].id.clone();
    let conflicts = check.conflicts.iter().map(move |(scope, rules, region)| {
        let first = &document.rules[usize::from(rules[0])];
        let message = format!("rules contradict each other at scope {scope}");
        let mut diagnostic = Diagnostic::error("conflict", message, first.span.clone())
            .label(format!("gives `{}`", first.then));
        for other in &rules[1..] {
            let other = &document.rules[usize::from(*other)];
            diagnostic = diagnostic.also(other.span.clone(), format!("gives `{}`", other.then));
        }
        PolicyFinding { diagnostic, devices: about(region), rules: rules.iter().map(id).collect() }
    });
    let gaps = check.gaps.iter().map(move |region| PolicyFinding {
        diagnostic: Diagnostic::warning("gap", "no rule speaks of these devices", 0..0),
        devices: about(region),
        rules: Vec::new(),
    });
    let idle = check.rules.iter().map(move |(index, problem)| {
        let rule = &document.rules[usize::from(*index)];
        let (code, message, others) = idle(&rule.id, problem);
        let mut diagnostic =
            Diagnostic::warning(code, message, rule.span.clone()).label(format!("`{}`", rule.id));
        for other in others {
            let other = &document.rules[usize::from(*other)];
            diagnostic = diagnostic.also(other.span.clone(), format!("`{}`", other.id));
        }
        PolicyFinding {
            diagnostic,
            devices: None,
            rules: std::iter::once(rule.id.clone()).chain(others.iter().map(id)).collect(),
        }
    });
    conflicts.chain(gaps).chain(idle)
}

/// The code and the words of a rule that does no work, and the rules to blame.
fn idle<'a>(id: &str, problem: &'a RuleProblem) -> (&'static str, String, &'a [u16]) {
    match problem {
        RuleProblem::NeverMatches => {
            ("never-matches", format!("no device matches rule `{id}`"), &[])
        }
        RuleProblem::Masked(by) => {
            ("shadowed", format!("rule `{id}` never decides: earlier rules come first"), by)
        }
        RuleProblem::OnlyConflicts(with) => {
            ("only-conflicts", format!("rule `{id}` never decides: others contradict it"), with)
        }
        RuleProblem::ChangesNothing(beside) => (
            "changes-nothing",
            format!("rule `{id}` changes nothing: others give the same"),
            beside,
        ),
        RuleProblem::NeedsNeverHold => {
            ("needs-never-hold", format!("what rule `{id}` needs can never hold"), &[])
        }
    }
}

/// What the policy's own cases do not reach; a policy without cases is not asked.
fn uncovered<'a>(
    document: &'a PolicyDocument,
    check: &'a Check,
    reading: Reading,
) -> impl Iterator<Item = PolicyFinding> {
    let asked = !document.cases.is_empty();
    let clauses = cases::uncovered_clauses(document, reading).into_iter().map(|clause| {
        let (id, span) = match clause {
            Clause::Rule(at) => {
                let rule = &document.rules[usize::from(at)];
                (&rule.id, rule.span.clone())
            }
            Clause::Prerequisite(at) => (&document.prerequisites[usize::from(at)].id, 0..0),
        };
        let message = format!("no case reaches `{id}` in the {reading} reading");
        PolicyFinding {
            diagnostic: Diagnostic::warning("uncovered", message, span),
            devices: None,
            rules: vec![id.clone()],
        }
    });
    let regions = check.unreached(document, reading).map(|region| PolicyFinding {
        diagnostic: Diagnostic::warning("uncovered", "no case reaches these devices", 0..0),
        devices: Some((region.to_string(), witness(region))),
        rules: Vec::new(),
    });
    let all: Vec<_> = clauses.chain(regions).filter(|_| asked).collect();
    all.into_iter()
}

//! `relatch policy check`: everything that is wrong with policies.

use std::path::Path;

use eligibility::analysis::{Check, RuleProblem, TooComplex, check};
use eligibility::diagnostic::Diagnostic;
use eligibility::policy::{Clause, Policy, PolicyDocument, Reading};
use eligibility::{builtin, cases};

use crate::args::CheckArguments;
use crate::failure::{Failure, Finding};
use crate::present::wording::witness;
use crate::report::check::{Checked, PolicyFinding, Size};
use crate::{files, policies, present};

/// Finds everything that is wrong.
pub(super) fn run(arguments: &CheckArguments) -> Result<Finding, Failure> {
    let reading = arguments.reading.into();
    let checked = names(arguments).map(|name| check_one(&name, reading));
    let checked = checked.collect::<Result<Vec<_>, _>>()?;
    files::print(&present::check::render(&checked, reading, arguments.format))?;
    Ok(finding(&checked))
}

/// The policies that were named, or all built-in ones.
pub(super) fn names(arguments: &CheckArguments) -> impl Iterator<Item = String> {
    let all = arguments.policies.is_empty();
    let built_in = builtin::all().iter().filter(move |_| all).map(|one| one.id().to_owned());
    built_in.chain(arguments.policies.clone())
}

/// The exit of a run that checked policies.
pub(super) fn finding(checked: &[Checked]) -> Finding {
    match checked.iter().any(|one| !one.findings.is_empty()) {
        true => Finding::Something,
        false => Finding::Nothing,
    }
}

/// Reads a policy; one that cannot be used is a result with its problems.
pub(super) fn read(name: &str) -> Result<(Checked, Option<PolicyDocument>), Failure> {
    let text = policies::text(name)?;
    let mut checked = Checked::of(name, text.clone());
    let document = match PolicyDocument::parse(&text) {
        Ok((document, warnings)) => {
            checked.findings.extend(warnings.into_iter().map(PolicyFinding::from));
            checked.size = Some(Size {
                id: document.id.clone(),
                rules: document.rules.len(),
                cases: document.cases.len(),
                boxes: 0,
            });
            Some(document)
        }
        Err(problems) => {
            if let Some(failure) = files::slip(Path::new(name), &text, "a policy", &problems) {
                return Err(failure);
            }
            checked.findings.extend(problems.into_problems().into_iter().map(PolicyFinding::from));
            None
        }
    };
    Ok((checked, document))
}

fn check_one(name: &str, reading: Reading) -> Result<Checked, Failure> {
    let (mut checked, document) = read(name)?;
    let Some(document) = document else { return Ok(checked) };
    let policy = document.read(reading);
    let failures = cases::failures(&document).map(|failure| failure.diagnostic().into());
    checked.findings.extend(failures);
    match check(&policy, &builtin::releases()) {
        Err(error) => checked.findings.push(too_complex(error)),
        Ok(check) => {
            checked.findings.extend(analysed(&document, &policy, &check));
            checked.findings.extend(uncovered(&document, &check, reading));
            let gaps = check.scope_gaps.iter();
            let gaps = gaps.map(|(scope, region)| (*scope, region.to_string(), witness(region)));
            checked.scope_gaps.extend(gaps);
            checked.size.iter_mut().for_each(|size| size.boxes = check.boxes);
        }
    }
    checked.findings.sort_by_key(|finding| finding.diagnostic.severity);
    Ok(checked)
}

pub(super) fn too_complex(error: TooComplex) -> PolicyFinding {
    PolicyFinding::of_the_whole(Diagnostic::error("too-complex", error.to_string(), 0..0))
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
        PolicyFinding {
            devices: about(region),
            rules: rules.iter().map(id).collect(),
            ..diagnostic.into()
        }
    });
    let gaps = check.gaps.iter().map(move |region| {
        let gap = Diagnostic::warning("gap", "no rule covers these devices", 0..0);
        PolicyFinding { devices: about(region), ..PolicyFinding::of_the_whole(gap) }
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
        let rules = std::iter::once(rule.id.clone()).chain(others.iter().map(id)).collect();
        PolicyFinding { rules, ..diagnostic.into() }
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
pub(super) fn uncovered<'a>(
    document: &'a PolicyDocument,
    check: &'a Check,
    reading: Reading,
) -> impl Iterator<Item = PolicyFinding> {
    let asked = !document.cases.is_empty();
    let clauses = cases::uncovered_clauses(document, reading).into_iter().map(|clause| {
        let (id, span) = match clause {
            Clause::Rule(at) => {
                let rule = &document.rules[usize::from(at)];
                (&rule.id, Some(rule.span.clone()))
            }
            Clause::Prerequisite(at) => (&document.prerequisites[usize::from(at)].id, None),
        };
        let message = format!("no case reaches `{id}` in the {reading} reading");
        let has_place = span.is_some();
        let diagnostic = Diagnostic::warning("uncovered", message, span.unwrap_or_default());
        PolicyFinding { has_place, rules: vec![id.clone()], ..diagnostic.into() }
    });
    let regions = check.unreached(document, reading).map(|region| {
        let open = Diagnostic::warning("uncovered", "no case reaches these devices", 0..0);
        let devices = Some((region.to_string(), witness(region)));
        PolicyFinding { devices, ..PolicyFinding::of_the_whole(open) }
    });
    let all: Vec<_> = clauses.chain(regions).filter(|_| asked).collect();
    all.into_iter()
}

//! `relatch policy check`: everything that is wrong with policies.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use conformance::DisagreementCode;
use eligibility::analysis::{Change, Check, Promise, Region, Side, Space, TooComplex};
use eligibility::diagnostic::Diagnostic;
use eligibility::policy::{
    Accepted, Clause, FindingCode, Policy, PolicyDocument, Reading, RuleDocument, Scope,
};
use eligibility::{builtin, cases};

use super::acceptance;
use crate::args::{CheckArguments, Deny};
use crate::error::{Error, ExitStatus};
use crate::policies::Source;
use crate::present::wording::witness;
use crate::report::check::{Checked, PolicyFinding, Size};
use crate::{files, policies, present};

/// Finds everything that is wrong.
pub(super) fn run(arguments: &CheckArguments) -> Result<ExitStatus, Error> {
    let reading = arguments.reading.into();
    let checked = names(arguments).map(|name| check_one(&name, reading));
    let checked = checked.collect::<Result<Vec<_>, _>>()?;
    files::print(&present::check::render(&checked, reading, arguments.format))?;
    Ok(finding(&checked, arguments.deny))
}

/// Returns the policies that were named, or all built-in ones.
pub(super) fn names(arguments: &CheckArguments) -> impl Iterator<Item = String> {
    let all = arguments.policies.is_empty();
    let built_in = builtin::all().iter().filter(move |_| all).map(|one| one.id().to_owned());
    built_in.chain(arguments.policies.clone())
}

/// Returns the exit of a run that checked policies. Warnings about the form of a file, and about
/// what is no longer needed in it or refuses at one scope only, count only if they are denied.
pub(super) fn finding(checked: &[Checked], deny: Option<Deny>) -> ExitStatus {
    const LENIENT: [&str; 5] = [
        "newer-toml",
        "duplicate-value",
        "intended-as-literal",
        "stale-acceptance",
        FindingCode::AllowedElsewhere.as_str(),
    ];
    let counts = |finding: &PolicyFinding| {
        deny == Some(Deny::Warnings) || !LENIENT.contains(&finding.diagnostic.code)
    };
    match checked.iter().flat_map(|one| &one.findings).any(counts) {
        true => ExitStatus::Findings,
        false => ExitStatus::Clean,
    }
}

/// Reads a policy; one that cannot be used is a result with its problems.
pub(super) fn read(name: &str) -> Result<(Checked, Option<PolicyDocument>), Error> {
    let Source { text, base } = policies::source(name)?;
    let mut checked = Checked::of(name, text.clone());
    let document = match PolicyDocument::parse_on(&text, base.as_ref()) {
        Ok((document, warnings)) => {
            checked.findings.extend(warnings.into_iter().map(PolicyFinding::from));
            checked.size = Some(Size {
                id: document.id.clone(),
                rules: document.own_rules(),
                base: document
                    .base
                    .as_ref()
                    .map(|base| (base.id.clone(), document.rules.len() - base.rules)),
                cases: document.cases.len(),
                blocks: 0,
            });
            Some(document)
        }
        Err(problems) => {
            if let Some(failure) = files::slip("policy", Path::new(name), &text, &problems) {
                return Err(failure);
            }
            checked.findings.extend(problems.into_problems().into_iter().map(PolicyFinding::from));
            None
        }
    };
    Ok((checked, document))
}

fn check_one(name: &str, reading: Reading) -> Result<Checked, Error> {
    let (mut checked, document) = read(name)?;
    let Some(document) = document else { return Ok(checked) };
    let base = policies::source(name)?.base;
    let policy = document.read(reading);
    let failures = cases::failures(&document).map(|failure| failure.diagnostic().into());
    checked.findings.extend(failures);
    let cases_pass = checked.findings.is_empty();
    let releases = builtin::releases();
    let inherited = base.as_ref().map(|base| acceptance::inherited(base, reading));
    let mut accepted = document.accepted.clone();
    accepted.extend(inherited.into_iter().flatten());
    match Space::new(&policy, &accepted) {
        Err(error) => checked.findings.push(too_complex(error)),
        Ok(space) => {
            let check = space.check(&releases);
            checked.findings.extend(analysed(&document, &policy, &check));
            // What failing cases reach is not what they are meant to reach.
            if cases_pass {
                checked.findings.extend(uncovered(&document, &check, reading));
            }
            let is_written = |at: &&usize| **at < document.accepted.len();
            let mut met: BTreeSet<_> = check.accepted.iter().filter(is_written).copied().collect();
            checked.inherited = check.accepted.len() - met.len();
            if let Some(base) = &base {
                match space.difference_from(&base.read(reading), &releases) {
                    Err(error) => checked.findings.push(too_complex(error)),
                    Ok(changes) => checked.findings.extend(widened(changes, &document, &mut met)),
                }
                let own: Vec<u16> = (0..).take(document.own_rules()).collect();
                let refused = own.iter().zip(space.allowed_elsewhere(&own, &releases));
                checked.findings.extend(allowed_at_the_other(&document, refused, &mut met));
            }
            checked.accepted = met.len();
            checked.findings.extend(stale(&document, &met));
            let gaps = check.scope_gaps.iter();
            let gaps = gaps.map(|(scope, region)| (*scope, region.to_string(), witness(region)));
            checked.scope_gaps.extend(gaps);
            checked.size.iter_mut().for_each(|size| size.blocks = check.blocks);
        }
    }
    checked.findings.sort_by_key(|finding| finding.diagnostic.severity);
    Ok(checked)
}

pub(super) fn too_complex(error: TooComplex) -> PolicyFinding {
    PolicyFinding::of_the_whole(Diagnostic::error("too-complex", error.to_string(), 0..0))
}

/// Returns the gaps, the conflicts and the rules without effect.
fn analysed<'a>(
    document: &'a PolicyDocument,
    policy: &'a Policy,
    check: &'a Check,
) -> impl Iterator<Item = PolicyFinding> {
    let about = |region: &Region| Some((region.to_string(), witness(region)));
    let conflicts = check.conflicts.iter().map(move |(scope, rules, region)| {
        let message = format!("rules contradict each other at scope {scope}");
        let gives = |rule: &RuleDocument| format!("gives `{}`", rule.then);
        let found = of_rules(document, rules, gives, |span| {
            Diagnostic::error("conflict", message.clone(), span)
        });
        PolicyFinding { devices: about(region), ..found }
    });
    let gaps = check.gaps.iter().map(move |region| {
        let gap = Diagnostic::warning("gap", "no rule covers these devices", 0..0);
        PolicyFinding { devices: about(region), ..PolicyFinding::of_the_whole(gap) }
    });
    // That rules of the base lose their effect is what an extension is for.
    let own = check.rules.iter().filter(|(index, _)| usize::from(*index) < document.own_rules());
    let without_effect = own.map(move |(index, problem)| {
        let message = format!("rule `{}` {problem}", policy.rules[usize::from(*index)].id);
        let rules: Vec<_> = std::iter::once(*index).chain(problem.others().to_vec()).collect();
        of_rules(
            document,
            &rules,
            |rule| format!("`{}`", rule.id),
            |span| Diagnostic::warning(problem.code(), message.clone(), span),
        )
    });
    conflicts.chain(gaps).chain(without_effect)
}

/// Returns a finding about rules, at the place of the first of them in the file itself;
/// those of the base are named instead.
fn of_rules(
    document: &PolicyDocument,
    rules: &[u16],
    label: impl Fn(&RuleDocument) -> String,
    diagnostic: impl Fn(Range<usize>) -> Diagnostic,
) -> PolicyFinding {
    let is_own = |index: &&u16| usize::from(**index) < document.own_rules();
    let rule = |index: &u16| &document.rules[usize::from(*index)];
    let mut own = rules.iter().filter(is_own);
    let mut found = match own.next() {
        Some(first) => {
            let mut diagnostic = diagnostic(rule(first).span.clone()).label(label(rule(first)));
            for other in own {
                diagnostic = diagnostic.also(rule(other).span.clone(), label(rule(other)));
            }
            PolicyFinding::from(diagnostic)
        }
        None => PolicyFinding::of_the_whole(diagnostic(0..0)),
    };
    let of_base: Vec<_> = rules.iter().filter(|index| !is_own(index)).map(rule).collect();
    if let Some(base) = document.base.as_ref().filter(|_| !of_base.is_empty()) {
        let names: Vec<_> = of_base.iter().map(|rule| format!("`{}`", rule.id)).collect();
        found.diagnostic.hint = Some(format!("of `{}`: {}", base.id, names.join(", ")));
    }
    found.rules = rules.iter().map(|index| rule(index).id.clone()).collect();
    found
}

/// Returns the devices for which a policy allows what the one that it extends does not.
fn widened(
    changes: Vec<Change>,
    document: &PolicyDocument,
    met: &mut BTreeSet<usize>,
) -> Vec<PolicyFinding> {
    let mut found = Vec::new();
    for change in changes.into_iter().filter(|change| widens(&change.from, &change.to)) {
        let is_accepted = meet(document, met, |accepted| {
            accepted.is_about(FindingCode::Widens.as_str(), [])
                && acceptance::covers(accepted, &change.region)
        });
        if !is_accepted {
            let message =
                format!("this allows what the base does not: {} → {}", change.from, change.to);
            let warning = Diagnostic::warning(FindingCode::Widens.as_str(), message, 0..0);
            let devices = Some((change.region.to_string(), witness(&change.region)));
            found.push(PolicyFinding { devices, ..PolicyFinding::of_the_whole(warning) });
        }
    }
    found
}

/// Returns true if something is allowed that was not, or needs less than it did.
fn widens(from: &Side, to: &Side) -> bool {
    to.alternatives().any(|after| {
        let Promise::Allowed { action, mechanism, needs } = &after.promise else { return false };
        !from.alternatives().any(|before| match &before.promise {
            Promise::Allowed { action: before, mechanism: by, needs: needed } => {
                let kept = needed.conditions().iter().all(|one| needs.conditions().contains(one));
                (before, by) == (action, mechanism) && kept
            }
            Promise::Refused | Promise::Gap | Promise::Conflict => false,
        })
    })
}

/// Takes note of the acceptances that a finding meets; returns true if there is one.
fn meet(
    document: &PolicyDocument,
    met: &mut BTreeSet<usize>,
    fits: impl Fn(&Accepted) -> bool,
) -> bool {
    let fitting = document.accepted.iter().enumerate().filter(|(_, accepted)| fits(accepted));
    let fitting: Vec<_> = fitting.map(|(at, _)| at).collect();
    met.extend(&fitting);
    !fitting.is_empty()
}

/// Returns the rules of an extension that refuse at one scope what the page allows at the other.
fn allowed_at_the_other<'a>(
    document: &PolicyDocument,
    refused: impl Iterator<Item = (&'a u16, Vec<Region>)>,
    met: &mut BTreeSet<usize>,
) -> Vec<PolicyFinding> {
    let code = FindingCode::AllowedElsewhere.as_str();
    let mut found = Vec::new();
    for (index, regions) in refused {
        let RuleDocument { id, scope, span, .. } = &document.rules[usize::from(*index)];
        let accepts = |accepted: &Accepted| accepted.is_about(code, [id.as_str()]);
        if regions.is_empty() || meet(document, met, accepts) {
            continue;
        }
        let other = match scope {
            Scope::Device => Scope::WorkProfile,
            Scope::WorkProfile => Scope::Device,
        };
        for region in &regions {
            let message = format!(
                "rule `{id}` refuses at scope {scope} only, and the action stays allowed at scope {other}"
            );
            let hint = format!("refuse there as well: a second rule with `scope = \"{other}\"`");
            let warning = Diagnostic::warning(code, message, span.clone()).hint(hint);
            let devices = Some((region.to_string(), witness(region)));
            found.push(PolicyFinding {
                devices,
                rules: vec![id.clone()],
                ..PolicyFinding::from(warning)
            });
        }
    }
    found
}

/// Returns the acceptances of the file that fit nothing any more; what `policy verify` finds is not
/// asked.
fn stale<'a>(
    document: &'a PolicyDocument,
    met: &'a BTreeSet<usize>,
) -> impl Iterator<Item = PolicyFinding> {
    let own = document.own_accepted().iter().enumerate();
    let unmet = own.filter(|(at, one)| {
        let ours = !DisagreementCode::WORDS.contains(&one.finding.as_str());
        ours && one.finding != FindingCode::Uncovered && !met.contains(at)
    });
    unmet.map(|(_, one)| acceptance::stale(one).into())
}

/// Returns the clauses that the policy's own cases do not reach; none for a policy without cases.
pub(super) fn uncovered<'a>(
    document: &'a PolicyDocument,
    check: &'a Check,
    reading: Reading,
) -> impl Iterator<Item = PolicyFinding> {
    let asked = !document.cases.is_empty();
    let accepts = |rules: &[String]| {
        let names = || rules.iter().map(String::as_str);
        let code = FindingCode::Uncovered.as_str();
        document.accepted.iter().any(|one| one.is_about(code, names()))
    };
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
    // What the base leaves open is for its own cases.
    let regions = check.unreached(document, reading).filter(|_| document.base.is_none());
    let regions = regions.map(|region| {
        let open = Diagnostic::warning("uncovered", "no case reaches these devices", 0..0);
        let devices = Some((region.to_string(), witness(region)));
        PolicyFinding { devices, ..PolicyFinding::of_the_whole(open) }
    });
    let clauses = clauses.filter(|finding| !accepts(&finding.rules));
    let all: Vec<_> = clauses.chain(regions).filter(|_| asked).collect();
    all.into_iter()
}

//! `relatch policy explain`: one rule, and what follows from it.

use eligibility::analysis::{TooComplex, check, rule_regions};
use eligibility::builtin;
use eligibility::cases::reaching;
use eligibility::diagnostic::LineStarts;
use eligibility::nearest::nearest;
use eligibility::policy::{Clause, Policy, Reading};

use super::test::case_words;
use crate::args::ExplainArguments;
use crate::error::{Error, ExitStatus};
use crate::report::rule::ExplainedRule;
use crate::{files, policies, present};

pub(super) fn run(arguments: &ExplainArguments) -> Result<ExitStatus, Error> {
    let name = &arguments.choice.policy;
    let (document, text) = policies::load_whole(name)?;
    let policy = document.read(Reading::from(arguments.choice.reading));
    let clause = clause(&policy, &arguments.rule)?;
    let starts = LineStarts::of(&text);
    let cases = reaching(&document, clause).into_iter().map(|(case, device)| {
        let case = &document.cases[case];
        (starts.position(case.span.start).0, case_words(&document, case, &device))
    });
    let cases = cases.collect();
    let releases = builtin::releases();
    let too_complex = |error: TooComplex| Error::Argument {
        message: format!("cannot explain a rule of `{}`: {error}", policy.id),
        hint: "take fewer rules, or fewer bounds of versions".to_owned(),
    };
    let (regions, problem) = match clause {
        Clause::Prerequisite(_) => (None, None),
        Clause::Rule(at) => {
            let regions = rule_regions(&policy, at, &releases).map_err(too_complex)?;
            let found = check(&policy, &releases).map_err(too_complex)?;
            let problem = found.rules.into_iter().find(|(index, _)| *index == at);
            (Some(regions), problem.map(|(_, problem)| problem))
        }
    };
    let explained = ExplainedRule { document, policy, clause, regions, problem, cases };
    files::print(&present::policy::explain(&explained, arguments.format))?;
    Ok(ExitStatus::Clean)
}

/// Returns the clause with an id.
fn clause(policy: &Policy, id: &str) -> Result<Clause, Error> {
    let rules = (0..).zip(&policy.rules).map(|(at, rule)| (&*rule.id, Clause::Rule(at)));
    let prerequisites =
        (0..).zip(&policy.prerequisites).map(|(at, one)| (&*one.id, Clause::Prerequisite(at)));
    let clauses: Vec<_> = rules.chain(prerequisites).collect();
    let found = clauses.iter().find(|(name, _)| *name == id);
    found.map(|(_, clause)| *clause).ok_or_else(|| {
        let names = clauses.iter().map(|(name, _)| *name);
        Error::Argument {
            message: format!("`{}` has no rule `{id}`", policy.id),
            hint: match nearest(id, names.clone()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => {
                    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
                    format!("its rules are {}", names.join(", "))
                }
            },
        }
    })
}

//! Every clause of a policy for one device, for people.

use std::fmt::Write;

use eligibility::decide::{Explanation, Tested};
use eligibility::policy::{Clause, Effect, Policy, Truth};

use crate::present::paragraph::labelled;

/// Returns the clauses that hold first, then those that may, then those that lost, each with its
/// conditions; nothing if there is nothing to explain.
pub(super) fn render(policy: &Policy, explanations: &[Explanation]) -> String {
    let mut text = String::new();
    for (truth, heading) in [
        (Truth::Holds, "what holds"),
        (Truth::Unknown, "what may hold"),
        (Truth::Fails, "what does not"),
    ] {
        let of_truth: Vec<_> = explanations.iter().filter(|one| one.truth == truth).collect();
        if !of_truth.is_empty() {
            let _ = writeln!(text, "\n{heading}");
        }
        for explanation in of_truth {
            clause(&mut text, policy, explanation);
        }
    }
    text
}

fn clause(text: &mut String, policy: &Policy, explanation: &Explanation) {
    let id = policy.clause_id(explanation.clause);
    match explanation.clause {
        Clause::Prerequisite(_) => {
            let _ = writeln!(text, "  prerequisite `{id}`");
        }
        Clause::Rule(index) => {
            let rule = &policy.rules[usize::from(index)];
            let gives = match rule.then {
                Effect::Unsupported => "refuses the action",
                _ => "allows the action",
            };
            let _ = writeln!(text, "  rule `{id}` {gives} at scope {}", rule.scope);
        }
    }
    if let Some(earlier) = explanation.preceded_by {
        let earlier = &policy.rules[usize::from(earlier)].id;
        let _ = writeln!(text, "    lost to `{earlier}`, which comes first");
    }
    for tested in &explanation.conditions {
        text.push_str(&labelled(4, &label(tested), &tested.condition.to_string()));
    }
    for tested in &explanation.needs {
        text.push_str(&labelled(4, &label(tested), &format!("{} (needed)", tested.condition)));
    }
}

fn label(tested: &Tested) -> String {
    format!("{:<9} ", word(tested))
}

fn word(tested: &Tested) -> &'static str {
    match tested.truth {
        Truth::Unknown if tested.presumed => "presumed",
        Truth::Holds => "holds",
        Truth::Fails => "fails",
        Truth::Unknown => "unknown",
    }
}

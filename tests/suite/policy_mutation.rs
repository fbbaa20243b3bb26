//! Every shipped policy is pinned by its own cases: change one thing by one step, and one fails.
//!
//! A change that no case notices is only forgiven if it changes nothing: then the mutant must
//! decide every device of the whole finite space exactly as the original does.

mod mutants;
mod space;

use std::thread;

use eligibility::cases;
use eligibility::policy::PolicyDocument;

use self::mutants::mutants;
use self::space::same_decisions;
use crate::policies::shipped;

/// Returns the number of mutants of a policy that its cases notice, and those that they miss.
fn try_all(original: &PolicyDocument) -> (usize, Vec<String>) {
    assert_eq!(cases::failures(original).next(), None, "{}", original.id);
    let mut noticed = 0;
    let mut unnoticed = Vec::new();
    for (what, mutant) in mutants(original) {
        if cases::failures(&mutant).next().is_some() {
            noticed += 1;
        } else if !same_decisions(original, &mutant) {
            unnoticed.push(format!("{}: {what}", original.id));
        }
    }
    (noticed, unnoticed)
}

#[test]
fn a_change_of_any_bound_list_effect_scope_need_or_mechanism_fails_a_case() {
    let policies = shipped();
    let results: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> =
            policies.iter().map(|(_, policy)| scope.spawn(|| try_all(policy))).collect();
        threads.into_iter().map(|thread| thread.join().expect("it panicked above")).collect()
    });
    let noticed: usize = results.iter().map(|(noticed, _)| noticed).sum();
    let unnoticed: Vec<_> = results.into_iter().flat_map(|(_, unnoticed)| unnoticed).collect();
    assert!(unnoticed.is_empty(), "no case notices:\n{}", unnoticed.join("\n"));
    assert!(noticed > 5_000, "only {noticed} mutants were noticed");
}

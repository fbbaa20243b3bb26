//! Every shipped policy is pinned by its own cases: change one thing by one step, and one fails.
//!
//! A change that no case notices is only forgiven if it changes nothing: then the mutant must
//! decide every device of the whole finite space exactly as the original does.

mod mutants;
mod space;

use self::mutants::mutants;
use self::space::same_decisions;
use crate::policies::shipped;

#[test]
fn a_change_of_any_bound_list_effect_scope_need_or_mechanism_fails_a_case() {
    let mut killed = 0;
    let mut survivors = Vec::new();
    for (_, original) in shipped() {
        assert_eq!(original.run_cases(), [], "{}", original.id);
        for (what, mutant) in mutants(&original) {
            if !mutant.passes_cases() {
                killed += 1;
            } else if !same_decisions(&original, &mutant) {
                survivors.push(format!("{}: {what}", original.id));
            }
        }
    }
    assert!(survivors.is_empty(), "no case notices:\n{}", survivors.join("\n"));
    assert!(killed > 5_000, "only {killed} mutants were killed");
}

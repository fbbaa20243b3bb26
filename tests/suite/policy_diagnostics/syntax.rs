//! Any text is read, or refused with reasons that point into it.

use acceptance::{read, root};
use eligibility::policy::PolicyDocument;

/// Checks that a text is used, or refused with reasons that point into it.
fn check(text: &str) {
    if let Err(invalid) = PolicyDocument::parse(text) {
        let problems = invalid.into_problems();
        assert!(!problems.is_empty(), "refused without a reason:\n{text}");
        for problem in problems {
            let span = problem.primary.span.clone();
            assert!(text.get(span).is_some(), "{problem:?}\n{text}");
        }
    }
}

#[test]
fn a_text_that_ends_anywhere_or_lacks_a_character_is_refused_for_a_reason_in_it() {
    let whole = read(&root().join("policies/intune/2017-08-09.toml"));
    for at in (0..whole.len()).step_by(5) {
        check(&whole[..at]);
        check(&format!("{}{}", &whole[..at], &whole[at + 1..]));
    }
}

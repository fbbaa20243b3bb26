use super::*;
use crate::example::{self, ENROLLED};

const RULES: &str = r#"
    [[rule]]
    id = "profile"
    when = { platform = "android", os-version = ">=8.0" }
    then = "reset-passcode"
    needs = { reset-token = "active", passcode-required = true }
    source = "first bullet"

    [[rule]]
    id = "old"
    when = { platform = "android", os-version = "<=6.0" }
    intended = { os-version = "<7.0" }
    intended-because = "a later page says 6.x"
    then = "reset-passcode"
    source = "second bullet"

    [[rule]]
    id = "ios"
    when = { platform = "ios" }
    then = "remove-passcode"
    source = "third bullet"
"#;

fn document(cases: &str) -> PolicyDocument {
    example::document(&format!("{ENROLLED}{RULES}{cases}"))
}

const CASES: &str = r#"
    [[case]]
    facts = { platform = "android", management = "fully-managed", os-version = "9", reset-token = "active", passcode-required = false }
    expect = "ineligible"

    [[case]]
    facts = { platform = "android", management = "fully-managed", os-version = "6.0" }
    expect = "eligible"

    [[case]]
    facts = { platform = "ios", management = "not-managed" }
    expect = "eligible"
"#;

#[test]
fn a_case_that_fails_says_what_was_expected_and_what_came() {
    let document = document(CASES);
    let results: Vec<_> = results(&document).map(|result| result.to_string()).collect();
    assert_eq!(results.len(), 3);
    let failures: Vec<_> = failures(&document).collect();
    assert_eq!(failures.len(), 1, "{results:?}");
    assert_eq!(failures[0].case, 2);
    let text = "a case fails: expected verdict `eligible`, got `ineligible`";
    assert_eq!(failures[0].to_string(), text);
    assert_eq!(describe(&failures[0].device), "platform ios, management not-managed");
}

#[test]
fn coverage_counts_what_stands_behind_the_answers() {
    let document = document(CASES);
    let share = |reached, all| Share { reached, all };
    let literal = coverage(&document, Reading::Literal).unwrap();
    assert_eq!(literal.rules, share(2, 3));
    assert_eq!(literal.prerequisites, share(1, 1));
    assert_eq!((literal.needs_met, literal.needs_broken), (share(1, 2), share(1, 2)));
    assert_eq!(uncovered_clauses(&document, Reading::Literal), [Clause::Rule(2)]);
    // A rule that reads otherwise when it is read as intended is not covered by a literal case.
    let open = [Clause::Rule(1), Clause::Rule(2)];
    assert_eq!(uncovered_clauses(&document, Reading::Intended), open);
    let reaching: Vec<_> =
        reaching(&document, Clause::Rule(1)).into_iter().map(|(case, _)| case).collect();
    assert_eq!(reaching, [1]);
    // Without any case, everything is open.
    let open = coverage(&self::document(""), Reading::Literal).unwrap();
    assert_eq!((open.rules, open.prerequisites), (share(0, 3), share(0, 1)));
    assert_eq!((open.cells.reached, literal.cells.reached), (0, 2));
}

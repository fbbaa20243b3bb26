//! What holds for every policy and every device.

use eligibility::decide::{Cause, Decision, Verdict, VerdictWord, decide};
use eligibility::facts::{Fact, FactName};
use eligibility::policy::Scope;
use proptest::prelude::*;
use testkit::{any_facts, any_policy, less_known};

fn every_outcome(decision: &Decision) -> impl Iterator<Item = &eligibility::decide::Outcome> {
    let scopes = Scope::ALL.iter().map(|scope| decision.scope(*scope));
    std::iter::once(decision.headline()).chain(scopes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn adding_knowledge_only_refines(policy in any_policy(), (more, less) in less_known()) {
        let before = decide(&policy, &less);
        let after = decide(&policy, &more);
        for (before, after) in every_outcome(&before).zip(every_outcome(&after)) {
            match before.verdict() {
                Verdict::Undetermined(Cause::MissingFacts) | Verdict::Conditional => {}
                settled => prop_assert_eq!(settled, after.verdict()),
            }
        }
        for scope in Scope::ALL {
            if before.scope(*scope).verdict() == Verdict::Conditional {
                // Breaking one of several needs can leave too little known, but never shows a
                // gap or a conflict.
                let cause = after.scope(*scope).verdict().cause();
                prop_assert!(matches!(cause, None | Some(Cause::MissingFacts)));
            }
        }
    }

    #[test]
    fn a_fact_that_is_not_missing_cannot_change_the_verdict(
        policy in any_policy(),
        (more, less) in less_known(),
    ) {
        let before = decide(&policy, &less);
        let mut learned = less;
        let needed: Vec<_> =
            policy.rules.iter().flat_map(|rule| rule.needs.facts().iter()).collect();
        for kind in FactName::ALL {
            if !before.headline().missing().contains(*kind) && !needed.contains(kind) {
                learned.set(*kind, more.get(*kind));
            }
        }
        let missing = before.headline().missing();
        if !missing.is_empty() && learned.possible() {
            prop_assert_eq!(
                decide(&policy, &learned).headline().verdict().word(),
                VerdictWord::Undetermined
            );
        }
    }

    #[test]
    fn exactly_the_undetermined_for_want_of_facts_list_missing_facts(
        policy in any_policy(),
        facts in any_facts(),
    ) {
        for outcome in every_outcome(&decide(&policy, &facts)) {
            let wants = outcome.verdict() == Verdict::Undetermined(Cause::MissingFacts);
            prop_assert_eq!(wants, !outcome.missing().is_empty());
            prop_assert_eq!(outcome.action().is_some() && !outcome.verdict().allows(), false);
            for kind in outcome.missing().iter() {
                prop_assert_eq!(facts.get(kind), Fact::Unknown);
            }
            prop_assert!(!outcome.reasons().is_empty());
        }
    }
}

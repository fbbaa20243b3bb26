//! Properties of every policy and every device.

use eligibility::decide::{Cause, Decision, Verdict, VerdictWord, decide};
use eligibility::facts::{Fact, FactName, Facts, Value};
use eligibility::policy::{Policy, Scope};
use proptest::prelude::*;
use testkit::{any_facts, any_policy, less_known};

fn every_outcome(decision: &Decision) -> impl Iterator<Item = &eligibility::decide::Outcome> {
    let scopes = Scope::ALL.iter().map(|scope| decision.scope(*scope));
    std::iter::once(decision.headline()).chain(scopes)
}

/// Returns every device that a device with a fact that is one of a set may be.
fn members(facts: &Facts, fact: FactName) -> Vec<Facts> {
    let Fact::OneOf(set) = facts.get(fact) else { return Vec::new() };
    let known = set.iter().map(|choice| {
        let mut member = *facts;
        member.set(fact, Fact::Known(Value::Choice(choice)));
        member
    });
    known.filter(Facts::possible).collect()
}

/// Returns the facts that the rules need, and those that narrow them: a platform has only some of
/// the management modes.
fn needed(policy: &Policy) -> Vec<FactName> {
    let needs = policy.rules.iter().flat_map(|rule| rule.needs.facts().iter());
    let mut needed: Vec<_> = needs.collect();
    let companions = [FactName::Platform, FactName::Management];
    if companions.iter().any(|one| needed.contains(one)) {
        needed.extend(companions);
    }
    needed
}

/// Returns the common decision of some devices: eligible and conditional together are conditional.
fn join(verdicts: &[Verdict]) -> Verdict {
    match verdicts {
        [first, others @ ..] if others.iter().all(|other| other == first) => *first,
        all if all.iter().all(|verdict| verdict.allows()) => Verdict::Conditional,
        _ => Verdict::Undetermined(Cause::MissingFacts),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_set_is_decided_as_all_its_members_together(
        policy in any_policy(),
        facts in any_facts(),
    ) {
        let needed = needed(&policy);
        let decision = decide(&policy, &facts);
        for fact in FactName::ALL.iter().filter(|fact| !needed.contains(fact)) {
            let members: Vec<_> =
                members(&facts, *fact).iter().map(|member| decide(&policy, member)).collect();
            if members.is_empty() {
                continue;
            }
            for (at, outcome) in every_outcome(&decision).enumerate() {
                let of_members: Vec<_> =
                    members.iter().filter_map(|member| every_outcome(member).nth(at)).collect();
                let verdicts: Vec<_> = of_members.iter().map(|one| one.verdict()).collect();
                prop_assert_eq!(outcome.verdict(), join(&verdicts));
                let action = of_members[0].action();
                let common = of_members.iter().all(|one| one.action() == action);
                if outcome.verdict().allows() {
                    prop_assert_eq!(outcome.action(), action.filter(|_| common));
                }
                if outcome.missing().is_empty() || outcome.missing().contains(*fact) {
                    continue;
                }
                // A fact that is not missing changes no verdict.
                prop_assert!(verdicts.iter().all(|one| *one == outcome.verdict()));
            }
        }
    }

    #[test]
    fn a_set_that_satisfies_what_is_needed_is_as_good_as_one_value_of_it(
        policy in any_policy(),
        facts in any_facts(),
    ) {
        let deciding = policy.deciding_facts();
        let decision = decide(&policy, &facts);
        for fact in FactName::ALL.iter().filter(|fact| !deciding.contains(**fact)) {
            let verdicts: Vec<_> = members(&facts, *fact)
                .iter()
                .map(|member| decide(&policy, member).headline().verdict())
                .collect();
            if let [first, others @ ..] = verdicts.as_slice()
                && others.iter().all(|other| other == first)
                && *first == Verdict::Eligible
            {
                prop_assert_eq!(decision.headline().verdict(), Verdict::Eligible);
            }
        }
    }

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
        let needed = needed(&policy);
        for fact in FactName::ALL {
            if !before.headline().missing().contains(*fact) && !needed.contains(fact) {
                learned.set(*fact, more.get(*fact));
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
            for fact in outcome.missing().iter() {
                prop_assert!(!facts.get(fact).is_known());
            }
            prop_assert!(!outcome.reasons().is_empty());
        }
    }
}

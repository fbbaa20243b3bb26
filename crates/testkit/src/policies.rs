//! Random policies.

use eligibility::facts::{ChoiceSet, FactName, OsVersion};
use eligibility::policy::{
    Condition, Conjunction, Effect, Mechanism, Policy, Prerequisite, Reading, Rule, Scope, Test,
    VersionRange, VersionSet,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// The facts of random conditions: few, so that rules meet.
const ASKED: [FactName; 5] = [
    FactName::Platform,
    FactName::Management,
    FactName::OsVersion,
    FactName::ResetToken,
    FactName::PasscodeSet,
];

fn any_test(name: FactName) -> BoxedStrategy<Test> {
    if name == FactName::OsVersion {
        return vec((0_u32..10, 0_u32..3, 1_u32..6), 1..3)
            .prop_map(|ranges| {
                let ranges = ranges.into_iter().map(|(major, minor, width)| VersionRange {
                    from: OsVersion::new([major, minor, 0, 0]),
                    before: (width < 5).then(|| OsVersion::new([major + width, 0, 0, 0])),
                });
                Test::Versions(VersionSet::from_ranges(ranges))
            })
            .boxed();
    }
    let size = name.choices().len();
    let choices: Vec<_> = (0..u8::try_from(size).expect("closed sets are small")).collect();
    subsequence(choices, 1..size)
        .prop_map(|some| Test::Choices(ChoiceSet::from_choices(some)))
        .boxed()
}

fn any_conjunction(
    asked: &[FactName],
    facts: std::ops::Range<usize>,
) -> impl Strategy<Value = Conjunction> + use<> {
    subsequence(asked.to_vec(), facts)
        .prop_flat_map(|names| {
            let each = names
                .into_iter()
                .map(|fact| any_test(fact).prop_map(move |test| Condition { fact, test }));
            each.collect::<Vec<_>>()
        })
        .prop_map(Conjunction::new)
}

fn any_rule(asked: &[FactName], needed: &[FactName]) -> impl Strategy<Value = Rule> + use<> {
    let mechanism = prop_oneof![
        Just(None),
        Just(Some(Mechanism::ClearPasscode)),
        Just(Some(Mechanism::ResetPasswordWithToken)),
    ];
    let parts = (
        any_conjunction(asked, 1..4),
        select(Effect::ALL),
        select(Scope::ALL),
        mechanism,
        any_conjunction(needed, 0..2),
    );
    parts.prop_map(|(when, then, scope, mechanism, needs)| Rule {
        id: String::new(),
        when,
        then,
        scope,
        mechanism,
        needs: if then == Effect::Unsupported { Conjunction::default() } else { needs },
        source: String::new(),
        rank: 0,
    })
}

/// Returns any policy of up to seven rules in up to three ranks, with a prerequisite half of the
/// time.
pub fn any_policy() -> impl Strategy<Value = Policy> {
    policy_about(&ASKED, &ASKED)
}

/// Returns any policy as [`any_policy`] does, whose conditions and needs are about at least three
/// and two facts.
pub fn policy_about(
    asked: &[FactName],
    needed: &[FactName],
) -> impl Strategy<Value = Policy> + use<> {
    let prerequisite = vec(any_conjunction(asked, 1..2), 0..2);
    // All rules of one rank, each of its own, or layers of a policy that extends another.
    let size = prop_oneof![Just(8_u16), Just(1), 2_u16..4];
    (vec(any_rule(asked, needed), 0..8), prerequisite, size).prop_map(
        |(rules, prerequisites, size)| Policy {
            id: "random".to_owned(),
            reading: Reading::Literal,
            prerequisites: (0..)
                .zip(prerequisites)
                .map(|(index, holds): (usize, _)| Prerequisite {
                    id: format!("prerequisite-{index}"),
                    holds,
                    source: String::new(),
                })
                .collect(),
            rules: (0..)
                .zip(rules)
                .map(|(index, rule): (u16, _)| Rule {
                    id: format!("rule-{index}"),
                    rank: index / size,
                    ..rule
                })
                .collect(),
        },
    )
}

/// Returns a policy of many rules as a large organisation would have them: each covers one Android
/// management mode, a stretch of versions and often an owner. Neighbours overlap now and then.
pub fn layered_policy(rules: u32) -> Policy {
    let choice =
        |fact, choice| Condition { fact, test: Test::Choices(ChoiceSet::from_choices([choice])) };
    let layer = |index: u32| {
        let (mode, step) = (index % 7, index / 7);
        let from = OsVersion::new([4 + step / 20, step % 20, 0, 0]);
        let width = if step % 11 == 0 { 3 } else { 1 };
        let before = OsVersion::new([4 + (step + width) / 20, (step + width) % 20, 0, 0]);
        let range = VersionRange { from, before: Some(before) };
        let mut when = vec![
            choice(FactName::Platform, 0),
            choice(FactName::Management, u8::try_from(mode).expect("seven modes")),
            Condition {
                fact: FactName::OsVersion,
                test: Test::Versions(VersionSet::from_ranges([range])),
            },
        ];
        if step % 3 == 0 {
            when.push(choice(FactName::Ownership, u8::from(step % 2 == 0)));
        }
        let allowed = step % 2 == 0;
        let needs = allowed.then(|| choice(FactName::ResetToken, 2));
        Rule {
            id: format!("rule-{index}"),
            when: Conjunction::new(when),
            then: if allowed { Effect::ResetPasscode } else { Effect::Unsupported },
            scope: if (1..3).contains(&mode) { Scope::WorkProfile } else { Scope::Device },
            mechanism: None,
            needs: Conjunction::new(needs),
            source: format!("line {index}"),
            rank: 0,
        }
    };
    Policy {
        id: format!("layered-{rules}"),
        reading: Reading::Literal,
        prerequisites: Vec::new(),
        rules: (0..rules).map(layer).collect(),
    }
}

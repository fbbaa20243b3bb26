use eligibility::facts::{Fact, FactName, Facts};

use super::{Group, Summary, VerdictCounts, differences};
use crate::example::{device, known, policy, program};
use crate::{Census, Program};

use eligibility::decide::{Cause, ReasonCode, VerdictWord};

/// Each device with its number, and what it is there for.
const DEVICES: [(&str, u64); 9] = [
    ("platform=ios management=device-enrollment", 3),
    (
        "platform=android management=personal-work-profile os-version=9 reset-token=active passcode-required=true",
        2,
    ),
    // Both needs are open.
    ("platform=android management=personal-work-profile os-version=9", 5),
    // One need is broken, and one is open.
    ("platform=android management=personal-work-profile os-version=9 reset-token=absent", 4),
    ("platform=android management=device-administrator", 6),
    ("platform=ios management=not-managed", 1),
    // Whether rules contradict each other depends on the version.
    ("platform=android management=fully-managed", 7),
    ("platform=android management=fully-managed os-version=14", 2),
    ("platform=linux management=mdm", 8),
];

fn census(policies: &[&Program], by: &[FactName]) -> Census {
    let policies: Vec<_> = policies.iter().map(|program| program.policy()).collect();
    let mut census = Census::new(&policies, by);
    for (text, number) in DEVICES {
        (0..number).for_each(|_| census.add(&device(text)));
    }
    census
}

#[test]
fn a_summary_counts_every_device_in_every_way() {
    let program = program();
    let summary = Summary::new(&program, &census(&[&program], &[]), &[]);
    let counts = VerdictWord::ALL.iter().map(|word| summary.verdicts.of(*word));
    assert_eq!(counts.collect::<Vec<_>>(), [5, 5, 11, 17]);
    assert_eq!(summary.verdicts.devices(), 38);
    let causes = [Cause::MissingFacts, Cause::NoRuleMatches, Cause::Conflict]
        .map(|cause| summary.causes.get(&cause).copied().unwrap_or_default());
    assert_eq!(causes, [7, 8, 2]);
    let reason = |code| summary.reasons.get(&code).copied().unwrap_or_default();
    assert_eq!(reason(ReasonCode::Supported), 5);
    // A device counts once, though two of its needs are open.
    assert_eq!(reason(ReasonCode::NeedUnknown), 5);
    assert_eq!(reason(ReasonCode::NeedBroken), 4);
    assert_eq!(reason(ReasonCode::PrerequisiteBroken), 1);
    assert_eq!(reason(ReasonCode::Unsupported), 6);
    assert_eq!(reason(ReasonCode::Conflict), 2);
    let rules: Vec<_> = summary.rules.iter().map(|(rule, devices)| (*rule, *devices)).collect();
    assert_eq!(rules, [(0, 11), (1, 6), (2, 2), (3, 2), (4, 3)]);
    let facts = |counts: &std::collections::BTreeMap<FactName, u64>| {
        counts.iter().map(|(fact, devices)| (fact.as_str(), *devices)).collect::<Vec<_>>()
    };
    assert_eq!(facts(&summary.open_needs), [("passcode-required", 5), ("reset-token", 5)]);
    assert_eq!(facts(&summary.broken_needs), [("reset-token", 4)]);
    assert_eq!(facts(&summary.missing), [("os-version", 7)]);
    let why = summary.why.iter().filter(|((word, _), _)| *word == VerdictWord::Conditional);
    assert_eq!(why.map(|(_, devices)| *devices).collect::<Vec<_>>(), [5, 5]);
    assert_eq!(summary.groups.len(), 1);
    assert!(summary.groups[0].values.is_empty());
}

#[test]
fn groups_have_the_values_in_the_order_that_was_asked_for() {
    let program = program();
    let by = [FactName::Management, FactName::Platform];
    let summary = Summary::new(&program, &census(&[&program], &by), &by);
    assert_eq!(summary.groups.len(), 6);
    let sum: u64 = summary.groups.iter().map(|group| group.verdicts.devices()).sum();
    assert_eq!(sum, 38);
    let values =
        vec![known(FactName::Management, "fully-managed"), known(FactName::Platform, "android")];
    let mut verdicts = VerdictCounts::default();
    verdicts.add(VerdictWord::Undetermined, 9);
    assert!(summary.groups.contains(&Group { values, verdicts }));
}

#[test]
fn differences_pair_the_decisions_of_both_programs() {
    let before = program();
    let mut rules = policy();
    rules.rules.retain(|rule| rule.id != "company-anew");
    let after = Program::new(rules);
    let pairs = differences(&before, &after, &census(&[&before, &after], &[]));
    assert_eq!(pairs.values().sum::<u64>(), 38);
    let word = |program: &Program, id| program.decision(id).headline().verdict().word();
    let changed: Vec<_> = pairs
        .iter()
        .map(|((one, other), devices)| (word(&before, *one), word(&after, *other), *devices))
        .filter(|(one, other, _)| one != other)
        .collect();
    let undetermined = (VerdictWord::Undetermined, VerdictWord::Eligible);
    assert_eq!(changed.iter().map(|(_, _, devices)| devices).sum::<u64>(), 9);
    assert!(changed.iter().all(|(one, other, _)| (*one, *other) == undetermined));
}

#[test]
fn a_census_distinguishes_what_decides_and_what_is_requested() {
    let program = program();
    let of = |by: &[FactName]| {
        let mut census = Census::new(&[program.policy()], by);
        for version in ["14", "14.1", "15", "8", "8.0", "7"] {
            census.add(&device(&format!("platform=android os-version={version}")));
        }
        census
            .cells()
            .into_iter()
            .map(|(facts, devices)| (facts.os_version, devices))
            .collect::<Vec<_>>()
    };
    let counts = |cells: Vec<(Fact<_>, u64)>| cells.into_iter().map(|(_, n)| n).collect::<Vec<_>>();
    assert_eq!(counts(of(&[])), [1, 2, 3]);
    assert_eq!(counts(of(&[FactName::OsVersion])), [1, 2, 1, 1, 1]);
    let versions: Vec<_> =
        of(&[FactName::OsVersion]).into_iter().map(|(version, _)| version).collect();
    assert!(versions.is_sorted());
}

#[test]
fn devices_that_are_taken_out_leave_no_cell_behind() {
    let mut census = Census::new(&[], &[FactName::Platform]);
    let [ios, linux] = ["platform=ios", "platform=linux"].map(device);
    [ios, ios, linux].iter().for_each(|facts| census.add(facts));
    census.remove(&linux, 1);
    census.remove(&ios, 1);
    assert_eq!(census.cells(), [(ios, 1)]);
    let taken = std::panic::catch_unwind(move || census.remove(&Facts::default(), 0));
    assert!(taken.is_err(), "devices that were never counted cannot be taken out");
}

#[test]
fn a_program_decides_a_cell_once_and_numbers_different_decisions() {
    let program = program();
    let [eight, nine] = ["8", "9"].map(|version| {
        device(&format!("platform=android management=personal-work-profile os-version={version}"))
    });
    let old = device("platform=android management=personal-work-profile os-version=7");
    assert_eq!(program.decide(&eight), program.decide(&nine));
    assert_ne!(program.decide(&eight), program.decide(&old));
    assert_eq!(program.decisions().len(), 2);
    // Cells that no rule covers have one decision.
    let linux = device("platform=linux");
    assert_ne!(program.cells().cell(&linux), program.cells().cell(&old));
    assert_eq!(program.decide(&linux), program.decide(&old));
    assert_eq!(program.decisions().len(), 2);
    for (position, decision) in program.decisions().iter().enumerate() {
        let facts = [eight, old][position];
        assert_eq!(program.decide(&facts).index(), position);
        assert_eq!(program.decision(program.decide(&facts)), *decision);
    }
}

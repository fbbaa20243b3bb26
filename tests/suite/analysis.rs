//! The analysis of policies, held against every device of the space, one by one.

use std::collections::BTreeSet;

use acceptance::{files, read, root};
use eligibility::analysis::{
    Change, Promise, Releases, RuleProblem, Side, Survey, check, difference,
};
use eligibility::facts::{Fact, FactName, FactSet, Facts, OsVersion, Platform, Value, presumed};
use eligibility::policy::{
    Conjunction, Effect, Policy, PolicyDocument, Reading, Rule, Scope, Test, Truth,
};
use proptest::prelude::*;
use testkit::{any_policy, policy_about};

/// Returns every device, as far as the policies can tell devices apart by these facts; the others are
/// those of `known`.
fn devices(policies: &[&Policy], facts: FactSet, known: &Facts) -> Vec<Facts> {
    let mut devices = vec![*known];
    for fact in facts.iter() {
        let values = values(policies, fact);
        devices = devices
            .iter()
            .flat_map(|device| {
                values.iter().map(|value| {
                    let mut device = *device;
                    device.set(fact, Fact::Known(*value));
                    device
                })
            })
            .filter(Facts::possible)
            .collect();
    }
    devices
}

/// Returns every device that decides which rules of a policy match.
fn distinguished(policy: &Policy) -> Vec<Facts> {
    devices(&[policy], policy.deciding_facts(), &Facts::default())
}

fn values(policies: &[&Policy], fact: FactName) -> Vec<Value> {
    if fact != FactName::OsVersion {
        let choices = 0..u8::try_from(fact.choices().len()).unwrap();
        return choices.map(Value::Choice).collect();
    }
    let mut versions = vec![OsVersion::MIN];
    for condition in policies.iter().flat_map(|policy| policy.conditions()) {
        if let Test::Versions(set) = &condition.test {
            versions
                .extend(set.ranges().iter().flat_map(|one| [Some(one.from), one.before]).flatten());
        }
    }
    versions.sort_unstable();
    versions.dedup();
    versions.into_iter().map(Value::Version).collect()
}

fn presupposed(policy: &Policy, device: &Facts) -> bool {
    policy.prerequisites.iter().all(|one| one.holds.truth(device) == Truth::Holds)
}

/// Returns what a policy promises to a device, straight from its rules; `without` leaves a rule
/// out.
fn promise(policy: &Policy, device: &Facts, scope: Scope, without: Option<usize>) -> Promise {
    if !presupposed(policy, device) {
        return Promise::Refused;
    }
    let mut rules: Vec<&Rule> = (0..)
        .zip(&policy.rules)
        .filter(|(index, rule)| Some(*index) != without && rule.scope == scope)
        .map(|(_, rule)| rule)
        .filter(|rule| rule.when.truth(device) == Truth::Holds)
        .collect();
    let lowest = rules.first().map(|rule| rule.rank);
    rules.retain(|rule| Some(rule.rank) == lowest);
    let Some(first) = rules.first() else { return Promise::Gap };
    if !rules.iter().all(|rule| rule.same_effect(first)) {
        return Promise::Conflict;
    }
    match first.then {
        Effect::Unsupported => Promise::Refused,
        _ => Promise::Allowed {
            action: first.then.action().unwrap(),
            mechanism: first.mechanism,
            needs: first.needs.clone(),
        },
    }
}

/// A promise that is kept, and the scope at which something is allowed.
type Outcome = (Promise, Option<Scope>);

/// Returns a promise to a device whose needs are known: it allows what it allows, or refuses.
fn kept(promise: Promise, scope: Option<Scope>, device: &Facts) -> Outcome {
    match promise {
        Promise::Allowed { needs, .. } if needs.truth(device) != Truth::Holds => {
            (Promise::Refused, None)
        }
        Promise::Allowed { action, mechanism, .. } => {
            (Promise::Allowed { action, mechanism, needs: Conjunction::default() }, scope)
        }
        promise => (promise, None),
    }
}

/// Returns what a fully known device gets from a policy, straight from its rules.
fn outcome(policy: &Policy, device: &Facts, at: Option<Scope>) -> Outcome {
    let of = |scope| kept(promise(policy, device, scope, None), Some(scope), device);
    let rank = |outcome: &Outcome| match outcome.0 {
        Promise::Allowed { .. } => 0,
        Promise::Conflict => 1,
        Promise::Refused => 2,
        Promise::Gap => 3,
    };
    match at {
        Some(scope) => of(scope),
        None => [of(Scope::Device), of(Scope::WorkProfile)].into_iter().min_by_key(rank).unwrap(),
    }
}

/// Returns what a fully known device gets by a side of a change.
fn told(side: &Side, device: &Facts) -> Outcome {
    let each = side.alternatives().map(|one| kept(one.promise.clone(), one.scope, device));
    let each: Vec<_> = each.collect();
    let shown = each.iter().find(|one| one.0 != Promise::Refused);
    shown.or(each.first()).unwrap().clone()
}

/// Checks that every region holds exactly the devices that it should: no change is missing, and none
/// is listed where no device gets anything else.
fn check_difference(before: &Policy, after: &Policy, changes: &[Change]) {
    for change in changes {
        assert!(change.region.holds(change.region.witness()), "{}", change.region);
        assert!(change.region.witness().possible());
    }
    let policies = [before, after];
    let deciding = policies.iter().fold(FactSet::EMPTY, |all, one| all.union(one.deciding_facts()));
    let needed = policies.iter().fold(FactSet::EMPTY, |all, one| all.union(one.facts()));
    let needed: FactSet = needed.iter().filter(|fact| !deciding.contains(*fact)).collect();
    for cell in devices(&policies, deciding, &Facts::default()) {
        if !presupposed(before, &cell) && !presupposed(after, &cell) {
            continue;
        }
        let here: Vec<_> = changes.iter().filter(|change| change.region.holds(&cell)).collect();
        let devices = devices(&policies, needed, &cell);
        for at in [None, Some(Scope::Device), Some(Scope::WorkProfile)] {
            if at.is_some() && here.iter().any(|change| change.at.is_none()) {
                assert!(here.iter().all(|change| change.at.is_none()));
                continue;
            }
            let found: Vec<_> = here.iter().filter(|change| change.at == at).collect();
            let mut differs = false;
            for device in &devices {
                let (from, to) = (outcome(before, device, at), outcome(after, device, at));
                differs |= from != to;
                for change in &found {
                    assert_eq!(told(&change.from, device), from, "{device:?} by {change}");
                    assert_eq!(told(&change.to, device), to, "{device:?} by {change}");
                }
            }
            assert_eq!(!found.is_empty(), differs, "{cell:?} at {at:?}");
        }
    }
}

fn check_one(policy: &Policy) {
    let found = check(policy, &Releases::default()).unwrap();
    let devices: Vec<_> =
        distinguished(policy).into_iter().filter(|device| presupposed(policy, device)).collect();
    for device in &devices {
        let gap = Scope::ALL.iter().all(|s| promise(policy, device, *s, None) == Promise::Gap);
        let told = found.gaps.iter().any(|region| region.holds(device));
        assert_eq!(told, gap, "{device:?}");
        for scope in Scope::ALL.iter().copied() {
            let promised = promise(policy, device, scope, None);
            let told = found.scope_gaps.iter().any(|(at, one)| *at == scope && one.holds(device));
            assert_eq!(told, promised == Promise::Gap && !gap, "{device:?} at {scope}");
            let told = found.conflicts.iter().any(|(at, _, one)| *at == scope && one.holds(device));
            assert_eq!(told, promised == Promise::Conflict, "{device:?} at {scope}");
        }
    }
    for (index, rule) in policy.rules.iter().enumerate() {
        let problem = found.rules.iter().find(|(at, _)| usize::from(*at) == index);
        check_rule(policy, &devices, index, rule, problem.map(|(_, problem)| problem));
    }
}

/// Checks the problem of a rule against every device.
fn check_rule(
    policy: &Policy,
    devices: &[Facts],
    index: usize,
    rule: &Rule,
    problem: Option<&RuleProblem>,
) {
    let mine: Vec<_> = devices.iter().filter(|one| rule.when.truth(one) == Truth::Holds).collect();
    let first = |device: &Facts| {
        let earlier = policy.rules[..index].iter().filter(|other| other.scope == rule.scope);
        let mut earlier = earlier.filter(|other| other.rank < rule.rank);
        earlier.all(|other| other.when.truth(device) != Truth::Holds)
    };
    let decides = |device: &Facts| {
        first(device) && promise(policy, device, rule.scope, None) != Promise::Conflict
    };
    let whole = |device: &Facts| promise(policy, device, rule.scope, None);
    let changes =
        |device: &Facts| promise(policy, device, rule.scope, Some(index)) != whole(device);
    let expected = if mine.is_empty() {
        "never matches"
    } else if !mine.iter().any(|device| decides(device)) {
        match mine.iter().any(|device| first(device)) {
            false => "masked",
            true => "only conflicts",
        }
    } else if !mine.iter().any(|device| changes(device)) {
        "changes nothing"
    } else if rule.then != Effect::Unsupported
        && !mine.iter().any(|device| rule.needs.truth(device) != Truth::Fails)
    {
        "needs never hold"
    } else {
        "works"
    };
    let found = match problem {
        None => "works",
        Some(RuleProblem::NeverMatches) => "never matches",
        Some(RuleProblem::Masked(_)) => "masked",
        Some(RuleProblem::OnlyConflicts(_)) => "only conflicts",
        Some(RuleProblem::ChangesNothing(_)) => "changes nothing",
        Some(RuleProblem::NeedsNeverHold) => "needs never hold",
    };
    assert_eq!(found, expected, "rule {}", rule.id);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_check_is_complete_on_random_policies(policy in any_policy()) {
        check_one(&policy);
    }

    #[test]
    fn a_difference_is_complete_on_random_policies(before in any_policy(), after in any_policy()) {
        let changes = difference(&before, &after, &Releases::default()).unwrap();
        check_difference(&before, &after, &changes);
    }
}

/// Returns a policy about few devices: its rules meet at both scopes, and some of what they need
/// distinguishes devices.
fn policy_of_a_small_space() -> impl Strategy<Value = Policy> {
    use FactName::{Ownership, PasscodeRequired, PasscodeSet, Supervised};
    let asked = [Ownership, Supervised, PasscodeSet];
    policy_about(&asked, &[Supervised, PasscodeRequired, FactName::Encrypted])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_difference_is_complete_where_needs_distinguish_devices(
        before in policy_of_a_small_space(),
        after in policy_of_a_small_space(),
    ) {
        let changes = difference(&before, &after, &Releases::default()).unwrap();
        check_difference(&before, &after, &changes);
    }
}

/// Returns what is found out about a device in the surveys below: what a policy promises at each
/// scope, and of devices that break its prerequisites nothing, as if there were none.
fn promised(policy: &Policy, device: &Facts) -> Option<BTreeSet<(Scope, Promise)>> {
    let of = |scope: &Scope| (*scope, promise(policy, device, *scope, None));
    presupposed(policy, device).then(|| Scope::ALL.iter().map(of).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_regions_of_a_survey_hold_exactly_what_was_found_out(policy in any_policy()) {
        let survey = Survey {
            platforms: Platform::ALL.to_vec(),
            facts: policy.deciding_facts(),
            versions: policy.version_bounds(),
        };
        let regions = survey.regions(&Releases::default(), |device| promised(&policy, device)).unwrap();
        for (label, region) in &regions {
            let found = promised(&policy, region.witness());
            prop_assert!(found.is_some_and(|labels| labels.contains(label)), "{region}");
        }
        for device in distinguished(&policy) {
            let Some(labels) = promised(&policy, &device) else { continue };
            let told: BTreeSet<_> = regions
                .iter()
                .filter(|(_, region)| region.holds(&device))
                .map(|(label, _)| label.clone())
                .collect();
            // A survey distinguishes platform, mode and version, whatever the policy tests.
            if device.platform.is_known() && device.os_version.is_known() {
                prop_assert_eq!(&told, &labels);
            }
        }
    }
}

fn shipped() -> Vec<PolicyDocument> {
    let parse = |path: &std::path::PathBuf| PolicyDocument::parse(&read(path)).unwrap().0;
    files("policies/intune", "toml").iter().map(parse).collect()
}

fn releases() -> Releases {
    Releases::parse(&read(&root().join("policies/releases.toml"))).unwrap()
}

#[test]
fn checks_and_differences_of_shipped_policies_are_complete() {
    for reading in Reading::ALL {
        let policies: Vec<_> = shipped().iter().map(|one| one.read(*reading)).collect();
        policies.iter().for_each(check_one);
        for pair in policies.windows(2) {
            let changes = difference(&pair[0], &pair[1], &releases()).unwrap();
            check_difference(&pair[0], &pair[1], &changes);
        }
        let (first, last) = (&policies[0], &policies[policies.len() - 1]);
        check_difference(first, last, &difference(first, last, &releases()).unwrap());
    }
}

#[test]
fn a_policy_does_not_differ_from_itself() {
    for document in shipped() {
        let policy = document.read(Reading::Literal);
        assert_eq!(difference(&policy, &policy, &releases()).unwrap(), []);
    }
}

/// Returns the gaps of a shipped policy that are about Android, each with its witness.
fn android_gaps(id: &str) -> Vec<(String, String)> {
    let policy = shipped().into_iter().find(|one| one.id == id).unwrap().read(Reading::Literal);
    let found = check(&policy, &releases()).unwrap();
    let android = Value::Choice(0);
    found
        .gaps
        .iter()
        .filter(|gap| gap.witness().get(FactName::Platform) == Fact::Known(android))
        .map(|gap| (gap.to_string(), gap.witness().os_version.to_string()))
        .collect()
}

#[test]
fn the_page_of_2018_03_29_has_its_gap_at_6_0_1() {
    let gaps = android_gaps("intune-2018-03-29");
    assert_eq!(gaps, [("android; >6.0, <7.0".to_owned(), "6.0.1".to_owned())]);
}

#[test]
fn the_page_of_2018_06_25_has_its_gaps_at_6_0_1_and_7_1() {
    let witnesses: Vec<_> =
        android_gaps("intune-2018-06-25").into_iter().map(|(_, version)| version).collect();
    assert_eq!(witnesses, ["6.0.1", "7.1"]);
}

#[test]
fn the_page_of_2018_03_15_contradicts_itself_on_windows() {
    let document = shipped().into_iter().find(|one| one.id == "intune-2018-03-15").unwrap();
    let policy = document.read(Reading::Literal);
    let found = check(&policy, &releases()).unwrap();
    let regions: Vec<_> = found.conflicts.iter().map(|(_, _, one)| one.to_string()).collect();
    assert_eq!(regions, ["windows; >=10.0.15063"]);
}

#[test]
fn what_is_presumed_of_unknown_facts_leaves_every_fact_a_value() {
    for fact in FactName::ALL.iter().filter(|fact| **fact != FactName::OsVersion) {
        let choices = 0..u8::try_from(fact.choices().len()).unwrap();
        assert!(choices.map(Value::Choice).any(|value| presumed(*fact, value)), "{fact}");
    }
}

#[test]
fn every_gap_and_conflict_of_a_shipped_policy_is_reached_by_a_case() {
    for document in shipped() {
        for reading in Reading::ALL {
            let found = check(&document.read(*reading), &releases()).unwrap();
            let literal_too = document.rules.iter().all(|rule| rule.intended_because.is_empty());
            if *reading == Reading::Intended && literal_too {
                continue;
            }
            let open: Vec<_> =
                found.unreached(&document, *reading).map(ToString::to_string).collect();
            assert_eq!(open, Vec::<String>::new(), "{} {reading}", document.id);
        }
    }
}

//! All policies that differ from one in a single step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use eligibility::facts::{ChoiceSet, FactName, FactValue, OsVersion, Platform};
use eligibility::policy::{
    Condition, Conjunction, Effect, HitPolicy, Mechanism, PolicyDocument, Scope, Test,
    VersionRange, VersionSet,
};

use crate::policies::releases;

/// Returns each mutant with what was changed.
pub(super) fn mutants(original: &PolicyDocument) -> Vec<(String, PolicyDocument)> {
    let mut all = Vec::new();
    let mut push = |what: String, change: &dyn Fn(&mut PolicyDocument)| {
        let mut mutant = original.clone();
        change(&mut mutant);
        all.push((what, mutant));
    };
    push("hit-policy".to_owned(), &|mutant| mutant.hit_policy = HitPolicy::First);
    for (at, prerequisite) in original.prerequisites.iter().enumerate() {
        for (what, holds) in changed(&prerequisite.holds, &[]) {
            let name = format!("{}: holds {what}", prerequisite.id);
            push(name, &|mutant| mutant.prerequisites[at].holds = holds.clone());
        }
    }
    for (at, rule) in original.rules.iter().enumerate() {
        let released = released_on(&rule.when);
        for (what, when) in changed(&rule.when, &released) {
            push(format!("{}: when {what}", rule.id), &|one| one.rules[at].when = when.clone());
        }
        for (what, intended) in changed(&rule.intended, &released) {
            let name = format!("{}: intended {what}", rule.id);
            push(name, &|mutant| mutant.rules[at].intended = intended.clone());
        }
        for (what, needs) in changed(&rule.needs, &released) {
            push(format!("{}: needs {what}", rule.id), &|one| one.rules[at].needs = needs.clone());
        }
        for then in Effect::ALL.iter().filter(|then| **then != rule.then) {
            push(format!("{}: then {then}", rule.id), &|mutant| mutant.rules[at].then = *then);
        }
        for scope in Scope::ALL.iter().filter(|scope| **scope != rule.scope) {
            push(format!("{}: scope {scope}", rule.id), &|mutant| mutant.rules[at].scope = *scope);
        }
        let mechanisms = Mechanism::ALL.iter().map(|one| Some(*one)).chain([None]);
        for mechanism in mechanisms.filter(|one| *one != rule.mechanism) {
            let name = format!("{}: mechanism {mechanism:?}", rule.id);
            push(name, &|mutant| mutant.rules[at].mechanism = mechanism);
        }
    }
    all
}

/// Returns the conjunctions that differ in one condition: one word more or less, a bound moved by
/// one step, or the condition gone.
fn changed(original: &Conjunction, released: &[Vec<OsVersion>]) -> Vec<(String, Conjunction)> {
    let mut all = Vec::new();
    for condition in original.conditions() {
        let others = || {
            let conditions = original.conditions().iter();
            conditions.filter(|other| other.fact != condition.fact).cloned()
        };
        all.push((format!("without {}", condition.fact), Conjunction::new(others())));
        let tests = match &condition.test {
            Test::Choices(set) => toggled(condition.fact, *set),
            Test::Versions(set) => moved(set, released),
        };
        for test in tests {
            let changed = Condition { fact: condition.fact, test };
            let what = format!("{changed} instead of {}", condition.values());
            all.push((what, Conjunction::new(others().chain([changed]))));
        }
    }
    all
}

fn toggled(fact: FactName, set: ChoiceSet) -> Vec<Test> {
    let words = 0..u8::try_from(fact.choices().len()).unwrap();
    words
        .map(|toggled| {
            let all = 0..16;
            all.filter(move |word| set.contains(*word) != (*word == toggled))
        })
        .map(|words| Test::Choices(ChoiceSet::from_choices(words)))
        .collect()
}

/// Returns the sets in which one end of one range is elsewhere; an end that no one wrote stays
/// away.
fn moved(set: &VersionSet, released: &[Vec<OsVersion>]) -> Vec<Test> {
    let mut all = Vec::new();
    for (at, range) in set.ranges().iter().enumerate() {
        let steps = |end| steps(end, released);
        let from = Some(range.from).filter(|from| *from != OsVersion::MIN);
        let from = from.into_iter().flat_map(steps);
        let from = from.map(|from| VersionRange { from, ..*range });
        let before = range.before.into_iter().flat_map(steps);
        let before = before.map(|before| VersionRange { before: Some(before), ..*range });
        for changed in from.chain(before) {
            if changed.before.is_none_or(|before| changed.from < before) {
                let mut ranges = set.ranges().to_vec();
                ranges[at] = changed;
                all.push(Test::Versions(VersionSet::from_ranges(ranges)));
            }
        }
    }
    all
}

/// Returns one step away from an end: the other kind of comparison (`<` for `<=`), one more or less
/// in any of its numbers, the releases before and after it.
fn steps(end: OsVersion, released: &[Vec<OsVersion>]) -> BTreeSet<OsVersion> {
    let [major, minor, patch, build] = end.parts();
    let named = if build == 1 { OsVersion::new([major, minor, patch, 0]) } else { end };
    let follows = named != end;
    let mut near = vec![named];
    let written = named.to_string().split('.').count();
    for at in 0..written {
        for step in [-1, 1] {
            let mut parts = named.parts();
            if let Some(number) = parts[at].checked_add_signed(step) {
                parts[at] = number;
                near.push(OsVersion::new(parts));
            }
        }
    }
    for released in released {
        near.extend(released.iter().copied().rfind(|version| *version < named));
        near.extend(released.iter().copied().find(|version| *version > named));
    }
    let ends = near.into_iter().map(|version| match follows {
        true if version != named => version.successor().expect("no release is the last version"),
        _ => version,
    });
    let mut ends: BTreeSet<_> = ends.chain(named.successor()).collect();
    ends.remove(&end);
    ends
}

/// Returns the releases of the platforms that a rule covers, a list for each.
fn released_on(when: &Conjunction) -> Vec<Vec<OsVersion>> {
    let condition = when.on(FactName::Platform);
    let speaks_of = |platform: &Platform| {
        condition.is_none_or(|condition| condition.accepts(platform.to_value()))
    };
    let platforms = Platform::ALL.iter().filter(|platform| speaks_of(platform));
    platforms.map(|platform| RELEASES[platform.as_str()].clone()).collect()
}

static RELEASES: LazyLock<BTreeMap<String, Vec<OsVersion>>> = LazyLock::new(releases);

//! The exact analysis of policies: axes `policies` (shipped, layered) and `rules`.

use std::hint::black_box;

use benches::shipped_policies;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use eligibility::analysis::{Releases, check, difference};
use eligibility::policy::{Policy, PolicyDocument, Reading};
use testkit::layered_policy;

fn shipped() -> Vec<Policy> {
    let parse = |text: &String| PolicyDocument::parse(text).expect("shipped policies are usable").0;
    shipped_policies().iter().map(|text| parse(text).read(Reading::Literal)).collect()
}

fn every_check(policies: &[Policy]) -> usize {
    let releases = Releases::default();
    let gaps = policies.iter().map(|policy| {
        check(policy, &releases).expect("shipped policies are simple enough").gaps.len()
    });
    gaps.sum()
}

fn every_difference(policies: &[Policy]) -> usize {
    let releases = Releases::default();
    let pairs = policies
        .iter()
        .enumerate()
        .flat_map(|(index, before)| policies[index + 1..].iter().map(move |after| (before, after)));
    let changes = pairs.map(|(before, after)| {
        difference(before, after, &releases).expect("shipped policies are simple enough").len()
    });
    changes.sum()
}

fn analysis(criterion: &mut Criterion) {
    let policies = shipped();
    let expected = (every_check(&policies), every_difference(&policies));
    assert!(expected.0 > policies.len() && expected.1 > 253, "{expected:?}");
    let mut group = criterion.benchmark_group("analysis/shipped");
    group.sample_size(10);
    group.bench_function("parse all", |bencher| bencher.iter(|| black_box(shipped()).len()));
    group.bench_function("check all", |bencher| {
        bencher.iter(|| assert_eq!(every_check(black_box(&policies)), expected.0));
    });
    group.bench_function("all pairwise differences", |bencher| {
        bencher.iter(|| assert_eq!(every_difference(black_box(&policies)), expected.1));
    });
    group.finish();
    let mut group = criterion.benchmark_group("analysis/layered");
    group.sample_size(10);
    for rules in [20, 200, 2_000] {
        let policy = layered_policy(rules);
        let expected = check(&policy, &Releases::default()).expect("layers are simple");
        assert!(!expected.gaps.is_empty() && !expected.conflicts.is_empty());
        group.bench_with_input(BenchmarkId::new("check", rules), &policy, |bencher, policy| {
            bencher.iter(|| {
                let found = check(black_box(policy), &Releases::default());
                assert_eq!(found.map(|found| found.blocks), Ok(expected.blocks));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, analysis);
criterion_main!(benches);

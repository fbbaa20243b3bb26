//! Decisions that are remembered. Axis: `policy`.

use std::hint::black_box;

use benches::shipped_policies;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eligibility::classes::Cells;
use eligibility::decide::decide;
use eligibility::facts::{Facts, Value};
use eligibility::policy::{Policy, PolicyDocument, Reading};
use fleet::Program;
use testkit::layered_policy;

/// Returns a shipped policy, or one of many rules.
fn policy(name: &str) -> Policy {
    if let Some(rules) = name.strip_prefix("layered-") {
        return layered_policy(rules.parse().expect("the name ends in a number"));
    }
    let texts = shipped_policies();
    let documents = texts
        .iter()
        .map(|text| PolicyDocument::parse(text).expect("shipped policies are usable").0);
    let mut named = documents.filter(|document| document.id == name);
    named.next().expect("the policy is shipped").read(Reading::Literal)
}

/// The page that relatch implements, the newest one, and one of two hundred rules.
const POLICIES: [&str; 3] = ["intune-2018-03-29", "intune-2026-04-21", "layered-200"];

/// Small numbers without a pattern: xorshift64.
fn noise(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed | 1), |state| {
        let mut next = *state;
        next ^= next << 13;
        next ^= next >> 7;
        next ^= next << 17;
        Some(next)
    })
    .map(|number| number >> 20)
}

/// Devices of cells without a pattern.
fn devices(policy: &Policy, devices: usize) -> Vec<Facts> {
    let cells = Cells::of(&[policy], &[]);
    let pick = |noise: u64, choices: &[Value]| {
        let known = noise % 100 < 80;
        known.then(|| choices[usize::try_from(noise / 100).unwrap_or(0) % choices.len()])
    };
    let mut noise = noise(1);
    let mut device = || {
        let mut facts = Facts::default();
        for classes in cells.classes() {
            let noise = noise.next().expect("it has no end");
            facts.set(classes.fact(), pick(noise, classes.witnesses()).into());
        }
        facts
    };
    (0..devices).map(|_| device()).filter(Facts::possible).collect()
}

fn one_device(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("program/decide one");
    for name in POLICIES {
        let program = Program::new(policy(name));
        let facts = devices(program.policy(), 64);
        let expected: Vec<_> = facts.iter().map(|facts| program.decide(facts)).collect();
        for (facts, id) in facts.iter().zip(&expected) {
            assert_eq!(*program.decision(*id), decide(program.policy(), facts));
        }
        group.throughput(Throughput::Elements(facts.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                for (facts, id) in facts.iter().zip(&expected) {
                    assert_eq!(program.decide(black_box(facts)), *id);
                }
            });
        });
    }
}

criterion_group!(benches, one_device);
criterion_main!(benches);

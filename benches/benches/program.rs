//! Compiled policies. Axes: `policy`, `form` (table, rule sets), `facts known`, `devices`.

use std::hint::black_box;

use benches::{shipped_policies, sized};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use eligibility::decide::decide;
use eligibility::facts::Facts;
use eligibility::policy::{Policy, PolicyDocument, Reading};
use fleet::{Program, compile, compile_to_rule_sets};
use testkit::layered_policy;

/// A shipped policy, or one of many rules.
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

/// For each fact that matters, the classes of devices with a given share of known facts.
fn columns(program: &Program, devices: usize, known: u64) -> Vec<Vec<u8>> {
    let column = |(index, size): (u64, usize)| {
        let classes = noise(index + 1).zip(noise(index + 101)).map(move |(unknown, class)| {
            let known = unknown % 100 < known && size > 1;
            let class = if known { 1 + class % (size as u64 - 1) } else { 0 };
            u8::try_from(class).expect("a table has few classes")
        });
        classes.take(devices).collect()
    };
    (0..).zip(program.classes().sizes()).map(column).collect()
}

/// The device of a row of the columns.
fn device(program: &Program, columns: &[Vec<u8>], row: usize) -> Facts {
    let mut facts = Facts::default();
    for (kind, column) in program.classes().kinds().zip(columns) {
        facts.set(kind, program.classes().witnesses(kind)[usize::from(column[row])]);
    }
    facts
}

fn compiling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("program/compile");
    group.sample_size(10);
    for name in POLICIES {
        let policy = policy(name);
        let has_table = compile(policy.clone()).has_table();
        group.bench_with_input(BenchmarkId::from_parameter(name), &policy, |bencher, policy| {
            bencher.iter(|| assert_eq!(compile(policy.clone()).has_table(), has_table));
        });
    }
}

fn one_device(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("program/decide one");
    for name in POLICIES {
        let table = compile(policy(name));
        let sets = compile_to_rule_sets(policy(name));
        let facts = (0..64).map(|row| device(&table, &columns(&table, 64, 80), row));
        let facts: Vec<_> = facts.collect();
        for (form, program) in [("compiled", &table), ("rule sets", &sets)] {
            let expected: Vec<_> = facts.iter().map(|facts| program.decide(facts)).collect();
            for (facts, id) in facts.iter().zip(&expected) {
                assert_eq!(*program.decision(*id), decide(program.policy(), facts));
            }
            group.throughput(Throughput::Elements(64));
            group.bench_function(BenchmarkId::new(form, name), |bencher| {
                bencher.iter(|| {
                    for (facts, id) in facts.iter().zip(&expected) {
                        assert_eq!(program.decide(black_box(facts)), *id);
                    }
                });
            });
        }
    }
}

fn kernel(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("program/columns");
    for name in &POLICIES[..2] {
        let program = compile(policy(name));
        for (devices, known) in
            [(100_000, 80), (10_000_000, 0), (10_000_000, 80), (10_000_000, 100)]
        {
            let devices = usize::try_from(sized(devices)).expect("it fits into memory");
            let columns = columns(&program, devices, known);
            let slices: Vec<&[u8]> = columns.iter().map(Vec::as_slice).collect();
            let mut decisions = vec![0; devices];
            program.decide_columns(&slices, &mut decisions);
            for row in (0..devices).step_by(1 + devices / 100) {
                let id = program.decide(&device(&program, &columns, row));
                assert_eq!(usize::from(decisions[row]), id.index());
            }
            let sum: u64 = decisions.iter().map(|decision| u64::from(*decision)).sum();
            group.throughput(Throughput::Elements(devices as u64));
            let parameter = format!("{name}, {devices} devices, {known} % known");
            group.bench_function(BenchmarkId::from_parameter(parameter), |bencher| {
                bencher.iter(|| program.decide_columns(black_box(&slices), &mut decisions));
            });
            assert_eq!(decisions.iter().map(|decision| u64::from(*decision)).sum::<u64>(), sum);
        }
    }
}

criterion_group!(benches, compiling, one_device, kernel);
criterion_main!(benches);

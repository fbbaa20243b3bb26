//! How fast simulated phones live: events per second of fleets with mixed API levels and people.
//!
//! `cargo bench -p benches --bench simulate` measures fleets of some sizes on one and two threads
//! and ends with one fleet of 10,000 devices over 30 days, twice on one thread and once on two,
//! whose traces must be the same.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use std::num::NonZeroUsize;
use std::time::Instant;

use chrono::TimeDelta;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use device_sim::android::MixedCrowd;
use device_sim::fleet::{Fleet, FleetRun};

const SEED: u64 = 2018;

fn threads(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).expect("at least one thread")
}

fn fleet(devices: u32) -> Fleet {
    Fleet { devices, length: TimeDelta::days(30), seed: SEED }
}

fn fleets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("android fleet, 30 days");
    group.sample_size(10);
    for devices in [100, 1_000] {
        let fleet = fleet(devices);
        let expected = fleet.run(&MixedCrowd, threads(1));
        assert_eq!(expected.broken, 0, "no device breaks an invariant");
        group.throughput(Throughput::Elements(expected.events));
        for number in [1, 2] {
            let id = BenchmarkId::new(format!("{devices} devices"), format!("{number} threads"));
            group.bench_with_input(id, &number, |bencher, number| {
                bencher.iter(|| assert_eq!(fleet.run(&MixedCrowd, threads(*number)), expected));
            });
        }
    }
    group.finish();
}

/// The largest amount of memory that the process has had so far, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line["VmHWM:".len()..].trim().to_owned())
}

fn full_size() {
    let fleet = fleet(10_000);
    let mut runs: Vec<FleetRun> = Vec::new();
    println!("\n10,000 devices, 30 days, seed {SEED}");
    for number in [1, 1, 2] {
        let begin = Instant::now();
        let run = fleet.run(&MixedCrowd, threads(number));
        let took = begin.elapsed();
        let per_second = u128::from(run.events) * 1000 / took.as_millis().max(1);
        println!(
            "{number} thread(s): {} events, hash {}, {} ms, {per_second} events/s, peak memory {}",
            run.events,
            run.hash,
            took.as_millis(),
            peak_memory()
        );
        runs.push(run);
    }
    assert!(runs.iter().all(|run| *run == runs[0]), "the same seed, the same fleet");
}

criterion_group!(benches, fleets);

fn main() {
    benches();
    // `cargo test --benches` only wants to know that nothing is broken.
    if std::env::args().any(|argument| argument == "--bench") {
        full_size();
    }
    Criterion::default().configure_from_args().final_summary();
}

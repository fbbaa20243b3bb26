//! How fast simulated Apple devices live: events per second of fleets with every kind of device,
//! enrolment and user.
//!
//! `cargo bench -p benches --bench simulate_apple` measures fleets on one and two threads, with
//! typed messages, and ends with one fleet of 10,000 devices over 30 days, twice on one thread and
//! once on two, whose traces must be the same.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use std::num::NonZeroUsize;
use std::time::Instant;

use chrono::TimeDelta;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use device_sim::apple::MixedCrowd;
use device_sim::apple::UnlockToken;
use device_sim::apple::wire::{Command, CommandUuid, Message, Order};
use device_sim::fleet::{Fleet, FleetRun};

const SEED: u64 = 2018;

fn threads(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).expect("at least one thread")
}

fn fleet(devices: u32) -> Fleet {
    Fleet { devices, length: TimeDelta::days(30), seed: SEED }
}

fn fleets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("apple fleet, 30 days");
    group.sample_size(10);
    for devices in [20, 200] {
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

/// A command with an unlock token, written and read again.
fn property_lists(criterion: &mut Criterion) {
    let token = UnlockToken::issued("00008101-0000000000000001", 1);
    let order = Order {
        uuid: CommandUuid::numbered(1),
        command: Command::ClearPasscode { unlock_token: Some(token) },
    };
    let bytes = order.to_xml();
    let mut group = criterion.benchmark_group("apple property list");
    group.throughput(Throughput::Bytes(u64::try_from(bytes.len()).unwrap_or(0)));
    group.bench_function("written and read", |bencher| {
        bencher.iter(|| assert_eq!(Order::from_bytes(&order.to_xml()).as_ref(), Ok(&order)));
    });
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
    assert_eq!(runs[0].broken, 0, "no device breaks an invariant");
}

criterion_group!(benches, fleets, property_lists);

fn main() {
    benches();
    // `cargo test --benches` only wants to know that nothing is broken.
    if std::env::args().any(|argument| argument == "--bench") {
        full_size();
    }
    Criterion::default().configure_from_args().final_summary();
}

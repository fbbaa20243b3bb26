//! The speed of simulated populations, in events per second.

use std::num::NonZeroUsize;
use std::time::Instant;

use chrono::TimeDelta;
use criterion::{BenchmarkId, Criterion, Throughput};
use testkit::population::{Population, Simulation, Totals};

const SEED: u64 = 2018;

fn threads(number: usize) -> NonZeroUsize {
    NonZeroUsize::new(number).expect("at least one thread")
}

fn simulation(devices: u32) -> Simulation {
    Simulation { devices, length: TimeDelta::days(30), seed: SEED }
}

/// Measures populations of some sizes over 30 days, on one thread and on two.
///
/// # Panics
///
/// If a device breaks an invariant, or if two runs differ.
pub fn measure(criterion: &mut Criterion, name: &str, population: &impl Population, sizes: &[u32]) {
    let mut group = criterion.benchmark_group(format!("{name} fleet, 30 days"));
    group.sample_size(10);
    for devices in sizes {
        let simulation = simulation(*devices);
        let expected = simulation.run(population, threads(1));
        assert_eq!(expected.broken, 0, "no device breaks an invariant");
        group.throughput(Throughput::Elements(expected.events));
        for number in [1, 2] {
            let id = BenchmarkId::new(format!("{devices} devices"), format!("{number} threads"));
            group.bench_with_input(id, &number, |bencher, number| {
                bencher.iter(|| assert_eq!(simulation.run(population, threads(*number)), expected));
            });
        }
    }
    group.finish();
}

/// Simulates 10,000 devices over 30 days, twice on one thread and once on two, and prints the
/// result; does nothing unless results are measured.
///
/// # Panics
///
/// If a device breaks an invariant, or if two runs differ.
pub fn full_size(population: &impl Population) {
    // `cargo test --benches` only wants to know that nothing is broken.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let simulation = simulation(10_000);
    let mut runs: Vec<Totals> = Vec::new();
    println!("\n10,000 devices, 30 days, seed {SEED}");
    for number in [1, 1, 2] {
        let begin = Instant::now();
        let run = simulation.run(population, threads(number));
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
    assert!(runs.iter().all(|run| *run == runs[0]), "the same seed, the same result");
    assert_eq!(runs[0].broken, 0, "no device breaks an invariant");
}

/// Returns the largest amount of memory that the process has had so far, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line["VmHWM:".len()..].trim().to_owned())
}

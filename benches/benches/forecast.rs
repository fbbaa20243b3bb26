//! How fast a fleet is forecast: devices per second, each from the press of the button until its
//! action has ended, at most 30 virtual days later.
//!
//! `cargo bench -p benches --bench forecast` varies the number of devices, the threads and how
//! much is known, and ends with 100,000 devices, twice on one thread and once on two, whose
//! outlooks must be the same.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Instant;

use benches::sized;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use device_sim::forecast::{Assumptions, Cohort, DEFAULT_ASSUMPTIONS, Ending, Forecast, Outlook};
use eligibility::facts::{Fact, FactName, Facts};

const SEED: u64 = 2018;

/// What an export tells of some devices, and how many of a hundred they are.
const EXPORT: [(&str, u64); 6] = [
    ("platform=android, management=personal-work-profile, os-version=13", 25),
    ("platform=android, management=corporate-work-profile, os-version=14", 10),
    ("platform=android, management=fully-managed, os-version=12", 15),
    ("platform=android, management=device-administrator, os-version=6.0", 5),
    ("platform=ios, os-version=17.4.1, ownership=corporate, encrypted=true", 30),
    ("platform=ipados, os-version=16.7, ownership=personal", 15),
];

fn cohorts(devices: u64) -> Vec<Cohort> {
    let cohort = |(group, (text, share)): (usize, &(&str, u64))| {
        let mut facts = Facts::default();
        for (name, value) in text.split(", ").filter_map(|pair| pair.split_once('=')) {
            let fact: FactName = name.parse().expect("a fact");
            facts.set(fact, Fact::Known(fact.parse(value).expect("a value")));
        }
        Cohort { facts, devices: devices * share / 100, group }
    };
    EXPORT.iter().enumerate().map(cohort).collect()
}

/// Runs a forecast and holds it to what must be true of each: every device stands somewhere, and
/// most actions are done.
fn forecast(assumptions: &Assumptions, devices: u64, threads: usize) -> Outlook {
    let cohorts = cohorts(devices);
    let outlook = Forecast {
        assumptions,
        seed: SEED,
        repeats: NonZeroU32::MIN,
        days: NonZeroU32::new(30).expect("30 is not 0"),
        threads: NonZeroUsize::new(threads).expect("at least one thread"),
    }
    .run(&cohorts);
    let last = outlook.checkpoints().len() - 1;
    let of = |ending: &Ending| outlook.count(None, last, *ending, None).median;
    let all: u64 = Ending::ALL.iter().map(of).sum();
    assert_eq!(all, cohorts.iter().map(|cohort| cohort.devices).sum::<u64>());
    assert!(of(&Ending::Done) * 2 > all, "{} of {all} are done", of(&Ending::Done));
    outlook
}

fn forecasts(criterion: &mut Criterion) {
    let known = Assumptions::read(DEFAULT_ASSUMPTIONS).expect("they are well-formed");
    let mut away = known.clone();
    away.assume("reach=off").expect("a flag that is understood");
    let mut group = criterion.benchmark_group("forecast, 30 days");
    group.sample_size(10);
    let devices = sized(10_000).max(100);
    for (name, assumptions) in [("invented shares", &known), ("every device off", &away)] {
        let expected = forecast(assumptions, devices, 1);
        group.throughput(Throughput::Elements(devices));
        for threads in [1, 2] {
            let id = BenchmarkId::new(name, format!("{devices} devices, {threads} threads"));
            group.bench_with_input(id, &threads, |bencher, threads| {
                bencher.iter(|| assert_eq!(forecast(assumptions, devices, *threads), expected));
            });
        }
    }
    group.finish();
}

/// Returns the largest amount of memory that the process has had so far, as Linux tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or("unknown".to_owned(), |line| line["VmHWM:".len()..].trim().to_owned())
}

fn full_size() {
    let assumptions = Assumptions::read(DEFAULT_ASSUMPTIONS).expect("they are well-formed");
    let mut outlooks = Vec::new();
    println!("\n100,000 devices, 30 days, seed {SEED}");
    for threads in [1, 1, 2] {
        let begin = Instant::now();
        let outlook = forecast(&assumptions, 100_000, threads);
        let took = begin.elapsed();
        let per_second = 100_000 * 1000 / took.as_millis().max(1);
        let done = outlook.count(None, 3, Ending::Done, None).median;
        println!(
            "{threads} thread(s): {done} done, {} ms, {per_second} devices/s, peak memory {}",
            took.as_millis(),
            peak_memory()
        );
        outlooks.push(outlook);
    }
    assert!(
        outlooks.iter().all(|outlook| *outlook == outlooks[0]),
        "the same seed, the same fleet"
    );
}

criterion_group!(benches, forecasts);

fn main() {
    benches();
    // `cargo test --benches` only wants to know that nothing is broken.
    if std::env::args().any(|argument| argument == "--bench") {
        full_size();
    }
    Criterion::default().configure_from_args().final_summary();
}

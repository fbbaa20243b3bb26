//! How fast every order of events is tried, in events per second: the largest of the built-in
//! explorations, on one and two threads, which must find the same.
//!
//! `cargo bench -p benches --bench explore` ends with `service-reset` as a whole, in turn on one and
//! two threads.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Instant;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use device_sim::android::{ApiLevel, token_exploration};
use device_sim::apple::clear_explorations;
use device_sim::exploration::{Exploration, Explored, Limits};
use device_sim::service::reset_exploration;

fn explore(exploration: &Exploration, depth: Option<u32>, threads: usize) -> Explored {
    let limits = Limits::from(depth.and_then(NonZeroU32::new));
    let threads = NonZeroUsize::new(threads).expect("at least one thread");
    exploration.explore_and_watch(limits, threads, &mut |_| {})
}

fn explorations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explore");
    group.sample_size(10);
    let token = token_exploration(ApiLevel::LAST, true);
    let [clear, _] = clear_explorations();
    for (exploration, depth) in [(token, 8), (clear, 12), (reset_exploration(), 10)] {
        let expected = explore(&exploration, Some(depth), 1);
        let events = u64::try_from(expected.transitions).unwrap_or(u64::MAX);
        group.throughput(Throughput::Elements(events));
        for threads in [1, 2] {
            let id = BenchmarkId::new(&exploration.name, format!("{threads} threads"));
            group.bench_with_input(id, &threads, |bencher, threads| {
                let explore = || explore(&exploration, Some(depth), *threads);
                bencher.iter(|| assert_eq!(explore(), expected));
            });
        }
    }
    group.finish();
}

fn full_size() {
    println!("\nservice-reset, every order");
    for threads in [1, 2, 1, 2] {
        let begin = Instant::now();
        let explored = explore(&reset_exploration(), None, threads);
        let took = begin.elapsed().as_millis().max(1);
        let states = u128::try_from(explored.states).unwrap_or(u128::MAX);
        println!(
            "{threads} thread(s): {states} states, {} events, {took} ms, {} states/s",
            explored.transitions,
            states * 1000 / took
        );
    }
}

criterion_group!(benches, explorations);

fn main() {
    benches();
    // `cargo test --benches` only wants to know that nothing is broken.
    if std::env::args().any(|argument| argument == "--bench") {
        full_size();
    }
    Criterion::default().configure_from_args().final_summary();
}

//! How fast every order of events is tried, in events per second, for the largest of the built-in
//! explorations.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use std::num::NonZeroU32;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use device_sim::android::{ApiLevel, token_exploration};
use device_sim::apple::clear_explorations;
use device_sim::service::reset_exploration;

fn explorations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explore");
    group.sample_size(10);
    let token = token_exploration(ApiLevel::LAST, true);
    let [clear, _] = clear_explorations();
    for (exploration, depth) in [(token, 8), (clear, 12), (reset_exploration(), 10)] {
        let explore = || exploration.explore(NonZeroU32::new(depth));
        let expected = explore();
        let events = u64::try_from(expected.transitions).unwrap_or(u64::MAX);
        group.throughput(Throughput::Elements(events));
        group.bench_function(&exploration.name, |bencher| {
            bencher.iter(|| assert_eq!(explore(), expected));
        });
    }
    group.finish();
}

criterion_group!(benches, explorations);
criterion_main!(benches);

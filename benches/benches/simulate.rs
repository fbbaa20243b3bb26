//! How fast simulated phones live: events per second of fleets with mixed API levels and people.
//!
//! `cargo bench -p benches --bench simulate` measures fleets of some sizes on one and two threads
//! and ends with one fleet of 10,000 devices over 30 days, twice on one thread and once on two,
//! whose traces must be the same.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use benches::fleets;
use criterion::{Criterion, criterion_group};
use device_sim::android::MixedCrowd;

fn android_fleets(criterion: &mut Criterion) {
    fleets::measure(criterion, "android", &MixedCrowd, &[100, 1_000]);
}

criterion_group!(benches, android_fleets);

fn main() {
    benches();
    fleets::full_size(&MixedCrowd);
    Criterion::default().configure_from_args().final_summary();
}

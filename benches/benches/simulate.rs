//! The speed of simulated phones, in events per second, with mixed API levels and users.
//!
//! `cargo bench -p benches --bench simulate` measures populations of some sizes on one and two
//! threads and ends with one of 10,000 devices over 30 days, twice on one thread and once on two,
//! whose traces must be the same.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use benches::populations;
use criterion::{Criterion, criterion_group};
use testkit::population::AndroidPopulation;

fn android_phones(criterion: &mut Criterion) {
    populations::measure(criterion, "android", &AndroidPopulation, &[100, 1_000]);
}

criterion_group!(benches, android_phones);

fn main() {
    benches();
    populations::full_size(&AndroidPopulation);
    Criterion::default().configure_from_args().final_summary();
}

//! The speed of simulated Apple devices, in events per second, with every kind of device, enrolment
//! and user.
//!
//! `cargo bench -p benches --bench simulate_apple` measures populations on one and two threads,
//! with typed messages, and ends with one of 10,000 devices over 30 days, twice on one thread and
//! once on two, whose traces must be the same.

#![allow(missing_docs, reason = "criterion's macro writes functions without documentation")]

use benches::populations;
use criterion::{Criterion, Throughput, criterion_group};
use device_sim::apple::UnlockToken;
use device_sim::apple::wire::{Command, CommandUuid, Message, Order};
use testkit::population::ApplePopulation;

fn apple_devices(criterion: &mut Criterion) {
    populations::measure(criterion, "apple", &ApplePopulation, &[20, 200]);
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

criterion_group!(benches, apple_devices, property_lists);

fn main() {
    benches();
    populations::full_size(&ApplePopulation);
    Criterion::default().configure_from_args().final_summary();
}

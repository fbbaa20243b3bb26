//! A fleet of simulated devices: the same from the same seed, on any number of threads.

use std::num::NonZeroUsize;

use chrono::TimeDelta;
use device_sim::android::MixedCrowd;
use device_sim::fleet::Fleet;

const FLEET: Fleet = Fleet { devices: 200, length: TimeDelta::days(30), seed: 2018 };

#[test]
fn a_fleet_is_the_same_twice_on_any_number_of_threads_and_on_every_machine() {
    let runs: Vec<_> = [1, 1, 2, 7]
        .into_iter()
        .map(|threads| FLEET.run(&MixedCrowd, NonZeroUsize::new(threads).unwrap()))
        .collect();
    assert!(runs.iter().all(|run| *run == runs[0]), "{runs:?}");
    assert_eq!(runs[0].broken, 0, "no device breaks an invariant");
    assert_eq!((runs[0].events, runs[0].hash.to_string().as_str()), PINNED);
    let other = Fleet { seed: 2019, ..FLEET }.run(&MixedCrowd, NonZeroUsize::MIN);
    assert_ne!(other.hash, runs[0].hash);
}

/// Events and fingerprint, which no machine and no release may change by accident.
const PINNED: (u64, &str) = (69_585, "6014272b41c8071a");

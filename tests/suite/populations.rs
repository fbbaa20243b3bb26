//! Populations of simulated devices: the same from the same seed, on any number of threads.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use chrono::TimeDelta;
use device_sim::scenario::DEFAULT_START;
use device_sim::{Rng, World};
use testkit::population::{AndroidPopulation, ApplePopulation, Population, Simulation};

const SIMULATION: Simulation = Simulation { devices: 200, length: TimeDelta::days(30), seed: 2018 };

/// Runs a population on several numbers of threads, against its pinned events and fingerprint,
/// which no machine and no release may change by accident.
fn is_the_same_on_any_number_of_threads(population: &impl Population, pinned: (u64, &str)) {
    let runs =
        [1, 1, 2, 7].map(|threads| SIMULATION.run(population, NonZeroUsize::new(threads).unwrap()));
    assert!(runs.iter().all(|run| *run == runs[0]), "{runs:?}");
    assert_eq!(runs[0].broken, 0, "no device breaks an invariant");
    assert_eq!((runs[0].events, runs[0].hash.to_string().as_str()), pinned);
    let other = Simulation { seed: 2019, ..SIMULATION }.run(population, NonZeroUsize::MIN);
    assert_ne!(other.hash, runs[0].hash, "the seed matters");
}

/// Events show what observably changed, so a new observable gives a new fingerprint.
#[test]
fn android_phones_do_the_same_on_any_number_of_threads() {
    is_the_same_on_any_number_of_threads(&AndroidPopulation, (72_639, "ac52965d575e544b"));
}

/// The full size, 10,000 devices, is run by the benchmark `simulate`, twice and on two threads.
#[test]
fn apple_46_a_fleet_does_the_same_twice_on_any_number_of_threads() {
    is_the_same_on_any_number_of_threads(&ApplePopulation, (272_519, "0509b9a2357a905d"));
}

/// Returns everything that 150 devices of a population do in 20 days, and everything that they
/// answer or show.
fn verbs_and_answers(population: &impl Population) -> (BTreeSet<&'static str>, BTreeSet<String>) {
    let simulation = Simulation { devices: 150, length: TimeDelta::days(20), seed: 4 };
    let mut verbs = BTreeSet::new();
    let mut answers = BTreeSet::new();
    for number in 0..simulation.devices {
        for event in simulation.trace(population, number) {
            verbs.insert(event.verb);
            answers.extend(event.outcome.map(|outcome| outcome.value.to_string()));
            answers.extend(event.changes.iter().map(|change| change.to.to_string()));
        }
    }
    (verbs, answers)
}

#[test]
fn android_phones_meet_every_call_and_every_answer() {
    let (verbs, answers) = verbs_and_answers(&AndroidPopulation);
    assert!(verbs.len() >= 24, "{verbs:?}");
    for answer in ["true", "false", "SecurityException", "done", "expired", "wrong"] {
        assert!(answers.contains(answer), "no user gets `{answer}`");
    }
}

#[test]
fn apple_devices_meet_every_call_and_every_answer() {
    let (verbs, answers) = verbs_and_answers(&ApplePopulation);
    assert!(verbs.len() >= 25, "{verbs:?}");
    for answer in ["Acknowledged", "NotNow", "Error", "forced", "5000", "5007", "wait", "wipe"] {
        assert!(answers.contains(answer), "no user gets `{answer}`: {answers:?}");
    }
}

#[test]
fn a_device_ends_in_the_same_state_whether_or_not_its_events_are_recorded() {
    for number in 0..60 {
        let mut rng = Rng::new(3, 1000 + number);
        let (setup, mut user) = ApplePopulation.enrol(&mut rng);
        let mut worlds = [World::new(DEFAULT_START, 3), World::new(DEFAULT_START, 3)];
        for world in &mut worlds {
            world.add("device", &setup, number);
        }
        let mut next = DEFAULT_START;
        let mut recorded = 0;
        while next < DEFAULT_START + TimeDelta::days(5) {
            let [aloud, silent] = &mut worlds;
            while let Some(turn) = aloud.step(next) {
                recorded += turn.event.map_or(0, |event| event.changes.len());
            }
            // Recording may begin at any time.
            while silent.now() < DEFAULT_START + TimeDelta::days(4) && silent.pass(next) {}
            while silent.step(next).is_some() {}
            assert_eq!(aloud.machine(0), silent.machine(0));
            assert_eq!(aloud.state(0), silent.state(0));
            let (wait, call) = ApplePopulation.next(&mut user, aloud.machine(0), &mut rng);
            next += wait.max(TimeDelta::seconds(1));
            for world in &mut worlds {
                world.schedule(next, 0, Some(call.clone()), None);
            }
        }
        assert!(recorded > 0, "something happens to device {number}");
    }
}

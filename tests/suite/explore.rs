//! Explorations: what holds in every order of events, and how many states that is.

use std::num::NonZeroU32;

use device_sim::android::{ApiLevel, token_exploration};
use device_sim::exploration::{Alphabet, Answer, Exploration, Limits};
use device_sim::scenario::write_scenario;
use device_sim::service::reset_exploration;
use device_sim::{Call, Machine, ScenarioDocument, run};

/// API level, different states, events tried, and the longest run without a circle.
///
/// They grew when turning work on began to ask for its lock, which is a state of its own, and when
/// locks could no longer be changed behind the lock screen, which keeps more states apart. At 34 a
/// profile that is turned off runs on: more states for an owner that runs before the first unlock.
const PINNED: [(u8, usize, usize, usize); 14] = [
    (23, 36, 871, 6),
    (24, 666, 17_701, 13),
    (25, 666, 17_701, 13),
    (26, 12_997, 350_159, 16),
    (27, 11_249, 303_117, 16),
    (28, 10_099, 272_297, 15),
    (29, 9_575, 258_735, 16),
    (30, 9_291, 249_115, 16),
    (31, 9_291, 249_115, 16),
    (32, 9_291, 249_115, 16),
    (33, 9_291, 249_115, 16),
    (34, 14_947, 404_285, 18),
    (35, 9_291, 249_115, 16),
    (36, 9_291, 249_115, 16),
];

/// The same for an owner that runs only after the first unlock.
const PINNED_LATE: [(u8, usize, usize, usize); 14] = [
    (23, 36, 871, 6),
    (24, 666, 17_701, 13),
    (25, 666, 17_701, 13),
    (26, 10_125, 272_519, 16),
    (27, 8_985, 241_713, 16),
    (28, 7_903, 212_797, 16),
    (29, 7_903, 212_797, 16),
    (30, 7_357, 196_759, 16),
    (31, 7_357, 196_759, 16),
    (32, 7_357, 196_759, 16),
    (33, 7_357, 196_759, 16),
    (34, 5_819, 157_311, 14),
    (35, 7_357, 196_759, 16),
    (36, 7_357, 196_759, 16),
];

fn explore_all(direct_boot_aware: bool) -> Vec<(u8, usize, usize, usize)> {
    let explore = |api: ApiLevel| {
        let explored = token_exploration(api, direct_boot_aware).explore(None);
        assert!(explored.complete);
        for verdict in &explored.verdicts {
            let run = verdict.answer.run().map(|run| write_scenario(run, &[]));
            assert!(verdict.holds(), "{} at {api:?}\n{run:?}", verdict.name);
        }
        (api.number(), explored.states, explored.transitions, explored.depth)
    };
    ApiLevel::all().map(explore).collect()
}

#[test]
fn every_claim_about_tokens_holds_in_every_order_of_events_at_every_level() {
    assert_eq!(explore_all(true), PINNED);
}

#[test]
fn every_claim_holds_with_an_owner_that_starts_after_the_unlock() {
    assert_eq!(explore_all(false), PINNED_LATE);
}

/// Different states, events tried, and the longest run without a circle. The prompt of a profile
/// that is turned on is a state of its own.
const PINNED_RESET: (usize, usize, usize) = (75_321, 868_601, 19);

#[test]
fn every_claim_about_requests_holds_in_every_order_of_pushes_answers_and_faults() {
    let exploration = reset_exploration();
    let explored = exploration.explore(None);
    assert!(explored.complete);
    for verdict in &explored.verdicts {
        let text = verdict.answer.run().map(|run| write_scenario(run, &[]));
        assert!(verdict.holds(), "{}\n{}", verdict.name, text.unwrap_or_default());
        let Some(text) = text else { continue };
        let document = ScenarioDocument::read(&text).expect("reads back");
        assert_eq!(run(&document.scenarios[0], 0, |_| {}).findings, [], "{text}");
    }
    assert_eq!((explored.states, explored.transitions, explored.depth), PINNED_RESET);
}

#[test]
fn an_example_is_a_shortest_run_and_replays() {
    let explored = token_exploration(ApiLevel::LAST, true).explore(None);
    let lost = explored.verdicts.iter().find(|verdict| verdict.name == "a token can be lost");
    let example = lost.and_then(|verdict| verdict.answer.run()).expect("it can be lost");
    let calls = example.steps.iter().filter_map(|step| step.call.as_ref());
    let verbs: Vec<_> = calls.map(Call::verb).collect();
    assert_eq!(verbs, ["set-reset-password-token", "reboot"]);
    for verdict in &explored.verdicts {
        let Some(example) = verdict.answer.run() else { continue };
        let document = ScenarioDocument::read(&write_scenario(example, &[])).expect("reads back");
        assert_eq!(run(&document.scenarios[0], 0, |_| {}).findings, [], "{}", verdict.name);
    }
}

const HOPE: &str = r#"
title = "what an engineer hopes"
api-levels = "26-36"
[devices.phone]
kind = "android"
enrolment = "work-profile"
lock = "4711"
[[step]]
do = "set-reset-password-token"
[[step]]
do = "quiet-mode"
state = true
[[step]]
do = "quiet-mode"
state = false
[[step]]
do = "reboot"
[[step]]
do = "unlock"
user = "device"
credential = "4711"
[[always]]
name = "a token that was set is pending or active"
expect = { work-token = ["absent", "pending", "active"] }
[[always]]
name = "the device keeps its lock"
expect = { device-lock = "pin" }
[[sometimes]]
name = "the token becomes active"
expect = { work-token = "active" }
[[sometimes]]
name = "the profile gets a lock of its own"
expect = { challenge = "separate" }
"#;

#[test]
fn the_claims_of_a_scenario_are_proved_or_refuted_in_every_order_of_its_steps() {
    let document = ScenarioDocument::read(HOPE).expect("a scenario without problems");
    for scenario in &document.scenarios {
        let exploration = Exploration::of_scenario(scenario).expect("it has a device");
        let explored = exploration.explore(None);
        let verdicts: Vec<_> = explored
            .verdicts
            .iter()
            .map(|verdict| (verdict.name.as_str(), verdict.holds()))
            .collect();
        let expected = [
            ("invariants", true),
            ("a token that was set is pending or active", false),
            ("the device keeps its lock", true),
            ("the token becomes active", true),
            ("the profile gets a lock of its own", false),
        ];
        assert_eq!(verdicts, expected);
        let counterexample = explored.verdicts[1].answer.run().expect("refuted");
        assert_eq!(counterexample.steps.len(), 2, "set, then reboot");
    }
}

#[test]
fn a_bound_on_the_number_of_events_is_kept_and_reported() {
    let exploration = token_exploration(ApiLevel::LAST, true);
    let mut before = 0;
    for depth in 1..=4 {
        let explored = exploration.explore(NonZeroU32::new(depth));
        assert!(!explored.complete);
        assert_eq!(u32::try_from(explored.depth), Ok(depth));
        assert!(explored.states > before, "more events reach more states");
        before = explored.states;
    }
    assert!(exploration.explore(NonZeroU32::new(100)).complete);
}

/// The runs that are looked at: long enough for the last prompt, the fourth.
const CLEAR_EVENTS: u32 = 12;

/// Name, different states, events tried, and the longest run.
const PINNED_CLEARS: [(&str, usize, usize, usize); 2] =
    [("apple-clear", 13_239, 67_831, 12), ("apple-clear-without-policy", 4_954, 19_761, 12)];

#[test]
fn every_claim_about_clearing_holds_in_every_order_of_events() {
    let mut found = Vec::new();
    let explorations = device_sim::apple::clear_explorations();
    for (exploration, (name, ..)) in explorations.iter().zip(PINNED_CLEARS) {
        let explored = exploration.explore(NonZeroU32::new(CLEAR_EVENTS));
        assert!(!explored.complete, "the whole space is too large");
        for verdict in &explored.verdicts {
            let run = verdict.answer.run().map(|run| write_scenario(run, &[]));
            assert!(verdict.holds(), "{}: {}\n{}", name, verdict.name, run.unwrap_or_default());
            let Some(example) = verdict.answer.run() else { continue };
            let document =
                ScenarioDocument::read(&write_scenario(example, &[])).expect("reads back");
            assert_eq!(run_of(&document), [], "{}", verdict.name);
        }
        found.push((name, explored.states, explored.transitions, explored.depth));
    }
    assert_eq!(found, PINNED_CLEARS);
}

fn run_of(document: &ScenarioDocument) -> Vec<device_sim::Finding> {
    run(&document.scenarios[0], 0, |_| {}).findings
}

/// What `explore` held for proved when nothing that a call schedules happened, and `simulate`
/// refuted.
const PORTAL: &str = r#"
title = "a reset on a work profile"
[devices.phone]
kind = "android"
api-level = 30
enrolment = "work-profile"
lock = "4711"
[devices.phone.intune]
[[step]]
do = "install-policy"
policy = { quality = "numeric" }
[[step]]
do = "unlock"
user = "device"
credential = "4711"
[[step]]
do = "request-reset-passcode"
[[always]]
name = "no new passcode ever reaches the portal"
expect = { passcode-in-portal = false }
[[sometimes]]
name = "a reset is done"
expect = { action-state = "done" }
"#;

#[test]
fn what_is_scheduled_happens_and_refutes_a_claim_that_a_replay_refutes_as_well() {
    let document = ScenarioDocument::read(PORTAL).expect("a scenario without problems");
    let exploration = Exploration::of_scenario(&document.scenarios[0]).expect("a device");
    let limits = Limits { depth: None, states: 5_000 };
    let explored = exploration.explore(limits);
    assert!(!explored.complete, "requests can be made without end");
    assert!(explored.growing.contains(&"actions"), "{:?}", explored.growing);
    let answer = |name: &str| {
        &explored.verdicts.iter().find(|verdict| verdict.name == name).expect("a claim").answer
    };
    assert_eq!(*answer("invariants"), Answer::HoldsUpTo(explored.depth));
    assert!(matches!(answer("a reset is done"), Answer::Reached(_)));
    let Answer::Refuted(counterexample) = answer("no new passcode ever reaches the portal") else {
        panic!("not refuted");
    };
    let text = write_scenario(counterexample, &[]);
    let verbs: Vec<_> =
        counterexample.steps.iter().filter_map(|step| Some(step.call.as_ref()?.verb())).collect();
    assert_eq!(verbs, ["install-policy", "unlock", "request-reset-passcode"], "{text}");
    let document = ScenarioDocument::read(&text).expect("reads back");
    let findings = run_of(&document);
    assert_eq!(findings.len(), 1, "{text}");
    assert!(findings[0].expected.starts_with("no new passcode ever reaches the portal"));
}

#[test]
fn a_claim_about_what_happened_before_is_not_forgotten() {
    let text = PORTAL.replace("passcode-in-portal = false", "audit-records = [0, 1]");
    let document = ScenarioDocument::read(&text).expect("a scenario without problems");
    let exploration = Exploration::of_scenario(&document.scenarios[0]).expect("a device");
    let explored = exploration.explore(NonZeroU32::new(2));
    assert!(matches!(explored.verdicts[1].answer, Answer::Refuted(_)), "two requests make two");
}

/// The alarm that the shorter limit brings is set by the hours that have passed: at the times at
/// which the check-in would come before it, it would be another one.
const IN_TIME: &str = r#"
title = "an owner shortens the hours of a fingerprint"
[devices.phone]
kind = "android"
api-level = 30
enrolment = "device-owner"
lock = "4711"
intune = { first-check-in-minutes = 4200 }
[[step]]
do = "set-limit"
limit = "strong-auth-hours"
value = 4
[[sometimes]]
name = "a fingerprint will not do any more"
expect = { device-strong-auth = true }
"#;

fn of_file(text: &str) -> Exploration {
    let document = ScenarioDocument::read(text).expect("a scenario without problems");
    Exploration::of_scenario(&document.scenarios[0]).expect("a device")
}

/// Returns the call of the scenario above, for a device on which it has not been done.
fn once(machine: &Machine) -> Vec<Call> {
    let done = format!("{machine:?}").contains("limits: [Limits([4, ");
    match of_file(IN_TIME).alphabet {
        Alphabet::Fixed(calls) if !done => calls,
        _ => Vec::new(),
    }
}

#[test]
fn an_order_whose_times_change_what_is_scheduled_is_left_out_and_the_search_is_not_complete() {
    let exploration = Exploration { alphabet: Alphabet::OfState(once), ..of_file(IN_TIME) };
    let explored = exploration.explore(Limits { depth: None, states: 1_000 });
    assert!(explored.states < 1_000, "no limit ends the search");
    assert!(!explored.complete, "an order of events is left out");
}

/// Steps that schedule or install the same again and again.
const AGAIN: [&str; 2] = [
    r#"
title = "an owner sets the hours of a fingerprint"
[devices.phone]
kind = "android"
api-level = 30
enrolment = "device-owner"
lock = "4711"
[[step]]
do = "set-limit"
limit = "strong-auth-hours"
value = 4
[[step]]
do = "set-password-quality"
quality = "numeric"
[[step]]
do = "set-reset-password-token"
[[always]]
expect = { device-lock = "pin" }
"#,
    r#"
title = "accounts and profiles that demand the same"
[devices.phone]
kind = "apple"
platform = "ios"
os-version = "17.0"
passcode = "135790"
[[step]]
do = "add-account"
payload = { forcePIN = true, minLength = 8 }
[[step]]
do = "install-by-hand"
payload = { forcePIN = true, minLength = 6 }
[[step]]
do = "lock"
[[always]]
expect = { passcode = "set" }
"#,
];

#[test]
fn what_is_done_again_and_again_without_effect_makes_no_new_states() {
    for text in AGAIN {
        let explored = of_file(text).explore(Limits { depth: None, states: 1_000 });
        assert!(explored.complete, "{} states and no end: {text}", explored.states);
    }
}

#[test]
fn whoever_watches_a_search_can_end_it() {
    let exploration = token_exploration(ApiLevel::LAST, true);
    let mut heard = 0;
    let mut watch = |_| {
        heard += 1;
        heard < 3
    };
    let explored = exploration.explore_and_watch(Limits::from(None), &mut watch);
    assert_eq!(heard, 3);
    assert!(!explored.complete && explored.states < 9_291, "{} states", explored.states);
    assert_eq!(explored.verdicts[0].answer, Answer::HoldsUpTo(explored.depth));
}

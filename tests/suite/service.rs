//! The case files of `tests/cases/service` and the scenarios of `scenarios/service`: the service
//! and the devices that it manages, together.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use device_sim::scenario::DEFAULT_START;
use device_sim::service::{self, ActionState, Record, RemoteAction, Role};
use device_sim::{Machine, Scenario, Secret, World};

use crate::scenario_files::{
    ScenarioFile, every_expectation_is_met, scenario_file, scenario_files,
    written_scenarios_read_back_as_the_same,
};

/// Returns every case file and shipped scenario, read.
fn cases() -> Vec<ScenarioFile> {
    scenario_files(&["tests/cases/service", "scenarios/service"])
}

#[test]
fn every_case_holds() {
    every_expectation_is_met(&cases());
}

#[test]
fn a_written_scenario_reads_back_as_the_same() {
    written_scenarios_read_back_as_the_same(&cases());
}

/// Runs a scenario to its end, checking the device and the notifications after every event.
fn played(scenario: &Scenario, mut look: impl FnMut(&Machine, &str)) -> World {
    let mut world = World::new(scenario.start, scenario.seed);
    for (stream, device) in (0..).zip(&scenario.devices) {
        world.add(&device.name, &device.setup, stream);
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        let at = scenario.start + step.at;
        world.schedule(at, step.device, step.call.clone(), Some(index));
    }
    while let Some(turn) = world.step(scenario.start + scenario.run_for) {
        let event = turn.event.map(|event| format!("{event}\n{}\n{event:?}", event.to_json()));
        look(world.machine(turn.device), &event.unwrap_or_default());
    }
    world
}

/// Returns the only run of a scenario with one phone on which `steps` are done.
fn phone(intune: &str, steps: &str) -> ScenarioFile {
    let text = format!(
        "title = 't'\nrun-for = '30d'\n[devices.phone]\nkind = 'android'\napi-level = 30\n\
         enrolment = 'device-owner'\nlock = '4711'\n\
         policy = {{ quality = 'numeric', length = 4 }}\n\
         [devices.phone.intune]\n{intune}\n{steps}"
    );
    scenario_file("phone".to_owned(), text)
}

fn timestamp(seconds: i64) -> DateTime<Utc> {
    DEFAULT_START + TimeDelta::seconds(seconds)
}

#[test]
fn intune_18_a_result_has_its_start_and_its_last_change() {
    let file = phone(
        "reset-token = 'active'",
        "[[step]]\nat = '1m'\ndo = 'request-reset-passcode'\nstatus = 204",
    );
    let mut seen = Vec::new();
    played(&file.document.scenarios[0], |machine, _| {
        let result = machine.record().and_then(Record::reset);
        seen.extend(result.map(|result| (result.state, result.started, result.updated)));
    });
    seen.dedup();
    let expected = [
        (ActionState::Pending, timestamp(60), timestamp(60)),
        (ActionState::Active, timestamp(60), timestamp(65)),
        (ActionState::Done, timestamp(60), timestamp(67)),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn intune_42_a_record_has_the_administrator_the_action_the_time_and_the_result() {
    let file = phone(
        "",
        "[[step]]\nat = '1m'\ndo = 'request-reset-passcode'\nby = 'ada@example.org'\n\
         [[step]]\nat = '2m'\ndo = 'unlock'\nuser = 'device'\ncredential = '4711'\n\
         [[step]]\nat = '3m'\ndo = 'request-reset-passcode'\nby = 'bob@example.org'\n\
         role = 'school-administrator'\n\
         [[step]]\nat = '4m'\ndo = 'request-reset-passcode'\nrole = 'none'\nstatus = 403\n\
         [[step]]\nat = '5m'\ndo = 'request-wipe'\nby = 'ada@example.org'",
    );
    let world = played(&file.document.scenarios[0], |_, _| {});
    let account = world.machine(0).record().expect("a managed device");
    let records = account.audit().iter().map(|record| {
        let of = account.results().iter().find(|result| result.number == record.number);
        let state = of.map(|result| result.state);
        (&*record.initiated_by, record.role, record.action, record.requested, state)
    });
    let (ada, bob) = ("ada@example.org", "bob@example.org");
    let (reset, wipe) = (RemoteAction::ResetPasscode, RemoteAction::Wipe);
    let expected = [
        (ada, Role::IntuneAdministrator, reset, timestamp(60), Some(ActionState::NotSupported)),
        (bob, Role::SchoolAdministrator, reset, timestamp(180), Some(ActionState::Done)),
        (ada, Role::IntuneAdministrator, wipe, timestamp(300), Some(ActionState::Done)),
    ];
    assert_eq!(records.collect::<Vec<_>>(), expected);
    assert_eq!(
        (reset.as_str(), ActionState::NotSupported.as_str()),
        ("resetPasscode", "notSupported")
    );
}

/// No one but the administrator who reads it in the portal learns a new passcode.
#[test]
fn no_trace_contains_a_passcode_that_was_made_up() {
    let mut made = 0;
    for ScenarioFile { name, document, .. } in cases() {
        for scenario in &document.scenarios {
            let (mut shown, mut words) = (BTreeSet::new(), BTreeSet::new());
            played(scenario, |machine, event| {
                let results = machine.record().into_iter().flat_map(Record::results);
                shown.extend(results.filter_map(|result| result.passcode.clone()));
                words.extend(words_of(&format!("{machine:?}\n{event}")));
            });
            let told: Vec<_> = shown.intersection(&words).collect();
            assert!(told.is_empty(), "{name} tells {told:?}");
            made += shown.len();
        }
    }
    assert!(made > 100, "only {made} passcodes were made");
}

/// Returns everything in a text that could be a passcode, also one with signs in it.
fn words_of(text: &str) -> impl Iterator<Item = Secret> {
    let ends = |letter: char| letter.is_whitespace() || "\"'(),{}[]".contains(letter);
    let words = text.split(ends).filter(|word| word.len() >= 8);
    let parts = words.clone().flat_map(|word| word.split(['=', ':', ';']));
    words.chain(parts).map(Secret::new)
}

#[test]
fn a_passcode_in_a_trace_would_be_found() {
    for text in ["passcode=k4Tm9xQp", "told: Secret(\"k4Tm9xQp\")", "{\"passcode\":\"k4Tm9xQp\"}"] {
        assert!(words_of(text).any(|word| word == Secret::new("k4Tm9xQp")), "{text}");
    }
    assert!(words_of("a Xk=4:Tm9xQp b").any(|word| word == Secret::new("Xk=4:Tm9xQp")));
}

#[test]
fn every_parameter_is_set_by_some_case() {
    let texts: String = scenario_files(&["tests/cases/service", "tests/cases/android"])
        .into_iter()
        .map(|case| case.text)
        .collect();
    let parameters = service::Parameters::table();
    let names = parameters.iter().map(|parameter| parameter.name);
    let unset: Vec<_> = names.filter(|name| !texts.contains(&format!("{name} = "))).collect();
    assert!(unset.is_empty(), "parameters that no case sets: {unset:?}");
}

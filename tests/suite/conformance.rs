//! The shipped policies, held against what simulated devices do.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::OnceLock;

use acceptance::{read, root};
use conformance::{
    Behaviour, Claim, Disagreement, DisagreementCode, Explanations, Verification, claimed, verify,
};
use device_sim::scenario::{Expectation, Mode, Property, Subject, Wanted, write_scenario};
use device_sim::{Scenario, ScenarioDocument, Value};
use eligibility::analysis::Releases;
use eligibility::decide::{Verdict, decide};
use eligibility::facts::{Fact, Facts, Platform};
use eligibility::policy::{FindingCode, PolicyDocument, Reading, Scope};

use crate::policies::shipped;

/// Returns the behaviour of all simulated devices, computed once for all tests.
fn behaviour() -> &'static Behaviour {
    static BEHAVIOUR: OnceLock<Behaviour> = OnceLock::new();
    BEHAVIOUR.get_or_init(|| Behaviour::observe(NonZeroUsize::new(2).unwrap()))
}

fn record() -> Explanations {
    let text = read(&root().join("policies/disagreements.toml"));
    Explanations::parse(&text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn verified(document: &PolicyDocument, reading: Reading) -> Verification {
    let releases = Releases::parse(&read(&root().join("policies/releases.toml"))).unwrap();
    verify(document, reading, behaviour(), &record(), &releases).unwrap()
}

#[test]
fn every_disagreement_can_be_accepted_by_its_code() {
    for code in DisagreementCode::WORDS {
        assert!(code.parse::<FindingCode>().is_ok(), "`{code}` is no finding");
    }
}

/// A shipped policy in one reading, with what came of holding it against the devices.
struct Held {
    document: PolicyDocument,
    reading: Reading,
    disagreements: Vec<Disagreement>,
}

/// Returns every shipped policy in both readings, held against the devices once for all tests.
fn all_held() -> &'static [Held] {
    static HELD: OnceLock<Vec<Held>> = OnceLock::new();
    HELD.get_or_init(|| {
        let each = shipped().into_iter().flat_map(|(_, document)| {
            Reading::ALL.iter().map(move |reading| (document.clone(), *reading))
        });
        let held = each.map(|(document, reading)| {
            let disagreements = verified(&document, reading).disagreements;
            Held { document, reading, disagreements }
        });
        held.collect()
    })
}

#[test]
fn every_disagreement_about_a_shipped_policy_is_explained() {
    for Held { document, reading, disagreements } in all_held() {
        for one in disagreements {
            let said = format!("{}, {reading}: {}", document.id, line(one));
            assert!(one.explanation.is_some(), "{said} has no explanation");
        }
    }
}

#[test]
fn every_disagreement_on_record_comes_true_for_every_revision_that_it_names() {
    let record = record();
    let mut named = 0;
    for Held { document, reading, disagreements } in all_held() {
        let found: BTreeSet<_> = disagreements.iter().filter_map(|one| one.explanation).collect();
        for (place, explanation) in record.iter().enumerate() {
            if explanation.is_about(document.documented, *reading) {
                let id = &explanation.id;
                assert!(found.contains(&place), "{}, {reading}: no `{id}`", document.id);
                named += 1;
            }
        }
    }
    assert!(named > 200, "only {named} were looked for");
}

#[test]
fn the_record_is_complete_and_has_each_name_once() {
    let record = record();
    let names: BTreeSet<_> = record.iter().map(|one| &one.id).collect();
    assert_eq!(names.len(), record.iter().count());
    for explanation in record.iter() {
        assert!(explanation.because.len() > 60, "{}", explanation.id);
        assert!(!explanation.sources.is_empty(), "{}", explanation.id);
        let public = |source: &String| source.contains("https://");
        assert!(explanation.sources.iter().all(public), "{}", explanation.id);
    }
}

/// Returns a disagreement in one line.
fn line(one: &Disagreement) -> String {
    format!("{} at {}: {} -> {}", one.code.as_str(), one.scope, one.region, one.result)
}

fn unmet(scenario: &Scenario) -> Vec<String> {
    let text = write_scenario(scenario, &["a remark".to_owned()]);
    let document = ScenarioDocument::read(&text).unwrap_or_else(|p| panic!("{text}\n{p:#?}"));
    let [scenario] = document.scenarios.as_slice() else { panic!("{text}") };
    let run = device_sim::run(scenario, scenario.seed, |_| {});
    run.findings.iter().map(|finding| finding.expected.clone()).collect()
}

#[test]
fn the_scenario_of_a_disagreement_reads_back_and_shows_that_the_policy_is_wrong() {
    for Held { document, reading, disagreements } in all_held() {
        let policy = document.read(*reading);
        for one in disagreements {
            let unmet = unmet(&one.scenario(&policy).unwrap());
            assert_eq!(unmet.len(), 1, "{}: {}: {unmet:#?}", document.id, line(one));
            assert!(unmet[0].contains("as the policy says"), "{unmet:#?}");
        }
    }
}

#[test]
fn the_scenario_of_a_promise_that_is_kept_shows_that_the_policy_is_right() {
    let (_, newest) = shipped().pop().unwrap();
    let policy = newest.read(Reading::Literal);
    let (mut kept, mut refused) = (0, 0);
    for (device, answer) in behaviour().devices() {
        let Ok(results) = answer else { continue };
        let decision = decide(&policy, &device);
        for scope in Scope::ALL {
            let outcome = decision.scope(*scope);
            let (claim, count) = match outcome.verdict() {
                Verdict::Eligible if results.cooperative.keeps(*scope, outcome.mechanism()) => {
                    (Claim::Done(*scope, outcome.mechanism()), &mut kept)
                }
                Verdict::Ineligible if results.done_at(*scope).is_none() => {
                    (Claim::NeverDone(*scope), &mut refused)
                }
                _ => continue,
            };
            assert_eq!(unmet(&claimed(&device, claim).unwrap()), [""; 0], "{device:?}");
            *count += 1;
        }
    }
    assert!(kept > 200 && refused > 2000, "{kept} kept, {refused} refused");
}

/// Returns the scenario of a device on which the action is done, with what then has to be seen on
/// the device itself.
fn with_effect(device: &Facts, scope: Scope) -> Scenario {
    let mut scenario = claimed(device, Claim::Done(scope, None)).unwrap();
    let android = device.platform == Fact::Known(Platform::Android);
    let (name, wanted) = match (android, scope) {
        (true, Scope::Device) => ("device-lock", ["password", "pin"].as_slice()),
        (true, Scope::WorkProfile) => ("work-lock", ["password", "pin"].as_slice()),
        (false, _) => ("passcode", ["none"].as_slice()),
    };
    let observables = scenario.devices[0].setup.observables();
    let place = observables.iter().position(|known| known.name == name).unwrap();
    let expect = Expectation {
        subject: Subject::Observable(place, name),
        wanted: Wanted::AnyOf(wanted.iter().copied().map(Value::Word).collect()),
        span: 0..0,
    };
    scenario.properties.push(Property {
        name: None,
        mode: Mode::Eventually(None),
        device: 0,
        when: Vec::new(),
        expect: vec![expect],
        may_not_apply: false,
        span: 0..0,
    });
    scenario
}

#[test]
fn what_the_service_calls_done_was_done_on_the_device() {
    let mut done = 0;
    for (device, answer) in behaviour().devices() {
        let Ok(results) = answer else { continue };
        if results.cooperative.is_done() {
            let scenario = with_effect(&device, results.cooperative.scope);
            assert_eq!(unmet(&scenario), [""; 0], "{device:?}");
            done += 1;
        }
    }
    assert!(done > 400, "only {done} were done");
}

#[test]
fn the_number_of_threads_makes_no_difference() {
    let alone = Behaviour::observe(NonZeroUsize::MIN);
    assert_eq!(alone.trials(), behaviour().trials());
    assert!(alone.devices().eq(behaviour().devices()));
}

/// Returns the disagreements of the seed's page with one change, that the page itself does not
/// have.
fn new_after(change: (&str, &str)) -> Vec<String> {
    let text = read(&root().join("policies/intune/2018-03-29.toml"));
    let (rules, _) = text.split_once("# Cases:").unwrap();
    assert_eq!(rules.matches(change.0).count(), 1, "{change:?}");
    let lines = |text: &str| -> BTreeSet<String> {
        let (document, _) = PolicyDocument::parse(text).unwrap();
        verified(&document, Reading::Literal).disagreements.iter().map(line).collect()
    };
    lines(&rules.replace(change.0, change.1)).difference(&lines(rules)).cloned().collect()
}

#[test]
fn a_floor_that_is_too_low_is_found_out() {
    let change = (
        "\"corporate-work-profile\"], os-version = \">=7.0\" }",
        "\"corporate-work-profile\"], os-version = \">6.0\" }",
    );
    assert_eq!(
        new_after(change),
        [
            "need-never-holds at work-profile: personal-work-profile or corporate-work-profile; >6.0, <7.0 -> notSupported"
        ]
    );
}

#[test]
fn a_refusal_of_what_works_is_found_out() {
    let change = (
        "then      = \"remove-passcode\"\nscope     = \"device\"\nmechanism = \"ClearPasscode\"",
        "then      = \"unsupported\"",
    );
    assert_eq!(
        new_after(change),
        [
            "refused-but-done at device: ios or ipados; unlock-token held -> done (device, ClearPasscode)"
        ]
    );
}

#[test]
fn a_promise_to_macs_is_found_out() {
    let change = (
        "when   = { platform = \"macos\" }\nthen   = \"unsupported\"",
        "when   = { platform = \"macos\" }\nthen   = \"remove-passcode\"",
    );
    assert_eq!(new_after(change), ["promise-not-kept at device: macos -> notSupported"]);
}

#[test]
fn a_wrong_operation_is_found_out() {
    let change = ("mechanism = \"resetPassword\"", "mechanism = \"resetPasswordWithToken\"");
    assert_eq!(
        new_after(change),
        [
            "kept-in-another-way at device: device-administrator or fully-managed or dedicated or aosp-user-associated or aosp-userless; =6.0 -> done (device, resetPassword)"
        ]
    );
}

#[test]
fn a_need_that_is_left_out_is_found_out() {
    let found = new_after(("needs     = { reset-token = \"active\" }\n", ""));
    let expected = "promise-not-kept at work-profile: personal-work-profile or corporate-work-profile; \
        >=8.0; passcode-required true; passcode-set true; reset-token other than active -> notSupported";
    assert!(found.iter().any(|line| line == expected), "{found:#?}");
}

#[test]
fn a_need_of_nothing_is_found_out() {
    let found = new_after((
        "mechanism = \"ClearPasscode\"\n",
        "mechanism = \"ClearPasscode\"\nneeds = { passcode-set = true }\n",
    ));
    let expected = "need-not-needed at device: ios or ipados; passcode-set false; unlock-token held \
        -> done (device, ClearPasscode)";
    assert!(found.iter().any(|line| line == expected), "{found:#?}");
}

#[test]
fn what_nothing_simulates_is_listed_and_never_judged() {
    let releases = Releases::parse(&read(&root().join("policies/releases.toml"))).unwrap();
    let unseen = behaviour().unseen(&releases).unwrap();
    let windows = unseen.iter().find(|one| one.region.to_string().contains("windows-phone"));
    assert_eq!(windows.unwrap().because.to_string(), "nothing simulates this platform");
    for Held { document, disagreements, .. } in all_held() {
        for one in disagreements {
            let witness = one.region.witness();
            assert!(behaviour().of(witness).is_ok(), "{}: {}", document.id, line(one));
            assert!(unseen.iter().all(|unseen| !unseen.region.holds(witness)), "{}", line(one));
        }
    }
}

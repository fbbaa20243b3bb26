use eligibility::facts::FactName;

use super::*;
use crate::example::{device, program};

const COSTS: &str = r#"
    title = "minutes"

    [[change]]
    id = "token"
    fact = "reset-token"
    to = "active"
    devices = { platform = "android" }
    cost = 5
    how = "h"
    source = "s"

    [[change]]
    id = "token-again"
    fact = "reset-token"
    to = "active"
    cost = 1
    how = "h"
    source = "s"

    [[change]]
    id = "require"
    fact = "passcode-required"
    to = true
    cost = 2
    how = "h"
    source = "s"

    [[change]]
    id = "upgrade"
    fact = "os-version"
    cost = 40
    how = "h"
    source = "s"

    [[change]]
    id = "profile"
    fact = "management"
    to = "personal-work-profile"
    devices = { platform = "android", management = ["device-administrator", "not-managed"] }
    cost = 30
    how = "h"
    source = "s"

    [[change]]
    id = "dedicated"
    fact = "management"
    to = "dedicated"
    devices = { platform = "android" }
    cost = 90
    how = "h"
    source = "s"

    [[change]]
    id = "never"
    fact = "platform"
    to = "ios"
    cost = "never"
    how = "h"
    source = "s"
"#;

/// Returns the remedies of a device, as `fact=value …: cost`.
fn found(text: &str) -> Vec<String> {
    let program = program();
    let goal = Goal { program: &program, cells: program.cells(), sound: &|_, _| true };
    shown(&remedies(&goal, &device(text), &Costs::parse(COSTS).expect("the costs are well-formed")))
}

fn shown(remedies: &[Remedy]) -> Vec<String> {
    remedies.iter().map(|one| format!("{}: {}", words(&one.steps), one.cost)).collect()
}

fn words(steps: &[Step]) -> String {
    let words = steps.iter().map(|step| format!("{}={}", step.fact, step.fact.text(step.value)));
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn all_minimal_changes_are_found_the_cheapest_first() {
    let profile = "platform=android management=personal-work-profile os-version=9";
    let both = "passcode-required=true reset-token=active: 7";
    assert_eq!(found(profile), [both, "management=dedicated: 90"]);
    // A value that is there already is no change.
    let token = format!("{profile} reset-token=active");
    assert_eq!(found(&token), ["passcode-required=true: 2", "management=dedicated: 90"]);
    assert_eq!(found(&format!("{token} passcode-required=true")), Vec::<String>::new());
}

#[test]
fn an_update_is_the_earliest_version_from_which_on_the_device_is_eligible() {
    let old = "platform=android management=personal-work-profile os-version=7 reset-token=active passcode-required=true";
    assert_eq!(found(old), ["os-version=8.0: 40", "management=dedicated: 90"]);
    // A later version than that from which on it holds is no change.
    let new = "platform=android management=fully-managed os-version=14";
    assert_eq!(found(new), ["management=dedicated: 90"]);
    // From 14 on the rules contradict each other, so an update to 13 is no remedy that lasts.
    let unknown = "platform=android management=fully-managed";
    assert_eq!(found(unknown), ["management=dedicated: 90"]);
}

#[test]
fn enrolling_anew_and_the_rest_come_together_and_what_costs_never_is_left_out() {
    let admin = "platform=android management=device-administrator os-version=7";
    let profile = "management=personal-work-profile os-version=8.0 passcode-required=true reset-token=active: 77";
    assert_eq!(found(admin), [profile, "management=dedicated: 90"]);
    assert_eq!(found("platform=linux management=mdm"), Vec::<String>::new());
}

#[test]
fn a_promise_that_is_not_sound_is_no_remedy() {
    let program = program();
    let costs = Costs::parse(COSTS).expect("the costs are well-formed");
    let sound =
        |facts: &Facts, _: &Decision| facts.management != device("management=dedicated").management;
    let goal = Goal { program: &program, cells: program.cells(), sound: &sound };
    let facts = device("platform=android management=fully-managed os-version=14");
    assert!(remedies(&goal, &facts, &costs).is_empty());
    // A device that is eligible by an unsound promise has not reached the goal.
    let dedicated = device(
        "platform=android management=dedicated reset-token=active passcode-required=true os-version=7",
    );
    assert!(!goal.is_reached(&dedicated));
}

fn remedy(text: &str, cost: u64) -> Remedy {
    let facts = device(text);
    let steps = FactName::ALL
        .iter()
        .filter_map(|fact| facts.get(*fact).known().map(|value| Step { fact: *fact, value }));
    let mut steps: Vec<_> = steps.collect();
    steps.sort_unstable();
    Remedy { steps, cost }
}

#[test]
fn the_frontier_finds_measures_that_only_work_together() {
    let devices = [
        (vec![remedy("reset-token=active passcode-required=true", 7)], 10),
        (vec![remedy("passcode-required=true", 2)], 3),
        (vec![remedy("os-version=8", 40), remedy("management=dedicated", 90)], 5),
        (vec![remedy("os-version=10", 40)], 4),
        (Vec::new(), 100),
    ];
    let found: Vec<_> = frontier(&devices)
        .into_iter()
        .map(|one| (words(&one.steps), one.unlocked, one.cost))
        .collect();
    assert_eq!(
        found,
        [
            // The later version brings about the earlier one.
            ("os-version=10.0".to_owned(), 9, 360),
            ("passcode-required=true reset-token=active".to_owned(), 13, 76),
            ("os-version=10.0 passcode-required=true reset-token=active".to_owned(), 22, 436),
        ]
    );
}

#[test]
fn of_measures_that_unlock_as_much_the_cheaper_ones_count_and_more_that_bring_nothing_none() {
    let devices = [(vec![remedy("management=dedicated", 9), remedy("reset-token=active", 20)], 2)];
    let found = frontier(&devices);
    assert_eq!(found.len(), 1);
    assert_eq!((words(&found[0].steps).as_str(), found[0].cost), ("management=dedicated", 18));
    assert!(frontier(&[]).is_empty());
    assert!(frontier(&[(Vec::new(), 7)]).is_empty());
}

#[test]
fn costs_beyond_all_numbers_stay_the_largest() {
    let devices = [(vec![remedy("reset-token=active", u64::MAX)], 2)];
    assert_eq!(frontier(&devices)[0].cost, u64::MAX);
}

//! Explorations and simulations agree: what holds in every order of events, no order of the
//! same steps refutes, whenever they come.
//!
//! The claims are not those of the files alone: for every observable and each of its values there
//! is the claim that it never has it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use device_sim::exploration::{Answer, Claim, Exploration, Limits, Property};
use device_sim::scenario::{DEFAULT_START, Expectation, Mode, Subject, Wanted};
use device_sim::{Call, Context, Domain, Machine, Rng, Scenario, Value, World, scenario};

use crate::scenario_files::scenario_files;

/// The random orders of the steps of each scenario at its last version, each with a seed of its own.
const ORDERS: u64 = 1_000;

/// The random orders at each other version: together they are more than those at the last.
const ORDERS_OF_OTHERS: u64 = 100;

/// The steps of one order, and the states of one exploration.
const STEPS: u32 = 6;
const STATES: usize = 400;

/// A value that an observable never has, and the number of events up to which that was shown.
type Never = (usize, Value, u64);

fn values(domain: Domain) -> Vec<Value> {
    let truths = [true, false].map(Value::Truth);
    match domain {
        Domain::Truth => truths.to_vec(),
        Domain::Number | Domain::NumberFrom(_) => (-1..=3).map(Value::Number).collect(),
        Domain::Words(words) => words.iter().map(|word| Value::Word(word)).collect(),
        Domain::TruthOr(words) => {
            words.iter().map(|word| Value::Word(word)).chain(truths).collect()
        }
        Domain::Any(words) => [values(Domain::TruthOr(words)), values(Domain::Number)].concat(),
    }
}

/// Returns the exploration of a scenario, with a claim that each value is reached.
fn with_every_value(scenario: &Scenario) -> Option<(Exploration, Vec<(usize, Value)>)> {
    let mut exploration = Exploration::of_scenario(scenario)?;
    let observables = exploration.setup.observables().iter().enumerate();
    let claims: Vec<_> = observables
        .filter(|(_, observable)| !observable.is_history)
        .flat_map(|(place, observable)| {
            values(observable.domain).into_iter().map(move |value| (place, value))
        })
        .collect();
    exploration.properties = claims
        .iter()
        .map(|(place, value)| {
            let name = exploration.setup.observables()[*place].name;
            let subject = Subject::Observable(*place, name);
            let expect = vec![Expectation {
                subject,
                wanted: Wanted::AnyOf(vec![value.clone()]),
                span: 0..0,
            }];
            let claim = scenario::Property {
                name: None,
                mode: Mode::Sometimes,
                device: 0,
                when: Vec::new(),
                expect,
                may_not_apply: false,
                span: 0..0,
            };
            Property { name: format!("{name} = {value}"), claim: Claim::Sometimes(claim) }
        })
        .collect();
    Some((exploration, claims))
}

fn never(exploration: &Exploration, claims: Vec<(usize, Value)>) -> Vec<Never> {
    let explored = exploration.explore(Limits { depth: None, states: STATES });
    let verdicts = explored.verdicts.into_iter().zip(claims);
    verdicts
        .filter_map(|(verdict, (place, value))| match verdict.answer {
            Answer::NotReached => Some((place, value, u64::MAX)),
            Answer::NotReachedUpTo(events) => Some((place, value, u64::try_from(events).ok()?)),
            _ => None,
        })
        .collect()
}

/// Runs the calls in random orders at random times; returns what was said never to be and was.
fn refuted(
    exploration: &Exploration,
    calls: &[Call],
    never: &[Never],
    orders: u64,
) -> BTreeSet<String> {
    // From at once to beyond every period that a model has.
    const PAUSES: [i64; 9] = [0, 1, 2, 4, 60, 1_000, 4_000, 30_000, 800_000];
    let mut refuted = BTreeSet::new();
    let mut by_place: BTreeMap<usize, Vec<(&Value, u64)>> = BTreeMap::new();
    for (place, value, up_to) in never {
        by_place.entry(*place).or_default().push((value, *up_to));
    }
    for seed in 0..orders {
        let mut rng = Rng::new(seed, 77);
        let mut world = World::new(DEFAULT_START, seed);
        world.add("device", &exploration.setup, 0);
        let mut at = DEFAULT_START;
        for _ in 0..STEPS {
            let call =
                &calls[usize::try_from(rng.below(u32::try_from(calls.len()).unwrap())).unwrap()];
            at += TimeDelta::seconds(PAUSES[usize::try_from(rng.below(9)).unwrap()]);
            world.schedule(at, 0, Some(call.clone()), None);
        }
        let mut events = 0;
        while events < 40 && world.pass(at + TimeDelta::hours(1)) {
            events += 1;
            for (place, values) in &by_place {
                let observed = world.machine(0).observe(*place);
                let is_wrong =
                    |(value, up_to): &&(&Value, u64)| events <= *up_to && observed == **value;
                if let Some((value, _)) = values.iter().find(is_wrong) {
                    let name = exploration.setup.observables()[*place].name;
                    refuted.insert(format!("{name} = {value} after {events} events"));
                }
            }
        }
    }
    refuted
}

fn calls(scenario: &Scenario) -> Vec<Call> {
    scenario.steps.iter().filter_map(|step| step.call.clone()).collect()
}

/// Returns the scenarios of the repository that can be explored, at every version and with every
/// choice that they name, each with its number of random orders.
fn scenarios() -> Vec<(String, Scenario, u64)> {
    let folders = [
        "scenarios/android",
        "scenarios/apple",
        "scenarios/service",
        "tests/cases/android",
        "tests/cases/apple",
        "tests/cases/service",
    ];
    let mut all = Vec::new();
    for file in scenario_files(&folders) {
        let last = file.document.scenarios.len() - 1;
        for (place, scenario) in file.document.scenarios.into_iter().enumerate() {
            let orders = if place == last { ORDERS } else { ORDERS_OF_OTHERS };
            if scenario.devices.len() == 1 && !calls(&scenario).is_empty() {
                all.push((file.name.clone(), scenario, orders));
            }
        }
    }
    all
}

#[test]
fn what_explore_proves_no_simulation_refutes() {
    let scenarios = scenarios();
    let proved = std::sync::atomic::AtomicUsize::new(0);
    let check = |(name, scenario, orders): &(String, Scenario, u64)| {
        let (exploration, claims) = with_every_value(scenario).unwrap();
        let never = never(&exploration, claims);
        proved.fetch_add(never.len(), std::sync::atomic::Ordering::Relaxed);
        let refuted = refuted(&exploration, &calls(scenario), &never, *orders);
        assert_eq!(refuted, BTreeSet::new(), "{name} at {:?}", scenario.version);
    };
    std::thread::scope(|scope| {
        for part in scenarios.chunks(scenarios.len().div_ceil(16)) {
            scope.spawn(move || part.iter().for_each(check));
        }
    });
    assert!(scenarios.len() > 1_000, "{} scenarios", scenarios.len());
    let proved = proved.into_inner();
    assert!(proved > 50_000, "{proved} claims");
}

#[test]
fn a_search_without_what_calls_schedule_is_found_out() {
    fn forgets_what_is_scheduled(
        machine: &mut Machine,
        call: &Call,
        context: &mut Context<'_, Call>,
    ) -> Option<device_sim::Outcome> {
        let outcome = machine.handle(call, context);
        context.leave_the_rest_to_others();
        outcome
    }
    let name = "intune-shows-passcode";
    let is_last = |(found, _, orders): &(String, Scenario, u64)| found == name && *orders == ORDERS;
    let (_, scenario, orders) = scenarios().into_iter().find(is_last).unwrap();
    let (mut exploration, claims) = with_every_value(&scenario).unwrap();
    exploration.act = forgets_what_is_scheduled;
    let never = never(&exploration, claims);
    let refuted = refuted(&exploration, &calls(&scenario), &never, orders);
    assert!(!refuted.is_empty(), "1,000 orders find no push that arrives");
}

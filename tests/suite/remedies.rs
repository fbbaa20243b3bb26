//! What would have to change: each proposal works and is minimal, and the counts are those of
//! planning again.

use eligibility::builtin;
use eligibility::costs::Costs;
use eligibility::decide::{Verdict, decide};
use eligibility::facts::{Fact, FactName, Facts};
use eligibility::policy::{Policy, Reading};
use fleet::{Goal, Program, Remedy, frontier};

/// One in this many cells is looked at.
const EVERY: usize = 7;

fn policies() -> impl Iterator<Item = Policy> {
    let readings = [Reading::Literal, Reading::Intended];
    let documents = builtin::all().iter().map(builtin::Builtin::document);
    documents.flat_map(move |document| readings.map(|reading| document.read(reading)))
}

/// Devices of many cells that can exist.
fn devices(program: &Program) -> impl Iterator<Item = Facts> {
    let cells = 0..program.cells().count().expect("policies are small");
    let facts = cells.step_by(EVERY).map(|cell| program.cells().witness(cell));
    facts.filter(Facts::possible)
}

fn is_eligible(policy: &Policy, facts: &Facts) -> bool {
    decide(policy, facts).headline().verdict() == Verdict::Eligible
}

fn remedies(program: &Program, facts: &Facts, costs: &Costs) -> Vec<Remedy> {
    let goal = Goal { program, cells: program.cells(), sound: &|_, _| true };
    ::fleet::remedies(&goal, facts, costs)
}

/// Returns the device after some of the changes of a remedy: those whose bits are set.
fn partly(remedy: &Remedy, chosen: u32, facts: &Facts) -> Facts {
    let mut changed = *facts;
    for (place, step) in remedy.steps.iter().enumerate() {
        if chosen >> place & 1 == 1 {
            changed.set(step.fact, Fact::Known(step.value));
        }
    }
    changed
}

#[test]
fn each_proposal_makes_its_device_eligible_and_no_part_of_it_does() {
    let costs = builtin::costs();
    let mut proposals = 0;
    for policy in policies() {
        let program = Program::new(policy);
        let policy = program.policy();
        for facts in devices(&program) {
            for remedy in remedies(&program, &facts, &costs) {
                let all = (1_u32 << remedy.steps.len()) - 1;
                let name = format!("{}: {facts:?} by {remedy:?}", policy.id);
                assert!(is_eligible(policy, &remedy.apply(&facts)), "{name}");
                for part in 0..all {
                    assert!(!is_eligible(policy, &partly(&remedy, part, &facts)), "{name} {part}");
                }
                proposals += 1;
            }
        }
    }
    assert!(proposals > 1000, "only {proposals}");
}

#[test]
fn the_counts_of_the_frontier_are_those_of_planning_again() {
    let costs = builtin::costs();
    for policy in policies() {
        let program = Program::new(policy);
        let all: Vec<_> = (1..).zip(devices(&program)).collect();
        let with_remedies: Vec<_> = all
            .iter()
            .map(|(number, facts)| (remedies(&program, facts, &costs), *number))
            .collect();
        let mut before = 0;
        for measures in frontier(&with_remedies) {
            let brings = |remedy: &Remedy| {
                remedy.steps.iter().all(|step| {
                    measures.steps.iter().any(|measure| {
                        let later = step.fact == FactName::OsVersion && measure.value > step.value;
                        measure.fact == step.fact && (measure.value == step.value || later)
                    })
                })
            };
            let mut unlocked = 0;
            for ((number, facts), (remedies, _)) in all.iter().zip(&with_remedies) {
                let Some(remedy) = remedies.iter().find(|remedy| brings(remedy)) else { continue };
                assert!(is_eligible(program.policy(), &remedy.apply(facts)));
                assert!(!is_eligible(program.policy(), facts));
                unlocked += number;
            }
            assert_eq!(measures.unlocked, unlocked, "{}", program.policy().id);
            assert!(measures.unlocked > before);
            before = measures.unlocked;
        }
    }
}

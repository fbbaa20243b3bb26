//! The bridge to the model checker.

use std::hash::{Hash, Hasher};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use stateright::{Checker, Model, Property};

use super::{Claim, Exploration, Explored, Transition, Verdict};
use crate::machine::{Call, Machine};
use crate::scenario::{DEFAULT_START, Expectation, Subject};

/// A state of the search. Its depth is no part of its identity: the search is breadth first, so
/// the first run that meets a state is a shortest one.
#[derive(Clone, Debug)]
struct State {
    machine: Machine,
    /// One bit for each property that the last event has refuted.
    refuted: u32,
    depth: u32,
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        (&self.machine, self.refuted) == (&other.machine, other.refuted)
    }
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (&self.machine, self.refuted).hash(hasher);
    }
}

/// An exploration in the checker's terms.
struct Search {
    exploration: Exploration,
    depth: Option<NonZeroU32>,
    /// One bit for each property that is decided. The checker would replace what it found first
    /// by what it finds later, and so lose the shortest run.
    decided: AtomicU32,
}

impl Search {
    /// Whether a property still holds in a state, or, for a possibility, has just come about.
    fn condition(&self, slot: usize, state: &State) -> bool {
        let property = &self.exploration.properties[slot];
        let holds = self.exploration.holds_in(slot, state);
        let decides = holds == property.claim.is_possibility();
        let first = decides && self.decided.fetch_or(1 << slot, Relaxed) & (1 << slot) == 0;
        first == property.claim.is_possibility()
    }
}

type Condition = fn(&Search, &State) -> bool;

/// The checker takes conditions without data of their own, so each property has a place with a
/// condition that knows its number.
macro_rules! slots {
    ($($number:literal),+) => {
        /// The places for properties, with their names.
        pub(super) const SLOTS: &[&str] = &[ $( stringify!($number) ),+ ];

        const CONDITIONS: &[Condition] =
            &[ $( |search, state| search.condition($number, state) ),+ ];
    };
}

slots!(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);

impl Exploration {
    fn holds_in(&self, slot: usize, state: &State) -> bool {
        let both = |when: &[Expectation], expect: &[Expectation]| {
            (met(when, &state.machine), met(expect, &state.machine))
        };
        match &self.properties[slot].claim {
            Claim::EveryEvent(_) => state.refuted & (1 << slot) == 0,
            Claim::Possible(is) => is(&state.machine),
            Claim::Always(when, expect) => {
                let (applies, holds) = both(when, expect);
                !applies || holds
            }
            Claim::Sometimes(when, expect) => both(when, expect) == (true, true),
            Claim::Invariants => state.machine.broken_invariants().is_empty(),
        }
    }
}

fn met(expectations: &[Expectation], machine: &Machine) -> bool {
    expectations.iter().all(|wanted| match wanted.subject {
        Subject::Observable(place, _) => wanted.wanted.contains(&machine.observe(place)),
        Subject::Outcome(_) => true,
    })
}

impl Model for Search {
    type State = State;
    type Action = Call;

    fn init_states(&self) -> Vec<State> {
        let mut machine = self.exploration.setup.build(DEFAULT_START);
        machine.forget_history();
        vec![State { machine, refuted: 0, depth: 0 }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Call>) {
        let deep_enough = self.depth.is_some_and(|depth| state.depth >= depth.get());
        // A refuted property has its counterexample; nothing is gained by going on.
        if !deep_enough && state.refuted == 0 {
            actions.extend(self.exploration.calls(&state.machine));
        }
    }

    fn next_state(&self, last: &State, call: Call) -> Option<State> {
        let (machine, outcome) = (self.exploration.act)(&last.machine, &call);
        let transition = Transition {
            before: &last.machine,
            call: &call,
            outcome: outcome.as_ref(),
            after: &machine,
        };
        let mut refuted = 0;
        for (slot, property) in self.exploration.properties.iter().enumerate() {
            if let Claim::EveryEvent(holds) = property.claim
                && !holds(&transition)
            {
                refuted |= 1 << slot;
            }
        }
        Some(State { machine, refuted, depth: last.depth + 1 })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let places = self.exploration.properties.iter().zip(SLOTS.iter().zip(CONDITIONS));
        let mut properties: Vec<_> = places
            .map(|(property, (name, condition))| {
                if property.claim.is_possibility() {
                    Property::sometimes(name, *condition)
                } else {
                    Property::always(name, *condition)
                }
            })
            .collect();
        // Without one that nothing can decide, the search would end with the last discovery.
        properties.push(Property::always("the search goes on", |_, _| true));
        properties
    }
}

pub(super) fn explore(exploration: &Exploration, depth: Option<NonZeroU32>) -> Explored {
    let decided = AtomicU32::new(0);
    let search = Search { exploration: exploration.clone(), depth, decided };
    // One thread: with more of them, the runs found would not always be the shortest.
    let checker = search.checker().threads(1).spawn_bfs().join();
    let verdicts = exploration
        .properties
        .iter()
        .zip(SLOTS)
        .map(|(property, slot)| {
            let run = checker
                .discovery(slot)
                .map(|path| exploration.scenario(&property.name, &path.into_actions()));
            let is_possibility = property.claim.is_possibility();
            let holds = run.is_some() == is_possibility;
            Verdict { name: property.name.clone(), is_possibility, holds, run }
        })
        .collect();
    // The checker counts states on the way, the start among them.
    let deepest = checker.max_depth().saturating_sub(1);
    Explored {
        states: checker.unique_state_count(),
        transitions: checker.state_count().saturating_sub(1),
        depth: deepest,
        complete: depth.is_none_or(|depth| deepest < usize::try_from(depth.get()).unwrap_or(0)),
        verdicts,
    }
}

//! Deliberately broken services: each property of the exploration notices one of them.

use std::num::NonZeroU32;

use super::super::Record;
use super::{Call, Mechanism, reset_exploration};
use crate::exploration::{Act, Exploration};
use crate::machine::{Call as AnyCall, Context, Machine};
use crate::model::Secret;
use crate::service::ActionState;
use crate::service::Parameters;

/// Returns true if the exploration, done in another way, still finds the property true.
fn holds(exploration: &Exploration, name: &str) -> bool {
    let explored = exploration.explore(NonZeroU32::new(7));
    let found = explored.verdicts.into_iter().find(|verdict| verdict.name == name);
    found.expect("the property is looked at").holds()
}

fn acting(act: Act) -> Exploration {
    Exploration { act, ..reset_exploration() }
}

/// Does the call and then meddles with the record.
fn meddle(
    machine: &mut Machine,
    call: &AnyCall,
    context: &mut Context<'_>,
    with: impl Fn(&mut Record),
) -> Option<crate::Outcome> {
    let outcome = machine.handle(call, context);
    if let Some(record) = machine.record_mut() {
        with(record);
    }
    outcome
}

/// Every action that waits counts as carried out.
fn pretend(record: &mut Record) {
    for result in record.actions.results_mut() {
        if result.state == ActionState::Pending {
            result.ordered = Some(Secret::new("made-up"));
        }
    }
}

#[test]
fn a_service_that_reopens_actions_is_noticed() {
    let reopens: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            let again = *call == Call::CheckIn.into();
            for result in record.actions.results_mut().iter_mut().filter(|_| again) {
                if result.state == ActionState::NotSupported {
                    result.state = ActionState::Pending;
                }
            }
        })
    };
    assert!(!holds(&acting(reopens), "an action that has ended stays as it is"));
}

#[test]
fn a_service_that_gives_up_at_once_is_noticed() {
    let gives_up: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            let offline = *call == crate::android::Call::GoOffline.into();
            for result in record.actions.results_mut().iter_mut().filter(|_| offline) {
                if result.state == ActionState::Pending {
                    result.state = ActionState::Failed;
                }
            }
        })
    };
    assert!(!holds(&acting(gives_up), "an action is pending, then active, then ended"));
}

#[test]
fn a_reset_without_a_token_is_noticed() {
    let forces: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            if *call == Call::PushArrives.into() {
                record.actions.results_mut()[0].ordered = Some(Secret::new("made-up"));
            }
        })
    };
    assert!(!holds(&acting(forces), "a profile without an active token is not reset"));
}

#[test]
fn a_reset_out_of_reach_is_noticed() {
    let reaches: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            if *call == Call::CheckIn.into() {
                pretend(record);
            }
        })
    };
    assert!(!holds(&acting(reaches), "a device that is out of reach carries nothing out"));
}

/// Returns a service that drops nothing when a retire overtakes it.
fn dropping_nothing(act: Act) -> Exploration {
    let mut exploration = acting(act);
    if let Some(setup) = &mut exploration.setup.service {
        setup.parameters = Parameters { dropped_are_canceled: false, ..Parameters::default() };
    }
    exploration
}

#[test]
fn a_reset_despite_a_retire_is_noticed() {
    let resets: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            if *call == Call::CheckIn.into() {
                pretend(record);
            }
        })
    };
    let name = "nothing is reset any more once a retire waits";
    assert!(!holds(&dropping_nothing(resets), name));
}

#[test]
fn an_action_that_never_ends_is_noticed() {
    let mixes_up: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            if let [first, .., last] = record.actions.results_mut().as_mut_slice() {
                last.number = first.number;
            }
        })
    };
    let name = "every action ends once the device is back and its user cooperates";
    assert!(!holds(&acting(mixes_up), name));
}

#[test]
fn another_mechanism_is_noticed() {
    let other: Act = |machine, call, context| {
        meddle(machine, call, context, |record| {
            for result in record.actions.results_mut() {
                if result.state == ActionState::Done {
                    result.mechanism = Mechanism::ResetPassword;
                }
            }
        })
    };
    assert!(!holds(&acting(other), "what is done was carried out by a token"));
}

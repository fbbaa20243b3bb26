//! Deliberately broken services: each property of the exploration notices one of them.

use std::num::NonZeroU32;

use super::super::Record;
use super::{Call, Mechanism, reset_exploration};
use crate::exploration::{Act, Exploration};
use crate::machine::{Call as AnyCall, Context, Machine};
use crate::model::Secret;
use crate::service::{ActionState, Parameters};

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

/// Declares services that do the call, and then something wrong to the record.
macro_rules! broken {
    ($($property:literal: |$call:pat_param, $record:ident| $wrong:block)+) => {
        &[$( ($property, |machine, call, context| {
            meddle(machine, call, context, |$record| {
                let $call = call;
                $wrong
            })
        }) ),+]
    };
}

/// A broken service for each property.
const BROKEN: &[(&str, Act)] = broken! {
    "an action that has ended stays as it is": |call, record| {
        if *call == Call::CheckIn.into() {
            turn(record, ActionState::NotSupported, ActionState::Pending);
        }
    }
    "an action is pending, then active, then ended": |call, record| {
        if *call == crate::android::Call::GoOffline.into() {
            turn(record, ActionState::Pending, ActionState::Failed);
        }
    }
    "a profile without an active token is not reset": |call, record| {
        if *call == Call::PushArrives.into() {
            record.actions.results_mut()[0].ordered = Some(Secret::new("made-up"));
        }
    }
    "a device that is out of reach carries nothing out": |call, record| {
        if *call == Call::CheckIn.into() {
            pretend(record);
        }
    }
    "nothing is reset any more once a retire waits": |call, record| {
        if *call == Call::CheckIn.into() {
            pretend(record);
        }
    }
    "every action ends once the device is back and its user cooperates": |_, record| {
        if let [first, .., last] = record.actions.results_mut().as_mut_slice() {
            last.number = first.number;
        }
    }
    "what is done was carried out by a token": |_, record| {
        for result in record.actions.results_mut() {
            if result.state == ActionState::Done {
                result.mechanism = Mechanism::ResetPassword;
            }
        }
    }
};

fn turn(record: &mut Record, from: ActionState, to: ActionState) {
    for result in record.actions.results_mut().iter_mut().filter(|one| one.state == from) {
        result.state = to;
    }
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
fn every_property_notices_a_broken_service() {
    for (name, act) in BROKEN {
        let mut exploration = Exploration { act: *act, ..reset_exploration() };
        if let Some(setup) = &mut exploration.setup.service {
            // Otherwise a retire cancels the resets that wait.
            let keeps = *name == "nothing is reset any more once a retire waits";
            setup.parameters = Parameters { dropped_are_canceled: !keeps, ..setup.parameters };
        }
        let explored = exploration.explore(NonZeroU32::new(7));
        let found = explored.verdicts.iter().find(|verdict| verdict.name == *name);
        assert!(!found.expect("the property is looked at").holds(), "{name}");
    }
}

//! Invariants of every managed device; checkers, apart from the model.

use super::action::{ActionState, Mechanism, RemoteAction};
use super::record::Record;
use crate::model::invariant::{self, Invariant};

const INVARIANTS: &[Invariant<Record>] = &[
    ("a passcode is shown only of a reset that is done", |record| {
        record.results().iter().all(|result| {
            result.passcode.is_none()
                || (result.state == ActionState::Done
                    && result.action == RemoteAction::ResetPasscode)
        })
    }),
    ("removing a passcode makes no new one", |record| {
        record.results().iter().all(|result| {
            result.mechanism != Mechanism::ClearPasscode
                || (result.passcode.is_none() && result.ordered.is_none())
        })
    }),
    ("a reset that is done was done by some operation", |record| {
        record.results().iter().all(|result| {
            result.action != RemoteAction::ResetPasscode
                || result.state != ActionState::Done
                || result.mechanism != Mechanism::None
        })
    }),
    ("beside a retire, wipe or delete no passcode action waits", |record| {
        !record.rules.parameters.dropped_are_canceled
            || record.actions.preempting().is_none()
            || record.open().all(|open| open.action != RemoteAction::ResetPasscode)
    }),
    ("nothing ends before it starts, and no number is given twice", |record| {
        let results = record.results();
        results.iter().all(|result| result.started <= result.updated)
            && results.windows(2).all(|pair| pair[0].number < pair[1].number)
    }),
    ("every request on record has its action", |record| {
        record.audit().iter().all(|entry| {
            record.actions.get(entry.number).is_some_and(|result| result.action == entry.action)
        })
    }),
];

/// Returns the names of the invariants that a managed device breaks, its platform's apart.
pub(crate) fn broken_invariants(record: &Record) -> Vec<&'static str> {
    invariant::broken(INVARIANTS, record)
}

//! What must hold of every managed device at every moment; checkers, apart from the model.

use super::action::{ActionState, Mechanism, RemoteAction};
use super::managed::Managed;

/// A named statement about one state.
struct Invariant {
    name: &'static str,
    holds: fn(&Managed) -> bool,
}

const INVARIANTS: &[Invariant] = &[
    Invariant {
        name: "a passcode is shown only of a reset that is done",
        holds: |managed| {
            managed.account.results().iter().all(|result| {
                result.passcode.is_none()
                    || (result.state == ActionState::Done
                        && result.action == RemoteAction::ResetPasscode)
            })
        },
    },
    Invariant {
        name: "removing a passcode makes no new one",
        holds: |managed| {
            managed.account.results().iter().all(|result| {
                result.mechanism != Mechanism::ClearPasscode
                    || (result.passcode.is_none() && result.ordered.is_none())
            })
        },
    },
    Invariant {
        name: "a reset that is done was done by some operation",
        holds: |managed| {
            managed.account.results().iter().all(|result| {
                result.action != RemoteAction::ResetPasscode
                    || result.state != ActionState::Done
                    || result.mechanism != Mechanism::None
            })
        },
    },
    Invariant {
        name: "beside a retire, wipe or delete no passcode action waits",
        holds: |managed| {
            let account = &managed.account;
            !account.rules.parameters.dropped_are_canceled
                || account.outranking().is_none()
                || account.open().all(|open| open.action != RemoteAction::ResetPasscode)
        },
    },
    Invariant {
        name: "nothing ends before it starts, and no number is given twice",
        holds: |managed| {
            let results = managed.account.results();
            results.iter().all(|result| result.started <= result.updated)
                && results.windows(2).all(|pair| pair[0].number < pair[1].number)
        },
    },
    Invariant {
        name: "every request on record has its action",
        holds: |managed| {
            let account = &managed.account;
            account.audit().iter().all(|record| {
                account.result(record.number).is_some_and(|result| result.action == record.action)
            })
        },
    },
];

/// The names of the invariants that a managed device breaks, its platform's apart.
pub fn broken_invariants(managed: &Managed) -> Vec<&'static str> {
    let broken = INVARIANTS.iter().filter(|invariant| !(invariant.holds)(managed));
    broken.map(|invariant| invariant.name).collect()
}

//! `Device state` (`ManagementState`): the names of Graph's enum `managementState`.
//!
//! Source: `managementState` in `schemas/v1.0-Prod.csdl` of
//! <https://github.com/microsoftgraph/msgraph-metadata>. A retire or wipe that was issued still
//! lies before the device, so it counts as pending; one that failed or was cancelled leaves the
//! device managed.

use eligibility::facts::ManagementState as State;

use super::{Lexicon, spelling};

/// `None` is a state that says nothing about management: `discovered` is a device that was seen
/// but is not managed yet.
pub(crate) const DEVICE_STATE: Lexicon<Option<State>> = Lexicon {
    expected: "a device state such as `Managed`, `RetirePending`, `WipePending` or blank",
    spellings: &[
        spelling("Managed", Some(State::Managed)),
        spelling("RetirePending", Some(State::RetirePending)),
        spelling("RetireFailed", Some(State::Managed)),
        spelling("WipePending", Some(State::WipePending)),
        spelling("WipeFailed", Some(State::Managed)),
        spelling("Unhealthy", Some(State::Unhealthy)),
        spelling("DeletePending", Some(State::DeletePending)),
        spelling("RetireIssued", Some(State::RetirePending)),
        spelling("WipeIssued", Some(State::WipePending)),
        spelling("WipeCanceled", Some(State::Managed)),
        spelling("RetireCanceled", Some(State::Managed)),
        spelling("Discovered", None),
    ],
};

/// The numbers of `ManagementState`, in the same enum.
pub(crate) const MANAGEMENT_STATE: Lexicon<Option<Option<State>>> = Lexicon {
    expected: "a name or number of `managementState` such as `managed` or `0`, or blank",
    spellings: &[
        spelling("0", Some(Some(State::Managed))),
        spelling("1", Some(Some(State::RetirePending))),
        spelling("2", Some(Some(State::Managed))),
        spelling("3", Some(Some(State::WipePending))),
        spelling("4", Some(Some(State::Managed))),
        spelling("5", Some(Some(State::Unhealthy))),
        spelling("6", Some(Some(State::DeletePending))),
        spelling("7", Some(Some(State::RetirePending))),
        spelling("8", Some(Some(State::WipePending))),
        spelling("9", Some(Some(State::Managed))),
        spelling("10", Some(Some(State::Managed))),
        spelling("11", Some(None)),
        spelling("12", None),
    ],
};

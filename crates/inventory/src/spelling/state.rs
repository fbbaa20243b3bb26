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

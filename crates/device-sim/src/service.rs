//! Intune's side: what becomes of *Remove passcode* between the button and the device.
//!
//! A [`Managed`] device is a device of one of the platforms together with the [`Account`] that
//! the service keeps of it: its enrolment, the actions that wait for it, their results under
//! Graph's names, and the audit records. A [`Call`] is a request of an administrator or a user, a
//! fault, or the work of time; everything that can be done to the device alone can be done to a
//! managed one, too.
//!
//! One flow a file: who may ask ([`Request`]), when a device comes ([`CheckIn`]), what is done when it is
//! there, what its agent does on Android. Where the documents are silent, the choice is one of the
//! [`Parameters`].
//!
//! What is not here: which devices a page calls supported; that is a policy, and this is the
//! witness to which policies are held. No tenants, no throttling, no paging.

mod account;
mod action;
mod agent;
mod call;
mod compliance;
mod contact;
mod delivery;
#[cfg(feature = "explore")]
mod exploration;
mod invariants;
mod managed;
mod observables;
mod parameters;
mod parse;
mod passcode;
mod request;
mod roles;
mod schedule;
mod setup;

pub use account::{Account, AuditRecord};
pub use action::{ActionResult, ActionState, ManagementState, Mechanism, RemoteAction};
pub use call::Call;
pub use compliance::ComplianceState;
#[cfg(feature = "explore")]
pub use exploration::{RESET_EXPLORATION, reset_exploration};
pub use invariants::broken_invariants;
pub use managed::Managed;
pub use observables::{OBSERVABLES, of_android, of_apple};
pub use parameters::Parameters;
pub use request::{Door, OUTCOME_KEYS, Reply, Request, android_outcomes, apple_outcomes};
pub use roles::{Role, RoleList};
pub use schedule::CheckIn;
pub use setup::{Setup, TokenAtStart};

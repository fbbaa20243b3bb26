//! The service: Intune's side of *Remove passcode*, between the button and the device.
//!
//! A managed device has a [`Record`] at the service: its actions with their results under Graph's
//! names, the audit records, its check-ins. A [`Call`] is a request of an administrator or a user,
//! a fault, or the work of time. `managed.rs` orders what a call does; every part of the record is
//! in a file of its own: the push channel, the action log, the agent on Android, approvals,
//! compliance, the audit log, the schedule. Where the documents are silent, the choice is one of
//! the [`Parameters`].
//!
//! Not here: the devices that a page calls supported; that is a policy, and this is the
//! witness to which policies are held. No tenants, no throttling, no paging.

mod action;
mod action_log;
mod agent;
mod approval;
mod audit;
mod call;
mod channel;
mod compliance;
mod exploration;
mod invariants;
pub(crate) mod machine_call;
mod managed;
mod mdm;
mod observables;
mod offer;
mod parameters;
mod passcode;
mod record;
mod request;
mod roles;
mod schedule;
mod setup;

pub use action::{ActionResult, ActionState, ManagementState, Mechanism, RemoteAction};
pub use approval::{ApprovalState, Approver};
pub use audit::AuditRecord;
pub use call::Call;
pub use compliance::ComplianceState;
pub use exploration::{RESET_EXPLORATION, reset_exploration};
pub(crate) use invariants::broken_invariants;
pub(crate) use observables::OBSERVABLES;
pub(crate) use observables::observables_of;
pub(crate) use offer::is_offered;
pub use parameters::Parameters;
pub use record::Record;
pub use request::{Channel, Request};
pub(crate) use request::{OUTCOME_KEYS, outcome_keys_of};
pub use roles::{Role, RoleList};
pub use schedule::CheckIn;
pub use setup::{Setup, TokenAtStart};

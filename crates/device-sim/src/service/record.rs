//! The managed-device record: what the service keeps of one device.

use chrono::{DateTime, TimeDelta, Utc};

use super::action::{ActionResult, ManagementState, RemoteAction};
use super::action_log::ActionLog;
use super::agent::Agent;
use super::audit::{AuditLog, AuditRecord};
use super::channel::PushChannel;
use super::compliance::{Compliance, ComplianceState};
use super::observables;
use super::parameters::Parameters;
use super::roles::RoleList;
use super::schedule::Schedule;
use crate::model::Value;

/// The properties of a device and its tenant that do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Rules {
    pub(super) roles: RoleList,
    pub(super) google_services: bool,
    pub(super) enrollment_manager: bool,
    pub(super) drives_itself: bool,
    pub(super) parameters: Parameters,
}

/// A managed-device record: its parts, each with its own state.
///
/// What a call does to them, and in which order, is in one place, `managed.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub(super) rules: Rules,
    pub(super) management_state: ManagementState,
    pub(super) actions: ActionLog,
    pub(super) audit: AuditLog,
    pub(super) channel: PushChannel,
    pub(super) schedule: Schedule,
    pub(super) compliance: Compliance,
    pub(super) agent: Agent,
}

impl Record {
    /// Returns all actions in the order in which they were requested.
    pub fn results(&self) -> &[ActionResult] {
        self.actions.results()
    }

    /// Returns the latest passcode action.
    pub fn reset(&self) -> Option<&ActionResult> {
        self.results().iter().rfind(|result| result.action == RemoteAction::ResetPasscode)
    }

    /// Returns the actions that have not ended.
    pub fn open(&self) -> impl Iterator<Item = &ActionResult> {
        self.actions.open()
    }

    /// Returns the audit records in the order of the requests.
    pub fn audit(&self) -> &[AuditRecord] {
        self.audit.records()
    }

    /// Returns what the service is about to do with the device.
    pub fn management_state(&self) -> ManagementState {
        self.management_state
    }

    /// Returns whether the device complied at its last report.
    pub fn compliance(&self) -> ComplianceState {
        self.compliance.state()
    }

    /// Returns the time of the last check-in.
    pub fn last_check_in(&self) -> Option<DateTime<Utc>> {
        self.schedule.last_check_in()
    }

    /// Returns the number of check-ins.
    pub fn check_ins(&self) -> u32 {
        self.schedule.check_ins()
    }

    /// Returns for how long a new passcode is shown.
    pub(super) fn passcode_life(&self) -> TimeDelta {
        TimeDelta::days(self.rules.parameters.passcode_days.into())
    }

    /// Observes a value, by its place in [`super::OBSERVABLES`].
    pub(crate) fn observe(&self, index: usize) -> Value {
        observables::observe(self, index)
    }

    /// Forgets what has no bearing on the future.
    pub(crate) fn forget_history(&mut self) {
        self.audit.clear();
        self.schedule.forget_history();
    }
}

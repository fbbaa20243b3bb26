//! The audit log: who requested which action.
//!
//! Source: `remoteActionAudit`,
//! `api-reference/beta/resources/intune-devices-remoteactionaudit.md` in
//! <https://github.com/microsoftgraph/microsoft-graph-docs>.

use chrono::{DateTime, Utc};

use super::action::RemoteAction;
use super::request::Request;
use super::roles::Role;

/// An audit record of a request: Graph's `remoteActionAudit`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AuditRecord {
    /// `initiatedByUserPrincipalName`.
    pub initiated_by: Box<str>,
    /// The role in which they asked.
    pub role: Role,
    /// `action`.
    pub action: RemoteAction,
    /// `requestDateTime`.
    pub requested: DateTime<Utc>,
    /// The number of the action, whose state is the record's `actionState`.
    pub number: u32,
}

/// The audit records of one device, in the order of the requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct AuditLog(Vec<AuditRecord>);

impl AuditLog {
    /// Adds the record of a request.
    pub(super) fn add(
        &mut self,
        action: RemoteAction,
        request: &Request,
        number: u32,
        now: DateTime<Utc>,
    ) {
        self.0.push(AuditRecord {
            initiated_by: request.by.clone(),
            role: request.role,
            action,
            requested: now,
            number,
        });
    }

    /// Returns the records.
    pub(super) fn records(&self) -> &[AuditRecord] {
        &self.0
    }

    /// Shows the moment of every request, to move it.
    pub(super) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        self.0.iter_mut().for_each(|record| see(&mut record.requested));
    }

    /// Forgets all records.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

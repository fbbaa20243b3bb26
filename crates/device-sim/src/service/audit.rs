//! The records of the audit log: who requested which action.
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

impl AuditRecord {
    /// Returns the record of a request for an action, which got a number.
    pub(super) fn new(
        action: RemoteAction,
        request: &Request,
        number: u32,
        requested: DateTime<Utc>,
    ) -> Self {
        let (initiated_by, role) = (request.by.clone(), request.role);
        Self { initiated_by, role, action, requested, number }
    }
}

//! Multi Admin Approval: a wipe, retire or delete waits until another administrator approves it and
//! the one who asked completes it.
//!
//! Sources: `intune/fundamentals/role-based-access-control/multi-admin-approval.md` (2026-07-30)
//! and `multi-admin-approval-graph-api.md` (2026-08-06) there, both at ae2f78d in
//! <https://github.com/merill/intune-docs-mirror>; the states of a request,
//! `operationApprovalRequestStatus` of Graph.

use chrono::{DateTime, TimeDelta, Utc};

use super::action::RemoteAction;
use super::request::Request;
use super::roles::Role;
use crate::model::verbs::{defaulted, key_group};
use eligibility::closed_enum;

closed_enum! {
    /// The state of a request for an approval.
    pub enum ApprovalState: "approval state" {
        /// Nothing was submitted.
        None = "none",
        /// Waiting for another administrator.
        NeedsApproval = "needsApproval",
        /// Approved; its author has not completed it yet.
        Approved = "approved",
        /// Refused by an approver.
        Rejected = "rejected",
        /// Withdrawn by its author.
        Cancelled = "cancelled",
        /// Completed: the action is requested.
        Completed = "completed",
        /// Left open for too long.
        Expired = "expired",
    }
}

impl ApprovalState {
    /// Returns true if someone has to do something for the request to go on.
    const fn is_open(self) -> bool {
        matches!(self, Self::NeedsApproval | Self::Approved)
    }
}

key_group! {
    /// The approver of a request.
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Approver for () {
        /// The user principal name of the approver.
        by: Box<str> = defaulted("by", "approver@example.org".into()),
        /// Their role; it takes *Managed devices / Read*.
        role: Role = defaulted("role", Role::IntuneAdministrator),
        /// They are a member of the group of approvers.
        is_member: bool = defaulted("in-approver-group", true),
    }
}

/// A request for an approval.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Approval {
    /// Counted from 1 over the requests about a device; what Graph calls the approval code.
    number: u32,
    action: RemoteAction,
    request: Request,
    state: ApprovalState,
    changed: DateTime<Utc>,
}

/// The requests for approvals about one device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Approvals(Vec<Approval>);

impl Approvals {
    /// Returns the state of the latest request.
    pub(super) fn state(&self) -> ApprovalState {
        self.0.last().map_or(ApprovalState::None, |approval| approval.state)
    }

    /// Shows the moment of every latest change, to move it.
    pub(super) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        self.0.iter_mut().for_each(|approval| see(&mut approval.changed));
    }

    /// Submits a request; returns its number, or nothing while another one is open.
    pub(super) fn submit(
        &mut self,
        action: RemoteAction,
        request: &Request,
        now: DateTime<Utc>,
    ) -> Option<u32> {
        if self.open().is_some() {
            return None;
        }
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (request, state) = (request.clone(), ApprovalState::NeedsApproval);
        self.0.push(Approval { number, action, request, state, changed: now });
        Some(number)
    }

    /// Approves or rejects the open request; returns its number, or nothing if this person may not
    /// or nothing waits.
    pub(super) fn decide(
        &mut self,
        approver: &Approver,
        approves: bool,
        now: DateTime<Utc>,
    ) -> Option<u32> {
        let may = approver.is_member && approver.role.reads_devices() && !approver.role.is_app();
        let open = self.open().filter(|open| {
            may && open.state == ApprovalState::NeedsApproval && open.request.by != approver.by
        })?;
        open.change(if approves { ApprovalState::Approved } else { ApprovalState::Rejected }, now);
        Some(open.number)
    }

    /// Withdraws the open request, before it is approved; returns false if it is too late or it is
    /// someone else's.
    pub(super) fn cancel(&mut self, by: &str, now: DateTime<Utc>) -> bool {
        let open = self
            .open()
            .filter(|open| open.state == ApprovalState::NeedsApproval && *open.request.by == *by);
        open.map(|open| open.change(ApprovalState::Cancelled, now)).is_some()
    }

    /// Completes the approved request of a person, which may have to be the one of a number or for
    /// an action; returns what was requested.
    pub(super) fn complete(
        &mut self,
        by: &str,
        number: Option<u32>,
        action: Option<RemoteAction>,
        now: DateTime<Utc>,
    ) -> Option<(RemoteAction, Request)> {
        let open = self.open().filter(|open| {
            open.state == ApprovalState::Approved
                && *open.request.by == *by
                && number.is_none_or(|number| number == open.number)
                && action.is_none_or(|action| action == open.action)
        })?;
        open.change(ApprovalState::Completed, now);
        Some((open.action, open.request.clone()))
    }

    /// Ends a request that was left open for too long.
    pub(super) fn expire(&mut self, number: u32, life: TimeDelta, now: DateTime<Utc>) {
        let open = self.open().filter(|open| open.number == number && now - open.changed >= life);
        if let Some(open) = open {
            open.change(ApprovalState::Expired, now);
        }
    }

    fn open(&mut self) -> Option<&mut Approval> {
        self.0.last_mut().filter(|approval| approval.state.is_open())
    }
}

impl Approval {
    fn change(&mut self, state: ApprovalState, now: DateTime<Utc>) {
        self.state = state;
        self.changed = now;
    }
}

//! The managed-device record: what the service keeps of one device.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::action::{ActionResult, ManagementState, RemoteAction};
use super::action_log::ActionLog;
use super::agent::Agent;
use super::approval::Approvals;
use super::audit::AuditRecord;
use super::channel::PushChannel;
use super::compliance::Compliance;
use super::observables;
use super::parameters::Parameters;
use super::request::{Channel, Reply, Request};
use super::roles::{Role, RoleList};
use super::schedule::{CheckIn, Schedule};
use crate::model::Value;

/// The properties of a device and its tenant that do not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Rules {
    pub(super) roles: RoleList,
    pub(super) google_services: bool,
    pub(super) enrollment_manager: bool,
    pub(super) drives_itself: bool,
    /// An access policy protects wipe, retire and delete.
    pub(super) multi_admin_approval: bool,
    /// The policy excludes the apps that call Graph in their own name.
    pub(super) excludes_apps: bool,
    /// The actions of others in the tenant on this day: wipes, retires and deletes.
    pub(super) others: OthersToday,
    pub(super) parameters: Parameters,
}

/// The wipes, retires and deletes of other devices of the tenant on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct OthersToday {
    pub(super) day: NaiveDate,
    pub(super) wipes: u32,
    pub(super) retires: u32,
    pub(super) deletes: u32,
}

/// A managed-device record: its parts, each with its own state.
///
/// `managed.rs` alone has the order in which a call changes them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    pub(super) rules: Rules,
    pub(super) management_state: ManagementState,
    pub(super) actions: ActionLog,
    /// The audit records, in the order of the requests.
    pub(super) audit: Vec<AuditRecord>,
    pub(super) channel: PushChannel,
    pub(super) schedule: Schedule,
    pub(super) compliance: Compliance,
    pub(super) agent: Agent,
    pub(super) approvals: Approvals,
    /// The scope tag of the device.
    pub(super) scope_tag: Option<Box<str>>,
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

    /// Returns the latest action into Lost Mode or out of it.
    pub(crate) fn lost_mode(&self) -> Option<&ActionResult> {
        self.results().iter().rfind(|result| result.action.is_about_lost_mode())
    }

    /// Returns the actions that have not ended.
    pub fn open(&self) -> impl Iterator<Item = &ActionResult> {
        self.actions.open()
    }

    /// Returns the audit records in the order of the requests.
    pub fn audit(&self) -> &[AuditRecord] {
        &self.audit
    }

    /// Returns true if the portal does not show the device: deleting hides it at once.
    ///
    /// Source: `intune/device-management/actions/index.md` (2026-09-16) at ae2f78d in
    /// <https://github.com/merill/intune-docs-mirror>.
    pub(super) fn is_hidden(&self) -> bool {
        matches!(self.management_state, ManagementState::DeletePending | ManagementState::Deleted)
    }

    /// Returns true if the tenant has used up the day's number of an action.
    ///
    /// Source: 500 wipes, 1,000 retires and 1,000 deletes a day,
    /// `intune/device-management/actions/index.md` (2026-09-16) at ae2f78d in
    /// <https://github.com/merill/intune-docs-mirror>. When a day begins is not said: at midnight
    /// UTC.
    pub(super) fn is_over_limit(&self, action: RemoteAction, now: DateTime<Utc>) -> bool {
        let parameters = &self.rules.parameters;
        let OthersToday { day, wipes, retires, deletes } = self.rules.others;
        let (most, others) = match action {
            RemoteAction::Wipe => (parameters.wipes_a_day, wipes),
            RemoteAction::Retire => (parameters.retires_a_day, retires),
            RemoteAction::Delete => (parameters.deletes_a_day, deletes),
            _ => return false,
        };
        let today = now.date_naive();
        let others = if day == today { others } else { 0 };
        let own = self
            .results()
            .iter()
            .filter(|result| result.action == action && result.started.date_naive() == today);
        let own = u32::try_from(own.count()).unwrap_or(u32::MAX);
        others.saturating_add(own) >= most
    }

    /// Returns true if a request sees the device; a role without a scope tag sees all of them.
    ///
    /// Source:
    /// <https://learn.microsoft.com/en-us/intune/fundamentals/role-based-access-control/scope-tags>.
    pub(super) fn is_seen_by(&self, request: &Request) -> bool {
        let default = "Default";
        let own = self.scope_tag.as_deref().unwrap_or(default);
        let directory =
            matches!(request.role, Role::GlobalAdministrator | Role::IntuneAdministrator);
        directory || request.scope_tag.as_deref().is_none_or(|tag| tag == own)
    }

    /// Returns the reply to a request for a device that the service does not have, or for an action
    /// that the role does not allow.
    pub(super) fn refusal(&self, action: RemoteAction, request: &Request) -> Option<Reply> {
        let hidden = match request.channel {
            Channel::Graph => self.management_state == ManagementState::Deleted,
            Channel::Portal => self.is_hidden(),
        };
        if hidden || !self.is_seen_by(request) {
            Some(Reply::NotFound)
        } else if !self.rules.roles.allows(request.role, action) {
            Some(Reply::Forbidden)
        } else {
            None
        }
    }

    /// Returns true if an access policy protects the action; only excluded apps need no approval.
    pub(super) fn needs_approval(&self, action: RemoteAction, request: &Request) -> bool {
        let excluded = self.rules.excludes_apps && request.role.is_app();
        self.rules.multi_admin_approval && action.can_need_approval() && !excluded
    }

    /// Records a request; returns the number of its action, and whether the action is new.
    pub(super) fn open_action(
        &mut self,
        action: RemoteAction,
        request: &Request,
        now: DateTime<Utc>,
    ) -> (u32, bool) {
        let joins = self.rules.parameters.joined_requests;
        let same = self.actions.open().find(|open| joins && open.action == action);
        let joined = same.map(|open| open.number);
        let number = joined.unwrap_or_else(|| self.actions.enqueue(action, now));
        self.audit.push(AuditRecord::new(action, request, number, now));
        (number, joined.is_none())
    }

    /// The device has enrolled again.
    pub(super) fn manage_anew(&mut self) {
        self.management_state = ManagementState::Managed;
        self.schedule = Schedule::new(CheckIn::Fresh, true);
        self.channel = PushChannel::default();
    }

    /// Returns the time that a request for an approval waits.
    pub(super) fn approval_life(&self) -> TimeDelta {
        TimeDelta::days(self.rules.parameters.approval_days.into())
    }

    /// Returns the time for which a new passcode is shown.
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
        // Nothing depends on when an action or an approval last changed, and on when one started
        // only the limits of a day, which a passcode action has not.
        self.actions.forget_moments(|action| !action.preempts_others());
        self.approvals.for_each_moment(&mut |at| *at = DateTime::UNIX_EPOCH);
    }

    /// Shows every moment that the record has, to move it.
    pub(crate) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        self.actions.for_each_moment(see);
        self.approvals.for_each_moment(see);
        self.audit.iter_mut().for_each(|record| see(&mut record.requested));
    }
}

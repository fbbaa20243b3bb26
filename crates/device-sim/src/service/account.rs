//! What the service keeps of one device: its actions with their results, and who asked for them.
//!
//! Sources: `deviceActionResult` in `schemas/v1.0-Prod.csdl` of
//! <https://github.com/microsoftgraph/msgraph-metadata>; `remoteActionAudit`,
//! `api-reference/beta/resources/intune-devices-remoteactionaudit.md` in
//! <https://github.com/microsoftgraph/microsoft-graph-docs>; the days for which a passcode is
//! shown, `memdocs/intune/remote-actions/device-passcode-reset.md` at 7960cac3c in
//! <https://github.com/MicrosoftDocs/memdocs>.

use chrono::{DateTime, TimeDelta, Utc};

use super::action::{ActionResult, ActionState, ManagementState, Mechanism, RemoteAction};
use super::compliance::ComplianceState;
use super::parameters::Parameters;
use super::request::Request;
use super::roles::{Role, RoleList};
use super::schedule::Early;
use crate::android::PasswordPolicy;

/// What does not change about a device and its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Rules {
    pub(super) roles: RoleList,
    pub(super) google_services: bool,
    pub(super) enrollment_manager: bool,
    pub(super) drives_itself: bool,
    /// What an Android device's lock is judged by, and is not asked for.
    pub(super) compliance: Option<PasswordPolicy>,
    pub(super) parameters: Parameters,
}

/// A record of a request: Graph's `remoteActionAudit`.
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

/// What the service keeps of one device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    pub(super) rules: Rules,
    pub(super) management_state: ManagementState,
    pub(super) results: Vec<ActionResult>,
    audit: Vec<AuditRecord>,
    /// The check-ins by schedule that are over, for a device that comes often after its enrolment.
    pub(super) early_check_ins: Option<u32>,
    pub(super) check_ins: u32,
    pub(super) last_check_in: Option<DateTime<Utc>>,
    /// A push is on its way.
    pub(super) push_travels: bool,
    /// A push has not reached the device, and will when the device can take it.
    pub(super) push_waits: bool,
    pub(super) loses_next_push: bool,
    /// What the device has done and not yet told, by the numbers of the actions.
    pub(super) unreported: Vec<(u32, ActionState)>,
    pub(super) compliance: ComplianceState,
    /// The agent has not looked after its token since it was last in contact or has given up.
    pub(super) agent_rests: bool,
}

impl Account {
    pub(super) fn new(rules: Rules, fresh: bool, state: ManagementState) -> Self {
        Self {
            rules,
            management_state: state,
            results: Vec::new(),
            audit: Vec::new(),
            early_check_ins: fresh.then_some(0),
            check_ins: 0,
            last_check_in: None,
            push_travels: false,
            push_waits: false,
            loses_next_push: false,
            unreported: Vec::new(),
            compliance: ComplianceState::Unknown,
            agent_rests: false,
        }
    }

    /// All actions in the order in which they were asked for.
    pub fn results(&self) -> &[ActionResult] {
        &self.results
    }

    /// The latest passcode action.
    pub fn reset(&self) -> Option<&ActionResult> {
        self.results.iter().rfind(|result| result.action == RemoteAction::ResetPasscode)
    }

    /// The audit records in the order of the requests.
    pub fn audit(&self) -> &[AuditRecord] {
        &self.audit
    }

    /// What the service is about to do with the device.
    pub fn management_state(&self) -> ManagementState {
        self.management_state
    }

    /// Whether the device complied when it was last heard of.
    pub fn compliance(&self) -> ComplianceState {
        self.compliance
    }

    /// When the device last checked in.
    pub fn last_check_in(&self) -> Option<DateTime<Utc>> {
        self.last_check_in
    }

    /// The actions that have not ended.
    pub fn open(&self) -> impl Iterator<Item = &ActionResult> {
        self.results.iter().filter(|result| !result.state.has_ended())
    }

    /// The action that outranks all others, if one is open.
    pub(super) fn outranking(&self) -> Option<&ActionResult> {
        self.open().find(|result| result.action.outranks_others())
    }

    /// The number of the latest action; 0 if there is none.
    pub(super) fn last_number(&self) -> u32 {
        self.results.last().map_or(0, |result| result.number)
    }

    pub(super) fn result(&self, number: u32) -> Option<&ActionResult> {
        self.results.iter().find(|result| result.number == number)
    }

    pub(super) fn result_mut(&mut self, number: u32) -> Option<&mut ActionResult> {
        self.results.iter_mut().find(|result| result.number == number)
    }

    /// Writes down a request; returns the number of its action, and whether the action is new.
    pub(super) fn open_action(
        &mut self,
        action: RemoteAction,
        request: &Request,
        now: DateTime<Utc>,
    ) -> (u32, bool) {
        let joins = self.rules.parameters.joined_requests;
        let same = self.open().find(|open| joins && open.action == action);
        let joined = same.map(|open| open.number);
        let number = joined.unwrap_or_else(|| self.last_number() + 1);
        self.audit.push(AuditRecord {
            initiated_by: request.by.clone(),
            role: request.role,
            action,
            requested: now,
            number,
        });
        if joined.is_none() {
            self.open_unasked(action, now);
        }
        (number, joined.is_none())
    }

    /// Opens an action without a record of who asked for it.
    pub(super) fn open_unasked(&mut self, action: RemoteAction, now: DateTime<Utc>) {
        let number = self.last_number() + 1;
        self.results.push(ActionResult {
            number,
            action,
            state: ActionState::Pending,
            started: now,
            updated: now,
            error_code: 0,
            of_work_profile: false,
            mechanism: Mechanism::None,
            passcode: None,
            ordered: None,
        });
    }

    /// Ends an action, unless it has ended already.
    pub(super) fn end(&mut self, number: u32, state: ActionState, now: DateTime<Utc>) -> bool {
        let Some(result) = self.result_mut(number).filter(|result| !result.state.has_ended())
        else {
            return false;
        };
        result.state = state;
        result.updated = now;
        if state == ActionState::Done {
            result.passcode.clone_from(&result.ordered);
        }
        true
    }

    /// The new passcode is shown no longer.
    pub(super) fn hide_passcode(&mut self, number: u32) {
        if let Some(result) = self.result_mut(number) {
            result.passcode = None;
        }
    }

    /// Everything that waits beside a retire, wipe or delete is dropped.
    pub(super) fn drop_the_others(&mut self, now: DateTime<Utc>) {
        if !self.rules.parameters.dropped_are_canceled {
            return;
        }
        self.cancel(now, |open| !open.action.outranks_others());
    }

    /// Drops those of the open actions.
    pub(super) fn cancel(&mut self, now: DateTime<Utc>, which: impl Fn(&ActionResult) -> bool) {
        let numbers: Vec<_> =
            self.open().filter(|open| which(open)).map(|open| open.number).collect();
        for number in numbers {
            self.end(number, ActionState::Canceled, now);
        }
    }

    /// How long a new passcode is shown.
    pub(super) fn passcode_days(&self) -> TimeDelta {
        TimeDelta::days(self.rules.parameters.passcode_days.into())
    }

    /// When a device that comes by itself comes next.
    pub(super) fn next_check_in(&mut self, early: Early) -> TimeDelta {
        let settled = TimeDelta::minutes(self.rules.parameters.check_in_minutes.into());
        let Some(number) = &mut self.early_check_ins else { return settled };
        *number += 1;
        let wait = early.after(*number);
        if wait.is_none() {
            self.early_check_ins = None;
        }
        wait.unwrap_or(settled)
    }

    /// Forgets what has no bearing on what will happen.
    pub(super) fn forget_history(&mut self) {
        self.audit.clear();
        self.check_ins = 0;
        self.last_check_in = None;
    }
}

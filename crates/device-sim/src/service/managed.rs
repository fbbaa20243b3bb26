//! A managed device: what each call does to the device and to its record, in which order.
//!
//! One press of the button reads downward here: the request, the order to the device, its check-in,
//! the delivery, the report, and the immediate consequences of any change. The parts of the record
//! each have a file of their own, as have the two ways to carry out an action: the agent on Android,
//! and the MDM server of Apple devices.
//!
//! Sources: retire, wipe and delete pre-empt everything,
//! `intune/device-management/actions/index.md` in
//! <https://github.com/merill/intune-docs-mirror>; the outcomes of a work profile's reset,
//! `intune/remote-actions/troubleshoot-device-actions.md` (2019-08-02) in
//! <https://github.com/MicrosoftDocs/IntuneDocs>.

use chrono::TimeDelta;

use super::action::{ActionState, ManagementState, RemoteAction};
use super::agent;
use super::approval::Approver;
use super::call::Call as ServiceCall;
use super::machine_call::Call;
use super::mdm::{self, OpenCommands};
use super::offer;
use super::record::Record;
use super::request::{Channel, Reply, Request};
use super::roles::Role;
use crate::device::{Device, DeviceCall};
use crate::model::{self, Outcome};
use crate::{android, apple};

type Context<'a> = model::Context<'a, Call>;

impl Record {
    /// Handles a call on the device or about it at the service.
    pub(crate) fn handle(
        &mut self,
        device: &mut Device,
        call: &Call,
        context: &mut Context<'_>,
    ) -> Option<Outcome> {
        let mut managed = Managed { device, record: self, context };
        let outcome = match call {
            Call::Service(call) => managed.at_service(call).map(Outcome::from),
            Call::Device(call) => managed.on_device(call),
        };
        managed.settle();
        if !self.rules.drives_itself {
            context.leave_the_rest_to_others();
        }
        outcome
    }
}

/// A device and its record while a call is handled.
struct Managed<'a, 'c> {
    device: &'a mut Device,
    record: &'a mut Record,
    context: &'a mut Context<'c>,
}

/// The calls.
impl Managed<'_, '_> {
    fn at_service(&mut self, call: &ServiceCall) -> Option<Reply> {
        if let Some((action, request)) = call.requested() {
            return Some(self.request(action, request));
        }
        match call {
            ServiceCall::RequestInBulk { action, request } => {
                return Some(match action.exists_in_bulk() {
                    true => self.request(*action, request),
                    false => Reply::BadRequest,
                });
            }
            ServiceCall::SelfServiceReset { is_primary_user, signed_in_minutes_ago } => {
                return Some(self.self_service(*is_primary_user, *signed_in_minutes_ago));
            }
            ServiceCall::ApproveRequest { approver } => return Some(self.decide(approver, true)),
            ServiceCall::RejectRequest { approver } => return Some(self.decide(approver, false)),
            ServiceCall::CancelRequest { by } => {
                let canceled = self.record.approvals.cancel(by, self.context.now);
                return Some(if canceled { Reply::Accepted } else { Reply::NotOffered });
            }
            ServiceCall::CompleteRequest { by } => return Some(self.complete(by)),
            ServiceCall::ApprovalLapses { number } => {
                let life = self.record.approval_life();
                self.record.approvals.expire(*number, life, self.context.now);
            }
            ServiceCall::LoseNextPush => self.record.channel.lose_next(),
            ServiceCall::RedeliverLastAction => self.redeliver(),
            ServiceCall::CheckIn => self.check_in(),
            ServiceCall::CheckInDue => self.check_in_by_schedule(),
            ServiceCall::AwaitedCheckInDue => {
                self.record.schedule.comes();
                self.check_in();
            }
            ServiceCall::PushArrives => {
                self.record.channel.arrive();
                self.check_in();
            }
            ServiceCall::ReportArrives => self.take_reports(),
            ServiceCall::PasscodeHidden { number } => self.record.actions.hide_passcode(*number),
            ServiceCall::PendingLapses { number } => self.expire(*number),
            ServiceCall::RequestResetPasscode { .. }
            | ServiceCall::RequestRetire { .. }
            | ServiceCall::RequestWipe { .. }
            | ServiceCall::RequestDelete { .. }
            | ServiceCall::RequestSyncDevice { .. }
            | ServiceCall::RequestEnableLostMode { .. }
            | ServiceCall::RequestDisableLostMode { .. } => {}
        }
        None
    }

    fn on_device(&mut self, call: &DeviceCall) -> Option<Outcome> {
        let commands = OpenCommands::of(self.device);
        let outcome =
            self.context.within(Call::Device, |context| self.device.handle(call, context));
        // A restart may cost a device the answer that it has not given yet.
        let restarted = *call == DeviceCall::Android(android::Call::Reboot);
        if restarted && !self.record.rules.parameters.report_survives_reboot {
            self.record.actions.lose_reports();
        }
        commands.end_answered(self.device, &mut self.record.actions, self.context.now);
        outcome
    }

    /// Manages a device anew that has left and enrols again; it checks in often at first.
    fn follow_new_enrolment(&mut self) {
        use ManagementState::{Deleted, RetireIssued, WipeIssued};
        let had_left = matches!(self.record.management_state, RetireIssued | WipeIssued | Deleted);
        if had_left && self.device.is_managed() {
            self.record.manage_anew();
            self.context.after(TimeDelta::zero(), ServiceCall::CheckInDue.into());
        }
    }

    /// Applies the immediate consequences of a change.
    fn settle(&mut self) {
        self.follow_new_enrolment();
        self.record.compliance.follow_server(self.device);
        if !self.device.is_managed() {
            // Nothing reaches a device that has left: whatever waits for it is dropped.
            self.record.actions.cancel(self.context.now, |_| true);
        }
        self.provision_token();
        self.send_waiting_push();
        self.await_check_in();
    }
}

/// First, the request.
impl Managed<'_, '_> {
    fn request(&mut self, action: RemoteAction, request: &Request) -> Reply {
        if let Some(refusal) = self.record.refusal(action, request) {
            // The portal does not show what it would refuse.
            return match request.channel {
                Channel::Graph => refusal,
                Channel::Portal => Reply::NotOffered,
            };
        }
        if !offer::is_offered(self.device, action) {
            return self.request_unoffered(action, request);
        }
        if self.record.needs_approval(action, request) {
            return self.submit(action, request);
        }
        self.order(action, request)
    }

    /// Takes on an action that is allowed and needs no approval, or no more.
    fn order(&mut self, action: RemoteAction, request: &Request) -> Reply {
        if self.record.is_over_limit(action, self.context.now) {
            return match request.channel {
                Channel::Graph => Reply::OverLimit(self.record.rules.parameters.over_limit_status),
                Channel::Portal => Reply::NotPerformed,
            };
        }
        self.accept(action, request);
        Reply::Accepted
    }

    /// Replies to a request that the portal does not offer for such a device.
    fn request_unoffered(&mut self, action: RemoteAction, request: &Request) -> Reply {
        if request.channel == Channel::Portal {
            return Reply::NotOffered;
        }
        if self.record.rules.parameters.unsupported_is_refused {
            return Reply::BadRequest;
        }
        let (number, _) = self.record.open_action(action, request, self.context.now);
        self.record.actions.end(number, ActionState::NotSupported, self.context.now);
        Reply::Accepted
    }

    /// Replies to a user of the Company Portal, some minutes after they signed in again.
    fn self_service(&mut self, is_primary_user: bool, minutes: u32) -> Reply {
        let rules = &self.record.rules;
        let reset = RemoteAction::ResetPasscode;
        let shown = !self.record.is_hidden() && offer::is_offered(self.device, reset);
        if !shown || !is_primary_user || rules.enrollment_manager {
            return Reply::NotOffered;
        }
        if minutes > rules.parameters.self_service_minutes {
            return Reply::NotPerformed;
        }
        let request = Request {
            by: "user@example.org".into(),
            role: Role::None,
            channel: Channel::Portal,
            ..Request::default()
        };
        self.accept(RemoteAction::ResetPasscode, &request);
        Reply::Accepted
    }

    /// Opens an action and sends it on its way.
    fn accept(&mut self, action: RemoteAction, request: &Request) {
        let (number, is_new) = self.record.open_action(action, request, self.context.now);
        if !is_new {
            return;
        }
        let days = self.record.rules.parameters.pending_days;
        if days > 0 && action == RemoteAction::ResetPasscode {
            let expiry = ServiceCall::PendingLapses { number };
            self.context.after(TimeDelta::days(days.into()), expiry.into());
        }
        if let Some(pending) = action.pending_state() {
            self.record.management_state = pending;
        }
        if self.record.actions.preempting().is_some() {
            self.drop_the_others();
        }
        let waits = self.record.actions.open().any(|open| open.number == number);
        if waits {
            self.send(number, action);
        }
    }

    /// Drops everything that waits beside a retire, wipe or delete.
    fn drop_the_others(&mut self) {
        if self.record.rules.parameters.dropped_are_canceled {
            let now = self.context.now;
            self.record.actions.cancel(now, |open| !open.action.preempts_others());
        }
        if let Device::Apple(device) = self.device {
            device.server_mut().drop_clears(usize::MAX);
            device.server_mut().drop_lost_modes();
        }
    }
}

/// In between, where an access policy says so, the approval of another administrator.
impl Managed<'_, '_> {
    /// Submits a request that needs an approval or, if it is approved, takes on the action.
    fn submit(&mut self, action: RemoteAction, request: &Request) -> Reply {
        let (now, is_graph) = (self.context.now, request.channel == Channel::Graph);
        let refusal = if is_graph { Reply::BadRequest } else { Reply::NotOffered };
        if let Some(number) = request.approval_code {
            let approvals = &mut self.record.approvals;
            return match approvals.complete(&request.by, Some(number), Some(action), now) {
                Some(_) => self.order(action, request),
                None => refusal,
            };
        }
        if is_graph && request.justification.is_none() {
            return Reply::BadRequest;
        }
        let Some(number) = self.record.approvals.submit(action, request, now) else {
            return refusal;
        };
        self.watch_approval(number);
        Reply::NeedsApproval(request.channel)
    }

    /// Approves or rejects the request of another administrator.
    fn decide(&mut self, approver: &Approver, approves: bool) -> Reply {
        match self.record.approvals.decide(approver, approves, self.context.now) {
            Some(number) => {
                self.watch_approval(number);
                Reply::Accepted
            }
            None => Reply::NotOffered,
        }
    }

    /// Completes an approved request for the administrator who submitted it.
    fn complete(&mut self, by: &str) -> Reply {
        match self.record.approvals.complete(by, None, None, self.context.now) {
            Some((action, request)) => self.order(action, &request),
            None => Reply::NotOffered,
        }
    }

    fn watch_approval(&mut self, number: u32) {
        self.context
            .after(self.record.approval_life(), ServiceCall::ApprovalLapses { number }.into());
    }
}

/// Second, the order to the device: a push, or a command in the queue of its MDM server.
impl Managed<'_, '_> {
    /// Queues the command of an action, if the device is one of Apple's and the action has one;
    /// asks the device to check in otherwise.
    fn send(&mut self, number: u32, action: RemoteAction) {
        let lost = self.record.channel.loses_this();
        if let Device::Apple(device) = &mut *self.device
            && let Some(command) = mdm::command(action, !lost)
        {
            let answer =
                self.context.within(Call::from, |context| device.answer(&command, context));
            if let Some(result) = self.record.actions.get_mut(number) {
                result.mechanism = mdm::mechanism(action);
            }
            if answer == apple::Answer::Queued(apple::Queued::NoUnlockToken) {
                self.end(number, ActionState::Failed);
            }
        } else if self.record.rules.google_services && !lost {
            let push_waits = self.record.rules.parameters.push_waits;
            self.record.channel.enqueue(self.device.is_reachable() || push_waits);
            self.send_waiting_push();
        }
    }

    fn send_waiting_push(&mut self) {
        if self.record.channel.departs(self.device.is_reachable()) {
            let seconds = self.record.rules.parameters.push_seconds.into();
            self.context.after(TimeDelta::seconds(seconds), ServiceCall::PushArrives.into());
        }
    }

    /// Fails an action that has waited too long.
    fn expire(&mut self, number: u32) {
        if !self.record.actions.is_pending(number) {
            return;
        }
        self.end(number, ActionState::Failed);
        if let Device::Apple(device) = self.device {
            device.server_mut().drop_clears(1);
        }
    }
}

/// Third, the check-in, at which the device gets what waits for it.
impl Managed<'_, '_> {
    /// Checks in by the schedule, and schedules the next check-in.
    fn check_in_by_schedule(&mut self) {
        self.check_in();
        if self.device.is_managed() {
            let settled = self.record.rules.parameters.check_in_minutes;
            let wait = self.record.schedule.next(self.device.platform(), settled);
            self.context.after(wait, ServiceCall::CheckInDue.into());
        }
    }

    /// Schedules the next check-in of a settled device, at the latest moment at which it can come,
    /// if an action waits for it.
    ///
    /// A settled device checks in about every 8 hours (see [`super::schedule`]), from a moment that
    /// is not known unless a scenario gives it. It only makes a difference to what waits, so only
    /// then it is part of a run.
    fn await_check_in(&mut self) {
        let rules = &self.record.rules;
        if rules.drives_itself && self.waits_for_check_in() && self.record.schedule.begins() {
            let most = TimeDelta::minutes(rules.parameters.check_in_minutes.into());
            self.context.after(most, ServiceCall::AwaitedCheckInDue.into());
        }
    }

    /// Returns true if an action waits for a contact, and none is under way.
    fn waits_for_check_in(&self) -> bool {
        let Record { actions, channel, .. } = &*self.record;
        if channel.is_busy() || !self.device.is_managed() {
            return false;
        }
        match &*self.device {
            Device::Android(_) => {
                actions.open().any(|open| open.state == ActionState::Pending)
                    || actions.has_reports() && !self.device.is_reachable()
            }
            Device::Apple(device) => actions.open().next().is_some() && !device.contact_is_coming(),
        }
    }

    /// Exchanges reports, tokens and actions, if the device is reachable.
    fn check_in(&mut self) {
        if !self.device.is_reachable() {
            return;
        }
        self.record.channel.drop_waiting();
        self.record.schedule.count();
        if let Device::Apple(device) = self.device {
            let check_in = apple::Call::CheckIn;
            self.context.within(Call::from, |context| device.answer(&check_in, context));
        }
        self.record.agent.wake();
        self.record.compliance.hear(self.device);
        self.take_reports();
        self.provision_token();
        self.deliver();
    }

    fn provision_token(&mut self) {
        let parameters = self.record.rules.parameters;
        if let Device::Android(device) = self.device {
            self.context.within(Call::from, |context| {
                self.record.agent.provision_token(device, parameters, context);
            });
        }
    }

    /// Delivers the open actions.
    fn deliver(&mut self) {
        let preempting = self.record.actions.preempting();
        if let Some((number, action)) = preempting.map(|result| (result.number, result.action)) {
            self.unenrol(action);
            self.end(number, ActionState::Done);
            return;
        }
        for number in self.record.actions.open_numbers(RemoteAction::SyncDevice) {
            self.end(number, ActionState::Done);
        }
        match self.device {
            // The command waits in the queue of the MDM server, not here.
            Device::Apple(_) => {}
            Device::Android(_) => self.deliver_resets(),
        }
    }

    fn deliver_resets(&mut self) {
        let resets = self.record.actions.open_numbers(RemoteAction::ResetPasscode);
        for number in &resets {
            self.carry_out(*number);
        }
        if !resets.is_empty() {
            let seconds = self.record.rules.parameters.report_seconds.into();
            self.context.after(TimeDelta::seconds(seconds), ServiceCall::ReportArrives.into());
        }
    }

    /// Carries out a reset on an Android device, whose report comes later.
    fn carry_out(&mut self, number: u32) {
        let Device::Android(device) = &mut *self.device else { return };
        let Some(result) = self.record.actions.get_mut(number) else { return };
        let parameters = self.record.rules.parameters;
        let state = self
            .context
            .within(Call::from, |context| agent::carry_out(result, device, parameters, context));
        self.record.actions.await_report(number, state);
    }

    /// Delivers the last action that was carried out once more.
    fn redeliver(&mut self) {
        let Device::Android(device) = &mut *self.device else { return };
        let Some(passcode) = self.record.actions.last_ordered() else { return };
        let parameters = self.record.rules.parameters;
        self.context
            .within(Call::from, |context| agent::repeat(passcode, device, parameters, context));
    }

    /// Takes the device out of management, or erases it.
    fn unenrol(&mut self, action: RemoteAction) {
        self.record.management_state = action.issued_state();
        match self.device {
            Device::Android(device) => {
                let call = agent::unenrolment(device, action);
                self.context.within(Call::from, |context| device.answer(&call, context));
            }
            Device::Apple(device) => {
                self.context.within(Call::from, |context| match action {
                    RemoteAction::Wipe => device.answer(&apple::Call::Erase, context),
                    _ => device.unenrol(context),
                });
            }
        }
    }
}

/// Last, the report of the device, which ends the action.
impl Managed<'_, '_> {
    /// Takes the results of an Android device, if it is within reach.
    fn take_reports(&mut self) {
        if !self.device.is_reachable() {
            return;
        }
        for (number, state) in self.record.actions.take_reports() {
            self.end(number, state);
        }
    }

    /// Ends an action, and has a new passcode hidden when its days are over.
    fn end(&mut self, number: u32, state: ActionState) {
        if !self.record.actions.end(number, state, self.context.now) {
            return;
        }
        let result = self.record.actions.get(number);
        if result.is_some_and(|result| result.passcode.is_some()) {
            let hidden = ServiceCall::PasscodeHidden { number };
            self.context.after(self.record.passcode_life(), hidden.into());
        }
    }
}

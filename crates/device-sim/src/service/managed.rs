//! A managed device: what each call does to the device and to its record, in which order.
//!
//! One press of the button reads downward here: the request, the order to the device, its check-in,
//! the delivery, the report, and what follows at once from any change. The parts of the record each
//! have a file of their own; they know neither each other nor the device.
//!
//! Sources: retire, wipe and delete pre-empt everything,
//! `intune/device-management/actions/index.md` in
//! <https://github.com/merill/intune-docs-mirror>; the outcomes of a work profile's reset,
//! `intune/remote-actions/troubleshoot-device-actions.md` (2019-08-02) in
//! <https://github.com/MicrosoftDocs/IntuneDocs>.

use chrono::TimeDelta;

use super::action::{ActionResult, ActionState, ManagementState, Mechanism, RemoteAction};
use super::agent;
use super::approval::Approver;
use super::call::Call as ServiceCall;
use super::machine_call::Call;
use super::offer;
use super::record::Record;
use super::request::{Channel, Reply, Request};
use super::roles::Role;
use crate::device::{Device, DeviceCall};
use crate::model::{self, Outcome, Viewer};
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
            Call::Service(call) => managed.at_service(call),
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

/// What can be called.
impl Managed<'_, '_> {
    fn at_service(&mut self, call: &ServiceCall) -> Option<Outcome> {
        match call {
            ServiceCall::RequestResetPasscode { request } => {
                return Some(self.request(RemoteAction::ResetPasscode, request).into());
            }
            ServiceCall::RequestRetire { request } => {
                return Some(self.request(RemoteAction::Retire, request).into());
            }
            ServiceCall::RequestWipe { request } => {
                return Some(self.request(RemoteAction::Wipe, request).into());
            }
            ServiceCall::RequestDelete { request } => {
                return Some(self.request(RemoteAction::Delete, request).into());
            }
            ServiceCall::RequestSyncDevice { request } => {
                return Some(self.request(RemoteAction::SyncDevice, request).into());
            }
            ServiceCall::RequestEnableLostMode { request } => {
                return Some(self.request(RemoteAction::EnableLostMode, request).into());
            }
            ServiceCall::RequestDisableLostMode { request } => {
                return Some(self.request(RemoteAction::DisableLostMode, request).into());
            }
            ServiceCall::RequestInBulk { action, request } => {
                let reply = match action.exists_in_bulk() {
                    true => self.request(*action, request),
                    false => Reply::BadRequest,
                };
                return Some(reply.into());
            }
            ServiceCall::SelfServiceReset { is_primary_user, signed_in_minutes_ago } => {
                return Some(self.self_service(*is_primary_user, *signed_in_minutes_ago).into());
            }
            ServiceCall::ApproveRequest { approver } => {
                return Some(self.decide(approver, true).into());
            }
            ServiceCall::RejectRequest { approver } => {
                return Some(self.decide(approver, false).into());
            }
            ServiceCall::CancelRequest { by } => {
                let done = self.record.approvals.cancel(by, self.context.now);
                return Some(if done { Reply::Accepted } else { Reply::NotOffered }.into());
            }
            ServiceCall::CompleteRequest { by } => return Some(self.complete(by).into()),
            ServiceCall::ApprovalLapses { number } => {
                let life = self.approval_life();
                self.record.approvals.expire(*number, life, self.context.now);
            }
            ServiceCall::LoseNextPush => self.record.channel.lose_next(),
            ServiceCall::RedeliverLastAction => self.redeliver(),
            ServiceCall::CheckIn => self.check_in(),
            ServiceCall::CheckInDue => self.check_in_by_schedule(),
            ServiceCall::PushArrives => {
                self.record.channel.arrive();
                self.check_in();
            }
            ServiceCall::ReportArrives => self.take_reports(),
            ServiceCall::PasscodeHidden { number } => self.record.actions.hide_passcode(*number),
            ServiceCall::PendingLapses { number } => self.expire(*number),
        }
        None
    }

    fn on_device(&mut self, call: &DeviceCall) -> Option<Outcome> {
        let (clears, lost_modes) = match &self.device {
            Device::Apple(device) => (device.clears_that_wait(), device.lost_modes_that_wait()),
            Device::Android(_) => (0, 0),
        };
        let outcome =
            self.context.within(Call::Device, |context| self.device.handle(call, context));
        // A restart may cost a device the answer that it has not given yet.
        let restarted = *call == DeviceCall::Android(android::Call::Reboot);
        if restarted && !self.record.rules.parameters.report_survives_reboot {
            self.record.actions.lose_reports();
        }
        self.end_answered_clears(clears);
        self.end_answered_lost_modes(lost_modes);
        outcome
    }

    /// A device that has left and enrols again is managed anew, and checks in often at first.
    fn follow_new_enrolment(&mut self) {
        use ManagementState::{Deleted, RetireIssued, WipeIssued};
        let had_left = matches!(self.record.management_state, RetireIssued | WipeIssued | Deleted);
        if had_left && !has_left(self.device) {
            self.record.manage_anew();
            self.context.after(TimeDelta::zero(), ServiceCall::CheckInDue.into());
        }
    }

    /// Does everything that follows at once from what has changed.
    fn settle(&mut self) {
        self.follow_new_enrolment();
        self.record.compliance.follow_server(self.device);
        if has_left(self.device) {
            // Nothing reaches a device that has left: whatever waits for it is dropped.
            self.record.actions.cancel(self.context.now, |_| true);
        }
        self.provision_token();
        self.send_waiting_push();
    }
}

/// First, the request.
impl Managed<'_, '_> {
    fn request(&mut self, action: RemoteAction, request: &Request) -> Reply {
        if let Some(refusal) = self.refusal(action, request) {
            // The portal does not show what it would refuse.
            return match request.channel {
                Channel::Graph => refusal,
                Channel::Portal => Reply::NotOffered,
            };
        }
        if !offer::is_offered(self.device, action) {
            return self.request_unoffered(action, request);
        }
        if self.needs_approval(action, request) {
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

    /// Returns the reply to a request that does not concern a device that the service has, or that
    /// its role does not allow.
    fn refusal(&self, action: RemoteAction, request: &Request) -> Option<Reply> {
        let hidden = match request.channel {
            Channel::Graph => self.record.management_state == ManagementState::Deleted,
            Channel::Portal => self.record.is_hidden(),
        };
        if hidden || !self.record.is_seen_by(request) {
            Some(Reply::NotFound)
        } else if !self.record.rules.roles.allows(request.role, action) {
            Some(Reply::Forbidden)
        } else {
            None
        }
    }

    /// Replies to a request that the portal does not offer for such a device.
    fn request_unoffered(&mut self, action: RemoteAction, request: &Request) -> Reply {
        if request.channel == Channel::Portal {
            return Reply::NotOffered;
        }
        if self.record.rules.parameters.unsupported_is_refused {
            return Reply::BadRequest;
        }
        let (number, _) = self.open_action(action, request);
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
        let (number, is_new) = self.open_action(action, request);
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
        match &self.device {
            _ if !waits => {}
            Device::Apple(_) if action == RemoteAction::ResetPasscode => self.order_clear(number),
            Device::Apple(_) if action.is_about_lost_mode() => self.order_lost_mode(action),
            Device::Apple(_) | Device::Android(_) => self.push(),
        }
    }

    /// Records a request; returns the number of its action, and whether the action is new.
    fn open_action(&mut self, action: RemoteAction, request: &Request) -> (u32, bool) {
        let now = self.context.now;
        let joins = self.record.rules.parameters.joined_requests;
        let actions = &mut self.record.actions;
        let same = actions.open().find(|open| joins && open.action == action);
        let joined = same.map(|open| open.number);
        let number = joined.unwrap_or_else(|| actions.enqueue(action, now));
        self.record.audit.add(action, request, number, now);
        (number, joined.is_none())
    }

    /// Drops everything that waits beside a retire, wipe or delete.
    fn drop_the_others(&mut self) {
        if self.record.rules.parameters.dropped_are_canceled {
            let now = self.context.now;
            self.record.actions.cancel(now, |open| !open.action.preempts_others());
        }
        if let Device::Apple(device) = self.device {
            device.drop_clears(usize::MAX);
            device.drop_lost_modes();
        }
    }
}

/// In between, where an access policy says so, the approval of another administrator.
impl Managed<'_, '_> {
    /// Apps that the policy excludes are the only ones that need none.
    fn needs_approval(&self, action: RemoteAction, request: &Request) -> bool {
        let rules = &self.record.rules;
        let excluded = rules.excludes_apps && request.role.is_app();
        rules.multi_admin_approval && action.can_need_approval() && !excluded
    }

    /// Returns a request that needs an approval: submits it or, if it is approved, takes on the
    /// action.
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

    /// Another administrator approves or rejects the request.
    fn decide(&mut self, approver: &Approver, approves: bool) -> Reply {
        match self.record.approvals.decide(approver, approves, self.context.now) {
            Some(number) => {
                self.watch_approval(number);
                Reply::Accepted
            }
            None => Reply::NotOffered,
        }
    }

    /// Returns the one who submitted the request has it carried out.
    fn complete(&mut self, by: &str) -> Reply {
        match self.record.approvals.complete(by, None, None, self.context.now) {
            Some((action, request)) => self.order(action, &request),
            None => Reply::NotOffered,
        }
    }

    fn watch_approval(&mut self, number: u32) {
        self.context.after(self.approval_life(), ServiceCall::ApprovalLapses { number }.into());
    }

    fn approval_life(&self) -> TimeDelta {
        TimeDelta::days(self.record.rules.parameters.approval_days.into())
    }
}

/// Second, the order to the device: a push, or a command in the queue of its MDM server.
impl Managed<'_, '_> {
    fn push(&mut self) {
        let channel = &mut self.record.channel;
        let lost = channel.loses_this();
        if !self.record.rules.google_services || lost {
            return;
        }
        channel.enqueue();
        if !is_reachable(self.device) && !self.record.rules.parameters.push_waits {
            channel.drop_waiting();
        }
        self.send_waiting_push();
    }

    fn send_waiting_push(&mut self) {
        if self.record.channel.departs(is_reachable(self.device)) {
            let seconds = self.record.rules.parameters.push_seconds.into();
            self.context.after(TimeDelta::seconds(seconds), ServiceCall::PushArrives.into());
        }
    }

    /// The MDM server queues `ClearPasscode` with the unlock token that it holds.
    fn order_clear(&mut self, number: u32) {
        let push = !self.record.channel.loses_this();
        let clear = apple::Call::ClearPasscode { token: apple::TokenChoice::Held, push };
        let answer = match self.device {
            Device::Apple(device) => {
                self.context.within(Call::from, |context| device.answer(&clear, context))
            }
            Device::Android(_) => return,
        };
        if let Some(result) = self.record.actions.get_mut(number) {
            result.mechanism = Mechanism::ClearPasscode;
        }
        if answer == apple::Answer::Queued(apple::Queued::NoUnlockToken) {
            self.end(number, ActionState::Failed);
        }
    }

    /// The MDM server queues the command into Lost Mode or out of it.
    fn order_lost_mode(&mut self, action: RemoteAction) {
        let push = !self.record.channel.loses_this();
        let name = match action {
            RemoteAction::EnableLostMode => "EnableLostMode",
            _ => "DisableLostMode",
        };
        let command = apple::CommandRequest::new(name);
        let order = apple::Call::SendCommand { command, again: None, push };
        if let Device::Apple(device) = self.device {
            self.context.within(Call::from, |context| device.answer(&order, context));
        }
    }

    /// An action has waited long enough.
    fn expire(&mut self, number: u32) {
        if !self.record.actions.is_pending(number) {
            return;
        }
        self.end(number, ActionState::Failed);
        if let Device::Apple(device) = self.device {
            device.drop_clears(1);
        }
    }
}

/// Third, the check-in, at which the device gets what waits for it.
impl Managed<'_, '_> {
    /// The device checks in by its schedule, and will again.
    fn check_in_by_schedule(&mut self) {
        self.check_in();
        if !has_left(self.device) {
            let settled = self.record.rules.parameters.check_in_minutes;
            let wait = self.record.schedule.next(self.device.platform(), settled);
            self.context.after(wait, ServiceCall::CheckInDue.into());
        }
    }

    /// The device and the service talk, if they can.
    fn check_in(&mut self) {
        if !is_reachable(self.device) {
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

    /// Delivers what waits for the device.
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

    /// The agent of an Android device carries out a reset; its report is on the way.
    fn carry_out(&mut self, number: u32) {
        let Device::Android(device) = &mut *self.device else { return };
        let Some(result) = self.record.actions.get_mut(number) else { return };
        result.state = ActionState::Active;
        result.updated = self.context.now;
        // A delivery that is repeated orders the same passcode again.
        let ordered = result.ordered.take();
        let parameters = self.record.rules.parameters;
        let attempt = self
            .context
            .within(Call::from, |context| agent::reset(device, parameters, ordered, context));
        result.mechanism = attempt.mechanism;
        result.of_work_profile = attempt.of_work_profile;
        result.ordered = attempt.passcode;
        self.record.actions.await_report(number, attempt.state);
    }

    /// An action that was carried out arrives once more.
    fn redeliver(&mut self) {
        let Device::Android(device) = &mut *self.device else { return };
        let mut results = self.record.actions.results().iter();
        let last = results.rfind(|result| result.state == ActionState::Done);
        let Some(passcode) = last.and_then(|result| result.ordered.clone()) else { return };
        let parameters = self.record.rules.parameters;
        if parameters.agent_remembers {
            self.context.note(Viewer::System, "an action that was carried out arrives again");
        } else {
            self.context.within(Call::from, |context| {
                agent::reset(device, parameters, Some(passcode), context)
            });
        }
    }

    /// The device leaves management, or is erased.
    fn unenrol(&mut self, action: RemoteAction) {
        self.record.management_state = match action {
            RemoteAction::Wipe => ManagementState::WipeIssued,
            RemoteAction::Delete => ManagementState::Deleted,
            _ => ManagementState::RetireIssued,
        };
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
    /// The results of an Android device reach the service, if the network lets them.
    fn take_reports(&mut self) {
        if !is_reachable(self.device) {
            return;
        }
        for (number, state) in self.record.actions.take_reports() {
            self.end(number, state);
        }
    }

    /// Ends the actions whose `ClearPasscode` an Apple device has answered, the oldest first.
    fn end_answered_clears(&mut self, waiting_before: usize) {
        let Device::Apple(device) = &self.device else { return };
        let answered = waiting_before.saturating_sub(device.clears_that_wait());
        let state = device.clear_state();
        self.end_answered(answered, state, |open| open.mechanism == Mechanism::ClearPasscode);
    }

    /// Ends the actions into Lost Mode or out of it that an Apple device has answered.
    fn end_answered_lost_modes(&mut self, waiting_before: usize) {
        let Device::Apple(device) = &self.device else { return };
        let answered = waiting_before.saturating_sub(device.lost_modes_that_wait());
        let state = device.lost_mode_state();
        self.end_answered(answered, state, |open| open.action.is_about_lost_mode());
    }

    /// Ends the oldest open actions that a condition selects, as their commands were answered.
    fn end_answered(
        &mut self,
        answered: usize,
        command: apple::CommandState,
        which: impl Fn(&ActionResult) -> bool,
    ) {
        let state = match command {
            apple::CommandState::Done => ActionState::Done,
            apple::CommandState::Failed => ActionState::Failed,
            apple::CommandState::None | apple::CommandState::Pending => ActionState::Canceled,
        };
        let code = match &self.device {
            Device::Apple(device) if state == ActionState::Failed => device.last_error_code(),
            _ => 0,
        };
        let open = self.record.actions.open().filter(|open| which(open));
        let numbers: Vec<_> = open.map(|open| open.number).take(answered).collect();
        for number in numbers {
            self.record.actions.end(number, state, self.context.now);
            if let Some(result) = self.record.actions.get_mut(number) {
                result.error_code = code;
            }
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

/// Returns true if a message reaches the agent of the service on the device.
pub(super) fn is_reachable(device: &Device) -> bool {
    match device {
        Device::Android(device) => device.agent_is_reachable(),
        Device::Apple(device) => device.is_enrolled() && device.phone().is_reachable(),
    }
}

/// Returns true if the device is no longer under management.
fn has_left(device: &Device) -> bool {
    match device {
        Device::Android(device) => device.agent().is_none(),
        Device::Apple(device) => !device.is_enrolled(),
    }
}

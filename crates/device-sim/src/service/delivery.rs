//! What is done with an action: opened, delivered, carried out, answered, given up.
//!
//! Sources: retire, wipe and delete outrank everything,
//! `intune/device-management/actions/index.md` in
//! <https://github.com/merill/intune-docs-mirror>; the outcomes of a work profile's reset,
//! `intune/remote-actions/troubleshoot-device-actions.md` (2019-08-02) in
//! <https://github.com/MicrosoftDocs/IntuneDocs>.

use chrono::{DateTime, TimeDelta, Utc};

use super::action::{ActionState, ManagementState, Mechanism, RemoteAction};
use super::agent;
use super::managed::Managed;
use super::request::Request;
use crate::android;
use crate::apple;
use crate::machine::{Call as AnyCall, Context, Machine};
use crate::model::Viewer;
use crate::service::Call;

impl Managed {
    /// Opens an action and sends it on its way.
    pub(super) fn take(
        &mut self,
        action: RemoteAction,
        request: &Request,
        context: &mut Context<'_>,
    ) {
        let (number, is_new) = self.account.open_action(action, request, context.now);
        if !is_new {
            return;
        }
        let days = self.account.rules.parameters.pending_days;
        if days > 0 && action == RemoteAction::ResetPasscode {
            let lapse = AnyCall::Service(Call::PendingLapses { number });
            context.after(TimeDelta::days(days.into()), lapse);
        }
        if action.outranks_others() {
            self.account.management_state = match action {
                RemoteAction::Retire => ManagementState::RetirePending,
                RemoteAction::Wipe => ManagementState::WipePending,
                _ => ManagementState::DeletePending,
            };
        }
        if self.account.outranking().is_some() {
            self.account.drop_the_others(context.now);
            if let Machine::Apple(device) = &mut self.device {
                device.drop_clears(usize::MAX);
            }
        }
        let waits = self.account.result(number).is_some_and(|result| !result.state.has_ended());
        if waits && action == RemoteAction::ResetPasscode && self.device.as_apple().is_some() {
            self.order_clear(number, context);
        } else if waits {
            self.push(context);
        }
    }

    /// The MDM server queues `ClearPasscode` with the unlock token that it holds.
    fn order_clear(&mut self, number: u32, context: &mut Context<'_>) {
        let Machine::Apple(device) = &mut self.device else { return };
        let push = !std::mem::take(&mut self.account.loses_next_push);
        let token = apple::TokenChoice::Held;
        let answer = context.within(AnyCall::Apple, |context| {
            device.answer(&apple::Call::ClearPasscode { token, push }, context)
        });
        if let Some(result) = self.account.result_mut(number) {
            result.mechanism = Mechanism::ClearPasscode;
        }
        if answer == apple::Answer::Queued(apple::Queued::NoUnlockToken) {
            self.end(number, ActionState::Failed, context);
        }
    }

    /// The commands to clear the passcode that an Apple device has not answered.
    pub(super) fn clears_that_wait(&self) -> usize {
        self.device.as_apple().map_or(0, apple::Device::clears_that_wait)
    }

    /// The answers of an Apple device to commands that waited before end their actions, the
    /// oldest first.
    pub(super) fn take_apples_answers(&mut self, before: usize, now: DateTime<Utc>) {
        let Some(device) = self.device.as_apple() else { return };
        let answered = before.saturating_sub(device.clears_that_wait());
        let state = match device.clear_state() {
            apple::ClearState::Done => ActionState::Done,
            apple::ClearState::Failed => ActionState::Failed,
            apple::ClearState::None | apple::ClearState::Pending => ActionState::Canceled,
        };
        let code = device.last_error_code();
        let waiting: Vec<_> = self
            .account
            .open()
            .filter(|open| open.mechanism == Mechanism::ClearPasscode)
            .map(|open| open.number)
            .take(answered)
            .collect();
        for number in waiting {
            self.account.end(number, state, now);
            if let Some(result) = self.account.result_mut(number) {
                result.error_code = if state == ActionState::Failed { code } else { 0 };
            }
        }
    }

    /// The device is in contact: what waits for it is delivered.
    pub(super) fn deliver(&mut self, context: &mut Context<'_>) {
        self.report(context);
        self.agent_looks(context);
        if let Some((number, action)) =
            self.account.outranking().map(|result| (result.number, result.action))
        {
            self.part(action, context);
            self.end(number, ActionState::Done, context);
            return;
        }
        let synced: Vec<_> = self.numbers(|action| action == RemoteAction::SyncDevice);
        for number in synced {
            self.end(number, ActionState::Done, context);
        }
        if self.device.as_android().is_none() {
            return;
        }
        let resets = self.numbers(|action| action == RemoteAction::ResetPasscode);
        for number in &resets {
            self.carry_out(*number, context);
        }
        if !resets.is_empty() {
            let seconds = self.account.rules.parameters.report_seconds.into();
            context.after(TimeDelta::seconds(seconds), AnyCall::Service(Call::ReportArrives));
        }
    }

    fn numbers(&self, wanted: impl Fn(RemoteAction) -> bool) -> Vec<u32> {
        let open = self.account.open().filter(|open| wanted(open.action));
        open.map(|open| open.number).collect()
    }

    /// An Android device carries out a reset; its answer is on the way.
    fn carry_out(&mut self, number: u32, context: &mut Context<'_>) {
        let Machine::Android(device) = &mut self.device else { return };
        let Some(result) = self.account.result_mut(number) else { return };
        result.state = ActionState::Active;
        result.updated = context.now;
        let ordered = result.ordered.take();
        let tried = agent::reset(device, self.account.rules.parameters, ordered, context);
        if let Some(result) = self.account.result_mut(number) {
            result.mechanism = tried.mechanism;
            result.of_work_profile = tried.of_work_profile;
            result.ordered = tried.passcode;
        }
        self.account.unreported.push((number, tried.state));
    }

    /// What an Android device has done reaches the service, if the network lets it.
    pub(super) fn report(&mut self, context: &mut Context<'_>) {
        if !self.is_reachable() {
            return;
        }
        for (number, state) in std::mem::take(&mut self.account.unreported) {
            self.end(number, state, context);
        }
    }

    /// A restart may cost a device the answer that it has not given yet.
    pub(super) fn device_restarted(&mut self, call: &AnyCall) {
        let restarted = *call == AnyCall::Android(android::Call::Reboot);
        if restarted && !self.account.rules.parameters.report_survives_reboot {
            self.account.unreported.clear();
        }
    }

    /// An action that was carried out arrives once more.
    pub(super) fn redeliver(&mut self, context: &mut Context<'_>) {
        let Machine::Android(device) = &mut self.device else { return };
        let ended = |result: &&super::ActionResult| result.state == ActionState::Done;
        let last = self.account.results.iter().rfind(ended);
        let Some(passcode) = last.and_then(|result| result.ordered.clone()) else { return };
        let parameters = self.account.rules.parameters;
        if parameters.agent_remembers {
            context.note(Viewer::System, "an action that was carried out arrives again");
        } else {
            agent::reset(device, parameters, Some(passcode), context);
        }
    }

    /// An action has waited long enough.
    pub(super) fn lapse(&mut self, number: u32, context: &mut Context<'_>) {
        let waits =
            self.account.result(number).is_some_and(|result| result.state == ActionState::Pending);
        if waits {
            self.end(number, ActionState::Failed, context);
            if let Machine::Apple(device) = &mut self.device {
                device.drop_clears(1);
            }
        }
    }

    /// The device leaves management, or is erased.
    fn part(&mut self, action: RemoteAction, context: &mut Context<'_>) {
        self.account.management_state = match action {
            RemoteAction::Wipe => ManagementState::WipeIssued,
            RemoteAction::Delete => ManagementState::Deleted,
            _ => ManagementState::RetireIssued,
        };
        match &mut self.device {
            Machine::Android(device) => {
                let call = agent::parting(device, action);
                context.within(AnyCall::Android, |context| device.answer(&call, context));
            }
            Machine::Apple(device) => {
                let call = match action {
                    RemoteAction::Wipe => apple::Call::Erase,
                    _ => apple::Call::RemoveMdmProfile,
                };
                context.within(AnyCall::Apple, |context| device.answer(&call, context));
            }
            Machine::Managed(_) => {}
        }
    }

    /// Whether the device is under management no more.
    pub(super) fn has_left(&self) -> bool {
        match (self.device.as_android(), self.device.as_apple()) {
            (Some(device), _) => device.agent().is_none(),
            (None, Some(device)) => !device.is_enrolled(),
            (None, None) => true,
        }
    }
}

//! How the service and a device come together: pushes, schedules, and what is said on contact.
//!
//! Sources: `memdocs/intune/configuration/device-profile-troubleshoot.md` (a device that an action
//! is meant for is told at once) and `memdocs/intune/apps/manage-without-gms.md` (without Google
//! services there is no push), both 2021-02, in <https://github.com/MicrosoftDocs/memdocs>.

use chrono::TimeDelta;

use super::managed::Managed;
use super::schedule::{ANDROID, APPLE, Early};
use crate::apple;
use crate::machine::{Call as AnyCall, Context, Machine};
use crate::service::Call;

impl Managed {
    /// The early check-ins of its platform.
    pub(super) fn early(&self) -> Early {
        match self.device.as_android() {
            Some(_) => ANDROID,
            None => APPLE,
        }
    }

    /// Whether a message gets through to whoever answers for the service on the device.
    pub(super) fn is_reachable(&self) -> bool {
        match (self.device.as_android(), self.device.as_apple()) {
            (Some(device), _) => device.agent_is_reachable(),
            (None, Some(device)) => device.is_enrolled() && device.phone().is_reachable(),
            (None, None) => false,
        }
    }

    /// Tells the device to come, if pushes reach devices like it at all.
    pub(super) fn push(&mut self, context: &mut Context<'_>) {
        let account = &mut self.account;
        let lost = std::mem::take(&mut account.loses_next_push);
        if !account.rules.google_services || lost {
            return;
        }
        account.push_waits = true;
        if !self.is_reachable() && !self.account.rules.parameters.push_waits {
            self.account.push_waits = false;
        }
        self.send_waiting_push(context);
    }

    /// A push that waits sets out as soon as the device can take it.
    pub(super) fn send_waiting_push(&mut self, context: &mut Context<'_>) {
        let waits = self.account.push_waits && !self.account.push_travels;
        if waits && self.is_reachable() {
            self.account.push_travels = true;
            let seconds = self.account.rules.parameters.push_seconds.into();
            context.after(TimeDelta::seconds(seconds), AnyCall::Service(Call::PushArrives));
        }
    }

    /// A push arrives; if nobody is there to take it, it waits.
    pub(super) fn push_arrives(&mut self, context: &mut Context<'_>) {
        self.account.push_travels = false;
        self.contact(context);
    }

    /// The device checks in by its schedule, and will again.
    pub(super) fn check_in_by_schedule(&mut self, context: &mut Context<'_>) {
        self.contact(context);
        if !self.has_left() {
            let wait = self.account.next_check_in(self.early());
            context.after(wait, AnyCall::Service(Call::CheckInDue));
        }
    }

    /// The device and the service talk, if they can.
    pub(super) fn contact(&mut self, context: &mut Context<'_>) {
        if !self.is_reachable() {
            return;
        }
        self.account.push_waits = false;
        self.account.check_ins += 1;
        self.account.last_check_in = Some(context.now);
        if let Machine::Apple(device) = &mut self.device {
            context.within(AnyCall::Apple, |context| device.answer(&apple::Call::CheckIn, context));
        }
        self.account.agent_rests = false;
        self.report_compliance();
        self.deliver(context);
    }
}

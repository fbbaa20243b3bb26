//! The administrator's and the service's own actions: policies, pushes,
//! check-ins, and the two ends of an enrolment.
//!
//! Sources for Intune's schedule: `memdocs/intune/configuration/device-profile-troubleshoot.md` in
//! <https://github.com/MicrosoftDocs/memdocs> (about every 8 hours; every 15 minutes during the
//! first hour after enrolment; at once after an action).

use chrono::TimeDelta;

use super::Context;
use super::Device;
use super::answer::{Answer, Queued, Seen};
use super::call::Call;
use super::enrolment::EnrolmentState;
use super::passcode::PasscodePayload;
use super::phone::Power;
use super::wire::{Command, Declaration};
use crate::model::Viewer;

/// The identifier of the profile that carries a compliance policy to the device.
const COMPLIANCE_PROFILE: &str = "compliance";

impl Device {
    pub(super) fn by_an_administrator(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
        let (enqueued, push) = match call {
            Call::ClearPasscode { token, push } => (self.server.clear_passcode(*token), *push),
            Call::SendCommand { command, again, push } => {
                (self.send(command.command(), *again), *push)
            }
            Call::InstallProfile { profile, push } => {
                let profile = profile.clone();
                (self.server.enqueue(Command::InstallProfile { profile }), *push)
            }
            Call::RemoveProfile { identifier } => {
                let identifier = identifier.clone();
                (self.server.enqueue(Command::RemoveProfile { identifier }), true)
            }
            Call::Declare { identifier, declaration, activating } => {
                let (identifier, server_token) = (identifier.clone(), String::new());
                let declaration = Declaration { identifier, server_token, passcode: *declaration };
                (self.server.declare(declaration, activating), true)
            }
            Call::Undeclare { identifier } => (self.server.undeclare(identifier), true),
            Call::AssignCompliance { payload, grace_days } => {
                (self.assign(*payload, *grace_days), true)
            }
            Call::CheckIn => return self.check_in(context),
            Call::PushCertificateExpires => {
                self.server.push_certificate_expired = true;
                return Answer::Happened;
            }
            Call::RenewPushCertificate => {
                self.server.push_certificate_expired = false;
                if self.server.waiting() > 0 {
                    self.push(context);
                }
                return Answer::Happened;
            }
            Call::ComplianceLapses => {
                let validity = self.validity();
                self.server.shadow.look(context.now, validity);
                return Answer::Happened;
            }
            _ => {
                self.push(context);
                return Answer::Happened;
            }
        };
        if enqueued == Queued::Queued && push {
            // Intune looks at the device again at once after an action.
            if matches!(call, Call::ClearPasscode { .. }) {
                self.ask_for_security();
            }
            self.push(context);
            if self.server.push_certificate_expired {
                context.note(Viewer::Admin, "the push certificate has expired");
            } else if let Some(reason) = self.phone.out_of_reach() {
                context.note(Viewer::Admin, reason);
            }
        }
        Answer::Queued(enqueued)
    }

    fn send(&mut self, command: Command, again: Option<u32>) -> Queued {
        match again {
            Some(number) => self.server.enqueue_again(number, command),
            None => self.server.enqueue(command),
        }
    }

    /// On iOS the settings of a compliance policy reach the device as a passcode policy.
    ///
    /// Source: `memdocs/intune/protect/device-compliance-get-started.md` (remediated).
    fn assign(&mut self, payload: PasscodePayload, grace_days: u32) -> Queued {
        self.server.shadow.assign(grace_days);
        self.server.install_passcode(COMPLIANCE_PROFILE, payload)
    }

    fn ask_for_security(&mut self) {
        if self.server.shadow.has_policy() && !self.server.asks_for_security() {
            self.server.enqueue(Command::SecurityInfo);
        }
    }

    /// Checks in: Intune queries its compliance, and then again some hours
    /// later.
    fn check_in(&mut self, context: &mut Context<'_>) -> Answer {
        if self.phone.enrolment != EnrolmentState::Enrolled {
            return Answer::Happened;
        }
        let validity = self.validity();
        self.server.shadow.look(context.now, validity);
        self.ask_for_security();
        self.push(context);
        if self.checks_in {
            let fresh = self
                .enrolled_at
                .is_some_and(|enrolled| context.now - enrolled < TimeDelta::hours(1));
            let parameters = &self.phone.parameters;
            let minutes = match fresh {
                true => parameters.early_check_in_minutes,
                false => parameters.check_in_minutes,
            };
            context.after(TimeDelta::minutes(minutes.into()), Call::CheckIn);
        }
        Answer::Happened
    }

    pub(super) fn validity(&self) -> TimeDelta {
        TimeDelta::days(self.phone.parameters.status_validity_days.into())
    }

    /// Rows 1 and 4. An erased device is set up first, which joins its networks again.
    pub(super) fn enrol(&mut self, context: &mut Context<'_>) -> Answer {
        self.phone.set_up(context);
        if !self.phone.is_reachable() {
            return Answer::Saw(Seen::NoConnection);
        }
        let message = self.phone.authenticate();
        let message = self.over_the_wire(message);
        self.server.check_in(&message);
        context.after(self.latency(), Call::CompleteEnrolment);
        Answer::Saw(Seen::Ok)
    }

    /// Row 2.
    pub(super) fn complete_enrolment(&mut self, context: &mut Context<'_>) -> Answer {
        if self.phone.enrolment != EnrolmentState::Authenticated || !self.phone.is_reachable() {
            return Answer::Saw(Seen::NoConnection);
        }
        let message = self.phone.first_token_update();
        let message = self.over_the_wire(message);
        self.server.check_in(&message);
        self.enrolled_at = Some(context.now);
        if self.checks_in {
            context.after(self.latency(), Call::CheckIn);
        }
        Answer::Saw(Seen::Ok)
    }

    /// Brings an erased device back by itself, if a network is there.
    pub(super) fn return_to_service(&mut self, context: &mut Context<'_>) -> Answer {
        match self.phone.power == Power::Erased {
            true => self.enrol(context),
            false => Answer::Happened,
        }
    }

    /// Sets an erased device up from a backup. One of this device brings its management
    /// back, with a new unlock token; one of another device brings neither.
    ///
    /// Source: `TokenUpdate` in Apple's MDM protocol reference,
    /// <https://developer.apple.com/library/content/documentation/Miscellaneous/Reference/MobileDeviceManagementProtocolRef/3-MDM_Protocol/MDM_Protocol.html>.
    pub(super) fn restore(&mut self, same_device: bool, context: &mut Context<'_>) -> Answer {
        if self.phone.power != Power::Erased {
            return Answer::Saw(Seen::NotAvailable);
        }
        self.phone.set_up(context);
        if !self.phone.is_reachable() {
            return Answer::Saw(Seen::NoConnection);
        }
        if self.phone.restore(same_device, context) {
            let message = self.phone.first_token_update();
            let message = self.over_the_wire(message);
            self.server.check_in(&message);
        }
        Answer::Saw(Seen::Ok)
    }

    /// The device reports a changed unlock token to its server as soon as it can.
    ///
    /// Source: `TokenUpdate` in Apple's MDM protocol reference, which a device sends whenever its
    /// push token, push magic or unlock token changes,
    /// <https://developer.apple.com/library/content/documentation/Miscellaneous/Reference/MobileDeviceManagementProtocolRef/3-MDM_Protocol/MDM_Protocol.html>.
    pub(super) fn tell_changed_token(&mut self) {
        let enrolled = self.phone.enrolment == EnrolmentState::Enrolled;
        if enrolled && self.phone.has_unsent_token() && self.phone.is_reachable() {
            let message = self.phone.changed_token_update();
            let message = self.over_the_wire(message);
            self.server.check_in(&message);
        }
    }

    /// Row 3.
    pub(super) fn push_token_changes(&mut self) -> Answer {
        if self.phone.enrolment == EnrolmentState::Enrolled && self.phone.is_reachable() {
            let message = self.phone.later_token_update();
            let message = self.over_the_wire(message);
            self.server.check_in(&message);
        }
        Answer::Happened
    }

    /// Row 5, by the user's hand.
    pub(super) fn leave(&mut self, context: &mut Context<'_>) -> Answer {
        match self.phone.obstacle() {
            Some(answer) => answer,
            None => self.unenrol(context),
        }
    }

    /// Row 5: the MDM profile goes, by the user's hand or the server's.
    pub(crate) fn unenrol(&mut self, context: &mut Context<'_>) -> Answer {
        if self.phone.enrolment != EnrolmentState::Enrolled {
            return Answer::Saw(Seen::NotAvailable);
        }
        let message = self.phone.leave(context);
        if let Some(message) = message {
            let message = self.over_the_wire(message);
            self.server.check_in(&message);
        }
        Answer::Saw(Seen::Ok)
    }
}

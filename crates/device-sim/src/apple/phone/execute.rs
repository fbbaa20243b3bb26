//! Region M: carrying out commands. Rows 14 to 19 and 34.
//!
//! Sources: `mdm/commands/*.yaml` in <https://github.com/apple/device-management> for who may do
//! what;
//! <https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses>
//! and <https://developer.apple.com/forums/thread/747460> for `NotNow`;
//! `testdata/DeviceLock/iOS-11.3.1.xml` in <https://github.com/cmdmnt/commandment>.

use chrono::TimeDelta;

use super::clear::Failure;
use super::refusal::{
    format_error, invalid_profile, invalid_request, missing_right, not_lost, not_managed,
    not_while_lost,
};
use super::{Installed, Phone, Power};
use crate::apple::Context;
use crate::apple::call::Call;
use crate::apple::commands;
use crate::apple::enrolment::EnrolmentKind;
use crate::apple::wire::{
    Body, Command, ListKey, MessageResult, NEVER_NOT_NOW, Order, Profile, Report, Status,
};

/// The number of answers a device keeps in case their commands arrive again; a choice.
const ANSWERS_KEPT: usize = 16;

impl Phone {
    /// Carries out a command, or refuses it, or says that it has to wait.
    pub(in crate::apple) fn execute(&mut self, order: &Order, context: &mut Context<'_>) -> Report {
        let finished =
            self.finished.iter().find(|report| report.uuid.as_ref() == Some(&order.uuid));
        if let Some(answer) = finished.filter(|_| self.parameters.remembers_finished_commands) {
            return answer.clone();
        }
        let objection =
            self.objection(&order.command).or_else(|| self.objection_when_lost(&order.command));
        let (status, errors, body) = if let Some(failure) = objection {
            failed(failure)
        } else if self.has_to_wait(&order.command) {
            (Status::NotNow, Vec::new(), Body::Empty)
        } else {
            match self.carry_out(&order.command, context) {
                Ok(body) => (Status::Acknowledged, Vec::new(), body),
                Err(failure) => failed(failure),
            }
        };
        let uuid = Some(order.uuid.clone());
        let report = Report { identity: self.identity(), status, uuid, errors, body };
        if status != Status::NotNow {
            self.finished.retain(|answer| answer.uuid != report.uuid);
            if self.finished.len() == ANSWERS_KEPT {
                self.finished.remove(0);
            }
            self.finished.push(report.clone());
        }
        report
    }

    /// Returns the refusal of a command regardless of its content.
    fn objection(&self, command: &Command) -> Option<Failure> {
        if !self.knows(command) {
            return Some(invalid_request(self.system, command.request_type()));
        }
        // Under User Enrollment the rights of the profile are ignored.
        let lacks = |right| self.kind != EnrolmentKind::User && !self.rights.contain(right);
        command.right().filter(|right| lacks(*right)).map(|_| missing_right(&self.parameters))
    }

    /// Row 17: whether the device takes the command.
    fn knows(&self, command: &Command) -> bool {
        let in_time = match command {
            Command::DeclarativeManagement => self.system.is_managed_declaratively(self.kind),
            Command::ClearRestrictionsPassword => {
                self.kind == EnrolmentKind::Supervised
                    || !self.parameters.clear_restrictions_needs_supervision
            }
            _ => true,
        };
        in_time && commands::is_taken(command.request_type(), self.system, self.kind)
    }

    /// Returns the refusal of a command because the device is, or is not, in Lost Mode.
    ///
    /// Source: the codes 12067 and 12078 of
    /// <https://developer.apple.com/documentation/devicemanagement/disable-lost-mode-command>.
    fn objection_when_lost(&self, command: &Command) -> Option<Failure> {
        match command {
            Command::DisableLostMode | Command::DeviceLocation | Command::PlayLostModeSound => {
                (!self.lost).then(not_lost)
            }
            Command::ClearPasscode { .. } if self.lost && !self.parameters.clear_in_lost_mode => {
                Some(not_while_lost())
            }
            Command::EnableLostMode { message: None, phone_number: None } => Some(format_error()),
            _ => None,
        }
    }

    /// Row 15, and the special case of `CertificateList`.
    fn has_to_wait(&self, command: &Command) -> bool {
        match command {
            Command::CertificateList => {
                self.before_first_unlock()
                    && self.has_passcode()
                    && self.system.certificate_list_waits()
            }
            // They are for devices that no one holds open; no list of Apple's says so.
            Command::EnableLostMode { .. }
            | Command::DisableLostMode
            | Command::DeviceLocation
            | Command::PlayLostModeSound => false,
            _ => self.is_locked_by_code() && !NEVER_NOT_NOW.contains(&command.request_type()),
        }
    }

    fn carry_out(&mut self, command: &Command, context: &mut Context<'_>) -> Result<Body, Failure> {
        match command {
            Command::ClearPasscode { unlock_token } => {
                return self.clear_passcode(unlock_token.as_ref(), context);
            }
            Command::DeviceLock { message, phone_number } => {
                let result = self.lock_on_command(context);
                // The result is about the text, so there is none without one.
                let has_text = message.is_some() || phone_number.is_some();
                return Ok(if has_text { Body::MessageResult(result) } else { Body::Empty });
            }
            Command::SecurityInfo => {
                return Ok(Body::SecurityInfo(self.security_info(context.now)));
            }
            Command::InstallProfile { profile } => self.install(profile, context),
            Command::InstallInvalidProfile { .. } => return Err(invalid_profile()),
            Command::RemoveProfile { identifier } => self.remove_profile(identifier, context)?,
            Command::RestartDevice => self.soon(Call::Reboot, context),
            Command::ShutDownDevice => self.soon(Call::PowerOff, context),
            Command::EraseDevice { return_to_service } => {
                self.soon(Call::Erase, context);
                if *return_to_service && self.system.returns_to_service() {
                    let minutes = self.parameters.return_to_service_minutes;
                    context.after(TimeDelta::minutes(minutes.into()), Call::ReturnToService);
                }
            }
            Command::EnableLostMode { .. } => {
                self.lock(context);
                self.lost = true;
            }
            Command::DisableLostMode => self.lost = false,
            _ => {}
        }
        Ok(self.look_up(command))
    }

    /// Returns the answer to a command that only reads something.
    fn look_up(&self, command: &Command) -> Body {
        match command {
            Command::DeviceInformation { queries } => {
                let asked = |key: &str| queries.iter().any(|query| query == key);
                let supervised =
                    matches!(self.kind, EnrolmentKind::Supervised | EnrolmentKind::SharedIpad);
                Body::DeviceInformation {
                    os_version: asked("OSVersion").then(|| self.system.version.to_string()),
                    is_supervised: asked("IsSupervised").then_some(supervised),
                }
            }
            Command::ProfileList => {
                let identifiers = self.profiles.iter().map(|one| one.profile.identifier.clone());
                Body::Profiles(identifiers.collect())
            }
            Command::CertificateList => Body::EmptyList(ListKey::CertificateList),
            Command::ProvisioningProfileList => Body::EmptyList(ListKey::ProvisioningProfileList),
            Command::InstalledApplicationList => Body::EmptyList(ListKey::InstalledApplicationList),
            Command::Restrictions => Body::GlobalRestrictions,
            _ => Body::Empty,
        }
    }

    /// A profile takes the place of the one with its identifier.
    fn install(&mut self, profile: &Profile, context: &mut Context<'_>) {
        self.profiles.retain(|installed| installed.profile.identifier != profile.identifier);
        self.profiles.push(Installed { profile: profile.clone(), managed: true });
        self.show_prompt_again(context);
        self.look_at_policy(context);
    }

    /// Only a profile that the server installed can be removed.
    ///
    /// Source: `testdata/Errors/iOS-11.3.1-RemoveProfile-Unmanaged.xml` in
    /// <https://github.com/cmdmnt/commandment>; that a profile which is not there is answered the
    /// same way is inferred.
    fn remove_profile(
        &mut self,
        identifier: &str,
        context: &mut Context<'_>,
    ) -> Result<(), Failure> {
        let before = self.profiles.len();
        self.profiles
            .retain(|installed| !installed.managed || installed.profile.identifier != identifier);
        if self.profiles.len() == before {
            return Err(not_managed(identifier));
        }
        self.show_prompt_again(context);
        self.look_at_policy(context);
        Ok(())
    }

    /// `DeviceLock`: the screen locks, if there is anything to lock it with.
    fn lock_on_command(&mut self, context: &mut Context<'_>) -> MessageResult {
        if self.lost {
            return MessageResult::DeviceInLostMode;
        }
        if !self.has_passcode() {
            return MessageResult::NoPasscodeSet;
        }
        self.lock(context);
        MessageResult::Success
    }

    /// Schedules what ends the session after its answer was sent.
    fn soon(&self, call: Call, context: &mut Context<'_>) {
        let seconds = i64::from(self.parameters.latency_seconds) * 2 + 1;
        context.after(TimeDelta::seconds(seconds), call);
    }

    /// The device is on and open for its owner's server.
    pub(in crate::apple) fn is_on(&self) -> bool {
        !matches!(self.power, Power::Off | Power::Erased)
    }
}

fn failed(failure: Failure) -> (Status, Vec<crate::apple::wire::ErrorItem>, Body) {
    match failure {
        Failure::Format => (Status::CommandFormatError, Vec::new(), Body::Empty),
        Failure::Refused(errors) => (Status::Error, errors, Body::Empty),
    }
}

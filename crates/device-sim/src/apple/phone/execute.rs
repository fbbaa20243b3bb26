//! Region M: carrying out commands. Rows 14 to 19 and 34.
//!
//! Sources: `mdm/commands/*.yaml` in <https://github.com/apple/device-management> for who may do
//! what; <https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses>
//! and <https://developer.apple.com/forums/thread/747460> for `NotNow`;
//! `testdata/DeviceLock/iOS-11.3.1.xml` in <https://github.com/cmdmnt/commandment>.

use chrono::TimeDelta;

use super::clear::Failure;
use super::refusal::{invalid_request, missing_right};
use super::{Installed, Phone, Power};
use crate::apple::Context;
use crate::apple::call::Call;
use crate::apple::enrolment::EnrolmentKind;
use crate::apple::wire::{
    Body, Command, ListKey, MessageResult, NEVER_NOT_NOW, Order, Profile, Report, Status,
};

/// How many answers a device keeps in case their commands arrive again; a choice.
const ANSWERS_KEPT: usize = 16;

impl Phone {
    /// Carries out a command, or refuses it, or says that it has to wait.
    pub(in crate::apple) fn execute(&mut self, order: &Order, context: &mut Context<'_>) -> Report {
        let finished =
            self.finished.iter().find(|report| report.uuid.as_ref() == Some(&order.uuid));
        if let Some(answer) = finished.filter(|_| self.parameters.remembers_finished_commands) {
            return answer.clone();
        }
        let (status, errors, body) = if let Some(failure) = self.objection(&order.command) {
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

    /// Why a command is refused whatever it says.
    fn objection(&self, command: &Command) -> Option<Failure> {
        if !self.knows(command) {
            return Some(invalid_request(self.system, command.request_type()));
        }
        // Under User Enrollment the rights of the profile are ignored.
        let lacks = |right| self.kind != EnrolmentKind::User && !self.rights.contain(right);
        command.right().filter(|right| lacks(*right)).map(|_| missing_right(&self.parameters))
    }

    /// Row 17: whether the command exists here.
    fn knows(&self, command: &Command) -> bool {
        let kind = self.kind;
        match command {
            Command::ClearPasscode { .. } => {
                self.system.clears_passcodes()
                    && !matches!(kind, EnrolmentKind::User | EnrolmentKind::SharedIpad)
            }
            Command::RestartDevice | Command::ShutDownDevice => {
                kind == EnrolmentKind::Supervised && self.system.at_least(10, 3)
            }
            Command::EraseDevice => kind != EnrolmentKind::User,
            Command::DeclarativeManagement => self.system.takes_declarations(kind),
            Command::Other(_) => false,
            _ => true,
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
            _ => self.is_locked_by_code() && !NEVER_NOT_NOW.contains(&command.request_type()),
        }
    }

    fn carry_out(&mut self, command: &Command, context: &mut Context<'_>) -> Result<Body, Failure> {
        match command {
            Command::ClearPasscode { unlock_token } => {
                return self.clear_passcode(unlock_token.as_ref(), context);
            }
            Command::DeviceLock { .. } if !self.has_passcode() => {
                return Ok(Body::MessageResult(MessageResult::NoPasscodeSet));
            }
            Command::DeviceLock { .. } => {
                self.lock(context);
                return Ok(Body::MessageResult(MessageResult::Success));
            }
            Command::SecurityInfo => {
                return Ok(Body::SecurityInfo(self.security_info(context.now)));
            }
            Command::InstallProfile { profile } => self.install(profile, context),
            Command::RemoveProfile { identifier } => self.remove_profile(identifier, context),
            Command::RestartDevice => self.soon(Call::Reboot, context),
            Command::ShutDownDevice => self.soon(Call::PowerOff, context),
            Command::EraseDevice => self.soon(Call::Erase, context),
            _ => {}
        }
        Ok(self.look_up(command))
    }

    /// The answers that only tell something.
    fn look_up(&self, command: &Command) -> Body {
        match command {
            Command::DeviceInformation { .. } => Body::DeviceInformation {
                os_version: self.system.version.to_string(),
                is_supervised: self.kind == EnrolmentKind::Supervised,
            },
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
        self.look_at_policy(context);
    }

    fn remove_profile(&mut self, identifier: &str, context: &mut Context<'_>) {
        self.profiles
            .retain(|installed| !installed.managed || installed.profile.identifier != identifier);
        self.look_at_policy(context);
    }

    /// What ends the session happens after its answer was sent.
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

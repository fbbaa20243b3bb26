//! The Android Management API, which sends a reset to the device: what it checks, and how long it
//! waits. What Intune does is in [`crate::service`].
//!
//! Source:
//! <https://developers.google.com/android/management/reference/rest/v1/enterprises.devices/issueCommand>.

use chrono::TimeDelta;

use super::Context;
use super::answer::{Answer, CommandState};
use super::secret::{Secret, TokenBytes};
use super::{Call, Caller, Device, Flags, Who};

/// A command on its way to the device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Command {
    /// Counted, so that the end of an older command's time does not end a newer one.
    number: u32,
    password: Secret,
    flags: Flags,
    lock_now: bool,
}

/// The knowledge of management services about the device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Amapi {
    pub(super) offline: bool,
    waiting: Option<Command>,
    sent: u32,
    state: Option<CommandState>,
}

impl Amapi {
    /// Returns the progress of the last command.
    pub(super) fn state(&self) -> CommandState {
        self.state.unwrap_or(CommandState::None)
    }
}

impl Device {
    /// Takes the Android Management API's command `RESET_PASSWORD`, valid for a number of minutes.
    pub(super) fn amapi_reset(
        &mut self,
        password: &Secret,
        flags: Flags,
        lock_now: bool,
        minutes: Option<u32>,
        context: &mut Context<'_>,
    ) -> Answer {
        let owner = self.admins.iter().any(super::Admin::is_owner);
        let short = password.is_digits() && password.reveal().len() < 6;
        let refused = if !owner {
            Some(CommandState::ManagementMode)
        } else if self.api < 26 {
            Some(CommandState::ApiLevel)
        } else if short && u32::from(self.api) >= self.parameters.amapi_six_digits_from {
            Some(CommandState::InvalidValue)
        } else {
            None
        };
        self.amapi.sent += 1;
        self.amapi.state = refused.or(Some(CommandState::Pending));
        if refused.is_none() {
            let number = self.amapi.sent;
            let password = password.clone();
            self.amapi.waiting = Some(Command { number, password, flags, lock_now });
            let minutes = minutes.unwrap_or(self.parameters.amapi_command_minutes);
            let expiry = Call::CommandExpires { number };
            context.after(TimeDelta::minutes(minutes.into()), expiry);
            self.fetch_command();
        }
        Answer::Command(self.amapi.state())
    }

    /// The device talks to the service, if it can: a waiting command is carried out.
    pub(super) fn fetch_command(&mut self) {
        if self.amapi.offline || !self.owner_reachable() {
            return;
        }
        let Some(command) = self.amapi.waiting.take() else { return };
        let caller = self.owning_caller();
        let token = TokenBytes::default();
        let answer =
            self.reset_password_with_token(caller, &command.password, Some(&token), command.flags);
        let done = answer == Ok(true);
        if done && command.lock_now {
            self.lock_now(caller, false).ok();
        }
        let state = if done { CommandState::Done } else { CommandState::Failed };
        self.amapi.state = Some(state);
    }

    /// The time of a command is over.
    pub(super) fn command_expires(&mut self, number: u32) {
        if self.amapi.waiting.as_ref().is_some_and(|waiting| waiting.number == number) {
            self.amapi.waiting = None;
            self.amapi.state = Some(CommandState::Expired);
        }
    }

    fn owning_caller(&self) -> Caller {
        Caller::new(if self.profile_owner().is_some() {
            Who::ProfileOwner
        } else {
            Who::DeviceOwner
        })
    }

    /// Returns true if the owner's app runs and has its token at hand.
    fn owner_reachable(&self) -> bool {
        self.obstacle(self.owning_caller(), true).is_none()
    }
}

//! The services that send a reset to the device: what they check, and how long they wait.
//!
//! Sources: the Android Management API,
//! <https://developers.google.com/android/management/reference/rest/v1/enterprises.devices/issueCommand>;
//! Intune, <https://github.com/MicrosoftDocs/memdocs/pull/4082> (the passcode policy is a
//! precondition) and
//! <https://learn.microsoft.com/en-us/mem/intune/remote-actions/device-passcode-reset> (the new
//! passcode is shown for seven days).

use chrono::TimeDelta;

use super::answer::{Answer, CommandState};
use super::policy::Minimum;
use super::secret::{Secret, TokenBytes};
use super::user::UserId;
use super::validation::allows_reset;
use super::{AdminKind, Call, Caller, Device, Flags, Who};
use crate::chance::Chance;
use crate::kind::{Call as AnyCall, Context};

/// A command on its way to the device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Command {
    /// Counted, so that the end of an older command's time does not end a newer one.
    number: u32,
    password: Secret,
    flags: Flags,
    lock_now: bool,
}

/// What management services know of the device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct FrontEnd {
    pub(super) offline: bool,
    waiting: Option<Command>,
    sent: u32,
    state: Option<CommandState>,
    pub(super) passcode_shown: bool,
}

impl FrontEnd {
    /// How far the last command has come.
    pub(super) fn state(&self) -> CommandState {
        self.state.unwrap_or(CommandState::None)
    }
}

impl Device {
    /// The Android Management API's command `RESET_PASSWORD`, for at most so many minutes.
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
        self.front_end.sent += 1;
        self.front_end.state = refused.or(Some(CommandState::Pending));
        if refused.is_none() {
            let number = self.front_end.sent;
            let password = password.clone();
            self.front_end.waiting = Some(Command { number, password, flags, lock_now });
            let minutes = minutes.unwrap_or(self.parameters.amapi_command_minutes);
            let expiry = AnyCall::Android(Call::CommandExpires { number });
            context.after(TimeDelta::minutes(minutes.into()), expiry);
            self.fetch_command();
        }
        Answer::Command(self.front_end.state())
    }

    /// The device talks to the service, if it can: a waiting command is carried out.
    pub(super) fn fetch_command(&mut self) {
        if self.front_end.offline || !self.owner_reachable() {
            return;
        }
        let Some(command) = self.front_end.waiting.take() else { return };
        let caller = self.owning_caller();
        let token = TokenBytes::default();
        let answer =
            self.reset_password_with_token(caller, &command.password, Some(&token), command.flags);
        let done = answer == Ok(true);
        if done && command.lock_now {
            self.lock_now(caller, false).ok();
        }
        let state = if done { CommandState::Done } else { CommandState::Failed };
        self.front_end.state = Some(state);
    }

    /// The time of a command is over.
    pub(super) fn command_expires(&mut self, number: u32) {
        if self.front_end.waiting.as_ref().is_some_and(|waiting| waiting.number == number) {
            self.front_end.waiting = None;
            self.front_end.state = Some(CommandState::Expired);
        }
    }

    fn owning_caller(&self) -> Caller {
        let profile = self.admins.iter().any(|admin| admin.kind == AdminKind::ProfileOwner);
        Caller::new(if profile { Who::ProfileOwner } else { Who::DeviceOwner })
    }

    /// Whether the owner's app runs and has its token at hand.
    fn owner_reachable(&self) -> bool {
        self.obstacle(self.owning_caller(), true).is_none()
    }

    /// Intune's action *Reset passcode*: a new passcode, made up by the service.
    pub(super) fn intune_reset(&mut self, context: &mut Context<'_>) -> Answer {
        let caller = self.owning_caller();
        let state = self.intune_outcome(caller, context.chance);
        self.front_end.state = Some(state);
        if state == CommandState::Done {
            self.front_end.passcode_shown = true;
            let days = TimeDelta::days(self.parameters.intune_passcode_days.into());
            context.after(days, AnyCall::Android(Call::PasscodeNoLongerShown));
        }
        Answer::Command(state)
    }

    fn intune_outcome(&mut self, caller: Caller, chance: &mut Chance) -> CommandState {
        let Some(admin) = self.admin(caller) else { return CommandState::NotSupported };
        let (id, required) = (admin.user, admin.policy.requires_lock());
        if self.api < 26 {
            return CommandState::NotSupported;
        }
        if !required {
            return CommandState::Failed;
        }
        if !self.user(id).is_some_and(super::User::has_active_token) {
            return CommandState::NotSupported;
        }
        if self.front_end.offline || !self.owner_reachable() {
            return CommandState::Failed;
        }
        let Some(password) = self.make_up_passcode(id, chance) else {
            return CommandState::Failed;
        };
        let token = TokenBytes::default();
        let answer =
            self.reset_password_with_token(caller, &password, Some(&token), Flags::default());
        if answer != Ok(true) {
            return CommandState::Failed;
        }
        self.generated(id, password);
        CommandState::Done
    }

    /// A passcode that every policy in force accepts: the shortest mix of four classes that does.
    fn make_up_passcode(&self, id: UserId, chance: &mut Chance) -> Option<Secret> {
        const CLASSES: [&[u8]; 4] =
            [b"abcdefghijkmnopqrstuvwxyz", b"23456789", b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"!#%+:=?@"];
        let policies = self.policies_for(id);
        let demanded = policies.iter().map(|policy| policy.minima.get(Minimum::Length)).max();
        let mut text = String::new();
        let shortest = usize::from(demanded.unwrap_or(0).max(8));
        // No policy asks for more than four minima of 255 each.
        for place in 0..1024 {
            let class = CLASSES[place % CLASSES.len()];
            let bound = u32::try_from(class.len()).unwrap_or(1);
            text.push(char::from(class[usize::try_from(chance.below(bound)).unwrap_or(0)]));
            let secret = Secret::new(&text);
            let long_enough = text.len() >= shortest;
            if long_enough && allows_reset(self.api, &self.parameters, &policies, &secret) {
                return Some(secret);
            }
        }
        None
    }
}

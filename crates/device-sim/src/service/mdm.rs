//! The MDM server of Apple devices: commands that carry out actions, and actions that answers end.
//!
//! Such a command waits in the queue of the MDM server, so the device gets it in any exchange, and
//! its answer is the result of the oldest open action of its type.

use chrono::{DateTime, Utc};

use super::action::{ActionResult, ActionState, Mechanism, RemoteAction};
use super::action_log::ActionLog;
use crate::apple::{self, Call, CommandState};
use crate::device::Device;

/// Returns the order for the command that carries out an action, with or without a push.
pub(super) fn command(action: RemoteAction, push: bool) -> Option<Call> {
    let name = match action {
        RemoteAction::ResetPasscode => {
            return Some(Call::ClearPasscode { token: apple::TokenChoice::Held, push });
        }
        RemoteAction::EnableLostMode => "EnableLostMode",
        RemoteAction::DisableLostMode => "DisableLostMode",
        _ => return None,
    };
    Some(Call::SendCommand { command: apple::CommandRequest::new(name), again: None, push })
}

/// Returns the mechanism of an action on an Apple device.
pub(super) fn mechanism(action: RemoteAction) -> Mechanism {
    match action {
        RemoteAction::ResetPasscode => Mechanism::ClearPasscode,
        _ => Mechanism::None,
    }
}

/// The numbers of commands that an Apple device has not answered.
pub(super) struct OpenCommands {
    clears: usize,
    lost_modes: usize,
}

impl OpenCommands {
    /// Counts the commands of a device.
    pub(super) fn of(device: &Device) -> Self {
        match device {
            Device::Apple(device) => {
                let server = device.server();
                Self {
                    clears: server.clears_that_wait(),
                    lost_modes: server.lost_modes_that_wait(),
                }
            }
            Device::Android(_) => Self { clears: 0, lost_modes: 0 },
        }
    }

    /// Ends the actions whose commands the device has answered since, the oldest first.
    pub(super) fn end_answered(self, device: &Device, log: &mut ActionLog, now: DateTime<Utc>) {
        let Device::Apple(device) = device else { return };
        let server = device.server();
        let mut end = |answered, command, which: fn(&ActionResult) -> bool| {
            let state = match command {
                CommandState::Done => ActionState::Done,
                CommandState::Failed => ActionState::Failed,
                CommandState::None | CommandState::Pending => ActionState::Canceled,
            };
            let failed = state == ActionState::Failed;
            let code = if failed { server.last_error.0 } else { 0 };
            log.end_oldest(answered, (state, code), now, which);
        };
        let clears = self.clears.saturating_sub(server.clears_that_wait());
        end(clears, server.clear, |open| open.mechanism == Mechanism::ClearPasscode);
        let lost_modes = self.lost_modes.saturating_sub(server.lost_modes_that_wait());
        end(lost_modes, server.lost_mode, |open| open.action.is_about_lost_mode());
    }
}

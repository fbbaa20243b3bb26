//! The service's app on an Android device: it provisions the reset token, and resets.
//!
//! The platform lets a device or profile owner reset by a token from Android 8.0 on, and by
//! `resetPassword` before; a mere device admin has only the latter. When the app does what is told
//! by the page that this project implements (after enrolment, where a passcode is required) and by
//! the platform's sources: a token that was pending at a restart is gone, so a new one is
//! provisioned.
//!
//! Sources: `intune/device-passcode-reset.md` at 165945717 and
//! `intune/remote-actions/troubleshoot-device-actions.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>; `intune/device-management/actions/reset-passcode.md`
//! at 3bd1a1a in <https://github.com/MicrosoftDocs/memdocs>; `DevicePolicyManager.java` at API levels
//! 24 to 26 in <https://github.com/AndroidSDKSources>.

use super::action::{ActionState, Mechanism, RemoteAction};
use super::managed::Managed;
use super::parameters::Parameters;
use super::passcode::make_up;
use crate::android::{AdminKind, Agent, Call, Caller, Device, Flags, TokenState, UserId};
use crate::machine::{Call as AnyCall, Context, Machine};
use crate::model::Viewer;
use crate::model::{Secret, TokenBytes};

/// What came of a try to reset.
pub(super) struct Tried {
    pub(super) state: ActionState,
    pub(super) mechanism: Mechanism,
    pub(super) of_work_profile: bool,
    pub(super) passcode: Option<Secret>,
}

/// Resets the passcode, to the given one if the order is an old one.
pub(super) fn reset(
    device: &mut Device,
    parameters: Parameters,
    ordered: Option<Secret>,
    context: &mut Context<'_>,
) -> Tried {
    let mut tried = Tried {
        state: ActionState::NotSupported,
        mechanism: Mechanism::None,
        of_work_profile: false,
        passcode: None,
    };
    let Some(agent) = device.agent() else { return tried };
    tried.of_work_profile = agent.user == UserId::Work;
    match mechanism(device, agent, parameters) {
        Ok(mechanism) => tried.mechanism = mechanism,
        Err(state) => {
            tried.state = state;
            return tried;
        }
    }
    tried.state = ActionState::Failed;
    let Some(password) = ordered.or_else(|| make_up(device, agent.user, context.rng)) else {
        return tried;
    };
    let (by, flags) = (agent.caller, Flags::default());
    let call = match tried.mechanism {
        Mechanism::ResetPasswordWithToken => Call::ResetPasswordWithToken {
            by,
            password: password.clone(),
            token: Some(TokenBytes::default()),
            flags,
        },
        _ => Call::ResetPassword { by, password: password.clone(), flags },
    };
    if context.within(AnyCall::Android, |context| device.answer(&call, context)).is_true() {
        tried.state = ActionState::Done;
        device.hand_out(agent.user, password.clone());
        tried.passcode = Some(password);
    }
    tried
}

/// By which call the app resets, or why it does not try.
fn mechanism(
    device: &Device,
    agent: Agent,
    parameters: Parameters,
) -> Result<Mechanism, ActionState> {
    if agent.is_owner && device.api() >= 26 {
        if !device.agent_demands_lock() {
            return Err(match parameters.unrequired_fails {
                true => ActionState::Failed,
                false => ActionState::NotSupported,
            });
        }
        let armed = device.user(agent.user).is_some_and(crate::android::User::has_active_token);
        return match armed {
            true => Ok(Mechanism::ResetPasswordWithToken),
            false => Err(ActionState::NotSupported),
        };
    }
    if agent.user == UserId::Work && !parameters.legacy_reset_in_profiles {
        return Err(ActionState::NotSupported);
    }
    Ok(Mechanism::ResetPassword)
}

/// How a device parts from its management.
pub(super) fn parting(device: &Device, action: RemoteAction) -> Call {
    let agent = device.agent();
    match agent.map(|agent| (agent.caller.who, agent.user)) {
        Some((_, UserId::Work)) => Call::RemoveWorkProfile,
        Some((who, UserId::Device))
            if action != RemoteAction::Wipe && who.admin() != Some(AdminKind::DeviceOwner) =>
        {
            Call::RemoveOwner { by: Caller::new(who) }
        }
        _ => Call::FactoryReset,
    }
}

impl Managed {
    /// Lets the app look after its reset token, if it can run.
    pub(super) fn agent_looks(&mut self, context: &mut Context<'_>) {
        let Machine::Android(device) = &mut self.device else { return };
        if self.account.agent_rests {
            return;
        }
        let Some(agent) = device.agent().filter(|agent| agent.is_owner) else { return };
        let wanted =
            device.agent_demands_lock() || self.account.rules.parameters.unrequired_provisions;
        let state = device.user(agent.user).map(crate::android::User::token_state);
        let lacking = matches!(state, Some(TokenState::Absent | TokenState::Lost));
        if device.api() < 26 || !wanted || !lacking || !device.agent_can_run() {
            return;
        }
        let call =
            Call::SetResetPasswordToken { by: agent.caller, token: Some(TokenBytes::default()) };
        match context.within(AnyCall::Android, |context| device.answer(&call, context)).is_true() {
            true => context.note(Viewer::System, "the agent has provisioned a reset token"),
            false => self.account.agent_rests = true,
        }
    }
}

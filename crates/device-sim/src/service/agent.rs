//! The service's app on an Android device: it provisions the reset token, and resets.
//!
//! The platform lets a device or profile owner reset by a token from Android 8.0 on, and by
//! `resetPassword` before; a mere device admin has only the latter. The page that this
//! project implements says when the app provisions a token (after enrolment, where a passcode is
//! required), and so do the platform's sources: a token that was pending at a restart is gone, so a
//! new one is provisioned.
//!
//! Sources: `intune/device-passcode-reset.md` at 165945717 and
//! `intune/remote-actions/troubleshoot-device-actions.md` in
//! <https://github.com/MicrosoftDocs/IntuneDocs>;
//! `intune/device-management/actions/reset-passcode.md` at 3bd1a1a in
//! <https://github.com/MicrosoftDocs/memdocs>; `DevicePolicyManager.java` at API levels 24 to 26 in
//! <https://github.com/AndroidSDKSources>.

use super::action::{ActionResult, ActionState, Mechanism, RemoteAction};
use super::parameters::Parameters;
use super::passcode::make_up;
use crate::android::{self, AdminKind, Call, Caller, Device, Flags, TokenState, User, UserId};
use crate::model::{Context, Secret, TokenBytes, Viewer};

/// The result of an attempt to reset.
struct Attempt {
    state: ActionState,
    mechanism: Mechanism,
    of_work_profile: bool,
    passcode: Option<Secret>,
}

/// Resets the passcode, to the given one if the order is an old one.
fn reset(
    device: &mut Device,
    parameters: Parameters,
    ordered: Option<Secret>,
    context: &mut Context<'_, Call>,
) -> Attempt {
    let mut attempt = Attempt {
        state: ActionState::NotSupported,
        mechanism: Mechanism::None,
        of_work_profile: false,
        passcode: None,
    };
    let Some(agent) = device.agent() else { return attempt };
    attempt.of_work_profile = agent.user == UserId::Work;
    match mechanism(device, agent, parameters) {
        Ok(mechanism) => attempt.mechanism = mechanism,
        Err(state) => {
            attempt.state = state;
            return attempt;
        }
    }
    attempt.state = ActionState::Failed;
    let Some(password) = ordered.or_else(|| make_up(device, agent.user, context.rng)) else {
        return attempt;
    };
    let (by, flags) = (agent.caller, Flags::default());
    let call = match attempt.mechanism {
        Mechanism::ResetPasswordWithToken => Call::ResetPasswordWithToken {
            by,
            password: password.clone(),
            token: Some(TokenBytes::default()),
            flags,
        },
        _ => Call::ResetPassword { by, password: password.clone(), flags },
    };
    if device.answer(&call, context).is_true() {
        attempt.state = ActionState::Done;
        device.hand_out(agent.user, password.clone());
        attempt.passcode = Some(password);
    }
    attempt
}

/// Carries out an action that resets; returns the state that the app reports.
pub(super) fn carry_out(
    result: &mut ActionResult,
    device: &mut Device,
    parameters: Parameters,
    context: &mut Context<'_, Call>,
) -> ActionState {
    result.state = ActionState::Active;
    result.updated = context.now;
    // A delivery that is repeated orders the same passcode again.
    let attempt = reset(device, parameters, result.ordered.take(), context);
    result.mechanism = attempt.mechanism;
    result.of_work_profile = attempt.of_work_profile;
    result.ordered = attempt.passcode;
    attempt.state
}

/// Carries out the last reset once more, unless the app remembers it.
pub(super) fn repeat(
    passcode: Secret,
    device: &mut Device,
    parameters: Parameters,
    context: &mut Context<'_, Call>,
) {
    if parameters.agent_remembers {
        context.note(Viewer::System, "an action that was carried out arrives again");
    } else {
        reset(device, parameters, Some(passcode), context);
    }
}

/// Returns the call by which the app resets, or the state in which the action ends without one.
fn mechanism(
    device: &Device,
    agent: android::Agent,
    parameters: Parameters,
) -> Result<Mechanism, ActionState> {
    if agent.is_owner && device.api() >= 26 {
        if !device.agent_demands_lock() {
            return Err(match parameters.unrequired_fails {
                true => ActionState::Failed,
                false => ActionState::NotSupported,
            });
        }
        let armed = device.user(agent.user).is_some_and(User::has_active_token);
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

/// Returns the call that unenrols a device.
pub(super) fn unenrolment(device: &Device, action: RemoteAction) -> Call {
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

/// The app's own state between two calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Agent {
    /// It does not provision a token before its next check-in.
    rests: bool,
}

impl Agent {
    /// Returns the app of a device that it has, or has not, looked after since the last check-in.
    pub(super) fn new(rests: bool) -> Self {
        Self { rests }
    }

    /// Wakes the app at a check-in.
    pub(super) fn wake(&mut self) {
        self.rests = false;
    }

    /// Provisions a reset token where there is none, if the app can run and a policy requires one.
    pub(super) fn provision_token(
        &mut self,
        device: &mut Device,
        parameters: Parameters,
        context: &mut Context<'_, Call>,
    ) {
        if self.rests {
            return;
        }
        let Some(owner) = device.agent().filter(|agent| agent.is_owner) else { return };
        let wanted = device.agent_demands_lock() || parameters.unrequired_provisions;
        let state = device.user(owner.user).map(User::token_state);
        let lacking = matches!(state, Some(TokenState::Absent | TokenState::Lost));
        if device.api() < 26 || !wanted || !lacking || !device.agent_can_run() {
            return;
        }
        let call =
            Call::SetResetPasswordToken { by: owner.caller, token: Some(TokenBytes::default()) };
        match device.answer(&call, context).is_true() {
            true => context.note(Viewer::System, "the agent has provisioned a reset token"),
            // A refusal stays the same until something changes: no second try in between.
            false => self.rests = true,
        }
    }
}

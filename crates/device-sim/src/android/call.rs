//! Everything that can be done to an Android device.

use super::Context;
use super::answer::{Answer, Exception, Obstacle, ReturnWord};
use super::policy::{Complexity, Minimum, PasswordPolicy, Quality};
use super::secret::{Lock, Secret, TokenBytes};
use super::user::{Run, UserId};
use super::{Caller, Device, Flags, TokenStorage, Who};
use crate::model::{Value, Viewer};

/// With what a person identifies themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Factor {
    /// What they know: PIN, pattern or password.
    Known(Secret),
    /// A fingerprint or face.
    Biometric,
    /// The passcode that a service has made up and shown to the administrator.
    Generated,
}

/// Something that is done to a device; each is a verb of the scenario language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "fields say what they are by their names and types")]
pub enum Call {
    /// `setResetPasswordToken`; no token is null.
    SetResetPasswordToken { by: Caller, token: Option<TokenBytes> },
    /// `isResetPasswordTokenActive`.
    IsResetPasswordTokenActive { by: Caller },
    /// `clearResetPasswordToken`.
    ClearResetPasswordToken { by: Caller },
    /// `resetPasswordWithToken`; a null password is an empty one.
    ResetPasswordWithToken { by: Caller, password: Secret, token: Option<TokenBytes>, flags: Flags },
    /// `resetPassword`.
    ResetPassword { by: Caller, password: Secret, flags: Flags },
    /// `lockNow`.
    LockNow { by: Caller, evict_key: bool },
    /// `isActivePasswordSufficient`.
    IsActivePasswordSufficient { by: Caller },
    /// `getPasswordComplexity`.
    GetPasswordComplexity { by: Caller },
    /// `isUsingUnifiedPassword`.
    IsUsingUnifiedPassword { by: Caller },
    /// `setPasswordQuality`.
    SetPasswordQuality { by: Caller, quality: Quality },
    /// `setPasswordMinimumLength` and its kin.
    SetPasswordMinimum { by: Caller, which: Minimum, value: u8 },
    /// `setRequiredPasswordComplexity`.
    SetRequiredPasswordComplexity { by: Caller, complexity: Complexity },
    /// A management service installs a whole password policy.
    InstallPolicy { by: Caller, policy: PasswordPolicy },
    /// The lock service's own `addEscrowToken`, below the policy service.
    AddEscrowToken { user: UserId, token: TokenBytes },
    /// `createConfirmDeviceCredentialIntent`.
    CreateConfirmCredentialIntent { user: UserId },
    /// The confirm screen.
    ConfirmCredential { user: UserId, with: Factor },
    /// The lock screen.
    Unlock { user: UserId, with: Factor },
    /// The screen goes off.
    ScreenOff,
    /// Settings: a new lock.
    UserSetsLock { user: UserId, lock: Lock },
    /// Settings: no lock.
    UserRemovesLock { user: UserId },
    /// Settings: a fingerprint.
    UserEnrolsBiometrics { user: UserId },
    /// Settings: one lock for device and profile.
    UserUnifiesChallenge,
    /// The work profile is turned off or on.
    QuietMode { on: bool },
    /// The button on the prompt for the work lock.
    PressForgotPassword,
    /// The device restarts.
    Reboot,
    /// The set-up wizard ends.
    FinishSetup,
    /// An app becomes device owner on a device in use.
    MakeDeviceOwner,
    /// A work profile is enrolled.
    CreateWorkProfile,
    /// The work profile is removed.
    RemoveWorkProfile,
    /// An admin gives up its role.
    RemoveOwner { by: Who },
    /// An owner hands over its role.
    TransferOwnership { by: Who },
    /// Everything is erased.
    FactoryReset,
    /// The network goes.
    GoOffline,
    /// The network comes back.
    GoOnline,
    /// The Android Management API's `RESET_PASSWORD`.
    AmapiResetPassword { password: Secret, flags: Flags, lock_now: bool, minutes: Option<u32> },
    /// Time: a lock-out is over.
    LockoutEnds { user: UserId },
    /// Time: a command has waited long enough.
    CommandExpires { number: u32 },
}

impl Call {
    /// What it is called in scenarios and traces.
    pub const fn verb(&self) -> &'static str {
        match self {
            Self::SetResetPasswordToken { .. } => "set-reset-password-token",
            Self::IsResetPasswordTokenActive { .. } => "is-reset-password-token-active",
            Self::ClearResetPasswordToken { .. } => "clear-reset-password-token",
            Self::ResetPasswordWithToken { .. } => "reset-password-with-token",
            Self::ResetPassword { .. } => "reset-password",
            Self::LockNow { .. } => "lock-now",
            Self::IsActivePasswordSufficient { .. } => "is-active-password-sufficient",
            Self::GetPasswordComplexity { .. } => "get-password-complexity",
            Self::IsUsingUnifiedPassword { .. } => "is-using-unified-password",
            Self::SetPasswordQuality { .. } => "set-password-quality",
            Self::SetPasswordMinimum { .. } => "set-password-minimum",
            Self::SetRequiredPasswordComplexity { .. } => "set-required-password-complexity",
            Self::InstallPolicy { .. } => "install-policy",
            Self::AddEscrowToken { .. } => "add-escrow-token",
            Self::CreateConfirmCredentialIntent { .. } => "create-confirm-credential-intent",
            Self::ConfirmCredential { .. } => "confirm-credential",
            Self::Unlock { .. } => "unlock",
            Self::ScreenOff => "screen-off",
            Self::UserSetsLock { .. } => "user-sets-lock",
            Self::UserRemovesLock { .. } => "user-removes-lock",
            Self::UserEnrolsBiometrics { .. } => "user-enrols-biometrics",
            Self::UserUnifiesChallenge => "user-unifies-challenge",
            Self::QuietMode { .. } => "quiet-mode",
            Self::PressForgotPassword => "press-forgot-password",
            Self::Reboot => "reboot",
            Self::FinishSetup => "finish-setup",
            Self::MakeDeviceOwner => "make-device-owner",
            Self::CreateWorkProfile => "create-work-profile",
            Self::RemoveWorkProfile => "remove-work-profile",
            Self::RemoveOwner { .. } => "remove-owner",
            Self::TransferOwnership { .. } => "transfer-ownership",
            Self::FactoryReset => "factory-reset",
            Self::GoOffline => "go-offline",
            Self::GoOnline => "go-online",
            Self::AmapiResetPassword { .. } => "amapi-reset-password",
            Self::LockoutEnds { .. } => "lockout-ends",
            Self::CommandExpires { .. } => "command-expires",
        }
    }

    /// The verbs that a scenario can use; the others are the work of time.
    pub const VERBS: &'static [&'static str] = &[
        "set-reset-password-token",
        "is-reset-password-token-active",
        "clear-reset-password-token",
        "reset-password-with-token",
        "reset-password",
        "lock-now",
        "is-active-password-sufficient",
        "get-password-complexity",
        "is-using-unified-password",
        "set-password-quality",
        "set-password-minimum",
        "set-required-password-complexity",
        "install-policy",
        "add-escrow-token",
        "create-confirm-credential-intent",
        "confirm-credential",
        "unlock",
        "screen-off",
        "user-sets-lock",
        "user-removes-lock",
        "user-enrols-biometrics",
        "user-unifies-challenge",
        "quiet-mode",
        "press-forgot-password",
        "reboot",
        "finish-setup",
        "make-device-owner",
        "create-work-profile",
        "remove-work-profile",
        "remove-owner",
        "transfer-ownership",
        "factory-reset",
        "go-offline",
        "go-online",
        "amapi-reset-password",
    ];

    /// Who does it.
    pub const fn actor(&self) -> Viewer {
        match self {
            Self::CreateConfirmCredentialIntent { .. }
            | Self::ConfirmCredential { .. }
            | Self::Unlock { .. }
            | Self::ScreenOff
            | Self::UserSetsLock { .. }
            | Self::UserRemovesLock { .. }
            | Self::UserEnrolsBiometrics { .. }
            | Self::UserUnifiesChallenge
            | Self::QuietMode { .. }
            | Self::PressForgotPassword
            | Self::FinishSetup
            | Self::CreateWorkProfile
            | Self::RemoveWorkProfile => Viewer::User,
            Self::Reboot
            | Self::AddEscrowToken { .. }
            | Self::FactoryReset
            | Self::GoOffline
            | Self::GoOnline
            | Self::LockoutEnds { .. }
            | Self::CommandExpires { .. } => Viewer::System,
            _ => Viewer::Admin,
        }
    }

    /// The caller and whether it needs its token, for calls of admins' apps.
    const fn app(&self) -> Option<(Caller, bool)> {
        match self {
            Self::SetResetPasswordToken { by, .. }
            | Self::IsResetPasswordTokenActive { by }
            | Self::ClearResetPasswordToken { by }
            | Self::ResetPassword { by, .. }
            | Self::LockNow { by, .. }
            | Self::IsActivePasswordSufficient { by }
            | Self::GetPasswordComplexity { by }
            | Self::IsUsingUnifiedPassword { by }
            | Self::SetPasswordQuality { by, .. }
            | Self::SetPasswordMinimum { by, .. }
            | Self::SetRequiredPasswordComplexity { by, .. }
            | Self::InstallPolicy { by, .. } => Some((*by, false)),
            Self::ResetPasswordWithToken { by, .. } => Some((*by, true)),
            _ => None,
        }
    }
}

fn nothing<E>(result: Result<(), E>) -> Result<Value, E> {
    result.map(|()| Value::Word(ReturnWord::Nothing.word()))
}

impl Device {
    /// Why a caller's app cannot make a call at all, if it cannot.
    pub(super) fn obstacle(&self, caller: Caller, needs_token: bool) -> Option<Obstacle> {
        caller.who.admin()?;
        let Some(admin) = self.admin(caller) else { return Some(Obstacle::NoSuchAdmin) };
        match self.user(admin.user)?.run {
            Run::Stopped => Some(Obstacle::ProfileOff),
            Run::Locked if !admin.direct_boot_aware => Some(Obstacle::NotDirectBootAware),
            Run::Locked
                if needs_token && admin.token_storage == TokenStorage::CredentialProtected =>
            {
                Some(Obstacle::TokenOutOfReach)
            }
            _ => None,
        }
    }

    /// Does something to the device. What it answers, throws or shows is the result; nothing
    /// but the device, the call and the context decides it.
    pub fn answer(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
        if let Some((caller, needs_token)) = call.app() {
            return match self.obstacle(caller, needs_token) {
                Some(obstacle) => Answer::NotIssued(obstacle),
                None => self.answer_app(call),
            };
        }
        let answer = self.answer_person(call, context);
        self.fetch_command();
        answer
    }

    fn answer_app(&mut self, call: &Call) -> Answer {
        match call {
            Call::SetResetPasswordToken { by, token } => {
                self.set_reset_password_token(*by, token.as_ref()).into()
            }
            Call::IsResetPasswordTokenActive { by } => {
                self.is_reset_password_token_active(*by).into()
            }
            Call::ClearResetPasswordToken { by } => self.clear_reset_password_token(*by).into(),
            Call::ResetPasswordWithToken { by, password, token, flags } => {
                self.reset_password_with_token(*by, password, token.as_ref(), *flags).into()
            }
            Call::ResetPassword { by, password, flags } => {
                self.reset_password(*by, password, *flags).into()
            }
            Call::LockNow { by, evict_key } => nothing(self.lock_now(*by, *evict_key)).into(),
            Call::IsActivePasswordSufficient { by } => self.is_password_sufficient(*by).into(),
            Call::GetPasswordComplexity { by } => {
                self.password_complexity(*by).map(|band| Value::Word(band.word())).into()
            }
            Call::IsUsingUnifiedPassword { by } => self.is_using_unified_password(*by).into(),
            Call::SetPasswordQuality { by, quality } => {
                nothing(self.set_password_quality(*by, *quality)).into()
            }
            Call::SetPasswordMinimum { by, which, value } => {
                nothing(self.set_password_minimum(*by, *which, *value)).into()
            }
            Call::SetRequiredPasswordComplexity { by, complexity } => {
                nothing(self.set_required_complexity(*by, *complexity)).into()
            }
            Call::InstallPolicy { by, policy } => nothing(self.install_policy(*by, *policy)).into(),
            _ => Answer::NotIssued(Obstacle::NoSuchFunction),
        }
    }

    fn answer_person(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
        match call {
            Call::AddEscrowToken { user, token } => self.add_below(*user, token),
            Call::CreateConfirmCredentialIntent { user } => self.confirm_intent(*user),
            Call::ConfirmCredential { user, with } => self.enter(*user, with, false, context),
            Call::Unlock { user, with } => self.enter(*user, with, true, context),
            Call::UserSetsLock { user, lock } => self.user_sets_lock(*user, lock),
            Call::UserRemovesLock { user } => self.user_removes_lock(*user),
            Call::UserUnifiesChallenge => self.user_unifies(),
            Call::QuietMode { on } => self.quiet_mode(*on),
            Call::PressForgotPassword => self.press_forgot_password(),
            Call::MakeDeviceOwner => self.make_device_owner(),
            Call::CreateWorkProfile => self.create_work_profile(),
            Call::RemoveWorkProfile => self.remove_work_profile(),
            Call::RemoveOwner { by } => self.remove_owner(*by),
            Call::TransferOwnership { by } => self.transfer_ownership(*by),
            Call::AmapiResetPassword { password, flags, lock_now, minutes } => {
                self.amapi_reset(password, *flags, *lock_now, *minutes, context)
            }
            other => {
                self.happen(other);
                Answer::Happened
            }
        }
    }

    /// What happens without an answer.
    fn happen(&mut self, call: &Call) {
        match call {
            Call::ScreenOff => self.lock_screens(),
            Call::UserEnrolsBiometrics { user } => {
                let user = self.users_mut(*user);
                user.biometrics = user.is_secure();
            }
            Call::Reboot => self.reboot(),
            Call::FinishSetup => self.provisioned = true,
            Call::FactoryReset => self.factory_reset(),
            Call::GoOffline => self.front_end.offline = true,
            Call::GoOnline => self.front_end.offline = false,
            Call::LockoutEnds { user } => self.users_mut(*user).locked_out = false,
            Call::CommandExpires { number } => self.command_expires(*number),
            _ => {}
        }
    }

    /// `addEscrowToken` of the lock service, which keeps several tokens of a user.
    fn add_below(&mut self, user: UserId, token: &TokenBytes) -> Answer {
        if self.api < 26 {
            let thrown = Exception::NoSuchMethod.because("the call came with API level 26");
            return Answer::Threw(thrown);
        }
        self.add_escrow_token(user, token).map(|_| true).into()
    }
}

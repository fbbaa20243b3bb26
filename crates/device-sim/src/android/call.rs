//! Everything that can be done to an Android device.

use super::Context;
use super::answer::{Answer, Exception, Obstacle, ReturnWord};
use super::limits::{Limit, UserRestriction};
use super::policy::{Complexity, Minimum, PasswordPolicy, Quality};
use super::secret::{Lock, Secret, TokenBytes};
use super::user::{Run, UserId};
use super::{Caller, Device, Flags, Setup, TokenStorage, Who};
use crate::model::Value;
use crate::model::verbs::{defaulted, optional, required, verbs};

/// With what a person identifies themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Factor {
    /// Their credential: PIN, pattern or password.
    Known(Secret),
    /// A fingerprint or face.
    Biometric,
    /// The passcode that a service has made up and shown to the administrator.
    Generated,
}

verbs! {
    /// Something that is done to a device; each is a verb of the scenario language.
    pub enum Call for Setup, versions "API level";

    by Admin, source "https://developer.android.com/reference/android/app/admin/DevicePolicyManager" {
        /// `setResetPasswordToken`: an owner arms the token with which it can later set a password.
        "set-reset-password-token" since 26 => SetResetPasswordToken {
            by: Caller,
            token: Option<TokenBytes>,
        },
        /// `isResetPasswordTokenActive`.
        "is-reset-password-token-active" since 26 => IsResetPasswordTokenActive { by: Caller },
        /// `clearResetPasswordToken`.
        "clear-reset-password-token" since 26 => ClearResetPasswordToken { by: Caller },
        /// `resetPasswordWithToken`; a null password is an empty one.
        "reset-password-with-token" since 26 => ResetPasswordWithToken {
            by: Caller,
            password: Secret,
            token: Option<TokenBytes>,
            flags: Flags,
        },
        /// `resetPassword`, the call without a token; a null password is an empty one.
        "reset-password" => ResetPassword { by: Caller, password: Secret, flags: Flags },
        /// `lockNow`.
        "lock-now" => LockNow {
            by: Caller,
            /// `FLAG_EVICT_CREDENTIAL_ENCRYPTION_KEY`, which came with API level 26.
            evict_key: bool = optional("evict-key", false),
        },
        /// `isActivePasswordSufficient`.
        "is-active-password-sufficient" => IsActivePasswordSufficient { by: Caller },
        /// `getPasswordComplexity`.
        "get-password-complexity" since 29 => GetPasswordComplexity { by: Caller },
        /// `isUsingUnifiedPassword`.
        "is-using-unified-password" since 28 => IsUsingUnifiedPassword { by: Caller },
        /// `setPasswordQuality`.
        "set-password-quality" => SetPasswordQuality {
            by: Caller,
            /// The quality constant.
            quality: Quality = defaulted("quality", Quality::Unspecified),
        },
        /// `setPasswordMinimumLength` and the six calls like it.
        "set-password-minimum" => SetPasswordMinimum {
            by: Caller,
            /// The kind of character that is counted.
            which: Minimum = defaulted("which", Minimum::Length),
            /// The least number of such characters.
            value: u8 = required("value"),
        },
        /// `setRequiredPasswordComplexity`.
        "set-required-password-complexity" since 31 => SetRequiredPasswordComplexity {
            by: Caller,
            /// The complexity band.
            complexity: Complexity = defaulted("complexity", Complexity::None),
        },
        /// `setRequiredStrongAuthTimeout`, which came with API level 26,
        /// `setMaximumFailedPasswordsForWipe`, `setPasswordHistoryLength` or
        /// `setPasswordExpirationTimeout`.
        "set-limit" => SetLimit {
            by: Caller,
            /// The limit.
            limit: Limit = required("limit"),
            /// The hours, the wrong or the former passwords, or the days; 0 is no limit.
            value: u8 = required("value"),
        },
        /// The getters of these limits: the caller's own.
        "get-limit" => GetLimit {
            by: Caller,
            /// The limit.
            limit: Limit = required("limit"),
        },
        /// `getPasswordMinimumLength` and the six calls like it: the caller's own minimum.
        "get-password-minimum" => GetPasswordMinimum {
            by: Caller,
            /// The kind of character that is counted.
            which: Minimum = defaulted("which", Minimum::Length),
        },
        /// `getPasswordQuality`: the caller's own.
        "get-password-quality" => GetPasswordQuality { by: Caller },
        /// `getRequiredPasswordComplexity`: the caller's own.
        "get-required-password-complexity" since 31 => GetRequiredPasswordComplexity { by: Caller },
        /// `addUserRestriction` of an owner, or with `state = false` `clearUserRestriction`.
        "set-user-restriction" since 28 => SetUserRestriction {
            by: Caller,
            /// The restriction.
            restriction: UserRestriction = required("restriction"),
            /// `true` adds it, `false` clears it.
            on: bool = optional("state", true),
        },
        /// A management service installs a whole password policy through its agent.
        "install-policy" => InstallPolicy {
            by: Caller,
            /// The policy, which replaces the caller's former one.
            policy: PasswordPolicy = required("policy"),
        },
    }

    by System, source "https://github.com/AndroidSDKSources" {
        /// The lock service's own `addEscrowToken`, below the policy service.
        "add-escrow-token" since 26 => AddEscrowToken { user: UserId, token: TokenBytes },
        /// The lock service's own `isEscrowTokenActive`.
        "is-escrow-token-active" since 26 => IsEscrowTokenActive { user: UserId, token: TokenBytes },
        /// The lock service's own `removeEscrowToken`.
        "remove-escrow-token" since 26 => RemoveEscrowToken { user: UserId, token: TokenBytes },
        /// The lock service's own `setLockCredentialWithToken`, which asks no policy.
        "set-credential-with-token" since 26 => SetCredentialWithToken {
            user: UserId,
            password: Secret,
            token: TokenBytes,
        },
    }

    by User, source "https://developer.android.com/reference/android/app/KeyguardManager" {
        /// `createConfirmDeviceCredentialIntent`: an app opens the confirm screen.
        "create-confirm-credential-intent" => CreateConfirmCredentialIntent { user: UserId },
        /// The user answers the confirm screen.
        "confirm-credential" => ConfirmCredential { user: UserId, with: Factor },
        /// The user opens the lock screen.
        "unlock" => Unlock { user: UserId, with: Factor },
        /// The screen goes off.
        "screen-off" => ScreenOff,
    }

    by User, source "https://github.com/aosp-mirror/platform_packages_apps_settings" {
        /// The user sets a new lock in Settings.
        "user-sets-lock" => UserSetsLock {
            user: UserId,
            /// The lock: digits are a PIN, `pattern:` and dots a pattern, all else a password.
            lock: Lock = required("lock"),
            /// The lock that the user types as the old one; without the key, the right one.
            old: Option<Lock> = optional("old-credential", None),
        },
        /// The user removes the lock in Settings.
        "user-removes-lock" => UserRemovesLock { user: UserId },
        /// The user enrols a fingerprint in Settings.
        "user-enrols-biometrics" => UserEnrolsBiometrics { user: UserId },
        /// The user chooses one lock for the device and the work profile in Settings.
        "user-unifies-challenge" => UserUnifiesChallenge,
        /// The user turns the work profile off or on.
        "quiet-mode" => QuietMode {
            /// `true` turns work off, `false` turns it on.
            on: bool = required("state"),
        },
        /// The user presses *Forgot my password* on the prompt for the work lock.
        "press-forgot-password" => PressForgotPassword,
    }

    by User, source "https://developer.android.com/work/dpc/build-dpc" {
        /// The set-up wizard ends.
        "finish-setup" => FinishSetup,
        /// The user enrols a work profile.
        "create-work-profile" => CreateWorkProfile,
        /// The user removes the work profile.
        "remove-work-profile" => RemoveWorkProfile,
    }

    by Admin, source "https://developer.android.com/work/dpc/build-dpc" {
        /// An app becomes device owner on a device in use.
        "make-device-owner" => MakeDeviceOwner,
        /// An admin gives up its role.
        "remove-owner" => RemoveOwner { by: Caller },
        /// An owner hands over its role.
        "transfer-ownership" since 28 => TransferOwnership { by: Caller },
    }

    by System, source none {
        /// The device restarts.
        "reboot" => Reboot,
        /// Everything on the device is erased.
        "factory-reset" => FactoryReset,
        /// The device loses its network.
        "go-offline" => GoOffline,
        /// The device has its network again.
        "go-online" => GoOnline,
    }

    by Admin, source "https://developers.google.com/android/management/reference/rest/v1/enterprises.devices/issueCommand" {
        /// A server of the Android Management API issues `RESET_PASSWORD`.
        "amapi-reset-password" => AmapiResetPassword {
            password: Secret,
            flags: Flags,
            /// `LOCK_NOW` among the flags of the command.
            lock_now: bool = optional("lock-now", false),
            /// The time after which the command expires.
            minutes: Option<u32> = optional("minutes", None).within(1, 525_600),
        },
    }

    time {
        /// A lock-out is over.
        System "lockout-ends" => LockoutEnds { user: UserId = required("user") },
        /// The hours are over for which a fingerprint does after the last PIN.
        System "strong-auth-times-out" => StrongAuthTimesOut { user: UserId = required("user") },
        /// The system looks whether a password expires.
        System "password-expiration-due" => PasswordExpirationDue {
            by: Who = required("by"),
            on_parent: bool = optional("on-parent", false),
        },
        /// A command has waited long enough.
        System "command-expires" => CommandExpires { number: u32 = required("number") },
    }
}

impl Call {
    /// Returns the caller and whether it needs its token, for calls of admins' apps.
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
            | Self::SetLimit { by, .. }
            | Self::GetLimit { by, .. }
            | Self::GetPasswordMinimum { by, .. }
            | Self::GetPasswordQuality { by }
            | Self::GetRequiredPasswordComplexity { by }
            | Self::SetUserRestriction { by, .. }
            | Self::InstallPolicy { by, .. } => Some((*by, false)),
            Self::ResetPasswordWithToken { by, .. } => Some((*by, true)),
            _ => None,
        }
    }
}

fn nothing<E>(result: Result<(), E>) -> Result<Value, E> {
    result.map(|()| Value::Word(ReturnWord::Nothing.as_str()))
}

impl Device {
    /// Returns the obstacle to a call of a caller's app, if there is one.
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
            if let Some(obstacle) = self.obstacle(caller, needs_token) {
                return Answer::NotIssued(obstacle);
            }
            let answer = self.missing(call).unwrap_or_else(|| self.answer_app(call, context));
            self.log(call, &answer);
            self.restart_expirations(context);
            return answer;
        }
        let answer = self.missing(call).unwrap_or_else(|| self.answer_person(call, context));
        self.log(call, &answer);
        self.fetch_command();
        self.restart_expirations(context);
        answer
    }

    /// Returns the answer to a call that the device's API level does not have yet.
    fn missing(&self, call: &Call) -> Option<Answer> {
        let (_, message) = call.since().filter(|(level, _)| self.api < *level)?;
        Some(Answer::Threw(Exception::NoSuchMethod.because(message)))
    }

    fn answer_app(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
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
                self.password_complexity(*by).map(|band| Value::Word(band.as_str())).into()
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
            _ => self.answer_about_limits(call, context),
        }
    }

    /// Returns the answers to calls about limits, and to getters.
    fn answer_about_limits(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
        match call {
            Call::SetLimit { by, limit, value } => {
                nothing(self.set_limit(*by, *limit, *value, context)).into()
            }
            Call::GetLimit { by, limit } => self.limit(*by, *limit).map(Value::Number).into(),
            Call::GetPasswordMinimum { by, which } => {
                self.own_minimum(*by, *which).map(Value::Number).into()
            }
            Call::GetPasswordQuality { by } => {
                self.own_quality(*by).map(|quality| Value::Word(quality.as_str())).into()
            }
            Call::GetRequiredPasswordComplexity { by } => {
                self.own_complexity(*by).map(|band| Value::Word(band.as_str())).into()
            }
            Call::SetUserRestriction { by, restriction, on } => {
                nothing(self.set_user_restriction(*by, *restriction, *on)).into()
            }
            _ => Answer::NotIssued(Obstacle::NoSuchFunction),
        }
    }

    fn answer_person(&mut self, call: &Call, context: &mut Context<'_>) -> Answer {
        match call {
            Call::AddEscrowToken { user, token } => {
                self.add_escrow_token(*user, token).map(|_| true).into()
            }
            Call::IsEscrowTokenActive { user, token } => {
                Answer::Returned(Value::Truth(self.is_escrow_token_active(*user, token)))
            }
            Call::RemoveEscrowToken { user, token } => {
                Answer::Returned(Value::Truth(self.remove_token_with(*user, token)))
            }
            Call::SetCredentialWithToken { user, password, token } => {
                self.set_credential_with_token(*user, password, token).into()
            }
            Call::CreateConfirmCredentialIntent { user } => self.confirm_intent(*user),
            Call::ConfirmCredential { user, with } => self.enter(*user, with, false, context),
            Call::Unlock { user, with } => self.enter(*user, with, true, context),
            Call::UserSetsLock { user, lock, old } => {
                self.user_sets_lock(*user, lock, old.as_ref(), context)
            }
            Call::UserRemovesLock { user } => self.user_removes_lock(*user, context),
            Call::UserUnifiesChallenge => self.user_unifies(context),
            Call::QuietMode { on } => self.quiet_mode(*on, context),
            Call::PressForgotPassword => self.press_forgot_password(),
            Call::MakeDeviceOwner => self.make_device_owner(),
            Call::CreateWorkProfile => self.create_work_profile(),
            Call::RemoveWorkProfile => self.remove_work_profile(),
            Call::RemoveOwner { by } => self.remove_owner(by.who),
            Call::TransferOwnership { by } => self.transfer_ownership(by.who),
            Call::AmapiResetPassword { password, flags, lock_now, minutes } => {
                self.amapi_reset(password, *flags, *lock_now, *minutes, context)
            }
            other => {
                self.happen(other, context);
                Answer::Happened
            }
        }
    }

    /// The consequence of no answer.
    fn happen(&mut self, call: &Call, context: &mut Context<'_>) {
        match call {
            Call::ScreenOff => self.lock_screens(),
            Call::UserEnrolsBiometrics { user } => {
                let user = self.users_mut(*user);
                user.biometrics = user.is_secure();
            }
            Call::Reboot => self.reboot(context),
            Call::FinishSetup => self.provisioned = true,
            Call::FactoryReset => self.factory_reset(),
            Call::GoOffline => self.amapi.offline = true,
            Call::GoOnline => self.amapi.offline = false,
            Call::LockoutEnds { user } => self.lockout_ends(*user, context.now),
            Call::StrongAuthTimesOut { user } => self.strong_auth_times_out(*user, context),
            Call::PasswordExpirationDue { by, on_parent } => {
                self.expiration_due(Caller { who: *by, on_parent: *on_parent }, context);
            }
            Call::CommandExpires { number } => self.command_expires(*number),
            _ => {}
        }
    }
}

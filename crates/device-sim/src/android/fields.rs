//! The arguments of a call, once for traces (without secrets) and once for scenario files.

use super::call::{Call, Factor};
use super::policy::{Minima, Minimum, PasswordPolicy};
use super::secret::{Secret, TokenBytes};
use super::{Caller, Complexity, Flags, Quality, Who};
use crate::model::Value;
use crate::model::quote;

/// An argument as it is.
enum Field<'a> {
    Word(&'static str),
    Truth(bool),
    Number(u32),
    Secret(&'a Secret),
    Lock(&'a super::Lock),
    Token(Option<&'a TokenBytes>),
    Policy(&'a PasswordPolicy),
}

type Fields<'a> = Vec<(&'static str, Field<'a>)>;

impl Field<'_> {
    fn shown(&self) -> Value {
        match self {
            Self::Word(word) => Value::Word(word),
            Self::Truth(truth) => Value::Truth(*truth),
            Self::Number(number) => Value::Number((*number).into()),
            Self::Secret(secret) => Value::Text(secret.shape()),
            Self::Lock(lock) => Value::Word(lock.kind().word()),
            Self::Token(None) => Value::Word("null"),
            Self::Token(Some(token)) => Value::Text(format!("{}-bytes", token.length())),
            Self::Policy(policy) => Value::Text(shown_policy(policy)),
        }
    }

    fn toml(&self) -> String {
        match self {
            Self::Word(word) => quote(word),
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Secret(secret) => quote(secret.reveal()),
            Self::Lock(lock) => quote(&lock.to_text()),
            Self::Token(None) => "false".to_owned(),
            Self::Token(Some(token)) if **token == TokenBytes::of_length(token.length()) => {
                token.length().to_string()
            }
            Self::Token(Some(token)) => quote(&String::from_utf8_lossy(token.reveal())),
            Self::Policy(policy) => policy.to_toml(),
        }
    }
}

fn policy_parts(policy: &PasswordPolicy) -> Vec<(&'static str, String)> {
    let mut parts = Vec::new();
    if policy.quality != Quality::Unspecified {
        parts.push(("quality", quote(policy.quality.word())));
    }
    if policy.complexity != Complexity::None {
        parts.push(("complexity", quote(policy.complexity.word())));
    }
    for which in Minimum::ALL {
        let value = policy.minima.get(*which);
        if value != Minima::default().get(*which) {
            parts.push((which.word(), value.to_string()));
        }
    }
    parts
}

impl PasswordPolicy {
    /// The policy as an inline table.
    pub(crate) fn to_toml(self) -> String {
        let parts: Vec<_> =
            policy_parts(&self).iter().map(|(key, value)| format!("{key} = {value}")).collect();
        format!("{{ {} }}", parts.join(", "))
    }
}

fn shown_policy(policy: &PasswordPolicy) -> String {
    let parts: Vec<_> = policy_parts(policy)
        .iter()
        .map(|(key, value)| format!("{key}:{}", value.trim_matches('"')))
        .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(",") }
}

fn caller<'a>(by: Caller) -> Fields<'a> {
    let mut fields = vec![("by", Field::Word(by.who.word()))];
    fields.extend(by.on_parent.then_some(("on-parent", Field::Truth(true))));
    fields
}

fn flags<'a>(flags: Flags) -> Fields<'a> {
    let mut fields = Fields::new();
    fields.extend(flags.require_entry.then_some(("require-entry", Field::Truth(true))));
    fields.extend(flags.do_not_ask_on_boot.then_some(("do-not-ask-on-boot", Field::Truth(true))));
    fields
}

fn factor<'a>(user: super::UserId, with: &'a Factor) -> Fields<'a> {
    let with = match with {
        Factor::Known(secret) => ("credential", Field::Secret(secret)),
        Factor::Biometric => ("biometric", Field::Truth(true)),
        Factor::Generated => ("new-passcode", Field::Truth(true)),
    };
    vec![("user", Field::Word(user.word())), with]
}

impl Call {
    fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::new();
        match self {
            Self::SetResetPasswordToken { by, token } => {
                fields.extend(caller(*by));
                fields.push(("token", Field::Token(token.as_ref())));
            }
            Self::ResetPasswordWithToken { by, password, token, flags: given } => {
                fields.extend(caller(*by));
                fields.push(("password", Field::Secret(password)));
                fields.push(("token", Field::Token(token.as_ref())));
                fields.extend(flags(*given));
            }
            Self::ResetPassword { by, password, flags: given } => {
                fields.extend(caller(*by));
                fields.push(("password", Field::Secret(password)));
                fields.extend(flags(*given));
            }
            Self::AmapiResetPassword { password, flags: given, lock_now, minutes } => {
                fields.push(("password", Field::Secret(password)));
                fields.extend(flags(*given));
                fields.extend(lock_now.then_some(("lock-now", Field::Truth(true))));
                fields.extend(minutes.map(|minutes| ("minutes", Field::Number(minutes))));
            }
            Self::ConfirmCredential { user, with } | Self::Unlock { user, with } => {
                fields.extend(factor(*user, with));
            }
            Self::UserSetsLock { user, lock } => {
                fields.push(("user", Field::Word(user.word())));
                fields.push(("lock", Field::Lock(lock)));
            }
            other => fields.extend(other.few_fields()),
        }
        fields
    }

    /// The arguments of the calls that have no secrets.
    fn few_fields(&self) -> Fields<'_> {
        let mut fields = Fields::new();
        match self {
            Self::IsResetPasswordTokenActive { by }
            | Self::ClearResetPasswordToken { by }
            | Self::IsActivePasswordSufficient { by }
            | Self::GetPasswordComplexity { by }
            | Self::IsUsingUnifiedPassword { by } => fields.extend(caller(*by)),
            Self::LockNow { by, evict_key } => {
                fields.extend(caller(*by));
                fields.extend(evict_key.then_some(("evict-key", Field::Truth(true))));
            }
            Self::SetPasswordQuality { by, quality } => {
                fields.extend(caller(*by));
                fields.push(("quality", Field::Word(quality.word())));
            }
            Self::SetPasswordMinimum { by, which, value } => {
                fields.extend(caller(*by));
                fields.push(("which", Field::Word(which.word())));
                fields.push(("value", Field::Number((*value).into())));
            }
            Self::SetRequiredPasswordComplexity { by, complexity } => {
                fields.extend(caller(*by));
                fields.push(("complexity", Field::Word(complexity.word())));
            }
            Self::InstallPolicy { by, policy } => {
                fields.extend(caller(*by));
                fields.push(("policy", Field::Policy(policy)));
            }
            Self::AddEscrowToken { user, token } => {
                fields.push(("user", Field::Word(user.word())));
                fields.push(("token", Field::Token(Some(token))));
            }
            Self::CreateConfirmCredentialIntent { user }
            | Self::UserRemovesLock { user }
            | Self::UserEnrolsBiometrics { user }
            | Self::LockoutEnds { user } => fields.push(("user", Field::Word(user.word()))),
            Self::QuietMode { on } => fields.push(("state", Field::Truth(*on))),
            Self::RemoveOwner { by } | Self::TransferOwnership { by } => {
                fields.push(("by", Field::Word(Who::word(*by))));
            }
            Self::CommandExpires { number } => fields.push(("number", Field::Number(*number))),
            _ => {}
        }
        fields
    }

    /// The arguments as traces show them.
    pub(crate) fn arguments(&self) -> Vec<(&'static str, Value)> {
        self.fields().iter().map(|(key, field)| (*key, field.shown())).collect()
    }

    /// The arguments as keys of a scenario's step.
    pub(crate) fn to_toml(&self) -> String {
        self.fields().iter().map(|(key, field)| format!("{key} = {}\n", field.toml())).collect()
    }
}

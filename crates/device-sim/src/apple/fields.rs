//! The arguments of a call, once for traces (without secrets) and once for scenario files.

use super::call::Call;
use super::server::TokenChoice;
use crate::model::Secret;
use crate::model::Value;
use crate::model::quote;

/// An argument as it is.
enum Field<'a> {
    Plain(Value),
    Secret(&'a Secret),
    Table(Vec<(&'static str, Value)>),
}

type Fields<'a> = Vec<(&'static str, Field<'a>)>;

/// Entries as an inline table.
pub(super) fn table(entries: &[(&'static str, Value)]) -> String {
    let parts: Vec<_> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
}

impl Field<'_> {
    fn shown(&self) -> Value {
        match self {
            Self::Plain(value) => value.clone(),
            Self::Secret(secret) => Value::Text(secret.shape()),
            Self::Table(entries) if entries.is_empty() => Value::Word("nothing"),
            Self::Table(entries) => {
                let parts: Vec<_> =
                    entries.iter().map(|(key, value)| format!("{key}:{value}")).collect();
                Value::Text(parts.join(","))
            }
        }
    }

    fn toml(&self) -> String {
        match self {
            Self::Plain(Value::Word(word)) => quote(word),
            Self::Plain(Value::Text(text)) => quote(text),
            Self::Plain(value) => value.to_string(),
            Self::Secret(secret) => quote(secret.reveal()),
            Self::Table(entries) => table(entries),
        }
    }
}

fn text<'a>(text: &str) -> Field<'a> {
    Field::Plain(Value::Text(text.to_owned()))
}

fn number<'a>(number: u32) -> Field<'a> {
    Field::Plain(Value::Number(number.into()))
}

fn truth<'a>(truth: bool) -> Field<'a> {
    Field::Plain(Value::Truth(truth))
}

impl TokenChoice {
    /// Its word in a scenario.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Wrong => "wrong",
            Self::Missing => "missing",
        }
    }
}

impl Call {
    fn fields(&self) -> Fields<'_> {
        let mut fields = Fields::new();
        match self {
            Self::Unlock { passcode, biometric } => {
                fields.extend(passcode.as_ref().map(|code| ("passcode", Field::Secret(code))));
                fields.extend(biometric.then(|| ("biometric", truth(true))));
            }
            Self::Continue { new } | Self::SetPasscode { new } => {
                fields.push(("new", Field::Secret(new)));
            }
            Self::AddAccount { payload } => {
                fields.push(("payload", Field::Table(payload.entries())));
            }
            Self::InstallByHand { payload, new } => {
                fields.push(("payload", Field::Table(payload.entries())));
                fields.extend(new.as_ref().map(|new| ("new", Field::Secret(new))));
            }
            Self::ClearPasscode { token, push } => {
                if *token != TokenChoice::Held {
                    fields.push(("token", Field::Plain(Value::Word(token.word()))));
                }
                fields.extend((!push).then(|| ("push", truth(false))));
            }
            Self::SendCommand { name, again, push } => {
                fields.push(("command", text(name)));
                fields.extend(again.map(|again| ("again", number(again))));
                fields.extend((!push).then(|| ("push", truth(false))));
            }
            Self::InstallProfile { profile, push } => {
                fields.push(("identifier", text(&profile.identifier)));
                for payload in &profile.passcode {
                    fields.push(("payload", Field::Table(payload.entries())));
                }
                for (key, value) in [
                    ("allow-passcode-modification", profile.allow_passcode_modification),
                    ("allow-usb-restricted-mode", profile.allow_usb_restricted_mode),
                ] {
                    fields.extend(value.map(|value| (key, truth(value))));
                }
                fields.extend((!push).then(|| ("push", truth(false))));
            }
            Self::RemoveProfile { identifier } | Self::Undeclare { identifier } => {
                fields.push(("identifier", text(identifier)));
            }
            Self::Declare { identifier, declaration } => {
                fields.push(("identifier", text(identifier)));
                fields.push(("declaration", Field::Table(declaration.entries())));
            }
            Self::AssignCompliance { payload, grace_days } => {
                fields.push(("payload", Field::Table(payload.entries())));
                fields.push(("grace-days", number(*grace_days)));
            }
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

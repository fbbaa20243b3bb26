//! The arguments of calls: how a step is parsed, and how traces and scenario files write it.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, Text, unknown_key};

use super::commands;
use super::passcode::{InvalidKey, Key as PasscodeKey, KeyType};
use super::passcode::{PasscodeDeclaration, PasscodePayload};
use super::predicate::Predicate;
use super::server::{Activating, TokenChoice};
use super::wire::{Command, Profile};
use crate::model::verbs::{
    Argument, Fields, Key, KeyGroup, KeyValue, Presence, Step, Values, Written, defaulted,
    optional, required, word_keys,
};
use crate::model::{Problems, Value, quote};

word_keys!(TokenChoice);

/// Reads the keys of a payload or a declaration under Apple's own names.
fn read_keys(
    mut section: Section<'_>,
    what: &str,
    known: &[PasscodeKey],
    problems: &mut Problems,
    mut set: impl FnMut(&str, &Value) -> Result<(), InvalidKey>,
) {
    for (name, node) in section.rest() {
        let Some(key) = known.iter().find(|key| key.name == name.value) else {
            let names: Vec<_> = known.iter().map(|key| key.name).collect();
            problems.push(unknown_key(what, &name, &names));
            continue;
        };
        let value = match (node.as_bool(), node.as_integer()) {
            (Some(truth), _) => Value::Truth(truth),
            (_, Some(number)) => Value::Number(number),
            _ => Value::Word(node.type_name()),
        };
        if set(&name.value, &value).is_err() {
            let expected = match key.of_type {
                KeyType::Number(low, high) => format!("{low} to {high}"),
                KeyType::Truth => "`true` or `false`".to_owned(),
            };
            let message = format!("`{}` is {value}, expected {expected}", name.value);
            problems.push(Diagnostic::error("out-of-range", message, node.span()));
        }
    }
}

fn describe_keys(known: &[PasscodeKey]) -> Values {
    let describe = |key: &PasscodeKey| Argument {
        name: key.name,
        values: match key.of_type {
            KeyType::Number(low, high) => Values::Integer(low, high),
            KeyType::Truth => Values::Truth,
        },
        presence: Presence::Default(key.default.to_owned()),
        meaning: key.meaning,
    };
    Values::Table(known.iter().map(describe).collect())
}

/// Entries as traces show them.
fn shown(entries: &[(&'static str, Value)]) -> Value {
    if entries.is_empty() {
        return Value::Word("nothing");
    }
    let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}:{value}")).collect();
    Value::Text(entries.join(","))
}

/// Entries as an inline table.
fn toml(entries: &[(&'static str, Value)]) -> String {
    let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

macro_rules! tables {
    ($($type:ident = $what:literal, $read:ident);+ $(;)?) => { $(
        impl $type {
            /// Reads the table; what is wrong with it is reported.
            pub(super) fn $read(section: Section<'_>, problems: &mut Problems) -> Self {
                let mut all = Self::default();
                read_keys(section, $what, Self::KEYS, problems, |key, value| all.set(key, value));
                all
            }
        }

        impl Written for $type {
            fn shown(&self) -> Value {
                shown(&self.entries())
            }

            fn toml(&self) -> String {
                toml(&self.entries())
            }
        }

        impl KeyValue for $type {
            fn values(_: &Key<Self>) -> Values {
                describe_keys(Self::KEYS)
            }

            fn parse(
                key: &Key<Self>,
                node: Node<'_>,
                problems: &mut Problems,
            ) -> Option<Self> {
                node.section(key.name, problems).map(|table| Self::$read(table, problems))
            }
        }
    )+ };
}

tables! {
    PasscodePayload = "payload", parse_table;
    PasscodeDeclaration = "declaration", parse_table;
}

/// A profile with at most one passcode payload.
impl KeyGroup<()> for Profile {
    fn describe() -> Vec<Argument> {
        let payload: Key<Option<PasscodePayload>> = optional("payload", None);
        let modification: Key<Option<bool>> = optional("allow-passcode-modification", None);
        let usb: Key<Option<bool>> = optional("allow-usb-restricted-mode", None);
        vec![
            defaulted("identifier", "passcode".to_owned())
                .describe("The identifier of the profile."),
            payload.describe("The demands of its passcode payload."),
            modification.describe("The restriction `allowPasscodeModification`."),
            usb.describe("The restriction `allowUSBRestrictedMode`."),
        ]
    }

    fn parse(step: &mut Step<'_, '_, ()>) -> Option<Self> {
        let payload: Option<PasscodePayload> = optional("payload", None).parse(step)?;
        Some(Self {
            identifier: defaulted("identifier", "passcode".to_owned()).parse(step)?,
            passcode: payload.into_iter().collect(),
            allow_passcode_modification: optional("allow-passcode-modification", None)
                .parse(step)?,
            allow_usb_restricted_mode: optional("allow-usb-restricted-mode", None).parse(step)?,
        })
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("identifier", &self.identifier));
        fields.extend(self.passcode.iter().map(|each| ("payload", each as &dyn Written)));
        optional("allow-passcode-modification", None)
            .write(&self.allow_passcode_modification, fields);
        optional("allow-usb-restricted-mode", None).write(&self.allow_usb_restricted_mode, fields);
    }
}

/// The activation of a declaration, by its predicate.
impl KeyGroup<()> for Activating {
    fn describe() -> Vec<Argument> {
        let predicate: Key<Option<Predicate>> = optional("predicate", None);
        vec![
            optional("activated", true)
                .describe("An activation names the configuration; none demands nothing."),
            predicate.describe(
                "When the activation holds, in Apple's predicate format: \
                 `@status(passcode.is-present) == TRUE`, with AND, OR, NOT.",
            ),
        ]
    }

    fn parse(step: &mut Step<'_, '_, ()>) -> Option<Self> {
        let activated = optional("activated", true).parse(step)?;
        let span = step.section.span();
        let predicate: Option<Predicate> = optional("predicate", None).parse(step)?;
        match (activated, predicate) {
            (true, None) => Some(Self::Always),
            (true, Some(predicate)) => Some(Self::If(predicate)),
            (false, None) => Some(Self::Never),
            (false, Some(_)) => {
                let message = "without an activation there is no `predicate`";
                let problem = Diagnostic::error("contradiction", message, span);
                problem.hint("leave `activated` or `predicate` out").report(step.problems)
            }
        }
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        match self {
            Self::Always => {}
            Self::If(predicate) => fields.push(("predicate", predicate)),
            Self::Never => fields.push(("activated", &false)),
        }
    }
}

impl Written for Predicate {
    fn shown(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }

    fn toml(&self) -> String {
        quote(self.as_str())
    }
}

impl KeyValue for Predicate {
    fn values(_: &Key<Self>) -> Values {
        Values::Text
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = node.text(key.name, problems)?;
        match text.value.parse() {
            Ok(predicate) => Some(predicate),
            Err(message) => Diagnostic::error("unknown-value", message, text.span).report(problems),
        }
    }
}

/// A command that an administrator has the server queue by its name.
///
/// ```
/// use device_sim::apple::CommandRequest;
/// use device_sim::apple::wire::Command;
///
/// assert_eq!(CommandRequest::new("SecurityInfo").command(), Command::SecurityInfo);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandRequest {
    name: String,
    message: Option<String>,
    return_to_service: bool,
}

impl CommandRequest {
    /// Returns the command of a name, without anything that the name does not imply.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), message: None, return_to_service: false }
    }

    /// Returns the same with a text for the screen.
    #[must_use]
    pub fn with_message(self, message: &str) -> Self {
        Self { message: Some(message.to_owned()), ..self }
    }

    /// Returns the command; one that Apple's schema does not have is sent as it is.
    pub fn command(&self) -> Command {
        match Command::plain(&self.name) {
            Some(Command::DeviceLock { phone_number, .. }) => {
                Command::DeviceLock { message: self.message.clone(), phone_number }
            }
            Some(Command::EnableLostMode { message, phone_number }) => {
                Command::EnableLostMode { message: self.message.clone().or(message), phone_number }
            }
            Some(Command::EraseDevice { .. }) => {
                Command::EraseDevice { return_to_service: self.return_to_service }
            }
            Some(other) => other,
            None => Command::Other(self.name.clone()),
        }
    }

    /// Returns the reason that a scenario cannot send a command, and the alternative.
    fn obstacle(name: &Text) -> Option<Diagnostic> {
        let is = |known: &&str| known.eq_ignore_ascii_case(&name.value);
        let problem = |message: String, hint: String| {
            let span = name.span.clone();
            Some(Diagnostic::error("not-simulated", message, span).hint(hint))
        };
        if let Some(known) = commands::NOT_SIMULATED.iter().find(|known| is(known)) {
            let message = format!("the command `{known}` exists, and is not simulated");
            let all: Vec<_> = commands::simulated().collect();
            return problem(message, format!("simulated commands: {}", all.join(", ")));
        }
        let known = commands::simulated().find(|known| is(known))?;
        for (command, verb) in [
            ("ClearPasscode", "clear-passcode"),
            ("InstallProfile", "install-profile"),
            ("RemoveProfile", "remove-profile"),
        ] {
            if known == command {
                let message = format!("the command `{command}` needs more than its name");
                return problem(message, format!("use the verb `{verb}`"));
            }
        }
        let message = format!("the command `{}` does not exist", name.value);
        (known != name.value).then(|| problem(message, format!("did you mean `{known}`?")))?
    }
}

impl KeyGroup<()> for CommandRequest {
    fn describe() -> Vec<Argument> {
        let message: Key<Option<String>> = optional("message", None);
        vec![
            required::<String>("command").describe("The request type of the command."),
            message.describe("The text on the screen, for `DeviceLock` and `EnableLostMode`."),
            optional("return-to-service", false)
                .describe("For `EraseDevice`: the device then enrols by itself, from iOS 17 on."),
        ]
    }

    fn parse(step: &mut Step<'_, '_, ()>) -> Option<Self> {
        let name = step.section.require("command", step.problems)?;
        let name = name.text("command", step.problems)?;
        let obstacle = Self::obstacle(&name);
        let span = name.span.clone();
        let request = Self {
            name: name.value,
            message: optional("message", None).parse(step)?,
            return_to_service: optional("return-to-service", false).parse(step)?,
        };
        let takes_message = matches!(request.name.as_str(), "DeviceLock" | "EnableLostMode");
        for (key, is_there, is_taken) in [
            ("message", request.message.is_some(), takes_message),
            ("return-to-service", request.return_to_service, request.name == "EraseDevice"),
        ] {
            if is_there && !is_taken {
                let message = format!("the command `{}` takes no `{key}`", request.name);
                step.problems.push(Diagnostic::error("unknown-key", message, span.clone()));
            }
        }
        let refused = obstacle.is_some();
        step.problems.extend(obstacle);
        (!refused).then_some(request)
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("command", &self.name));
        optional("message", None).write(&self.message, fields);
        optional("return-to-service", false).write(&self.return_to_service, fields);
    }
}

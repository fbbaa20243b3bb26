//! The arguments of calls: how a step is parsed, and how traces and scenario files write it.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Text};

use super::call::Factor;
use super::limits::{Limit, UserRestriction};
use super::policy::{Complexity, Minima, Minimum, PasswordPolicy, Quality};
use super::secret::{Lock, Secret, TokenBytes};
use super::user::UserId;
use super::{Caller, Setup, Who};
use crate::model::verbs::{
    Argument, Fields, Key, KeyGroup, KeyValue, Presence, Step, Values, Written, optional, word_keys,
};
use crate::model::{Problems, Value, quote};

word_keys!(Complexity, Limit, Minimum, Quality, UserId, UserRestriction, Who);

const DEFAULT_CALLER: &str =
    "the profile owner, or else the device owner, the device admin, an app";
const DEFAULT_USER: &str = "the work profile if there is one, or else the device";

impl KeyGroup<Setup> for Caller {
    fn describe() -> Vec<Argument> {
        let who = Argument {
            name: "by",
            values: Values::Words(Who::WORDS),
            presence: Presence::Derived(DEFAULT_CALLER),
            meaning: "The app that calls.",
        };
        let meaning = "The call goes through `getParentProfileInstance`, which came with API \
                       level 24.";
        vec![who, optional("on-parent", false).describe(meaning)]
    }

    fn parse(step: &mut Step<'_, '_, Setup>) -> Option<Self> {
        let who = optional("by", step.setup.default_caller()).parse(step)?;
        Some(Self { who, on_parent: optional("on-parent", false).parse(step)? })
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("by", &self.who));
        optional("on-parent", false).write(&self.on_parent, fields);
    }
}

impl KeyGroup<Setup> for UserId {
    fn describe() -> Vec<Argument> {
        vec![Argument {
            name: "user",
            values: Values::Words(Self::WORDS),
            presence: Presence::Derived(DEFAULT_USER),
            meaning: "The user of the device.",
        }]
    }

    fn parse(step: &mut Step<'_, '_, Setup>) -> Option<Self> {
        optional("user", step.setup.default_user()).parse(step)
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("user", self));
    }
}

/// A password that an app sets; `false`, like an empty text, is null.
impl KeyGroup<Setup> for Secret {
    fn describe() -> Vec<Argument> {
        let meaning = "The new password; `false`, like an empty text, is null.";
        let values = Values::PasscodeOrNull;
        vec![Argument { name: "password", values, presence: Presence::Required, meaning }]
    }

    fn parse(step: &mut Step<'_, '_, Setup>) -> Option<Self> {
        let node = step.section.require("password", step.problems)?;
        if node.as_bool() == Some(false) {
            return Some(Self::new(""));
        }
        let text = node.text("password", step.problems);
        if let (None, None, Some(problem)) = (&text, node.as_integer(), step.problems.last_mut()) {
            problem.hint = Some("a password in quotes, or `false` for none".to_owned());
        }
        text.map(|text| Self::new(&text.value))
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("password", self));
    }
}

impl Written for Option<TokenBytes> {
    fn shown(&self) -> Value {
        self.as_ref().map_or(Value::Word("null"), TokenBytes::shown)
    }

    fn toml(&self) -> String {
        self.as_ref().map_or_else(|| "false".to_owned(), TokenBytes::toml)
    }
}

impl Written for TokenBytes {
    fn shown(&self) -> Value {
        Value::Text(format!("{}-bytes", self.length()))
    }

    fn toml(&self) -> String {
        if *self == Self::of_length(self.length()) {
            return self.length().to_string();
        }
        quote(&String::from_utf8_lossy(self.reveal()))
    }
}

/// A token: its text, its length, `false` for null, or nothing for the usual one.
impl KeyGroup<Setup> for Option<TokenBytes> {
    fn describe() -> Vec<Argument> {
        let default = TokenBytes::default().length();
        let meaning = "The token: its text, or its length in bytes; `false` is null.";
        let presence = Presence::Default(default.to_string());
        vec![Argument { name: "token", values: Values::Token, presence, meaning }]
    }

    fn parse(step: &mut Step<'_, '_, Setup>) -> Option<Self> {
        let Some(node) = step.section.take("token") else {
            return Some(Some(TokenBytes::default()));
        };
        if node.as_bool() == Some(false) {
            return Some(None);
        }
        if node.as_integer().is_some() {
            let length = node.integer("token", 0, 4096, step.problems)?;
            return usize::try_from(length).ok().map(|length| Some(TokenBytes::of_length(length)));
        }
        let text = node.text("token", step.problems);
        if let (None, Some(problem)) = (&text, step.problems.last_mut()) {
            problem.hint = Some("its text in quotes, its length, or `false` for null".to_owned());
        }
        let text = text?;
        Some(Some(TokenBytes::new(text.value.as_bytes())))
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("token", self));
    }
}

/// The lock service takes no null.
impl KeyGroup<Setup> for TokenBytes {
    fn describe() -> Vec<Argument> {
        Option::<Self>::describe()
    }

    fn parse(step: &mut Step<'_, '_, Setup>) -> Option<Self> {
        let node = step.section.look_at("token");
        let token = Option::<Self>::parse(step)?;
        if let (None, Some(node)) = (&token, node) {
            let message = "the lock service takes no null for `token`";
            step.problems.push(Diagnostic::error("no-null", message, node.span()));
        }
        token
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(("token", self));
    }
}

/// The credential of a person: exactly one of three keys.
impl KeyGroup<Setup> for Factor {
    fn describe() -> Vec<Argument> {
        let one = |name, values, meaning| {
            let presence = Presence::OneOf;
            Argument { name, values, presence, meaning }
        };
        let generated = "The user types the passcode that a service has made up.";
        vec![
            one("credential", Values::Passcode, "The PIN, pattern or password that is entered."),
            one("biometric", Values::Truth, "The user shows a fingerprint or face."),
            one("new-passcode", Values::Truth, generated),
        ]
    }

    fn parse(step: &mut Step<'_, '_, Setup>) -> Option<Self> {
        let before = step.problems.len();
        let credential = step.section.text("credential", step.problems);
        let biometric = optional("biometric", false).parse(step)?;
        let generated = optional("new-passcode", false).parse(step)?;
        match (credential, biometric, generated) {
            (Some(text), false, false) => {
                let lock = Lock::from_text(&text.value);
                Some(Self::Known(lock.secret().clone()))
            }
            (None, true, false) => Some(Self::Biometric),
            (None, false, true) => Some(Self::Generated),
            _ if step.problems.len() > before => None,
            _ => {
                let message = "expected one of `credential`, `biometric`, `new-passcode`";
                let span = step.section.span();
                Diagnostic::error("factor", message, span).report(step.problems)
            }
        }
    }

    fn write<'a>(&'a self, fields: &mut Fields<'a>) {
        fields.push(match self {
            Self::Known(secret) => ("credential", secret),
            Self::Biometric => ("biometric", &true),
            Self::Generated => ("new-passcode", &true),
        });
    }
}

impl Written for Lock {
    fn shown(&self) -> Value {
        Value::Word(self.kind().as_str())
    }

    fn toml(&self) -> String {
        quote(&self.to_text())
    }
}

impl Lock {
    /// Parses a lock that is one; `hint` says how to write that there is none.
    pub(super) fn parse_text(text: &Text, hint: &str, problems: &mut Problems) -> Option<Self> {
        let lock = Self::from_text(&text.value);
        if !lock.is_secure() {
            let message = "an empty lock is no lock";
            let problem = Diagnostic::error("empty-lock", message, text.span.clone());
            problems.push(problem.hint(hint));
        }
        Some(lock).filter(Self::is_secure)
    }
}

impl KeyValue for Lock {
    fn values(_: &Key<Self>) -> Values {
        Values::Passcode
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        Self::parse_text(&node.text(key.name, problems)?, "use `user-removes-lock`", problems)
    }
}

impl PasswordPolicy {
    /// Returns the keys that differ from a policy without demands, with their values as TOML.
    fn entries(&self) -> Vec<(&'static str, String)> {
        let mut entries = Vec::new();
        if self.quality != Quality::Unspecified {
            entries.push(("quality", self.quality.toml()));
        }
        if self.complexity != Complexity::None {
            entries.push(("complexity", self.complexity.toml()));
        }
        for which in Minimum::ALL {
            let value = self.minima.get(*which);
            if value != Minima::default().get(*which) {
                entries.push((which.as_str(), value.to_string()));
            }
        }
        entries
    }
}

impl Written for PasswordPolicy {
    fn shown(&self) -> Value {
        let entries: Vec<_> = self
            .entries()
            .iter()
            .map(|(key, value)| format!("{key}:{}", value.trim_matches('"')))
            .collect();
        Value::Text(if entries.is_empty() { "none".to_owned() } else { entries.join(",") })
    }

    fn toml(&self) -> String {
        let entries: Vec<_> =
            self.entries().iter().map(|(key, value)| format!("{key} = {value}")).collect();
        format!("{{ {} }}", entries.join(", "))
    }
}

impl KeyValue for PasswordPolicy {
    fn values(_: &Key<Self>) -> Values {
        let words = |name, words, default: &dyn Written, meaning| {
            let (values, presence) = (Values::Words(words), Presence::Default(default.toml()));
            Argument { name, values, presence, meaning }
        };
        let mut keys = vec![
            words("quality", Quality::WORDS, &Quality::Unspecified, "The least quality."),
            words("complexity", Complexity::WORDS, &Complexity::None, "The least complexity band."),
        ];
        keys.extend(Minimum::ALL.iter().map(|which| {
            let key = optional(which.as_str(), Minima::default().get(*which));
            key.describe("The least number of such characters.")
        }));
        Values::Table(keys)
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        node.section(key.name, problems).map(|table| Self::read(table, problems))
    }
}

//! Parsing an Apple device of a scenario file: the values of its keys.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, unknown_word};
use eligibility::facts::OsVersion;

use super::enrolment::{AccessRights, EnrolmentKind};
use super::phone::Network;
use super::server::{ServerRules, TokenKeeping};
use super::setup::Setup;
use super::system::Platform;
use crate::model::tables::{Declared, table_keys};
use crate::model::verbs::{Argument, Key, KeyValue, Presence, Values, Written, word_keys};
use crate::model::{Problems, Secret, Value, quote};

word_keys!(EnrolmentKind, Platform, TokenKeeping);

const PLATFORM: Declared<Platform> = Declared::new("platform", "The platform.");
const PASSCODE: Declared<Secret> = Declared::parsed(
    "passcode",
    "The passcode at the start.",
    || Values::Passcode,
    |name, node, problems| {
        let text = node.text(name, problems)?;
        if text.value.is_empty() {
            let problem =
                Diagnostic::error("empty-passcode", "an empty passcode is no passcode", text.span);
            return problem.hint("for no passcode, leave the key out").report(problems);
        }
        Some(Secret::new(&text.value))
    },
);

impl Setup {
    /// Describes the keys of a device.
    pub(crate) fn describe() -> Vec<Argument> {
        let mut keys =
            vec![PLATFORM.describe(Presence::Required), PASSCODE.describe(Presence::Optional)];
        keys.extend(Self::keys());
        keys
    }

    /// Reads the table of a device.
    pub(crate) fn read(mut section: Section<'_>, problems: &mut Problems) -> Self {
        if section.look_at("platform").is_none() {
            section.require_word::<Platform>("platform", problems);
        }
        let platform = PLATFORM.take(&mut section, problems);
        // A platform that is wrong was reported; with any other the rest can be judged, too.
        let platform = platform.unwrap_or(Platform::Ios);
        let mut setup = Self::new(platform);
        setup.passcode = PASSCODE.take(&mut section, problems);
        setup.read_keys(&mut section, problems);
        let span = section.span();
        section.finish(problems);
        if let Some(why) = setup.contradiction() {
            let problem = Diagnostic::error("impossible-device", why, span);
            problems.push(problem.hint("bring it about in a step"));
        }
        setup
    }
}

impl Written for OsVersion {
    fn shown(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn toml(&self) -> String {
        quote(&self.to_string())
    }
}

impl KeyValue for OsVersion {
    fn values(_: &Key<Self>) -> Values {
        Values::Text
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = node.text(key.name, problems)?;
        match text.value.parse() {
            Ok(version) => Some(version),
            Err(error) => {
                let message = error.to_string();
                Diagnostic::error("unknown-value", message, text.span).report(problems)
            }
        }
    }
}

const RIGHTS: i64 = 8191;

impl Written for AccessRights {
    fn shown(&self) -> Value {
        Value::Number(self.bits().into())
    }

    fn toml(&self) -> String {
        self.bits().to_string()
    }
}

impl KeyValue for AccessRights {
    fn values(_: &Key<Self>) -> Values {
        Values::Integer(0, RIGHTS)
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        let bits = node.integer(key.name, 0, RIGHTS, problems)?;
        u16::try_from(bits).ok().map(Self::new)
    }
}

const NETWORKS: &[&str] = &["wi-fi", "cellular", "adapter"];

impl Written for Network {
    fn shown(&self) -> Value {
        Value::Text(self.toml())
    }

    fn toml(&self) -> String {
        let there = [self.wi_fi, self.cellular, self.adapter];
        let names = NETWORKS.iter().zip(there).filter(|(_, there)| *there);
        let names: Vec<_> = names.map(|(name, _)| quote(name)).collect();
        format!("[{}]", names.join(", "))
    }
}

impl KeyValue for Network {
    fn values(_: &Key<Self>) -> Values {
        Values::WordList(NETWORKS)
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        let mut network = Self { wi_fi: false, cellular: false, adapter: false, in_reach: true };
        for text in node.texts(key.name, problems) {
            match text.value.as_str() {
                "wi-fi" => network.wi_fi = true,
                "cellular" => network.cellular = true,
                "adapter" => network.adapter = true,
                _ => problems.push(unknown_word(key.name, &text, NETWORKS)),
            }
        }
        Some(network)
    }
}

table_keys! {
    for ServerRules;
    /// The server's handling of a token update without a token.
    "token-update-without-token" => token_keeping: TokenKeeping;
    /// An Authenticate deletes the token.
    "authenticate-deletes-token" => authenticate_deletes_token: bool;
    /// The server sends commands again that were not answered.
    "redelivers" => redelivers: bool;
}

impl Written for ServerRules {
    fn shown(&self) -> Value {
        Value::Text(self.toml())
    }

    fn toml(&self) -> String {
        format!("{{ {} }}", self.written_keys(&Self::default()).join(", "))
    }
}

impl KeyValue for ServerRules {
    fn values(_: &Key<Self>) -> Values {
        Values::Table(Self::keys())
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        let mut section = node.section(key.name, problems)?;
        let mut rules = Self::default();
        rules.read_keys(&mut section, problems);
        section.finish(problems);
        Some(rules)
    }
}

//! Reading an Apple device and its calls from a scenario file.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Section, Text, unknown_key, unknown_word};

use super::call::Call;
use super::enrolment::{AccessRights, EnrolmentKind};
use super::parameters::Parameters;
use super::passcode::{InvalidKey, Key, PasscodeDeclaration, PasscodePayload};
use super::phone::Network;
use super::server::{ServerRules, TokenChoice, TokenKeeping};
use super::setup::Setup;
use super::system::{Platform, System};
use super::wire::Profile;
use crate::model::Secret;
use crate::model::Value;

type Problems<'a> = &'a mut Vec<Diagnostic>;

impl Setup {
    /// Reads the table of a device.
    pub(crate) fn read(mut section: Section<'_>, problems: Problems<'_>) -> Self {
        let node = section.require("platform", problems);
        let text = node.and_then(|node| node.word("platform", Platform::WORDS, problems));
        // A platform that is wrong was reported; with any other the rest can be judged, too.
        let platform = text.and_then(|text| text.value.parse().ok()).unwrap_or(Platform::Ios);
        let mut setup = Self::new(platform);
        setup.read_system(&mut section, problems);
        setup.read_switches(&mut section, problems);
        setup.read_numbers(&mut section, problems);
        if let Some(text) = section.text("passcode", problems) {
            setup.passcode = Some(Secret::new(&text.value));
        }
        setup.payload = section
            .take("payload")
            .and_then(|node| node.section("payload", problems))
            .map(|table| read_payload(table, problems));
        setup.read_network(&mut section, problems);
        if let Some(table) =
            section.take("server").and_then(|node| node.section("server", problems))
        {
            setup.server = read_server(table, problems);
        }
        if let Some(node) = section.take("parameters")
            && let Some(table) = node.section("parameters", problems)
        {
            setup.parameters = Parameters::read(table, problems);
        }
        let span = section.span();
        section.finish(problems);
        if let Some(why) = setup.contradiction() {
            let problem = Diagnostic::error("impossible-device", why, span);
            problems.push(problem.hint("bring it about in a step"));
        }
        setup
    }

    fn read_system(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        if let Some(text) = section.text("os-version", problems) {
            match text.value.parse() {
                Ok(version) => self.system = System { version, ..self.system },
                Err(error) => {
                    let message = error.to_string();
                    problems.push(Diagnostic::error("unknown-value", message, text.span));
                }
            }
        }
        if let Some(kind) = section.word("enrolment", EnrolmentKind::WORDS, problems) {
            self.kind = kind;
        }
        if let Some(bits) = section.integer("access-rights", 0, 8191, problems) {
            self.rights = AccessRights::new(u16::try_from(bits).unwrap_or(0));
        }
    }

    fn read_switches(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        for (key, slot) in [
            ("enrolled", &mut self.enrolled),
            ("check-out-when-removed", &mut self.checks_out),
            ("biometrics", &mut self.biometrics),
            ("unlock-token-lost", &mut self.token_lost),
            ("unlock-token-stale", &mut self.token_stale),
            ("through-plist", &mut self.through_plist),
            ("drives-itself", &mut self.drives_itself),
        ] {
            if let Some(value) = section.truth(key, problems) {
                *slot = value;
            }
        }
        self.allow_passcode_modification = section.truth("allow-passcode-modification", problems);
        self.allow_usb_restricted_mode = section.truth("allow-usb-restricted-mode", problems);
    }

    fn read_numbers(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        let mut number = |key, most| {
            let read = section.integer(key, 0, most, problems)?;
            u32::try_from(read).ok()
        };
        self.passcode_age_days = number("passcode-age-days", 3650).unwrap_or(0);
        self.choices.auto_lock_minutes = number("auto-lock-minutes", 60);
        self.choices.grace_minutes = number("unlock-grace-minutes", 525_600).unwrap_or(0);
        self.compliance_grace_days = number("compliance-grace-days", 365);
        self.first_check_in_minutes = number("first-check-in-minutes", 525_600);
        self.number = number("number", u32::MAX.into()).unwrap_or(1);
    }

    fn read_network(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        const WORDS: &[&str] = &["wi-fi", "cellular", "adapter"];
        let Some(node) = section.take("network") else { return };
        let mut network = Network { wi_fi: false, cellular: false, adapter: false, in_reach: true };
        for node in node.as_list().unwrap_or_else(|| vec![node]) {
            let Some(text) = node.text("network", problems) else { continue };
            match text.value.as_str() {
                "wi-fi" => network.wi_fi = true,
                "cellular" => network.cellular = true,
                "adapter" => network.adapter = true,
                _ => problems.push(unknown_word("network", &text, WORDS)),
            }
        }
        self.network = network;
    }
}

fn read_server(mut section: Section<'_>, problems: Problems<'_>) -> ServerRules {
    let usual = ServerRules::default();
    let rules = ServerRules {
        token_keeping: section
            .word("token-update-without-token", TokenKeeping::WORDS, problems)
            .unwrap_or(usual.token_keeping),
        authenticate_deletes_token: section
            .truth("authenticate-deletes-token", problems)
            .unwrap_or(usual.authenticate_deletes_token),
        redelivers: section.truth("redelivers", problems).unwrap_or(usual.redelivers),
    };
    section.finish(problems);
    rules
}

/// Reads the keys of a payload or a declaration under Apple's own names.
fn read_keys(
    mut section: Section<'_>,
    what: &str,
    known: &[Key],
    problems: Problems<'_>,
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
                super::passcode::KeyType::Number(low, high) => format!("{low} to {high}"),
                _ => "`true` or `false`".to_owned(),
            };
            let message = format!("`{}` is {value}, expected {expected}", name.value);
            problems.push(Diagnostic::error("out-of-range", message, node.span()));
        }
    }
}

fn read_payload(section: Section<'_>, problems: Problems<'_>) -> PasscodePayload {
    let mut payload = PasscodePayload::default();
    let known = PasscodePayload::KEYS;
    read_keys(section, "payload", known, problems, |key, value| payload.set(key, value));
    payload
}

fn read_declaration(section: Section<'_>, problems: Problems<'_>) -> PasscodeDeclaration {
    let mut declaration = PasscodeDeclaration::default();
    let known = PasscodeDeclaration::KEYS;
    read_keys(section, "declaration", known, problems, |key, value| declaration.set(key, value));
    declaration
}

impl Call {
    /// Reads the arguments of a verb.
    pub(crate) fn read(
        verb: &Text,
        section: &mut Section<'_>,
        problems: Problems<'_>,
    ) -> Option<Self> {
        let mut reader = Reader { section, problems };
        if let Some(plain) = plain(&verb.value) {
            return Some(plain);
        }
        let call = reader.read(&verb.value);
        if !Self::VERBS.contains(&verb.value.as_str()) {
            problems.push(unknown_word("do", verb, Self::VERBS));
        }
        call
    }
}

/// The calls without arguments.
fn plain(verb: &str) -> Option<Call> {
    Some(match verb {
        "lock" => Call::Lock,
        "use-app" => Call::UseApp,
        "emergency-call" => Call::EmergencyCall,
        "later" => Call::Later,
        "turn-passcode-off" => Call::TurnPasscodeOff,
        "enrol-biometrics" => Call::EnrolBiometrics,
        "reboot" => Call::Reboot,
        "power-off" => Call::PowerOff,
        "power-on" => Call::PowerOn,
        "go-offline" => Call::GoOffline,
        "go-online" => Call::GoOnline,
        "attach-adapter" => Call::AttachAdapter,
        "detach-adapter" => Call::DetachAdapter,
        "enrol" => Call::Enrol,
        "remove-mdm-profile" => Call::RemoveMdmProfile,
        "push" => Call::Push,
        "check-in" => Call::CheckIn,
        "push-token-changes" => Call::PushTokenChanges,
        "connect" => Call::Connect,
        "exchange" => Call::Exchange,
        "connection-breaks" => Call::ConnectionBreaks,
        "prompt-due" => Call::PromptDue,
        "grace-ends" => Call::GraceEnds,
        "delay-ends" => Call::DelayEnds,
        "auto-lock" => Call::AutoLock,
        "erase" => Call::Erase,
        _ => return None,
    })
}

struct Reader<'a, 'b> {
    section: &'a mut Section<'b>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    fn read(&mut self, verb: &str) -> Option<Call> {
        Some(match verb {
            "unlock" => Call::Unlock {
                passcode: self.secret("passcode"),
                biometric: self.truth("biometric", false),
            },
            "continue" => Call::Continue { new: self.required_secret("new")? },
            "set-passcode" => Call::SetPasscode { new: self.required_secret("new")? },
            "add-account" => Call::AddAccount { payload: self.payload()? },
            "install-by-hand" => {
                Call::InstallByHand { payload: self.payload()?, new: self.secret("new") }
            }
            "clear-passcode" => {
                Call::ClearPasscode { token: self.token(), push: self.truth("push", true) }
            }
            "send-command" => Call::SendCommand {
                name: self.section.require_text("command", self.problems)?.value,
                again: self.number("again"),
                push: self.truth("push", true),
            },
            "install-profile" => {
                Call::InstallProfile { profile: self.profile(), push: self.truth("push", true) }
            }
            "remove-profile" => Call::RemoveProfile { identifier: self.identifier() },
            "declare" => {
                let node = self.section.require("declaration", self.problems)?;
                let table = node.section("declaration", self.problems)?;
                let declaration = read_declaration(table, self.problems);
                Call::Declare { identifier: self.identifier(), declaration }
            }
            "undeclare" => Call::Undeclare { identifier: self.identifier() },
            "assign-compliance" => Call::AssignCompliance {
                payload: self.payload()?,
                grace_days: self.number("grace-days").unwrap_or(0),
            },
            _ => return None,
        })
    }

    fn truth(&mut self, key: &'static str, default: bool) -> bool {
        self.section.truth(key, self.problems).unwrap_or(default)
    }

    fn number(&mut self, key: &'static str) -> Option<u32> {
        let number = self.section.integer(key, 0, u32::MAX.into(), self.problems)?;
        u32::try_from(number).ok()
    }

    fn secret(&mut self, key: &'static str) -> Option<Secret> {
        self.section.text(key, self.problems).map(|text| Secret::new(&text.value))
    }

    fn required_secret(&mut self, key: &'static str) -> Option<Secret> {
        self.section.require_text(key, self.problems).map(|text| Secret::new(&text.value))
    }

    fn identifier(&mut self) -> String {
        let text = self.section.text("identifier", self.problems);
        text.map_or_else(|| "passcode".to_owned(), |text| text.value)
    }

    fn token(&mut self) -> TokenChoice {
        const CHOICES: [TokenChoice; 3] =
            [TokenChoice::Held, TokenChoice::Wrong, TokenChoice::Missing];
        let Some(text) = self.section.text("token", self.problems) else {
            return TokenChoice::Held;
        };
        let found = CHOICES.into_iter().find(|choice| choice.word() == text.value);
        found.unwrap_or_else(|| {
            self.problems.push(unknown_word("token", &text, &CHOICES.map(TokenChoice::word)));
            TokenChoice::Held
        })
    }

    fn payload(&mut self) -> Option<PasscodePayload> {
        let node = self.section.require("payload", self.problems)?;
        let table = node.section("payload", self.problems)?;
        Some(read_payload(table, self.problems))
    }

    fn profile(&mut self) -> Profile {
        let payload = self
            .section
            .take("payload")
            .and_then(|node| node.section("payload", self.problems))
            .map(|table| read_payload(table, self.problems));
        Profile {
            identifier: self.identifier(),
            passcode: payload.into_iter().collect(),
            allow_passcode_modification: self
                .section
                .truth("allow-passcode-modification", self.problems),
            allow_usb_restricted_mode: self
                .section
                .truth("allow-usb-restricted-mode", self.problems),
        }
    }
}

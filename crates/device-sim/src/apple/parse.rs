//! Parsing an Apple device of a scenario file.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Section, unknown_word};

use super::enrolment::{AccessRights, EnrolmentKind};
use super::parameters::Parameters;
use super::passcode::PasscodePayload;
use super::phone::Network;
use super::server::{ServerRules, TokenKeeping};
use super::setup::Setup;
use super::system::{Platform, System};
use crate::model::Secret;

type Problems<'a> = &'a mut Vec<Diagnostic>;

impl Setup {
    /// Reads the table of a device.
    pub(crate) fn read(mut section: Section<'_>, problems: Problems<'_>) -> Self {
        let platform = section.require_word("platform", Platform::WORDS, problems);
        // A platform that is wrong was reported; with any other the rest can be judged, too.
        let platform = platform.unwrap_or(Platform::Ios);
        let mut setup = Self::new(platform);
        setup.read_system(&mut section, problems);
        setup.read_switches(&mut section, problems);
        setup.read_numbers(&mut section, problems);
        if let Some(text) = section.text("passcode", problems) {
            if text.value.is_empty() {
                let message = "an empty passcode is no passcode";
                let problem = Diagnostic::error("empty-passcode", message, text.span);
                problems.push(problem.hint("for no passcode, leave the key out"));
            } else {
                setup.passcode = Some(Secret::new(&text.value));
            }
        }
        setup.payload = section
            .take("payload")
            .and_then(|node| node.section("payload", problems))
            .map(|table| PasscodePayload::parse_table(table, problems));
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
        for text in node.texts("network", problems) {
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

//! Reading a managed device and its calls from a scenario file.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Section, Text};

use super::action::{ManagementState, RemoteAction};
use super::call::Call;
use super::parameters::Parameters;
use super::request::{Door, Request};
use super::roles::{Role, RoleList};
use super::schedule::CheckIn;
use super::setup::{Setup, TokenAtStart};
use crate::android::PasswordPolicy;
use crate::machine;

type Problems<'a> = &'a mut Vec<Diagnostic>;

impl Setup {
    /// Reads the `intune` table of a device.
    pub(crate) fn read(
        device: machine::Setup,
        mut section: Section<'_>,
        problems: Problems<'_>,
    ) -> Self {
        let mut setup = Self::new(device);
        setup.read_words(&mut section, problems);
        for (key, slot) in [
            ("google-services", &mut setup.google_services),
            ("device-enrollment-manager", &mut setup.enrollment_manager),
            ("drives-itself", &mut setup.drives_itself),
        ] {
            if let Some(value) = section.truth(key, problems) {
                *slot = value;
            }
        }
        if let Some(node) = section.take("compliance")
            && let Some(table) = node.section("compliance", problems)
        {
            setup.compliance = Some(PasswordPolicy::read(table, problems));
        }
        let minutes = section.integer("first-check-in-minutes", 0, 525_600, problems);
        setup.first_check_in_minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
        if let Some(node) = section.take("parameters")
            && let Some(table) = node.section("parameters", problems)
        {
            setup.parameters = Parameters::read(table, problems);
        }
        let span = section.span();
        section.finish(problems);
        if let Some(why) = setup.contradiction() {
            problems.push(Diagnostic::error("impossible-device", why, span));
        }
        setup
    }

    fn read_words(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        if let Some(word) = section.word("check-in", CheckIn::WORDS, problems) {
            self.check_in = word;
        }
        if let Some(word) = section.word("roles", RoleList::WORDS, problems) {
            self.roles = word;
        }
        if let Some(word) = section.word("reset-token", TokenAtStart::WORDS, problems) {
            self.reset_token = word;
        }
        if let Some(word) = section.word("management-state", ManagementState::WORDS, problems) {
            self.management_state = word;
        }
    }
}

impl Call {
    /// Reads the call of a step, if it is one about the service.
    pub(crate) fn read(
        verb: &Text,
        section: &mut Section<'_>,
        problems: Problems<'_>,
    ) -> Option<Self> {
        Some(match verb.value.as_str() {
            "request-in-bulk" => {
                let node = section.require("action", problems)?;
                let word = node.word("action", RemoteAction::WORDS, problems)?;
                let action = word.value.parse().ok()?;
                Self::RequestInBulk { action, request: read_request(section, problems) }
            }
            "self-service-reset" => {
                let minutes = section.integer("signed-in-minutes-ago", 0, 525_600, problems);
                Self::SelfServiceReset {
                    is_primary_user: section.truth("primary-user", problems).unwrap_or(true),
                    signed_in_minutes_ago: minutes
                        .and_then(|minutes| u32::try_from(minutes).ok())
                        .unwrap_or(0),
                }
            }
            "lose-next-push" => Self::LoseNextPush,
            "redeliver-last-action" => Self::RedeliverLastAction,
            "check-in" => Self::CheckIn,
            "push-arrives" => Self::PushArrives,
            "report-arrives" => Self::ReportArrives,
            verb => {
                let asked = RemoteAction::ALL.iter().copied().find(|action| {
                    let request = Request::default();
                    Self::Request { action: *action, request }.verb() == verb
                });
                Self::Request { action: asked?, request: read_request(section, problems) }
            }
        })
    }
}

fn read_request(section: &mut Section<'_>, problems: Problems<'_>) -> Request {
    let usual = Request::default();
    let by = section.text("by", problems).map(|text| text.value.into());
    Request {
        by: by.unwrap_or(usual.by),
        role: section.word("role", Role::WORDS, problems).unwrap_or(usual.role),
        door: section.word("through", Door::WORDS, problems).unwrap_or(usual.door),
    }
}

//! Parsing the service's record of a device in a scenario file.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::Section;

use super::action::ManagementState;
use super::parameters::Parameters;
use super::roles::RoleList;
use super::schedule::CheckIn;
use super::setup::{Setup, TokenAtStart};
use crate::android::PasswordPolicy;
use crate::device::DeviceSetup;

type Problems<'a> = &'a mut Vec<Diagnostic>;

impl Setup {
    /// Reads the `intune` table of a device.
    pub(crate) fn read(
        device: &DeviceSetup,
        mut section: Section<'_>,
        problems: Problems<'_>,
    ) -> Self {
        let mut setup = Self::default();
        setup.read_words(&mut section, problems);
        for (key, slot) in [
            ("google-services", &mut setup.google_services),
            ("device-enrollment-manager", &mut setup.enrollment_manager),
            ("drives-itself", &mut setup.drives_itself),
            ("multi-admin-approval", &mut setup.multi_admin_approval),
            ("approval-excludes-apps", &mut setup.approval_excludes_apps),
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
        for (key, slot) in [
            ("wipes-today", &mut setup.wipes_today),
            ("retires-today", &mut setup.retires_today),
            ("deletes-today", &mut setup.deletes_today),
        ] {
            let number = section.integer(key, 0, u32::MAX.into(), problems);
            *slot = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        }
        setup.scope_tag = section.text("scope-tag", problems).map(|text| text.value.into());
        let minutes = section.integer("first-check-in-minutes", 0, 525_600, problems);
        setup.first_check_in_minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok());
        if let Some(node) = section.take("parameters")
            && let Some(table) = node.section("parameters", problems)
        {
            setup.parameters = Parameters::read(table, problems);
        }
        let span = section.span();
        section.finish(problems);
        if let Some(why) = setup.contradiction(device) {
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

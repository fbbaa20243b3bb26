//! Parsing an Android device of a scenario file.

use std::ops::Range;

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, unknown_word};
use eligibility::facts::OsVersion;

use super::admin::{Admin, AdminKind, TokenStorage};
use super::level::ApiLevel;
use super::parameters::Parameters;
use super::policy::{Complexity, Minimum, PasswordPolicy, Quality};
use super::secret::Lock;
use super::setup::{Enrolment, Setup};

type Problems<'a> = &'a mut Vec<Diagnostic>;

impl Setup {
    /// Reads the table of a device.
    pub(crate) fn read(
        mut section: Section<'_>,
        version: Option<OsVersion>,
        problems: Problems<'_>,
    ) -> Self {
        // A level that is wrong was reported; with any other the rest can be judged, too.
        let api = read_level(&mut section, version, problems).unwrap_or(ApiLevel::LAST);
        let enrolments = read_enrolments(&mut section, problems);
        for (place, (enrolment, span)) in enrolments.iter().enumerate() {
            let others = enrolments[..place].iter().map(|(other, _)| *other);
            if let Some((message, hint)) = enrolment.contradiction(api, others) {
                problems
                    .push(Diagnostic::error("no-such-device", message, span.clone()).hint(hint));
            }
        }
        let enrolments: Vec<_> = enrolments.into_iter().map(|(enrolment, _)| enrolment).collect();
        let mut setup = Self::new(api, &enrolments);
        if let Some(node) = section.take("parameters")
            && let Some(table) = node.section("parameters", problems)
        {
            setup.parameters = Parameters::read(table, problems);
            for admin in &mut setup.admins {
                admin.direct_boot_aware = setup.parameters.agent_direct_boot_aware;
            }
            let fbe_from = setup.parameters.fbe_from;
            setup.hardware.file_based_encryption = u32::from(setup.api.number()) >= fbe_from;
        }
        setup.read_locks(&mut section, problems);
        setup.read_hardware(&mut section, problems);
        setup.read_admins(&mut section, problems);
        section.finish(problems);
        setup
    }

    fn read_locks(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        const NONE: &str = "for no lock, leave the key out";
        if let Some(text) = section.text("lock", problems) {
            self.lock = Lock::parse_text(&text, NONE, problems).unwrap_or_else(Lock::none);
        }
        if let Some(text) = section.text("work-lock", problems) {
            if self.has_profile() && self.api.number() >= 24 {
                self.work_lock = Lock::parse_text(&text, NONE, problems);
            } else {
                let message = "`work-lock` needs a work profile and API level 24";
                problems.push(Diagnostic::error("no-work-lock", message, text.span));
            }
        }
    }

    fn read_hardware(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        let hardware = &mut self.hardware;
        for (key, slot) in [
            ("biometrics", &mut self.biometrics),
            ("provisioned", &mut self.provisioned),
            ("file-based-encryption", &mut hardware.file_based_encryption),
            ("secure-lock-screen", &mut hardware.secure_lock_screen),
            ("device-admin-feature", &mut hardware.device_admin),
            ("automotive", &mut hardware.automotive),
            ("enrolment-throttled", &mut hardware.enrolment_throttled),
            ("app-may-read-complexity", &mut self.app_may_read_complexity),
        ] {
            if let Some(value) = section.truth(key, problems) {
                *slot = value;
            }
        }
        self.weaver_slots = section.integer("weaver-slots", 0, 255, problems).and_then(small);
    }

    fn read_admins(&mut self, section: &mut Section<'_>, problems: Problems<'_>) {
        let mut all = AdminKeys::read(section, problems);
        if let Some(main) = self.main_admin() {
            let (policy, parent_policy) = (all.policy.take(), all.parent_policy.take());
            main.policy = policy.unwrap_or(main.policy);
            main.parent_policy = parent_policy.unwrap_or(main.parent_policy);
        }
        self.admins.iter_mut().for_each(|admin| all.apply(admin));
        for kind in AdminKind::ALL {
            let Some(node) = section.take(kind.as_str()) else { continue };
            let Some(mut table) = node.section("admin", problems) else { continue };
            let keys = AdminKeys::read(&mut table, problems);
            table.finish(problems);
            match self.admins.iter_mut().find(|admin| admin.kind == *kind) {
                Some(admin) => keys.apply(admin),
                None => {
                    let message = format!("the device has no {}", kind.as_str());
                    let problem = Diagnostic::error("no-admin", message, node.span());
                    problems.push(problem.hint("say so in `enrolment`"));
                }
            }
        }
    }
}

/// What a device or an admin table says of admins.
#[derive(Default)]
struct AdminKeys {
    target_sdk: Option<u8>,
    direct_boot_aware: Option<bool>,
    token_storage: Option<TokenStorage>,
    may_reset: Option<bool>,
    may_read_complexity: Option<bool>,
    policy: Option<PasswordPolicy>,
    parent_policy: Option<PasswordPolicy>,
}

impl AdminKeys {
    fn read(section: &mut Section<'_>, problems: Problems<'_>) -> Self {
        let policy = |node: Option<Node<'_>>, problems: Problems<'_>| {
            node?.section("policy", problems).map(|table| PasswordPolicy::read(table, problems))
        };
        Self {
            target_sdk: section.integer("target-sdk", 1, 255, problems).and_then(small),
            direct_boot_aware: section.truth("direct-boot-aware", problems),
            token_storage: section.word("token-storage", TokenStorage::WORDS, problems),
            may_reset: section.truth("may-reset", problems),
            may_read_complexity: section.truth("request-password-complexity", problems),
            policy: policy(section.take("policy"), problems),
            parent_policy: policy(section.take("parent-policy"), problems),
        }
    }

    fn apply(&self, admin: &mut Admin) {
        admin.target_sdk = self.target_sdk.unwrap_or(admin.target_sdk);
        admin.direct_boot_aware = self.direct_boot_aware.unwrap_or(admin.direct_boot_aware);
        admin.token_storage = self.token_storage.unwrap_or(admin.token_storage);
        admin.may_reset = self.may_reset.unwrap_or(admin.may_reset);
        admin.may_read_complexity = self.may_read_complexity.unwrap_or(admin.may_read_complexity);
        admin.policy = self.policy.unwrap_or(admin.policy);
        admin.parent_policy = self.parent_policy.unwrap_or(admin.parent_policy);
    }
}

fn small(number: i64) -> Option<u8> {
    u8::try_from(number).ok()
}

fn read_level(
    section: &mut Section<'_>,
    version: Option<OsVersion>,
    problems: Problems<'_>,
) -> Option<ApiLevel> {
    let (low, high) = (ApiLevel::FIRST.number().into(), ApiLevel::LAST.number().into());
    if let Some(node) = section.take("api-level") {
        let number = node.integer("api-level", low, high, problems)?;
        return small(number).and_then(ApiLevel::new);
    }
    let number = version.and_then(|version| u8::try_from(version.parts()[0]).ok());
    let level = number.and_then(ApiLevel::new);
    if level.is_none() {
        let message = "the device has no `api-level`";
        let problem = Diagnostic::error("missing-key", message, section.span());
        problems.push(problem.hint("or give the scenario `api-levels`, such as \"26-36\""));
    }
    level
}

fn read_enrolments(
    section: &mut Section<'_>,
    problems: Problems<'_>,
) -> Vec<(Enrolment, Range<usize>)> {
    let Some(node) = section.take("enrolment") else { return Vec::new() };
    let mut enrolments: Vec<(Enrolment, Range<usize>)> = Vec::new();
    for text in node.texts("enrolment", problems) {
        let Ok(enrolment) = text.value.parse::<Enrolment>() else {
            problems.push(unknown_word("enrolment", &text, Enrolment::WORDS));
            continue;
        };
        let admin = |one: Enrolment| one.admin().map(|(kind, _)| kind);
        if enrolments.iter().any(|(other, _)| admin(*other) == admin(enrolment)) {
            let message = format!("`{}` cannot be added to the others", text.value);
            problems.push(Diagnostic::error("two-of-a-kind", message, text.span));
            continue;
        }
        enrolments.push((enrolment, text.span));
    }
    enrolments
}

impl PasswordPolicy {
    /// Reads the table of a policy.
    pub(crate) fn read(mut table: Section<'_>, problems: Problems<'_>) -> Self {
        let mut policy = Self::NONE;
        policy.quality =
            table.word("quality", Quality::WORDS, problems).unwrap_or(Quality::Unspecified);
        policy.complexity =
            table.word("complexity", Complexity::WORDS, problems).unwrap_or(Complexity::None);
        for which in Minimum::ALL {
            let value = table.integer(which.as_str(), 0, 255, problems).and_then(small);
            if let Some(value) = value {
                policy.minima.set(*which, value);
            }
        }
        table.finish(problems);
        policy
    }
}

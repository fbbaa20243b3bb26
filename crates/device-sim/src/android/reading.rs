//! Reading an Android device and its calls from a scenario file.

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, Text, unknown_word};
use eligibility::facts::OsVersion;

use super::admin::{Admin, AdminKind, TokenStorage};
use super::call::{Call, Factor};
use super::level::ApiLevel;
use super::parameters::Parameters;
use super::policy::{Complexity, Minimum, PasswordPolicy, Quality};
use super::secret::{Lock, Secret, TokenBytes};
use super::setup::{Enrolment, Setup};
use super::user::UserId;
use super::{Caller, Flags, Who};

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
        let mut setup = Self::new(api, &enrolments);
        if let Some(node) = section.take("parameters")
            && let Some(table) = node.section("parameters", problems)
        {
            setup.parameters = Parameters::read(table, problems);
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
        if let Some(text) = section.text("lock", problems) {
            self.lock = Lock::from_text(&text.value);
        }
        if let Some(text) = section.text("work-lock", problems) {
            if self.has_profile() && self.api.number() >= 24 {
                self.work_lock = Some(Lock::from_text(&text.value));
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
            let Some(node) = section.take(kind.word()) else { continue };
            let Some(mut table) = node.section("admin", problems) else { continue };
            let keys = AdminKeys::read(&mut table, problems);
            table.finish(problems);
            match self.admins.iter_mut().find(|admin| admin.kind == *kind) {
                Some(admin) => keys.apply(admin),
                None => {
                    let message = format!("the device has no {}", kind.word());
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
            policy: policy(section.take("policy"), problems),
            parent_policy: policy(section.take("parent-policy"), problems),
        }
    }

    fn apply(&self, admin: &mut Admin) {
        admin.target_sdk = self.target_sdk.unwrap_or(admin.target_sdk);
        admin.direct_boot_aware = self.direct_boot_aware.unwrap_or(admin.direct_boot_aware);
        admin.token_storage = self.token_storage.unwrap_or(admin.token_storage);
        admin.may_reset = self.may_reset.unwrap_or(admin.may_reset);
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

fn read_enrolments(section: &mut Section<'_>, problems: Problems<'_>) -> Vec<Enrolment> {
    let Some(node) = section.take("enrolment") else { return Vec::new() };
    let nodes = node.as_list().unwrap_or_else(|| vec![node]);
    let mut enrolments: Vec<Enrolment> = Vec::new();
    for node in nodes {
        let Some(text) = node.text("enrolment", problems) else { continue };
        let Ok(enrolment) = text.value.parse::<Enrolment>() else {
            problems.push(unknown_word("enrolment", &text, Enrolment::WORDS));
            continue;
        };
        let admin = |one: Enrolment| one.admin().map(|(kind, _)| kind);
        if enrolments.iter().any(|other| admin(*other) == admin(enrolment)) {
            let message = format!("`{}` cannot be added to the others", text.value);
            problems.push(Diagnostic::error("two-of-a-kind", message, text.span));
            continue;
        }
        enrolments.push(enrolment);
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
            let value = table.integer(which.word(), 0, 255, problems).and_then(small);
            if let Some(value) = value {
                policy.minima.set(*which, value);
            }
        }
        table.finish(problems);
        policy
    }
}

/// Takes the arguments of one step.
struct Arguments<'s, 'a, 'p> {
    setup: &'s Setup,
    section: &'s mut Section<'a>,
    problems: &'p mut Vec<Diagnostic>,
}

impl Call {
    /// Reads the call of a step.
    pub(crate) fn read(
        setup: &Setup,
        verb: &Text,
        section: &mut Section<'_>,
        problems: Problems<'_>,
    ) -> Option<Self> {
        let mut arguments = Arguments { setup, section, problems };
        if !Self::VERBS.contains(&verb.value.as_str()) {
            arguments.problems.push(unknown_word("do", verb, Self::VERBS));
            return None;
        }
        arguments.app_call(&verb.value).or_else(|| arguments.person_call(&verb.value))
    }
}

impl Arguments<'_, '_, '_> {
    /// The calls that admins' apps make.
    fn app_call(&mut self, verb: &str) -> Option<Call> {
        Some(match verb {
            "set-reset-password-token" => {
                Call::SetResetPasswordToken { by: self.caller(), token: self.token() }
            }
            "is-reset-password-token-active" => {
                Call::IsResetPasswordTokenActive { by: self.caller() }
            }
            "clear-reset-password-token" => Call::ClearResetPasswordToken { by: self.caller() },
            "reset-password-with-token" => Call::ResetPasswordWithToken {
                by: self.caller(),
                password: self.password(),
                token: self.token(),
                flags: self.flags(),
            },
            "reset-password" => Call::ResetPassword {
                by: self.caller(),
                password: self.password(),
                flags: self.flags(),
            },
            "lock-now" => Call::LockNow { by: self.caller(), evict_key: self.truth("evict-key") },
            "is-active-password-sufficient" => {
                Call::IsActivePasswordSufficient { by: self.caller() }
            }
            "get-password-complexity" => Call::GetPasswordComplexity { by: self.caller() },
            "is-using-unified-password" => Call::IsUsingUnifiedPassword { by: self.caller() },
            "set-password-quality" => Call::SetPasswordQuality {
                by: self.caller(),
                quality: self.word("quality", Quality::WORDS, Quality::Unspecified),
            },
            "set-password-minimum" => Call::SetPasswordMinimum {
                by: self.caller(),
                which: self.word("which", Minimum::WORDS, Minimum::Length),
                value: self.number("value").and_then(|value| u8::try_from(value).ok())?,
            },
            "set-required-password-complexity" => Call::SetRequiredPasswordComplexity {
                by: self.caller(),
                complexity: self.word("complexity", Complexity::WORDS, Complexity::None),
            },
            "install-policy" => Call::InstallPolicy { by: self.caller(), policy: self.policy() },
            _ => return None,
        })
    }

    /// What people, the system and services do.
    fn person_call(&mut self, verb: &str) -> Option<Call> {
        Some(match verb {
            "add-escrow-token" => {
                Call::AddEscrowToken { user: self.user(), token: self.token().unwrap_or_default() }
            }
            "create-confirm-credential-intent" => {
                Call::CreateConfirmCredentialIntent { user: self.user() }
            }
            "confirm-credential" => {
                Call::ConfirmCredential { user: self.user(), with: self.factor()? }
            }
            "unlock" => Call::Unlock { user: self.user(), with: self.factor()? },
            "screen-off" => Call::ScreenOff,
            "user-sets-lock" => Call::UserSetsLock { user: self.user(), lock: self.lock()? },
            "user-removes-lock" => Call::UserRemovesLock { user: self.user() },
            "user-enrols-biometrics" => Call::UserEnrolsBiometrics { user: self.user() },
            "user-unifies-challenge" => Call::UserUnifiesChallenge,
            "quiet-mode" => Call::QuietMode { on: self.required_truth("state")? },
            "press-forgot-password" => Call::PressForgotPassword,
            "reboot" => Call::Reboot,
            "finish-setup" => Call::FinishSetup,
            "make-device-owner" => Call::MakeDeviceOwner,
            "create-work-profile" => Call::CreateWorkProfile,
            "remove-work-profile" => Call::RemoveWorkProfile,
            "remove-owner" => Call::RemoveOwner { by: self.caller().who },
            "transfer-ownership" => Call::TransferOwnership { by: self.caller().who },
            "factory-reset" => Call::FactoryReset,
            "go-offline" => Call::GoOffline,
            "go-online" => Call::GoOnline,
            "amapi-reset-password" => Call::AmapiResetPassword {
                password: self.password(),
                flags: self.flags(),
                lock_now: self.truth("lock-now"),
                minutes: self.minutes(),
            },
            _ => return None,
        })
    }

    fn caller(&mut self) -> Caller {
        let who = self.word("by", Who::WORDS, self.setup.default_caller());
        Caller { who, on_parent: self.truth("on-parent") }
    }

    fn user(&mut self) -> UserId {
        self.word("user", UserId::WORDS, self.setup.default_user())
    }

    fn word<T: std::str::FromStr>(
        &mut self,
        key: &'static str,
        words: &[&'static str],
        default: T,
    ) -> T {
        self.section.word(key, words, self.problems).unwrap_or(default)
    }

    fn truth(&mut self, key: &'static str) -> bool {
        self.section.truth(key, self.problems).unwrap_or(false)
    }

    fn required_truth(&mut self, key: &'static str) -> Option<bool> {
        self.section.require(key, self.problems)?.truth(key, self.problems)
    }

    fn number(&mut self, key: &'static str) -> Option<i64> {
        self.section.require(key, self.problems)?.integer(key, 0, 255, self.problems)
    }

    fn minutes(&mut self) -> Option<u32> {
        let number = self.section.integer("minutes", 1, 525_600, self.problems)?;
        u32::try_from(number).ok()
    }

    fn flags(&mut self) -> Flags {
        Flags {
            require_entry: self.truth("require-entry"),
            do_not_ask_on_boot: self.truth("do-not-ask-on-boot"),
        }
    }

    /// A password; `false`, like an empty text, is null.
    fn password(&mut self) -> Secret {
        let node = self.section.require("password", self.problems);
        let null = node.is_some_and(|node| node.as_bool() == Some(false));
        let text = node.filter(|_| !null).and_then(|node| node.text("password", self.problems));
        Secret::new(text.as_ref().map_or("", |text| text.value.as_str()))
    }

    /// A token: its text, its length, `false` for null, or nothing for the usual one.
    fn token(&mut self) -> Option<TokenBytes> {
        let Some(node) = self.section.take("token") else { return Some(TokenBytes::default()) };
        if node.as_bool() == Some(false) {
            return None;
        }
        if node.as_integer().is_some() {
            let length = node.integer("token", 0, 4096, self.problems)?;
            return usize::try_from(length).ok().map(TokenBytes::of_length);
        }
        node.text("token", self.problems).map(|text| TokenBytes::new(text.value.as_bytes()))
    }

    fn lock(&mut self) -> Option<Lock> {
        let text = self.section.require_text("lock", self.problems)?;
        if text.value.is_empty() {
            let message = "an empty lock is no lock";
            let problem = Diagnostic::error("empty-lock", message, text.span);
            self.problems.push(problem.hint("use `user-removes-lock`"));
            return None;
        }
        Some(Lock::from_text(&text.value))
    }

    fn policy(&mut self) -> PasswordPolicy {
        let node = self.section.require("policy", self.problems);
        let table = node.and_then(|node| node.section("policy", self.problems));
        table.map_or(PasswordPolicy::NONE, |table| PasswordPolicy::read(table, self.problems))
    }

    /// What a person identifies themselves with: exactly one of three keys.
    fn factor(&mut self) -> Option<Factor> {
        let credential = self.section.text("credential", self.problems);
        let biometric = self.truth("biometric");
        let generated = self.truth("new-passcode");
        match (credential, biometric, generated) {
            (Some(text), false, false) => {
                let lock = Lock::from_text(&text.value);
                Some(Factor::Known(lock.secret().clone()))
            }
            (None, true, false) => Some(Factor::Biometric),
            (None, false, true) => Some(Factor::Generated),
            _ => {
                let message = "expected one of `credential`, `biometric`, `new-passcode`";
                let span = self.section.span();
                self.problems.push(Diagnostic::error("factor", message, span));
                None
            }
        }
    }
}

//! Parsing an Android device of a scenario file.

use std::ops::Range;

use eligibility::diagnostic::Diagnostic;
use eligibility::document::{Node, Section, Text, unknown_word};
use eligibility::facts::OsVersion;

use super::admin::{Admin, AdminKind, TokenStorage};
use super::level::ApiLevel;
use super::parameters::Parameters;
use super::policy::{Complexity, Minimum, PasswordPolicy, Quality};
use super::secret::Lock;
use super::setup::{Enrolment, Setup};
use crate::model::tables::{Declared, table_keys};
use crate::model::verbs::{Argument, Key, KeyValue, Presence, Values, Written, word_keys};
use crate::model::{Problems, Value};

const LEVEL: Declared<ApiLevel> =
    Declared::new("api-level", "The API level; needed unless the file has `api-levels`.");
const ENROLMENT: Declared<Vec<Text>> = Declared::parsed(
    "enrolment",
    "How it is managed.",
    || Values::WordList(Enrolment::WORDS),
    |name, node, problems| Some(node.texts(name, problems)),
);
const PARAMETERS: Declared<Parameters> =
    Declared::new("parameters", "Choices where the sources are silent.");
const LOCK: Declared<Lock> =
    lock_at_start("lock", "The credential of the device: digits are a PIN.");
const WORK_LOCK: Declared<Lock> =
    lock_at_start("work-lock", "The credential of the work profile, if it has its own.");

/// Declares a lock at the start, which is one.
const fn lock_at_start(name: &'static str, meaning: &'static str) -> Declared<Lock> {
    Declared::parsed(
        name,
        meaning,
        || Values::Passcode,
        |name, node, problems| {
            let text = node.text(name, problems)?;
            Lock::parse_text(&text, "for no lock, leave the key out", problems)
        },
    )
}

impl Setup {
    /// Describes the keys of a device.
    pub(crate) fn describe() -> Vec<Argument> {
        let mut keys = vec![
            LEVEL.describe(Presence::Optional),
            ENROLMENT.describe(Presence::Optional),
            PARAMETERS.describe(Presence::Optional),
            LOCK.describe(Presence::Optional),
            WORK_LOCK.describe(Presence::Optional),
        ];
        keys.extend(Self::keys());
        keys.extend(AdminKeys::keys());
        keys.extend(AdminKind::ALL.iter().map(|kind| Argument {
            name: kind.as_str(),
            values: Values::Table(AdminKeys::keys()),
            presence: Presence::Optional,
            meaning: "One of several admins.",
        }));
        keys
    }

    /// Reads the table of a device.
    pub(crate) fn read(
        mut section: Section<'_>,
        version: Option<OsVersion>,
        problems: &mut Problems,
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
        if let Some(parameters) = PARAMETERS.take(&mut section, problems) {
            setup.parameters = parameters;
            for admin in &mut setup.admins {
                admin.direct_boot_aware = setup.parameters.agent_direct_boot_aware;
            }
            let fbe_from = setup.parameters.fbe_from;
            setup.hardware.file_based_encryption = u32::from(setup.api.number()) >= fbe_from;
        }
        setup.read_locks(&mut section, problems);
        setup.read_keys(&mut section, problems);
        setup.read_admins(&mut section, problems);
        section.finish(problems);
        setup
    }

    fn read_locks(&mut self, section: &mut Section<'_>, problems: &mut Problems) {
        if let Some(lock) = LOCK.take(section, problems) {
            self.lock = lock;
        }
        let span = section.look_at("work-lock").map(Node::span);
        if let Some(lock) = WORK_LOCK.take(section, problems) {
            if self.has_profile() && self.api.number() >= 24 {
                self.work_lock = Some(lock);
            } else {
                let message = "`work-lock` needs a work profile and API level 24";
                let span = span.unwrap_or_else(|| section.span());
                problems.push(Diagnostic::error("no-work-lock", message, span));
            }
        }
    }

    fn read_admins(&mut self, section: &mut Section<'_>, problems: &mut Problems) {
        let mut all = AdminKeys::default();
        all.read_keys(section, problems);
        if let Some(main) = self.main_admin() {
            let (policy, parent_policy) = (all.policy.take(), all.parent_policy.take());
            main.policy = policy.unwrap_or(main.policy);
            main.parent_policy = parent_policy.unwrap_or(main.parent_policy);
        }
        self.admins.iter_mut().for_each(|admin| all.apply(admin));
        for kind in AdminKind::ALL {
            let Some(node) = section.take(kind.as_str()) else { continue };
            let Some(mut table) = node.section("admin", problems) else { continue };
            let mut keys = AdminKeys::default();
            keys.read_keys(&mut table, problems);
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

/// The admins of a device or of an admin table.
#[derive(Default)]
pub(super) struct AdminKeys {
    target_sdk: Option<u8>,
    direct_boot_aware: Option<bool>,
    token_storage: Option<TokenStorage>,
    may_reset: Option<bool>,
    may_read_complexity: Option<bool>,
    policy: Option<PasswordPolicy>,
    parent_policy: Option<PasswordPolicy>,
}

table_keys! {
    for AdminKeys;
    /// The API level that the app is built for.
    "target-sdk" => target_sdk: Option<u8> [1 to 255];
    /// The app runs before the first unlock.
    "direct-boot-aware" => direct_boot_aware: Option<bool>;
    /// The storage of the app's token.
    "token-storage" => token_storage: Option<TokenStorage>;
    /// A device admin holds the reset-password policy.
    "may-reset" => may_reset: Option<bool>;
    /// The app holds REQUEST_PASSWORD_COMPLEXITY.
    "request-password-complexity" => may_read_complexity: Option<bool>;
    /// Its requirements on its user's passcode.
    "policy" => policy: Option<PasswordPolicy>;
    /// Its requirements on the device's passcode.
    "parent-policy" => parent_policy: Option<PasswordPolicy>;
}

impl AdminKeys {
    /// Writes an admin as a key of its device, as scenarios do.
    pub(super) fn toml_of(admin: &Admin) -> String {
        let usual = Admin::new(admin.kind, admin.user, admin.target_sdk, &Parameters::default());
        let changed = |value: bool, usual: bool| Some(value).filter(|_| value != usual);
        let demand = |policy: PasswordPolicy| Some(policy).filter(|it| *it != PasswordPolicy::NONE);
        let keys = Self {
            target_sdk: Some(admin.target_sdk),
            direct_boot_aware: Some(admin.direct_boot_aware),
            token_storage: Some(admin.token_storage).filter(|it| *it != usual.token_storage),
            may_reset: changed(admin.may_reset, usual.may_reset),
            may_read_complexity: changed(admin.may_read_complexity, usual.may_read_complexity),
            policy: demand(admin.policy),
            parent_policy: demand(admin.parent_policy),
        };
        let lines = keys.written_keys(&Self::default());
        format!("{} = {{ {} }}", admin.kind.as_str(), lines.join(", "))
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

word_keys!(TokenStorage);

impl Written for ApiLevel {
    fn shown(&self) -> Value {
        Value::Number(self.number().into())
    }

    fn toml(&self) -> String {
        self.number().to_string()
    }
}

impl KeyValue for ApiLevel {
    fn values(_: &Key<Self>) -> Values {
        Values::Integer(Self::FIRST.number().into(), Self::LAST.number().into())
    }

    fn parse(key: &Key<Self>, node: Node<'_>, problems: &mut Problems) -> Option<Self> {
        let (low, high) = (Self::FIRST.number().into(), Self::LAST.number().into());
        small(node.integer(key.name, low, high, problems)?).and_then(Self::new)
    }
}

fn read_level(
    section: &mut Section<'_>,
    version: Option<OsVersion>,
    problems: &mut Problems,
) -> Option<ApiLevel> {
    if section.look_at("api-level").is_some() {
        return LEVEL.take(section, problems);
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
    problems: &mut Problems,
) -> Vec<(Enrolment, Range<usize>)> {
    let Some(texts) = ENROLMENT.take(section, problems) else { return Vec::new() };
    let mut enrolments: Vec<(Enrolment, Range<usize>)> = Vec::new();
    for text in texts {
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
    pub(crate) fn read(mut table: Section<'_>, problems: &mut Problems) -> Self {
        let mut policy = Self::NONE;
        policy.quality = table.word("quality", problems).unwrap_or(Quality::Unspecified);
        policy.complexity = table.word("complexity", problems).unwrap_or(Complexity::None);
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

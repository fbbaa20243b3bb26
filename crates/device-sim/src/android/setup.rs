//! An Android device when a scenario starts: enrolled, set up, and its user has unlocked.

use super::admin::{Admin, AdminKind};
use super::events::PolicyEvent;
use super::level::ApiLevel;
use super::parameters::Parameters;
use super::parse::AdminKeys;
use super::policy::PasswordPolicy;
use super::secret::Lock;
use super::user::{Challenge, User, UserId};
use super::{Amapi, Device, Who};
use crate::model::quote;
use crate::model::tables::table_keys;
use crate::model::verbs::Written;
use eligibility::closed_enum;

closed_enum! {
    /// A way in which a device is managed. A device may be enrolled in several.
    pub enum Enrolment: "enrolment" {
        /// Not managed.
        None = "none",
        /// An active device admin on the primary user.
        DeviceAdmin = "device-admin",
        /// A second one.
        SecondDeviceAdmin = "second-device-admin",
        /// A device owner: fully managed or dedicated.
        DeviceOwner = "device-owner",
        /// A device owner of the type for financed devices, from level 33 on.
        FinancedDeviceOwner = "financed-device-owner",
        /// A work profile with its owner on a device that its user owns.
        WorkProfile = "work-profile",
        /// A work profile on a device that the company owns, from level 30 on.
        CorporateWorkProfile = "corporate-work-profile",
        /// A profile owner on the primary user, which is no work profile.
        UserOwner = "profile-owner-of-device-user",
    }
}

impl Enrolment {
    /// Returns the admin that it brings, and the user on which the admin runs.
    pub(super) const fn admin(self) -> Option<(AdminKind, UserId)> {
        match self {
            Self::None => None,
            Self::DeviceAdmin => Some((AdminKind::DeviceAdmin, UserId::Device)),
            Self::SecondDeviceAdmin => Some((AdminKind::SecondDeviceAdmin, UserId::Device)),
            Self::DeviceOwner | Self::FinancedDeviceOwner => {
                Some((AdminKind::DeviceOwner, UserId::Device))
            }
            Self::WorkProfile | Self::CorporateWorkProfile => {
                Some((AdminKind::ProfileOwner, UserId::Work))
            }
            Self::UserOwner => Some((AdminKind::ProfileOwner, UserId::Device)),
        }
    }
}

impl Enrolment {
    /// Returns the conflict of an enrolment with the others at a level, with the remedy.
    ///
    /// Source: `checkManagedProfileProvisioningPreCondition` in `DevicePolicyManagerService.java`
    /// at API levels 29 and 30, <https://github.com/AndroidSDKSources>.
    pub(super) fn contradiction(
        self,
        api: ApiLevel,
        mut others: impl Iterator<Item = Self>,
    ) -> Option<(&'static str, &'static str)> {
        let level = api.number();
        if self == Self::CorporateWorkProfile && level < 30 {
            let hint = "before, such a device had a device owner and a work profile";
            return Some(("company-owned work profiles came with API level 30", hint));
        }
        if self == Self::FinancedDeviceOwner && level < 33 {
            let hint = "begin `api-levels` with 33";
            return Some(("financed device owners are simulated from API level 33 on", hint));
        }
        let has_profile = |one: Self| one.admin().is_some_and(|(_, user)| user == UserId::Work);
        let beside = others.any(|other| {
            let is_owner = |one| matches!(one, Self::DeviceOwner | Self::FinancedDeviceOwner);
            let owned = is_owner(self) || is_owner(other);
            owned && (has_profile(self) || has_profile(other))
        });
        (beside && level >= 30).then_some((
            "from API level 30 no device has a device owner and a work profile",
            "end `api-levels` with 29, or use `corporate-work-profile`",
        ))
    }
}

/// The abilities of a device, and its defects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hardware {
    /// Storage is encrypted per user.
    pub file_based_encryption: bool,
    /// The feature of a secure lock screen.
    pub secure_lock_screen: bool,
    /// The feature of device admins.
    pub device_admin: bool,
    /// The device is a car.
    pub automotive: bool,
    /// The lock hardware refuses to enrol new passwords for now.
    pub enrolment_throttled: bool,
}

/// A device at the start of a scenario.
///
/// ```
/// use device_sim::android::{ApiLevel, Enrolment, Setup, TokenState, UserId};
///
/// let device = Setup::new(ApiLevel::LAST, &[Enrolment::WorkProfile]).build();
/// let work = device.user(UserId::Work).expect("enrolled in one");
/// assert_eq!(work.token_state(), TokenState::Absent);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The API level.
    pub api: ApiLevel,
    /// Its management.
    pub enrolments: Vec<Enrolment>,
    /// The device's lock.
    pub lock: Lock,
    /// The work profile's own lock; `None` for one that opens with the device's.
    pub work_lock: Option<Lock>,
    /// True if every user with a lock has fingerprints enrolled.
    pub biometrics: bool,
    /// True if the set-up wizard is done.
    pub provisioned: bool,
    /// The abilities of the device.
    pub hardware: Hardware,
    /// Free Weaver slots, on hardware that has Weaver.
    pub weaver_slots: Option<u8>,
    /// The choices where sources are silent.
    pub parameters: Parameters,
    /// True if apps that are no admins hold `REQUEST_PASSWORD_COMPLEXITY`.
    pub app_may_read_complexity: bool,
    pub(super) admins: Vec<Admin>,
}

table_keys! {
    for Setup;
    /// The users have enrolled biometrics.
    "biometrics" => biometrics: bool;
    /// The setup wizard has ended.
    "provisioned" => provisioned: bool;
    /// Users are encrypted apart from each other.
    "file-based-encryption" => hardware.file_based_encryption: bool;
    /// The device has a secure lock screen.
    "secure-lock-screen" => hardware.secure_lock_screen: bool;
    /// The device knows device admins.
    "device-admin-feature" => hardware.device_admin: bool;
    /// The device is a car.
    "automotive" => hardware.automotive: bool;
    /// The lock hardware makes enrolments wait.
    "enrolment-throttled" => hardware.enrolment_throttled: bool;
    /// Apps that are no admins hold REQUEST_PASSWORD_COMPLEXITY.
    "app-may-read-complexity" => app_may_read_complexity: bool;
    /// Free slots of the lock hardware.
    "weaver-slots" => weaver_slots: Option<u8> [0 to 255];
}

impl Setup {
    /// Returns an unlocked device without locks and policies.
    pub fn new(api: ApiLevel, enrolments: &[Enrolment]) -> Self {
        let parameters = Parameters::default();
        let financed = enrolments.contains(&Enrolment::FinancedDeviceOwner);
        let mut admins = enrolments
            .iter()
            .filter_map(|enrolment| enrolment.admin())
            .map(|(kind, user)| Admin::new(kind, user, api.number(), &parameters))
            .collect::<Vec<_>>();
        for admin in admins.iter_mut().filter(|_| financed) {
            admin.is_financed = admin.kind == AdminKind::DeviceOwner;
        }
        Self {
            api,
            enrolments: enrolments.to_vec(),
            lock: Lock::none(),
            work_lock: None,
            biometrics: false,
            provisioned: true,
            hardware: Hardware {
                file_based_encryption: u32::from(api.number()) >= parameters.fbe_from,
                secure_lock_screen: true,
                device_admin: true,
                automotive: false,
                enrolment_throttled: false,
            },
            weaver_slots: None,
            parameters,
            app_may_read_complexity: false,
            admins,
        }
    }

    /// Returns true if there is a work profile.
    pub fn has_profile(&self) -> bool {
        self.admins.iter().any(|admin| admin.user == UserId::Work)
    }

    /// Returns true if an observable is about the work profile, and there is none.
    pub(crate) fn lacks_profile_of(&self, observable: &str) -> bool {
        let is_of_profile = observable.starts_with("work-")
            || ["challenge", "quiet-mode", "forgot-button"].contains(&observable);
        is_of_profile && !self.has_profile()
    }

    /// Returns the admins that the enrolments bring.
    pub fn admins_mut(&mut self) -> &mut [Admin] {
        &mut self.admins
    }

    /// The requirements of the first owner, or else the first admin, on its own user's password.
    pub fn set_policy(&mut self, policy: PasswordPolicy) {
        if let Some(admin) = self.main_admin() {
            admin.policy = policy;
        }
    }

    /// Returns the admin that a scenario means when it names none.
    pub(super) fn main_admin(&mut self) -> Option<&mut Admin> {
        self.admins.iter_mut().max_by_key(|admin| match admin.kind {
            AdminKind::ProfileOwner => 3,
            AdminKind::DeviceOwner => 2,
            AdminKind::DeviceAdmin => 1,
            AdminKind::SecondDeviceAdmin => 0,
        })
    }

    /// Returns the caller that a scenario means when it names none.
    pub fn default_caller(&self) -> Who {
        let has = |kind| self.admins.iter().any(|admin| admin.kind == kind);
        if has(AdminKind::ProfileOwner) {
            Who::ProfileOwner
        } else if has(AdminKind::DeviceOwner) {
            Who::DeviceOwner
        } else if has(AdminKind::DeviceAdmin) {
            Who::DeviceAdmin
        } else {
            Who::App
        }
    }

    /// Returns the user that a scenario means when it names none.
    pub(crate) fn default_user(&self) -> UserId {
        if self.has_profile() { UserId::Work } else { UserId::Device }
    }

    /// Returns the device.
    pub fn build(&self) -> Device {
        let mut primary = User::new(self.lock.clone(), Challenge::Separate);
        primary.biometrics = self.biometrics && primary.is_secure();
        let work = self.has_profile().then(|| {
            let (lock, challenge) = match &self.work_lock {
                Some(lock) => (lock.clone(), Challenge::Separate),
                None => (Lock::none(), Challenge::Unified),
            };
            let mut work = User::new(lock, challenge);
            work.biometrics = self.biometrics && work.is_secure();
            work
        });
        let mut device = Device {
            api: self.api.number(),
            unified_disallowed: false,
            app_may_read_complexity: self.app_may_read_complexity,
            company_owned: self.enrolments.contains(&Enrolment::CorporateWorkProfile),
            hardware: self.hardware,
            parameters: self.parameters,
            provisioned: self.provisioned,
            tied_lock_cached: self.api.number() >= 30 && primary.is_secure(),
            primary,
            work,
            admins: self.admins.clone(),
            apps: self.admins.iter().map(Admin::without_policies).collect(),
            do_not_ask_on_boot: false,
            notification: false,
            weaver_free: self.weaver_slots,
            logged: None,
            event: PolicyEvent::None,
            amapi: Amapi::default(),
        };
        device.tie_profile();
        device.tell_agent();
        device
    }

    /// Returns the setup as the table of a device, which reads back as the same setup.
    pub(crate) fn to_toml(&self) -> String {
        let plain = Self::new(self.api, &self.enrolments);
        let words: Vec<_> = self.enrolments.iter().map(|e| format!("\"{}\"", e.as_str())).collect();
        let mut lines = vec![
            "kind = \"android\"".to_owned(),
            format!("api-level = {}", self.api.number()),
            format!("enrolment = [{}]", words.join(", ")),
        ];
        let text = |key: &str, lock: &Lock| format!("{key} = {}", quote(&lock.to_text()));
        lines.extend((self.lock != plain.lock).then(|| text("lock", &self.lock)));
        lines.extend(self.work_lock.as_ref().map(|lock| text("work-lock", lock)));
        lines.extend(self.written_keys(&plain));
        lines.extend(self.admins.iter().map(AdminKeys::toml_of));
        if self.parameters != plain.parameters {
            lines.push(format!("parameters = {}", self.parameters.toml()));
        }
        lines.join("\n") + "\n"
    }
}

//! The management of a device when a scenario starts.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::diagnostic::Diagnostic;
use eligibility::document::Section;

use super::action::{ManagementState, RemoteAction};
use super::action_log::ActionLog;
use super::agent::Agent;
use super::approval::Approvals;
use super::call::Call;
use super::channel::PushChannel;
use super::compliance::Compliance;
use super::parameters::Parameters;
use super::record::{OthersToday, Record, Rules};
use super::roles::RoleList;
use super::schedule::{CheckIn, Schedule, early_wait};
use crate::android::{self, Call as AndroidCall, Factor, PasswordPolicy, TokenState};
use crate::device::{Device, DeviceSetup, Platform};
use crate::model::tables::table_keys;
use crate::model::verbs::word_keys;
use crate::model::{Context, Problems, Rng};
use eligibility::closed_enum;

closed_enum! {
    /// The state of an Android device's reset token at the start.
    pub enum TokenAtStart: "token at start" {
        /// The state right after the agent has provisioned it.
        Usual = "usual",
        /// Not provisioned; the agent does so at its next contact.
        Absent = "absent",
        /// Provisioned; the user has not confirmed it.
        Pending = "pending",
        /// Provisioned, and confirmed where that was necessary.
        Active = "active",
        /// Lost by a restart while pending; the agent notices at its next contact.
        Lost = "lost",
    }
}

/// The management of a device at the start of a scenario.
///
/// ```
/// use chrono::DateTime;
/// use device_sim::android::{self, ApiLevel, Enrolment};
/// use device_sim::{Setup, service};
///
/// let oreo = ApiLevel::new(26).expect("26 is simulated");
/// let device = android::Setup::new(oreo, &[Enrolment::WorkProfile]);
/// let machine = Setup::managed(device, service::Setup::default()).build(DateTime::UNIX_EPOCH);
/// assert_eq!(machine.record().map(|record| record.results().len()), Some(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Its enrolment: a moment or long ago.
    pub check_in: CheckIn,
    /// Minutes to the first check-in of a settled device; without it, it comes when it is called, or
    /// after `check-in-minutes` while an action waits without a push.
    pub first_check_in_minutes: Option<u32>,
    /// True if pushes reach it by Google's services; ignored on Apple devices.
    pub google_services: bool,
    /// True if a Device Enrollment Manager enrolled it, which rules self-service out.
    pub enrollment_manager: bool,
    /// The list of roles that holds.
    pub roles: RoleList,
    /// A compliance policy for an Android device's passcode; an iPhone's is assigned in a step.
    pub compliance: Option<PasswordPolicy>,
    /// The reset token of an Android device.
    pub reset_token: TokenAtStart,
    /// True if an access policy demands a second administrator for wipe, retire and delete.
    pub multi_admin_approval: bool,
    /// True if the policy excludes apps, which then call Graph without an approval.
    pub approval_excludes_apps: bool,
    /// The tenant's other wipes on the day of the start.
    pub wipes_today: u32,
    /// The tenant's other retires on the day of the start.
    pub retires_today: u32,
    /// The tenant's other deletes on the day of the start.
    pub deletes_today: u32,
    /// Its scope tag; without one it has the tag `Default`.
    pub scope_tag: Option<Box<str>>,
    /// The management state.
    pub management_state: ManagementState,
    /// True if time drives it. Otherwise pushes and answers arrive only as steps: this is for the
    /// runs of explorations.
    pub drives_itself: bool,
    /// The choices where sources are silent.
    pub parameters: Parameters,
}

word_keys!(CheckIn, ManagementState, RoleList, TokenAtStart);

table_keys! {
    for Setup;
    /// The time since its enrolment.
    "check-in" => check_in: CheckIn;
    /// The list of roles in force, by the year of its page.
    "roles" => roles: RoleList;
    /// The token at the start; `usual` is what the agent has provisioned.
    "reset-token" => reset_token: TokenAtStart;
    /// The management state.
    "management-state" => management_state: ManagementState;
    /// Pushes reach the device; if not, it checks in on schedule.
    "google-services" => google_services: bool;
    /// Enrolled by a device enrollment manager.
    "device-enrollment-manager" => enrollment_manager: bool;
    /// Pushes and reports follow by themselves; if not, they are steps.
    "drives-itself" => drives_itself: bool;
    /// Another administrator must approve.
    "multi-admin-approval" => multi_admin_approval: bool;
    /// Requests of apps need no approval.
    "approval-excludes-apps" => approval_excludes_apps: bool;
    /// A compliance policy of an Android device.
    "compliance" => compliance: Option<PasswordPolicy>;
    /// Wipes requested on the day of the start so far.
    "wipes-today" => wipes_today: u32;
    /// Retires requested on the day of the start so far.
    "retires-today" => retires_today: u32;
    /// Deletes requested on the day of the start so far.
    "deletes-today" => deletes_today: u32;
    /// The scope tag of the device.
    "scope-tag" => scope_tag: Option<Box<str>>;
    /// The first check-in of a settled device; without it, after a push, or at the latest moment by
    /// `check-in-minutes` while an action waits without one.
    "first-check-in-minutes" => first_check_in_minutes: Option<u32> [0 to 525_600];
    /// Choices where the sources are silent.
    "parameters" => parameters: Parameters;
}

impl Default for Setup {
    /// Returns a device that was enrolled long ago and checks in when it is called.
    fn default() -> Self {
        Self {
            check_in: CheckIn::Settled,
            first_check_in_minutes: None,
            google_services: true,
            enrollment_manager: false,
            roles: RoleList::Of2025,
            compliance: None,
            reset_token: TokenAtStart::Usual,
            multi_admin_approval: false,
            approval_excludes_apps: false,
            wipes_today: 0,
            retires_today: 0,
            deletes_today: 0,
            scope_tag: None,
            management_state: ManagementState::Managed,
            drives_itself: true,
            parameters: Parameters::default(),
        }
    }
}

impl Setup {
    /// Reads the `intune` table of a device.
    pub(crate) fn read(
        device: &DeviceSetup,
        mut section: Section<'_>,
        problems: &mut Problems,
    ) -> Self {
        let mut setup = Self::default();
        setup.read_keys(&mut section, problems);
        let span = section.span();
        section.finish(problems);
        if let Some(why) = setup.contradiction(device) {
            problems.push(Diagnostic::error("impossible-device", why, span));
        }
        setup
    }

    /// Enrols a device, at a moment before everything that happens to it; returns its record.
    pub(crate) fn enrol(&self, device: &mut Device, start: DateTime<Utc>) -> Record {
        let mut actions = ActionLog::default();
        let mut preempting = RemoteAction::ALL.iter();
        let pending =
            preempting.find(|action| action.pending_state() == Some(self.management_state));
        if let Some(action) = pending {
            actions.enqueue(*action, start);
        }
        let agent = match device {
            Device::Android(device) => self.provision_token(device, start),
            Device::Apple(_) => Agent::new(self.token_is_gone()),
        };
        Record {
            rules: Rules {
                roles: self.roles,
                google_services: self.google_services,
                enrollment_manager: self.enrollment_manager,
                drives_itself: self.drives_itself,
                multi_admin_approval: self.multi_admin_approval,
                excludes_apps: self.approval_excludes_apps,
                others: OthersToday {
                    day: start.date_naive(),
                    wipes: self.wipes_today,
                    retires: self.retires_today,
                    deletes: self.deletes_today,
                },
                parameters: self.parameters,
            },
            management_state: self.management_state,
            actions,
            audit: Vec::new(),
            channel: PushChannel::default(),
            schedule: Schedule::new(self.check_in, self.first_check_in_minutes.is_some()),
            compliance: Compliance::new(self.compliance),
            agent,
            approvals: Approvals::default(),
            scope_tag: self.scope_tag.clone(),
        }
    }

    /// Provisions the reset token the way the agent does.
    fn provision_token(&self, device: &mut android::Device, start: DateTime<Utc>) -> Agent {
        // Nothing of this is random, and nothing lies ahead that it could schedule.
        let mut rng = Rng::new(0, 0);
        let mut context = Context::new(start, &mut rng);
        let mut agent = Agent::default();
        if self.reset_token != TokenAtStart::Absent {
            let mut parameters = self.parameters;
            // The policy that demanded a passcode then may be gone since.
            parameters.unrequired_provisions |= self.reset_token != TokenAtStart::Usual;
            agent.provision_token(device, parameters, &mut context);
        }
        match self.reset_token {
            TokenAtStart::Active => confirm(device, &mut context),
            TokenAtStart::Lost => {
                device.answer(&AndroidCall::Reboot, &mut context);
            }
            TokenAtStart::Usual | TokenAtStart::Absent | TokenAtStart::Pending => {}
        }
        Agent::new(self.token_is_gone())
    }

    fn token_is_gone(&self) -> bool {
        matches!(self.reset_token, TokenAtStart::Absent | TokenAtStart::Lost)
    }

    /// Returns the problem of a setup that no device can have, if there is one.
    pub(crate) fn contradiction(&self, device: &DeviceSetup) -> Option<&'static str> {
        if self.compliance.is_some() && device.platform() == Platform::Apple {
            return Some("the compliance policy of an Apple device is assigned in a step");
        }
        let wanted = match self.reset_token {
            TokenAtStart::Usual => return None,
            TokenAtStart::Absent => TokenState::Absent,
            TokenAtStart::Pending => TokenState::Pending,
            TokenAtStart::Active => TokenState::Active,
            TokenAtStart::Lost => TokenState::Lost,
        };
        let state = match device {
            DeviceSetup::Android(setup) => {
                let mut device = setup.build();
                self.provision_token(&mut device, DateTime::UNIX_EPOCH);
                let user = device.agent().and_then(|agent| device.user(agent.user));
                user.map(android::User::token_state)
            }
            DeviceSetup::Apple(_) => None,
        };
        (state != Some(wanted))
            .then_some("the reset token of such a device cannot be in this state")
    }

    /// Returns the first check-in by schedule, and how long after the start, if there is one.
    pub(crate) fn first_check_in(&self, platform: Platform) -> Option<(TimeDelta, Call)> {
        let wait = match self.check_in {
            CheckIn::Fresh => early_wait(platform, 0),
            CheckIn::Settled => {
                self.first_check_in_minutes.map(|minutes| TimeDelta::minutes(minutes.into()))
            }
        };
        wait.map(|wait| (wait, Call::CheckInDue))
    }

    /// Writes the `intune` key of a device, which reads back as the same setup.
    pub(crate) fn to_toml(&self) -> String {
        let keys = self.written_keys(&Self::default());
        format!("intune = {{ {} }}\n", keys.join(", "))
    }
}

/// The user confirms their credential, which makes a pending token active.
fn confirm(device: &mut android::Device, context: &mut Context<'_, AndroidCall>) {
    let Some(agent) = device.agent() else { return };
    let owner = device.credential_owner(agent.user);
    let Some(lock) = device.user(owner).map(|user| user.lock().clone()) else { return };
    if lock.is_secure() {
        let with = Factor::Known(lock.secret().clone());
        device.answer(&AndroidCall::Unlock { user: agent.user, with }, context);
    }
}

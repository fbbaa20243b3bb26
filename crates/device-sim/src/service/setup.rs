//! How a managed device is when a scenario starts.

use chrono::{DateTime, TimeDelta, Utc};

use super::account::{Account, Rules};
use super::action::{ManagementState, RemoteAction};
use super::managed::Managed;
use super::parameters::Parameters;
use super::roles::RoleList;
use super::schedule::CheckIn;
use crate::android::{Call as AndroidCall, Device, Factor, PasswordPolicy, TokenState};
use crate::machine::{self, Call as AnyCall, Context, Machine};
use crate::model::Rng;
use crate::model::verbs::Written;
use crate::model::words::words;
use crate::service::Call;

words! {
    /// What has become of an Android device's reset token by the start.
    pub enum TokenAtStart {
        /// What becomes of it when the agent has just looked after it.
        Usual = "usual",
        /// The agent has not provisioned one, and looks after it at its next contact.
        Absent = "absent",
        /// Provisioned; the user has not confirmed it.
        Pending = "pending",
        /// Provisioned, and confirmed where that was necessary.
        Active = "active",
        /// It was pending when the device restarted; the agent looks at its next contact.
        Lost = "lost",
    }
}

/// A managed device at the start of a scenario.
///
/// ```
/// use chrono::DateTime;
/// use device_sim::android::{self, ApiLevel, Enrolment};
/// use device_sim::{Setup, service};
///
/// let oreo = ApiLevel::new(26).expect("26 is simulated");
/// let device = android::Setup::new(oreo, &[Enrolment::WorkProfile]);
/// let managed = service::Setup::new(Setup::Android(Box::new(device)));
/// let machine = Setup::Managed(Box::new(managed)).build(DateTime::UNIX_EPOCH);
/// assert_eq!(machine.account().map(|account| account.results().len()), Some(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The device itself; not a managed one.
    pub device: machine::Setup,
    /// Whether it was enrolled a moment or long ago.
    pub check_in: CheckIn,
    /// Minutes to the first check-in of a settled device; without it, it comes when it is called.
    pub first_check_in_minutes: Option<u32>,
    /// Whether pushes reach it by Google's services; of no account on Apple devices.
    pub google_services: bool,
    /// Whether a Device Enrollment Manager enrolled it, which rules self-service out.
    pub enrollment_manager: bool,
    /// Which list of roles holds.
    pub roles: RoleList,
    /// A compliance policy for an Android device's passcode; an iPhone's is assigned in a step.
    pub compliance: Option<PasswordPolicy>,
    /// The reset token of an Android device.
    pub reset_token: TokenAtStart,
    /// What the service is about to do with it.
    pub management_state: ManagementState,
    /// Whether time drives it. Otherwise pushes and answers arrive only as steps: this is for the
    /// runs of explorations.
    pub drives_itself: bool,
    /// The choices where sources are silent.
    pub parameters: Parameters,
}

impl Setup {
    /// A device that was enrolled long ago and comes when it is called.
    pub fn new(device: machine::Setup) -> Self {
        Self {
            device,
            check_in: CheckIn::Settled,
            first_check_in_minutes: None,
            google_services: true,
            enrollment_manager: false,
            roles: RoleList::Of2025,
            compliance: None,
            reset_token: TokenAtStart::Usual,
            management_state: ManagementState::Managed,
            drives_itself: true,
            parameters: Parameters::default(),
        }
    }

    /// The device, at a moment before everything that happens to it.
    pub fn build(&self, start: DateTime<Utc>) -> Managed {
        let rules = Rules {
            roles: self.roles,
            google_services: self.google_services,
            enrollment_manager: self.enrollment_manager,
            drives_itself: self.drives_itself,
            compliance: self.compliance,
            parameters: self.parameters,
        };
        let fresh = self.check_in == CheckIn::Fresh;
        let mut account = Account::new(rules, fresh, self.management_state);
        let pending = match self.management_state {
            ManagementState::RetirePending => Some(RemoteAction::Retire),
            ManagementState::WipePending => Some(RemoteAction::Wipe),
            ManagementState::DeletePending => Some(RemoteAction::Delete),
            _ => None,
        };
        if let Some(action) = pending {
            account.open_unasked(action, start);
        }
        let mut managed = Managed::new(self.device.build(start), account);
        self.prepare_token(&mut managed, start);
        managed
    }

    /// Brings the reset token about as it comes about in life.
    fn prepare_token(&self, managed: &mut Managed, start: DateTime<Utc>) {
        // Nothing of this is left to chance, and nothing lies ahead that it could schedule.
        let mut rng = Rng::new(0, 0);
        let mut context = Context::new(start, &mut rng);
        if self.reset_token != TokenAtStart::Absent {
            // The policy that demanded a passcode then may be gone since.
            let demanded_then = self.reset_token != TokenAtStart::Usual;
            let parameters = managed.account.rules.parameters;
            managed.account.rules.parameters.unrequired_provisions |= demanded_then;
            managed.agent_looks(&mut context);
            managed.account.rules.parameters = parameters;
        }
        let Machine::Android(device) = &mut managed.device else { return };
        match self.reset_token {
            TokenAtStart::Active => confirm(device, &mut context),
            TokenAtStart::Lost => {
                context.within(AnyCall::Android, |context| {
                    device.answer(&AndroidCall::Reboot, context)
                });
            }
            TokenAtStart::Usual | TokenAtStart::Absent | TokenAtStart::Pending => {}
        }
        managed.account.agent_rests =
            matches!(self.reset_token, TokenAtStart::Absent | TokenAtStart::Lost);
    }

    /// What is wrong with a setup that no device can be in, if anything is.
    pub fn contradiction(&self) -> Option<&'static str> {
        if matches!(self.device, machine::Setup::Managed(_)) {
            return Some("a device is managed once");
        }
        if self.compliance.is_some() && !matches!(self.device, machine::Setup::Android(_)) {
            return Some("the compliance policy of an Apple device is assigned in a step");
        }
        let wanted = match self.reset_token {
            TokenAtStart::Usual => return None,
            TokenAtStart::Absent => TokenState::Absent,
            TokenAtStart::Pending => TokenState::Pending,
            TokenAtStart::Active => TokenState::Active,
            TokenAtStart::Lost => TokenState::Lost,
        };
        let built = self.build(DateTime::UNIX_EPOCH);
        let device = built.device.as_android();
        let state = device.and_then(|device| {
            let agent = device.agent()?;
            Some(device.user(agent.user)?.token_state())
        });
        (state != Some(wanted))
            .then_some("the reset token of such a device cannot be in this state")
    }

    /// What the device does by itself after the start.
    pub(crate) fn first_calls(&self) -> Vec<(TimeDelta, AnyCall)> {
        let early = match self.device {
            machine::Setup::Android(_) => super::schedule::ANDROID,
            _ => super::schedule::APPLE,
        };
        let wait = match self.check_in {
            CheckIn::Fresh => early.after(0),
            CheckIn::Settled => {
                self.first_check_in_minutes.map(|minutes| TimeDelta::minutes(minutes.into()))
            }
        };
        let mut calls = self.device.first_calls();
        calls.extend(wait.map(|wait| (wait, AnyCall::Service(Call::CheckInDue))));
        calls
    }

    /// The setup as the table of a device, which reads back as the same setup.
    pub(crate) fn to_toml(&self) -> String {
        let plain = Self::new(self.device.clone());
        let mut keys = Vec::new();
        let mut word = |key: &str, value: &str, usual: &str| {
            if value != usual {
                keys.push(format!("{key} = \"{value}\""));
            }
        };
        word("check-in", self.check_in.word(), plain.check_in.word());
        word("roles", self.roles.word(), plain.roles.word());
        word("reset-token", self.reset_token.word(), plain.reset_token.word());
        word("management-state", self.management_state.word(), plain.management_state.word());
        for (key, value, usual) in [
            ("google-services", self.google_services, plain.google_services),
            ("device-enrollment-manager", self.enrollment_manager, plain.enrollment_manager),
            ("drives-itself", self.drives_itself, plain.drives_itself),
        ] {
            keys.extend((value != usual).then(|| format!("{key} = {value}")));
        }
        let compliance = self.compliance.map(|policy| policy.toml());
        keys.extend(compliance.map(|policy| format!("compliance = {policy}")));
        let minutes = self.first_check_in_minutes;
        keys.extend(minutes.map(|minutes| format!("first-check-in-minutes = {minutes}")));
        keys.extend(self.parameters.in_toml());
        format!("{}intune = {{ {} }}\n", self.device.to_toml(), keys.join(", "))
    }
}

/// The user confirms their credential, which makes a pending token active.
fn confirm(device: &mut Device, context: &mut Context<'_>) {
    let Some(agent) = device.agent() else { return };
    let owner = device.credential_owner(agent.user);
    let Some(lock) = device.user(owner).map(|user| user.lock().clone()) else { return };
    if lock.is_secure() {
        let with = Factor::Known(lock.secret().clone());
        let unlock = AndroidCall::Unlock { user: agent.user, with };
        context.within(AnyCall::Android, |context| device.answer(&unlock, context));
    }
}

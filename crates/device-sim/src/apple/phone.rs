//! The device itself: six regions of state side by side, and what moves them.
//!
//! The regions: enrolment and access rights, power and lock, passcode and history, compliance with
//! the passcode policy, the generation of the unlock token, and the MDM session.

mod calls;
mod clear;
mod declarative;
mod enrol;
mod execute;
mod passcode;
mod power;
mod prompt;
mod refusal;
mod user;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use declarative::Declarative;
pub use user::UserChoices;

use super::enrolment::{AccessRights, EnrolmentKind, EnrolmentState};
use super::parameters::Parameters;
use super::passcode::{Demand, PasscodePayload, judge::judge};
use super::system::{Platform, System};
use super::token::UnlockToken;
use super::wire::{Activation, Declaration, Identity, Profile, Report, SecurityInfo, StatusReport};
use crate::model::Secret;

/// Region P: power and lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Power {
    /// Switched off.
    Off,
    /// Started, and not unlocked since.
    BeforeFirstUnlock,
    /// Locked; without a passcode the screen is merely dark.
    Locked,
    /// Open.
    Unlocked,
    /// Too many wrong passcodes: the user has to wait, or, without an end, can do nothing more.
    CoolDown {
        /// The end of the wait; `None` for a device that is disabled for good.
        until: Option<DateTime<Utc>>,
        /// True if it was unlocked once since it started.
        unlocked_before: bool,
    },
    /// Everything is gone.
    Erased,
}

/// Region G: compliance with the passcode policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compliance {
    /// No one demands anything.
    NoPolicy,
    /// The passcode, or its absence, satisfies every demand.
    Compliant,
    /// It does not, and the user has time.
    Grace {
        /// Until when.
        deadline: DateTime<Utc>,
        /// The time at which the prompt comes back by itself.
        next_prompt: DateTime<Utc>,
    },
    /// The time is over: nothing goes before a fitting passcode is set.
    Forced,
}

/// Region M: the MDM session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Session {
    /// No connection, and no reason to open one.
    Quiet,
    /// Connected; this is what the device is going to say.
    Open(Box<Report>),
    /// No connection; the last answer was `NotNow`, so the device will come back by itself.
    WaitingAfterNotNow,
}

/// A passcode in use.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Code {
    pub(super) secret: Secret,
    pub(super) set_at: DateTime<Utc>,
}

/// The path from a device to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    /// It knows a Wi-Fi network, which it joins again only after the first unlock.
    pub wi_fi: bool,
    /// It has a cellular connection.
    pub cellular: bool,
    /// A wired adapter is plugged in.
    pub adapter: bool,
    /// It is within reach of any of these.
    pub in_reach: bool,
}

/// A profile on the device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Installed {
    pub(super) profile: Profile,
    /// True if the server installed it, so that it goes when the enrolment ends.
    pub(super) managed: bool,
}

/// A simulated device, without its server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    pub(super) system: System,
    pub(super) parameters: Parameters,
    pub(super) number: u32,
    // E
    pub(super) enrolment: EnrolmentState,
    pub(crate) kind: EnrolmentKind,
    pub(super) rights: AccessRights,
    pub(super) checks_out: bool,
    // P
    pub(super) power: Power,
    pub(super) locked_at: DateTime<Utc>,
    pub(super) locks_at: Option<DateTime<Utc>>,
    pub(super) network: Network,
    /// An hour has passed since a locked device was last open, so its USB port is shut.
    pub(super) usb_shut: bool,
    /// In Lost Mode.
    pub(super) lost: bool,
    pub(super) choices: UserChoices,
    // C
    pub(super) code: Option<Code>,
    pub(super) past: Vec<Secret>,
    pub(super) wrong_codes: u32,
    pub(super) biometrics: bool,
    // G
    pub(super) profiles: Vec<Installed>,
    pub(super) declarations: Vec<Declaration>,
    pub(super) activations: Vec<Activation>,
    pub(super) declarative: Declarative,
    pub(super) accounts: Vec<PasscodePayload>,
    pub(super) compliance: Compliance,
    /// The minutes in the text of the prompt, while it is shown.
    pub(super) prompt: Option<u32>,
    /// The old passcode was right but has expired: the device opens once a new one is set.
    pub(super) at_entry: bool,
    /// The profiles at the time of the erasure, if the device was enrolled.
    pub(super) backup: Option<Vec<Installed>>,
    // T
    pub(super) generation: u32,
    /// The generation of the last token that the device has sent.
    pub(super) sent_generation: u32,
    /// The token of this generation.
    pub(super) token: UnlockToken,
    // M
    pub(super) session: Session,
    pub(super) finished: Vec<Report>,
}

/// The relation of a passcode, or its absence, to the requirements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Fits,
    Expired,
    Unfit,
}

impl Phone {
    /// Returns the name of the device at its server.
    pub fn identity(&self) -> Identity {
        let text = self.identifier();
        match self.kind {
            EnrolmentKind::User => Identity::EnrollmentId(text),
            _ => Identity::Udid(text),
        }
    }

    pub(super) fn identifier(&self) -> String {
        format!("00008101-{:016X}", self.number)
    }

    /// A new unlock token takes the place of every older one.
    pub(super) fn renew_token(&mut self) {
        self.generation += 1;
        self.token = UnlockToken::issued(&self.identifier(), self.generation);
    }

    /// Returns true if this is the passcode.
    pub fn is_passcode(&self, text: &Secret) -> bool {
        self.code.as_ref().is_some_and(|code| code.secret == *text)
    }

    /// Returns the choices where the sources are silent.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Returns true if there is a passcode.
    pub fn has_passcode(&self) -> bool {
        self.code.is_some()
    }

    /// Returns its operating system with its version.
    pub fn system(&self) -> System {
        self.system
    }

    /// Region P.
    pub fn power(&self) -> Power {
        self.power
    }

    /// Region G.
    pub fn compliance(&self) -> Compliance {
        self.compliance
    }

    /// Region M.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Returns true if a prompt, or the sheet that cannot be put off, is on the screen.
    pub fn asks_for_passcode(&self) -> bool {
        self.prompt.is_some() || self.sheet_is_up()
    }

    /// Returns true if the sheet that cannot be put off is on the screen.
    pub fn sheet_is_up(&self) -> bool {
        let there = self.power == Power::Unlocked || self.at_entry;
        self.compliance == Compliance::Forced && there && self.may_modify_passcode()
    }

    /// Returns true if the device was not unlocked since it started.
    pub(super) fn before_first_unlock(&self) -> bool {
        matches!(
            self.power,
            Power::BeforeFirstUnlock | Power::CoolDown { unlocked_before: false, .. }
        )
    }

    /// Returns true if only a passcode opens the device.
    pub(super) fn is_locked_by_code(&self) -> bool {
        let open = matches!(self.power, Power::Unlocked | Power::Erased);
        self.has_passcode() && !open
    }

    /// Returns true if a push, or a poll of its own, gets through.
    ///
    /// Source: after a restart a device with a passcode does not join Wi-Fi before the first
    /// unlock, <https://developer.apple.com/documentation/devicemanagement/restart-device-command>.
    pub(crate) fn is_reachable(&self) -> bool {
        self.out_of_reach().is_none()
    }

    /// Returns the reason that the device is unreachable, if it is.
    pub(super) fn out_of_reach(&self) -> Option<&'static str> {
        let network = self.network;
        let waits = self.before_first_unlock() && self.has_passcode();
        let wired = network.adapter && self.accepts_adapter();
        if matches!(self.power, Power::Off) {
            Some("the device is switched off")
        } else if self.power == Power::Erased {
            Some("the device is erased and not set up")
        } else if !network.in_reach {
            Some("the device is out of reach of every network")
        } else if network.cellular || wired || (network.wi_fi && !waits) {
            None
        } else if network.wi_fi {
            Some("the device joins no Wi-Fi before it is unlocked for the first time")
        } else if network.adapter {
            Some("the locked device does not accept the wired network")
        } else {
            Some("the device has no network")
        }
    }

    /// Returns true if a wired network lends the device a connection as it is now.
    ///
    /// Sources: `allowUSBRestrictedMode` in `mdm/profiles/com.apple.applicationaccess.yaml` of
    /// <https://github.com/apple/device-management> (from iOS 11.4.1 on); one hour after the last
    /// unlock, <https://www.macrumors.com/how-to/access-controls-usb-restricted-mode-ios-12>,
    /// <https://support.apple.com/111806>.
    pub(super) fn accepts_adapter(&self) -> bool {
        let restriction = |installed: &Installed| installed.profile.allow_usb_restricted_mode;
        let lifted = self.kind == EnrolmentKind::Supervised
            && self.profiles.iter().filter_map(restriction).any(|allowed| !allowed);
        let shut = self.is_locked_by_code() && (self.usb_shut || self.before_first_unlock());
        !shut || lifted || !self.restricts_usb()
    }

    fn restricts_usb(&self) -> bool {
        self.parameters.usb_adapters_need_unlock && self.system.restricts_usb()
    }

    /// Returns true if the user may set, change or remove the passcode:
    /// `allowPasscodeModification`.
    pub(super) fn may_modify_passcode(&self) -> bool {
        let restriction = |installed: &Installed| installed.profile.allow_passcode_modification;
        let blocked = self.kind == EnrolmentKind::Supervised
            && self.system.can_block_modification()
            && self.profiles.iter().filter_map(restriction).any(|allowed| !allowed);
        !blocked
    }

    /// Returns true if a policy demands a passcode that is not there, and the user is not allowed to
    /// set one.
    pub(crate) fn is_dead_end(&self) -> bool {
        let stuck = matches!(self.compliance, Compliance::Grace { .. } | Compliance::Forced);
        stuck && !self.may_modify_passcode()
    }

    /// Returns the combined requirements of profiles and declarations.
    fn demand_of_profiles(&self) -> Demand {
        let of_payload =
            |payload| Demand::of_payload(payload, self.system, self.kind, &self.parameters);
        let payloads = self.profiles.iter().flat_map(|installed| &installed.profile.passcode);
        let declared: Vec<_> = self.active_declarations().map(|one| one.passcode).collect();
        let mut demand = Demand::of_declarations(&declared, self.system, self.kind);
        if self.system.takes_payloads(self.kind) {
            demand = payloads.map(of_payload).fold(demand, Demand::and);
        }
        demand
    }

    /// Returns the requirements of all sources together.
    pub fn demand(&self) -> Demand {
        // An account is no part of the enrolment, so the fixed rule of User Enrollment is not for
        // it.
        let of_account = |payload| {
            Demand::of_payload(payload, self.system, EnrolmentKind::Device, &self.parameters)
        };
        self.accounts.iter().map(of_account).fold(self.demand_of_profiles(), Demand::and)
    }

    /// Returns true if anything is demanded of the passcode.
    pub(super) fn has_policy(&self) -> bool {
        let payload = |installed: &Installed| !installed.profile.passcode.is_empty();
        let payloads = self.system.takes_payloads(self.kind) && self.profiles.iter().any(payload);
        let declared = self.active_declarations().next().is_some();
        payloads || declared || !self.accounts.is_empty()
    }

    /// Shows every moment that the phone remembers, to move it.
    pub(super) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        see(&mut self.locked_at);
        self.locks_at.iter_mut().for_each(&mut *see);
        if let Power::CoolDown { until: Some(until), .. } = &mut self.power {
            see(until);
        }
        if let Some(code) = &mut self.code {
            see(&mut code.set_at);
        }
        if let Compliance::Grace { deadline, next_prompt } = &mut self.compliance {
            see(deadline);
            see(next_prompt);
        }
    }

    fn fit(&self, demand: &Demand, now: DateTime<Utc>) -> Fit {
        let Some(code) = &self.code else {
            return if demand.required { Fit::Unfit } else { Fit::Fits };
        };
        let days = demand.max_age_days.map(|days| TimeDelta::days(days.into()));
        if !judge(&code.secret, demand, &self.parameters).is_empty() {
            Fit::Unfit
        } else if days.is_some_and(|days| now - code.set_at > days) {
            Fit::Expired
        } else {
            Fit::Fits
        }
    }

    /// Returns true if the passcode, or its absence, satisfies a demand at this moment.
    fn complies(&self, demand: &Demand, now: DateTime<Utc>) -> bool {
        self.fit(demand, now) == Fit::Fits
    }

    /// Returns the answer to `SecurityInfo`.
    pub(crate) fn security_info(&self, now: DateTime<Utc>) -> SecurityInfo {
        let user_enrolment = self.kind == EnrolmentKind::User;
        let has_status = match self.system.platform {
            Platform::Macos => self.system.at_least(10, 15),
            _ => self.system.at_least(13, 0),
        };
        let is_user_enrolment = has_status.then_some(user_enrolment);
        if self.system.platform == Platform::Macos {
            return SecurityInfo { is_user_enrolment, ..SecurityInfo::default() };
        }
        let beyond = |value: bool| (!user_enrolment).then_some(value);
        let grace = (!user_enrolment).then(|| self.grace_minutes_without_code() * 60);
        SecurityInfo {
            hardware_encryption_caps: Some(3),
            passcode_present: beyond(self.has_passcode()),
            passcode_compliant: Some(self.complies(&self.demand(), now)),
            passcode_compliant_with_profiles: beyond(
                self.complies(&self.demand_of_profiles(), now),
            ),
            passcode_lock_grace_period: grace,
            passcode_lock_grace_period_enforced: grace,
            auto_lock_time: None,
            is_user_enrolment,
        }
    }

    /// Returns the device's reports by itself.
    pub(crate) fn status_report(&self, now: DateTime<Utc>) -> StatusReport {
        let reports = self.system.reports_status(self.kind);
        StatusReport {
            passcode_is_present: reports.then(|| self.has_passcode()),
            passcode_is_compliant: reports.then(|| self.complies(&self.demand(), now)),
            declarations: self.declaration_status(),
        }
    }

    /// Returns the minutes after locking in which the device opens without a passcode: the user's
    /// choice, up to the policy.
    fn grace_minutes_without_code(&self) -> u32 {
        let chosen = self.choices.grace_minutes;
        self.demand().max_grace_minutes.map_or(chosen, |most| chosen.min(most))
    }
}

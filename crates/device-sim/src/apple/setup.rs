//! An Apple device when a scenario starts: enrolled, set up, and open.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::facts::OsVersion;

use super::Device;
use super::call::Call;
use super::enrolment::{AccessRights, EnrolmentKind, EnrolmentState};
use super::parameters::Parameters;
use super::passcode::PasscodePayload;
use super::phone::{
    Code, Compliance, Declarative, Installed, Network, Phone, Power, Session, UserChoices,
};
use super::server::{Server, ServerRules};
use super::system::{Platform, System};
use super::token::UnlockToken;
use super::wire::Profile;
use super::witness::Witness;
use crate::model::Secret;
use crate::model::quote;
use crate::model::tables::table_keys;

/// An Apple device at the start of a scenario.
///
/// ```
/// use device_sim::apple::{Platform, Setup};
///
/// let device = Setup::new(Platform::Ipados).build(chrono::DateTime::UNIX_EPOCH);
/// assert!(!device.phone().has_passcode());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Its operating system.
    pub system: System,
    /// Its enrolment, present or future.
    pub kind: EnrolmentKind,
    /// The access rights of the server.
    pub rights: AccessRights,
    /// True if it is enrolled at the start.
    pub enrolled: bool,
    /// True if the MDM profile has the device say goodbye.
    pub checks_out: bool,
    /// The passcode.
    pub passcode: Option<Secret>,
    /// The days since it was set.
    pub passcode_age_days: u32,
    /// True if the user's face or finger opens the device.
    pub biometrics: bool,
    /// The passcode payload that is installed.
    pub payload: Option<PasscodePayload>,
    /// `allowPasscodeModification` of the restrictions, if they say anything of it.
    pub allow_passcode_modification: Option<bool>,
    /// `allowUSBRestrictedMode` of the restrictions, if they say anything of it.
    pub allow_usb_restricted_mode: Option<bool>,
    /// Its networks.
    pub network: Network,
    /// The user's choices in Settings.
    pub choices: UserChoices,
    /// The server's ways.
    pub server: ServerRules,
    /// True if the unlock token never reached the server.
    pub token_lost: bool,
    /// True if the server holds the unlock token of an earlier enrolment.
    pub token_stale: bool,
    /// The compliance policy's days of grace; the policy is the payload.
    pub compliance_grace_days: Option<u32>,
    /// Minutes to the first check-in, for a device that checks in with Intune.
    pub first_check_in_minutes: Option<u32>,
    /// True if every message goes through its property list.
    pub through_plist: bool,
    /// True if time drives it. Otherwise connections, exchanges, prompts and the end of the hour
    /// come only as steps: this is for the runs of explorations.
    pub drives_itself: bool,
    /// Its number, which makes its identifier and its unlock tokens.
    pub number: u32,
    /// The choices where sources are silent.
    pub parameters: Parameters,
}

table_keys! {
    for Setup;
    /// The version of the system, such as 17.4.
    "os-version" => system.version: OsVersion, always;
    /// The type of enrollment.
    "enrolment" => kind: EnrolmentKind, always;
    /// The networks in reach; an empty list is none.
    "network" => network: Network, always;
    /// The access rights of the MDM profile.
    "access-rights" => rights: AccessRights;
    /// The device is enrolled.
    "enrolled" => enrolled: bool;
    /// The device notifies the server when its profile is removed.
    "check-out-when-removed" => checks_out: bool;
    /// The user has enrolled biometrics.
    "biometrics" => biometrics: bool;
    /// The server has lost the unlock token.
    "unlock-token-lost" => token_lost: bool;
    /// The server has the unlock token of an earlier enrolment.
    "unlock-token-stale" => token_stale: bool;
    /// Every message is encoded as a property list and decoded again.
    "through-plist" => through_plist: bool;
    /// Pushes and connections follow by themselves; if not, they are steps.
    "drives-itself" => drives_itself: bool;
    /// The age of the passcode.
    "passcode-age-days" => passcode_age_days: u32 [0 to 3650];
    /// The minutes until the device locks by itself.
    "auto-lock-minutes" => choices.auto_lock_minutes: Option<u32> [0 to 60];
    /// The time in which it opens without a passcode.
    "unlock-grace-minutes" => choices.grace_minutes: u32 [0 to 525_600];
    /// The grace period of the compliance policy.
    "compliance-grace-days" => compliance_grace_days: Option<u32> [0 to 365];
    /// The minutes until its first check-in.
    "first-check-in-minutes" => first_check_in_minutes: Option<u32> [0 to 525_600];
    /// Makes its identifier and tokens; devices of one scenario need different ones.
    "number" => number: u32;
    /// True if the passcode may be changed.
    "allow-passcode-modification" => allow_passcode_modification: Option<bool>;
    /// True if a locked device refuses accessories.
    "allow-usb-restricted-mode" => allow_usb_restricted_mode: Option<bool>;
    /// The passcode payload that is installed.
    "payload" => payload: Option<PasscodePayload>;
    /// The behaviour of its server.
    "server" => server: ServerRules;
    /// Choices where the sources are silent.
    "parameters" => parameters: Parameters;
}

impl Setup {
    /// Returns an enrolled device without a passcode and without a policy.
    pub fn new(platform: Platform) -> Self {
        Self {
            system: System::usual(platform),
            kind: EnrolmentKind::Device,
            rights: AccessRights::ALL,
            enrolled: true,
            checks_out: true,
            passcode: None,
            passcode_age_days: 0,
            biometrics: false,
            payload: None,
            allow_passcode_modification: None,
            allow_usb_restricted_mode: None,
            network: Network { wi_fi: true, cellular: false, adapter: false, in_reach: true },
            choices: UserChoices::default(),
            server: ServerRules::default(),
            token_lost: false,
            token_stale: false,
            compliance_grace_days: None,
            first_check_in_minutes: None,
            through_plist: false,
            drives_itself: true,
            number: 1,
            parameters: Parameters::default(),
        }
    }

    /// Returns the device, at a moment before everything that happens to it.
    pub fn build(&self, start: DateTime<Utc>) -> Device {
        let mut phone = self.phone(start);
        let mut server = Server::new(self.server);
        if self.enrolled {
            phone.enrolment = EnrolmentState::Enrolled;
            phone.renew_token();
            let token = phone.token.clone();
            if self.token_stale {
                phone.renew_token();
            }
            // The device does not know that a token is lost or stale: it has reported all of them.
            phone.sent_generation = phone.generation;
            server.token = (phone.hands_out_token() && !self.token_lost).then_some(token);
        }
        if let Some(days) = self.compliance_grace_days {
            server.shadow.assign(days);
        }
        Device {
            phone,
            server,
            connecting: false,
            through_plist: self.through_plist,
            unreadable: false,
            drives_itself: self.drives_itself,
            checks_in: self.first_check_in_minutes.is_some(),
            enrolled_at: None,
            witness: Witness::default(),
        }
    }

    fn phone(&self, start: DateTime<Utc>) -> Phone {
        let mut profile = self
            .payload
            .map_or_else(Profile::default, |payload| Profile::of_passcode("setup", payload));
        profile.identifier = "setup".to_owned();
        profile.allow_passcode_modification = self.allow_passcode_modification;
        profile.allow_usb_restricted_mode = self.allow_usb_restricted_mode;
        let set_at = start - TimeDelta::days(self.passcode_age_days.into());
        let code = self.passcode.clone().map(|secret| Code { secret, set_at });
        let mut phone = Phone {
            system: self.system,
            parameters: self.parameters,
            number: self.number,
            enrolment: EnrolmentState::Unenrolled,
            kind: self.kind,
            rights: self.rights,
            checks_out: self.checks_out,
            power: Power::Unlocked,
            locked_at: start,
            locks_at: None,
            network: self.network,
            usb_shut: false,
            lost: false,
            choices: self.choices,
            biometrics: self.biometrics && code.is_some(),
            code,
            past: Vec::new(),
            wrong_codes: 0,
            profiles: vec![Installed { profile, managed: true }],
            declarations: Vec::new(),
            activations: Vec::new(),
            declarative: Declarative::default(),
            accounts: Vec::new(),
            compliance: Compliance::NoPolicy,
            prompt: None,
            at_entry: false,
            backup: None,
            generation: 0,
            sent_generation: 0,
            token: UnlockToken::new(&[]),
            session: Session::Quiet,
            finished: Vec::new(),
        };
        if phone.has_policy() {
            // Who has no passcode yet has had their hour long ago.
            let lacks_code = phone.code.is_none() && phone.demand().required;
            phone.compliance = if lacks_code { Compliance::Forced } else { Compliance::Compliant };
        }
        phone
    }

    /// Returns the problem of a setup that no device can have, if there is one.
    pub fn contradiction(&self) -> Option<&'static str> {
        let phone = self.phone(DateTime::UNIX_EPOCH);
        let unfit = |code: &Code| {
            !super::judge(&code.secret, &phone.demand(), &phone.parameters).is_empty()
        };
        if phone.has_policy() && phone.code.as_ref().is_some_and(unfit) {
            return Some("the passcode does not satisfy the payload that is installed");
        }
        if self.passcode.as_ref().is_some_and(Secret::is_empty) {
            return Some("an empty passcode is no passcode");
        }
        let user = self.kind == EnrolmentKind::User;
        let watch = matches!(self.system.platform, Platform::Watchos | Platform::Tvos);
        if user && watch {
            return Some("User Enrollment does not exist on this platform");
        }
        if self.kind == EnrolmentKind::SharedIpad && self.system.platform != Platform::Ipados {
            return Some("Shared iPad is for iPads");
        }
        None
    }

    /// Returns the calls of the device by itself after the start.
    pub(crate) fn first_calls(&self) -> Vec<(TimeDelta, Call)> {
        let minutes = self.first_check_in_minutes.into_iter();
        minutes.map(|minutes| (TimeDelta::minutes(minutes.into()), Call::CheckIn)).collect()
    }

    /// Returns the setup as the table of a device, which reads back as the same setup.
    pub(crate) fn to_toml(&self) -> String {
        let plain = Self::new(self.system.platform);
        let mut lines = vec![
            "kind = \"apple\"".to_owned(),
            format!("platform = \"{}\"", self.system.platform.as_str()),
        ];
        if let Some(passcode) = &self.passcode {
            lines.push(format!("passcode = {}", quote(passcode.reveal())));
        }
        lines.extend(self.written_keys(&plain));
        lines.join("\n") + "\n"
    }
}

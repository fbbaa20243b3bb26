//! How an Apple device is when a scenario starts: enrolled, set up, and open.

use chrono::{DateTime, TimeDelta, Utc};

use super::Device;
use super::call::Call;
use super::enrolment::{AccessRights, EnrolmentKind, EnrolmentState};
use super::parameters::Parameters;
use super::passcode::PasscodePayload;
use super::phone::{
    Code, Compliance, Declarative, Installed, Network, Phone, Power, Session, UserChoices,
};
use super::server::{Server, ServerRules, TokenKeeping};
use super::system::{Platform, System};
use super::token::UnlockToken;
use super::wire::Profile;
use super::witness::Witness;
use crate::model::Secret;
use crate::model::quote;
use crate::model::verbs::Written;

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
    /// How it is enrolled, or will be.
    pub kind: EnrolmentKind,
    /// What the MDM profile lets the server do.
    pub rights: AccessRights,
    /// Whether it is enrolled at the start.
    pub enrolled: bool,
    /// Whether the MDM profile has the device say goodbye.
    pub checks_out: bool,
    /// The passcode.
    pub passcode: Option<Secret>,
    /// How many days ago it was set.
    pub passcode_age_days: u32,
    /// Whether the user's face or finger opens the device.
    pub biometrics: bool,
    /// The passcode payload that is installed.
    pub payload: Option<PasscodePayload>,
    /// `allowPasscodeModification` of the restrictions, if they say anything of it.
    pub allow_passcode_modification: Option<bool>,
    /// `allowUSBRestrictedMode` of the restrictions, if they say anything of it.
    pub allow_usb_restricted_mode: Option<bool>,
    /// Its networks.
    pub network: Network,
    /// What the user chose in Settings.
    pub choices: UserChoices,
    /// The server's ways.
    pub server: ServerRules,
    /// Whether the unlock token never reached the server.
    pub token_lost: bool,
    /// Whether the server holds the unlock token of an earlier enrolment.
    pub token_stale: bool,
    /// The compliance policy's days of grace; the policy is the payload.
    pub compliance_grace_days: Option<u32>,
    /// Minutes to the first check-in, for a device that checks in with Intune.
    pub first_check_in_minutes: Option<u32>,
    /// Whether every message goes through its property list.
    pub through_plist: bool,
    /// Whether time drives it. Otherwise connections, exchanges, prompts and the end of the hour
    /// come only as steps: this is for the runs of explorations.
    pub drives_itself: bool,
    /// Its number, which makes its identifier and its unlock tokens.
    pub number: u32,
    /// The choices where sources are silent.
    pub parameters: Parameters,
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
            // Of a token that is lost or stale the device knows nothing: it has told all of them.
            phone.told_generation = phone.generation;
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
            declarative: Declarative::default(),
            accounts: Vec::new(),
            compliance: Compliance::NoPolicy,
            prompt: None,
            at_entry: false,
            backup: None,
            generation: 0,
            told_generation: 0,
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

    /// Returns what is wrong with a setup that no device can be in, if anything is.
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

    /// Returns what the device does by itself after the start.
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
            format!("os-version = \"{}\"", self.system.version),
            format!("enrolment = \"{}\"", self.kind.as_str()),
            format!("network = [{}]", self.networks().join(", ")),
        ];
        let mut line = |wanted: bool, text: String| lines.extend(wanted.then_some(text));
        line(self.rights != plain.rights, format!("access-rights = {}", self.rights.bits()));
        for (key, value, usual) in [
            ("enrolled", self.enrolled, plain.enrolled),
            ("check-out-when-removed", self.checks_out, plain.checks_out),
            ("biometrics", self.biometrics, plain.biometrics),
            ("unlock-token-lost", self.token_lost, plain.token_lost),
            ("unlock-token-stale", self.token_stale, plain.token_stale),
            ("through-plist", self.through_plist, plain.through_plist),
            ("drives-itself", self.drives_itself, plain.drives_itself),
        ] {
            line(value != usual, format!("{key} = {value}"));
        }
        if let Some(passcode) = &self.passcode {
            line(true, format!("passcode = {}", quote(passcode.reveal())));
        }
        for (key, number, usual) in [
            ("passcode-age-days", Some(self.passcode_age_days), Some(0)),
            ("auto-lock-minutes", self.choices.auto_lock_minutes, None),
            ("unlock-grace-minutes", Some(self.choices.grace_minutes), Some(0)),
            ("compliance-grace-days", self.compliance_grace_days, None),
            ("first-check-in-minutes", self.first_check_in_minutes, None),
            ("number", Some(self.number), Some(1)),
        ] {
            let number = number.filter(|_| number != usual);
            line(number.is_some(), format!("{key} = {}", number.unwrap_or(0)));
        }
        for (key, value) in [
            ("allow-passcode-modification", self.allow_passcode_modification),
            ("allow-usb-restricted-mode", self.allow_usb_restricted_mode),
        ] {
            line(value.is_some(), format!("{key} = {}", value == Some(true)));
        }
        if let Some(payload) = &self.payload {
            line(true, format!("payload = {}", payload.toml()));
        }
        line(self.server != plain.server, format!("server = {}", server_toml(&self.server)));
        lines.extend(self.parameters.in_toml());
        lines.join("\n") + "\n"
    }

    fn networks(&self) -> Vec<&'static str> {
        [
            (self.network.wi_fi, "\"wi-fi\""),
            (self.network.cellular, "\"cellular\""),
            (self.network.adapter, "\"adapter\""),
        ]
        .into_iter()
        .filter_map(|(there, word)| there.then_some(word))
        .collect()
    }
}

fn server_toml(rules: &ServerRules) -> String {
    let keeping: TokenKeeping = rules.token_keeping;
    format!(
        "{{ token-update-without-token = \"{}\", authenticate-deletes-token = {}, redelivers = {} }}",
        keeping.as_str(),
        rules.authenticate_deletes_token,
        rules.redelivers
    )
}

//! Apple devices: every kind of device, enrolment and policy, several behaviour profiles.
//!
//! The shares are invented so that every rule is met; they say nothing about any real fleet.

use chrono::TimeDelta;
use device_sim::apple::wire::Profile as ConfigurationProfile;
use device_sim::apple::{
    self, AccessRights, Call, CommandRequest, EnrolmentKind, PasscodePayload, Phone, Platform,
    Power, ServerRules, TokenChoice, judge,
};
use device_sim::{Machine, Rng, Secret, Setup};

use super::Population;

/// A behaviour profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    /// Sets a passcode as soon as the device asks.
    Cooperates,
    /// Puts it off as long as that is possible.
    Defers,
    /// Looks at the prompt and locks the screen; gives in when nothing else goes.
    Ignores,
    /// Forgets the passcode now and then.
    Forgets,
}

const PROFILES: [Profile; 4] =
    [Profile::Cooperates, Profile::Defers, Profile::Ignores, Profile::Forgets];

/// The user of one device.
#[derive(Clone, Debug)]
pub struct User {
    profile: Profile,
    known: Secret,
    tried: Option<Secret>,
}

/// Every kind of device and enrolment.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplePopulation;

const VERSIONS: [&str; 8] = ["12.5.7", "14.8", "15.8", "16.7", "17.7", "18.1", "18.5", "26.2"];
const PASSCODES: [&str; 3] = ["258014", "940372", "kx7!0q"];

/// The passcode that satisfies every policy that this population meets.
const STRONGEST: &str = "kx7!0q";

fn pick<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    let bound = u32::try_from(choices.len()).unwrap_or(1);
    choices[usize::try_from(rng.below(bound)).unwrap_or(0)]
}

impl Population for ApplePopulation {
    type User = User;

    fn enrol(&self, rng: &mut Rng) -> (Setup, User) {
        let setup = invent(rng);
        let known = setup.passcode.clone().unwrap_or_else(|| Secret::new(STRONGEST));
        let user = User { profile: pick(rng, &PROFILES), known, tried: None };
        (setup.into(), user)
    }

    fn next(
        &self,
        user: &mut User,
        machine: &Machine,
        rng: &mut Rng,
    ) -> (TimeDelta, device_sim::Call) {
        let longest = if user.profile == Profile::Ignores { 600 } else { 240 };
        let wait = TimeDelta::seconds((60 * rng.between(1, longest)).into());
        let call = machine.as_apple().map_or(Call::Reboot, |device| {
            if rng.happens(1, 40) {
                administrator_does(rng)
            } else {
                user.does(device.phone(), rng)
            }
        });
        (wait, call.into())
    }
}

fn administrator_does(rng: &mut Rng) -> Call {
    let send = |name: &str| {
        let command = CommandRequest::new(name);
        Call::SendCommand { command, again: None, push: true }
    };
    match rng.below(16) {
        0..=4 => Call::ClearPasscode { token: TokenChoice::Held, push: true },
        5 => Call::ClearPasscode { token: TokenChoice::Wrong, push: true },
        6 => send("DeviceLock"),
        7 => send("SecurityInfo"),
        8 => send("RestartDevice"),
        9 => send("DeclarativeManagement"),
        10 => send("CertificateList"),
        11 => Call::PushTokenChanges,
        12 => Call::RemoveProfile { identifier: "setup".to_owned() },
        13 => Call::Enrol,
        _ => Call::InstallProfile {
            profile: ConfigurationProfile::of_passcode(
                "setup",
                invent_payload(rng).unwrap_or_default(),
            ),
            push: true,
        },
    }
}

impl User {
    fn does(&mut self, phone: &Phone, rng: &mut Rng) -> Call {
        if let Some(tried) = self.tried.take().filter(|tried| phone.is_passcode(tried)) {
            self.known = tried;
        }
        match phone.power() {
            Power::Off => return Call::PowerOn,
            Power::Erased => return Call::EmergencyCall,
            _ => {}
        }
        if phone.asks_for_passcode() {
            return self.answers_prompt(phone, rng);
        }
        if phone.power() != Power::Unlocked {
            return self.opens(rng);
        }
        match rng.below(60) {
            0 => Call::Reboot,
            1 => Call::PowerOff,
            2 => Call::GoOffline,
            3..=5 => Call::GoOnline,
            6 => self.types(phone, rng),
            7 => Call::TurnPasscodeOff,
            8 => Call::EnrolBiometrics,
            9 => Call::ConnectionBreaks,
            10..=30 => Call::UseApp,
            _ => Call::Lock,
        }
    }

    fn opens(&self, rng: &mut Rng) -> Call {
        let wrong = self.profile == Profile::Forgets && rng.happens(1, 3);
        let passcode = if wrong { Secret::new("000000") } else { self.known.clone() };
        Call::Unlock { passcode: Some(passcode), biometric: rng.happens(1, 2) }
    }

    fn answers_prompt(&mut self, phone: &Phone, rng: &mut Rng) -> Call {
        match self.profile {
            Profile::Defers if !phone.sheet_is_up() => Call::Later,
            Profile::Ignores if !phone.sheet_is_up() => Call::Lock,
            // Some first try what they would like best.
            _ if rng.happens(1, 4) => Call::Continue { new: Secret::new("1111") },
            _ => match self.types(phone, rng) {
                Call::SetPasscode { new } => Call::Continue { new },
                other => other,
            },
        }
    }

    /// Returns a new passcode in Settings, as short and as plain as the policy allows.
    fn types(&mut self, phone: &Phone, rng: &mut Rng) -> Call {
        const CLASSES: [&[u8]; 3] = [b"0123456789", b"bcdfghjkmnpqrstvwxz", b"!?+=%"];
        let demand = phone.demand();
        let length = usize::try_from(demand.min_length.max(6)).unwrap_or(16);
        let digits_do = !demand.alphanumeric && demand.min_complex == 0;
        let mut new = Secret::new(STRONGEST);
        // A draw is simple only now and then.
        for _ in 0..8 {
            let place = |place: usize| if digits_do { 0 } else { place % CLASSES.len() };
            let text: String =
                (0..length).map(|at| char::from(pick(rng, CLASSES[place(at)]))).collect();
            let drawn = Secret::new(&text);
            if judge(&drawn, &demand, phone.parameters()).is_empty() {
                new = drawn;
                break;
            }
        }
        self.tried = Some(new.clone());
        Call::SetPasscode { new }
    }
}

fn invent(rng: &mut Rng) -> apple::Setup {
    let platform = match rng.below(20) {
        0..=13 => Platform::Ios,
        14..=17 => Platform::Ipados,
        18 => Platform::Visionos,
        _ => Platform::Watchos,
    };
    let mut setup = apple::Setup::new(platform);
    setup.number = rng.below(u32::MAX);
    let version = pick(rng, &VERSIONS).parse();
    if let (Ok(version), Platform::Ios | Platform::Ipados) = (version, platform) {
        setup.system.version = version;
    }
    setup.kind = match (rng.below(10), platform) {
        (0, Platform::Ios | Platform::Ipados) => EnrolmentKind::User,
        (1, Platform::Ipados) => EnrolmentKind::SharedIpad,
        (2..=5, _) => EnrolmentKind::Supervised,
        _ => EnrolmentKind::Device,
    };
    if rng.happens(1, 20) {
        setup.rights = AccessRights::new(AccessRights::ALL.bits() - 4);
    }
    setup.token_lost = rng.happens(1, 50);
    setup.passcode = Some(Secret::new(pick(rng, &PASSCODES)));
    setup.biometrics = rng.happens(2, 3);
    setup.payload = invent_payload(rng);
    setup.compliance_grace_days = setup.payload.map(|_| rng.below(3));
    setup.network.cellular = rng.happens(1, 3);
    setup.choices.auto_lock_minutes = Some(rng.between(1, 5));
    setup.server = ServerRules { redelivers: rng.happens(1, 4), ..ServerRules::default() };
    setup.first_check_in_minutes = Some(rng.between(1, 480));
    if setup.contradiction().is_some() {
        setup.passcode = Some(Secret::new(STRONGEST));
    }
    setup
}

fn invent_payload(rng: &mut Rng) -> Option<PasscodePayload> {
    let usual = PasscodePayload { force_pin: Some(true), ..PasscodePayload::default() };
    match rng.below(5) {
        0 | 1 => None,
        2 => Some(PasscodePayload { min_length: Some(6), ..usual }),
        3 => Some(PasscodePayload {
            allow_simple: Some(false),
            min_length: Some(6),
            pin_history: Some(5),
            max_failed_attempts: Some(10),
            ..usual
        }),
        _ => Some(PasscodePayload {
            require_alphanumeric: Some(true),
            min_complex_chars: Some(1),
            max_pin_age_in_days: Some(rng.between(7, 90)),
            ..usual
        }),
    }
}

//! A population of invented Apple devices, the same from the same seed.
//!
//! The shares are choices, not statistics: every kind of device, network, policy and user occurs
//! often enough to meet every rule.

use chrono::TimeDelta;

use super::call::Call;
use super::enrolment::{AccessRights, EnrolmentKind};
use super::habit::Habit;
use super::passcode::PasscodePayload;
use super::server::{ServerRules, TokenChoice};
use super::setup::Setup;
use super::system::Platform;
use crate::chance::Chance;
use crate::kind::{Call as AnyCall, Setup as AnySetup};
use crate::secret::Secret;
use crate::world::World;

/// The streams of chance that make the population, apart from those by which it lives.
const STREAMS: u64 = 1 << 32;

const VERSIONS: [&str; 8] = ["12.5.7", "14.8", "15.8", "16.7", "17.7", "18.1", "18.5", "26.2"];

/// Adds `devices` Apple devices to a world, numbered from `first`, each with a user of some habit;
/// for about one in three an administrator presses *Remove passcode* within `days` days.
pub fn populate(world: &mut World, seed: u64, first: u32, devices: u32, days: u32) {
    for number in first..first.saturating_add(devices) {
        let mut chance = Chance::new(seed, STREAMS + u64::from(number));
        let setup = invent(&mut chance, number);
        let name = format!("apple-{number}");
        let index = world.add(&name, &AnySetup::Apple(Box::new(setup)), number.into());
        if chance.happens(1, 3) {
            let minutes = chance.below(days.saturating_mul(1440));
            let at = world.now() + TimeDelta::minutes(minutes.into());
            let call = Call::ClearPasscode { token: TokenChoice::Held, push: true };
            world.schedule(at, index, Some(AnyCall::Apple(call)), None);
        }
    }
}

fn invent(chance: &mut Chance, number: u32) -> Setup {
    let pick = |chance: &mut Chance, count: usize| {
        usize::try_from(chance.below(u32::try_from(count).unwrap_or(1))).unwrap_or(0)
    };
    let platform = match chance.below(20) {
        0..=13 => Platform::Ios,
        14..=17 => Platform::Ipados,
        18 => Platform::Visionos,
        _ => Platform::Watchos,
    };
    let mut setup = Setup::new(platform);
    setup.number = number;
    let version = VERSIONS[pick(chance, VERSIONS.len())].parse();
    if let (Ok(version), Platform::Ios | Platform::Ipados) = (version, platform) {
        setup.system.version = version;
    }
    setup.kind = match (chance.below(10), platform) {
        (0, Platform::Ios | Platform::Ipados) => EnrolmentKind::User,
        (1, Platform::Ipados) => EnrolmentKind::SharedIpad,
        (2..=5, _) => EnrolmentKind::Supervised,
        _ => EnrolmentKind::Device,
    };
    if chance.happens(1, 20) {
        setup.rights = AccessRights::new(AccessRights::ALL.bits() - 4);
    }
    setup.token_lost = chance.happens(1, 50);
    setup.passcode = Some(Secret::new(["258014", "940372", "kx7!0q"][pick(chance, 3)]));
    setup.biometrics = chance.happens(2, 3);
    setup.payload = invent_payload(chance);
    setup.compliance_grace_days = setup.payload.map(|_| chance.below(3));
    setup.network.cellular = chance.happens(1, 3);
    setup.choices.auto_lock_minutes = Some(chance.between(1, 5));
    setup.server = ServerRules { redelivers: chance.happens(1, 4), ..ServerRules::default() };
    setup.first_check_in_minutes = Some(chance.between(1, 480));
    setup.habit = Habit::ALL[1 + pick(chance, Habit::ALL.len() - 1)];
    if setup.contradiction().is_some() {
        setup.passcode = Some(Secret::new("kx7!0q"));
    }
    setup
}

fn invent_payload(chance: &mut Chance) -> Option<PasscodePayload> {
    let usual = PasscodePayload { force_pin: Some(true), ..PasscodePayload::default() };
    match chance.below(5) {
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
            max_pin_age_in_days: Some(chance.between(7, 90)),
            ..usual
        }),
    }
}

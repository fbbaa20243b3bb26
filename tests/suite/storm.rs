//! Bad weather for managed devices: a phase with faults, in which nothing may go wrong, and a calm
//! one, in which every action has to end.
//!
//! Faults: lost pushes, devices that are offline or off for days, restarts at any moment, actions
//! that arrive twice, administrators who press the button twice, and a retire that overtakes it.

use chrono::{DateTime, TimeDelta, Utc};
use device_sim::android::{self, ApiLevel, Enrolment, Lock, PasswordPolicy, Quality};
use device_sim::apple::{self, EnrolmentKind, PasscodePayload, Platform};
use device_sim::scenario::DEFAULT_START;
use device_sim::service::{self, ActionResult, CheckIn, RemoteAction, Request};
use device_sim::user::{BehaviourProfile, Timing, User};
use device_sim::{Call, DeviceSetup, Machine, Rng, Secret, Setup, World};

/// The number of storms, and of the devices that are out in each.
const STORMS: u64 = 200;
const DEVICES: usize = 6;

const STORM_DAYS: i64 = 14;
const CALM_DAYS: i64 = 21;

/// Random streams: devices have the numbers from 0, users those from 100.
const WEATHER: u64 = 1_000;
const USERS: u64 = 100;

fn pick<T: Copy>(rng: &mut Rng, choices: &[T]) -> T {
    let place = rng.below(u32::try_from(choices.len()).unwrap());
    choices[usize::try_from(place).unwrap()]
}

fn an_android(rng: &mut Rng) -> DeviceSetup {
    let level = u8::try_from(rng.between(23, 36)).unwrap();
    let enrolment =
        pick(rng, &[Enrolment::WorkProfile, Enrolment::DeviceOwner, Enrolment::DeviceAdmin]);
    let mut device = android::Setup::new(ApiLevel::new(level).unwrap(), &[enrolment]);
    if rng.happens(2, 3) {
        device.lock = Lock::from_text("471147");
    }
    if enrolment == Enrolment::WorkProfile && level >= 24 && rng.happens(1, 3) {
        device.work_lock = Some(Lock::from_text("258025"));
    }
    if rng.happens(2, 3) {
        device.set_policy(PasswordPolicy { quality: Quality::Numeric, ..PasswordPolicy::NONE });
    }
    DeviceSetup::from(device)
}

fn an_apple(rng: &mut Rng) -> DeviceSetup {
    let mut device = apple::Setup::new(pick(rng, &[Platform::Ios, Platform::Ipados]));
    device.kind =
        pick(rng, &[EnrolmentKind::Device, EnrolmentKind::Supervised, EnrolmentKind::User]);
    device.passcode = Some(Secret::new("258014"));
    device.network.cellular = rng.happens(1, 2);
    device.token_lost = rng.happens(1, 8);
    device.server.redelivers = rng.happens(1, 4);
    if rng.happens(1, 2) {
        let payload = PasscodePayload { force_pin: Some(true), ..PasscodePayload::default() };
        device.payload = Some(payload);
    }
    DeviceSetup::from(device)
}

fn a_managed_device(rng: &mut Rng) -> Setup {
    let device = if rng.happens(1, 2) { an_android(rng) } else { an_apple(rng) };
    let mut setup = service::Setup {
        check_in: pick(rng, CheckIn::ALL),
        first_check_in_minutes: Some(rng.between(1, 480)),
        google_services: rng.happens(3, 4),
        ..service::Setup::default()
    };
    setup.parameters.report_survives_reboot = rng.happens(1, 2);
    setup.parameters.agent_remembers = rng.happens(1, 2);
    setup.parameters.joined_requests = rng.happens(1, 4);
    Setup::managed(device, setup)
}

/// Returns a user without mishaps of their own: the weather is bad enough.
fn a_user(behaviour: BehaviourProfile, setup: &Setup) -> User {
    let timing = Timing {
        restart_one_in: 0,
        empty_battery_one_in: 0,
        out_of_reach_one_in: 0,
        profile_off_one_in: 0,
        ..Timing::default()
    };
    User::new(behaviour, setup, timing)
}

/// Returns a random event from the environment or an administrator.
fn a_gust(machine: &Machine, rng: &mut Rng) -> Call {
    let request = |name: &str| Request { by: name.into(), ..Request::default() };
    let reset = |name| service::Call::request(RemoteAction::ResetPasscode, request(name));
    let is_android = machine.as_android().is_some();
    let of_platform = |android, apple| match is_android {
        true => Call::from(android),
        false => Call::from(apple),
    };
    match rng.below(40) {
        0..=7 => Call::Service(reset("ada@example.org")),
        8..=11 => Call::Service(reset("ben@example.org")),
        12..=15 => Call::from(service::Call::LoseNextPush),
        16..=18 => Call::from(service::Call::RedeliverLastAction),
        19..=23 => of_platform(android::Call::Reboot, apple::Call::Reboot),
        24..=28 => of_platform(android::Call::GoOffline, apple::Call::GoOffline),
        29..=32 => of_platform(android::Call::GoOnline, apple::Call::GoOnline),
        33 | 34 => of_platform(android::Call::QuietMode { on: true }, apple::Call::PowerOff),
        35..=37 => of_platform(android::Call::QuietMode { on: false }, apple::Call::PowerOn),
        38 => Call::from(service::Call::CheckIn),
        _ => {
            let action = pick(rng, &[RemoteAction::Retire, RemoteAction::SyncDevice]);
            Call::Service(service::Call::request(action, request("eve@example.org")))
        }
    }
}

/// The devices of one storm, with their users and the weather.
struct Storm {
    seed: u64,
    world: World,
    setups: Vec<Setup>,
    users: Vec<(User, Rng)>,
    weather: Rng,
    /// The last seen state of every action, to notice those that come back.
    seen: Vec<Vec<ActionResult>>,
    /// The number of actions by their end.
    ends: std::collections::BTreeMap<&'static str, usize>,
}

impl Storm {
    fn new(seed: u64) -> Self {
        let mut weather = Rng::new(seed, WEATHER);
        let mut world = World::new(DEFAULT_START, seed);
        let mut storm_setups = Vec::new();
        let mut users = Vec::new();
        for number in 0..DEVICES {
            let stream = u64::try_from(number).unwrap();
            let setup = a_managed_device(&mut weather);
            world.add(&format!("device-{number}"), &setup, stream);
            let behaviour = pick(&mut weather, BehaviourProfile::ALL);
            users.push((a_user(behaviour, &setup), Rng::new(seed, USERS + stream)));
            storm_setups.push(setup);
        }
        let seen = vec![Vec::new(); DEVICES];
        let ends = std::collections::BTreeMap::new();
        Self { seed, world, setups: storm_setups, users, weather, seen, ends }
    }

    /// Lets everyone live until a moment, with gusts or without.
    fn live(&mut self, end: DateTime<Utc>, gusts: bool) {
        let mut next: Vec<_> = vec![self.world.now(); DEVICES];
        let mut gust = self.world.now();
        loop {
            let device = (0..DEVICES).min_by_key(|device| next[*device]).unwrap();
            let now = if gusts { next[device].min(gust) } else { next[device] };
            self.settle(now.min(end));
            if now > end {
                return;
            }
            if gusts && gust <= next[device] {
                let device = usize::try_from(self.weather.below(6)).unwrap();
                let call = a_gust(self.world.machine(device), &mut self.weather);
                gust += TimeDelta::minutes(self.weather.between(1, 360).into());
                self.world.schedule(now, device, Some(call), None);
            } else {
                let (user, rng) = &mut self.users[device];
                let (wait, call) = user.next(self.world.machine(device), rng);
                next[device] += wait;
                self.world.schedule(next[device], device, Some(call), None);
            }
        }
    }

    /// Lets everything happen that is due; nothing of it may be wrong.
    fn settle(&mut self, until: DateTime<Utc>) {
        while let Some(turn) = self.world.step(until) {
            let device = turn.device;
            let machine = self.world.machine(device);
            let broken = machine.broken_invariants();
            assert!(broken.is_empty(), "storm {}: device {device}: {broken:?}", self.seed);
            let results = machine.record().unwrap().results();
            for (before, after) in self.seen[device].iter().zip(results) {
                let stays = (before.state, before.updated) == (after.state, after.updated);
                let event = turn.event.as_ref().map(ToString::to_string);
                assert!(
                    !before.state.has_ended() || stays,
                    "storm {}: {before:?} became {after:?} with {event:?}",
                    self.seed
                );
                if after.state.has_ended() && !before.state.has_ended() {
                    *self.ends.entry(after.state.as_str()).or_default() += 1;
                }
            }
            self.seen[device] = results.to_vec();
        }
    }

    /// Clears the weather: networks are back, devices on, profiles too, whose lock someone
    /// remembers, and each user who never reacted has gone on holiday and left the device to
    /// someone who does.
    fn clear_up(&mut self) {
        let now = self.world.now();
        for device in 0..DEVICES {
            let calls = match self.world.machine(device).as_android() {
                Some(device) => {
                    let mut calls = vec![
                        Call::from(android::Call::GoOnline),
                        Call::from(android::Call::QuietMode { on: false }),
                    ];
                    calls.extend(types_the_work_lock(device).map(Call::from));
                    calls
                }
                None => vec![Call::from(apple::Call::GoOnline), Call::from(apple::Call::PowerOn)],
            };
            for call in calls {
                self.world.schedule(now, device, Some(call), None);
            }
            if self.users[device].0.behaviour() == BehaviourProfile::NeverReacts {
                self.users[device].0 = a_user(BehaviourProfile::Cooperates, &self.setups[device]);
            }
        }
    }
}

/// Answers the prompt of a profile that is being turned on.
fn types_the_work_lock(device: &android::Device) -> Option<android::Call> {
    let work = android::UserId::Work;
    device.user(work).filter(|user| user.is_turned_off())?;
    let secret = device.user(device.credential_owner(work))?.lock().secret().clone();
    Some(android::Call::Unlock { user: work, with: android::Factor::Known(secret) })
}

#[test]
fn nothing_goes_wrong_in_a_storm_and_every_action_ends_in_the_calm_after_it() {
    let mut ends = std::collections::BTreeMap::new();
    for seed in 0..STORMS {
        let mut storm = Storm::new(seed);
        storm.live(DEFAULT_START + TimeDelta::days(STORM_DAYS), true);
        storm.clear_up();
        storm.live(DEFAULT_START + TimeDelta::days(STORM_DAYS + CALM_DAYS), false);
        for device in 0..DEVICES {
            let machine = storm.world.machine(device);
            let open: Vec<_> = machine.record().unwrap().open().collect();
            assert!(
                open.is_empty(),
                "storm {seed}: device {device} still waits: {open:?}\n{:?}\n{:?}",
                storm.setups[device],
                storm.world.state(device),
            );
        }
        for (word, count) in storm.ends {
            *ends.entry(word).or_insert(0) += count;
        }
    }
    // A storm in which nothing happens would show nothing.
    for word in ["done", "failed", "notSupported", "canceled"] {
        assert!(ends.get(word).is_some_and(|count| *count >= 20), "{ends:?}");
    }
}

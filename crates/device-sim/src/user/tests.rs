use chrono::{DateTime, TimeDelta, Utc};

use super::{BehaviourProfile, Reach, Timing, User};
use crate::android::{self, ApiLevel, Caller, Enrolment, Lock, PasswordPolicy, Quality};
use crate::android::{TokenState, UserId, Who};
use crate::apple::{self, PasscodePayload, Platform, TokenChoice};
use crate::machine::{Call, Machine, Setup};
use crate::model::Event;
use crate::model::Rng;
use crate::model::Secret;
use crate::service::{self, ActionState, TokenAtStart};
use crate::simulation::World;

/// Monday morning.
fn start() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(17_623) + TimeDelta::hours(9)
}

/// A user with a device, and everything that happens to it.
struct Story {
    world: World,
    user: User,
    rng: Rng,
    /// The time of the user's next action.
    next: DateTime<Utc>,
    events: Vec<Event>,
}

impl Story {
    fn new(setup: &Setup, behaviour: BehaviourProfile, timing: Timing, seed: u64) -> Self {
        let mut world = World::new(start(), seed);
        world.add("device", setup, 0);
        let user = User::new(behaviour, setup, timing);
        Self { world, user, rng: Rng::new(seed, 1), next: start(), events: Vec::new() }
    }

    fn machine(&self) -> &Machine {
        self.world.machine(0)
    }

    /// Someone else does something now.
    fn does(&mut self, call: Call) {
        self.world.schedule(self.world.now(), 0, Some(call), None);
    }

    /// Lives until so long after the start.
    fn live_until(&mut self, length: TimeDelta) {
        let end = start() + length;
        loop {
            while let Some(turn) = self.world.step(self.next.min(end)) {
                self.events.extend(turn.event);
            }
            if self.next > end {
                return;
            }
            let (wait, call) = self.user.next(self.world.machine(0), &mut self.rng);
            self.next += wait;
            self.world.schedule(self.next, 0, Some(call), None);
        }
    }

    fn verbs(&self) -> Vec<&'static str> {
        self.events.iter().map(|event| event.verb).collect()
    }

    fn count(&self, verb: &str) -> usize {
        self.verbs().iter().filter(|found| **found == verb).count()
    }
}

/// Nothing happens to the device by accident.
fn quiet() -> Timing {
    Timing {
        restart_one_in: 0,
        empty_battery_one_in: 0,
        out_of_reach_one_in: 0,
        profile_off_one_in: 0,
        ..Timing::default()
    }
}

fn demanding() -> PasswordPolicy {
    PasswordPolicy { quality: Quality::Numeric, ..PasswordPolicy::NONE }
}

/// Returns the work profile of a managed device, with a lock of its own; its reset token is
/// pending.
fn profile() -> Setup {
    let oreo = ApiLevel::new(28).expect("simulated");
    let mut setup = android::Setup::new(oreo, &[Enrolment::WorkProfile]);
    setup.lock = Lock::from_text("4711");
    setup.work_lock = Some(Lock::from_text("13579"));
    setup.set_policy(demanding());
    let managed =
        service::Setup { reset_token: TokenAtStart::Pending, ..service::Setup::default() };
    Setup::managed(setup, managed)
}

fn pending_token(behaviour: BehaviourProfile, seed: u64) -> Story {
    let story = Story::new(&profile(), behaviour, quiet(), seed);
    assert_eq!(token(&story), TokenState::Pending);
    assert!(story.machine().as_android().is_some_and(android::Device::notification));
    story
}

fn token(story: &Story) -> TokenState {
    let work = story.machine().as_android().and_then(|device| device.user(UserId::Work));
    work.expect("there is a profile").token_state()
}

#[test]
fn who_cooperates_answers_the_notification_on_the_same_day() {
    for seed in 0..20 {
        let mut story = pending_token(BehaviourProfile::Cooperates, seed);
        story.live_until(TimeDelta::hours(9));
        assert_eq!(token(&story), TokenState::Active, "seed {seed}");
    }
}

#[test]
fn who_defers_answers_the_notification_hours_or_days_later() {
    let mut on_the_first_day = 0;
    for seed in 0..20 {
        let mut story = pending_token(BehaviourProfile::Defers, seed);
        story.live_until(TimeDelta::hours(2));
        assert_eq!(token(&story), TokenState::Pending, "seed {seed}");
        story.live_until(TimeDelta::hours(12));
        on_the_first_day += usize::from(token(&story) == TokenState::Active);
        story.live_until(TimeDelta::days(5));
        assert_eq!(token(&story), TokenState::Active, "seed {seed}");
    }
    assert!((1..10).contains(&on_the_first_day), "{on_the_first_day}");
}

#[test]
fn who_never_reacts_touches_nothing_for_a_month() {
    let mut story = pending_token(BehaviourProfile::NeverReacts, 1);
    story.live_until(TimeDelta::days(30));
    assert_eq!(token(&story), TokenState::Pending);
    let mut verbs = story.verbs();
    verbs.retain(|verb| *verb != "strong-auth-times-out");
    assert!(verbs.iter().all(|verb| *verb == "screen-off"), "{verbs:?}");
}

#[test]
fn who_switches_off_does_so_at_night_and_restarts_the_device_in_the_morning() {
    let mut story = pending_token(BehaviourProfile::SwitchesOff, 3);
    story.live_until(TimeDelta::days(10));
    let off = |event: &&Event| event.verb == "go-offline";
    let nights = story.events.iter().filter(off).count();
    assert!((4..10).contains(&nights), "{nights}");
    assert_eq!(story.count("reboot"), nights);
    for event in story.events.iter().filter(off) {
        assert_eq!(event.at.format("%H").to_string(), "23");
    }
    for event in story.events.iter().filter(|event| event.verb == "go-online") {
        assert_eq!(event.at.format("%H:%M").to_string(), "07:01");
    }
}

#[test]
fn a_device_that_is_switched_off_for_days_comes_back() {
    let timing = Timing { days_off_one_in: 1, days_off_most: 3, ..quiet() };
    let mut story = Story::new(&profile(), BehaviourProfile::SwitchesOff, timing, 5);
    story.live_until(TimeDelta::hours(15));
    assert_eq!(story.user.reach(), Reach::Off);
    story.live_until(TimeDelta::days(4));
    assert!(story.count("go-online") >= 1);
}

#[test]
fn a_passcode_that_was_made_up_is_typed_once_and_replaced_by_one_of_their_own() {
    for (behaviour, latest) in [(BehaviourProfile::Cooperates, 9), (BehaviourProfile::Defers, 120)]
    {
        let mut story = pending_token(behaviour, 7);
        story.live_until(TimeDelta::days(5));
        story.does(Call::Service(service::Call::reset_passcode()));
        let called = TimeDelta::days(5);
        story.live_until(called + TimeDelta::minutes(1));
        let work = |story: &Story| {
            let user = story.machine().as_android().and_then(|one| one.user(UserId::Work)).cloned();
            user.expect("there is a profile")
        };
        let result = story.machine().record().and_then(service::Record::reset);
        assert_eq!(result.map(|result| result.state), Some(ActionState::Done));
        assert!(work(&story).generated().is_some());
        story.live_until(called + TimeDelta::hours(latest));
        assert_eq!(work(&story).generated(), None, "{behaviour:?}");
        assert_eq!(*work(&story).lock(), Lock::from_text("258014"));
    }
}

#[test]
fn a_passcode_that_the_policy_refuses_is_followed_by_a_stronger_one() {
    let mut story = pending_token(BehaviourProfile::Cooperates, 7);
    story.live_until(TimeDelta::hours(12));
    let strict = PasswordPolicy { quality: Quality::Complex, ..PasswordPolicy::NONE };
    let by = Caller::new(Who::ProfileOwner);
    story.does(android::Call::InstallPolicy { by, policy: strict }.into());
    story.does(Call::Service(service::Call::reset_passcode()));
    story.live_until(TimeDelta::days(3));
    let work = story.machine().as_android().and_then(|device| device.user(UserId::Work));
    let work = work.expect("there is a profile");
    assert_eq!(work.generated(), None);
    assert_eq!(*work.lock(), Lock::from_text("kx7!0q"));
}

#[test]
fn work_profiles_are_turned_off_and_on_again() {
    let timing = Timing { profile_off_one_in: 3, ..quiet() };
    let mut story = Story::new(&profile(), BehaviourProfile::Cooperates, timing, 2);
    story.live_until(TimeDelta::days(5));
    let turns: Vec<_> = story.events.iter().filter(|event| event.verb == "quiet-mode").collect();
    assert!(turns.len() >= 4, "{}", turns.len());
    assert!(turns.iter().all(|turn| turn.outcome.is_some()));
}

#[test]
fn empty_batteries_are_charged_and_devices_restarted_and_carried_out_of_reach() {
    let timing =
        Timing { restart_one_in: 5, empty_battery_one_in: 5, out_of_reach_one_in: 5, ..quiet() };
    for setup in [profile(), iphone()] {
        let mut story = Story::new(&setup, BehaviourProfile::Cooperates, timing, 2);
        let mut seen = Vec::new();
        for hour in 0..24 * 20 {
            story.live_until(TimeDelta::hours(hour));
            seen.push(story.user.reach());
        }
        for reach in Reach::ALL {
            assert!(seen.contains(reach), "{reach:?} never is");
        }
        assert!(story.count("reboot") >= 3);
    }
}

#[test]
fn a_device_that_is_out_of_reach_at_the_start_comes_back_by_itself() {
    for setup in [profile(), iphone()] {
        for reach in [Reach::Off, Reach::OutOfReach] {
            let mut story = Story::new(&setup, BehaviourProfile::Cooperates, quiet(), 9);
            let call = story.user.begin(reach, false, story.world.machine(0), &mut story.rng);
            story.does(call.expect("something is done to it"));
            assert_eq!(story.user.reach(), reach);
            story.live_until(TimeDelta::hours(9));
            assert_eq!(story.user.reach(), Reach::InReach);
        }
    }
}

/// Returns an iPhone that has to have a passcode.
fn iphone() -> Setup {
    let mut setup = apple::Setup::new(Platform::Ios);
    setup.passcode = Some(Secret::new("824615"));
    setup.network.cellular = true;
    setup.payload = Some(PasscodePayload {
        force_pin: Some(true),
        min_length: Some(6),
        allow_simple: Some(false),
        ..PasscodePayload::default()
    });
    setup.into()
}

/// Returns the story of an iPhone whose passcode is removed, and whose owner looks at it often.
fn cleared(behaviour: BehaviourProfile, seed: u64) -> Story {
    let timing = Timing { look_most_minutes: 20, ..quiet() };
    let mut story = Story::new(&iphone(), behaviour, timing, seed);
    story.does(apple::Call::ClearPasscode { token: TokenChoice::Held, push: true }.into());
    story.live_until(TimeDelta::minutes(5));
    assert!(!has_passcode(&story), "the passcode is gone");
    story
}

fn has_passcode(story: &Story) -> bool {
    story.machine().as_apple().is_some_and(|device| device.phone().has_passcode())
}

#[test]
fn who_cooperates_sets_a_passcode_when_an_iphone_asks() {
    for seed in 0..20 {
        let mut story = cleared(BehaviourProfile::Cooperates, seed);
        story.live_until(TimeDelta::hours(6));
        assert!(has_passcode(&story), "seed {seed}");
        assert_eq!(story.count("later"), 0);
    }
}

#[test]
fn who_defers_says_later_until_the_iphone_insists() {
    let mut later = 0;
    for seed in 0..20 {
        let mut story = cleared(BehaviourProfile::Defers, seed);
        story.live_until(TimeDelta::hours(9));
        later += story.count("later");
        assert!(has_passcode(&story), "seed {seed}");
    }
    assert!(later >= 20, "{later}");
}

#[test]
fn who_never_reacts_leaves_an_iphone_without_a_passcode() {
    let mut story = cleared(BehaviourProfile::NeverReacts, 4);
    story.live_until(TimeDelta::days(30));
    assert!(!has_passcode(&story));
}

#[test]
fn who_switches_an_iphone_off_opens_it_again_in_the_morning() {
    let mut story = Story::new(&iphone(), BehaviourProfile::SwitchesOff, quiet(), 6);
    story.live_until(TimeDelta::days(10));
    assert!(story.count("power-off") >= 4);
    assert!(story.count("unlock") >= story.count("power-on"));
    assert!(has_passcode(&story));
}

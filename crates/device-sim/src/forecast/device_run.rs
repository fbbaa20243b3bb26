//! One device from the press of the button until its action has ended.

use chrono::{DateTime, TimeDelta, Utc};
use eligibility::facts::{Fact, ResetToken, UnlockToken};

use super::assumptions::Given;
use super::timeline::{Ending, Timeline, Why};
use super::variable::{Drawn, Trait, Variable};
use super::{Cohort, Forecast};
use crate::android::{Run, UserId};
use crate::apple::Power;
use crate::device::DeviceSetup;
use crate::machine::{Call, Machine, Setup};
use crate::model::Rng;
use crate::scenario::DEFAULT_START;
use crate::service::{self, ActionResult, ActionState, CheckIn, RemoteAction};
use crate::simulation::World;
use crate::subject::{NotSimulated, subject};
use crate::user::{BehaviourProfile, Reach, User};

/// The number of draws for facts that agree; after these a device is taken that is known to exist.
const MOST_DRAWS: u32 = 64;

/// Random streams above this are for looking whether a cohort can be simulated at all.
const PROBES: u64 = 1 << 63;

/// A cohort that can be simulated.
pub(super) struct Candidate {
    pub(super) cohort: Cohort,
    /// The number of its first device.
    pub(super) first: u64,
    /// One way in which everything can be known of its devices.
    example: Drawn,
    /// The values sampled for it from additional assumptions.
    given: Given,
    /// True if assumptions on top hold for its devices at all.
    with_given: bool,
}

impl Candidate {
    /// Looks for a device of the cohort with this number that can be simulated.
    pub(super) fn find(
        cohort: Cohort,
        number: u64,
        first: u64,
        forecast: &Forecast<'_>,
    ) -> Result<Self, NotSimulated> {
        let mut rng = Rng::new(forecast.seed, PROBES + number);
        let mut refusal = None;
        // An assumption on top makes no device impossible: it does not hold for such a one.
        let any = forecast.assumptions.given().next().is_some();
        let modes: &[bool] = if any { &[true, false] } else { &[false] };
        for with_given in modes.iter().copied() {
            refusal = None;
            for _ in 0..MOST_DRAWS {
                let mut example = Drawn::of(cohort.facts);
                let given = forecast.assumptions.complete(&mut example, with_given, &mut rng);
                match subject(&example.facts) {
                    Ok(_) => return Ok(Self { cohort, first, example, given, with_given }),
                    Err(reason) => refusal = refusal.or(Some(reason)),
                }
            }
        }
        Err(refusal.expect("at least one device was drawn"))
    }

    /// Returns the number after that of its last device.
    pub(super) fn end(&self) -> u64 {
        self.first + self.cohort.devices
    }

    /// Returns true if something is drawn for its devices from assumptions on top.
    pub(super) fn is_given(&self, variable: Variable) -> bool {
        self.given.contains(variable)
    }

    /// Returns true if something is drawn for its devices.
    pub(super) fn draws(&self, variable: Variable) -> bool {
        let before = Drawn::of(self.cohort.facts).get(variable);
        !before.is_known() && self.example.get(variable).is_known()
    }
}

/// The places of the devices, one after the other.
pub(super) struct DeviceRun<'a> {
    forecast: &'a Forecast<'a>,
    checkpoints: &'a [TimeDelta],
    timeline: Timeline,
}

impl<'a> DeviceRun<'a> {
    pub(super) fn new(forecast: &'a Forecast<'a>, checkpoints: &'a [TimeDelta]) -> Self {
        let timeline = Timeline { pending: Vec::new(), end: None, checkpoints: checkpoints.len() };
        Self { forecast, checkpoints, timeline }
    }

    /// Returns the result of the action on one device.
    pub(super) fn follow(&mut self, candidate: &Candidate, repeat: u64, number: u64) -> &Timeline {
        let stream = (repeat << 40 | number) << 1;
        let seed = self.forecast.seed;
        let mut rng = Rng::new(seed, stream | 1);
        let (drawn, setup) = self.draw(candidate, &mut rng);
        let mut world = World::new(DEFAULT_START, seed);
        world.add("device", &setup, stream);
        let behaviour = drawn
            .choice(Trait::Behaviour, BehaviourProfile::ALL)
            .unwrap_or(BehaviourProfile::Cooperates);
        let mut user = User::new(behaviour, &setup, self.forecast.assumptions.timing);
        let reach = drawn.choice(Trait::Reach, Reach::ALL).unwrap_or(Reach::InReach);
        let profile_off = drawn.choice(Trait::WorkProfile, &[false, true]) == Some(true);
        if let Some(call) = user.begin(reach, profile_off, world.machine(0), &mut rng) {
            world.schedule(DEFAULT_START, 0, Some(call), None);
        }
        let press = Call::Service(service::Call::reset_passcode());
        world.schedule(DEFAULT_START, 0, Some(press), None);
        self.timeline.pending.clear();
        self.timeline.end = None;
        let mut next = DEFAULT_START;
        for checkpoint in self.checkpoints {
            let end = DEFAULT_START + *checkpoint;
            if pass_until(end, &mut next, &mut world, &mut user, &mut rng) {
                let machine = world.machine(0);
                self.timeline.end = result(machine).map(|result| ended(&drawn, machine, result));
                break;
            }
            self.timeline.pending.push(waiting(&user, world.machine(0)));
        }
        &self.timeline
    }

    /// Draws what is not known of a device until there is such a device.
    fn draw(&self, candidate: &Candidate, rng: &mut Rng) -> (Drawn, Setup) {
        for _ in 0..MOST_DRAWS {
            let mut drawn = Drawn::of(candidate.cohort.facts);
            self.forecast.assumptions.complete(&mut drawn, candidate.with_given, rng);
            if let Ok(setup) = subject(&drawn.facts) {
                return (drawn, with_traits(setup, &drawn, rng));
            }
        }
        let drawn = candidate.example;
        let setup = subject(&drawn.facts).expect("the example of a candidate can be simulated");
        (drawn, with_traits(setup, &drawn, rng))
    }
}

/// Returns the device with the traits that no inventory contains.
fn with_traits(mut setup: Setup, drawn: &Drawn, rng: &mut Rng) -> Setup {
    let Some(managed) = &mut setup.service else { return setup };
    if let Some(check_in) = drawn.choice(Trait::CheckIn, CheckIn::ALL) {
        managed.check_in = check_in;
    }
    if let Some(google_services) = drawn.choice(Trait::GoogleServices, &[false, true]) {
        managed.google_services = google_services;
    }
    // A settled device has checked in at some time within its interval.
    let minutes = managed.parameters.check_in_minutes;
    managed.first_check_in_minutes = Some(rng.between(1, minutes.max(1)));
    if let DeviceSetup::Apple(apple) = &mut setup.device
        && let Some(cellular) = drawn.choice(Trait::Cellular, &[false, true])
    {
        apple.network.cellular = cellular;
    }
    setup
}

fn result(machine: &Machine) -> Option<&ActionResult> {
    machine.record()?.reset()
}

/// Lets time pass, with what its owner does, until the action has ended or the end has come;
/// whether it has ended.
fn pass_until(
    end: DateTime<Utc>,
    next: &mut DateTime<Utc>,
    world: &mut World,
    user: &mut User,
    rng: &mut Rng,
) -> bool {
    loop {
        while world.pass(end.min(*next)) {
            if result(world.machine(0)).is_some_and(|result| result.state.has_ended()) {
                return true;
            }
        }
        if *next > end {
            return false;
        }
        let (wait, call) = user.next(world.machine(0), rng);
        *next += wait;
        world.schedule(*next, 0, Some(call), None);
    }
}

/// Returns the end of an action, and its reason.
fn ended(drawn: &Drawn, machine: &Machine, result: &ActionResult) -> (Ending, Why) {
    match result.state {
        ActionState::Done => (Ending::Done, Why::CarriedOut),
        ActionState::Canceled => (Ending::Canceled, Why::Overtaken),
        ActionState::Failed => (Ending::Failed, refusal(drawn, machine, result)),
        _ => (Ending::NotSupported, refusal(drawn, machine, result)),
    }
}

/// Returns the reason of a failure, by the device's state at the request.
fn refusal(drawn: &Drawn, machine: &Machine, result: &ActionResult) -> Why {
    if !service::is_offered(machine.device(), RemoteAction::ResetPasscode) {
        return Why::NotOffered;
    }
    let Some(device) = machine.as_android() else {
        return match drawn.facts.unlock_token {
            Fact::Known(UnlockToken::Stale) => Why::StaleUnlockToken,
            _ if result.error_code == 0 => Why::NoUnlockToken,
            _ => Why::Refused,
        };
    };
    if result.state == ActionState::Failed {
        return match drawn.facts.passcode_required {
            Fact::Known(false) => Why::NoPasscodeRequired,
            _ => Why::Refused,
        };
    }
    match drawn.facts.reset_token {
        _ if device.api() < 26 => Why::NoTokenCalls,
        Fact::Known(ResetToken::Pending) => Why::TokenNeverActivated,
        Fact::Known(ResetToken::Lost) => Why::TokenLost,
        Fact::Known(ResetToken::Absent) | Fact::OneOf(_) | Fact::Unknown => Why::NoToken,
        Fact::Known(ResetToken::Active) => Why::Refused,
    }
}

/// Returns the reason that an action has not ended.
fn waiting(user: &User, machine: &Machine) -> Why {
    let state = result(machine).map_or(ActionState::None, |result| result.state);
    let work = machine.as_android().and_then(|device| device.user(UserId::Work));
    let locked = machine.as_apple().is_some_and(|device| {
        matches!(
            device.phone().power(),
            Power::BeforeFirstUnlock | Power::CoolDown { unlocked_before: false, .. }
        )
    });
    match user.reach() {
        Reach::Off => Why::DeviceOff,
        Reach::OutOfReach => Why::OutOfReach,
        Reach::InReach if work.is_some_and(|work| work.run() == Run::Stopped) => {
            Why::WorkProfileOff
        }
        Reach::InReach if locked => Why::LockedSinceRestart,
        Reach::InReach if state == ActionState::Active => Why::NotReported,
        Reach::InReach => Why::WaitsForCheckIn,
    }
}

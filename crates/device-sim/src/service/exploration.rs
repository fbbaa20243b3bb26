//! The exploration `service-reset`: one work profile under management, and everything that can
//! happen to a few requests, in every order.
//!
//! Pushes arrive and reports are made some time after they were sent, so anything can come between.

#[cfg(test)]
mod broken;

use chrono::TimeDelta;

use super::action::{ActionResult, ActionState, Mechanism, RemoteAction};
use super::call::Call;
use super::record::Record;
use super::request::Request;
use super::setup::Setup;
use crate::android::{
    self, ApiLevel, Call as AndroidCall, Caller, Enrolment, Factor, Lock, PasswordPolicy, Quality,
    Run, UserId, Who,
};
use crate::device::Device;
use crate::exploration::{Claim, Exploration, Situation, Transition};
use crate::machine::{self, Call as AnyCall, Machine};

/// The name of the exploration.
pub const RESET_EXPLORATION: &str = "service-reset";

/// No more requests than this are made in one run.
const MOST_REQUESTS: u32 = 2;

const DEVICE_LOCK: &str = "1111";

/// Returns the exploration: a work profile on Android 11 whose user has set a lock.
pub fn reset_exploration() -> Exploration {
    let api = ApiLevel::new(30).unwrap_or(ApiLevel::LAST);
    let mut device = android::Setup::new(api, &[Enrolment::WorkProfile]);
    device.lock = Lock::from_text(DEVICE_LOCK);
    device.set_policy(demand(Quality::Numeric));
    let setup = machine::Setup::managed(device, Setup::default());
    let always = ALWAYS.iter().map(|(name, holds)| (*name, Claim::EveryEvent(*holds)));
    let possible = POSSIBLE.iter().map(|(name, is)| (*name, Claim::Possible(*is)));
    let ends = (
        "every action ends once the device is back and its user cooperates",
        Claim::EverySituation(every_action_ends),
    );
    Exploration {
        forget: Some(forget),
        leaves_out: is_left_out,
        ..Exploration::of_machine(
            RESET_EXPLORATION,
            setup,
            calls,
            always.chain([ends]).chain(possible),
        )
    }
}

/// Selects what no claim is about, and the awaited check-in: one may come at any moment anyway.
fn is_left_out(call: &AnyCall) -> bool {
    android::is_strong_auth_alarm(call) || *call == AnyCall::Service(Call::AwaitedCheckInDue)
}

/// Forgets what no claim is about: entries of factors, and when actions started, on which only the
/// limits of a day depend.
fn forget(machine: &mut Machine) {
    android::forget_entries(machine);
    if let Some(record) = machine.record_mut() {
        record.actions.forget_moments(|_| true);
        record.schedule.comes();
    }
}

fn demand(quality: Quality) -> PasswordPolicy {
    PasswordPolicy { quality, ..PasswordPolicy::NONE }
}

/// Returns the possible calls in a state.
fn calls(machine: &Machine) -> Vec<AnyCall> {
    let (Device::Android(device), Some(record)) = (machine.device(), machine.record()) else {
        return Vec::new();
    };
    let mut calls = vec![Call::CheckIn];
    if record.actions.last_number() < MOST_REQUESTS {
        calls.push(Call::reset_passcode());
        let request = Request::default();
        calls.push(Call::request(RemoteAction::Retire, request));
        calls.push(Call::LoseNextPush);
    }
    let mut calls: Vec<_> = calls.into_iter().map(AnyCall::from).collect();
    calls.extend(device_calls(device).into_iter().map(AnyCall::from));
    calls
}

fn device_calls(device: &android::Device) -> Vec<AndroidCall> {
    let by = Caller::new(Who::ProfileOwner);
    let mut calls = vec![
        AndroidCall::GoOffline,
        AndroidCall::GoOnline,
        AndroidCall::Reboot,
        AndroidCall::QuietMode { on: true },
        AndroidCall::QuietMode { on: false },
        AndroidCall::InstallPolicy { by, policy: demand(Quality::Numeric) },
        AndroidCall::InstallPolicy { by, policy: PasswordPolicy::NONE },
    ];
    for user in [UserId::Device, UserId::Work] {
        let owner = device.credential_owner(user);
        if let Some(lock) = device.user(owner).map(android::User::lock).filter(|it| it.is_secure())
        {
            let with = Factor::Known(lock.secret().clone());
            calls.push(AndroidCall::Unlock { user, with });
        }
    }
    calls
}

type Holds = fn(&Transition<'_>) -> bool;

/// The properties of every event.
const ALWAYS: &[(&str, Holds)] = &[
    ("an action that has ended stays as it is", |event| {
        each_result(event, |before, after| {
            !before.state.has_ended()
                || (before.state, before.updated) == (after.state, after.updated)
        })
    }),
    ("an action is pending, then active, then ended", |event| {
        use ActionState::{Active, Canceled, Pending};
        each_result(event, |before, after| match (before.state, after.state) {
            (before, after) if before == after => true,
            (Pending, Active | Canceled) => true,
            (Pending, ActionState::Done) => after.action.preempts_others(),
            (Active, after) => after.has_ended(),
            _ => false,
        })
    }),
    ("a profile without an active token is not reset", |event| {
        let armed = device(event.before).and_then(|device| device.user(UserId::Work));
        was_not_carried_out(event) || armed.is_none_or(android::User::has_active_token)
    }),
    ("a device that is out of reach carries nothing out", |event| {
        was_not_carried_out(event) || event.before.device().is_reachable()
    }),
    ("nothing is reset any more once a retire waits", |event| {
        let overtaken = event.before.record().is_some_and(|it| it.actions.preempting().is_some());
        !overtaken || was_not_carried_out(event)
    }),
    ("what is done was carried out by a token", |event| {
        each_result(event, |_, after| {
            let reset = after.action == RemoteAction::ResetPasscode;
            let done = after.state == ActionState::Done;
            !(reset && done) || after.mechanism == Mechanism::ResetPasswordWithToken
        })
    }),
];

type Is = fn(&Machine) -> bool;

/// The states that some order of events reaches.
const POSSIBLE: &[(&str, Is)] = &[
    ("a reset is done", |machine| latest(machine, ActionState::Done)),
    ("a reset is not supported", |machine| latest(machine, ActionState::NotSupported)),
    ("a reset fails", |machine| latest(machine, ActionState::Failed)),
    ("a reset is overtaken by a retire", |machine| latest(machine, ActionState::Canceled)),
    ("the profile has a new password, and no one knows it yet", |machine| {
        let active = latest(machine, ActionState::Active);
        active && !machine.device().is_reachable()
    }),
    ("a reset is carried out while the profile is locked", |machine| {
        let locked = device(machine).and_then(|device| device.user(UserId::Work));
        let locked = locked.is_some_and(|work| work.run() == Run::Locked);
        locked && latest(machine, ActionState::Done)
    }),
    ("two resets wait at once", |machine| {
        machine.record().is_some_and(|record| record.open().count() == 2)
    }),
];

fn device(machine: &Machine) -> Option<&android::Device> {
    machine.as_android()
}

fn latest(machine: &Machine, state: ActionState) -> bool {
    let reset = machine.record().and_then(Record::reset);
    reset.is_some_and(|reset| reset.state == state)
}

/// Returns true if something holds of every action that was there before.
fn each_result(
    event: &Transition<'_>,
    holds: impl Fn(&ActionResult, &ActionResult) -> bool,
) -> bool {
    let (Some(before), Some(after)) = (event.before.record(), event.after.record()) else {
        return true;
    };
    before
        .results()
        .iter()
        .all(|result| after.actions.get(result.number).is_some_and(|after| holds(result, after)))
}

/// Returns true if the event carried out no action.
fn was_not_carried_out(event: &Transition<'_>) -> bool {
    each_result(event, |before, after| before.ordered.is_some() || after.ordered.is_none())
}

/// Returns true if every action ends once everyone does what they can.
fn every_action_ends(situation: &Situation) -> bool {
    let mut after = situation.clone();
    after.does(&AndroidCall::GoOnline.into());
    after.does(&AndroidCall::QuietMode { on: false }.into());
    for user in [UserId::Device, UserId::Work] {
        after.does(&AndroidCall::Unlock { user, with: right(situation.machine(), user) }.into());
    }
    after.does(&Call::CheckIn.into());
    after.run_for(TimeDelta::minutes(1));
    after.machine().record().is_none_or(|record| record.open().count() == 0)
}

/// Returns the credential of a user, as its owner knows it or the administrator reads it to them.
fn right(machine: &Machine, user: UserId) -> Factor {
    let device = device(machine);
    let owner = device.map_or(user, |device| device.credential_owner(user));
    let lock = device.and_then(|device| device.user(owner)).map(android::User::lock);
    lock.map_or(Factor::Generated, |lock| Factor::Known(lock.secret().clone()))
}

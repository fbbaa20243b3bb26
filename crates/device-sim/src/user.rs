//! The users of managed devices: what a user with a behaviour profile does next.
//!
//! A [`User`] knows what a user can know: what the screen shows, a passcode of their own, and
//! the new one that an administrator reads to them while the service shows it. How often and how
//! long they do something is a matter of the [`Timing`]; all of them are inventions.
//!
//! Not here: administrators, and faults that no one causes.

mod on_android;
mod on_apple;
mod timing;

use std::collections::VecDeque;

use chrono::TimeDelta;

pub use timing::Parameters as Timing;

use crate::device::{Device, DeviceCall, DeviceSetup};
use crate::machine::{Call, Machine, Setup};
use crate::model::Rng;
use crate::model::Secret;
use crate::{android, apple};
use eligibility::closed_enum;

closed_enum! {
    /// The behaviour profile.
    pub enum BehaviourProfile: "behaviour profile" {
        /// Does what the device or the administrator asks.
        Cooperates = "cooperates",
        /// Does it in the end, and puts it off as long as that is possible.
        Defers = "defers",
        /// Leaves the device where it is, switched on, and answers nothing.
        NeverReacts = "never-reacts",
        /// Cooperates, and switches the device off at night, now and then for days.
        SwitchesOff = "switches-off",
    }
}

closed_enum! {
    /// The reachability of a device, as its user would describe it.
    pub enum Reach: "reach" {
        /// It is on and has a network.
        InReach = "in-reach",
        /// It is on, and out of reach of every network.
        OutOfReach = "out-of-reach",
        /// It is switched off, or its battery is empty.
        Off = "off",
    }
}

/// The passcodes that a user thinks of, the next one whenever one is refused.
const IDEAS: [&str; 5] = ["258014", "940372", "kx7!0q", "Kx7!0qBd", "Kx7!0q#Bd29!vWz8"];

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// A user with a device.
///
/// ```
/// use device_sim::android::{self, ApiLevel, Enrolment, Lock, TokenBytes, Who, Caller};
/// use device_sim::user::{BehaviourProfile, Timing, User};
/// use device_sim::{Call, Rng, Setup};
///
/// let mut phone = android::Setup::new(ApiLevel::LAST, &[Enrolment::WorkProfile]);
/// phone.lock = Lock::from_text("4711");
/// let setup = Setup::from(phone);
/// let mut user = User::new(BehaviourProfile::Cooperates, &setup, Timing::default());
/// let machine = setup.build(chrono::DateTime::UNIX_EPOCH);
/// let (wait, _call) = user.next(&machine, &mut Rng::new(1, 0));
/// assert!(wait >= chrono::TimeDelta::minutes(10));
/// ```
#[derive(Clone, Debug)]
pub struct User {
    behaviour: BehaviourProfile,
    timing: Timing,
    /// By their own clock: minutes since the midnight before the first day.
    minutes: i64,
    reach: Reach,
    /// Its value after they have done what they are about to do.
    next_reach: Reach,
    /// Their decided actions, each a while after the one before.
    agenda: VecDeque<(i64, Call)>,
    /// The time at which they react, once they have seen a request.
    deferred_until: Option<i64>,
    /// The passcode of an Apple device, as they remember it.
    known: Option<Secret>,
    /// The one that they typed last.
    tried: Option<Secret>,
    /// The number of passcodes they have thought of so far.
    ideas: usize,
}

impl User {
    /// Returns a user who has just received a device with this setup.
    pub fn new(behaviour: BehaviourProfile, setup: &Setup, timing: Timing) -> Self {
        Self {
            behaviour,
            timing,
            minutes: i64::from(timing.begins_at_hour) * HOUR,
            reach: Reach::InReach,
            next_reach: Reach::InReach,
            agenda: VecDeque::new(),
            deferred_until: None,
            known: match &setup.device {
                DeviceSetup::Apple(setup) => setup.passcode.clone(),
                DeviceSetup::Android(_) => None,
            },
            tried: None,
            ideas: 0,
        }
    }

    /// Returns their behaviour profile.
    pub fn behaviour(&self) -> BehaviourProfile {
        self.behaviour
    }

    /// Returns the reach of the device that its owner has chosen.
    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }

    /// Returns the next action, and the time until it.
    ///
    /// The user looks at the device now, after the previous action, and acts after the wait.
    pub fn next(&mut self, machine: &Machine, rng: &mut Rng) -> (TimeDelta, Call) {
        self.reach = self.next_reach;
        if self.agenda.is_empty() {
            self.make_up_their_mind(machine, rng);
        }
        let (wait, call) = self.agenda.pop_front().unwrap_or_else(|| (DAY, glance(machine)));
        let wait = wait.max(1);
        self.minutes += wait;
        self.note_reach(&call);
        (TimeDelta::seconds(wait * 60), call)
    }

    /// Puts the device out of reach or off, or turns its work profile off, for now; they will
    /// have it back some hours later. Returns what has to be done to it at once.
    pub(crate) fn begin(
        &mut self,
        reach: Reach,
        profile_off: bool,
        machine: &Machine,
        rng: &mut Rng,
    ) -> Option<Call> {
        self.agenda.clear();
        match reach {
            Reach::InReach if profile_off && on_android::has_running_profile(machine) => {
                self.profile_off(0, hours(1, self.timing.profile_off_most_hours, rng));
            }
            Reach::InReach => {}
            Reach::OutOfReach => {
                self.out_of_reach(machine, 0, self.timing.out_of_reach_most_hours, rng);
            }
            Reach::Off if self.behaviour == BehaviourProfile::SwitchesOff => {
                self.off_for_days(machine, 0, 0, rng);
            }
            Reach::Off => self.off(machine, 0, hours(1, self.timing.charge_most_hours, rng)),
        }
        let (_, call) = self.agenda.pop_front()?;
        self.note_reach(&call);
        self.reach = self.next_reach;
        Some(call)
    }

    fn note_reach(&mut self, call: &Call) {
        let going = self.agenda.front().map(|(_, next)| next);
        self.next_reach = reach_after(call, going).unwrap_or(self.reach);
    }

    /// Fills the agenda.
    fn make_up_their_mind(&mut self, machine: &Machine, rng: &mut Rng) {
        if self.behaviour == BehaviourProfile::NeverReacts {
            return self.plan(DAY, glance(machine));
        }
        let (least, most) = (self.timing.look_least_minutes, self.timing.look_most_minutes);
        let wait = i64::from(rng.between(least, most));
        if let Some(night) = self.night(wait) {
            return self.sleep(machine, night, rng);
        }
        if self.something_happens(machine, wait, rng) {
            return;
        }
        match machine.device() {
            Device::Android(device) => self.with_android(device, machine.record(), wait, rng),
            Device::Apple(device) => self.with_apple(device, wait),
        }
    }

    /// Returns the minutes until bedtime and the minutes of sleep, if the next look at the device
    /// would be after bedtime.
    fn night(&self, wait: i64) -> Option<(i64, i64)> {
        let today = self.minutes.rem_euclid(DAY);
        let bedtime = i64::from(self.timing.sleeps_at_hour) * HOUR;
        let morning = i64::from(self.timing.wakes_at_hour) * HOUR;
        if today < morning {
            return Some((0, morning - today));
        }
        (today + wait >= bedtime)
            .then(|| ((bedtime - today).max(0), DAY + morning - today.max(bedtime)))
    }

    fn sleep(&mut self, machine: &Machine, night: (i64, i64), rng: &mut Rng) {
        let (bedtime, asleep) = night;
        if self.behaviour == BehaviourProfile::SwitchesOff
            && one_in(self.timing.days_off_one_in, rng)
        {
            self.off_for_days(machine, bedtime, asleep, rng);
        } else if self.behaviour == BehaviourProfile::SwitchesOff
            && rng.happens(self.timing.nights_off_in_ten, 10)
        {
            self.off(machine, bedtime, asleep);
        } else {
            self.plan(bedtime + asleep, glance(machine));
        }
    }

    /// Returns a random event of any user's device, independent of requests.
    fn something_happens(&mut self, machine: &Machine, wait: i64, rng: &mut Rng) -> bool {
        let timing = self.timing;
        if one_in(timing.restart_one_in, rng) {
            self.plan(wait, restart(machine));
        } else if one_in(timing.empty_battery_one_in, rng) {
            self.off(machine, wait, hours(1, timing.charge_most_hours, rng));
        } else if one_in(timing.out_of_reach_one_in, rng) {
            self.out_of_reach(machine, wait, timing.out_of_reach_most_hours, rng);
        } else if on_android::has_running_profile(machine) && one_in(timing.profile_off_one_in, rng)
        {
            self.profile_off(wait, hours(1, timing.profile_off_most_hours, rng));
        } else {
            return false;
        }
        true
    }

    /// Returns true if the user does now what the device requests; who defers does it some hours
    /// later.
    fn gets_to_it(&mut self, rng: &mut Rng) -> bool {
        if self.behaviour != BehaviourProfile::Defers {
            return true;
        }
        let (least, most) = (self.timing.defer_least_hours, self.timing.defer_most_hours);
        let now = self.minutes;
        let until = *self.deferred_until.get_or_insert_with(|| now + hours(least, most, rng));
        if now >= until {
            self.deferred_until = None;
        }
        now >= until
    }

    /// Returns a passcode that they have not thought of yet.
    fn idea(&mut self) -> Secret {
        let idea = Secret::new(IDEAS[self.ideas % IDEAS.len()]);
        self.ideas += 1;
        idea
    }

    fn plan(&mut self, wait: i64, call: Call) {
        self.agenda.push_back((wait, call));
    }

    /// Off for some days and a rest.
    fn off_for_days(&mut self, machine: &Machine, wait: i64, rest: i64, rng: &mut Rng) {
        let days = rng.between(1, self.timing.days_off_most);
        self.off(machine, wait, i64::from(days) * DAY + rest);
    }

    fn off(&mut self, machine: &Machine, wait: i64, length: i64) {
        match machine.device() {
            // An Android device that is off differs from one out of reach in that it restarts.
            Device::Android(_) => {
                self.plan(wait, android::Call::GoOffline.into());
                self.plan(length, android::Call::Reboot.into());
                self.plan(1, android::Call::GoOnline.into());
            }
            Device::Apple(_) => {
                self.plan(wait, apple::Call::PowerOff.into());
                self.plan(length, apple::Call::PowerOn.into());
            }
        }
    }

    fn out_of_reach(&mut self, machine: &Machine, wait: i64, most: u32, rng: &mut Rng) {
        let length = hours(1, most, rng);
        let (leave, return_) = match machine.device() {
            Device::Android(_) => (android::Call::GoOffline.into(), android::Call::GoOnline.into()),
            Device::Apple(_) => (apple::Call::GoOffline.into(), apple::Call::GoOnline.into()),
        };
        self.plan(wait, leave);
        self.plan(length, return_);
    }

    fn profile_off(&mut self, wait: i64, length: i64) {
        self.plan(wait, android::Call::QuietMode { on: true }.into());
        self.plan(length, android::Call::QuietMode { on: false }.into());
    }
}

/// Returns true once in the given number of times; 0 for never.
fn one_in(times: u32, rng: &mut Rng) -> bool {
    times > 0 && rng.happens(1, times)
}

/// Returns hours in minutes.
fn hours(least: u32, most: u32, rng: &mut Rng) -> i64 {
    i64::from(rng.between(least, most)) * HOUR
}

/// Returns a call that looks at the screen and changes nothing.
fn glance(machine: &Machine) -> Call {
    match machine.device() {
        Device::Android(_) => android::Call::ScreenOff.into(),
        Device::Apple(_) => apple::Call::Lock.into(),
    }
}

fn restart(machine: &Machine) -> Call {
    match machine.device() {
        Device::Android(_) => android::Call::Reboot.into(),
        Device::Apple(_) => apple::Call::Reboot.into(),
    }
}

/// Returns the reach of a device after a call; `going` is what its user is going to do then.
fn reach_after(call: &Call, going: Option<&Call>) -> Option<Reach> {
    let Call::Device(call) = call else { return None };
    match call {
        DeviceCall::Android(android::Call::GoOffline) => {
            let restarts = going == Some(&android::Call::Reboot.into());
            Some(if restarts { Reach::Off } else { Reach::OutOfReach })
        }
        DeviceCall::Apple(apple::Call::PowerOff) => Some(Reach::Off),
        DeviceCall::Apple(apple::Call::GoOffline) => Some(Reach::OutOfReach),
        DeviceCall::Android(android::Call::GoOnline)
        | DeviceCall::Apple(apple::Call::GoOnline | apple::Call::PowerOn) => Some(Reach::InReach),
        DeviceCall::Android(_) | DeviceCall::Apple(_) => None,
    }
}

#[cfg(test)]
mod tests;

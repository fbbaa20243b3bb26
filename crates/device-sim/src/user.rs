//! The people who carry managed devices: what somebody with a habit does next.
//!
//! A [`Person`] knows what a person can know: what the screen shows, a passcode of their own, and
//! the new one that an administrator reads to them while the service shows it. How often and how
//! long they do something is a matter of the [`Parameters`]; all of them are inventions.
//!
//! What is not here: administrators, and faults that are nobody's doing.

mod android;
mod apple;
mod timing;

use std::collections::VecDeque;

use chrono::TimeDelta;

pub use timing::Parameters;

use crate::machine::{Call, Machine, Setup};
use crate::model::Rng;
use crate::model::Secret;
use crate::model::words::words;
use crate::{android as android_device, apple as apple_device};

words! {
    /// What somebody is like.
    pub enum Habit {
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

words! {
    /// Whether a device can be reached, as its owner would tell it.
    pub enum Reach {
        /// It is on and has a network.
        InReach = "in-reach",
        /// It is on, and out of reach of every network.
        OutOfReach = "out-of-reach",
        /// It is switched off, or its battery is empty.
        Off = "off",
    }
}

/// The passcodes that a person thinks of, the next one whenever one is refused.
const IDEAS: [&str; 5] = ["258014", "940372", "kx7!0q", "Kx7!0qBd", "Kx7!0q#Bd29!vWz8"];

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Somebody with a device.
///
/// ```
/// use device_sim::android::{self, ApiLevel, Enrolment, Lock, TokenBytes, Who, Caller};
/// use device_sim::user::{Habit, Parameters, Person};
/// use device_sim::{Call, Rng, Setup};
///
/// let mut phone = android::Setup::new(ApiLevel::LAST, &[Enrolment::WorkProfile]);
/// phone.lock = Lock::from_text("4711");
/// let setup = Setup::Android(Box::new(phone));
/// let mut person = Person::new(Habit::Cooperates, &setup, Parameters::default());
/// let machine = setup.build(chrono::DateTime::UNIX_EPOCH);
/// let (wait, _call) = person.next(&machine, &mut Rng::new(1, 0));
/// assert!(wait >= chrono::TimeDelta::minutes(10));
/// ```
#[derive(Clone, Debug)]
pub struct Person {
    habit: Habit,
    ways: Parameters,
    /// By their own clock: minutes since the midnight before the first day.
    minutes: i64,
    reach: Reach,
    /// What it will be when they have done what they are about to do.
    next_reach: Reach,
    /// What they have made up their mind to do, each a while after the one before.
    agenda: VecDeque<(i64, Call)>,
    /// When they get to what is asked of them, once they have seen it.
    deferred_until: Option<i64>,
    /// The passcode of an Apple device, as they remember it.
    known: Option<Secret>,
    /// The one that they typed last.
    tried: Option<Secret>,
    /// How many passcodes they have thought of so far.
    ideas: usize,
}

impl Person {
    /// Somebody who has just laid hands on a device that is set up like this.
    pub fn new(habit: Habit, setup: &Setup, ways: Parameters) -> Self {
        Self {
            habit,
            ways,
            minutes: i64::from(ways.begins_at_hour) * HOUR,
            reach: Reach::InReach,
            next_reach: Reach::InReach,
            agenda: VecDeque::new(),
            deferred_until: None,
            known: setup.as_apple().and_then(|setup| setup.passcode.clone()),
            tried: None,
            ideas: 0,
        }
    }

    /// What they are like.
    pub fn habit(&self) -> Habit {
        self.habit
    }

    /// Whether the device is within reach now, as far as its owner has a hand in it.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// What is done next, and after how long.
    ///
    /// They look at the device now, when they have done what was next before, and do what follows
    /// from it after the wait.
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
    pub fn begin(
        &mut self,
        reach: Reach,
        profile_off: bool,
        machine: &Machine,
        rng: &mut Rng,
    ) -> Option<Call> {
        self.agenda.clear();
        match reach {
            Reach::InReach if profile_off && android::has_running_profile(machine) => {
                self.profile_off(0, hours(1, self.ways.profile_off_most_hours, rng));
            }
            Reach::InReach => {}
            Reach::OutOfReach => {
                self.out_of_reach(machine, 0, self.ways.out_of_reach_most_hours, rng);
            }
            Reach::Off if self.habit == Habit::SwitchesOff => {
                self.off_for_days(machine, 0, 0, rng);
            }
            Reach::Off => self.off(machine, 0, hours(1, self.ways.charge_most_hours, rng)),
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
        if self.habit == Habit::NeverReacts {
            return self.plan(DAY, glance(machine));
        }
        let (least, most) = (self.ways.look_least_minutes, self.ways.look_most_minutes);
        let wait = i64::from(rng.between(least, most));
        if let Some(night) = self.night(wait) {
            return self.sleep(machine, night, rng);
        }
        if self.something_happens(machine, wait, rng) {
            return;
        }
        match machine {
            _ if machine.as_android().is_some() => self.with_android(machine, wait, rng),
            _ => self.with_apple(machine, wait),
        }
    }

    /// How long it is until they go to bed, and until they get up, if they would not look again
    /// before.
    fn night(&self, wait: i64) -> Option<(i64, i64)> {
        let today = self.minutes.rem_euclid(DAY);
        let bedtime = i64::from(self.ways.sleeps_at_hour) * HOUR;
        let morning = i64::from(self.ways.wakes_at_hour) * HOUR;
        if today < morning {
            return Some((0, morning - today));
        }
        (today + wait >= bedtime)
            .then(|| ((bedtime - today).max(0), DAY + morning - today.max(bedtime)))
    }

    fn sleep(&mut self, machine: &Machine, night: (i64, i64), rng: &mut Rng) {
        let (bedtime, asleep) = night;
        if self.habit == Habit::SwitchesOff && one_in(self.ways.days_off_one_in, rng) {
            self.off_for_days(machine, bedtime, asleep, rng);
        } else if self.habit == Habit::SwitchesOff && rng.happens(self.ways.nights_off_in_ten, 10) {
            self.off(machine, bedtime, asleep);
        } else {
            self.plan(bedtime + asleep, glance(machine));
        }
    }

    /// What happens to anybody's device now and then, whatever is asked of them.
    fn something_happens(&mut self, machine: &Machine, wait: i64, rng: &mut Rng) -> bool {
        let ways = self.ways;
        if one_in(ways.restart_one_in, rng) {
            self.plan(wait, restart(machine));
        } else if one_in(ways.empty_battery_one_in, rng) {
            self.off(machine, wait, hours(1, ways.charge_most_hours, rng));
        } else if one_in(ways.out_of_reach_one_in, rng) {
            self.out_of_reach(machine, wait, ways.out_of_reach_most_hours, rng);
        } else if android::has_running_profile(machine) && one_in(ways.profile_off_one_in, rng) {
            self.profile_off(wait, hours(1, ways.profile_off_most_hours, rng));
        } else {
            return false;
        }
        true
    }

    /// Whether they get to what is asked of them now; who defers gets to it some hours later.
    fn gets_to_it(&mut self, rng: &mut Rng) -> bool {
        if self.habit != Habit::Defers {
            return true;
        }
        let (least, most) = (self.ways.defer_least_hours, self.ways.defer_most_hours);
        let now = self.minutes;
        let until = *self.deferred_until.get_or_insert_with(|| now + hours(least, most, rng));
        if now >= until {
            self.deferred_until = None;
        }
        now >= until
    }

    /// A passcode that they have not thought of yet.
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
        let days = rng.between(1, self.ways.days_off_most);
        self.off(machine, wait, i64::from(days) * DAY + rest);
    }

    fn off(&mut self, machine: &Machine, wait: i64, length: i64) {
        if machine.as_android().is_some() {
            // An Android device that is off differs from one out of reach in that it restarts.
            self.plan(wait, Call::Android(android_device::Call::GoOffline));
            self.plan(length, Call::Android(android_device::Call::Reboot));
            self.plan(1, Call::Android(android_device::Call::GoOnline));
        } else {
            self.plan(wait, Call::Apple(apple_device::Call::PowerOff));
            self.plan(length, Call::Apple(apple_device::Call::PowerOn));
        }
    }

    fn out_of_reach(&mut self, machine: &Machine, wait: i64, most: u32, rng: &mut Rng) {
        let length = hours(1, most, rng);
        let (leave, return_) = match machine.as_android() {
            Some(_) => (
                Call::Android(android_device::Call::GoOffline),
                Call::Android(android_device::Call::GoOnline),
            ),
            None => (
                Call::Apple(apple_device::Call::GoOffline),
                Call::Apple(apple_device::Call::GoOnline),
            ),
        };
        self.plan(wait, leave);
        self.plan(length, return_);
    }

    fn profile_off(&mut self, wait: i64, length: i64) {
        self.plan(wait, Call::Android(android_device::Call::QuietMode { on: true }));
        self.plan(length, Call::Android(android_device::Call::QuietMode { on: false }));
    }
}

/// Once in so many times; 0 for never.
fn one_in(times: u32, rng: &mut Rng) -> bool {
    times > 0 && rng.happens(1, times)
}

/// So many hours, in minutes.
fn hours(least: u32, most: u32, rng: &mut Rng) -> i64 {
    i64::from(rng.between(least, most)) * HOUR
}

/// A look at the screen that changes nothing.
fn glance(machine: &Machine) -> Call {
    match machine.as_android() {
        Some(_) => Call::Android(android_device::Call::ScreenOff),
        None => Call::Apple(apple_device::Call::Lock),
    }
}

fn restart(machine: &Machine) -> Call {
    match machine.as_android() {
        Some(_) => Call::Android(android_device::Call::Reboot),
        None => Call::Apple(apple_device::Call::Reboot),
    }
}

/// What a call makes of a device's reach; `going` is what its owner is going to do then.
fn reach_after(call: &Call, going: Option<&Call>) -> Option<Reach> {
    use android_device::Call as Android;
    use apple_device::Call as Apple;
    match (call, going) {
        (Call::Android(Android::GoOffline), Some(Call::Android(Android::Reboot)))
        | (Call::Apple(Apple::PowerOff), _) => Some(Reach::Off),
        (Call::Android(Android::GoOffline), _) | (Call::Apple(Apple::GoOffline), _) => {
            Some(Reach::OutOfReach)
        }
        (Call::Android(Android::GoOnline), _)
        | (Call::Apple(Apple::GoOnline | Apple::PowerOn), _) => Some(Reach::InReach),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

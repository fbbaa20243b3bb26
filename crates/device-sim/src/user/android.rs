//! What a person does with an Android device.

use super::Person;
use crate::android::{Call, Device, Factor, Lock, Run, User, UserId};
use crate::machine::{self, Machine};
use crate::model::Rng;

/// Whether there is a work profile that is turned on.
pub(super) fn has_running_profile(machine: &Machine) -> bool {
    let work = machine.as_android().and_then(|device| device.user(UserId::Work));
    work.is_some_and(|work| work.run() != Run::Stopped)
}

impl Person {
    /// They look at an Android device, and will do something to it after a wait.
    pub(super) fn with_android(&mut self, machine: &Machine, wait: i64, rng: &mut Rng) {
        let Some(device) = machine.as_android() else { return };
        let call =
            self.opens(device).or_else(|| self.takes_new_passcode(machine, device, wait, rng));
        let call = call.or_else(|| self.answers_notification(device, rng));
        self.plan(wait, machine::Call::Android(call.unwrap_or(Call::ScreenOff)));
    }

    /// A lock screen is in the way: a finger will do, except after a restart.
    fn opens(&self, device: &Device) -> Option<Call> {
        let primary = device.user(UserId::Device)?;
        if primary.generated().is_some() || !primary.shows_lock_screen() {
            return None;
        }
        let finger = primary.has_biometrics() && primary.run() == Run::Unlocked;
        let with = if finger { Factor::Biometric } else { own(primary) };
        Some(Call::Unlock { user: UserId::Device, with })
    }

    /// The passcode is a new one, which the administrator reads to them while the service shows
    /// it: they type it, and set one of their own.
    fn takes_new_passcode(
        &mut self,
        machine: &Machine,
        device: &Device,
        wait: i64,
        rng: &mut Rng,
    ) -> Option<Call> {
        let made_up = |id: &UserId| device.user(*id).is_some_and(|user| user.generated().is_some());
        let id = [UserId::Work, UserId::Device].into_iter().find(made_up)?;
        machine.account()?.reset()?.passcode.as_ref()?;
        if device.user(id)?.run() == Run::Stopped {
            return Some(Call::QuietMode { on: false });
        }
        if !self.gets_to_it(rng) {
            return None;
        }
        let new = Lock::from_text(self.idea().reveal());
        self.plan(wait, machine::Call::Android(Call::Unlock { user: id, with: Factor::Generated }));
        Some(Call::UserSetsLock { user: id, lock: new })
    }

    /// The notification asks them to type the passcode of the work profile.
    fn answers_notification(&mut self, device: &Device, rng: &mut Rng) -> Option<Call> {
        if !device.notification() || !self.gets_to_it(rng) {
            return None;
        }
        let with = own(device.user(device.credential_owner(UserId::Work))?);
        Some(Call::ConfirmCredential { user: UserId::Work, with })
    }
}

/// The lock that they set themselves is the one that they know.
fn own(user: &User) -> Factor {
    Factor::Known(user.lock().secret().clone())
}

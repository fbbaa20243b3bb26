//! A user's actions on an Android device.

use super::User;
use crate::android::{self, Call, Device, Factor, Lock, Run, UserId};
use crate::device;
use crate::machine::Machine;
use crate::model::Rng;
use crate::service::Record;

/// Returns true if there is a work profile that is turned on.
pub(super) fn has_running_profile(machine: &Machine) -> bool {
    match machine.device() {
        device::Device::Android(device) => {
            device.user(UserId::Work).is_some_and(|work| !work.is_turned_off())
        }
        device::Device::Apple(_) => false,
    }
}

impl User {
    /// They look at an Android device, and will do something to it after a wait.
    pub(super) fn with_android(
        &mut self,
        device: &Device,
        record: Option<&Record>,
        wait: i64,
        rng: &mut Rng,
    ) {
        let call = self
            .opens(device)
            .or_else(|| starts_work(device))
            .or_else(|| self.takes_new_passcode(device, record, wait, rng));
        let call = call.or_else(|| self.answers_notification(device, rng));
        self.plan(wait, call.unwrap_or(Call::ScreenOff).into());
    }

    /// Opens a lock screen that is in the way: a finger will do, except after a restart and days
    /// later.
    fn opens(&self, device: &Device) -> Option<Call> {
        let primary = device.user(UserId::Device)?;
        if primary.generated().is_some() || !primary.keyguard {
            return None;
        }
        let finger = primary.biometrics && primary.run() == Run::Unlocked && !primary.strong_auth;
        let with = if finger { Factor::Biometric } else { own(primary) };
        Some(Call::Unlock { user: UserId::Device, with })
    }

    /// Opens the device with the new passcode, which the administrator reads to them while the
    /// service shows it: they type it, and set one of their own.
    fn takes_new_passcode(
        &mut self,
        device: &Device,
        record: Option<&Record>,
        wait: i64,
        rng: &mut Rng,
    ) -> Option<Call> {
        let made_up = |id: &UserId| device.user(*id).is_some_and(|user| user.generated().is_some());
        let id = [UserId::Work, UserId::Device].into_iter().find(made_up)?;
        record?.reset()?.passcode.as_ref()?;
        let user = device.user(id)?;
        if user.run() == Run::Stopped && !user.asks_to_start {
            return Some(Call::QuietMode { on: false });
        }
        if !self.gets_to_it(rng) {
            return None;
        }
        let new = Lock::from_text(self.idea().reveal());
        self.plan(wait, Call::Unlock { user: id, with: Factor::Generated }.into());
        Some(Call::UserSetsLock { user: id, lock: new, old: None })
    }

    /// Answers the notification that asks them to type the passcode of the work profile.
    fn answers_notification(&mut self, device: &Device, rng: &mut Rng) -> Option<Call> {
        if !device.notification() || !self.gets_to_it(rng) {
            return None;
        }
        let with = own(device.user(device.credential_owner(UserId::Work))?);
        Some(Call::ConfirmCredential { user: UserId::Work, with })
    }
}

/// Work is being turned on and prompts for its lock, which they know.
fn starts_work(device: &Device) -> Option<Call> {
    let work = device.user(UserId::Work)?;
    let owner = device.user(device.credential_owner(UserId::Work))?;
    if !work.asks_to_start || owner.generated().is_some() {
        return None;
    }
    Some(Call::Unlock { user: UserId::Work, with: own(owner) })
}

/// Returns the lock that they set themselves is the one that they know.
fn own(user: &android::User) -> Factor {
    Factor::Known(user.lock().secret().clone())
}

//! Region P: starting, locking, unlocking, wrong passcodes, erasing.
//!
//! Sources: `maxFailedAttempts`, `maxGracePeriod`, `maxPINAgeInDays` in
//! `mdm/profiles/com.apple.mobiledevice.passwordpolicy.yaml`,
//! <https://github.com/apple/device-management>; restarts:
//! <https://developer.apple.com/documentation/devicemanagement/restart-device-command>.

use chrono::TimeDelta;

use super::{Compliance, Declarative, Phone, Power, Session};
use crate::apple::Context;
use crate::apple::answer::{Answer, Seen};
use crate::apple::call::Call;
use crate::apple::enrolment::{EnrolmentKind, EnrolmentState};
use crate::apple::passcode::Refusal;
use crate::apple::system::Platform;
use crate::model::Secret;

/// The longest time without use after which an iPhone can be set to lock itself.
const LONGEST_AUTO_LOCK_MINUTES: u32 = 5;

/// The wait after each wrong passcode too many; the last one repeats.
const DELAY_MINUTES: [i64; 4] = [1, 5, 15, 60];

/// The time in which a locked device still accepts a wired network.
const USB_HOUR: TimeDelta = TimeDelta::hours(1);

impl Phone {
    /// Rows 8 and 10 to 12: someone wants to open the device.
    pub(in crate::apple) fn unlock(
        &mut self,
        passcode: Option<&Secret>,
        biometric: bool,
        context: &mut Context<'_>,
    ) -> Answer {
        match self.power {
            Power::Off => return Answer::Saw(Seen::Off),
            Power::Erased => return Answer::Saw(Seen::Erased),
            _ if self.lost => return Answer::Saw(Seen::LostMode),
            Power::CoolDown { until: None, .. } => return Answer::Saw(Seen::Disabled),
            Power::CoolDown { .. } if self.has_passcode() => return Answer::Saw(Seen::Wait),
            _ => {}
        }
        let Some(code) = &self.code else { return self.open(context) };
        if self.power == Power::Unlocked {
            return Answer::Saw(Seen::Ok);
        }
        let minutes = TimeDelta::minutes(self.grace_minutes_without_code().into());
        let once = self.power == Power::Locked;
        if once && (context.now - self.locked_at < minutes || (biometric && self.biometrics)) {
            return self.open(context);
        }
        match passcode {
            None => Answer::Saw(Seen::PasscodeAsked),
            Some(passcode) if *passcode == code.secret => {
                self.wrong_codes = 0;
                self.right_code(context)
            }
            Some(_) => self.wrong_code(context),
        }
    }

    /// Opens the device with the right passcode, unless it has expired.
    fn right_code(&mut self, context: &mut Context<'_>) -> Answer {
        let expired = self.fit(&self.demand(), context.now) == super::Fit::Expired;
        if expired && self.may_modify_passcode() {
            self.compliance = Compliance::Forced;
            self.at_entry = true;
            return Answer::Refused(Refusal::Expired);
        }
        self.open(context)
    }

    /// Opens the device; rows 8 and 25.
    pub(super) fn open(&mut self, context: &mut Context<'_>) -> Answer {
        self.power = Power::Unlocked;
        self.at_entry = false;
        self.usb_shut = false;
        self.touch(context);
        self.prompt_at_unlock(context);
        Answer::Saw(if self.asks_for_passcode() { Seen::Prompt } else { Seen::Ok })
    }

    /// Row 11.
    fn wrong_code(&mut self, context: &mut Context<'_>) -> Answer {
        self.wrong_codes += 1;
        let unlocked_before = !self.before_first_unlock();
        let limit = self.demand().max_failed;
        // Under User Enrollment no number of wrong passcodes erases a device.
        let limit = limit.filter(|_| self.kind != EnrolmentKind::User);
        let last = limit.unwrap_or(self.parameters.disabled_after_wrong_codes.saturating_sub(1));
        if self.wrong_codes > last {
            if limit.is_some() && self.system.platform != Platform::Macos {
                self.erase();
                return Answer::Saw(Seen::Erased);
            }
            self.power = Power::CoolDown { until: None, unlocked_before };
            return Answer::Saw(Seen::Disabled);
        }
        if let Some(wait) = self.delay_after(limit) {
            self.power = Power::CoolDown { until: Some(context.now + wait), unlocked_before };
            context.after(wait, Call::DelayEnds);
        }
        Answer::Saw(Seen::Wrong)
    }

    /// Returns the wait after a number of wrong passcodes; it grows from one to the next.
    ///
    /// Sources: `maxFailedAttempts` in `com.apple.mobiledevice.passwordpolicy.yaml` of each
    /// release; 1, 5, 15 and 60 minutes, <https://support.apple.com/118430>, and as measured,
    /// <http://cinnamonthoughts.org/2010/09/13/>.
    fn delay_after(&self, limit: Option<u32>) -> Option<TimeDelta> {
        let patience = match self.parameters.delay_after_wrong_codes {
            0 => self.system.patience_with_wrong_codes(),
            chosen => chosen,
        };
        if limit.is_some_and(|limit| limit <= patience) {
            return None;
        }
        let beyond = usize::try_from(self.wrong_codes.checked_sub(patience)?).ok()?;
        Some(match self.parameters.delay_seconds {
            0 => TimeDelta::minutes(DELAY_MINUTES[beyond.min(DELAY_MINUTES.len() - 1)]),
            chosen => TimeDelta::seconds(chosen.into()),
        })
    }

    /// The wait after wrong passcodes is over.
    pub(in crate::apple) fn delay_ends(&mut self, context: &Context<'_>) {
        if let Power::CoolDown { until: Some(until), unlocked_before } = self.power
            && context.now >= until
        {
            self.power = match unlocked_before {
                true => Power::Locked,
                false => Power::BeforeFirstUnlock,
            };
        }
    }

    /// Row 9: by the button, by time, or by `DeviceLock`. Without a passcode the screen only goes
    /// dark.
    pub(in crate::apple) fn lock(&mut self, context: &mut Context<'_>) {
        if self.power == Power::Unlocked {
            self.power = Power::Locked;
            self.locked_at = context.now;
            self.locks_at = None;
            self.prompt = None;
            if self.network.adapter {
                self.watch_usb(context);
            }
        }
    }

    /// The user plugs a wired network in.
    pub(in crate::apple) fn attach_adapter(&mut self, context: &mut Context<'_>) {
        self.network.adapter = true;
        self.watch_usb(context);
    }

    /// Shuts the USB port of a locked device an hour after it was last open.
    fn watch_usb(&mut self, context: &mut Context<'_>) {
        if self.is_locked_by_code() && !self.before_first_unlock() {
            let left = self.locked_at + USB_HOUR - context.now;
            if left > TimeDelta::zero() {
                context.after(left, Call::UsbHourEnds);
            } else {
                self.usb_shut = true;
            }
        }
    }

    /// The hour in which a locked device accepts a wired network may be over.
    pub(in crate::apple) fn usb_hour_ends(&mut self, context: &Context<'_>) {
        let over = context.now - self.locked_at >= USB_HOUR;
        self.usb_shut |= over && self.is_locked_by_code();
    }

    /// Someone used the device: it locks itself some time after the last use.
    pub(super) fn touch(&mut self, context: &mut Context<'_>) {
        let Some(minutes) = self.auto_lock_minutes() else { return };
        let idle = TimeDelta::minutes(minutes.into());
        self.locks_at = Some(context.now + idle);
        context.after(idle, Call::AutoLock);
    }

    fn auto_lock_minutes(&self) -> Option<u32> {
        let demand = self.demand();
        let chosen = match (self.choices.auto_lock_minutes, demand.must_auto_lock) {
            (None, true) => Some(LONGEST_AUTO_LOCK_MINUTES),
            (chosen, _) => chosen,
        };
        crate::apple::passcode::demand::least(chosen, demand.max_inactivity_minutes)
    }

    /// The time without use is over, unless there was use meanwhile.
    pub(in crate::apple) fn auto_lock(&mut self, context: &mut Context<'_>) {
        if self.locks_at.is_some_and(|at| context.now >= at) {
            self.lock(context);
        }
    }

    /// The device goes off; a session that is open breaks.
    pub(in crate::apple) fn power_off(&mut self) {
        if self.power == Power::Erased {
            return;
        }
        self.power = Power::Off;
        self.at_entry = false;
        self.prompt = None;
        self.locks_at = None;
        self.break_session();
        if self.session == Session::WaitingAfterNotNow && !self.parameters.waiting_outlives_restart
        {
            self.session = Session::Quiet;
        }
    }

    /// Rows 6 and 7: with a passcode the device waits for it, without one it is simply open.
    pub(in crate::apple) fn power_on(&mut self, context: &mut Context<'_>) {
        if self.power != Power::Off {
            return;
        }
        if self.has_passcode() {
            self.power = Power::BeforeFirstUnlock;
        } else {
            self.open(context);
        }
    }

    /// A connection that breaks takes the answer with it that was not yet sent.
    pub(in crate::apple) fn break_session(&mut self) {
        if matches!(self.session, Session::Open(_)) {
            self.session = Session::Quiet;
        }
    }

    /// Everything goes: passcode, enrolment, policy, and every unlock token that was handed out.
    pub(in crate::apple) fn erase(&mut self) {
        if self.power != Power::Erased {
            let enrolled = self.enrolment == EnrolmentState::Enrolled;
            self.backup = enrolled.then(|| self.profiles.clone());
        }
        self.power = Power::Erased;
        self.enrolment = EnrolmentState::Unenrolled;
        self.code = None;
        self.past.clear();
        self.wrong_codes = 0;
        self.biometrics = false;
        self.profiles.clear();
        self.declarations.clear();
        self.activations.clear();
        self.declarative = Declarative::default();
        self.accounts.clear();
        self.compliance = Compliance::NoPolicy;
        self.prompt = None;
        self.at_entry = false;
        self.renew_token();
        self.session = Session::Quiet;
        self.finished.clear();
        self.lost = false;
        self.usb_shut = false;
    }

    /// The backup brings the profiles back; returns true if the device is managed again.
    pub(in crate::apple) fn restore(
        &mut self,
        same_device: bool,
        context: &mut Context<'_>,
    ) -> bool {
        let Some(profiles) = self.backup.take().filter(|_| same_device) else { return false };
        self.profiles = profiles;
        self.look_at_policy(context);
        true
    }

    /// Someone sets an erased device up again: it is open, and its networks are joined.
    pub(in crate::apple) fn set_up(&mut self, context: &mut Context<'_>) {
        if self.power == Power::Erased && self.network.in_reach {
            self.open(context);
        }
    }
}

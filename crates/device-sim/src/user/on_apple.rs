//! A user's actions on an Apple device.

use super::{BehaviourProfile, IDEAS, User};
use crate::apple::{Call, Device, Phone, Power, judge};
use crate::model::Secret;

/// The longest wait before a prompt in the middle of use is answered, in minutes.
const PROMPT_PATIENCE: i64 = 2;

impl User {
    /// They look at an Apple device, and will do something to it after a wait.
    pub(super) fn with_apple(&mut self, device: &Device, wait: i64) {
        let phone = device.phone();
        if let Some(tried) = self.tried.take().filter(|tried| phone.is_passcode(tried)) {
            self.known = Some(tried);
        }
        let (wait, call) = match phone.power() {
            _ if phone.asks_for_passcode() => (PROMPT_PATIENCE, self.answers_prompt(phone)),
            Power::Off => (wait, Call::PowerOn),
            Power::Unlocked | Power::Erased => (wait, Call::Lock),
            Power::BeforeFirstUnlock | Power::Locked | Power::CoolDown { .. } => {
                (wait, Call::Unlock { passcode: self.known.clone(), biometric: true })
            }
        };
        self.plan(wait, call.into());
    }

    /// Answers the device's prompt for a new passcode.
    fn answers_prompt(&mut self, phone: &Phone) -> Call {
        if self.behaviour == BehaviourProfile::Defers && !phone.sheet_is_up() {
            return Call::Later;
        }
        let new = self.fitting_idea(phone);
        self.tried = Some(new.clone());
        Call::Continue { new }
    }

    /// Returns a passcode that meets the requirements of the prompt; one that was refused anyway is
    /// followed by another.
    fn fitting_idea(&mut self, phone: &Phone) -> Secret {
        let demand = phone.demand();
        let fits = |idea: &Secret| judge(idea, &demand, phone.parameters()).is_empty();
        let ideas: Vec<_> = IDEAS.iter().map(|_| self.idea()).collect();
        let first = ideas.iter().position(fits);
        // The next time they begin after the one that they tried now.
        self.ideas += first.map_or(0, |first| first + 1);
        ideas.into_iter().nth(first.unwrap_or(0)).unwrap_or_else(|| Secret::new(IDEAS[0]))
    }
}

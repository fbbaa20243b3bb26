//! Region C: the user sets, changes and turns off the passcode.
//!
//! Sources: `pinHistory` in `com.apple.mobiledevice.passwordpolicy.yaml` and
//! `allowPasscodeModification` in `com.apple.applicationaccess.yaml`,
//! <https://github.com/apple/device-management>; that the current passcode is one of the last ones,
//! `memdocs/intune/configuration/device-restrictions-ios.md` in
//! <https://github.com/MicrosoftDocs/memdocs>.

use super::{Code, Phone, Power};
use crate::apple::Context;
use crate::apple::answer::{Answer, Seen};
use crate::apple::passcode::{Demand, Refusal, judge::judge};
use crate::model::Secret;

/// No policy looks further back.
const LONGEST_HISTORY: usize = 50;

impl Phone {
    /// Continue on the prompt, or on the sheet that cannot be put off.
    pub(in crate::apple) fn continue_with(
        &mut self,
        new: &Secret,
        context: &mut Context<'_>,
    ) -> Answer {
        if !self.asks_for_passcode() {
            return Answer::Saw(Seen::NotAvailable);
        }
        self.set_passcode(new, context)
    }

    /// Settings: set or change the passcode; the old one is known.
    pub(in crate::apple) fn change_in_settings(
        &mut self,
        new: &Secret,
        context: &mut Context<'_>,
    ) -> Answer {
        match self.power {
            Power::Unlocked => self.set_passcode(new, context),
            _ => Answer::Saw(Seen::NotAvailable),
        }
    }

    /// Rows 27 and 28.
    pub(super) fn set_passcode(&mut self, new: &Secret, context: &mut Context<'_>) -> Answer {
        if !self.may_modify_passcode() {
            return Answer::Saw(Seen::Refused);
        }
        let demand = self.demand();
        if let Some(refusal) = self.judge_new(new, &demand) {
            return Answer::Refused(refusal);
        }
        self.retire_code();
        self.code = Some(Code { secret: new.clone(), set_at: context.now });
        self.wrong_codes = 0;
        if !self.parameters.token_survives_passcode_change {
            self.renew_token();
        }
        self.look_at_policy(context);
        if self.at_entry {
            return self.open(context);
        }
        self.touch(context);
        Answer::Saw(Seen::Ok)
    }

    /// Returns the first thing that is wrong with a new passcode, if anything is.
    fn judge_new(&self, new: &Secret, demand: &Demand) -> Option<Refusal> {
        let found = judge(new, demand, &self.parameters).into_iter().next();
        let empty = new.is_empty().then_some(Refusal::TooShort);
        let used = self.was_used(new, demand).then_some(Refusal::UsedRecently);
        found.or(empty).or(used)
    }

    fn was_used(&self, new: &Secret, demand: &Demand) -> bool {
        let Some(count) = demand.history else { return false };
        let counts_current = self.parameters.history_counts_current;
        let current = self.code.as_ref().filter(|_| counts_current).map(|code| &code.secret);
        let count = usize::try_from(count).unwrap_or(LONGEST_HISTORY);
        current.into_iter().chain(self.past.iter().rev()).take(count).any(|used| used == new)
    }

    /// The passcode in use becomes a former one.
    pub(super) fn retire_code(&mut self) {
        if let Some(code) = self.code.take() {
            self.past.push(code.secret);
            if self.past.len() > LONGEST_HISTORY {
                self.past.remove(0);
            }
        }
    }

    /// Row 32.
    pub(in crate::apple) fn turn_passcode_off(&mut self, context: &mut Context<'_>) -> Answer {
        if self.sheet_is_up() {
            return Answer::Saw(Seen::SetPasscodeFirst);
        }
        if self.power != Power::Unlocked || !self.has_passcode() {
            return Answer::Saw(Seen::NotAvailable);
        }
        if self.demand().required || !self.may_modify_passcode() {
            return Answer::Saw(Seen::Refused);
        }
        self.retire_code();
        self.biometrics = false;
        self.look_at_policy(context);
        Answer::Saw(Seen::Ok)
    }
}

//! Region G: the prompt for a new passcode, and its hour of grace.
//!
//! Sources: 60 minutes, then forced, <https://support.apple.com/guide/deployment/dep4d6a472a/web>;
//! every 15 minutes until a passcode is set,
//! `memdocs/intune/protect/compliance-policy-create-ios.md` in
//! <https://github.com/MicrosoftDocs/memdocs>.

use chrono::TimeDelta;

use super::{Compliance, Fit, Phone, Power};
use crate::apple::Context;
use crate::apple::answer::{Answer, Seen};
use crate::apple::call::Call;
use crate::model::Viewer;

impl Phone {
    /// Rows 23, 27 and 31: demands or passcode are different, so compliance may be.
    pub(in crate::apple) fn look_at_policy(&mut self, context: &mut Context<'_>) {
        if !self.has_policy() {
            self.comply(Compliance::NoPolicy);
            return;
        }
        match self.fit(&self.demand(), context.now) {
            Fit::Fits => self.comply(Compliance::Compliant),
            // An expired passcode is met at the next unlock, row 33.
            Fit::Expired if self.compliance == Compliance::NoPolicy => {
                self.comply(Compliance::Compliant);
            }
            Fit::Expired => {}
            Fit::Unfit => match self.compliance {
                Compliance::NoPolicy | Compliance::Compliant => self.start_grace(context),
                // The clock runs on, whatever else is demanded meanwhile.
                Compliance::Grace { .. } | Compliance::Forced => {}
            },
        }
    }

    fn comply(&mut self, compliance: Compliance) {
        self.compliance = compliance;
        self.prompt = None;
    }

    /// Row 24: the passcode was cleared.
    pub(super) fn look_at_policy_after_clear(&mut self, context: &mut Context<'_>) {
        let demanded = self.has_policy() && self.demand().required;
        let restarts = self.parameters.clear_restarts_clock;
        match self.compliance {
            Compliance::Compliant if demanded && !restarts => self.compliance = Compliance::Forced,
            Compliance::Grace { .. } if demanded && restarts => self.start_grace(context),
            _ => self.look_at_policy(context),
        }
    }

    /// The user has an hour from now; the first prompt comes at once, or at the unlock.
    fn start_grace(&mut self, context: &mut Context<'_>) {
        let length = TimeDelta::minutes(self.parameters.grace_minutes.into());
        let deadline = context.now + length;
        self.compliance = Compliance::Grace { deadline, next_prompt: context.now };
        context.after(length, Call::GraceEnds);
        self.prompt = None;
        self.prompt_at_unlock(context);
    }

    /// Row 25: the prompt, with the whole minutes that are left.
    ///
    /// A restriction that prevents changes of the passcode keeps the prompt away:
    /// <https://support.jamf.com/en/articles/11032444>.
    pub(super) fn prompt_at_unlock(&mut self, context: &Context<'_>) {
        if let Compliance::Grace { deadline, .. } = self.compliance
            && self.power == Power::Unlocked
            && self.may_modify_passcode()
        {
            let minutes = (deadline - context.now).num_minutes().max(0);
            self.prompt = u32::try_from(minutes).ok();
        }
    }

    /// The restrictions may be others: a prompt that they kept away comes, or one goes.
    pub(super) fn show_prompt_again(&mut self, context: &Context<'_>) {
        if self.may_modify_passcode() {
            self.prompt_due(context);
        } else {
            self.prompt = None;
        }
    }

    /// The prompt comes back by itself, in the middle of use.
    pub(in crate::apple) fn prompt_due(&mut self, context: &Context<'_>) {
        if let Compliance::Grace { next_prompt, .. } = self.compliance
            && context.now >= next_prompt
            && self.prompt.is_none()
        {
            self.prompt_at_unlock(context);
        }
    }

    /// The user returns to the Home screen, where the prompt waits for them, put off or not.
    ///
    /// Source: <https://support.apple.com/guide/deployment/dep4d6a472a/web>.
    pub(in crate::apple) fn go_home(&mut self, context: &mut Context<'_>) -> Answer {
        if let Some(answer) = self.obstacle() {
            return answer;
        }
        self.touch(context);
        self.prompt_at_unlock(context);
        Answer::Saw(if self.asks_for_passcode() { Seen::Prompt } else { Seen::Ok })
    }

    /// Row 26: the user puts it off.
    pub(in crate::apple) fn later(&mut self, context: &mut Context<'_>) -> Answer {
        if self.sheet_is_up() {
            return Answer::Saw(Seen::SetPasscodeFirst);
        }
        let (Some(_), Compliance::Grace { deadline, .. }) = (self.prompt, self.compliance) else {
            return Answer::Saw(Seen::NotAvailable);
        };
        let pause = TimeDelta::minutes(self.parameters.prompt_every_minutes.into());
        self.prompt = None;
        self.compliance = Compliance::Grace { deadline, next_prompt: context.now + pause };
        context.after(pause, Call::PromptDue);
        self.touch(context);
        Answer::Saw(Seen::Ok)
    }

    /// Row 29: the hour is over, unless a fresh one has begun.
    pub(in crate::apple) fn grace_ends(&mut self, context: &mut Context<'_>) {
        match self.compliance {
            Compliance::Grace { deadline, .. } if context.now >= deadline => {
                self.comply(Compliance::Forced);
            }
            _ => context.note(Viewer::System, "this clock runs no longer"),
        }
    }
}

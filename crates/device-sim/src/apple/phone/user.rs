//! A user's choices in Settings, and actions besides passcodes.

use super::{Installed, Phone, Power};
use crate::apple::Context;
use crate::apple::answer::{Answer, Seen};
use crate::apple::passcode::{Demand, PasscodePayload, judge::judge};
use crate::apple::wire::Profile;
use crate::model::Secret;

/// The user's choices in Settings; a policy may restrict them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct UserChoices {
    /// After how many minutes without use the device locks itself; `None` for never.
    pub auto_lock_minutes: Option<u32>,
    /// The minutes after locking in which no passcode is required.
    pub grace_minutes: u32,
}

impl Phone {
    /// Row 30: with the sheet up nothing goes but the passcode and emergency calls.
    pub(in crate::apple) fn obstacle(&self) -> Option<Answer> {
        if self.sheet_is_up() {
            Some(Answer::Saw(Seen::SetPasscodeFirst))
        } else if self.power == Power::Unlocked {
            None
        } else {
            Some(Answer::Saw(Seen::NotAvailable))
        }
    }

    /// The user uses the device for anything.
    pub(in crate::apple) fn use_app(&mut self, context: &mut Context<'_>) -> Answer {
        if let Some(answer) = self.obstacle() {
            return answer;
        }
        self.touch(context);
        Answer::Saw(Seen::Ok)
    }

    /// An emergency call goes from every screen that is lit.
    pub(in crate::apple) fn emergency_call(&self) -> Answer {
        Answer::Saw(if self.power == Power::Off { Seen::Off } else { Seen::Ok })
    }

    /// The user lets the device know their face or finger.
    pub(in crate::apple) fn enrol_biometrics(&mut self) -> Answer {
        if let Some(answer) = self.obstacle() {
            return answer;
        }
        self.biometrics = self.has_passcode();
        Answer::Saw(if self.biometrics { Seen::Ok } else { Seen::NotAvailable })
    }

    /// The user adds an account, such as Exchange, which demands something of the passcode.
    pub(in crate::apple) fn add_account(
        &mut self,
        demands: PasscodePayload,
        context: &mut Context<'_>,
    ) -> Answer {
        if let Some(answer) = self.obstacle() {
            return answer;
        }
        // Another account that demands the same demands nothing more.
        if !self.accounts.contains(&demands) {
            self.accounts.push(demands);
        }
        self.look_at_policy(context);
        Answer::Saw(Seen::Ok)
    }

    /// A person installs a passcode profile by hand: asked first, and without a fitting passcode
    /// nothing is installed.
    ///
    /// Source: <https://support.apple.com/guide/deployment/dep4d6a472a/web>.
    pub(in crate::apple) fn install_by_hand(
        &mut self,
        payload: PasscodePayload,
        new: Option<&Secret>,
        context: &mut Context<'_>,
    ) -> Answer {
        if let Some(answer) = self.obstacle() {
            return answer;
        }
        let added = Demand::of_payload(&payload, self.system, self.kind, &self.parameters);
        let demand = self.demand().and(added);
        if self.fit(&demand, context.now) != super::Fit::Fits {
            let fitting = new.filter(|new| judge(new, &demand, &self.parameters).is_empty());
            let Some(new) = fitting else { return Answer::Saw(Seen::NotInstalled) };
            let answer = self.set_passcode(new, context);
            if answer != Answer::Saw(Seen::Ok) {
                return answer;
            }
        }
        let installed =
            Installed { profile: Profile::of_passcode("by-hand", payload), managed: false };
        if !self.profiles.contains(&installed) {
            self.profiles.push(installed);
        }
        self.look_at_policy(context);
        Answer::Saw(Seen::Ok)
    }
}

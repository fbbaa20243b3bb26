//! Users with habits: what a person does next, left to chance within their habit.
//!
//! The habits, and how often a day somebody picks up a phone here, are choices; nobody's phone is
//! described by them.

use chrono::TimeDelta;

use super::Device;
use super::call::Call;
use super::passcode::judge::judge;
use super::phone::Power;
use crate::chance::Chance;
use crate::kind::{Call as AnyCall, Context};
use crate::secret::Secret;
use crate::words::words;

words! {
    /// What kind of user somebody is.
    pub enum Habit {
        /// Does nothing but what a scenario says.
        None = "none",
        /// Sets a passcode as soon as the device asks.
        Cooperates = "cooperates",
        /// Puts it off as long as that is possible.
        Defers = "defers",
        /// Looks at the prompt and locks the screen; gives in when nothing else goes.
        Ignores = "ignores",
        /// Forgets the passcode now and then.
        Forgets = "forgets",
    }
}

impl Device {
    /// The user picks up the device, or puts it down, and decides when to do so next.
    pub(super) fn user_turn(&mut self, context: &mut Context<'_>) {
        if self.habit == Habit::None || self.phone.power == Power::Erased {
            return;
        }
        let act = self.next_act(context.chance);
        let puts_down = act == Call::Lock;
        context.after(TimeDelta::zero(), AnyCall::Apple(act));
        let minutes = match puts_down {
            true => context.chance.between(60, 840),
            false => context.chance.between(2, 30),
        };
        context.after(TimeDelta::minutes(minutes.into()), AnyCall::Apple(Call::UserTurn));
    }

    fn next_act(&mut self, chance: &mut Chance) -> Call {
        match self.phone.power {
            Power::Off => return Call::PowerOn,
            _ if !self.phone.network.in_reach => return Call::GoOnline,
            _ => {}
        }
        if self.phone.asks_for_passcode() {
            return self.at_prompt(chance);
        }
        if self.phone.power != Power::Unlocked {
            if self.habit == Habit::Forgets && chance.happens(1, 40) {
                self.known = Some(Secret::new("000000"));
            }
            let passcode = self.known.clone().filter(|_| self.phone.has_passcode());
            return Call::Unlock { passcode, biometric: chance.happens(1, 2) };
        }
        match chance.below(120) {
            0 => Call::Reboot,
            1 => Call::PowerOff,
            2 => Call::GoOffline,
            3 => Call::SetPasscode { new: self.make_up_passcode(chance) },
            4 => Call::TurnPasscodeOff,
            _ => Call::Lock,
        }
    }

    fn at_prompt(&self, chance: &mut Chance) -> Call {
        let forced = self.phone.sheet_is_up();
        match self.habit {
            Habit::Defers if !forced => Call::Later,
            Habit::Ignores if !forced => Call::Lock,
            // Some first try what they would like best.
            _ if chance.happens(1, 4) => Call::Continue { new: Secret::new("1111") },
            _ => Call::Continue { new: self.make_up_passcode(chance) },
        }
    }

    /// A passcode that the policy accepts, as short and as plain as it allows.
    fn make_up_passcode(&self, chance: &mut Chance) -> Secret {
        const LETTERS: [&[u8]; 3] = [b"0123456789", b"bcdfghjkmnpqrstvwxz", b"!?+=%"];
        let demand = self.phone.demand();
        let length = usize::try_from(demand.min_length.max(6)).unwrap_or(16);
        let mut text = String::new();
        // No policy asks for more than 16 characters, and a draw is simple only now and then.
        for _ in 0..512 {
            let digits_do = !demand.alphanumeric && demand.min_complex == 0;
            let kind = if digits_do { 0 } else { text.len() % LETTERS.len() };
            let bound = u32::try_from(LETTERS[kind].len()).unwrap_or(1);
            let drawn = usize::try_from(chance.below(bound)).unwrap_or(0);
            text.push(char::from(LETTERS[kind][drawn]));
            let secret = Secret::new(&text);
            if text.len() >= length {
                if judge(&secret, &demand, &self.phone.parameters).is_empty() {
                    return secret;
                }
                if text.len() > length + 12 {
                    text.clear();
                }
            }
        }
        Secret::new("b7!kq2?w")
    }
}

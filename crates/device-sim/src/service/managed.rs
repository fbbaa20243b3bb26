//! A device with what the service keeps of it: the one place where the two meet.

use chrono::{DateTime, Utc};

use super::account::Account;
use super::invariants;
use super::observables;
use crate::machine::{Call, Context, Machine};
use crate::model::{Outcome, Value};

/// A device under management, with its account at the service.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Managed {
    pub(super) device: Machine,
    pub(super) account: Account,
}

impl Managed {
    pub(super) const fn new(device: Machine, account: Account) -> Self {
        Self { device, account }
    }

    /// The device without its account.
    pub fn device(&self) -> &Machine {
        &self.device
    }

    /// What the service keeps of it.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Does something to the device or about it at the service.
    pub(crate) fn handle(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        let outcome = match call {
            Call::Service(call) => self.answer(call, context),
            call => self.handle_device(call, context),
        };
        // Everything that follows at once from what has changed.
        self.take_apples_compliance();
        self.notice_departure(context.now);
        self.agent_looks(context);
        self.send_waiting_push(context);
        if !self.account.rules.drives_itself {
            context.leave_the_rest_to_others();
        }
        outcome
    }

    fn handle_device(&mut self, call: &Call, context: &mut Context<'_>) -> Option<Outcome> {
        let clears = self.clears_that_wait();
        let outcome = self.device.handle(call, context);
        self.device_restarted(call);
        self.take_apples_answers(clears, context.now);
        outcome
    }

    /// Looks at one observable: those of the device come first.
    pub(crate) fn observe(&self, index: usize) -> Value {
        let own = self.device.observables_count();
        match index.checked_sub(own) {
            None => self.device.observe(index),
            Some(index) => observables::observe(&self.account, index),
        }
    }

    /// Forgets what has no bearing on what will happen.
    pub(crate) fn forget_history(&mut self) {
        self.device.forget_history();
        self.account.forget_history();
    }

    /// The names of the invariants that are broken, the device's own included.
    pub(crate) fn broken_invariants(&self) -> Vec<&'static str> {
        let mut broken = self.device.broken_invariants();
        broken.extend(invariants::broken_invariants(self));
        broken
    }

    /// Ends an action, and has a new passcode hidden when its days are over.
    pub(super) fn end(
        &mut self,
        number: u32,
        state: super::ActionState,
        context: &mut Context<'_>,
    ) {
        if !self.account.end(number, state, context.now) {
            return;
        }
        let shown = self.account.result(number).is_some_and(|result| result.passcode.is_some());
        if shown {
            let hidden = Call::Service(super::Call::PasscodeHidden { number });
            context.after(self.account.passcode_days(), hidden);
        }
    }

    /// Nothing reaches a device that has left: whatever waits for it is dropped.
    fn notice_departure(&mut self, now: DateTime<Utc>) {
        if self.has_left() {
            self.account.cancel(now, |_| true);
        }
    }
}

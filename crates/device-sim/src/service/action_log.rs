//! The action log: the remote actions on one device, with their results.
//!
//! Source: `deviceActionResult` in `schemas/v1.0-Prod.csdl` of
//! <https://github.com/microsoftgraph/msgraph-metadata>.

use chrono::{DateTime, Utc};

use super::action::{ActionResult, ActionState, Mechanism, RemoteAction};
use crate::model::Secret;

/// The actions on one device, in the order in which they were requested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct ActionLog {
    results: Vec<ActionResult>,
    /// Results that the device has and has not reported yet, by the numbers of the actions.
    unreported: Vec<(u32, ActionState)>,
}

impl ActionLog {
    /// Returns all actions.
    pub(super) fn results(&self) -> &[ActionResult] {
        &self.results
    }

    /// Returns all actions, for services that are broken on purpose.
    #[cfg(test)]
    pub(super) fn results_mut(&mut self) -> &mut Vec<ActionResult> {
        &mut self.results
    }

    /// Returns an action by its number.
    pub(super) fn get(&self, number: u32) -> Option<&ActionResult> {
        self.results.iter().find(|result| result.number == number)
    }

    /// Returns an action by its number.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut ActionResult> {
        self.results.iter_mut().find(|result| result.number == number)
    }

    /// Returns the number of the latest action; 0 if there is none.
    pub(super) fn last_number(&self) -> u32 {
        self.results.last().map_or(0, |result| result.number)
    }

    /// Returns the actions that have not ended.
    pub(super) fn open(&self) -> impl Iterator<Item = &ActionResult> {
        self.results.iter().filter(|result| !result.state.has_ended())
    }

    /// Returns the numbers of the open actions of one kind.
    pub(super) fn open_numbers(&self, action: RemoteAction) -> Vec<u32> {
        self.numbers(|open| open.action == action)
    }

    fn numbers(&self, which: impl Fn(&ActionResult) -> bool) -> Vec<u32> {
        self.open().filter(|open| which(open)).map(|open| open.number).collect()
    }

    /// Returns the passcode of the last reset that was carried out, if it is known.
    pub(super) fn last_ordered(&self) -> Option<Secret> {
        let done = self.results.iter().rfind(|result| result.state == ActionState::Done);
        done.and_then(|result| result.ordered.clone())
    }

    /// Returns the open action that pre-empts all others, if there is one.
    pub(super) fn preempting(&self) -> Option<&ActionResult> {
        self.open().find(|result| result.action.preempts_others())
    }

    /// Returns true if the action waits and the device does not have it.
    pub(super) fn is_pending(&self, number: u32) -> bool {
        self.get(number).is_some_and(|result| result.state == ActionState::Pending)
    }

    /// Enqueues a new action; returns its number.
    pub(super) fn enqueue(&mut self, action: RemoteAction, now: DateTime<Utc>) -> u32 {
        let number = self.last_number() + 1;
        self.results.push(ActionResult {
            number,
            action,
            state: ActionState::Pending,
            started: now,
            updated: now,
            error_code: 0,
            of_work_profile: false,
            mechanism: Mechanism::None,
            passcode: None,
            ordered: None,
        });
        number
    }

    /// Ends an action; returns false if it has ended already.
    pub(super) fn end(&mut self, number: u32, state: ActionState, now: DateTime<Utc>) -> bool {
        let Some(result) = self.get_mut(number).filter(|result| !result.state.has_ended()) else {
            return false;
        };
        result.state = state;
        result.updated = now;
        if state == ActionState::Done {
            result.passcode.clone_from(&result.ordered);
        }
        true
    }

    /// Cancels the open actions that a condition selects.
    pub(super) fn cancel(&mut self, now: DateTime<Utc>, which: impl Fn(&ActionResult) -> bool) {
        for number in self.numbers(which) {
            self.end(number, ActionState::Canceled, now);
        }
    }

    /// Ends the oldest open actions that a condition selects with a state and an error code.
    pub(super) fn end_oldest(
        &mut self,
        at_most: usize,
        (state, code): (ActionState, i64),
        now: DateTime<Utc>,
        which: impl Fn(&ActionResult) -> bool,
    ) {
        for number in self.numbers(which).into_iter().take(at_most) {
            self.end(number, state, now);
            if let Some(result) = self.get_mut(number) {
                result.error_code = code;
            }
        }
    }

    /// Hides the new passcode of an action.
    pub(super) fn hide_passcode(&mut self, number: u32) {
        if let Some(result) = self.get_mut(number) {
            result.passcode = None;
        }
    }

    /// Keeps a result until the device reports it.
    pub(super) fn await_report(&mut self, number: u32, state: ActionState) {
        self.unreported.push((number, state));
    }

    /// Returns true if the device has results that it has not reported.
    pub(super) fn has_reports(&self) -> bool {
        !self.unreported.is_empty()
    }

    /// Takes the results that the device reports now.
    pub(super) fn take_reports(&mut self) -> Vec<(u32, ActionState)> {
        std::mem::take(&mut self.unreported)
    }

    /// Loses the results that the device has not reported.
    pub(super) fn lose_reports(&mut self) {
        self.unreported.clear();
    }

    /// Forgets when actions last changed, and when those that a condition selects started.
    pub(super) fn forget_moments(&mut self, of: impl Fn(RemoteAction) -> bool) {
        for result in &mut self.results {
            result.updated = DateTime::UNIX_EPOCH;
            if of(result.action) {
                result.started = DateTime::UNIX_EPOCH;
            }
        }
    }

    /// Shows every moment in the log, to move it.
    pub(super) fn for_each_moment(&mut self, see: &mut dyn FnMut(&mut DateTime<Utc>)) {
        for result in &mut self.results {
            see(&mut result.started);
            see(&mut result.updated);
        }
    }
}

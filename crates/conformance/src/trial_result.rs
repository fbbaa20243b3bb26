//! The result of pressing the button.

use std::fmt;

use chrono::TimeDelta;
use device_sim::service::ActionState;
use eligibility::policy::{Mechanism, Scope};

/// The result of one trial on one simulated device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrialResult {
    /// The state of the action at the end.
    pub state: ActionState,
    /// Whose passcode it was about.
    pub scope: Scope,
    /// The vendor's operation that was tried, if any was.
    pub mechanism: Option<Mechanism>,
}

/// The trial results with the most and with the least cooperative user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TrialResults {
    /// With a user who does whatever the device requests.
    pub cooperative: TrialResult,
    /// With a user who does nothing at all.
    pub passive: TrialResult,
}

/// For how long a trial goes on when the action does not end before: longer than any schedule of
/// check-ins, and than the week for which a new passcode is shown.
pub(crate) const LONGEST_TRIAL: TimeDelta = TimeDelta::days(8);

impl TrialResult {
    /// Returns true if the action was carried out.
    pub fn is_done(self) -> bool {
        self.state == ActionState::Done
    }

    /// Returns true if the action was carried out at a scope.
    pub(crate) fn is_done_at(self, scope: Scope) -> bool {
        self.is_done() && self.scope == scope
    }

    /// Returns true if it was carried out as a rule says: at its scope, and by its mechanism if it
    /// names one.
    pub fn keeps(self, scope: Scope, mechanism: Option<Mechanism>) -> bool {
        self.is_done_at(scope) && mechanism.is_none_or(|named| self.mechanism == Some(named))
    }
}

impl TrialResults {
    /// Returns the first of the two that was carried out at a scope.
    pub fn done_at(self, scope: Scope) -> Option<TrialResult> {
        [self.cooperative, self.passive].into_iter().find(|result| result.is_done_at(scope))
    }
}

impl fmt::Display for TrialResult {
    /// Returns the state in Graph's spelling, with what was done: `done (work-profile,
    /// resetPasswordWithToken)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.state.as_str())?;
        match (self.is_done(), self.mechanism) {
            (true, Some(mechanism)) => write!(f, " ({}, {mechanism})", self.scope),
            (true, None) => write!(f, " ({})", self.scope),
            (false, Some(mechanism)) => write!(f, " ({mechanism})"),
            (false, None) => Ok(()),
        }
    }
}

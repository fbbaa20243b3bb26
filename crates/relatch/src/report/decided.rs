//! The decision for one device.

use eligibility::decide::{Decision, Explanation, VerdictWord};
use eligibility::facts::{Exclusion, Facts};
use eligibility::policy::Policy;

use super::caution::Found;
use super::pages::Period;

/// The answer for one device.
pub(crate) struct Decided {
    /// The policy that decided.
    pub(crate) policy: Policy,
    /// The device.
    pub(crate) facts: Facts,
    /// The reasons why no device has these facts together.
    pub(crate) exclusions: Vec<Exclusion>,
    /// The decision.
    pub(crate) decision: Decision,
    /// Every clause of the policy, if that was requested.
    pub(crate) explanations: Vec<Explanation>,
    /// The known objections to it.
    pub(crate) cautions: Found,
    /// The decisions of all pages.
    pub(crate) pages: Vec<Period<VerdictWord>>,
}

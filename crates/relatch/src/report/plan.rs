//! What was decided for a fleet.

use chrono::NaiveDate;
use eligibility::facts::FactName;
use eligibility::policy::Policy;
use fleet::Summary;

use super::intake::IntakeReport;

/// Everything that a plan says.
pub(crate) struct PlanReport {
    /// The policy that decided.
    pub(crate) policy: Policy,
    /// What was read.
    pub(crate) intake: IntakeReport,
    /// What was decided.
    pub(crate) summary: Summary,
    /// The facts of each group of the summary.
    pub(crate) by: Vec<FactName>,
    /// The newest revision, and how many devices it would decide differently.
    pub(crate) newer: Option<(String, u64)>,
    /// The date from which silence is measured beside the newest check-in.
    pub(crate) now: Option<NaiveDate>,
    /// Where the list of devices went.
    pub(crate) devices: Option<String>,
    /// What to run next.
    pub(crate) next: Next,
}

/// Commands that continue from a plan.
pub(crate) struct Next {
    /// The same plan, with a list of devices.
    pub(crate) list: String,
    /// The same plan by another policy, up to its name.
    pub(crate) by_policy: String,
}

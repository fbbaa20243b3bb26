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
}

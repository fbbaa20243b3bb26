//! The decisions for a fleet.

use chrono::NaiveDate;
use eligibility::facts::FactName;
use eligibility::policy::Policy;
use fleet::{Summary, VerdictCounts};

use super::caution::Found;
use super::inventories::InventoriesReport;
use super::pages::Period;
use super::remedy::Remedies;

/// Everything that a plan says.
pub(crate) struct PlanReport {
    /// The policy that decided.
    pub(crate) policy: Policy,
    /// Its name, and its documentation.
    pub(crate) page: (String, String),
    /// The inventories that were read.
    pub(crate) inventories: InventoriesReport,
    /// The decision.
    pub(crate) summary: Summary,
    /// The counts of all pages.
    pub(crate) pages: Vec<Period<VerdictCounts>>,
    /// The known objections to the policy, and the notes.
    pub(crate) cautions: Found,
    /// The needed changes, and the facts to find out.
    pub(crate) remedies: Remedies,
    /// The facts of each group of the summary.
    pub(crate) by: Vec<FactName>,
    /// The newest revision, and how many devices it would decide differently.
    pub(crate) newer: Option<(String, u64)>,
    /// The date from which silence is measured beside the newest check-in.
    pub(crate) now: Option<NaiveDate>,
    /// The place of the list of devices.
    pub(crate) devices: Option<String>,
    /// True if it is in the folder of the report.
    pub(crate) list_is_beside: bool,
    /// The next command.
    pub(crate) next: Next,
}

/// Commands that continue from a plan.
pub(crate) struct Next {
    /// The same plan, with a list of devices.
    pub(crate) list: String,
    /// The same plan by another policy, up to its name.
    pub(crate) by_policy: String,
}

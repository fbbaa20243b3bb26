//! The forecast for a fleet.

use device_sim::forecast::Outlook;
use eligibility::facts::{Fact, FactName, Value};
use eligibility::policy::Policy;
use fleet::VerdictCounts;

use super::inventories::InventoriesReport;

/// Everything that a forecast says.
pub(crate) struct ForecastReport {
    /// The policy that planned.
    pub(crate) policy: Policy,
    /// The inventories that were read.
    pub(crate) inventories: InventoriesReport,
    /// The decisions of all devices; the action runs on the eligible and the conditional.
    pub(crate) verdicts: VerdictCounts,
    /// From which seed everything was drawn.
    pub(crate) seed: u64,
    /// The number of times.
    pub(crate) repeats: u32,
    /// For how many days.
    pub(crate) days: u16,
    /// The name of the assumptions.
    pub(crate) assumptions: String,
    /// The additional assumptions of the command line, in the order of [`Outlook::given`].
    pub(crate) assumed: Vec<String>,
    /// The result without it; none if nothing was assumed.
    pub(crate) without_assumed: Option<Outlook>,
    /// The facts of each group.
    pub(crate) by: Vec<FactName>,
    /// The groups of simulated devices: the values of the facts, and how many devices; their
    /// places are the numbers of groups in the outlook.
    pub(crate) groups: Vec<(Vec<Fact<Value>>, u64)>,
    /// The result.
    pub(crate) outlook: Outlook,
    /// Devices that nothing simulates, by the reason.
    pub(crate) not_simulated: Vec<(String, u64)>,
}

impl ForecastReport {
    /// Returns the number of devices that are not simulated although the action would run on them.
    pub(crate) fn not_simulated_devices(&self) -> u64 {
        self.not_simulated.iter().map(|(_, devices)| devices).sum()
    }
}

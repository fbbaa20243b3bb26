//! The same fleet under two policies.

use eligibility::decide::{Reason, VerdictWord};
use eligibility::facts::{Fact, FactName, Value};
use eligibility::policy::{Policy, Reading};
use fleet::VerdictCounts;

use super::inventories::InventoriesReport;

/// A fleet under a second policy, compared with a first.
pub(crate) struct FleetComparison {
    /// The first policy.
    pub(crate) from: Policy,
    /// The second policy.
    pub(crate) to: Policy,
    /// The inventories that were read.
    pub(crate) inventories: InventoriesReport,
    /// Devices by their verdicts before and after, the same ones included.
    pub(crate) verdicts: Vec<(VerdictWord, VerdictWord, u64)>,
    /// Devices whose verdict changes, by the first reasons before and after; most first.
    pub(crate) reasons: Vec<(Side, Side, u64)>,
    /// The facts by which the groups are made.
    pub(crate) by: Vec<FactName>,
    /// For each group of devices how many there are, and how many change; most changes first.
    pub(crate) groups: Vec<(Vec<Fact<Value>>, u64, u64)>,
    /// The list of the devices that change.
    pub(crate) listed: Listed,
}

/// The list of the devices that change.
pub(crate) struct Listed {
    /// The name of the file, if there is one.
    pub(crate) file: Option<String>,
    /// True if it is in the folder of the report.
    pub(crate) is_beside: bool,
    /// The command that lists them.
    pub(crate) command: String,
}

/// A fleet under every page.
pub(crate) struct Across {
    /// The inventories that were read.
    pub(crate) inventories: InventoriesReport,
    /// The reading of the pages.
    pub(crate) reading: Reading,
    /// The pages, oldest first.
    pub(crate) pages: Vec<Page>,
}

/// A fleet under one page.
pub(crate) struct Page {
    /// The name of the policy.
    pub(crate) policy: String,
    /// The decisions of the devices.
    pub(crate) verdicts: VerdictCounts,
    /// The devices that the page before decided differently.
    pub(crate) changed: Option<u64>,
}

/// A verdict with the first of its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Side {
    /// The verdict.
    pub(crate) verdict: VerdictWord,
    /// Why, if the verdict has a reason.
    pub(crate) reason: Option<Reason>,
}

impl FleetComparison {
    /// Returns the number of decided devices.
    pub(crate) fn devices(&self) -> u64 {
        self.verdicts.iter().map(|(_, _, devices)| devices).sum()
    }

    /// Returns the number of devices that get another verdict.
    pub(crate) fn changed(&self) -> u64 {
        let changed = self.verdicts.iter().filter(|(before, after, _)| before != after);
        changed.map(|(_, _, devices)| devices).sum()
    }
}

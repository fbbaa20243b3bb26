//! The changes of a fleet between two inventories.

use eligibility::decide::VerdictWord;
use eligibility::facts::FactSet;
use eligibility::policy::Policy;
use fleet::VerdictCounts;

use super::inventories::{InventoriesReport, SelectionReport};
use super::transition::{Listed, Side};

/// Two inventories of one fleet, joined by device.
pub(crate) struct Movement {
    /// The policy that decided both.
    pub(crate) policy: Policy,
    /// The devices that were selected in the later inventory; a device counts if it is in either.
    pub(crate) selection: Option<SelectionReport>,
    /// The earlier and the later inventory.
    pub(crate) sides: [Inventory; 2],
    /// Devices of both inventories by their verdicts, the same ones included.
    pub(crate) verdicts: Vec<(VerdictWord, VerdictWord, u64)>,
    /// Devices of both whose verdict changes, most first.
    pub(crate) changes: Vec<Change>,
    /// Devices of the later inventory alone.
    pub(crate) appeared: VerdictCounts,
    /// Devices of the earlier inventory alone, by their verdicts there.
    pub(crate) vanished: VerdictCounts,
    /// The list of the devices that change, appear or vanish.
    pub(crate) listed: Listed,
}

/// One of two inventories.
pub(crate) struct Inventory {
    /// The inventories that were read.
    pub(crate) inventories: InventoriesReport,
    /// The devices that have no key and cannot be found in the other inventory.
    pub(crate) without_key: u64,
}

/// Devices whose verdict changes in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) before: Side,
    pub(crate) after: Side,
    /// The facts that differ.
    pub(crate) facts: FactSet,
    pub(crate) devices: u64,
}

impl Movement {
    /// Returns the devices that are in both inventories.
    pub(crate) fn matched(&self) -> u64 {
        self.verdicts.iter().map(|(_, _, devices)| devices).sum()
    }

    /// Returns the devices that change, appear or vanish.
    pub(crate) fn moved(&self) -> u64 {
        let changed = self.count(|before, after| before != after);
        changed + self.appeared.devices() + self.vanished.devices()
    }

    /// Returns the devices that became eligible.
    pub(crate) fn gained(&self) -> u64 {
        self.count(|before, after| after == VerdictWord::Eligible && before != after)
    }

    /// Returns the devices that were eligible and no longer are.
    pub(crate) fn lost(&self) -> u64 {
        self.count(|before, after| before == VerdictWord::Eligible && before != after)
    }

    fn count(&self, which: fn(VerdictWord, VerdictWord) -> bool) -> u64 {
        let some = self.verdicts.iter().filter(|(before, after, _)| which(*before, *after));
        some.map(|(_, _, devices)| devices).sum()
    }
}

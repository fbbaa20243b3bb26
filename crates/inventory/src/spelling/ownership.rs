//! `Ownership` (`OwnerType`).
//!
//! The portal writes `Corporate` and `Personal`; Graph's `managedDeviceOwnerType` is `company` or
//! `personal`: `schemas/v1.0-Prod.csdl` of <https://github.com/microsoftgraph/msgraph-metadata>.
//! The longer names are those that Microsoft's pages on enrolment use and people write, and those
//! that come along from other products (the device ownership types of Workspace ONE UEM,
//! <https://docs.omnissa.com/>).

use eligibility::facts::{Fact, Ownership};

use super::{Lexicon, spelling};

/// The numbers of `OwnerType`, which is `managedDeviceOwnerType`.
pub(crate) const OWNER_TYPE: Lexicon<Option<Ownership>> = Lexicon {
    expected: "`Corporate`, `Personal`, a number of `managedDeviceOwnerType` such as `1`, or blank",
    spellings: &[
        spelling("0", None),
        spelling("1", Some(Ownership::Corporate)),
        spelling("2", Some(Ownership::Personal)),
        spelling("3", None),
    ],
};

pub(crate) const OWNERSHIP: Lexicon<Ownership> = Lexicon {
    expected: "`Corporate`, `Personal`, `Unknown` or blank",
    spellings: &[
        spelling("Corporate", Ownership::Corporate),
        spelling("Personal", Ownership::Personal),
        spelling("Company", Ownership::Corporate),
        spelling("Corporate-owned", Ownership::Corporate),
        spelling("Company owned", Ownership::Corporate),
        spelling("Personally-owned", Ownership::Personal),
        spelling("Personal-owned", Ownership::Personal),
        spelling("Employee owned", Ownership::Personal),
        spelling("User owned", Ownership::Personal),
        spelling("Corporate device", Ownership::Corporate),
        spelling("Personal device", Ownership::Personal),
        spelling("Corporate - Dedicated", Ownership::Corporate),
        spelling("Corporate - Shared", Ownership::Corporate),
        spelling("BYOD", Ownership::Personal),
        spelling("BYO", Ownership::Personal),
    ],
};

/// Reads a trimmed cell. The numbers of `managedDeviceOwnerType` are certain under any name of the
/// column: Configuration Manager's `DeviceOwner` counts in the same way.
pub(crate) fn read(text: &str) -> Option<Fact<Ownership>> {
    let number = || OWNER_TYPE.read(text).map(|owner| owner.known().flatten().into());
    OWNERSHIP.read(text).or_else(number)
}

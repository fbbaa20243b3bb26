//! `Ownership` (`OwnerType`).
//!
//! The portal writes `Corporate` and `Personal`; Graph's `managedDeviceOwnerType` is `company` or
//! `personal`: `schemas/v1.0-Prod.csdl` of <https://github.com/microsoftgraph/msgraph-metadata>.

use eligibility::facts::Ownership;

use super::{Lexicon, spelling};

pub(crate) const OWNERSHIP: Lexicon<Ownership> = Lexicon {
    expected: "`Corporate`, `Personal`, `Unknown` or blank",
    spellings: &[
        spelling("Corporate", Ownership::Corporate),
        spelling("Personal", Ownership::Personal),
        spelling("Company", Ownership::Corporate),
    ],
};

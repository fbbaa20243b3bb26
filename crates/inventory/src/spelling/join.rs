//! `JoinType`: whether a Windows device is joined to Azure AD (Microsoft Entra ID).
//!
//! A hybrid join counts as a join, a registration does not. The portal's texts come from programs
//! that imitate its export; the names of Graph's `joinType` fold to the same letters:
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-jointype>. Azure AD was
//! renamed in 2023, and exports carry either name; people shorten it to `Entra`. `AzureAd`,
//! `ServerAd` and `Workplace` are the directory's trust types
//! (<https://learn.microsoft.com/en-us/graph/api/resources/device>). `None` may mean "not joined"
//! or "not reported", so it is unknown.

use super::{Lexicon, spelling};

pub(crate) const JOIN_TYPE: Lexicon<Option<bool>> = Lexicon {
    expected: "`Azure AD joined`, `Hybrid Azure AD joined`, `Azure AD registered` or blank",
    spellings: &[
        spelling("Azure AD joined", Some(true)),
        spelling("Hybrid Azure AD joined", Some(true)),
        spelling("Azure AD registered", Some(false)),
        spelling("AzureAd", Some(true)),
        spelling("Entra joined", Some(true)),
        spelling("Entra hybrid joined", Some(true)),
        spelling("Hybrid Entra joined", Some(true)),
        spelling("Entra registered", Some(false)),
        spelling("None", None),
        // The raw report `Devices` writes numbers.
        spelling("0", None),
        spelling("1", Some(true)),
        spelling("2", Some(false)),
        spelling("3", Some(true)),
        spelling("ServerAd", Some(true)),
        spelling("Workplace", Some(false)),
        spelling("Microsoft Entra joined", Some(true)),
        spelling("Microsoft Entra hybrid joined", Some(true)),
        spelling("Hybrid Microsoft Entra joined", Some(true)),
        spelling("Microsoft Entra registered", Some(false)),
    ],
};

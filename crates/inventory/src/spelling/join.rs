//! `JoinType`: whether a Windows device is joined to Azure AD (Microsoft Entra ID).
//!
//! A hybrid join counts as a join, a registration does not. The portal's texts come from programs
//! that imitate its export; the names of Graph's `joinType` fold to the same letters:
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-jointype>. Azure AD was
//! renamed in 2023, and exports carry either name.

use super::{Lexicon, spelling};

pub(crate) const JOIN_TYPE: Lexicon<bool> = Lexicon {
    expected: "`Azure AD joined`, `Hybrid Azure AD joined`, `Azure AD registered` or blank",
    spellings: &[
        spelling("Azure AD joined", true),
        spelling("Hybrid Azure AD joined", true),
        spelling("Azure AD registered", false),
        spelling("Microsoft Entra joined", true),
        spelling("Microsoft Entra hybrid joined", true),
        spelling("Hybrid Microsoft Entra joined", true),
        spelling("Microsoft Entra registered", false),
    ],
};

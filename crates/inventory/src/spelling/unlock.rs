//! `HasUnlockToken` of the report `Devices`.
//!
//! Source of the column and its use: Microsoft's sample
//! `ManagedDevices/ManagedDevices_iOS_PasscodeReset_Export.ps1` of
//! <https://github.com/microsoftgraph/powershell-intune-samples>. A customer found that it seldom
//! predicts success (issue 285 there): a held token may be stale, which this column cannot say.

use eligibility::facts::UnlockToken;

use super::{Lexicon, spelling};

pub(crate) const UNLOCK_TOKEN: Lexicon<UnlockToken> = Lexicon {
    expected: "`True`, `False` or blank",
    spellings: &[
        spelling("True", UnlockToken::Held),
        spelling("False", UnlockToken::Missing),
        spelling("Yes", UnlockToken::Held),
        spelling("No", UnlockToken::Missing),
    ],
};

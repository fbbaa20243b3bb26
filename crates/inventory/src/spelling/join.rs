//! `JoinType`: whether a Windows device is joined to Azure AD (Microsoft Entra ID).
//!
//! A hybrid join counts as a join, a registration does not. The portal's texts come from programs
//! that imitate its export; the names of Graph's `joinType` fold to the same letters:
//! <https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-jointype>. Azure AD was
//! renamed in 2023, and exports carry either name; people shorten both. `AzureAd`, `ServerAd` and
//! `Workplace` are the directory's trust types
//! (<https://learn.microsoft.com/en-us/graph/api/resources/device>). Workplace join was the name of
//! the registration.

use eligibility::facts::Fact;

use super::{Folded, Lexicon, spelling};

pub(crate) const JOIN_TYPE: Lexicon<Option<bool>> = Lexicon {
    expected: "`Azure AD joined`, `Hybrid Azure AD joined`, `Azure AD registered` or blank",
    spellings: &[
        spelling("Azure AD joined", Some(true)),
        spelling("Hybrid Azure AD joined", Some(true)),
        spelling("Azure AD registered", Some(false)),
        spelling("AzureAd", Some(true)),
        spelling("ServerAd", Some(true)),
        spelling("Workplace", Some(false)),
        spelling("Workplace joined", Some(false)),
        spelling("Workplace join", Some(false)),
        // A device of a domain may be joined to the cloud as well or not: `dsregcmd /status` says
        // `DomainJoined : YES` of both.
        spelling("Domain joined", None),
        // The raw report `Devices` writes numbers.
        spelling("0", None),
        spelling("1", Some(true)),
        spelling("2", Some(false)),
        spelling("3", Some(true)),
    ],
};

/// Reads a trimmed cell: a text of the table, or any names of the directory, perhaps `hybrid`, and
/// the word `joined` or `registered` behind them.
pub(crate) fn read(text: &str) -> Option<Fact<bool>> {
    let listed = JOIN_TYPE.read(text).map(|join| join.known().flatten().into());
    listed.or_else(|| composed(text).map(Fact::Known))
}

fn composed(text: &str) -> Option<bool> {
    const NAMES: [&str; 7] = ["azure", "activedirectory", "aad", "ad", "entra", "id", "hybrid"];
    let key = Folded::of(text)?;
    let mut rest = str::from_utf8(key.letters()).ok()?;
    rest = rest.strip_prefix("microsoft").unwrap_or(rest);
    let (whole, mut hybrid) = (rest, false);
    while let Some(name) = NAMES.iter().find(|name| rest.starts_with(**name)) {
        rest = &rest[name.len()..];
        rest = rest.strip_prefix("microsoft").unwrap_or(rest);
        hybrid |= *name == "hybrid";
    }
    match rest {
        _ if rest.len() == whole.len() => None,
        "joined" | "join" => Some(true),
        "registered" if !hybrid => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_directory_may_be_put_together() {
        for (text, joined) in [
            ("Microsoft Entra hybrid joined", Some(Fact::Known(true))),
            ("Hybrid Entra ID join", Some(Fact::Known(true))),
            ("AAD registered", Some(Fact::Known(false))),
            ("Microsoft Azure Active Directory registered", Some(Fact::Known(false))),
            ("Entra hybrid registered", None),
            ("joined", None),
            ("Entra", None),
            ("Domain joined", Some(Fact::Unknown)),
        ] {
            assert_eq!(read(text), joined, "{text}");
        }
    }
}

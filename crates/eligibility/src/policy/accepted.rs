//! Findings that the owner of a policy has looked at and accepts.

use std::ops::Range;

use super::condition::Conjunction;
use crate::closed_enum;

closed_enum! {
    /// The codes of the findings that can be accepted: those of `policy check`, then those of
    /// `policy verify`.
    pub enum FindingCode: "finding" {
        /// No rule covers the devices.
        Gap = "gap",
        /// Rules contradict each other.
        Conflict = "conflict",
        /// No device matches the rule.
        NeverMatches = "never-matches",
        /// Rules that come before it always decide.
        Masked = "masked",
        /// Other rules always contradict it.
        OnlyConflicts = "only-conflicts",
        /// Other rules give the same.
        ChangesNothing = "changes-nothing",
        /// The needs of the rule can never hold.
        NeedsNeverHold = "needs-never-hold",
        /// The policy allows what the one that it extends does not.
        Widens = "widens",
        /// The rule refuses at its scope what the policy that is extended allows at the other.
        AllowedElsewhere = "allowed-elsewhere",
        /// No case reaches it.
        Uncovered = "uncovered",
        /// The policy promises what the simulated devices do not do.
        NotKept = "promise-not-kept",
        /// The policy requires what the simulated devices cannot have.
        NeedNeverHolds = "need-never-holds",
        /// The simulated devices do it by another operation.
        KeptOtherwise = "kept-in-another-way",
        /// The policy refuses what the simulated devices do.
        RefusedButDone = "refused-but-done",
        /// The simulated devices do it without what the policy requires.
        NotNeeded = "need-not-needed",
    }
}

impl FindingCode {
    /// Returns true if the finding is about a rule as a whole, so that it has no devices.
    pub(crate) const fn is_about_a_rule(self) -> bool {
        matches!(
            self,
            Self::NeverMatches
                | Self::Masked
                | Self::OnlyConflicts
                | Self::ChangesNothing
                | Self::NeedsNeverHold
                | Self::AllowedElsewhere
        )
    }
}

/// One `[[accepted]]` of a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The findings.
    pub finding: FindingCode,
    /// The devices that they are about; all devices if there are no conditions.
    pub devices: Conjunction,
    /// Exactly the rules that they are about; any rules if there are none.
    pub rules: Vec<String>,
    /// The reason.
    pub because: String,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

impl Accepted {
    /// Returns true if a finding with a code about some rules is meant, on some devices.
    pub fn is_about<'a>(&self, code: &str, rules: impl IntoIterator<Item = &'a str>) -> bool {
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_unstable();
        let mut named: Vec<_> = self.rules.iter().map(String::as_str).collect();
        named.sort_unstable();
        self.finding.as_str() == code && (named.is_empty() || named == rules)
    }
}

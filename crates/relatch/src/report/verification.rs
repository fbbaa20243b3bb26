//! The results of comparing policies with simulated devices.

use std::path::PathBuf;

use conformance::{Disagreement, DisagreementCode, Explanation, Explanations, Unsaid, Unseen};
use eligibility::diagnostic::Diagnostic;
use eligibility::policy::{Clause, Policy, PolicyDocument, Reading};

/// Several policies, held against the same devices.
pub(crate) struct Verified {
    pub(crate) reading: Reading,
    /// The number of trials.
    pub(crate) trials: usize,
    pub(crate) policies: Vec<VerifiedPolicy>,
    /// The devices that are not simulated.
    pub(crate) unseen: Vec<Unseen>,
    /// The disagreements on record.
    pub(crate) record: Explanations,
}

/// One policy, held against simulated devices.
pub(crate) struct VerifiedPolicy {
    pub(crate) document: PolicyDocument,
    pub(crate) policy: Policy,
    /// Unexplained ones come first; those that the policy accepts are not among them.
    pub(crate) disagreements: Vec<Shown>,
    /// The number of disagreements the policy accepts.
    pub(crate) accepted: usize,
    /// The acceptances that fit no disagreement any more.
    pub(crate) stale: Vec<Diagnostic>,
    pub(crate) unsaid: Vec<Unsaid>,
    /// The rules that match no simulated device.
    pub(crate) untried: Vec<Clause>,
}

/// A disagreement, with the scenario that shows it if one was written.
pub(crate) struct Shown {
    pub(crate) disagreement: Disagreement,
    pub(crate) scenario: Option<PathBuf>,
}

/// The disagreements with one code that have one explanation.
pub(crate) struct Group<'a> {
    pub(crate) code: DisagreementCode,
    pub(crate) explanation: Option<&'a Explanation>,
    pub(crate) members: Vec<&'a Shown>,
}

impl VerifiedPolicy {
    /// Returns true if nothing of the policy was checked.
    pub(crate) fn is_untried(&self) -> bool {
        self.untried.len() == self.policy.rules.len()
    }

    /// Returns the names of the rules that match no simulated device, for people: `a`, `b`; none if
    /// there are none.
    pub(crate) fn untried_names(&self) -> Option<String> {
        let names: Vec<_> =
            self.untried.iter().map(|clause| format!("`{}`", self.clause(*clause).0)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Returns the disagreements by code and explanation, in their order.
    pub(crate) fn groups<'a>(&'a self, record: &'a Explanations) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for shown in &self.disagreements {
            let Disagreement { code, explanation, .. } = shown.disagreement;
            let explanation = explanation.map(|place| record.get(place));
            let same = |group: &&mut Group<'_>| {
                group.code == code
                    && group.explanation.map(|one| &one.id) == explanation.map(|one| &one.id)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.members.push(shown),
                None => groups.push(Group { code, explanation, members: vec![shown] }),
            }
        }
        groups
    }

    /// Returns the name of a clause, and where the page says so.
    pub(crate) fn clause(&self, clause: Clause) -> (&str, &str) {
        let place = match clause {
            Clause::Rule(index) => &self.policy.rules[usize::from(index)].source,
            Clause::Prerequisite(index) => &self.policy.prerequisites[usize::from(index)].source,
        };
        (self.policy.clause_id(clause), place)
    }
}

impl Group<'_> {
    /// Returns the public sources for the behaviour of these devices, each once.
    pub(crate) fn sources(&self) -> Vec<&str> {
        let recorded = self.explanation.iter().flat_map(|one| one.sources.iter());
        let mut all: Vec<&str> = recorded.map(String::as_str).collect();
        for shown in &self.members {
            let Disagreement { region, result, .. } = &shown.disagreement;
            for source in conformance::sources_of(region.witness(), *result) {
                if !all.contains(&source) {
                    all.push(source);
                }
            }
        }
        all
    }
}

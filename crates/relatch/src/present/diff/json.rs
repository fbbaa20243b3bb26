//! The differences between policies, for programs.

use eligibility::analysis::Change as PolicyChange;
use eligibility::facts::FactName;
use eligibility::policy::{Reading, Scope};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{ByWord, KnownFacts, Version, Word, pretty};
use crate::present::wording;
use crate::report::comparison::Comparison;

/// The differences between two policies: `relatch policy diff --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PolicyDiff<'a> {
    /// The version of this shape.
    schema: Version,
    /// The reading of both.
    reading: Word<Reading>,
    /// The policy before.
    from: &'a str,
    /// The policy after.
    to: &'a str,
    /// The devices that are decided differently.
    changes: Vec<Change>,
}

/// Every built-in revision and the one before: `relatch policy history --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PolicyHistory<'a> {
    /// The version of this shape.
    schema: Version,
    /// The reading of the policies.
    reading: Word<Reading>,
    /// The revisions, oldest first.
    revisions: Vec<Revision<'a>>,
}

/// A revision and the one before.
#[derive(Serialize, JsonSchema)]
struct Revision<'a> {
    /// The policy before.
    from: &'a str,
    /// The policy after.
    to: &'a str,
    /// The date of the page after.
    documented: String,
    /// The devices that are decided differently.
    changes: Vec<Change>,
}

/// Devices that are decided differently in the same way.
#[derive(Serialize, JsonSchema)]
struct Change {
    /// The scope at which the decision changes; null if it is the headline.
    scope: Option<Word<Scope>>,
    /// The decision before, in words.
    before: String,
    /// The decision after, in words.
    after: String,
    /// The devices: the values by fact.
    devices: ByWord<FactName, String>,
    /// One of the devices.
    witness: KnownFacts,
}

pub(super) fn one(comparison: &Comparison, reading: Reading) -> String {
    pretty(&PolicyDiff {
        schema: Version,
        reading: Word(reading),
        from: &comparison.from.id,
        to: &comparison.to.id,
        changes: comparison.changes.iter().map(change).collect(),
    })
}

pub(super) fn history(comparisons: &[Comparison], reading: Reading) -> String {
    let revisions = comparisons.iter().map(|comparison| Revision {
        from: &comparison.from.id,
        to: &comparison.to.id,
        documented: comparison.to.documented.to_string(),
        changes: comparison.changes.iter().map(change).collect(),
    });
    let (schema, reading) = (Version, Word(reading));
    pretty(&PolicyHistory { schema, reading, revisions: revisions.collect() })
}

fn change(change: &PolicyChange) -> Change {
    Change {
        scope: change.at.map(Word),
        before: change.from.to_string(),
        after: change.to.to_string(),
        devices: wording::conditions(&change.region).collect(),
        witness: KnownFacts::of(change.region.witness()),
    }
}

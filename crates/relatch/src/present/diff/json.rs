//! The differences between policies, for programs.

use eligibility::analysis::Change;
use eligibility::policy::Reading;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::present::json::{facts_object, pretty};
use crate::present::wording;
use crate::report::comparison::Comparison;

#[derive(Serialize)]
struct DiffObject<'a> {
    schema: u32,
    reading: &'static str,
    from: &'a str,
    to: &'a str,
    changes: Vec<ChangeObject>,
}

#[derive(Serialize)]
struct HistoryObject<'a> {
    schema: u32,
    reading: &'static str,
    revisions: Vec<StepObject<'a>>,
}

#[derive(Serialize)]
struct StepObject<'a> {
    from: &'a str,
    to: &'a str,
    documented: String,
    changes: Vec<ChangeObject>,
}

#[derive(Serialize)]
struct ChangeObject {
    scope: Option<&'static str>,
    before: String,
    after: String,
    devices: Map<String, Value>,
    witness: Map<String, Value>,
}

pub(super) fn one(comparison: &Comparison, reading: Reading) -> String {
    pretty(&DiffObject {
        schema: 1,
        reading: reading.as_str(),
        from: &comparison.from.id,
        to: &comparison.to.id,
        changes: comparison.changes.iter().map(change).collect(),
    })
}

pub(super) fn history(comparisons: &[Comparison], reading: Reading) -> String {
    let steps = comparisons.iter().map(|comparison| StepObject {
        from: &comparison.from.id,
        to: &comparison.to.id,
        documented: comparison.to.documented.to_string(),
        changes: comparison.changes.iter().map(change).collect(),
    });
    pretty(&HistoryObject { schema: 1, reading: reading.as_str(), revisions: steps.collect() })
}

fn change(change: &Change) -> ChangeObject {
    ChangeObject {
        scope: change.at.map(eligibility::policy::Scope::as_str),
        before: change.from.to_string(),
        after: change.to.to_string(),
        devices: wording::conditions(&change.region),
        witness: facts_object(change.region.witness()),
    }
}

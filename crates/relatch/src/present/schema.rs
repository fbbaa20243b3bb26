//! The JSON Schemas of everything that relatch prints for programs, and of its policy and scenario
//! files.

use std::fmt::Write;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

use super::{
    changes, check, columns, compare, decide, devices, diff, explore, forecast, parameters, plan,
    policy, simulate, verify, vocabulary,
};
use crate::json::pretty;

/// The name of a schema, and the command whose output has it.
type Named = (&'static str, &'static str, fn() -> Schema);

/// All schemas.
const SCHEMAS: [Named; 23] = [
    ("plan", "relatch plan --format json", of::<plan::Plan<'_>>),
    ("device", "a line of relatch plan --devices OUT.ndjson", of::<devices::Device<'_>>),
    ("compare", "relatch compare --to POLICY --format json", of::<compare::Compare<'_>>),
    (
        "compare-inventories",
        "relatch compare OLD NEW --format json",
        of::<compare::CompareInventories<'_>>,
    ),
    ("compare-across", "relatch compare --across --format json", of::<compare::CompareAcross<'_>>),
    (
        "changed-device",
        "a line of relatch compare --devices OUT.ndjson",
        of::<changes::ChangedDevice<'_>>,
    ),
    ("columns", "relatch columns --format json", of::<columns::ColumnList<'_>>),
    ("decide", "relatch decide --format json", of::<decide::Decide<'_>>),
    ("policy-list", "relatch policy list --format json", of::<policy::PolicyList<'_>>),
    ("policy-show", "relatch policy show --format json", of::<policy::PolicyShow<'_>>),
    ("policy-explain", "relatch policy explain --format json", of::<policy::PolicyExplain<'_>>),
    ("policy-compile", "relatch policy compile --to json", of::<policy::PolicyCompile<'_>>),
    ("policy-check", "relatch policy check|test --format json", of::<check::PolicyCheck<'_>>),
    ("policy-diff", "relatch policy diff --format json", of::<diff::PolicyDiff<'_>>),
    ("policy-history", "relatch policy history --format json", of::<diff::PolicyHistory<'_>>),
    ("policy-verify", "relatch policy verify --format json", of::<verify::PolicyVerify<'_>>),
    ("simulate", "relatch simulate --format json", of::<simulate::Simulate<'_>>),
    ("forecast", "relatch simulate --fleet --format json", of::<forecast::Forecast<'_>>),
    ("parameters", "relatch simulate --parameters --format json", of::<parameters::Parameters>),
    ("vocabulary", "relatch simulate --vocabulary --format json", of::<vocabulary::Vocabulary>),
    ("explore", "relatch explore --format json", of::<explore::Explore<'_>>),
    ("policy-file", "policy files, for editors", policy::schema),
    ("scenario-file", "scenario files, for editors", simulate::schema),
];

/// Returns the names of all schemas.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _, _)| *name)
}

/// Returns the schema of a document as it is printed: every key that is always there is required.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// Prints the schema with a name, if there is one.
pub(crate) fn render(name: &str) -> Option<String> {
    let (_, _, schema) = SCHEMAS.iter().find(|(known, _, _)| *known == name)?;
    Some(pretty(&schema()))
}

/// Lists the schemas.
pub(crate) fn list() -> String {
    let mut text = String::new();
    for (name, what, _) in &SCHEMAS {
        let _ = writeln!(text, "  {name:<19}  {what}");
    }
    text + "\nNext: relatch schema plan\n"
}

/// Returns the schema of one value, or of a list of such values.
pub(super) fn one_or_more(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "minItems": 1, "items": one }] })
}

/// Returns the schema of a value with a description.
pub(super) fn described(description: &str, value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(entries) = value.as_object_mut() {
        entries.insert("description".to_owned(), description.into());
    }
    value
}

/// Returns the schema of a text that is not blank.
pub(super) fn text(description: &str) -> Value {
    described(description, &json!({ "type": "string", "minLength": 1 }))
}

/// Returns the schema of a list.
pub(super) fn array(description: &str, items: &Value) -> Value {
    described(description, &json!({ "type": "array", "items": items }))
}

//! The list of devices: one line each, as CSV or as one JSON object a line.

use std::io::{self, Write};
use std::path::Path;

use eligibility::decide::Decision;
use eligibility::facts::{FactKind, Facts};
use eligibility::policy::Policy;
use inventory::Row;
use serde::Serialize;
use serde_json::{Map, Value};

use super::outcome_json::{OutcomeObject, facts_object};
use crate::failure::Failure;
use crate::files::Replacement;

/// A list in the making; it takes its place when it is finished.
pub(crate) struct DeviceList {
    name: String,
    facts: Vec<FactKind>,
    sink: Sink,
}

enum Sink {
    Csv(Box<csv::Writer<Replacement>>),
    Ndjson(Replacement),
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct DeviceObject<'a> {
    device_id: &'a str,
    device_name: &'a str,
    #[serde(flatten)]
    outcome: OutcomeObject<'a>,
    facts: Map<String, Value>,
}

/// The columns before those of the facts.
const COLUMNS: [&str; 11] = [
    "device-id",
    "device-name",
    "decision",
    "cause",
    "action",
    "scope",
    "mechanism",
    "rule",
    "reasons",
    "needs",
    "missing",
];

impl DeviceList {
    /// Begins a list in the format that the ending of `path` names.
    pub(crate) fn begin(path: &Path, policy: &Policy) -> Result<Self, Failure> {
        let facts: Vec<_> = policy.facts().iter().collect();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let sink = match ending.as_str() {
            "csv" => {
                let mut writer = csv::Writer::from_writer(Replacement::begin(path)?);
                let names = COLUMNS.iter().copied().chain(facts.iter().map(|fact| fact.as_str()));
                writer.write_record(names).map_err(|error| failed(path, as_io(error)))?;
                Sink::Csv(Box::new(writer))
            }
            "ndjson" | "jsonl" => Sink::Ndjson(Replacement::begin(path)?),
            _ => {
                return Err(Failure::Argument {
                    message: format!("`--devices {}` names no format", path.display()),
                    hint: "end the name in .csv or .ndjson".to_owned(),
                });
            }
        };
        Ok(Self { name: path.display().to_string(), facts, sink })
    }

    /// Adds a device.
    pub(crate) fn write(
        &mut self,
        policy: &Policy,
        row: &Row,
        decision: &Decision,
    ) -> Result<(), Failure> {
        let outcome = OutcomeObject::new(policy, decision.headline());
        let used = self.used(&row.facts);
        let written = match &mut self.sink {
            Sink::Csv(writer) => write_csv(writer, row, &outcome, &self.facts),
            Sink::Ndjson(file) => {
                let object = DeviceObject {
                    device_id: &row.device_id,
                    device_name: &row.device_name,
                    outcome,
                    facts: facts_object(&used),
                };
                serde_json::to_writer(&mut *file, &object)
                    .map_err(io::Error::from)
                    .and_then(|()| file.write_all(b"\n"))
            }
        };
        written.map_err(|error| failed(Path::new(&self.name), error))
    }

    /// Puts the list in its place and gives its name.
    pub(crate) fn finish(self) -> Result<String, Failure> {
        let name = self.name;
        let file = match self.sink {
            Sink::Ndjson(file) => file,
            Sink::Csv(writer) => writer.into_inner().map_err(|error| {
                failed(Path::new(&name), io::Error::other(error.error().to_string()))
            })?,
        };
        file.finish()?;
        Ok(name)
    }

    /// The facts that the policy asks for.
    fn used(&self, facts: &Facts) -> Facts {
        let mut used = Facts::default();
        for kind in &self.facts {
            used.set(*kind, facts.get(*kind));
        }
        used
    }
}

fn write_csv(
    writer: &mut csv::Writer<Replacement>,
    row: &Row,
    outcome: &OutcomeObject<'_>,
    facts: &[FactKind],
) -> io::Result<()> {
    let outcome = [
        outcome.decision,
        outcome.cause.unwrap_or_default(),
        outcome.action.unwrap_or_default(),
        outcome.scope.unwrap_or_default(),
        outcome.mechanism.unwrap_or_default(),
        outcome.rule.unwrap_or_default(),
        &outcome.reasons.join(" "),
        &outcome.needs.join(" "),
        &outcome.missing.join(" "),
    ]
    .map(str::to_owned);
    let facts = facts.iter().map(|kind| {
        let value = row.facts.get(*kind).known();
        value.map(|value| kind.text(value)).unwrap_or_default()
    });
    let identity = [row.device_id.clone(), row.device_name.clone()].into_iter();
    writer.write_record(identity.chain(outcome).chain(facts)).map_err(as_io)
}

/// The error of the output itself, so that its kind is not lost.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn failed(path: &Path, source: io::Error) -> Failure {
    Failure::WriteFailed { path: path.to_owned(), source }
}

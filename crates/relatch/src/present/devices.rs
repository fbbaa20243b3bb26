//! The list of devices: one line each, as CSV or as one JSON object a line.

mod endings;

use std::io::Write;
use std::path::Path;

use eligibility::facts::{FactKind, Facts};
use eligibility::policy::Policy;
use fleet::Program;
use inventory::Batch;

use crate::failure::Failure;
use crate::files::Replacement;
use endings::Endings;

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListFormat {
    /// A header and one record for each device.
    Csv,
    /// One JSON object on a line for each device.
    Ndjson,
}

/// A list in the making; it takes its place when it is finished.
pub(crate) struct DeviceList {
    name: String,
    format: ListFormat,
    file: Replacement,
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
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let format = match ending.as_str() {
            "csv" => ListFormat::Csv,
            "ndjson" | "jsonl" => ListFormat::Ndjson,
            _ => {
                return Err(Failure::Argument {
                    message: format!("`--devices {}` names no format", path.display()),
                    hint: "end the name in .csv or .ndjson".to_owned(),
                });
            }
        };
        let name = path.display().to_string();
        let mut list = Self { name, format, file: Replacement::begin(path)? };
        if format == ListFormat::Csv {
            let facts = policy.facts();
            let names: Vec<_> =
                COLUMNS.iter().copied().chain(facts.iter().map(FactKind::as_str)).collect();
            list.append(format!("{}\n", names.join(",")).as_bytes())?;
        }
        Ok(list)
    }

    /// How it is written.
    pub(crate) fn format(&self) -> ListFormat {
        self.format
    }

    /// Adds whole lines.
    pub(crate) fn append(&mut self, lines: &[u8]) -> Result<(), Failure> {
        self.file.write_all(lines).map_err(|error| self.file.failed(error))
    }

    /// Puts the list in its place and gives its name.
    pub(crate) fn finish(self) -> Result<String, Failure> {
        self.file.finish()?;
        Ok(self.name)
    }
}

/// Writes the lines of devices; one for each thread.
pub(crate) struct Lines {
    format: ListFormat,
    facts: Vec<FactKind>,
    endings: Endings,
    spare: Vec<u8>,
}

impl Lines {
    pub(crate) fn new(format: ListFormat, policy: &Policy) -> Self {
        let facts = policy.facts().iter().collect();
        Self { format, facts, endings: Endings::default(), spare: Vec::new() }
    }

    /// Writes a line for each device of a batch.
    pub(crate) fn write(&mut self, program: &Program, batch: &Batch, lines: &mut Vec<u8>) {
        self.endings.follow(batch.generation());
        let columns: Vec<&[u16]> = self.facts.iter().map(|kind| batch.codes(*kind)).collect();
        let mut codes = endings::Codes::default();
        for row in 0..batch.len() {
            for (code, column) in codes.iter_mut().zip(&columns) {
                *code = column[row];
            }
            self.identity(batch.id(row), batch.name(row), lines);
            let (format, facts) = (self.format, &self.facts);
            let ending = self.endings.get(&codes, || {
                let used = used(facts, &batch.facts(row));
                endings::render(format, program, facts, &used)
            });
            lines.extend_from_slice(ending);
        }
    }

    /// The beginning of a line, up to what is the same for many devices.
    fn identity(&mut self, id: &str, name: &str, lines: &mut Vec<u8>) {
        match self.format {
            ListFormat::Csv => {
                self.cell(id, lines);
                lines.push(b',');
                self.cell(name, lines);
            }
            ListFormat::Ndjson => {
                lines.extend_from_slice(b"{\"device-id\":");
                string(id, lines);
                lines.extend_from_slice(b",\"device-name\":");
                string(name, lines);
            }
        }
    }

    fn cell(&mut self, text: &str, lines: &mut Vec<u8>) {
        // Without a branch for each byte, so that many are looked at together.
        let special = |byte: &u8| matches!(byte, b',' | b'"' | b'\r' | b'\n');
        if text.bytes().fold(false, |any, byte| any | special(&byte)) {
            self.spare.clear();
            endings::csv_record(&[text], &mut self.spare);
            lines.extend_from_slice(self.spare.trim_ascii_end());
        } else {
            lines.extend_from_slice(text.as_bytes());
        }
    }
}

/// The facts that the policy asks for.
fn used(kinds: &[FactKind], facts: &Facts) -> Facts {
    let mut used = Facts::default();
    for kind in kinds {
        used.set(*kind, facts.get(*kind));
    }
    used
}

/// A JSON string.
fn string(text: &str, lines: &mut Vec<u8>) {
    let special = |byte: u8| byte < b' ' || matches!(byte, b'"' | b'\\');
    if text.bytes().fold(false, |any, byte| any | special(byte)) {
        serde_json::to_writer(lines, text).expect("a text can be written to memory");
    } else {
        lines.push(b'"');
        lines.extend_from_slice(text.as_bytes());
        lines.push(b'"');
    }
}

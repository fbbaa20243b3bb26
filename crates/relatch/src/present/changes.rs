//! The list of devices that change: one line each, as CSV or as one JSON object a line.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use eligibility::decide::VerdictWord;
use eligibility::facts::{FactName, FactSet};
use eligibility::policy::Policy;
use schemars::JsonSchema;
use serde::Serialize;

use super::byte_order_mark;
use super::devices::carried::{self, CarriedTexts};
use super::json::{Word, names};
use super::wording;
use crate::failure::Failure;
use crate::files::Replacement;
use crate::report::transition::Side;

/// A device that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Changed {
    before: Option<Side>,
    after: Option<Side>,
    facts: FactSet,
}

impl Changed {
    /// Returns a device with two different verdicts, and the facts that differ.
    pub(crate) fn between(before: Side, after: Side, facts: FactSet) -> Self {
        Self { before: Some(before), after: Some(after), facts }
    }

    /// Returns a device of the later inventory alone.
    pub(crate) fn appeared(after: Side) -> Self {
        Self { before: None, after: Some(after), facts: FactSet::EMPTY }
    }

    /// Returns a device of the earlier inventory alone.
    pub(crate) fn vanished(before: Side) -> Self {
        Self { before: Some(before), after: None, facts: FactSet::EMPTY }
    }

    fn word(&self) -> &'static str {
        let eligible =
            |side: &Option<Side>| side.is_some_and(|side| side.verdict == VerdictWord::Eligible);
        match (self.before, self.after) {
            (None, _) => "appeared",
            (_, None) => "vanished",
            _ if eligible(&self.after) => "became-eligible",
            _ if eligible(&self.before) => "lost-eligibility",
            _ => "decided-differently",
        }
    }
}

/// A device that changes: a line of `relatch compare --devices OUT.ndjson`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ChangedDevice<'a> {
    /// The id of the device in Intune.
    device_id: &'a str,
    /// The name of the device.
    device_name: &'a str,
    /// The texts of the columns that `--columns` names; without it there is no such key.
    #[serde(skip_serializing_if = "CarriedTexts::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    columns: CarriedTexts<'a>,
    /// `became-eligible`, `lost-eligibility`, `decided-differently`, `appeared` or `vanished`.
    change: &'a str,
    /// The decision before; null if the device appeared.
    before: Option<Word<VerdictWord>>,
    /// The decision after; null if the device vanished.
    after: Option<Word<VerdictWord>>,
    /// Why the decision before.
    because_before: Option<String>,
    /// Why the decision after.
    because_after: Option<String>,
    /// The facts that differ.
    differing: Vec<Word<FactName>>,
}

/// A list in the making; it takes its place when it is finished.
pub(crate) struct ChangeList<'p> {
    path: PathBuf,
    file: Replacement,
    is_csv: bool,
    policies: [&'p Policy; 2],
    /// The names of the columns that are carried along.
    carried: &'p [String],
}

const COLUMNS: [&str; 8] = [
    "device-id",
    "device-name",
    "change",
    "before",
    "after",
    "because-before",
    "because-after",
    "differing",
];

impl<'p> ChangeList<'p> {
    /// Begins a list in the format that the ending of `path` names; the policies decided before and
    /// after. Its devices have the texts of some columns of their inventories.
    pub(crate) fn begin(
        path: &Path,
        policies: [&'p Policy; 2],
        carried: &'p [String],
    ) -> Result<Self, Failure> {
        carried::refuse_own(carried, &COLUMNS)?;
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_csv = match ending.as_str() {
            "csv" => true,
            "ndjson" | "jsonl" => false,
            _ => {
                return Err(Failure::Argument {
                    message: format!("`--devices {}` names no format", path.display()),
                    hint: "end the name of a list of changes in .csv or .ndjson".to_owned(),
                });
            }
        };
        let file = Replacement::begin(path)?;
        let mut list = Self { path: path.to_owned(), file, is_csv, policies, carried };
        if is_csv {
            list.write(byte_order_mark::of_csv().as_bytes())?;
            list.record(COLUMNS, carried)?;
        }
        Ok(list)
    }

    /// Adds a device.
    pub(crate) fn add(
        &mut self,
        (id, name): (&str, &str),
        carried: &[String],
        changed: &Changed,
    ) -> Result<(), Failure> {
        let because = |policy: &Policy, side: Option<Side>| {
            side?.reason.map(|reason| wording::reason(policy, &reason))
        };
        let [from, to] = self.policies;
        let device = ChangedDevice {
            device_id: id,
            device_name: name,
            columns: CarriedTexts::new(self.carried, carried),
            change: changed.word(),
            before: changed.before.map(|side| Word(side.verdict)),
            after: changed.after.map(|side| Word(side.verdict)),
            because_before: because(from, changed.before),
            because_after: because(to, changed.after),
            differing: names(changed.facts),
        };
        if !self.is_csv {
            let mut line = serde_json::to_vec(&device).expect("plain data has a JSON form");
            line.push(b'\n');
            return self.write(&line);
        }
        let verdict =
            |side: Option<Side>| side.map(|side| side.verdict.to_string()).unwrap_or_default();
        let facts: Vec<_> = changed.facts.iter().map(FactName::as_str).collect();
        let record = [
            id,
            name,
            device.change,
            &verdict(changed.before),
            &verdict(changed.after),
            &device.because_before.unwrap_or_default(),
            &device.because_after.unwrap_or_default(),
            &facts.join(" "),
        ];
        self.record(record, carried)
    }

    /// Adds a record, with the carried cells behind the name.
    fn record(&mut self, cells: [&str; COLUMNS.len()], carried: &[String]) -> Result<(), Failure> {
        let (identity, rest) = cells.split_at(2);
        let carried = carried.iter().map(String::as_str);
        let cells = identity.iter().copied().chain(carried).chain(rest.iter().copied());
        let mut line = Vec::new();
        super::devices::csv_record(&cells.collect::<Vec<_>>(), &mut line);
        self.write(&line)
    }

    fn write(&mut self, line: &[u8]) -> Result<(), Failure> {
        self.file.write_all(line).map_err(|source| Failure::write(&self.path, source))
    }

    /// Puts the list in its place and gives its name.
    pub(crate) fn finish(self) -> Result<String, Failure> {
        self.file.finish()?;
        Ok(self.path.display().to_string())
    }
}

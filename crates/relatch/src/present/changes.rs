//! The list of devices that change, in each format of a list of devices.

use std::collections::BTreeMap;
use std::path::Path;

use eligibility::decide::VerdictWord;
use eligibility::facts::{FactName, FactSet};
use eligibility::policy::Policy;
use inventory::LastCheckIn;
use schemars::JsonSchema;
use serde::Serialize;

use super::devices::carried::CarriedTexts;
use super::devices::{
    CheckInText, DeviceList, Finished, InPage, ListColumns, ListFormat, csv_record,
};
use super::wording;
use crate::error::Error;
use crate::json::{Word, names};
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
    /// The moment of its last check-in in UTC, as RFC 3339 has it; null if it is unknown.
    last_check_in: Option<&'a str>,
    /// `became-eligible`, `lost-eligibility`, `decided-differently`, `appeared` or `vanished`.
    change: &'a str,
    /// The decision before; null if the device appeared.
    before: Option<Word<VerdictWord>>,
    /// The decision after; null if the device vanished.
    after: Option<Word<VerdictWord>>,
    /// The reason for the decision before.
    because_before: Option<String>,
    /// The reason for the decision after.
    because_after: Option<String>,
    /// The facts that differ.
    differing: Vec<Word<FactName>>,
}

/// The values of a single device.
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The texts of the columns that are carried along.
    pub(crate) carried: Vec<String>,
    pub(crate) check_in: LastCheckIn,
}

/// Lists in the making; they take their places when they are finished.
pub(crate) struct ChangeList<'p> {
    lists: Vec<DeviceList>,
    policies: [&'p Policy; 2],
    /// The names of the columns that are carried along.
    carried: &'p [String],
}

impl<'p> ChangeList<'p> {
    /// Begins a list in the format that the ending of `path` names, and one for a page; `None` if
    /// neither is asked for. The policies decided before and after. The devices have the texts of
    /// some columns of their inventories.
    pub(crate) fn begin(
        path: Option<&Path>,
        in_page: bool,
        policies: [&'p Policy; 2],
        carried: &'p [String],
    ) -> Result<Option<Self>, Error> {
        let columns = ListColumns::of_changes(carried)?;
        let list = path.map(|path| DeviceList::begin(path, false, &columns));
        let in_page = in_page.then(|| DeviceList::begin_in_page(false, columns));
        let lists: Vec<_> = list.into_iter().chain(in_page).collect::<Result<_, _>>()?;
        Ok((!lists.is_empty()).then_some(Self { lists, policies, carried }))
    }

    /// Adds a device.
    pub(crate) fn add(&mut self, identity: &Identity, changed: &Changed) -> Result<(), Error> {
        let because = |policy: &Policy, side: Option<Side>| {
            side?.reason.map(|reason| wording::reason(policy, &reason))
        };
        let [from, to] = self.policies;
        let Identity { id, name, carried, check_in } = identity;
        let check_in = CheckInText::of(*check_in);
        let device = ChangedDevice {
            device_id: id,
            device_name: name,
            columns: CarriedTexts::new(self.carried, carried),
            last_check_in: Some(check_in.as_str()).filter(|text| !text.is_empty()),
            change: changed.word(),
            before: changed.before.map(|side| Word(side.verdict)),
            after: changed.after.map(|side| Word(side.verdict)),
            because_before: because(from, changed.before),
            because_after: because(to, changed.after),
            differing: names(changed.facts),
        };
        let carried = carried.iter().map(String::as_str);
        let own = [id.as_str(), name].into_iter().chain(carried).chain([check_in.as_str()]);
        for list in &mut self.lists {
            let mut line = Vec::new();
            match list.format() {
                ListFormat::Csv(columns) => {
                    let cells = own.clone().map(str::to_owned).chain(device.cells());
                    csv_record(&columns.as_written(cells.collect()), &mut line);
                }
                ListFormat::Ndjson(_) => {
                    serde_json::to_writer(&mut line, &device).expect("plain data has a JSON form");
                    line.push(b'\n');
                }
                ListFormat::Rows(rows) => rows.append(own.clone(), device.cells(), &mut line),
            }
            list.append(&line)?;
        }
        Ok(())
    }

    /// Puts the list in its place and gives its name, and the devices of the page.
    pub(crate) fn finish(self) -> Result<(Option<String>, Option<InPage>), Error> {
        let (mut file, mut in_page) = (None, None);
        for list in self.lists {
            match list.finish()? {
                Finished::File(name) => file = Some(name),
                Finished::InPage(devices) => in_page = Some(devices),
                Finished::Frame(_) => {}
            }
        }
        Ok((file, in_page))
    }
}

impl ChangedDevice<'_> {
    /// Returns the cells behind those of a single device.
    fn cells(&self) -> Vec<String> {
        let verdict = |verdict: &Option<Word<VerdictWord>>| {
            verdict.as_ref().map(|word| word.0.to_string()).unwrap_or_default()
        };
        let facts: Vec<_> = self.differing.iter().map(|word| word.0.as_str()).collect();
        vec![
            self.change.to_owned(),
            verdict(&self.before),
            verdict(&self.after),
            self.because_before.clone().unwrap_or_default(),
            self.because_after.clone().unwrap_or_default(),
            facts.join(" "),
        ]
    }
}

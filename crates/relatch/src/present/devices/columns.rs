//! The columns of a list.

use std::sync::Arc;

use eligibility::facts::{FactName, FactSet};
use eligibility::nearest::nearest;
use inventory::{CellType, Columns};

use super::carried;
use crate::error::Error;

/// The columns of a device list before those of the facts, but for what is carried along and the last
/// check-in.
const OF_DEVICES: [&str; 16] = [
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
    "cautions",
    "change",
    "change-cost",
    "clause",
    "because",
];

/// The columns of a list of changes.
const OF_CHANGES: [&str; 8] = [
    "device-id",
    "device-name",
    "change",
    "before",
    "after",
    "because-before",
    "because-after",
    "differing",
];

/// The column of the last check-in, in every list.
pub(in crate::present) const CHECK_IN: &str = "last-check-in";

/// A column of a list.
#[derive(Clone, Debug)]
pub(in crate::present) struct ListColumn {
    pub(in crate::present) name: String,
    pub(in crate::present) cell_type: CellType,
    /// True if it is carried along from the inventory.
    pub(in crate::present) is_carried: bool,
}

/// The columns of a list: the texts of a single device first, then what many devices share.
#[derive(Clone, Debug)]
pub(crate) struct ListColumns {
    all: Arc<[ListColumn]>,
    /// The number of columns that have texts of a single device.
    own: usize,
    /// Of each column that many devices share, whether it is written; `None` if all are.
    chosen: Option<Arc<[bool]>>,
}

impl ListColumns {
    /// Returns the columns of a list of devices, with one for every fact, so that the list can be
    /// planned by any policy. Carried columns stand behind the name.
    pub(crate) fn of_devices(carried: &[String]) -> Result<Self, Error> {
        Self::new(carried, OF_DEVICES.into_iter().take(2).chain(shared_names()))
    }

    /// Returns the columns of a list of changed devices.
    pub(crate) fn of_changes(carried: &[String]) -> Result<Self, Error> {
        Self::new(carried, OF_CHANGES.into_iter())
    }

    fn new(carried: &[String], names: impl Iterator<Item = &'static str>) -> Result<Self, Error> {
        let own = |name: &str, is_carried| ListColumn {
            name: name.to_owned(),
            cell_type: if is_carried { CellType::Text } else { cell_type(name) },
            is_carried,
        };
        let names: Vec<_> = names.collect();
        carried::refuse_own(carried, &[names.as_slice(), &[CHECK_IN]].concat())?;
        let (identity, rest) = names.split_at(2);
        let mut all: Vec<_> = identity.iter().map(|name| own(name, false)).collect();
        all.extend(carried.iter().map(|name| own(name, true)));
        all.push(own(CHECK_IN, false));
        let count = all.len();
        all.extend(rest.iter().map(|name| own(name, false)));
        Ok(Self { all: all.into(), own: count, chosen: None })
    }

    /// Keeps, beside the id, the name and what is carried along, only the columns that are named.
    pub(crate) fn only(self, names: &[String]) -> Result<Self, Error> {
        let known = self.all.iter().filter(|column| !column.is_carried);
        let known: Vec<_> = known.map(|column| column.name.as_str()).collect();
        if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(Error::Argument {
                message: format!("`{unknown}` of `--only` is no column of the list"),
                hint: match nearest(unknown, known.iter().copied()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!(
                        "its columns are {}; `--columns` adds those of the inventory",
                        known.join(", ")
                    ),
                },
            });
        }
        let is_named = |column: &ListColumn| names.contains(&column.name);
        let (own, shared) = self.all.split_at(self.own);
        let own = own.iter().enumerate();
        let own = own.filter(|(at, column)| *at < 2 || column.is_carried || is_named(column));
        let own: Vec<_> = own.map(|(_, column)| column.clone()).collect();
        let chosen: Arc<[bool]> = shared.iter().map(is_named).collect();
        let shared = shared.iter().filter(|column| is_named(column)).cloned();
        Ok(Self {
            own: own.len(),
            all: own.iter().cloned().chain(shared).collect(),
            chosen: Some(chosen),
        })
    }

    /// Returns true if some columns are left out.
    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Returns true if the list has the last check-ins.
    pub(super) fn has_check_in(&self) -> bool {
        self.own().last().is_some_and(|column| column.name == CHECK_IN)
    }

    /// Returns the facts that have a column.
    pub(super) fn facts(&self) -> FactSet {
        self.shared().iter().filter_map(|column| column.name.parse().ok()).collect()
    }

    /// Leaves out the cells of a row that are not written, of those that many devices share.
    pub(super) fn kept(&self, cells: Vec<String>) -> Vec<String> {
        let Some(chosen) = &self.chosen else { return cells };
        cells.into_iter().zip(&**chosen).filter(|(_, kept)| **kept).map(|(cell, _)| cell).collect()
    }

    /// Returns the columns.
    pub(in crate::present) fn iter(&self) -> impl Iterator<Item = &ListColumn> {
        self.all.iter()
    }

    /// Returns their names, in the order in which they are written.
    pub(in crate::present) fn names(&self) -> Vec<&str> {
        self.as_written(self.iter().map(|column| column.name.as_str()).collect())
    }

    /// Puts what belongs to the last check-in behind everything else: programs that read lists may
    /// count columns, and it was added last.
    pub(in crate::present) fn as_written<T>(&self, mut columns: Vec<T>) -> Vec<T> {
        if self.has_check_in() {
            let check_in = columns.remove(self.own - 1);
            columns.push(check_in);
        }
        columns
    }

    /// Returns the columns of what many devices share.
    pub(in crate::present) fn shared(&self) -> &[ListColumn] {
        &self.all[self.own..]
    }

    /// Returns the columns with texts of a single device.
    pub(in crate::present) fn own(&self) -> &[ListColumn] {
        &self.all[..self.own]
    }
}

/// Returns the names of the columns of what many devices share in a list of devices.
pub(super) fn shared_names() -> Vec<&'static str> {
    let facts = FactName::ALL.iter().map(|fact| fact.as_str());
    OF_DEVICES.into_iter().skip(2).chain(facts).collect()
}

/// Returns the type of the cells of one of a list's own columns.
fn cell_type(name: &str) -> CellType {
    match name {
        "reasons" | "needs" | "missing" | "cautions" | "differing" => CellType::Words,
        "change-cost" => CellType::Integer,
        CHECK_IN => CellType::Timestamp,
        _ => match name.parse::<FactName>() {
            Ok(fact) if fact.values().any(|value| fact.text(value) == "true") => CellType::Boolean,
            _ => CellType::Text,
        },
    }
}

/// Returns true if columns are those of a device list, though a spreadsheet may have added some.
pub(crate) fn is_list(columns: &Columns) -> bool {
    let has = |column: &str| {
        let mut all = columns.ignored.iter().chain(&columns.recognised);
        all.any(|name| name == column)
    };
    // Of the others, `--only` may leave out any, and older lists lack some.
    ["device-id", "device-name", "decision"].iter().all(|column| has(column))
}

/// Returns true if a device list has such a column beside those of facts.
pub(crate) fn is_own_column(name: &str) -> bool {
    OF_DEVICES.contains(&name)
}

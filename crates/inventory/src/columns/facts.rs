//! Tables of facts: a column that identifies devices, and columns named after facts.
//!
//! Such columns may also have been added to an export, beside those of Intune.

use eligibility::facts::{FactName, FactSet};

use super::{Columns, Layout, claim, claim_columns, first};
use crate::error::{Found, OtherTable};
use crate::format::Format;
use crate::source::intune::header::{Column, HEADERS, Header, column};
use crate::source::{intune, tidy as tidy_source};
use crate::spelling::Folded;

/// The purpose for which a table is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// An inventory, whose rows are devices.
    #[default]
    Inventory,
    /// A facts file, whose rows contain facts about devices of an inventory.
    Facts,
}

/// The key by which a facts file identifies devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JoinKey {
    /// The Intune device id.
    DeviceId,
    /// The serial number.
    SerialNumber,
    /// The device's name.
    DeviceName,
}

/// The columns that identify devices: the first that a table has is its key. The names are those of
/// exports, then those that scripts and surveys use.
const KEYS: [(JoinKey, Column, &[&str]); 3] = [
    (
        JoinKey::DeviceId,
        Column::DeviceId,
        &["Device ID", "Intune device ID", "managedDeviceId", "Id"],
    ),
    (JoinKey::SerialNumber, Column::SerialNumber, &["Serial number", "Serial", "Serial No"]),
    (
        JoinKey::DeviceName,
        Column::DeviceName,
        &["Device name", "Name", "Computer name", "Host name", "Device"],
    ),
];

impl JoinKey {
    /// Returns its name for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeviceId => "device id",
            Self::SerialNumber => "serial number",
            Self::DeviceName => "device name",
        }
    }

    /// Returns the usual name of its column.
    pub const fn header(self) -> &'static str {
        HEADERS[self.column() as usize].names[0]
    }

    /// Returns true if a name is that of its column, in exports or in tidy tables.
    pub(crate) fn is_header(self, name: &str) -> bool {
        column(name).is_some_and(|(column, _)| column == self.column())
    }

    pub(crate) const fn column(self) -> Column {
        match self {
            Self::DeviceId => Column::DeviceId,
            Self::SerialNumber => Column::SerialNumber,
            Self::DeviceName => Column::DeviceName,
        }
    }
}

/// The place of a cell or property with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A column of Intune's exports, and the rank of its name.
    Column(Column, usize),
    /// A fact.
    Fact(FactName),
}

/// Returns the place of a property of a JSON object. Graph's own properties have no hyphens and none of the
/// plain names of facts, so that the name of a fact is that of an added one.
pub(crate) fn property(purpose: Purpose, name: &str) -> Option<Place> {
    match purpose {
        Purpose::Inventory => added(name, || true).map(Place::Fact).or_else(|| {
            let (column, rank) = column(name)?;
            Some(Place::Column(column, rank))
        }),
        Purpose::Facts => fact(name).map(Place::Fact).or_else(|| {
            let key = key(name).map(|(_, column, rank)| (column, rank));
            let (column, rank) =
                key.or_else(|| column(name).filter(|(column, _)| is_read(*column)))?;
            Some(Place::Column(column, rank))
        }),
    }
}

/// Returns the fact with a name, however it is written.
fn fact(name: &str) -> Option<FactName> {
    let folded = Folded::of(name)?;
    FactName::ALL.iter().copied().find(|fact| folded.is(fact.as_str()))
}

/// Returns true for the names that surveys give to other columns, too: Microsoft Forms numbers the
/// answers as `ID` and calls the person `Name`.
fn is_vague(name: &str) -> bool {
    matches!(name, "ID" | "Name" | "Device")
}

fn key(name: &str) -> Option<(JoinKey, Column, usize)> {
    let folded = Folded::of(name)?;
    KEYS.iter().find_map(|(key, column, names)| {
        let rank = names.iter().position(|known| folded.is(known))?;
        Some((*key, *column, rank))
    })
}

/// Returns true if a column of Intune says a fact, so that it is read in a facts file, too: the
/// sample `ManagedDevices_iOS_PasscodeReset_Export.ps1` of
/// <https://github.com/microsoft/mggraph-intune-samples> writes `HasUnlockToken` into one. Not the
/// model, which only distinguishes iPads from iPhones.
pub(super) fn is_read(column: Column) -> bool {
    column != Column::Model && !HEADERS[column as usize].facts().is_empty()
}

/// Returns the fact of a column that was added to an export. `beside` says whether the export has its own
/// column for what the name may mean as well: alone, `ownership` is Intune's `Ownership`.
pub(super) fn added(name: &str, beside: impl FnOnce() -> bool) -> Option<FactName> {
    if let Ok(fact) = name.parse::<FactName>() {
        return (beside() || column(name).is_none()).then_some(fact);
    }
    // `Reset token` is one, `Management` may be anything.
    let fact = fact(name).filter(|fact| fact.as_str().contains('-'))?;
    (!intune::is_known(name)).then_some(fact)
}

fn facts_of(layout: &Layout) -> impl Iterator<Item = FactName> {
    FactName::ALL.iter().copied().filter(|fact| layout.fact(*fact).is_some())
}

/// Recognises the header of a facts file, or the properties of its objects.
pub(super) fn recognise(names: &[&str], format: Format) -> Result<(Layout, Columns), Found> {
    let mut layout = Layout::empty(format, names.len());
    let keys = names.iter().filter_map(|name| Some((is_vague(name), key(name)?)));
    let best = keys.clone().min_by_key(|(vague, (key, _, rank))| (*vague, *key, *rank));
    let Some((vague, (first_key, ..))) = best else {
        return Err(OtherTable::NoKey(first(names)).into());
    };
    // The best name of each key; a name that may mean something else counts only where it must.
    let rank = |wanted: JoinKey| {
        let named = keys.clone().filter(|(is_vague, (key, ..))| {
            *key == wanted && (!is_vague || vague && wanted == first_key)
        });
        named.map(|(_, (_, _, rank))| rank).min()
    };
    let ranks = KEYS.map(|(key, ..)| (key, rank(key)));
    for (index, name) in names.iter().enumerate() {
        if let Some(fact) = fact(name) {
            claim(&mut layout.facts[fact as usize], index, name)?;
        } else if let Some((key, column, rank)) = key(name)
            && (!is_vague(name) || vague && key == first_key)
            && ranks.contains(&(key, Some(rank)))
        {
            claim(&mut layout.columns[column as usize], index, name)?;
        }
    }
    // A column that is named after a fact says it alone.
    let said: FactSet = facts_of(&layout).collect();
    claim_columns(names, &mut layout, |column| {
        let facts = HEADERS[column as usize].facts();
        is_read(column) && facts.iter().all(|fact| !said.contains(fact))
    })?;
    // The first key is the best one, even if its name may mean something else.
    let mut keys: Vec<_> =
        ranks.into_iter().filter(|(_, rank)| rank.is_some()).map(|(key, _)| key).collect();
    keys.sort_by_key(|key| *key != first_key);
    layout.set_join_keys(&keys);
    let read = |header: &&Header| layout.column(header.column).is_some() && is_read(header.column);
    let own =
        HEADERS.iter().filter(read).fold(FactSet::EMPTY, |own, header| own.union(header.facts()));
    if format == Format::Tidy && !own.is_empty() {
        layout.format = Format::Portal;
    }
    let known = said.union(own);
    let unknown = FactName::ALL.iter().copied().filter(|fact| !known.contains(*fact));
    let mut columns = Columns { unknown: unknown.collect(), ..Columns::default() };
    layout.sort_columns(names, &mut columns);
    columns.not_understood.retain(|name| !tidy_source::is_known(name));
    if columns.unknown.len() == FactName::ALL.len() {
        return Err(OtherTable::NoFacts(first(names)).into());
    }
    Ok((layout, columns))
}

//! Tables whose columns are named after facts: made by hand, by a script, or by relatch itself.

use eligibility::facts::FactName;

use crate::spelling::header::{Column, HEADERS, column};

/// The names of the columns that are no facts.
pub(crate) const IDENTITY: [(&str, Column); 4] = [
    ("device-id", Column::DeviceId),
    ("device-name", Column::DeviceName),
    ("last-check-in", Column::LastCheckIn),
    ("serial-number", Column::SerialNumber),
];

/// Returns true if the columns have at least one name that no export of Intune has: `platform`,
/// `management` or a name with a hyphen, and none that says a fact in Intune's words: such a table
/// is an export to which columns were added. A table with every fact is a device list of relatch,
/// whatever columns it carries along.
pub(crate) fn recognise(cells: &[&str]) -> bool {
    if FactName::ALL.iter().all(|fact| cells.contains(&fact.as_str())) {
        return true;
    }
    let exported = cells.iter().any(|cell| {
        let facts = column(cell).map(|(column, _)| HEADERS[column as usize].facts());
        let model = column(cell).is_some_and(|(column, _)| column == Column::Model);
        facts.is_some_and(|facts| !facts.is_empty()) && !model && cell.parse::<FactName>().is_err()
    });
    !exported
        && cells.iter().any(|cell| {
            let identity = IDENTITY[..2].iter().any(|(name, _)| name == cell);
            let fact = cell.parse::<FactName>().is_ok();
            identity || (fact && (cell.contains('-') || matches!(*cell, "platform" | "management")))
        })
}

/// Returns true if a column is one of such a table.
pub(crate) fn is_known(cell: &str) -> bool {
    IDENTITY.iter().any(|(name, _)| *name == cell) || cell.parse::<FactName>().is_ok()
}

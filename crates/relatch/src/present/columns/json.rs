//! The columns that are read, for programs.

use eligibility::facts::FactName;
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{Version, Word, names, pretty};
use crate::report::columns::ReadColumn;

/// The columns that are read: `relatch columns --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ColumnList {
    /// The version of this shape.
    schema: Version,
    /// The columns: those of the inventory in its order, or all.
    columns: Vec<ListedColumn>,
}

/// A column.
#[derive(Serialize, JsonSchema)]
struct ListedColumn {
    /// Its name: the one in the inventory, or the portal's.
    name: String,
    /// Its other names, where no inventory is given.
    also: &'static [&'static str],
    /// The facts that it says something about; none if it only identifies or dates a row.
    facts: Vec<Word<FactName>>,
}

pub(crate) fn render(columns: &[ReadColumn]) -> String {
    let columns = columns.iter().map(|column| ListedColumn {
        name: column.name.clone(),
        also: column.also,
        facts: names(column.facts),
    });
    pretty(&ColumnList { schema: Version, columns: columns.collect() })
}

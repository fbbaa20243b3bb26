//! The columns that are read, for programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::json::{Version, pretty};
use crate::report::columns::ReadColumn;

/// The columns that are read: `relatch columns --format json`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ColumnList<'a> {
    /// The version of this shape.
    schema: Version,
    /// The columns: those of the inventory in its order, or all.
    columns: &'a [ReadColumn],
}

pub(crate) fn render(columns: &[ReadColumn]) -> String {
    pretty(&ColumnList { schema: Version, columns })
}

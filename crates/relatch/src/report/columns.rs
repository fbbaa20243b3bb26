//! The columns that are read.

use eligibility::facts::{FactName, FactSet};
use schemars::JsonSchema;
use serde::Serialize;

use crate::json::Word;

/// A column.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ListedColumn")]
pub(crate) struct ReadColumn {
    /// Its name: the one in the inventory, or the portal's.
    pub(crate) name: String,
    /// Its other names, where no inventory is given.
    pub(crate) also: &'static [&'static str],
    /// The facts that it says something about; none if it only identifies or dates a row.
    #[schemars(with = "Vec<Word<FactName>>")]
    pub(crate) facts: FactSet,
}

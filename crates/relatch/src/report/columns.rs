//! The columns that are read.

use eligibility::facts::FactSet;

/// A column that is read.
pub(crate) struct ReadColumn {
    /// Its name: the one in the inventory, or the portal's.
    pub(crate) name: String,
    /// Its other names, where no inventory is given.
    pub(crate) also: &'static [&'static str],
    /// The facts that it says something about.
    pub(crate) facts: FactSet,
}

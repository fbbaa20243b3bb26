//! Columns of an inventory that a list has beside its own.

use inventory::is_same_name;
use serde::{Serialize, Serializer};

use crate::error::Error;

/// Refuses columns that have the name of one of the list's own.
pub(super) fn refuse_own(carried: &[String], own: &[&'static str]) -> Result<(), Error> {
    for name in carried {
        if let Some(own) = own.iter().find(|own| is_same_name(own, name)) {
            return Err(Error::Argument {
                message: format!("`{name}` of `--columns` is `{own}` in the list, which it has"),
                hint: "leave it out, or give the column of the inventory another name".to_owned(),
            });
        }
    }
    Ok(())
}

/// The texts of the columns that `--columns` names, under their names.
pub(in crate::present) struct CarriedTexts<'a> {
    names: &'a [String],
    texts: &'a [String],
}

impl<'a> CarriedTexts<'a> {
    /// Returns the texts of a device under the names of their columns.
    pub(in crate::present) fn new(names: &'a [String], texts: &'a [String]) -> Self {
        Self { names, texts }
    }

    /// Returns true if no columns are carried along.
    pub(in crate::present) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

impl Serialize for CarriedTexts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.names.iter().zip(self.texts))
    }
}

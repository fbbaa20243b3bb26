//! `--columns`: columns of inventories that are carried into lists of devices.

use std::path::Path;

use eligibility::nearest::nearest;
use inventory::{Format, Inventory, Totals};

use crate::error::Error;
use crate::files;
use crate::present::terminal::harmless;

/// The number of names of columns a hint shows.
const SHOWN: usize = 30;

/// The columns that are carried along, and which of the inventories that were read have them.
pub(super) struct Carried<'c> {
    columns: &'c [String],
    /// For each column whether an inventory has it.
    found: Vec<bool>,
    /// The names of all columns.
    header: Vec<String>,
    /// The inventories that lack a column.
    lacking: Vec<(String, String)>,
}

impl<'c> Carried<'c> {
    /// Begins with no inventory.
    pub(super) fn new(columns: &'c [String]) -> Self {
        Self { columns, found: vec![false; columns.len()], header: Vec::new(), lacking: Vec::new() }
    }

    /// Begins to carry the columns of an inventory. If it is the last one, a column that none of
    /// them has is refused before it is read.
    pub(super) fn begin(
        &mut self,
        path: &Path,
        inventory: &mut Inventory<'_>,
        is_last: bool,
    ) -> Result<(), Error> {
        if self.columns.is_empty() {
            return Ok(());
        }
        let carry = inventory.carry(self.columns);
        carry.map_err(|error| Error::not_opened(path, error))?;
        let columns = inventory.columns();
        for name in columns.recognised.iter().chain(&columns.ignored) {
            if !self.header.contains(name) {
                self.header.push(name.clone());
            }
        }
        // A later object may have a property that the first one lacks.
        if is_last && inventory.format() != Format::Graph {
            let found = |column: &String| {
                self.header.iter().any(|name| inventory::is_same_name(name, column))
            };
            let found = self.columns.iter().zip(&self.found).map(|(one, seen)| *seen || found(one));
            self.refuse_missing(&found.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Takes note of the columns that an inventory turned out to have.
    pub(super) fn end(&mut self, name: &str, totals: &Totals) {
        for ((column, found), has) in self.columns.iter().zip(&mut self.found).zip(&totals.carried)
        {
            *found |= has;
            if !has {
                self.lacking.push((name.to_owned(), column.clone()));
            }
        }
    }

    /// Refuses columns that no inventory has, and warns of inventories that lack one.
    pub(super) fn finish(&self) -> Result<(), Error> {
        self.refuse_missing(&self.found)?;
        for (file, column) in &self.lacking {
            let text = format!("`{file}` has no column `{column}`, which is blank for its devices");
            files::warn(&harmless(&text));
        }
        Ok(())
    }

    fn refuse_missing(&self, found: &[bool]) -> Result<(), Error> {
        let mut columns = self.columns.iter().zip(found);
        let Some((column, _)) = columns.find(|(_, found)| !**found) else { return Ok(()) };
        let names = self.header.iter().map(String::as_str);
        let hint = match nearest(column, names.clone()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("columns are {}", names.take(SHOWN).collect::<Vec<_>>().join(", ")),
        };
        Err(Error::Argument { message: format!("no inventory has a column `{column}`"), hint })
    }
}

//! `relatch columns`: the columns that are read.

use std::path::Path;

use inventory::{Columns, Inventory, KnownColumn};

use crate::args::{ColumnsArguments, ColumnsFormat};
use crate::error::{Error, ExitStatus};
use crate::report::columns::ReadColumn;
use crate::{files, present};

pub(super) fn run(arguments: &ColumnsArguments) -> Result<ExitStatus, Error> {
    let ColumnsArguments { inventory, format, dialect } = arguments;
    if dialect.is_some() && *format != ColumnsFormat::Sql {
        return Err(Error::Argument {
            message: "`--dialect` is for `--format sql`".to_owned(),
            hint: "leave it out".to_owned(),
        });
    }
    if inventory.is_none() && *format == ColumnsFormat::Sql {
        return Err(Error::Argument {
            message: "a query needs the column names of an inventory".to_owned(),
            hint: "name the inventory, or a few rows of it: `relatch columns sample.csv`"
                .to_owned(),
        });
    }
    let columns = match inventory {
        Some(path) => of_inventory(path)?,
        None => known(),
    };
    files::print(&match format {
        ColumnsFormat::Text => present::columns::text(&columns),
        ColumnsFormat::Json => present::columns::json(&columns),
        ColumnsFormat::Sql => present::columns::sql(&columns, dialect.unwrap_or_default()),
    })?;
    Ok(ExitStatus::Clean)
}

/// Returns the columns of an inventory that are read.
fn of_inventory(path: &Path) -> Result<Vec<ReadColumn>, Error> {
    let source = files::open(path)?;
    let inventory =
        Inventory::open(source.input).map_err(|error| Error::not_opened(path, error))?;
    let names = inventory.columns().recognised.iter();
    let columns = names.map(|name| ReadColumn {
        name: name.clone(),
        also: &[],
        facts: Columns::facts_of(name),
    });
    Ok(columns.collect())
}

/// Returns all columns of Intune's exports that are read.
fn known() -> Vec<ReadColumn> {
    let columns = KnownColumn::all().map(|KnownColumn { names, facts }| ReadColumn {
        name: names[0].to_owned(),
        also: &names[1..],
        facts,
    });
    columns.collect()
}

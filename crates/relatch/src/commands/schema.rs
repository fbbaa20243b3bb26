//! `relatch schema`: the shapes of JSON documents.

use crate::args::SchemaArguments;
use crate::failure::{Failure, Finding};
use crate::files;
use crate::present::schema;

pub(super) fn run(arguments: &SchemaArguments) -> Result<Finding, Failure> {
    match &arguments.name {
        Some(name) => print(name),
        None => {
            files::print(&schema::list())?;
            Ok(Finding::Nothing)
        }
    }
}

/// Prints the schema with a name, which the command line has checked.
pub(super) fn print(name: &str) -> Result<Finding, Failure> {
    files::print(&schema::render(name).expect("only known names are accepted"))?;
    Ok(Finding::Nothing)
}

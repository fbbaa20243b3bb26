//! `relatch schema`: the shapes of JSON documents.

use crate::args::SchemaArguments;
use crate::error::{Error, ExitStatus};
use crate::files;
use crate::present::schema;

pub(super) fn run(arguments: &SchemaArguments) -> Result<ExitStatus, Error> {
    match &arguments.name {
        Some(name) => print(name),
        None => {
            files::print(&schema::list())?;
            Ok(ExitStatus::Clean)
        }
    }
}

/// Prints the schema with a name, which the command line has checked.
pub(super) fn print(name: &str) -> Result<ExitStatus, Error> {
    files::print(&schema::render(name).expect("only known names are accepted"))?;
    Ok(ExitStatus::Clean)
}

//! The arguments of `columns`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Dialect;

#[derive(Debug, Args)]
pub(crate) struct ColumnsArguments {
    /// An inventory, or a sample of it with the same columns; without one, all columns that are
    /// read are listed
    #[arg(value_name = "INVENTORY")]
    pub(crate) inventory: Option<PathBuf>,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = ColumnsFormat::Text)]
    pub(crate) format: ColumnsFormat,
    /// The dialect of SQL; `duckdb` if it is not given
    #[arg(long, value_enum)]
    pub(crate) dialect: Option<Dialect>,
}

/// For whom to write the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColumnsFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
    /// For a database: the distinct rows, and how to join their decisions
    Sql,
}

//! The arguments of `policy new`, `test`, `explain`, `compile` and `fmt`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CheckArguments, Format, PolicyChoice, ReadingArgument};

#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// The id of the new policy: lower-case letters, digits and hyphens
    pub(crate) id: String,
    /// Extend this built-in policy instead of beginning with an empty one
    #[arg(long, value_name = "POLICY")]
    pub(crate) extends: Option<String>,
    /// The new file; without it, the text goes to standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    #[command(flatten)]
    pub(crate) check: CheckArguments,
    /// Run only the cases whose line in the list contains this text: a fact, a rule, an expectation
    #[arg(long, value_name = "TEXT")]
    pub(crate) only: Option<String>,
    /// List only the cases that fail
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The id of a rule or of a prerequisite
    pub(crate) rule: String,
    #[command(flatten)]
    pub(crate) choice: PolicyChoice,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    /// Built-in policies or paths to policy files; several only with `--to json`
    #[arg(required = true, value_name = "POLICY")]
    pub(crate) policies: Vec<String>,
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// The language
    #[arg(long, value_enum)]
    pub(crate) to: Target,
    /// The dialect of SQL; `duckdb` if it is not given
    #[arg(long, value_enum)]
    pub(crate) dialect: Option<Dialect>,
    /// How much of a decision to distinguish
    #[arg(long, value_enum, default_value_t = Detail::Verdict)]
    pub(crate) detail: Detail,
}

/// The language of a compiled policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// SQL
    Sql,
    /// The Kusto query language
    Kql,
    /// A decision tree
    Json,
}

/// A dialect of SQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Dialect {
    #[default]
    #[value(help = "DuckDB, DataFusion")]
    Duckdb,
    /// Apache Spark, Databricks
    Spark,
    #[value(help = "SQLite; truth values are 0 and 1")]
    Sqlite,
    /// SQL Server, Fabric; truth values are 0 and 1
    Tsql,
}

/// The part of a decision that a compiled policy distinguishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Detail {
    /// The decision, and the cause if it is undetermined
    Verdict,
    /// Also action, scope, mechanism, rule, needs and missing facts
    Full,
}

#[derive(Debug, Args)]
pub(crate) struct FmtArguments {
    /// Policy files; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "FILE")]
    pub(crate) policies: Vec<PathBuf>,
    /// Change nothing; name the files that are not in the stable form, and end with 1 if any is
    #[arg(long)]
    pub(crate) check: bool,
    /// Change nothing; print what would change, and end with 1 if anything would
    #[arg(long, conflicts_with = "check")]
    pub(crate) diff: bool,
}

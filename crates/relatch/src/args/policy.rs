//! The arguments of `policy new`, `test`, `explain` and `fmt`.

use std::path::PathBuf;

use clap::Args;

use super::{CheckArguments, Format, PolicyChoice};

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

//! The arguments of `policy verify`.

use std::path::PathBuf;

use clap::Args;

use super::{Deny, ReadingArgument, ReportFormat};

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// Built-in policies or paths to policy files; all built-in ones if none is given
    pub(crate) policies: Vec<String>,
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// End with exit code 1 on warnings too: on acceptances that fit nothing any more
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) deny: Option<Deny>,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// Also write each disagreement into this folder, as a scenario that `relatch simulate` plays
    #[arg(long, value_name = "FOLDER")]
    pub(crate) scenarios: Option<PathBuf>,
}

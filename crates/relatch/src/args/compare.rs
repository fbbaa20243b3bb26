//! The arguments of `compare`.

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;

use super::{Duplicates, FactList, PageFormat, ReadingArgument, SelectionArguments, facts_list};
use crate::policies;

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The earlier and the later inventory; with `--to` or `--across`, the inventories of one
    /// fleet. Device exports (CSV, Graph's JSON, Parquet, also in zip, gzip or zstd), folders of
    /// them, or patterns such as `'exports/*.csv'`; `-` is standard input
    #[arg(required = true, value_name = "INVENTORY")]
    pub(crate) inventories: Vec<PathBuf>,
    /// The policy before: a built-in one or a path to a policy file
    #[arg(long, value_name = "POLICY", default_value = policies::DEFAULT, requires = "to")]
    pub(crate) from: String,
    /// The policy after
    #[arg(long, value_name = "POLICY")]
    pub(crate) to: Option<String>,
    /// Count the devices by every built-in page
    #[arg(long, conflicts_with_all = ["from", "to", "policy", "devices", "by"])]
    pub(crate) across: bool,
    /// The policy that decides two inventories
    #[arg(long, value_name = "POLICY", default_value = policies::DEFAULT)]
    #[arg(conflicts_with_all = ["from", "to"])]
    pub(crate) policy: String,
    /// How to read policies where their words and their meaning part
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// The facts by which to group a comparison of two policies, joined by commas; `none` for no
    /// groups
    #[arg(long, value_name = "FACTS", default_value = "platform,management", value_parser = facts_list)]
    #[arg(requires = "to")]
    pub(crate) by: FactList,
    /// Also write a line for each device that changes, in the format that the ending names: .csv
    /// or .ndjson
    #[arg(long, value_name = "OUT")]
    pub(crate) devices: Option<PathBuf>,
    /// Join what this table says of devices, by device id, serial number or name: its other columns
    /// are named after facts, such as `passcode-set`; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Vec<PathBuf>,
    /// Also list every cell that was not understood and every rejected row, as CSV; of one fleet
    #[arg(long, value_name = "FILE")]
    pub(crate) problems: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = PageFormat::Text)]
    pub(crate) format: PageFormat,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// What to do with several rows of one device: the same device id, or else serial number
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Duplicates::Newest)]
    pub(crate) duplicates: Duplicates,
    /// How many threads read; all processors if it is not given
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZero<usize>>,
}

//! The arguments of `compare`.

use std::path::PathBuf;

use clap::Args;

use super::{ColumnNames, FactList, InventoryArguments, PageFormat, ReadingArgument, facts_list};
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
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// The facts by which to group a comparison of two policies, joined by commas; `none` for no
    /// groups
    #[arg(long, value_name = "FACTS", default_value = "platform,management", value_parser = facts_list)]
    #[arg(requires = "to")]
    pub(crate) by: FactList,
    /// Also write a line for each device that changes, in the format that the ending names: .csv,
    /// .ndjson, .parquet or .xlsx
    #[arg(long, value_name = "OUT")]
    pub(crate) devices: Option<PathBuf>,
    /// Columns of the inventory that the devices also have in the list of `--devices` and in the
    /// table of a page, joined by commas, such as `Primary user UPN,Model`
    #[arg(long, value_name = "NAMES", conflicts_with = "across")]
    pub(crate) columns: Option<ColumnNames>,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = PageFormat::Text)]
    pub(crate) format: PageFormat,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InventoryArguments,
}

//! The arguments by which `simulate` forecasts a fleet.

use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;

use super::{FactList, InventoryArguments, ReadingArgument, facts_list};
use crate::policies;

/// The question about the devices of inventories, and its options.
#[derive(Debug, Args)]
#[command(next_help_heading = "Forecast of a fleet")]
pub(crate) struct ForecastArguments {
    /// Press the button for those devices of these inventories that the plan calls eligible or
    /// conditional, and forecast the results
    #[arg(
        long,
        value_name = "INVENTORY",
        num_args = 1..,
        conflicts_with_all = ["scenarios", "trace"]
    )]
    pub(crate) fleet: Vec<PathBuf>,
    /// The policy that plans: a built-in one or a path to a policy file
    #[arg(
        long,
        value_name = "POLICY",
        default_value = policies::DEFAULT,
        requires = "fleet",
        conflicts_with = "scenarios"
    )]
    pub(crate) policy: String,
    /// The reading to use where words and meaning differ
    #[arg(
        long,
        value_enum,
        default_value_t = ReadingArgument::Literal,
        requires = "fleet",
        conflicts_with = "scenarios"
    )]
    pub(crate) reading: ReadingArgument,
    /// The facts by which to group, joined by commas; `none` for no groups
    #[arg(
        long,
        value_name = "FACTS",
        default_value = "platform,management",
        value_parser = facts_list,
        requires = "fleet", conflicts_with = "scenarios"
    )]
    pub(crate) by: FactList,
    /// The number of virtual days to look ahead
    #[arg(
        long,
        value_name = "N",
        default_value = "30",
        requires = "fleet",
        conflicts_with = "scenarios"
    )]
    pub(crate) days: NonZero<u16>,
    /// The number of repeats, each with the unknown facts drawn again
    #[arg(
        long,
        value_name = "K",
        default_value = "20",
        value_parser = clap::value_parser!(u32).range(1..=1000),
        requires = "fleet",
        conflicts_with = "scenarios"
    )]
    pub(crate) repeats: u32,
    /// Assume other shares of one fact or trait, such as `reset-token=active:3,pending:1`
    #[arg(long, value_name = "KEY=SHARES", requires = "fleet", conflicts_with = "scenarios")]
    pub(crate) assume: Vec<String>,
    /// Assume what this file says instead of the built-in shares
    #[arg(long, value_name = "FILE", requires = "fleet", conflicts_with = "scenarios")]
    pub(crate) assumptions: Option<PathBuf>,
    /// Print the built-in assumptions, as a file to start from
    #[arg(
        long,
        conflicts_with_all = ["scenarios", "seed", "trace", "fleet", "parameters", "vocabulary"]
    )]
    pub(crate) print_assumptions: bool,
    /// Write the forecast to a file instead of standard output
    #[arg(long, value_name = "FILE", requires = "fleet", conflicts_with = "scenarios")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InventoryArguments,
}

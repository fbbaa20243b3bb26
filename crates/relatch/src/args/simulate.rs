//! The arguments of `simulate` and `explore`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ForecastArguments, Format};

#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Scenario files, folders of them, or patterns in quotes
    #[arg(
        required_unless_present_any = ["parameters", "vocabulary", "fleet", "print_assumptions"],
        value_name = "SCENARIO"
    )]
    pub(crate) scenarios: Vec<PathBuf>,
    /// The seed for everything left to chance, instead of the scenario's own; a forecast has 1
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Also write every event: one JSON object a line if the name ends in .ndjson, else a line
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// Print only what was not met
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Print the whole state of a device where an expectation was not met
    #[arg(long)]
    pub(crate) state: bool,
    /// List the choices that the models make where the sources are silent
    #[arg(long, conflicts_with_all = ["scenarios", "seed", "trace", "fleet"])]
    pub(crate) parameters: bool,
    /// List what a scenario can do, demand and look at
    #[arg(long, conflicts_with_all = ["scenarios", "seed", "trace", "parameters", "fleet"])]
    pub(crate) vocabulary: bool,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = SimulateFormat::Text)]
    pub(crate) format: SimulateFormat,
    #[command(flatten)]
    pub(crate) forecast: ForecastArguments,
}

/// For whom to write what was simulated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SimulateFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
    /// For spreadsheets; forecasts only
    Csv,
    /// For a browser: one file that contains everything and loads nothing; forecasts only
    Html,
    /// For CI systems: a JUnit report, a test case for each run; not for forecasts
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct ExploreArguments {
    /// A built-in exploration (android-token, android-token-late-owner, apple-clear,
    /// apple-clear-without-policy, service-reset), or a scenario file whose steps may happen in any
    /// order and whose always- and sometimes-properties are decided
    #[arg(value_name = "MODEL")]
    pub(crate) model: String,
    /// Look at runs of at most this many events; at runs of any length if it is not given
    #[arg(long, value_name = "N")]
    pub(crate) depth: Option<NonZeroU32>,
    /// End the search after this many states [default: 100000]
    #[arg(long, value_name = "N")]
    pub(crate) states: Option<usize>,
    /// End the search after this many seconds, shared by the versions that are left
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) seconds: u32,
    /// Only at this API level
    #[arg(long, value_name = "N")]
    pub(crate) api_level: Option<u32>,
    /// Also write the shortest run that decides each property into this folder, as a scenario
    #[arg(long, value_name = "FOLDER")]
    pub(crate) runs: Option<PathBuf>,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

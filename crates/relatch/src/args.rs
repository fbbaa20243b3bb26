//! The command line as it is typed.

mod columns;
mod compare;
mod examples;
mod facts;
mod forecast;
mod inventories;
mod near_miss;
mod output;
mod policy;
mod selection;
mod simulate;
mod verify;

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use eligibility::facts::FactName;

pub(crate) use columns::{ColumnsArguments, ColumnsFormat};
pub(crate) use compare::CompareArguments;
pub(crate) use facts::FactArguments;
pub(crate) use forecast::ForecastArguments;
pub(crate) use inventories::{ColumnNames, Duplicates, InventoryArguments};
pub(crate) use output::parse;
pub(crate) use policy::{
    CompileArguments, Detail, Dialect, ExplainArguments, FmtArguments, NewArguments, Target,
    TestArguments,
};
pub(crate) use selection::{Days, SelectionArguments};
pub(crate) use simulate::{ExploreArguments, SimulateArguments, SimulateFormat};
pub(crate) use verify::VerifyArguments;

use crate::policies;
use crate::present::schema;
use output::OutputArguments;

/// Tells what Intune's Remove passcode / Reset passcode will do, before it is pressed.
#[derive(Debug, Parser)]
#[command(bin_name = "relatch", version, about, max_term_width = 100, propagate_version = true)]
#[command(after_help = examples::RELATCH)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// The task.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Decide every device of one or more inventories
    #[command(after_help = examples::PLAN)]
    Plan(PlanArguments),
    /// Say what changes between two inventories, two policies, or all pages
    #[command(after_help = examples::COMPARE)]
    Compare(CompareArguments),
    /// Decide one device
    #[command(after_help = examples::DECIDE)]
    Decide(DecideArguments),
    /// List the columns that are read, for a query over a lake
    #[command(after_help = examples::COLUMNS)]
    Columns(ColumnsArguments),
    /// Look at policies
    #[command(subcommand, after_help = examples::POLICY)]
    Policy(PolicyCommand),
    /// Run scenarios on simulated devices, or forecast the results for a fleet
    #[command(after_help = examples::SIMULATE)]
    Simulate(SimulateArguments),
    /// Try every order of events on a simulated device: proof, or the shortest counterexample
    #[command(after_help = examples::EXPLORE)]
    Explore(ExploreArguments),
    /// Write an invented inventory
    #[command(after_help = examples::GENERATE)]
    Generate(GenerateArguments),
    /// Print the JSON Schema of what another command prints with `--format json`
    #[command(after_help = examples::SCHEMA)]
    Schema(SchemaArguments),
    /// Print the completions of a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArguments),
    /// Print the manual page of a command, or write those of all commands
    #[command(after_help = examples::MAN)]
    Man(ManArguments),
}

/// Adds the arguments of a command to it.
type Augment = fn(clap::Command) -> clap::Command;

impl Command {
    /// The commands whose arguments can be made without those of the others: those for which the time
    /// to start counts.
    pub(crate) const ALONE: [(&str, Augment); 4] = [
        ("plan", PlanArguments::augment_args),
        ("compare", CompareArguments::augment_args),
        ("decide", DecideArguments::augment_args),
        ("columns", ColumnsArguments::augment_args),
    ];
}

/// The policy and its reading.
#[derive(Debug, Args)]
pub(crate) struct PolicyChoice {
    /// A built-in policy (see `relatch policy list`), by its id, by the date of its page
    /// (2018-03-29), as `latest`, or by a day on which it was in force (as-of:2018-05-01); or a
    /// path to a policy file
    #[arg(long, value_name = "POLICY", default_value = policies::DEFAULT)]
    pub(crate) policy: String,
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
}

/// The options for reading a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReadingArgument {
    /// By its words
    Literal,
    /// By what a later revision shows to have been meant
    Intended,
}

/// For whom to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: one object
    Json,
}

/// For whom to write a report that may be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
    /// For a browser: one file that contains everything and loads nothing
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    /// Device exports (CSV, Graph's JSON, Parquet, also in zip, gzip or zstd), folders of them, or
    /// patterns such as `'exports/*.csv'`; `-` is standard input
    #[arg(required = true, value_name = "INVENTORY")]
    pub(crate) inventories: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) choice: PolicyChoice,
    /// The facts by which to group, joined by commas; `none` for no groups
    #[arg(long, value_name = "FACTS", default_value = "platform,management", value_parser = facts_list)]
    pub(crate) by: FactList,
    /// Also write one line for each device, in the format that the ending names: .csv, .ndjson,
    /// .parquet or .xlsx
    #[arg(long, value_name = "OUT")]
    pub(crate) devices: Option<PathBuf>,
    /// Columns of the inventory that the devices also have in the list of `--devices` and in the
    /// table of `--format html`, joined by commas, such as `Primary user UPN,Model`
    #[arg(long, value_name = "NAMES")]
    pub(crate) columns: Option<ColumnNames>,
    /// Columns of the list itself to write, joined by commas, such as `decision,because`, instead of
    /// all; it has the id and the name in any case. In .csv, .parquet and .xlsx
    #[arg(long, value_name = "NAMES", requires = "devices")]
    pub(crate) only: Option<ColumnNames>,
    /// The costs of changes, and the possible ones, instead of the built-in costs
    /// (`policies/costs.toml`)
    #[arg(long, value_name = "FILE")]
    pub(crate) costs: Option<PathBuf>,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = PageFormat::Text)]
    pub(crate) format: PageFormat,
    /// Write the report to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InventoryArguments,
}

/// The facts by which a plan is grouped.
#[derive(Clone, Debug)]
pub(crate) struct FactList(pub(crate) Vec<FactName>);

/// Parses the names of facts, joined by commas.
pub(crate) fn facts_list(text: &str) -> Result<FactList, String> {
    if text == "none" {
        return Ok(FactList(Vec::new()));
    }
    let kinds = text.split(',').map(|name| {
        name.trim().parse::<FactName>().map_err(|unknown| {
            let guess = eligibility::nearest::nearest(name, unknown.expected().iter().copied());
            let guess = guess.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            format!("{unknown}{guess}")
        })
    });
    kinds.collect::<Result<_, _>>().map(FactList)
}

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    /// Something that is no flag, such as an inventory, which `plan` decides
    #[arg(hide = true, value_name = "INVENTORY")]
    pub(crate) inventory: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) facts: FactArguments,
    #[command(flatten)]
    pub(crate) choice: PolicyChoice,
    /// Say of every rule which condition held, failed or is unknown
    #[arg(long)]
    pub(crate) explain: bool,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// The commands for policies.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// List the built-in policies
    #[command(after_help = examples::LIST)]
    List {
        /// For whom to write
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Show the rules of a policy
    #[command(after_help = examples::SHOW)]
    Show {
        /// A built-in policy or a path to a policy file
        policy: String,
        /// The reading to use where words and meaning differ
        #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
        reading: ReadingArgument,
        /// For whom to write
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Write the start of a policy file, which passes `policy check`
    #[command(after_help = examples::NEW)]
    New(NewArguments),
    /// Find everything that is wrong with policies: gaps, conflicts, masked rules, failing cases
    #[command(after_help = examples::CHECK)]
    Check(CheckArguments),
    /// Say for which devices two policies differ
    #[command(after_help = examples::DIFF)]
    Diff(DiffArguments),
    /// Compare every built-in revision with the one before
    #[command(after_help = examples::HISTORY)]
    History(HistoryArguments),
    /// Run the cases that policies carry, and report what they cover
    #[command(after_help = examples::TEST)]
    Test(TestArguments),
    /// Explain one rule: its conditions, the devices that it decides, and the cases that reach it
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArguments),
    /// Hold policies against simulated devices: what they promise against what happens
    #[command(after_help = examples::VERIFY)]
    Verify(VerifyArguments),
    /// Print policies as decision trees for other engines: SQL, KQL or JSON
    #[command(after_help = examples::COMPILE)]
    Compile(CompileArguments),
    /// Give policy files their stable form, comments kept
    #[command(after_help = examples::FMT)]
    Fmt(FmtArguments),
    /// Print the JSON Schema of policy files, for editors
    #[command(after_help = examples::POLICY_SCHEMA)]
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Built-in policies or paths to policy files; all built-in ones if none is given
    pub(crate) policies: Vec<String>,
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// End with exit code 1 on findings of this severity too, which without it only errors, gaps,
    /// rules without effect and clauses that no case reaches cause
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(crate) deny: Option<Deny>,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// The findings that end a run with exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// Every warning
    Warnings,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The earlier policy: a built-in one or a path to a policy file
    pub(crate) from: String,
    /// The later policy
    pub(crate) to: String,
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// The reading to use where words and meaning differ
    #[arg(long, value_enum, default_value_t = ReadingArgument::Literal)]
    pub(crate) reading: ReadingArgument,
    /// For whom to write
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
}

/// For whom to write a report that may become a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
    /// For a page
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArguments {
    /// How many devices
    #[arg(long, value_name = "N")]
    pub(crate) devices: u64,
    /// The same seed gives the same inventory, on every machine
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The format; otherwise the ending of the output names it: .json for `graph`, .ndjson or
    /// .jsonl for `ndjson`, .parquet for `parquet`, any other for `portal`
    #[arg(long, value_enum)]
    pub(crate) format: Option<FleetFormat>,
    /// The file to write; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// In which format to write an invented inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FleetFormat {
    /// The CSV of the portal's export
    Portal,
    /// A CSV whose columns are facts
    Tidy,
    /// The raw report `Devices`, with the numbers of enums
    Devices,
    /// Microsoft Graph's `managedDevices`, page after page
    Graph,
    /// Microsoft Graph's devices, one a line
    Ndjson,
    /// The portal's columns as Apache Parquet
    #[cfg(feature = "parquet")]
    Parquet,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The name of the schema; all names are listed if none is given
    #[arg(value_parser = PossibleValuesParser::new(schema::names()))]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The command, such as `plan` or `policy show`; the page of relatch itself if none is given
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    /// Write the pages of all commands into this folder instead
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    pub(crate) all: Option<PathBuf>,
}

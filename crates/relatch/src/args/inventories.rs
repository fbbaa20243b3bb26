//! The arguments of every command that reads inventories.

use std::num::NonZero;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::SelectionArguments;

/// The options for reading inventories and selecting devices.
#[derive(Debug, Args)]
pub(crate) struct InventoryArguments {
    /// Join what this table says of devices, by device id, serial number or name: its other columns
    /// are named after facts, such as `passcode-set`; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Vec<PathBuf>,
    /// Also list every cell that was not understood and every rejected row, as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) problems: Option<PathBuf>,
    /// What to do with several rows of one device: the same device id, or else serial number
    #[arg(long, value_name = "WHICH", value_enum, default_value_t = Duplicates::Newest)]
    pub(crate) duplicates: Duplicates,
    /// The number of threads; all processors by default
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZero<usize>>,
    #[command(flatten)]
    pub(crate) selection: SelectionArguments,
}

impl InventoryArguments {
    /// Returns true if none is given.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { facts, problems, duplicates, threads, selection } = self;
        let given = !facts.is_empty() || problems.is_some() || threads.is_some();
        !given && *duplicates == Duplicates::Newest && selection.is_empty()
    }
}

/// The names of columns of an inventory.
#[derive(Clone, Debug)]
pub(crate) struct ColumnNames(Vec<String>);

impl ColumnNames {
    /// Returns the names; none if there are none.
    pub(crate) fn of(given: Option<&Self>) -> &[String] {
        given.map_or(&[], |names| &names.0)
    }
}

impl FromStr for ColumnNames {
    type Err = String;

    /// Parses names as a line of CSV, so that one that has a comma can stand in quotes.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut lines = csv::ReaderBuilder::new()
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let lines: Result<Vec<csv::StringRecord>, _> = lines.records().collect();
        let lines = lines.map_err(|error| error.to_string())?;
        let [line] = &*lines else { return Err("names stand on one line".to_owned()) };
        let names: Vec<String> = line.iter().map(str::to_owned).collect();
        if names.iter().any(String::is_empty) {
            return Err("a name is blank".to_owned());
        }
        for (place, name) in names.iter().enumerate() {
            if names[..place].iter().any(|other| inventory::is_same_name(name, other)) {
                return Err(format!("`{name}` is named twice"));
            }
        }
        Ok(Self(names))
    }
}

/// What to do with several rows of one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Duplicates {
    /// The row with the newest check-in counts
    Newest,
    /// Every row counts as a device
    All,
    /// End with exit code 2
    Refuse,
}

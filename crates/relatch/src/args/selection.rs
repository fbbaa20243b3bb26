//! The arguments by which some of the devices of inventories are selected.

use std::str::FromStr;

use chrono::NaiveDate;
use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Selection of devices")]
pub(crate) struct SelectionArguments {
    /// Only devices that satisfy these conditions, in the grammar of policies, such as
    /// `platform = "android", os-version = "<8"`
    #[arg(long = "where", value_name = "CONDITIONS")]
    pub(crate) conditions: Option<String>,
    /// Only devices without a check-in for more than this many calendar days (UTC) before `--now`,
    /// or else before the latest check-in of any device, such as `30d`
    #[arg(long, value_name = "DAYS", conflicts_with = "active")]
    pub(crate) stale: Option<Days>,
    /// Only devices with a check-in within this many calendar days (UTC), such as `30d`
    #[arg(long, value_name = "DAYS")]
    pub(crate) active: Option<Days>,
    /// Today, such as 2026-11-23: ages are measured from it; in a plan also beside the ages from
    /// the latest check-in
    #[arg(long, value_name = "DATE")]
    pub(crate) now: Option<NaiveDate>,
}

impl SelectionArguments {
    /// Returns true if none is given.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { conditions, stale, active, now } = self;
        conditions.is_none() && stale.is_none() && active.is_none() && now.is_none()
    }
}

/// A number of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days(pub(crate) u32);

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('d').unwrap_or(text);
        number.parse().map(Self).map_err(|_| "a number of days looks like `30d`".to_owned())
    }
}

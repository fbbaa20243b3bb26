//! The source of a table, by the names of its columns.
//!
//! A source is a module with the names of its columns, how it is recognised, and how its rows say
//! facts: [`intune`] is that of Intune's exports, of its raw report and of Graph's
//! `managedDevices`, [`tidy`] that of columns named after facts. [`foreign`] knows the lists of
//! other products, which are refused by name.

pub(crate) mod counts;
pub(crate) mod foreign;
pub(crate) mod intune;
mod language;
pub(crate) mod tidy;

use eligibility::facts::Facts;

use crate::columns::Layout;
use crate::format::Format;
use crate::reader::records::Record;
use crate::row::Problem;

pub(crate) use language::{is_managed_by, looks_translated};

/// Returns the facts of a row that is as wide as the layout. The positions of cells that are not
/// understood are added to `odd`; which those are depends on no other cell.
pub(crate) fn read(
    layout: &Layout,
    record: &Record,
    odd: &mut Vec<usize>,
) -> Result<Facts, Problem> {
    match layout.format {
        Format::Portal | Format::Graph | Format::Parquet => intune::read(layout, record, odd),
        Format::Tidy => tidy::read(layout, record, odd),
    }
}

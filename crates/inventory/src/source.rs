//! Where a table comes from, by the names of its columns.
//!
//! A source is a module: [`intune`] knows the columns of Intune's exports, of its raw report and of
//! Graph's `managedDevices`, [`tidy`] those that are named after facts, and [`foreign`] the lists
//! of other products, which are refused by name.

pub(crate) mod foreign;
pub(crate) mod intune;
mod language;
pub(crate) mod tidy;

pub(crate) use language::looks_translated;

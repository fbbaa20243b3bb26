//! Reports as people and programs read them: one folder for each report, one file for each format.

mod caution;
pub(crate) mod changes;
pub(crate) mod check;
pub(crate) mod columns;
pub(crate) mod compare;
pub(crate) mod decide;
pub(crate) mod devices;
pub(crate) mod diagnostics;
pub(crate) mod diff;
pub(crate) mod explore;
pub(crate) mod forecast;
mod inventories;
mod json;
mod outcome;
pub(crate) mod paragraph;
pub(crate) mod parameters;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod problems;
mod remedy;
pub(crate) mod schema;
pub(crate) mod simulate;
mod table;
pub(crate) mod verify;
pub(crate) mod vocabulary;
pub(crate) mod width;
pub(crate) mod wording;

//! The columns that are read.

mod json;
mod sql;
mod text;

pub(crate) use json::{ColumnList, render as json};
pub(crate) use sql::render as sql;
pub(crate) use text::render as text;

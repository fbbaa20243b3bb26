//! A policy applied to many devices.
//!
//! A [`Program`] remembers the decisions of a policy; [`Census`] counts the
//! devices that no policy distinguishes, and [`Summary`] holds the decisions about them.
//!
//! A whole program: `cargo run -p fleet --example plan_file examples/quillmoor.csv`.
//!
//! # What this crate does not do
//!
//! It knows no file format and opens nothing: devices come as
//! [`Facts`](eligibility::facts::Facts) or as columns of them ([`inventory::Batch`]), and results
//! leave as plain data. It prints nothing, and it never decides on its own: every answer is one
//! that [`decide`](eligibility::decide::decide) gave.

mod census;
mod dictionary;
#[cfg(test)]
mod example;
mod newest;
mod program;
mod remedy;
mod summary;

pub use census::{Census, Coder, Counted, Counter};
pub use newest::{KeyedRows, NewestRows, RowKeys, SetAside};
pub use program::{DecisionId, Program};
pub use remedy::{Goal, Measures, Remedy, Step, frontier, remedies};
pub use summary::{Group, Summary, VerdictCounts, differences};

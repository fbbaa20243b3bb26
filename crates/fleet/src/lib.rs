//! A policy asked about many devices.
//!
//! [`Evaluator`] decides devices fast by deciding each *kind* of device once; [`Tally`] counts
//! what was decided, and [`Summary`] says what the counts mean.
//!
//! # What this crate does not do
//!
//! It knows no file format and opens nothing: devices come as
//! [`Facts`](eligibility::facts::Facts) and results leave as plain data. It prints nothing, and
//! it never decides on its own: every answer is one that
//! [`decide`](eligibility::decide::decide) gave.

mod evaluator;
mod summary;
mod tally;

pub use evaluator::{DecisionId, Evaluator};
pub use summary::{Group, Summary, VerdictCounts};
pub use tally::{Differences, Tally};

//! Random facts and policies, files of many formats, what both readers find in them, and
//! populations of simulated devices, for tests, benches and fuzzing.
//!
//! # What this crate does not do
//!
//! It is part of no program, and knows no case. What it makes is valid but not sensible: policies
//! overlap, leave gaps and need things that cannot be.

mod facts;
#[cfg(feature = "fuzzed")]
pub mod fuzzed;
pub mod inventories;
pub mod pack;
#[cfg(feature = "parquet")]
pub mod parquet;
mod policies;
#[cfg(feature = "populations")]
pub mod population;
pub mod workbook;

pub use facts::{any_facts, less_known};
pub use policies::{any_policy, layered_policy, policy_about};

//! Tests across crates. One binary; this is its table of contents.

#![allow(clippy::unwrap_used, reason = "a suite that cannot read its cases must fail at once")]

mod agreement;
mod analysis;
mod android;
mod apple;
mod apple_wire;
mod boundaries;
mod bulk;
mod catalogue;
mod conformance;
mod decide;
mod duplicates;
mod explore;
mod fleet;
mod formats;
mod fuzzed;
mod inventory;
mod joins;
mod packed;
mod page;
mod parquet;
mod policies;
mod policy_diagnostics;
mod policy_mutation;
mod populations;
mod properties;
mod remedies;
mod scenario_files;
mod scenarios;
mod service;
mod storm;
mod subjects;
mod workbooks;
mod wrappings;

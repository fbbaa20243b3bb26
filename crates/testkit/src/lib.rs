//! Random facts and policies, and packed files, for tests, benches and fuzzing.
//!
//! # What this crate does not do
//!
//! It checks nothing and is part of no program. What it makes is valid but not sensible: policies
//! overlap, leave holes and need things that cannot be.

mod facts;
pub mod pack;
mod policies;

pub use facts::{any_facts, any_value, less_known};
pub use policies::{any_policy, layered_policy};

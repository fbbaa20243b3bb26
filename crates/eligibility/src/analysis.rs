//! Exact analysis of policies: what they leave open, where they contradict themselves, and in
//! what two of them differ.
//!
//! The space of devices is finite once each fact is cut where the policies cut it. `partition`
//! divides it into cubes on which no clause changes its mind, without going through every cell;
//! `minimise` describes a part of it by as few cubes as it can find. Nothing is sampled.
//!
//! The space holds fully known devices that can exist. Devices that break the prerequisites of
//! every policy in question are left out: about them no policy says anything but that.

mod axes;
mod check;
mod diff;
mod minimise;
mod partition;
mod promise;
mod region;
mod releases;
mod rule;
mod survey;

pub use check::{Check, Conflict, RuleProblem, Space, check, check_accepting, conflicts};
pub use diff::{Change, Side, difference};
pub use partition::TooComplex;
pub use promise::Promise;
pub use region::Region;
pub use releases::Releases;
pub(crate) use rule::cells_reached;
pub use rule::{RuleRegions, rule_regions};
pub use survey::Survey;

#[cfg(test)]
mod tests;

//! Time: a queue of calls, devices that take them in order, and checks of what is seen.
//!
//! The frame knows machines by their name, their observables and what a call does to them; it knows
//! no platform.

mod check;
mod queue;
mod run;
mod world;

pub use check::Finding;
pub(crate) use run::MOST_EVENTS;
pub use run::{Run, run};
pub use world::{Turn, World};

//! The leaves: what the model of a platform or of the service is written with.
//!
//! A model is a state and a function from a call to the next state; [`Context`] is all that the
//! function may use besides. Nothing here knows a platform, a scenario or a queue of events.

mod context;
mod secret;
mod toml_text;
mod trace;
mod value;

pub(crate) mod invariant;
pub(crate) mod parameter;
pub(crate) mod rng;
pub(crate) mod tables;
pub(crate) mod verbs;

pub mod duration;
pub mod versions;

pub(crate) use eligibility::document::Problems;

pub use context::Context;
pub use parameter::{Basis, Parameter};
pub use rng::Rng;
pub use secret::{Secret, TokenBytes};
pub(crate) use toml_text::quote;
pub use trace::{Change, Event, Note, TraceHash, format_instant};
pub use value::{Domain, Observable, Outcome, OutcomeKey, Value, Viewer};
pub(crate) use value::{concat, observables};
pub use verbs::{Argument, Presence, Values, Verb};
